// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// scrubjayd beside the service of the requirements, in turn on one machine.
//
//     node tests/bench/bench_server.js [--python DIR/bin/python] [--seconds 5]
//       [--rounds 3] [--clients 32]
//
// The python has fastapi, uvicorn, uvloop and httptools. Without one, scrubjayd
// alone is measured. scrubjayd checks tokens and runs its leak guard; the other
// does neither. `cpu_us` is processor time of the server for a request, which
// other work on the machine changes least. Also: memory when idle and after the
// load, size of the program.

import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { PROGRAM, Server, submission, until, uuid7 } from "../server/kit.js";

const { values } = parseArgs({ options: {
  python: { type: "string" }, seconds: { type: "string", default: "5" },
  rounds: { type: "string", default: "3" },
  clients: { type: "string", default: "32" },
} });
const LOAD = new URL("../../build/native/tests/bench/bench_load",
  import.meta.url).pathname;
const PEERS = new URL("peers", import.meta.url).pathname;
const LIND = "dr.lind@hospital.test";

/** A note of some 4 kB. */
const body = submission({
  scrubbed_text: submission().scrubbed_text + " Airway was patent, no lesion " +
    "was seen in either tree.".repeat(75),
});

/** @param {number | undefined} pid @returns {number} ticks of 10 ms */
const ticks = (pid) => readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")
  .slice(13, 15).reduce((sum, one) => sum + Number(one), 0);

/** @param {number | undefined} pid @param {number} port @param {string} token
 * @param {string[]} what */
function load(pid, port, token, ...what) {
  const before = ticks(pid);
  const result = JSON.parse(execFileSync(LOAD,
    [String(port), values.clients, values.seconds, token, ...what],
    { encoding: "utf8" }));
  result.cpu_us = Math.round((ticks(pid) - before) * 1e4 / result.good);
  return result;
}

/** @param {number | undefined} pid @returns {Promise<number>} MiB */
async function memory(pid) {
  const text = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1]) / 1024;
}

const folder = await mkdtemp(join(tmpdir(), "scrubjay-bench-"));
const file = join(folder, "body.json");
await writeFile(file, JSON.stringify(body));

const server = await (await Server.make({
  limits: { submits_per_minute: 1000000, submit_burst: 1000000 },
  log: { level: "warn" },
})).start();
const token = await server.token(LIND);
const job = uuid7();
const idle = await memory(server.child?.pid);
await server.call("POST", "/v1/coder/submit", { as: LIND, key: job, body });

/** @type {import("node:child_process").ChildProcess | null} */
let peer = null;
let peerPort = 0;
if (values.python) {
  peerPort = await new Promise((resolve) => {
    const free = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = /** @type {net.AddressInfo} */ (free.address());
      free.close(() => resolve(port));
    });
  });
  peer = spawn(values.python, ["-m", "uvicorn", "--app-dir", PEERS,
    "fastapi_submit:app", "--port", String(peerPort), "--log-level", "error",
    "--no-access-log"],
  { env: { ...process.env, STORE: join(folder, "peer.db") }, stdio: "inherit" });
  await until(() => fetch(`http://127.0.0.1:${peerPort}/v1/coder/submit`, {
    method: "POST", body: JSON.stringify(body),
    headers: { "content-type": "application/json", "idempotency-key": job },
  }).then(({ status }) => status === 202, () => false));
}

/** @type {Record<string, any[]>} */
const results = {};
/** @param {string} name @param {any} result */
function say(name, result) {
  (results[name] ??= []).push(result);
  console.log(name.padEnd(18), JSON.stringify(result));
}

try {
  for (let round = 0; round < Number(values.rounds); round++) {
    say("submit scrubjayd", load(server.child?.pid, server.port, token, "submit", file));
    if (peer) say("submit fastapi", load(peer.pid, peerPort, token, "submit", file));
    const path = `/v1/coder/status/${job}`;
    say("status scrubjayd", load(server.child?.pid, server.port, token, "get", path));
    if (peer) say("status fastapi", load(peer.pid, peerPort, token, "get", path));
  }
  /** @param {string} name @param {string} what @returns {number} median */
  const middle = (name, what) => [...results[name] ?? []]
    .map((one) => one[what]).sort((a, b) => a - b)
    .at(Math.floor((results[name]?.length ?? 0) / 2)) ?? 0;
  for (const what of peer ? ["submit", "status"] : []) {
    const [ours, theirs] = [`${what} scrubjayd`, `${what} fastapi`];
    console.log(`${what}: ` +
      `${(middle(ours, "rate") / middle(theirs, "rate")).toFixed(1)} times, ` +
      `${(middle(theirs, "cpu_us") / middle(ours, "cpu_us")).toFixed(1)} ` +
      "times less processor time a request");
  }
  const stripped = join(folder, "stripped");
  await copyFile(PROGRAM, stripped);
  execFileSync("strip", [stripped]);
  console.log(`RSS ${idle.toFixed(1)} MiB idle, ` +
    `${(await memory(server.child?.pid)).toFixed(1)} MiB after the load; ` +
    `${((await stat(stripped)).size / 2 ** 20).toFixed(2)} MiB stripped`);
} finally {
  peer?.kill();
  await server.remove();
  await rm(folder, { recursive: true });
}
