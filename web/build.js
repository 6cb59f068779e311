// SPDX-License-Identifier: Apache-2.0
//
// build.js - from the sources to build/web: one bundled file an entry, named
// by its content, and assets.json with the SHA-256 of each. Run by tools/start.
//
//     node web/build.js [--model DIR|none] [--out DIR]
//
// The page's own script and style are named in index.html; worker, engine,
// model and the model's runtime are found through assets.json. Without a
// bundle, neither model nor runtime is shipped, and rules read alone.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const top = fileURLToPath(new URL("..", import.meta.url));
const BUNDLE = join(top, "models", "bundle", "scrubjay-en-fr");
const options = parseArgs({
  options: { model: { type: "string" }, out: { type: "string" } },
}).values;
const out = resolve(options.out ?? join(top, "build", "web"));
const bundleFolder = options.model === undefined
  ? existsSync(join(BUNDLE, "manifest.json")) ? BUNDLE : "none"
  : options.model === "none" ? "none" : resolve(options.model);
const { version } = JSON.parse(
  await readFile(join(top, "web", "package.json"), "utf8"));

/** @type {Record<string, {path: string, sha256: string, bytes: number}>} */
const files = {};

/**
 * Write a file under a name that holds its digest.
 * @param {string} name a folder in it stays in the list alone
 * @param {Uint8Array} bytes
 */
async function add(name, bytes) {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const ending = extname(name);
  const path =
    `${basename(name, ending)}-${sha256.slice(0, 8).toUpperCase()}${ending}`;
  await writeFile(join(out, path), bytes);
  files[name] = { path, sha256, bytes: bytes.length };
  return path;
}

/** @param {string} name @param {string} entry relative to web/ */
async function bundle(name, entry) {
  const result = await build({
    entryPoints: [join(top, "web", entry)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    write: false,
  });
  const [file] = result.outputFiles;
  return add(name, file.contents);
}

/** The name that assets.json gives the model. @type {string | undefined} */
let model;

/**
 * The bundle's three files, and of ONNX Runtime Web the three that the worker
 * asks for.
 * @param {string} folder
 */
async function addModel(folder) {
  const { name } = JSON.parse(
    await readFile(join(folder, "manifest.json"), "utf8"));
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
    throw new Error("manifest.json: the name is not one of a folder");
  for (const file of ["manifest.json", "tokenizer.json", "model.onnx"])
    await add(`${name}/${file}`, await readFile(join(folder, file)));
  const runtime = join(
    top, "web", "node_modules", "onnxruntime-web", "dist");
  for (const file of ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs",
    "ort-wasm-simd-threaded.wasm"])
    await add(file, await readFile(join(runtime, file)));
  await bundle("infer.js", "worker/infer.js");
  model = name;
}

/** The engine's packs: what it was built from, by version and digest. */
async function readPacks() {
  const folder = join(top, "core", "packs");
  /** @type {Record<string, {version: string, sha256: string}>} */
  const packs = {};
  for (const name of (await readdir(folder)).sort()) {
    if (name === "README.md") continue;
    const bytes = await readFile(join(folder, name));
    packs[name] = {
      version: /^version (\S+)$/m.exec(bytes.toString("utf8"))?.[1] ?? "",
      sha256: createHash("sha256").update(bytes).digest("hex"),
    };
  }
  return packs;
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const wasm = await readFile(join(top, "build", "wasm", "wasm", "scrubjay.wasm"));
await add("scrubjay.wasm", wasm);
if (bundleFolder !== "none") await addModel(bundleFolder);
await bundle("worker.js", "worker/worker.js");
await bundle("redactor.js", "redactor.js");
const script = await bundle("page.js", "page/main.js");
const page = await bundle("page.css", "page/page.css");
const review = await bundle("review.css", "element/review.css");

// The page is not cached for ever, so it may name what is.
const html = (await readFile(join(top, "web", "index.html"), "utf8"))
  .replace("./page/main.js", `./${script}`)
  .replace("./page/page.css", `./${page}`)
  .replace("./element/review.css", `./${review}`);
await writeFile(join(out, "index.html"), html);
for (const name of await readdir(join(top, "web", "icons")).catch(() => []))
  await cp(join(top, "web", "icons", name), join(out, name));
const packs = await readPacks();
await writeFile(join(out, "assets.json"), `${
  JSON.stringify({ format: 1, version, model, files, packs }, null, 2)}\n`);

for (const [name, { path, bytes }] of Object.entries(files)) {
  const gzip = gzipSync(await readFile(join(out, path)), { level: 9 }).length;
  console.log(`${name.padEnd(30)} ${String(bytes).padStart(9)} bytes` +
    ` ${String(gzip).padStart(9)} gzip  ${path}`);
}
