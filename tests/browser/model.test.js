// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The page with a model in its worker: what it adds, how it is waited for, and
// how each way of not having it is said. The model is the smallest one, of
// tests/vectors/model; its README says which words break what.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import {
  axe, endWorkerAtScan, openProfile, openStage, pasteNote, reviewing, visit,
} from "./harness.js";

/** @import {BrowserContext, Page, Route} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

const NOTE = [
  "Patient: Zora Kern",
  "MRN: 00481516",
  "Later Ncube went to Brumelot.",
  "",
].join("\n");
const TINY = new URL("../vectors/model/", import.meta.url);

/** @type {Stage} */
let stage;
before(async () => {
  stage = await openStage("tiny");
});
after(() => stage.stop());

/** @param {Page} page */
const marks = (page) =>
  page.locator("scrubjay-review mark").evaluateAll((all) =>
    all.map((mark) => mark.textContent));

/** @param {Page} page */
const yellow = (page) => page.getByRole("note").filter({ hasText: "Rules alone" });

/** @param {Page} page @param {string} name */
const press = (page, name) =>
  page.getByRole("button", { name, exact: true }).click();

/**
 * A context whose model has other files: bodies by name, with the digests that
 * assets.json and the manifest name for them made right, unless `honest` says
 * to leave both as they were.
 * @param {Record<string, Buffer>} files
 * @param {object} [fields] of the manifest
 * @param {boolean} [mended]
 */
function otherBundle(files, fields = {}, mended = true) {
  return async (/** @type {BrowserContext} */ context) => {
    const manifest = JSON.parse(
      String(await readFile(new URL("manifest.json", TINY))));
    const digest = (/** @type {Buffer} */ bytes) => ({ bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex") });
    if (mended)
      for (const [name, bytes] of Object.entries(files))
        manifest.files[name] = digest(bytes);
    const all = { ...files,
      "manifest.json": Buffer.from(JSON.stringify({ ...manifest, ...fields })) };
    await context.route("**/assets.json", async (route) => {
      const response = await route.fetch();
      const assets = await response.json();
      if (mended)
        for (const [name, bytes] of Object.entries(all))
          Object.assign(assets.files[`tiny/${name}`], digest(bytes));
      await route.fulfill({ response, json: assets });
    });
    for (const [name, bytes] of Object.entries(mended ? all : files)) {
      const [stem, ending] = name.split(".");
      await context.route(`**/${stem}-*.${ending}`, async (route) =>
        route.fulfill({ response: await route.fetch(), body: bytes }));
    }
  };
}

/** @param {string} glob @param {(route: Route) => Promise<unknown>} play */
const playing = (glob, play) => (/** @type {BrowserContext} */ context) =>
  context.route(glob, play);

test("the model finds what the rules miss, and there is no yellow bar", async () => {
  const { page, requests, finish } = await visit(stage);
  await pasteNote(page, NOTE);
  await reviewing(page);
  assert.deepEqual(await marks(page),
    ["Zora Kern", "00481516", "Ncube", "Brumelot"]);
  assert.equal(await page.getByRole("note").count(), 0);
  assert.match(String(await page.locator("footer").textContent()),
    /Engine [\d.]+, model tiny 1\.0\.0/);
  await press(page, "Apply");
  await page.getByRole("button", { name: "Applied" }).waitFor();
  assert.match(
    await page.locator("scrubjay-review").evaluate((element) =>
      /** @type {any} */ (element).scrubbed),
    /Later \[NAME\] went to \[LOCATION\]\./);
  assert.ok(requests.some((url) => /\.onnx$/.test(url)));
  await finish();
});

test("loading is told by bytes, and the rules' findings are shown meanwhile",
  async () => {
    /** @type {() => void} */
    let release = () => {};
    const held = new Promise((resolve) => (release = () => resolve(null)));
    const visited = await visit(stage, {
      wait: false,
      prepare: playing("**/model-*.onnx", async (route) => {
        await held;
        await route.continue();
      }),
    });
    const { page, finish } = visited;
    await page.getByText(
      /Downloading the language model: \d+\.\d of 14\.2 MB/).waitFor();
    await pasteNote(page, NOTE);
    await page.getByText("2 findings by rules so far.").waitFor();
    assert.deepEqual(await marks(page), ["Zora Kern", "00481516"]);
    assert.equal(await page.locator("scrubjay-review[inert]").count(), 1,
      "nothing can be done with half a result");
    assert.deepEqual(await axe(visited), []);
    release();
    await page.locator("scrubjay-review:not([inert])").waitFor();
    assert.deepEqual(await marks(page),
      ["Zora Kern", "00481516", "Ncube", "Brumelot"]);
    assert.equal(await page.locator(".busy").count(), 0);
    await finish();
  });

test("a scan that waits for the model can be cancelled, and begun again",
  async () => {
    /** @type {() => void} */
    let release = () => {};
    const held = new Promise((resolve) => (release = () => resolve(null)));
    const { page, finish } = await visit(stage, {
      wait: false,
      prepare: playing("**/model-*.onnx", async (route) => {
        await held;
        await route.continue();
      }),
    });
    await pasteNote(page, NOTE);
    await page.getByText("findings by rules so far.").waitFor();
    await press(page, "Cancel");
    assert.equal(await page.locator("textarea").inputValue(), NOTE);
    await press(page, "Find identifiers");
    release();
    await reviewing(page);
    await page.locator("scrubjay-review:not([inert])").waitFor();
    assert.equal((await marks(page)).length, 4);
    await finish();
  });

test("without network everything goes on, and a new worker starts too", async () => {
  const folder = await mkdtemp(join(tmpdir(), "scrubjay-profile-"));
  const profile = await openProfile(folder, { locale: "en-US" });
  const { page, requests, finish } = await visit(stage, { profile });
  await profile.setOffline(true);
  const scan = async () => {
    await page.locator("textarea").fill(NOTE);
    await press(page, "Find identifiers");
    await reviewing(page);
    assert.equal((await marks(page)).length, 4);
  };
  await scan();
  const before = requests.length;
  const engine = await page.locator("scrubjay-review").evaluate((element) =>
    /** @type {any} */ (element).redactor.reload());
  assert.deepEqual([engine.missing, engine.model], [null, "tiny 1.0.0"]);
  assert.ok(requests.length > before, "its files came out of the cache");
  await press(page, "New note");
  await scan();
  await finish();
  await rm(folder, { recursive: true, force: true });
});

test("a page without a bundle says so, and its rules read", async () => {
  const bare = await openStage("none");
  try {
    const { page, requests, finish } = await visit(bare);
    assert.match(String(await page.locator(".engine").textContent()),
      /rules only\. This site has no language model\./);
    await pasteNote(page, NOTE);
    await reviewing(page);
    assert.deepEqual(await marks(page), ["Zora Kern", "00481516"]);
    const bar = String(await yellow(page).textContent());
    assert.match(bar, /This site has no language model\./);
    assert.match(bar, /Names without a title/);
    assert.equal(await yellow(page).getByRole("button").count(), 0);
    assert.ok(!requests.some((url) => /onnx|ort/.test(url)));
    assert.match(String(await page.locator("footer").textContent()), /rules only/);
    await finish();
  } finally {
    await bare.stop();
  }
});

const onnx = await readFile(new URL("model.onnx", TINY));
const renamed = Buffer.from(
  onnx.toString("latin1").replaceAll("input_ids", "input_idz"), "latin1");
const wrong = Buffer.from(onnx);
wrong.writeUInt8(0xff, 2000);

for (const [what, prepare, words, where] of /** @type {[string, any, RegExp, string][]} */ ([
  ["a wrong byte in the model", otherBundle({ "model.onnx": wrong }, {}, false),
    /not the one it should be/, "model.onnx"],
  ["a model that is cut short",
    otherBundle({ "model.onnx": onnx.subarray(0, 900) }, {}, false),
    /not the one it should be/, "model.onnx"],
  ["a tokenizer that is missing",
    playing("**/tokenizer-*.json", (route) => route.fulfill({ status: 404 })),
    /could not be fetched/, "tokenizer.json"],
  ["a runtime that is missing",
    playing("**/ort-wasm-*.wasm", (route) => route.abort()),
    /could not be fetched/, "ort-wasm-simd-threaded.wasm"],
  ["a runtime that does not start",
    playing("**/ort-wasm-*.mjs", (route) => route.fulfill({
      status: 200, contentType: "text/javascript", body: "export default 1;" })),
    /does not start in this browser/, "ort.wasm.min.mjs"],
  ["a bundle of a newer format", otherBundle({}, { format: 2 }),
    /is wrong, so it is not used/, "manifest.json format"],
  ["a model with other inputs", otherBundle({ "model.onnx": renamed }),
    /is wrong, so it is not used/, "model.onnx input_ids"],
  ["a model that is no model", otherBundle({ "model.onnx": Buffer.alloc(500, 7) }),
    /is wrong, so it is not used/, "model.onnx"],
  ["a canary that is not found",
    otherBundle({}, { canary: { text: "Ncube.", labels: ["PHONE"] } }),
    /does not find what it should/, "manifest.json canary"],
  ["a canary that is no number",
    otherBundle({}, { canary: { text: "A quagmire.", labels: ["NAME"] } }),
    /does not find what it should/, "manifest.json canary"],
]))
  test(`${what}: rules alone, and the yellow bar says why`, async () => {
    const { page, finish } = await visit(stage,
      { prepare, allow: /Failed to load resource/ });
    await pasteNote(page, NOTE);
    await reviewing(page);
    assert.deepEqual(await marks(page), ["Zora Kern", "00481516"]);
    const bar = String(await yellow(page).textContent());
    assert.match(bar, words);
    assert.ok(bar.includes(where), bar);
    assert.equal(
      await yellow(page).getByRole("button", { name: "Try for the model again" })
        .count(), 1);
    const engine = await page.locator("scrubjay-review").evaluate((element) =>
      /** @type {any} */ (element).redactor.engine);
    assert.equal(engine.model, "none");
    assert.equal(engine.missing.where, where);
    await finish();
  });

test("trying again gets the model, and keeps what was decided", async () => {
  let broken = true;
  const { page, finish } = await visit(stage, {
    allow: /Failed to load resource/,
    prepare: playing("**/model-*.onnx", (route) =>
      broken ? route.abort() : route.continue()),
  });
  await pasteNote(page, NOTE);
  await reviewing(page);
  await page.getByRole("checkbox", { name: "Hide Record number 00481516" })
    .uncheck();
  broken = false;
  await press(page, "Try for the model again");
  await page.locator("scrubjay-review mark", { hasText: "Ncube" }).waitFor();
  assert.equal(await yellow(page).count(), 0);
  assert.equal(
    await page.getByRole("checkbox", { name: "Hide Record number 00481516" })
      .isChecked(), false);
  await finish();
});

test("a window without an answer is said, and its lines are hidden whole",
  async () => {
    const { page, finish } = await visit(stage);
    const calm = "All was calm here, and Ncube slept.\n";
    await pasteNote(page, `${calm.repeat(6)}A quagmire.\n${calm.repeat(6)}`);
    await reviewing(page);
    await page.getByRole("alert").filter({ hasText: /not scanned/ }).waitFor();
    assert.equal(await yellow(page).count(), 0, "the model is there");
    await press(page, "Apply");
    await page.getByRole("button", { name: "Applied" }).waitFor();
    const text = await page.locator("scrubjay-review").evaluate((element) =>
      /** @type {any} */ (element).scrubbed);
    assert.doesNotMatch(text, /quagmire|Ncube/);
    assert.match(text, /\[UNSCANNED\]/);
    await finish();
  });

test("a model that dies over a note, twice, leaves it to the rules", async () => {
  const { page, requests, finish } = await visit(stage);
  await pasteNote(page, `${NOTE}Then kaboom.\n`);
  await reviewing(page);
  assert.deepEqual(await marks(page), ["Zora Kern", "00481516"]);
  assert.match(String(await yellow(page).textContent()),
    /stopped in the middle of a passage, twice/);
  const models = requests.filter((url) => /\/infer-/.test(url)).length;
  assert.equal(models, 2, "one chance more, and no third");
  await press(page, "New note");
  await pasteNote(page, NOTE);
  await reviewing(page);
  await press(page, "Try for the model again");
  await page.locator("scrubjay-review mark", { hasText: "Ncube" }).waitFor();
  await finish();
});

test("a worker that is killed in a scan comes back with its model", async () => {
  const { page, finish } = await visit(stage);
  await endWorkerAtScan(page);
  await pasteNote(page, NOTE);
  await page.getByRole("alert").filter({ hasText: "Nothing you typed is lost" })
    .waitFor();
  await press(page, "Try again");
  await page.locator("scrubjay-review mark", { hasText: "Ncube" }).waitFor();
  assert.equal(await yellow(page).count(), 0);
  await finish();
});

const BUNDLE = new URL("../../models/bundle/scrubjay-en-fr/", import.meta.url);

test("the page as it is built runs the bundle of the repository",
  { skip: existsSync(BUNDLE) ? false : "there is no bundle" }, async () => {
    const built = await openStage("built");
    try {
      const { name, version, canary } = JSON.parse(
        await readFile(new URL("manifest.json", BUNDLE), "utf8"));
      const { page, finish } = await visit(built);
      await pasteNote(page, canary.text);
      await reviewing(page);
      assert.equal(await page.getByRole("note").count(), 0);
      assert.ok(String(await page.locator("footer").textContent())
        .includes(`model ${name} ${version}`));
      const labels = await page.locator("scrubjay-review").evaluate((element) =>
        /** @type {any} */ (element).session.items.map(
          (/** @type {any} */ item) => item.label));
      for (const label of canary.labels) assert.ok(labels.includes(label), label);
      await finish();
    } finally {
      await built.stop();
    }
  });

/** @param {Page} page @param {object} options */
const engineOf = (page, options) => page.evaluate(async (given) => {
  const { files } = await (await fetch("./assets.json")).json();
  const { createRedactor } = await import(`./${files["redactor.js"].path}`);
  const redactor = await createRedactor({ assets: "./", ...given });
  const { entities } = await redactor.detect("Later Ncube went to Brumelot.");
  redactor.close();
  return { ...redactor.engine, labels: entities.map((/** @type {any} */ e) => e.label) };
}, options);

test("two threads run where they are asked for", async () => {
  const { page, requests, finish } = await visit(stage);
  const engine = await engineOf(page, { threads: 2 });
  assert.deepEqual([engine.model, engine.threads, engine.labels],
    ["tiny 1.0.0", 2, ["NAME", "CITY"]]);
  assert.equal((await engineOf(page, { model: "none" })).missing, null);
  assert.ok(requests.length > 0);
  await finish();
});

test("threads that cannot be had are given up for one", async () => {
  // The runtime, but for a start with threads.
  const { page, finish } = await visit(stage, {
    prepare: playing("**/ort-wasm-*.mjs", (route) => route.fulfill({
      contentType: "text/javascript",
      body: `import real from "${route.request().url()}?real";
        export default (config) => config.numThreads > 1
          ? Promise.reject(new Error("no threads")) : real(config);`,
    })),
  });
  const engine = await engineOf(page, { threads: 2 });
  assert.deepEqual([engine.model, engine.threads, engine.labels],
    ["tiny 1.0.0", 1, ["NAME", "CITY"]]);
  await finish();
});

for (const locale of ["en-US", "fr-FR"])
  for (const colorScheme of /** @type {const} */ (["light", "dark"]))
    test(`axe finds nothing at the yellow bar: ${locale}, ${colorScheme}`, async () => {
      const visited = await visit(stage, {
        locale, colorScheme, viewport: { width: 390, height: 800 },
        allow: /Failed to load resource/,
        prepare: playing("**/model-*.onnx", (route) => route.abort()),
      });
      await pasteNote(visited.page, NOTE);
      await reviewing(visited.page);
      assert.deepEqual(await axe(visited), []);
      await visited.finish();
    });
