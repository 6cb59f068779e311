// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The wall clock is set an hour on, and two back, while the server runs.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Server, submission, until, uuid7 } from "./kit.js";

const SHIM = new URL(
  "../../build/native/tests/harness/libclock_shim.so", import.meta.url).pathname;
const LIND = "dr.lind@hospital.test";
const HOUR = 3_600_000;
/** @type {Server} */
let server;

const set = (/** @type {number} */ ms) =>
  writeFile(join(server.folder, "clock"), String(ms));
const submit = (/** @type {object} */ who) =>
  server.call("POST", "/v1/coder/submit",
    { ...who, key: uuid7(), body: submission() });
/** A token of now, by the server's clock. */
const fresh = async () => (await server.call("POST", "/v1/dev/token",
  { body: { sub: LIND } })).body.access_token;

before(async () => {
  server = await Server.make();
  await set(0);
  await server.start(
    { LD_PRELOAD: SHIM, SJ_CLOCK_FILE: join(server.folder, "clock") });
});

after(() => server.remove());

/** The rows of the clock's steps, asked for with a token of now. */
async function steps() {
  const { body } = await server.call("POST", "/v1/dev/token",
    { body: { sub: "audit-1" } });
  const page = await server.call("GET",
    "/v1/audit/events?limit=200&action=CLOCK_STEP", { token: body.access_token });
  return page.body.events.map((/** @type {any} */ row) => row.entry.detail.ms);
}

test("a step is told, tokens go by the clock, rows by their number", async () => {
  const old = await fresh();
  assert.equal((await submit({ token: old })).status, 202);
  assert.deepEqual(await steps(), []);

  await set(HOUR);
  const on = await until(async () => (await steps())[0]);
  assert.ok(Math.abs(on - HOUR) < 2000, `${on}`);
  assert.equal((await submit({ token: old })).status, 401); // past its end
  const later = await fresh();
  assert.equal((await submit({ token: later })).status, 202);

  await set(-HOUR);
  const back = await until(async () => (await steps())[1]);
  assert.ok(Math.abs(back + 2 * HOUR) < 2000, `${back}`);
  assert.equal((await submit({ token: later })).status, 401); // not yet begun
  assert.equal((await submit({ token: await fresh() })).status, 202);

  await server.stop();
  assert.match(server.command("audit", "verify", "--config", server.config),
    /^good: /);
});
