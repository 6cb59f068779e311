// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What goes wrong around a note that is large, odd, or on its way: each ends in
// a plain sentence, and nothing that was typed or signed is lost. (A worker that
// dies is in edges and page.test.js, a tab that is closed and a browser without
// room in drafts and outbox.test.js, clocks that are set in drafts,
// privacy.test.js and tests/web/vault-outbox.test.js, two tabs in both.)

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { problem } from "../web/vault-server.js";
import { axe, pasteNote, reviewing, visit } from "./harness.js";
import { enter, heading, NOTE, openHospital, press, signed } from "./sending-kit.js";

/** @import {Page} from "playwright-core" */

/** @type {Awaited<ReturnType<typeof openHospital>>} */
let open;
before(async () => {
  open = await openHospital();
});
after(() => open?.stage.stop());

/** The network says what it thinks of a server. */
const ALLOW = { allow: /Failed to load/ };

test("10 MB pasted are read while the page goes on answering",
  async () => {
    const { page, finish } = await visit(open.stage);
    const line = "Cough and fever since the day before, no rash, no travel.\n";
    const large = `${NOTE}${line.repeat(Math.ceil(1e7 / line.length))}`;
    assert.ok(large.length > 1e7);
    await page.evaluate(() => {
      const gaps = /** @type {number[]} */ ([]);
      let last = performance.now();
      setInterval(() => {
        gaps.push(performance.now() - last);
        last = performance.now();
      }, 50);
      Object.assign(globalThis, { __gaps: gaps });
    });
    await pasteNote(page, large);
    await reviewing(page);
    const read = await page.locator("scrubjay-review").evaluate((element) => {
      const { session } = /** @type {any} */ (element);
      return { length: session.note.original.length,
        labels: session.items.map((/** @type {any} */ item) => item.label) };
    });
    assert.equal(read.length, large.length);
    for (const label of ["NAME", "MRN", "DATE", "PHONE"])
      assert.ok(read.labels.includes(label), label);
    const longest = await page.evaluate(() =>
      Math.max(.../** @type {any} */ (globalThis).__gaps));
    // A guard against a mistake of order: the machine is shared.
    assert.ok(longest < 20_000, `the page stood still for ${longest} ms`);
    await press(page, "New note");
    await pasteNote(page, NOTE);
    await reviewing(page);
    await finish();
  });

test("a NUL is said before the note is signed, and hidden it can be sent",
  async () => {
    open.server.state.fault = () => undefined;
    const { page, finish } = await visit(open.stage);
    await page.locator("input[type=file]").setInputFiles({
      name: "x", mimeType: "text/plain",
      buffer: Buffer.from(`${NOTE}מטופל 👩‍⚕️ e\u0301 \0 end\n${
        "Plain line.\n".repeat(20)}`),
    });
    await reviewing(page);
    await page.locator("scrubjay-review").evaluate((element) => {
      const review = /** @type {any} */ (element);
      review.writeAs = "numbered";
      for (const item of review.session.items) review.show(item);
    });
    await press(page, "Sign off…");
    await page.getByText("1 place holds a sign that cannot be sent").waitFor();
    await press(page, "Hide all of it");
    await page.getByRole("checkbox").check();
    await page.getByLabel("Your name").fill("Ines Voss");
    await page.getByLabel("Your role").fill("Physician");
    await press(page, "Sign");
    await enter(page, open.hospital.passphrase);
    await heading(page, "Sent");
    const id = await page.locator(".send-id").textContent() ?? "";
    assert.match(open.server.jobs.get(id)?.body.scrubbed_text,
      /\nמטופל 👩‍⚕️ e\u0301 <ID_\d+> end\n/u);
    await finish();
  });

test("what a server answers badly is said, kept, and sent once it is well",
  async () => {
    const visited = await visit(open.stage, ALLOW);
    const { page, finish } = visited;
    let known = false;
    for (const [status, name, title, words] of /** @type {const} */ ([
      [400, "schema", "not sent", "The server does not take it as it is."],
      [403, "forbidden", "not sent", "You may not do that"],
      [409, "key-version-retired", "not sent", "does not take it as it is"],
      [413, "too-large", "not sent", "does not take it as it is"],
      [426, "ruleset-outdated", "not sent", "does not take it as it is"],
      [429, "rate-limited", "will be sent", "tried again by itself"],
      [500, "internal", "will be sent", "tried again by itself"],
      [503, "busy", "will be sent", "tried again by itself"],
      [507, "storage-full", "will be sent", "tried again by itself"],
    ])) {
      const before = open.server.jobs.size;
      open.server.state.fault = (_, path) => path === "/v1/coder/submit"
        ? problem(status, name) : undefined;
      await signed(page);
      if (known) await press(page, "Send…");
      else await enter(page, open.hospital.passphrase);
      known = true;
      await heading(page, `Kept on this device, ${title}`);
      await page.locator(".send").getByText(words).waitFor();
      if (status === 500) assert.deepEqual(await axe(visited), []);
      open.server.state.fault = () => undefined;
      await press(page, "Try now");
      await heading(page, "Sent");
      assert.equal(open.server.jobs.size, before + 1, name);
      await press(page, "New note");
    }
    await finish();
  });

test("an answer that is lost on its way makes no second job", async () => {
  const { page, finish } = await visit(open.stage, ALLOW);
  const before = open.server.jobs.size;
  let asked = 0;
  open.server.state.fault = (_, path) =>
    // A browser asks once more by itself where it had the connection before.
    path === "/v1/coder/submit" && ++asked <= 2 ? "late" : undefined;
  await signed(page);
  await enter(page, open.hospital.passphrase);
  await heading(page, "Kept on this device, will be sent");
  await page.getByText("The server does not answer.").waitFor();
  assert.equal(open.server.jobs.size, before + 1); // it has arrived
  await heading(page, "Sent"); // by itself, after two seconds
  assert.equal(open.server.jobs.size, before + 1);
  assert.ok(asked > 2);
  await finish();
});

test("a browser that keeps nothing says so, and sends all the same", async () => {
  open.server.state.fault = (_, path) =>
    path === "/v1/coder/submit" ? "cut" : undefined;
  const { page, finish } = await visit(open.stage, { ...ALLOW,
    prepare: (context) => context.addInitScript(() => {
      const refuse = () => {
        throw new DOMException("no", "SecurityError");
      };
      IDBFactory.prototype.open = refuse;
      Storage.prototype.getItem = refuse;
      Storage.prototype.setItem = refuse;
    }) });
  await signed(page);
  await enter(page, open.hospital.passphrase);
  await page.getByText("do not close the tab before it was sent").waitFor();
  open.server.state.fault = () => undefined;
  await press(page, "Try now");
  await heading(page, "Sent");
  await finish();
});
