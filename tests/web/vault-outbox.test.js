// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// Results on their way: kept before they are sent, sent once, never lost.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Problem } from "../../web/vault/api.js";
import { refusal } from "../../web/vault/error.js";
import { backoff, LIMITS, Outbox } from "../../web/vault/outbox.js";
import { followReceipt, readReceipt } from "../../web/vault/receipt.js";
import { memoryStore } from "../../web/vault/store.js";
import { dice } from "./dice.js";
import { refusalOf } from "./vault-kit.js";

/** @import {Store} from "../../web/vault/store.js" */

const HOUR = 3600_000;

/** Locks as a browser has them, for several tabs of one profile. */
function makeLocks() {
  let held = Promise.resolve();
  let busy = false;
  return /** @type {any} */ ({
    request: async (
      /** @type {string} */ name, /** @type {any} */ options,
      /** @type {Function} */ work,
    ) => {
      if (busy && options.ifAvailable) return work(null);
      const before = held;
      let free = () => {};
      held = new Promise((resolve) => {
        free = () => resolve(undefined);
      });
      await before;
      busy = true;
      try {
        return await work({ name });
      } finally {
        busy = false;
        free();
      }
    },
  });
}

/** @param {number} n */
const receiptOf = (n) => ({ stream: 1, seq: n, row_hash: "0".repeat(64) });

/**
 * A tab, and a server that makes one job of one key.
 * @param {object} [given]
 * @param {Store} [given.store]
 * @param {any} [given.locks]
 * @param {{time: number}} [given.clock]
 * @param {(id: string) => unknown} [given.fault] an error to throw, or nothing
 */
function makeTab(given = {}) {
  const { store = memoryStore(), locks = null, clock = { time: 1e12 } } = given;
  /** @type {string[]} */
  const arrived = [];
  const outbox = new Outbox({
    store, locks, now: () => clock.time, dice: () => 0.5,
    prepare: async () => null,
    send: async ({ id }) => {
      await null;
      const error = given.fault?.(id);
      if (error) throw error;
      arrived.push(id);
      return { id, status: "queued", receipt: receiptOf(arrived.length) };
    },
  });
  return { outbox, store, clock, arrived };
}

const add = (/** @type {Outbox} */ outbox, /** @type {string} */ id,
  owner = "me", jwe = "a.b.c.d.e") => outbox.add({ id, owner, jwe });

test("what is added is kept, then sent, then known as sent", async () => {
  const { outbox, arrived } = makeTab();
  /** @type {any[]} */
  const news = [];
  outbox.addEventListener("sent", (event) =>
    news.push(/** @type {CustomEvent} */ (event).detail.id));
  await add(outbox, "1");
  await add(outbox, "2");
  const [first] = await outbox.list("me");
  assert.equal(first?.state, "waiting");
  assert.equal("jwe" in /** @type {object} */ (first), false);
  await outbox.flush("me");
  assert.deepEqual(arrived, ["1", "2"]);
  assert.deepEqual(news, ["1", "2"]);
  assert.deepEqual(await outbox.list("me"), []);
  assert.deepEqual((await outbox.sent("me")).map(({ id }) => id), ["1", "2"]);
  assert.equal(await outbox.due("me"), null);
});

test("without an answer it waits, longer each time, and the rest with it",
  async () => {
    let down = true;
    const { outbox, arrived, clock } = makeTab({
      fault: () => (down ? refusal("NETWORK") : null) });
    await add(outbox, "1");
    await add(outbox, "2");
    let before = 0;
    for (let i = 0; i < 4; i++) {
      await outbox.flush("me");
      const [first, second] = await outbox.list("me");
      assert.equal(first?.code, "NETWORK");
      assert.equal(first?.attempts, i + 1);
      assert.equal(second?.attempts, 0);
      const wait = (first?.next ?? 0) - clock.time;
      assert.ok(wait > before, `${wait} after ${before}`);
      before = wait;
      await outbox.flush("me"); // not due
      assert.equal((await outbox.list("me"))[0]?.attempts, i + 1);
      clock.time += wait;
    }
    down = false;
    await outbox.flush("me");
    assert.deepEqual(arrived, ["1", "2"]);
  });

test("one that a server fails at does not hold up the others for ever",
  async () => {
    const { outbox, arrived, clock } = makeTab({
      fault: (id) => (id === "1" ? new Problem(500, "internal") : null) });
    await add(outbox, "1");
    await add(outbox, "2");
    let rounds = 0;
    for (; arrived.length === 0 && rounds < 20; rounds++) {
      await outbox.flush("me");
      clock.time += await outbox.due("me") ?? 0;
    }
    assert.deepEqual(arrived, ["2"]);
    assert.ok(rounds >= 5, `${rounds} rounds`);
    assert.equal((await outbox.list("me"))[0]?.state, "waiting");
  });

test("when the network is back, nobody waits for the end of a pause",
  async () => {
    let down = true;
    const { outbox, arrived } = makeTab({
      fault: () => (down ? refusal("NETWORK") : null) });
    await add(outbox, "1");
    await outbox.flush("me");
    down = false;
    await outbox.hurry("me", ["LOCKED"]);
    assert.deepEqual(arrived, []);
    await outbox.hurry("me", ["NETWORK"]);
    assert.deepEqual(arrived, ["1"]);
  });

test("a wait grows to five minutes, and no two tabs' are the same", () => {
  assert.equal(backoff(0, 0.5), 2000);
  assert.equal(backoff(100, 0.5), 300_000);
  assert.ok(backoff(3, 0) < backoff(3, 1));
  for (let n = 0; n < 30; n++)
    assert.ok(backoff(n, 1) <= 375_000 && backoff(n, 0) >= 1500);
});

for (const [error, code, where] of [
  [new Problem(429, "rate-limited", { waitMs: 90_000 }), "PROBLEM",
    "rate-limited"],
  [new Problem(503, "busy"), "PROBLEM", "busy"],
  [new Problem(507, "storage-full"), "PROBLEM", "storage-full"],
  [new Problem(500, "internal"), "PROBLEM", "internal"],
  [new Problem(409, "idempotency-in-flight"), "PROBLEM",
    "idempotency-in-flight"],
  [refusal("TOKEN"), "TOKEN", ""],
  [refusal("LOCKED"), "LOCKED", ""],
])
  test(`it waits and says why: ${where || code}`, async () => {
    const { outbox, clock } = makeTab({ fault: () => error });
    await add(outbox, "1");
    await outbox.flush("me");
    const [item] = await outbox.list("me");
    assert.deepEqual([item?.state, item?.code, item?.where],
      ["waiting", code, where]);
    const wait = (item?.next ?? 0) - clock.time;
    assert.ok(wait >= (where === "rate-limited" ? 90_000 : 1500));
    assert.equal(await outbox.due("me"), wait);
  });

for (const error of [
  new Problem(422, "leak-suspected"), new Problem(400, "schema"),
  new Problem(409, "key-version-retired"), new Problem(426, "ruleset-outdated"),
  new Problem(403, "forbidden"), new Problem(413, "too-large"),
  refusal("RECEIPT"), refusal("ANSWER"), new TypeError("a fault of ours"),
])
  test(`it stops and waits for a person: ${error.message} ${
    error instanceof Problem ? error.where : ""}`, async () => {
    let bad = true;
    const { outbox, clock, arrived } = makeTab({
      fault: (id) => (bad && id === "1" ? error : null) });
    await add(outbox, "1");
    await add(outbox, "2");
    await outbox.flush("me");
    assert.deepEqual(arrived, ["2"]); // others go on
    clock.time += HOUR;
    await outbox.flush("me");
    const [item] = await outbox.list("me");
    assert.equal(item?.state, "stopped");
    assert.equal(item?.attempts, 1);
    assert.equal(await outbox.due("me"), null);
    bad = false;
    await outbox.retry("1", "me");
    assert.deepEqual(arrived, ["2", "1"]);
  });

test("a person may give one up, and nobody else's", async () => {
  const { outbox } = makeTab({ fault: () => refusal("NETWORK") });
  await add(outbox, "1");
  assert.equal(await refusalOf(outbox.discard("1", "another")), "NO_ITEM");
  assert.equal(await refusalOf(outbox.retry("1", "another")), "NO_ITEM");
  await outbox.discard("1", "me");
  assert.deepEqual(await outbox.list("me"), []);
});

test("two people of one browser see and send their own", async () => {
  const { outbox, arrived } = makeTab();
  await add(outbox, "1", "me");
  await add(outbox, "2", "another");
  await outbox.flush("another");
  assert.deepEqual(arrived, ["2"]);
  assert.deepEqual((await outbox.list("me")).map(({ id }) => id), ["1"]);
  assert.deepEqual(await outbox.sent("me"), []);
});

test("there is room for fifty, and for twenty MiB", async () => {
  const { outbox } = makeTab({ fault: () => refusal("NETWORK") });
  for (let i = 0; i < LIMITS.items; i++) await add(outbox, `${100 + i}`);
  assert.equal(await refusalOf(add(outbox, "200")), "QUEUE_FULL items");
  assert.equal((await outbox.list("me")).length, 50);
  const big = makeTab().outbox;
  await add(big, "1", "me", "x".repeat(LIMITS.bytes - 10));
  await add(big, "2", "me", "x".repeat(10));
  assert.equal(await refusalOf(add(big, "3", "me", "x")), "QUEUE_FULL bytes");
});

test("a browser without room says so, and what was there stays", async () => {
  const store = memoryStore();
  const { outbox } = makeTab({ store, fault: () => refusal("NETWORK") });
  await add(outbox, "1");
  const { put } = store;
  store.put = async () => {
    throw refusal("QUOTA");
  };
  assert.equal(await refusalOf(add(outbox, "2")), "QUOTA");
  store.put = put;
  assert.deepEqual((await outbox.list("me")).map(({ id }) => id), ["1"]);
});

test("after three days the text is gone, and the entry says so", async () => {
  const { outbox, clock, store, arrived } = makeTab();
  await add(outbox, "1");
  clock.time += LIMITS.ms + 1;
  const [late] = await outbox.list("me");
  assert.deepEqual([late?.state, late?.code, late?.size],
    ["expired", "EXPIRED", 0]);
  await outbox.flush("me");
  assert.deepEqual(arrived, []);
  assert.equal((await store.items())[0]?.jwe, "");
  assert.equal(await refusalOf(outbox.retry("1", "me")), "EXPIRED");
  assert.equal((await outbox.list("me")).length, 1);
  await outbox.discard("1", "me");
  assert.deepEqual(await outbox.list("me"), []);
});

test("of two tabs one sends, and each result arrives once", async () => {
  const store = memoryStore();
  const locks = makeLocks();
  const [a, b] = [makeTab({ store, locks }), makeTab({ store, locks })];
  for (let i = 0; i < 20; i++) await add(a.outbox, `${10 + i}`);
  await Promise.all([a.outbox.flush("me"), b.outbox.flush("me")]);
  const all = [...a.arrived, ...b.arrived].sort();
  assert.deepEqual(all, Array.from({ length: 20 }, (_, i) => `${10 + i}`));
  assert.ok(a.arrived.length === 20 || b.arrived.length === 20);
});

test("what is added while others are sent goes along", async () => {
  const { outbox, arrived } = makeTab();
  await add(outbox, "1");
  const first = outbox.flush("me");
  await add(outbox, "2");
  await Promise.all([first, outbox.flush("me")]);
  assert.deepEqual(arrived, ["1", "2"]);
});

test("nothing is lost or sent as two, wherever a tab is ended", async () => {
  const roll = dice(7);
  for (let run = 0; run < 200; run++) {
    const store = memoryStore();
    const clock = { time: 1e12 };
    /** Jobs of the server, by key. @type {Set<string>} */
    const jobs = new Set();
    const added = new Set();
    for (let life = 0; life < 6; life++) {
      // A tab whose store stops working at some step, as in a crash.
      let left = 1 + roll(12);
      const dying = /** @type {Store} */ ({ ...store });
      for (const name of /** @type {const} */ (["put", "drop", "done", "items"]))
        dying[name] = /** @type {any} */ (async (/** @type {any} */ value) => {
          if (--left <= 0) throw refusal("STORE");
          return /** @type {any} */ (store[name])(value);
        });
      const outbox = new Outbox({
        store: dying, locks: null, now: () => clock.time, dice: () => 0.5,
        prepare: async () => null,
        send: async ({ id }) => {
          if (--left <= 0) throw refusal("NETWORK");
          jobs.add(id);
          if (--left <= 0) throw refusal("NETWORK"); // the answer is lost
          return { id, status: "queued", receipt: receiptOf(1) };
        },
      });
      const id = `${run}-${life}`;
      await add(outbox, id).then(() => added.add(id), () => {});
      await outbox.flush("me").catch(() => {});
      clock.time += HOUR;
    }
    const { outbox } = makeTab({
      store, clock, fault: (id) => void jobs.add(id) });
    await outbox.flush("me");
    for (const id of added) assert.ok(jobs.has(id), `${id} is lost`);
    assert.deepEqual(await outbox.list("me"), []);
    const sent = (await outbox.sent("me")).map(({ id }) => id);
    assert.equal(new Set(sent).size, sent.length);
  }
});

test("receipts only go on", () => {
  const at = (/** @type {number} */ seq, hash = "a") =>
    readReceipt({ stream: 3, seq, row_hash: hash.repeat(64) });
  let seen = followReceipt(at(5), {}, true);
  seen = followReceipt(at(9), seen, true);
  assert.equal(seen["3"]?.seq, 9);
  assert.throws(() => followReceipt(at(8), seen, true),
    { code: "RECEIPT", where: "back" });
  assert.throws(() => followReceipt(at(9, "b"), seen, false),
    { code: "RECEIPT", where: "forked" });
  assert.throws(() => followReceipt(at(9), seen, true), { code: "RECEIPT" });
  assert.equal(followReceipt(at(5), seen, false), seen); // given again
  for (const bad of [null, {}, { stream: 1, seq: 0, row_hash: "0".repeat(64) },
    { stream: 1, seq: 1, row_hash: "0" }, { stream: "1", seq: 1 },
    { stream: 1, seq: 1.5, row_hash: "0".repeat(64) }])
    assert.throws(() => readReceipt(bad), { code: "RECEIPT", where: "form" });
});
