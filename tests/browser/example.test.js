// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The example page of web/README.md, run as it stands there.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { openStage } from "./harness.js";

test("the example of the README works in a page with our headers", async () => {
  const readme = await readFile(
    new URL("../../web/README.md", import.meta.url),
    "utf8",
  );
  const block = (/** @type {string} */ kind) =>
    readme.split(`\`\`\`${kind}\n<!doctype`)[1]?.split("```")[0] ??
    readme.split(`\`\`\`${kind}\n`)[1]?.split("```")[0] ??
    "";
  const html = `<!doctype${block("html")}`;
  const stage = await openStage();
  try {
    const page = await stage.browser.newPage();
    const home = await page.request.get(`${stage.origin}/`);
    const assets = await page.request.get(`${stage.origin}/assets.json`);
    const { files } = await assets.json();
    const policy = home.headers()["content-security-policy"] ?? "";
    assert.match(policy, /default-src 'none'/);
    const give = (/** @type {string} */ body, /** @type {string} */ type) => ({
      body,
      headers: { "content-type": type, "content-security-policy": policy },
    });
    await page.route("**/example.html", (route) =>
      route.fulfill(give(html, "text/html")),
    );
    await page.route("**/example.js", (route) =>
      route.fulfill(give(block("js"), "text/javascript")),
    );
    await page.route("**/scrubjay/**", async (route) => {
      const name = route.request().url().split("/scrubjay/")[1] ?? "";
      const path = name === "redactor.js" ? files[name].path : name;
      await route.fulfill({
        response: await page.request.get(`${stage.origin}/${path}`),
      });
    });
    /** @type {string[]} */
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`${stage.origin}/example.html`);
    await page.waitForFunction(
      () => document.querySelector("output")?.textContent || false,
      undefined,
      { timeout: 10_000 },
    );
    assert.equal(
      await page.locator("output").textContent(),
      "Seen by Dr. <PROVIDER_0> on <DATE_1>.",
    );
    assert.deepEqual(errors, []);
  } finally {
    await stage.stop();
  }
});
