// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What stands in the way of a signature though the page itself would never
// bring it about: a line that was neither scanned nor hidden, a text that
// cannot be written, and a site that asks for a model.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  axe, build, openStage, pasteNote, reviewing, startServer, visit,
} from "./harness.js";

/** @import {Page} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

const NOTE = "MRN: 00481516\nSeen on 02/09/2026, no change.\n";

/** @type {Stage} */
let stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.stop());

/** @param {Page} page @param {string} name */
const press = (page, name) =>
  page.getByRole("button", { name, exact: true }).click();

/**
 * Change the worker's answers on their way to the page.
 * @param {Page} page
 * @param {"unscanned" | "unwritten"} how
 */
const meddle = (page, how) =>
  page.evaluate((kind) => {
    const listen = Worker.prototype.addEventListener;
    /** @type {(event: any) => any} */
    const change = ({ data }) => {
      if (data.type !== "done") return data;
      if (kind === "unscanned" && data.result?.coverage) {
        const { coverage } = data.result;
        const unscanned = [{ start: 14, end: 44 }];
        return { ...data, result: {
          ...data.result, unscanned, coverage: { ...coverage, complete: false },
        } };
      }
      if (kind === "unwritten" && data.result?.map)
        return { type: "failed", job: data.job, code: "NOMEM",
          message: "out of memory" };
      return data;
    };
    Worker.prototype.addEventListener = function (
      /** @type {any} */ type, /** @type {any} */ listener) {
      listen.call(this, type, type === "message"
        ? (event) => listener(new MessageEvent("message", {
          data: change(/** @type {any} */ (event)) }))
        : listener);
    };
  }, how);

/** A page whose worker starts behind the meddling. @param {Parameters<typeof
 * meddle>[1]} how */
async function visitMeddled(how) {
  const visited = await visit(stage);
  const { page } = visited;
  await meddle(page, how);
  // The redactor that listens unmeddled goes; the next note starts another.
  await page.evaluate(() => {
    const send = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (/** @type {any} */ message) {
      send.call(this, message);
      if (message.type !== "detect") return;
      Worker.prototype.postMessage = send;
      this.terminate();
      setTimeout(() => this.dispatchEvent(new ErrorEvent("error")), 20);
    };
  });
  await pasteNote(page, NOTE);
  await page.getByRole("button", { name: "Try again" }).click();
  await reviewing(page);
  return visited;
}

/** @param {Page} page the words of what stands in the way */
const blocks = (page) => page.locator(".blocks li p").allTextContents();

test("a line that was neither scanned nor hidden cannot be signed for", async () => {
  const visited = await visitMeddled("unscanned");
  const { page, finish } = visited;
  await press(page, "Sign off…");
  await page.locator(".blocks").waitFor();
  assert.deepEqual(await blocks(page),
    ["1 line was not scanned and would stay in clear."]);
  assert.equal(
    await page.getByRole("button", { name: "Sign", exact: true }).count(), 0);
  assert.deepEqual(await axe(visited), []);
  await press(page, "Show the first line");
  const selection = await page.locator("scrubjay-review").evaluate(
    (element) => /** @type {any} */ (element).session.selection);
  assert.deepEqual(selection, { start: 14, end: 44 });
  // Hidden by hand, it stands in nobody's way.
  await page.locator("scrubjay-review").evaluate((element) =>
    /** @type {any} */ (element).add({ start: 14, end: 44 }, "ID"));
  await press(page, "Sign off…");
  await page.getByRole("button", { name: "Sign", exact: true }).waitFor();
  await finish();
});

test("a text that cannot be written cannot be signed", async () => {
  const visited = await visitMeddled("unwritten");
  const { page, finish } = visited;
  await press(page, "Sign off…");
  await page.locator(".blocks").waitFor();
  assert.deepEqual(await blocks(page),
    ["The scrubbed text could not be written."]);
  assert.equal(
    await page.getByRole("button", { name: "Sign", exact: true }).count(), 0);
  assert.deepEqual(await axe(visited), []);
  await page.locator(".blocks").getByRole("button",
    { name: "Back to the review" }).click();
  await reviewing(page);
  assert.equal(await page.locator("scrubjay-review").evaluate(
    (element) => /** @type {any} */ (element).session.items.length), 2);
  await finish();
});

test("where the site asks for a model, rules alone are not enough", async () => {
  const root = await build("asks", "none", "--sign", "rules-only=no");
  const server = await startServer(root);
  try {
    const visited = await visit(
      { ...stage, origin: `http://localhost:${server.port}` });
    const { page, finish } = visited;
    await pasteNote(page, NOTE);
    await reviewing(page);
    await press(page, "Sign off…");
    await page.locator(".blocks").waitFor();
    assert.deepEqual(await blocks(page),
      ["No language model read this note, and the policy asks for one."]);
    assert.equal(
      await page.getByRole("button", { name: "Sign", exact: true }).count(), 0);
    assert.deepEqual(await axe(visited), []);
    await finish();
  } finally {
    await server.stop();
  }
});

test("what a site asks is refused where it is not understood", async () => {
  await assert.rejects(build("wrong", "none", "--sign", "rules-only=maybe"),
    /--sign: not rules-only=yes\|no or unseen=yes\|no/);
});
