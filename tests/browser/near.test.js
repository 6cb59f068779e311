// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What came close is offered unticked below the findings; a tick hides it. (The
// engine here reads by rules, so the model's answer is put into its mouth.)

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axe, openStage, pasteNote, reviewing, visit } from "./harness.js";

/** @import {Stage} from "./harness.js" */

const NOTE = "MRN: 00481516\nosprina came along; osprina walks to Fernhill.\n";

/** @type {Stage} */
let stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.stop());

test("a suggestion is ticked, hides all its places, and one undo is enough", async () => {
  const visited = await visit(stage, {
    prepare: (context) => context.addInitScript(() => {
      const listen = Worker.prototype.addEventListener;
      /** @type {any} */
      let loaded;
      const row = (/** @type {number} */ start, /** @type {number} */ end) =>
        [start, end, loaded.labels.indexOf("NAME"),
          loaded.roles.indexOf("patient"), 90];
      Worker.prototype.addEventListener = function (
        /** @type {any} */ type, /** @type {any} */ listener) {
        listen.call(this, type, type !== "message" ? listener : (event) => {
          const { data } = /** @type {MessageEvent} */ (event);
          if (data.result?.labels) loaded = data.result;
          if (data.result?.near) data.result.near =
            Int32Array.from([...row(14, 21), ...row(34, 41)]);
          listener(event);
        });
      };
    }),
  });
  const { page, finish } = visited;
  await pasteNote(page, NOTE);
  await reviewing(page);
  const review = page.locator("scrubjay-review");
  const written = () => review.evaluate(async (element) =>
    (await /** @type {any} */ (element).write())?.text);
  assert.match(await written(), /\nosprina came along; osprina walks/);
  const near = review.locator("details.near");
  await near.locator("summary").click();
  assert.equal(await near.locator("summary").textContent(),
    "Came close, stays in clear (1)");
  assert.deepEqual(await axe(visited), []);
  const box = near.getByRole("checkbox", { name: "Hide Person osprina" });
  assert.equal(await box.isChecked(), false);
  // Its name leads to one place after the other.
  const selection = () => review.evaluate((element) =>
    /** @type {any} */ (element).session.selection?.start);
  await near.getByRole("button", { name: "osprina" }).click();
  assert.equal(await selection(), 14);
  await near.getByRole("button", { name: "osprina" }).click();
  assert.equal(await selection(), 34);
  await box.click();
  await near.waitFor({ state: "hidden" });
  assert.match(await written(), /\n\[NAME\] came along; \[NAME\] walks/);
  await review.getByRole("button", { name: "Undo" }).click();
  await near.waitFor();
  assert.match(await written(), /\nosprina came along; osprina walks/);
  await finish();
});
