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
  // The page, and the script behind it: there are other scripts before.
  const [, markup = ""] = readme.split("```html\n<!doctype");
  const [, script = ""] = markup.split("```js\n");
  const html = `<!doctype${markup.split("```")[0]}`;
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
      route.fulfill(give(script.split("```")[0] ?? "", "text/javascript")),
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
      { timeout: 60_000 },
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
