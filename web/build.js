// SPDX-License-Identifier: Apache-2.0
//
// build.js - from the sources to build/web: one bundled file an entry, named
// by its content, and assets.json with the SHA-256 of each. Run by tools/start.
//
//     node web/build.js [--model DIR|none] [--out DIR] [--release NAME]
//                       [--vault-root root:…] [--vault-api URL]
//                       [--issuer URL --client ID]
//                       [--sign rules-only=no,unseen=yes]
//
// The page's own script and style are named in index.html; worker, engine,
// model and the model's runtime are found through assets.json. Without a
// bundle, neither model nor runtime is shipped, and rules read alone. What is
// stored for use without the server is listed in sw.js, with the same digests.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const top = fileURLToPath(new URL("..", import.meta.url));
const BUNDLE = join(top, "models", "bundle", "scrubjay-en-fr");
const options = parseArgs({
  options: {
    model: { type: "string" },
    out: { type: "string" },
    release: { type: "string" },
    "vault-root": { type: "string" },
    "vault-api": { type: "string" },
    issuer: { type: "string" },
    client: { type: "string" },
    sign: { type: "string" },
  },
}).values;
const out = resolve(options.out ?? join(top, "build", "web"));
const bundleFolder = options.model === undefined
  ? existsSync(join(BUNDLE, "manifest.json")) ? BUNDLE : "none"
  : options.model === "none" ? "none" : resolve(options.model);
const version = options.release ?? JSON.parse(
  await readFile(join(top, "web", "package.json"), "utf8")).version;
if (!/^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(version))
  throw new Error("--release: not the name of a release");

// Which root key the page believes, and where its server is: in the page.
const vaultRoot = options["vault-root"] ?? "";
if (!/^(?:root:[\w-]{43})?$/.test(vaultRoot))
  throw new Error("--vault-root: not the fingerprint of a root key");
const vaultApi = options["vault-api"] ?? "./";
if (vaultApi !== "./" && !/^https:\/\/[\w.:/-]+\/$/.test(vaultApi))
  throw new Error("--vault-api: not an https address that ends in /");
const { issuer = "", client = "" } = options;
if (!/^(?:https?:\/\/[\w.:/-]+)?$/.test(issuer))
  throw new Error("--issuer: not an address");
if (!/^[\w.:/-]*$/.test(client) || (issuer === "") !== (client === ""))
  throw new Error("--client: not the id of a client of an --issuer");

// What the site asks of who signs (review/signoff.js).
const sign = options.sign ?? "";
if (!/^(?:(?:rules-only|unseen)=(?:yes|no)(?:,(?!$)|$))*$/.test(sign))
  throw new Error("--sign: not rules-only=yes|no or unseen=yes|no");

/** @type {Record<string, {path: string, sha256: string, bytes: number}>} */
const files = {};

/** Of the files above, those that the page needs before it can read. */
const SHELL = ["page.js", "fr.js", "page.css", "review.css", "worker.js", "infer.js"];
/** And those that are for pages of others. */
const OTHERS = ["redactor.js", "results.js", "results.css"];
/** Files that keep their names. @type {typeof files[string][]} */
const fixed = [];

/** @param {string | Uint8Array} bytes */
const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");

/**
 * Write a file under its own name, which a browser asks for again each time.
 * @param {string} name
 * @param {string | Uint8Array} content
 */
async function addFixed(name, content) {
  const bytes = Buffer.from(content);
  await writeFile(join(out, name), bytes);
  fixed.push({
    path: name === "index.html" ? "./" : name,
    sha256: digest(bytes),
    bytes: bytes.length,
  });
}

/**
 * Write a file under a name that holds its digest.
 * @param {string} name a folder in it stays in the list alone
 * @param {Uint8Array} bytes
 */
async function add(name, bytes) {
  const sha256 = digest(bytes);
  const ending = extname(name);
  const path =
    `${basename(name, ending)}-${sha256.slice(0, 8).toUpperCase()}${ending}`;
  await writeFile(join(out, path), bytes);
  files[name] = { path, sha256, bytes: bytes.length };
  return path;
}

/**
 * What is fetched only when it is needed: import("../vault/index.js") in a
 * source is import("./vault-….js") in what is built of it, and so for send/,
 * queue/ and French.
 * @type {import("esbuild").Plugin}
 */
const apart = {
  name: "apart",
  setup: ({ onResolve }) => {
    for (const [name, filter] of Object.entries({
      "vault.js": /\/vault\/index\.js$/, "send.js": /\/send\/index\.js$/,
      "about.js": /\/about\/index\.js$/, "fr.js": /^\.\/fr\.js$/,
      "queue.js": /\/queue\/index\.js$/,
    }))
      onResolve({ filter }, ({ kind }) => kind !== "dynamic-import" ? null
        : { path: `./${files[name]?.path}`, external: true });
  },
};

/**
 * @param {string} entry relative to web/
 * @param {import("esbuild").BuildOptions} [more]
 */
async function compile(entry, more) {
  const result = await build({
    entryPoints: [join(top, "web", entry)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    plugins: [apart],
    banner: { js: `// Scrubjay ${version}`, css: `/* Scrubjay ${version} */` },
    write: false,
    ...more,
  });
  return result.outputFiles[0].contents;
}

/**
 * @param {string} name
 * @param {string} entry relative to web/
 * @param {import("esbuild").BuildOptions} [more]
 */
async function bundle(name, entry, more) {
  return add(name, await compile(entry, more));
}

// The service worker, with the list of what it keeps. A version's name is of
// its list and of the worker's own code, a pack's of its files alone: one that
// has not changed is not fetched again.
async function addServiceWorker() {
  const shell = [...fixed];
  const pack = [];
  for (const [name, file] of Object.entries(files))
    if (!OTHERS.includes(name))
      (SHELL.includes(name) ? shell : pack).push(file);
  const named = (/** @type {object} */ list) => compile("offline/sw.js", {
    format: "iife",
    define: { "globalThis.SCRUBJAY_LIST": JSON.stringify(list) },
  });
  const packId = digest(JSON.stringify(pack)).slice(0, 16);
  const id = digest(await named({ shell, pack })).slice(0, 16);
  await writeFile(
    join(out, "sw.js"), await named({ id, packId, shell, pack }));
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
      sha256: digest(bytes),
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
await bundle("vault.js", "vault/index.js");
await bundle("send.js", "send/index.js");
await bundle("fr.js", "i18n/fr.js");
await bundle("about.js", "about/index.js");
const queueStyle = await bundle("queue.css", "queue/queue.css");
await bundle("queue.js", "queue/index.js", { define: {
  "globalThis.SCRUBJAY_QUEUE_STYLE": JSON.stringify(`./${queueStyle}`) } });
const script = await bundle("page.js", "page/main.js");
const page = await bundle("page.css", "page/page.css");
const review = await bundle("review.css", "element/review.css");
const resultsScript = await bundle("results.js", "results/main.js");
const resultsStyle = await bundle("results.css", "results/results.css");

/** @param {string} html */
const withVault = (html) => html
  .replace('name="scrubjay-root" content=""',
    `name="scrubjay-root" content="${vaultRoot}"`)
  .replace('name="scrubjay-sign" content=""',
    `name="scrubjay-sign" content="${sign}"`)
  .replace('name="scrubjay-api" content="./"',
    `name="scrubjay-api" content="${vaultApi}"`)
  .replace('name="scrubjay-issuer" content=""',
    `name="scrubjay-issuer" content="${issuer}"`)
  .replace('name="scrubjay-client" content=""',
    `name="scrubjay-client" content="${client}"`);

// The page is not cached for ever, so it may name what is.
const html = (await readFile(join(top, "web", "index.html"), "utf8"))
  .replace("./page/main.js", `./${script}`)
  .replace("./page/page.css", `./${page}`)
  .replace("./element/review.css", `./${review}`);
await addFixed("index.html", withVault(html));
// This one is of no use without its server, so it is not stored for offline.
await writeFile(join(out, "results.html"), withVault((await readFile(
  join(top, "web", "results", "index.html"), "utf8"))
  .replace("./main.js", `./${resultsScript}`)
  .replace("./results.css", `./${resultsStyle}`)));
for (const name of (await readdir(join(top, "web", "icons"))).sort())
  await addFixed(name, await readFile(join(top, "web", "icons", name)));
await addFixed("manifest.webmanifest",
  await readFile(join(top, "web", "manifest.webmanifest")));
const packs = await readPacks();
await addFixed("assets.json", `${
  JSON.stringify({ format: 1, version, model, files, packs }, null, 2)}\n`);
await addServiceWorker();

for (const [name, { path, bytes }] of Object.entries(files)) {
  const gzip = gzipSync(await readFile(join(out, path)), { level: 9 }).length;
  console.log(`${name.padEnd(30)} ${String(bytes).padStart(9)} bytes` +
    ` ${String(gzip).padStart(9)} gzip  ${path}`);
}
