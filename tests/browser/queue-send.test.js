// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// Several notes on their way to a server: signed, sent together, told one by
// one; and what happens where the server does not take them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { makeHospital } from "../web/vault-kit.js";
import { problem, startVaultServer } from "../web/vault-server.js";
import { axe, build, reviewing, visit } from "./harness.js";
import {
  current, nameSigner, NOTES, openFiles, rows, rowSays, seeAll,
} from "./queue-kit.js";

/** @import {Page} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

/** @type {import("../web/vault-kit.js").Hospital} */
let hospital;
/** @type {Awaited<ReturnType<typeof startVaultServer>>} */
let server;
/** @type {Stage} */
let stage;
before(async () => {
  hospital = await makeHospital();
  const site = await build(
    "queue", "none", "--vault-root", hospital.root.kid);
  server = await startVaultServer(hospital, { site });
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  stage = {
    browser, origin: server.base.replace("127.0.0.1", "localhost").slice(0, -1),
    stop: async () => {
      await browser.close();
      server.stop();
    },
  };
});
after(() => stage?.stop());

/** @param {Page} page @param {string | RegExp} name */
const press = (page, name) =>
  page.getByRole("button", { name, exact: true }).click();

/** @param {Page} page @param {string} name */
const heading = (page, name) =>
  page.getByRole("heading", { name, exact: true }).waitFor();

/** Sign the first notes of five, and go on. @param {Page} page
 * @param {number} count */
async function signed(page, count) {
  await openFiles(page, NOTES);
  await reviewing(page);
  for (let id = 1; id <= count; id++) {
    await rowSays(page, id, "To review");
    await seeAll(page);
    await page.keyboard.press("Control+Enter");
    await heading(page, "Sign off");
    if (id === 1) await nameSigner(page);
    await page.keyboard.press("Control+Enter");
    await rowSays(page, id, "Signed");
  }
}

/** @param {Page} page */
async function unlock(page) {
  await page.getByLabel("User name").fill("physician-1");
  await page.keyboard.press("Enter");
  await page.getByLabel("Passphrase").fill(hospital.passphrase);
  await page.keyboard.press("Enter");
}

test("signed with one key, sent together, and told one by one", async () => {
  server.state.fault = () => undefined;
  const before = server.jobs.size;
  const visited = await visit(stage);
  const { page, finish } = visited;
  await signed(page, 3);
  assert.equal(await current(page), "Note 4");
  await press(page, "Send 3 signed notes…");
  await heading(page, "Who sends?");
  // Nobody leaves a note that is being sent.
  await page.keyboard.press("Shift+N");
  assert.equal(await current(page), "Note 1");
  await unlock(page);
  for (const id of [1, 2, 3]) await rowSays(page, id, "Sent");
  assert.equal(server.jobs.size, before + 3);
  assert.deepEqual(await axe(visited), []);
  const all = JSON.stringify(server.requests);
  for (const word of ["Zora", "Kern", "Quill", "00481516", "4477", "Tarn",
    "00977210", "Voss"]) assert.ok(!all.includes(word), word);
  // Back at one that was sent: it says so, with its number.
  await page.locator(".entry").first().click();
  await heading(page, "Sent");
  const id = await page.locator(".send-id").textContent() ?? "";
  assert.ok(server.jobs.has(id));
  await page.locator(".entry").nth(1).click();
  const other = await page.locator(".send-id").textContent() ?? "";
  assert.ok(server.jobs.has(other) && other !== id);
  // The others go on as they were, and are sent with open keys.
  await press(page, "Go on");
  assert.equal(await current(page), "Note 4");
  await seeAll(page);
  await page.keyboard.press("Control+Enter");
  await heading(page, "Sign off");
  await page.keyboard.press("Control+Enter");
  await press(page, "Send 1 signed note…");
  await rowSays(page, 4, "Sent");
  assert.equal(server.jobs.size, before + 4);
  const waiting = await rows(page);
  assert.match(waiting[4] ?? "", /To review/);
  await finish();
});

test("what is not taken is said beside its note; what waits goes by itself",
  async () => {
    const visited = await visit(stage, { allow: /Failed to load/ });
    const { page, finish } = visited;
    let submits = 0;
    server.state.fault = (_, path) => path !== "/v1/coder/submit" ? undefined
      : ++submits === 1 ? problem(422, "leak-suspected") : "cut";
    await signed(page, 2);
    await press(page, "Send 2 signed notes…");
    await unlock(page);
    await rowSays(page, 1, "Failed: the server does not take it");
    await rowSays(page, 2, "Kept, will be sent");
    assert.deepEqual(await axe(visited), []);
    await page.locator(".entry").first().click();
    await heading(page, "Kept on this device, not sent");
    // While another note is open, the one that waited arrives.
    await page.locator(".entry").nth(2).click();
    await reviewing(page);
    server.state.fault = () => undefined;
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await rowSays(page, 2, "Sent");
    assert.equal(await current(page), "Note 3");
    await page.locator(".entry").nth(1).click();
    await heading(page, "Sent");
    await finish();
  });

test("cancelled at the first, the others stay signed, and nothing is sent",
  async () => {
    server.state.fault = () => undefined;
    const before = server.jobs.size;
    const { page, finish } = await visit(stage);
    await signed(page, 2);
    await press(page, "Send 2 signed notes…");
    await heading(page, "Who sends?");
    await press(page, "Cancel");
    await heading(page, "Signed");
    assert.deepEqual((await rows(page)).slice(0, 2),
      ["Note 1 | Signed", "Note 2 | Signed"]);
    assert.equal(server.jobs.size, before);
    await page.keyboard.press("Shift+N");
    assert.equal(await current(page), "Note 2");
    assert.equal(server.jobs.size, before);
    await finish();
  });
