// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What an operator does to a scrubjayd: settings, metrics, checkpoints, verify,
// backup while it runs, restore, and its log.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, copyFile, readFile, stat, writeFile } from "node:fs/promises";
import net from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { PROGRAM, Server, submission, until, uuid7 } from "./kit.js";

/** @type {Server} */
let server;
let metricsPort = 0;

/** @param {...string} words */
function run(...words) {
  const done = spawnSync(PROGRAM, words, { encoding: "utf8" });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** @param {string} text @param {string} name */
async function file(name, text) {
  const path = join(server.folder, name);
  await writeFile(path, text);
  return path;
}

/** @param {number} port @param {string} head */
function raw(port, head) {
  return new Promise((resolve, reject) => {
    let all = "";
    const socket = net.connect(port, "127.0.0.1", () =>
      socket.write(`${head}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`));
    socket.on("data", (data) => (all += String(data)));
    socket.on("close", () => resolve(all));
    socket.on("error", reject);
  });
}

async function submit(text = "Seen <PERSON_0>. No complaint.") {
  return server.call("POST", "/v1/coder/submit", {
    as: "dr.lind@hospital.test",
    key: uuid7(),
    body: submission({ scrubbed_text: text, entities: [{
      placeholder: "<PERSON_0>", type: "NAME", source: "rule", count: 1 }] }),
  });
}

before(async () => {
  server = await Server.make({});
  const more = await readFile(server.config, "utf8");
  await writeFile(server.config, `${more}
[admin]
listen = 127.0.0.1:0

[audit]
checkpoint_key = ${join(server.folder, "audit.pem")}
checkpoint_dir = ${server.folder}
checkpoint_origin = test.example
checkpoint_seconds = 1
`);
  await server.start();
  metricsPort = Number(await until(() =>
    /"event":"metrics","port":"(\d+)"/.exec(server.log)?.[1]));
});

after(() => server.remove());

test("an unknown key, section or variable is refused by its place", async () => {
  for (const [text, where] of /** @type {const} */ ([
    ["[server]\nlisten = 127.0.0.1:1\nlisen = 127.0.0.1:2\n",
      "bad.ini:3: unknown key: lisen"],
    ["[server]\n\n# x\n[nothing]\nkey = 1\n", "bad.ini:5: unknown key: key"],
    ["listen = 127.0.0.1:1\n", "bad.ini:1: a key before any [section]"],
    ["[server]\nlisten = 127.0.0.1:1\nlisten = 127.0.0.1:1\n",
      "bad.ini:3: the key stands here again: listen"],
    ["[server]\nlisten = localhost:80\n",
      "bad.ini:2: not a numeric ADDRESS:PORT: listen"],
    ["[vault]\nretention_days = 366\n",
      "bad.ini:2: not a number in its range: retention_days"],
    ["[token]\ndev_issuer = maybe\n",
      "bad.ini:2: not one of its two words: dev_issuer"],
    ["[server]\nword\n", "bad.ini:2: neither [section] nor key = value"],
    ["[server\n", "bad.ini:1: a section lacks its ]"],
    [`[server]\nroot = ${"x".repeat(600)}\n`,
      "bad.ini:2: the value is too long: root"],
    ["[server]\nroot = a\x01b\n", "bad.ini:2: a control character"],
    ["[server]\nlisten = 0.0.0.0:1\n[token]\ndev_issuer = yes\n",
      "bad.ini: [token] dev_issuer needs a loopback [server] listen"],
    ["[server]\nlisten = 0.0.0.0:1\nroot = x\n",
      "bad.ini: [server] root needs a loopback listen: another origin serves "
        + "the page"],
    ["[store]\npath = x\n",
      "bad.ini: [store] path needs [token] issuer, audience and jwks"],
    ["[vault]\nmode = sealed\n",
      "bad.ini: [vault] mode = sealed needs root_key, kek and [store] path"],
  ])) {
    const path = await file("bad.ini", text);
    const { code, err } = run("config", "check", "--config", path);
    assert.equal(code, 3, text);
    assert.equal(err.trim().split("\n")[0]?.replace(/^.*\//u, ""), where);
  }
  const odd = spawnSync(PROGRAM, ["config", "check"], {
    encoding: "utf8", env: { ...process.env, SCRUBJAYD_SERVER_LISEN: "secret" },
  });
  assert.equal(odd.status, 3);
  assert.match(odd.stderr, /environment: unknown variable: SCRUBJAYD_SERVER_LISEN/);
  assert.ok(!odd.stderr.includes("secret"));
});

test("config check prints what is in force, and what it prints it takes", async () => {
  const { code, out } = run("config", "check", "--config", server.config);
  assert.equal(code, 0);
  assert.match(out, /^\[server\]\nlisten = 127\.0\.0\.1:0$/mu);
  const again = await file("again.ini", out);
  assert.equal(run("config", "check", "--config", again).out, out);
  const over = spawnSync(PROGRAM, ["config", "check", "--config", again], {
    encoding: "utf8",
    env: { ...process.env, SCRUBJAYD_VAULT_RETENTION_DAYS: "7" },
  });
  assert.match(over.stdout, /^retention_days = 7$/mu);
  const missing = await file("missing.ini",
    "[token]\nissuer = i\naudience = a\njwks = nowhere.json\n");
  const { code: broken, err } = run("config", "check", "--config", missing);
  assert.equal(broken, 3);
  assert.match(err, /\[token\] jwks: No such file/);
});

test("metrics are numbers, on a port of their own and on no other", async () => {
  assert.equal((await submit()).status, 202);
  const page = String(await raw(metricsPort, "GET /metrics HTTP/1.1"));
  assert.match(page, /^HTTP\/1\.1 200 /u);
  assert.match(page, /Content-Type: text\/plain; version=0\.0\.4/u);
  const lines = page.split("\r\n\r\n")[1]?.trim().split("\n") ?? [];
  for (const line of lines)
    assert.match(line,
      /^(# (HELP scrubjay_\w+ [\w ,/]+|TYPE scrubjay_\w+ (counter|gauge|histogram))|scrubjay_\w+(\{le="[0-9.e+-]+|\{le="\+Inf)?("\})? -?[0-9.]+)$/u);
  const value = (/** @type {string} */ name) =>
    Number(lines.find((line) => line.startsWith(`scrubjay_${name} `))
      ?.split(" ")[1]);
  assert.ok(value("submits_total") >= 1);
  assert.ok(value("audit_rows_total") >= 2);
  assert.ok(value("guard_seconds_count") >= 1);
  assert.ok(value("commit_seconds_count") >= 1);
  const buckets = lines.filter((l) => l.startsWith("scrubjay_guard_seconds_bucket"));
  assert.equal(Number(buckets.at(-1)?.split(" ")[1]), value("guard_seconds_count"));
  for (const head of ["GET / HTTP/1.1", "GET /healthz HTTP/1.1",
    "DELETE /metrics HTTP/1.1", "GET /metrics/x HTTP/1.1"])
    assert.match(String(await raw(metricsPort, head)), /^HTTP\/1\.1 404 /u);
  assert.match(String(await raw(server.port, "GET /metrics HTTP/1.1")),
    /^HTTP\/1\.1 404 /u);
});

test("each line of the log is JSON with a time, a level and an event", () => {
  const lines = server.log.trim().split("\n");
  assert.ok(lines.length > 1);
  for (const line of lines) {
    const { t, level, event } = JSON.parse(line);
    assert.ok(!Number.isNaN(Date.parse(t)));
    assert.match(level, /^(error|warn|info)$/u);
    assert.match(event, /^[a-z_]+$/u);
  }
  assert.ok(!server.log.includes("No complaint"));
});

test("checkpoints are signed, kept elsewhere, and told in the log", async () => {
  await submit();
  const path = join(server.folder, "test.example-1.note");
  const note = await until(async () => {
    const text = await readFile(path, "utf8").catch(() => "");
    return /^test\.example\/1\n(\d+)\n/u.test(text) ? text : null;
  });
  const size = Number(note.split("\n")[1]);
  assert.ok(size >= 2);
  await submit();
  await until(async () =>
    Number((await readFile(path, "utf8")).split("\n")[1]) > size);
  const page = String(await raw(metricsPort, "GET /metrics HTTP/1.1"));
  assert.match(page, /^scrubjay_checkpoints_total [1-9]/mu);
});

test("audit verify: 0 for a good log while it grows, 1 for a bad, 2 for none",
  async () => {
    const pub = join(server.folder, "audit.pem.pub");
    assert.equal((await stat(join(server.folder, "audit.pem"))).mode & 0o777,
      0o600);
    const anchor = join(server.folder, "anchor.note");
    await copyFile(join(server.folder, "test.example-1.note"), anchor);
    const good = run("audit", "verify", "--config", server.config, "--key", pub,
      "--anchor", anchor);
    assert.equal(good.code, 0, good.err);
    assert.match(good.out, /^good: \d+ rows, 0 erased, \d+ checkpoints\n$/u);
    assert.equal(run("audit", "verify", "--store", "/nowhere").code, 2);
    assert.equal(run("audit", "verify").code, 2);
    assert.equal(run("audit", "verify", "--config", server.config, "--key",
      server.config).code, 2);
  });

test("a backup is made while it runs, and a restore takes only a whole one",
  async () => {
    const job = (await submit("Kept <PERSON_0>.")).body.job_id;
    const copy = join(server.folder, "copy.db");
    const made = run("backup", "--config", server.config, copy);
    assert.equal(made.code, 0, made.err);
    assert.equal((await stat(copy)).mode & 0o777, 0o600);
    assert.equal(run("backup", "--config", server.config, copy).code, 3);
    // What comes later is not in it.
    const later = (await submit("Later <PERSON_0>.")).body.job_id;
    assert.match(run("restore", "--config", server.config, "--replace", copy).err,
      /a server has it open/);
    await server.stop();

    const bad = join(server.folder, "bad.db");
    await copyFile(copy, bad);
    await chmod(bad, 0o600);
    const bytes = await readFile(bad);
    const at = bytes.indexOf("\"action\":\"JOB_SUBMITTED\"");
    assert.ok(at > 0);
    bytes[at + 10] = 0x58;
    await writeFile(bad, bytes);
    const refused = run("restore", "--config", server.config, "--replace", bad);
    assert.equal(refused.code, 3);
    assert.match(refused.err, /its audit log is not whole|damaged/);
    assert.equal(run("audit", "verify", "--store", bad).code, 1);

    assert.match(run("restore", "--config", server.config, copy).err,
      /--replace puts the copy in its place/);
    const done = run("restore", "--config", server.config, "--replace", copy);
    assert.equal(done.code, 0, done.err);
    assert.equal(run("audit", "verify", "--config", server.config).code, 0);
    await server.start();
    const state = (/** @type {string} */ id) => server.call("GET",
      `/v1/coder/status/${id}`, { as: "dr.lind@hospital.test" });
    assert.equal((await state(job)).status, 200);
    assert.equal((await state(later)).status, 404);
    assert.equal((await server.audit("&action=RECOVERY_USED")).length, 1);
  });
