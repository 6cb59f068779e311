// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// scrubjayd with the page alone: headers, paths, methods, caching, bad requests,
// shutdown. Raw sockets, so that no client tidies the request up.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

const PROGRAM = new URL(
  "../../build/native/tools/server/scrubjayd", import.meta.url).pathname;

/** @type {string} */
let root;
/** @type {import("node:child_process").ChildProcess} */
let server;
/** @type {number} */
let port;

/**
 * Start a server and read the port that it names.
 * @param {string[]} words
 * @returns {Promise<[import("node:child_process").ChildProcess, number]>}
 */
async function start(words) {
  const child = spawn(PROGRAM, words, { stdio: ["ignore", "pipe", "pipe"] });
  const line = await new Promise((resolve, reject) => {
    child.stdout?.once("data", (data) => resolve(String(data)));
    child.once("exit", (code) => reject(new Error(`exit ${code}`)));
  });
  return [child, Number(/:(\d+)\//.exec(String(line))?.[1])];
}

/**
 * Send bytes as they are; everything that comes back until the end.
 * @param {string} bytes
 * @returns {Promise<string>}
 */
function raw(bytes) {
  return new Promise((resolve, reject) => {
    let all = "";
    const socket = net.connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.setTimeout(5000, () => socket.destroy());
    socket.on("data", (data) => (all += data.toString("latin1")));
    socket.on("close", () => resolve(all));
    socket.on("error", reject);
  });
}

/** @param {string} method @param {string} path @param {string} [more] */
function ask(method, path, more = "") {
  return raw(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n` +
    `Connection: close\r\n${more}\r\n`);
}

/** @param {string} answer */
function status(answer) {
  return Number(answer.split(" ")[1]);
}

before(async () => {
  root = await mkdtemp(join(tmpdir(), "scrubjayd-"));
  await mkdir(join(root, "sub"));
  await mkdir(join(root, ".hidden"));
  await writeFile(join(root, "index.html"), "<!doctype html><title>x</title>");
  await writeFile(join(root, "app-0123ABCD.js"), "export {};");
  await writeFile(join(root, "sub", "core.wasm"), Buffer.from([0, 97, 115, 109]));
  await writeFile(join(root, ".hidden", "x.txt"), "hidden");
  await symlink("/etc/passwd", join(root, "link.txt"));
  [server, port] = await start(["--root", root, "--port", "0"]);
});

after(async () => {
  server.kill("SIGKILL");
  await rm(root, { recursive: true });
});

test("every answer carries the whole set of headers", async () => {
  for (const path of ["/", "/nothing", "/app-0123ABCD.js"]) {
    const answer = await ask("GET", path);
    for (const header of [
      "Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval';",
      "require-trusted-types-for 'script'",
      "connect-src 'self';",
      "Cross-Origin-Opener-Policy: same-origin",
      "Cross-Origin-Embedder-Policy: require-corp",
      "Cross-Origin-Resource-Policy: same-origin",
      "Referrer-Policy: no-referrer",
      "X-Content-Type-Options: nosniff",
      "Permissions-Policy: camera=()",
    ])
      assert.ok(answer.includes(header), `${path} lacks ${header}`);
    assert.ok(!answer.includes("unsafe-inline"));
  }
});

test("files come with their type, and hashed names may be kept", async () => {
  const page = await ask("GET", "/");
  assert.equal(status(page), 200);
  assert.match(page, /Content-Type: text\/html; charset=utf-8/);
  assert.match(page, /Cache-Control: no-cache/);
  const script = await ask("GET", "/app-0123ABCD.js");
  assert.match(script, /Content-Type: text\/javascript/);
  assert.match(script, /Cache-Control: public, max-age=31536000, immutable/);
  assert.match(await ask("GET", "/sub/core.wasm"), /Content-Type: application\/wasm/);
});

test("a known file is not sent again", async () => {
  const etag = /ETag: ("[^"]+")/.exec(await ask("GET", "/"))?.[1];
  const again = await ask("GET", "/", `If-None-Match: ${etag}\r\n`);
  assert.equal(status(again), 304);
  assert.ok(!again.includes("<!doctype"));
});

test("no path leads out of the folder or to what is hidden", async () => {
  for (const path of [
    "/../etc/passwd", "/%2e%2e/etc/passwd", "/..%2fetc/passwd", "/sub/../../x",
    "/.hidden/x.txt", "//etc/passwd", "/sub//core.wasm", "/link.txt", "/sub",
    "/sub/", "/index.html%00.png", "/a\\b", `/${"x".repeat(300)}`,
  ]) {
    const answer = await ask("GET", path);
    assert.ok([400, 404].includes(status(answer)), path);
    assert.ok(!answer.includes("root:"), path);
  }
});

test("without a store there is no API", async () => {
  for (const path of ["/v1/config", "/v1/coder/status/x"])
    assert.equal(status(await ask("GET", path)), 404, path);
  assert.equal(status(await ask("GET", "/readyz")), 200);
});

test("only GET and HEAD are taken, and no body is read", async () => {
  for (const method of ["POST", "PUT", "OPTIONS", "BREW"]) {
    const answer = await ask(method, "/", "Content-Length: 5\r\n") ;
    assert.equal(status(answer), 405, method);
    assert.match(answer, /Allow: GET, HEAD/);
  }
  assert.equal(status(await ask("DELETE", "/")), 405);
  const head = await ask("HEAD", "/");
  assert.equal(status(head), 200);
  assert.ok(head.endsWith("\r\n\r\n"));
});

test("what is not HTTP is refused, and the server lives on", async () => {
  for (const bytes of ["\r\n\r\n\r\n", "GET\r\n\r\n", "\u0000\u0001\u0002\r\n\r\n",
    `GET / HTTP/1.1\r\nX: ${"y".repeat(40000)}\r\n\r\n`]) {
    const answer = await raw(bytes);
    assert.ok(answer === "" || status(answer) >= 400 || Number.isNaN(status(answer)));
  }
  assert.equal(status(await ask("GET", "/healthz")), 200);
});

test("an answer never repeats what was asked", async () => {
  const answer = await ask("GET", "/Zora-Kern.txt?name=Zora", "X-Name: Zora\r\n");
  assert.equal(status(answer), 404);
  assert.ok(!answer.includes("Zora"));
});

test("bad words end with 2, a missing folder with 3, a taken port with 70", async () => {
  /** @param {string[]} words */
  const code = (words) => new Promise((resolve) =>
    spawn(PROGRAM, words, { stdio: "ignore" }).once("exit", resolve));
  assert.equal(await code(["--nonsense"]), 2);
  assert.equal(await code(["--root", root, "--port", "70000"]), 2);
  assert.equal(await code(["--root", root, "--port"]), 2);
  assert.equal(await code([]), 2);
  assert.equal(await code(["--root", join(root, "no-such-folder")]), 3);
  assert.equal(await code(["--root", root, "--port", String(port)]), 70);
  assert.equal(await code(["--help"]), 0);
});

test("SIGTERM and SIGINT end it cleanly", async () => {
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT"])) {
    const [child] = await start(["--root", root, "--port", "0"]);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    assert.equal(await ended, 0);
  }
});
