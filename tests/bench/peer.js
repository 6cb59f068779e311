// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// peer.js - what the benches in the page need to set transformers.js beside us:
// its package and the runtime that it asks for (by npm, into build/bench), and
// a server of this machine for folders of any kind. Nothing of it is shipped.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const TOP = new URL("../../", import.meta.url);
export const PEER = new URL("build/bench/peer/", TOP).pathname;
const VERSION = "4.3.1";

/** @param {string} spec @param {string} into @returns {string} its folder */
function unpack(spec, into) {
  const name = execFileSync(
    "npm", ["pack", "--silent", spec, "--pack-destination", into],
    { encoding: "utf8" }).trim();
  const folder = join(into, name.replace(/\.tgz$/, ""));
  execFileSync("mkdir", ["-p", folder]);
  execFileSync("tar", ["xzf", join(into, name), "-C", folder]);
  return join(folder, "package");
}

/** transformers.js and its runtime in PEER, where they are not there yet. */
export async function preparePeer() {
  if (existsSync(join(PEER, "transformers.min.js"))) return;
  const into = new URL("build/bench/", TOP).pathname;
  await mkdir(PEER, { recursive: true });
  const own = unpack(`@huggingface/transformers@${VERSION}`, into);
  const { dependencies } = JSON.parse(
    await readFile(join(own, "package.json"), "utf8"));
  const runtime = unpack(
    `onnxruntime-web@${dependencies["onnxruntime-web"]}`, into);
  for (const ending of ["mjs", "wasm"]) {
    const file = `ort-wasm-simd-threaded.asyncify.${ending}`;
    await copyFile(join(runtime, "dist", file), join(PEER, file));
  }
  await copyFile(
    join(own, "dist", "transformers.min.js"), join(PEER, "transformers.min.js"));
}

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript",
  ".json": "application/json", ".wasm": "application/wasm", ".css": "text/css",
};

/**
 * Serve folders under their names, isolated as our page is, with no policy:
 * the peer makes requests of its own kind.
 * @param {Record<string, string>} folders name to path
 * @param {(name: string, bytes: Buffer) => Buffer} [change]
 */
export async function serveFolders(folders, change = (_, bytes) => bytes) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const [, name = "", ...rest] = path.split("/");
    const headers = {
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-resource-policy": "same-origin",
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
    };
    if (path === "/") {
      response.writeHead(200, { ...headers, "content-type": "text/html" });
      return response.end("<!doctype html><title>bench</title>");
    }
    const folder = folders[name];
    if (folder === undefined || rest.includes("..")) {
      response.writeHead(404, headers);
      return response.end();
    }
    try {
      const bytes = change(path, await readFile(join(folder, ...rest)));
      response.writeHead(200, { ...headers, "content-length": bytes.length });
      response.end(bytes);
    } catch {
      response.writeHead(404, headers);
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(0)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://localhost:${address.port}`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** @param {readonly number[]} values */
export function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** @param {readonly number[]} values in milliseconds */
export function spread(values) {
  const at = (/** @type {number} */ value) => value.toFixed(1);
  return `${at(median(values)).padStart(8)} ms   ` +
    `${at(Math.min(...values))} to ${at(Math.max(...values))}`;
}
