// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The golden corpus through the worker of the built page, in Chromium: the
// rules alone, which its marks were made for.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openStage } from "../browser/harness.js";
import { asMarked, readCorpus } from "./golden.js";

/** @type {import("../browser/harness.js").Stage} */
let stage;
/** @type {import("playwright-core").Page} */
let page;

// An empty page of our origin, under our headers: the policy lets the redactor
// be made once in a page, and our own page has made its own.
before(async () => {
  stage = await openStage();
  page = await stage.browser.newPage();
  const home = await page.request.get(`${stage.origin}/`);
  const policy = home.headers()["content-security-policy"] ?? "";
  assert.match(policy, /default-src 'none'/);
  await page.route("**/golden.html", (route) =>
    route.fulfill({
      body: "<!doctype html><title>golden</title>",
      headers: { "content-type": "text/html", "content-security-policy": policy },
    }));
  await page.goto(`${stage.origin}/golden.html`);
  await page.evaluate(async () => {
    const { files } = await (await fetch("/assets.json")).json();
    const module = await import(`/${files["redactor.js"].path}`);
    const redactor = await module.createRedactor(
      { assets: "/", model: "none" });
    Object.assign(globalThis, { goldenRedactor: redactor });
  });
});

after(async () => {
  await stage.stop();
});

for (const one of await readCorpus()) {
  test(one.title, async () => {
    const found = await page.evaluate(async (given) => {
      const redactor = /** @type {any} */ (globalThis).goldenRedactor;
      const options = {
        lang: given.lang,
        ...(given.policy === "" ? {} : { policy: given.policy }),
      };
      const { entities, coverage } = await redactor.detect(given.text, options);
      const spans = entities.map((/** @type {any} */ entity) => ({
        start: entity.start, end: entity.end, label: entity.label,
        role: entity.role, subtype: entity.subtype,
      }));
      const same = [];
      for (const { style, text } of given.outputs) {
        const out = await redactor.redact(
          given.text, entities, { ...options, style });
        same.push(out.text === text);
      }
      return { spans, complete: coverage.complete, same };
    }, one);
    assert.ok(found.complete);
    assert.deepEqual(asMarked(one.marks, found.spans), one.marks);
    assert.deepEqual(found.same, one.outputs.map(() => true));
  });
}
