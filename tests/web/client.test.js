// SPDX-License-Identifier: Apache-2.0
//
// client.test.js - the client over a worker that the test plays itself, and
// the pipeline over a session of canned windows.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ScrubjayError } from "../../wasm/error.js";
import { Client } from "../../web/client.js";
import { detect } from "../../web/worker/pipeline.js";

const LOAD = {
  wasm: "/scrubjay.wasm", integrity: "", model: null, missing: null, threads: 2,
};
const READ = { lang: "auto", policy: "safe-harbor", known: null };

/**
 * A worker that loads at once and answers by `reply`.
 * @param {(message: any, port: any) => void} reply
 */
function player(reply) {
  /** @type {any[]} */
  const ports = [];
  const start = () => {
    /** @type {((event: any) => void)[]} */
    const ears = [];
    const port = {
      ended: false,
      /** @type {any[]} */
      got: [],
      /** @param {any} data */
      say(data) {
        if (!port.ended) for (const ear of ears) ear({ data });
      },
      /** @param {any} message */
      postMessage(message) {
        port.got.push(message);
        queueMicrotask(() => {
          if (message.type === "load")
            port.say({ type: "done", job: message.job, result: {} });
          else reply(message, port);
        });
      },
      terminate() {
        port.ended = true;
      },
      /** @param {string} type @param {(event: any) => void} ear */
      addEventListener(type, ear) {
        if (type === "message") ears.push(ear);
      },
    };
    ports.push(port);
    return /** @type {any} */ (port);
  };
  return { ports, start };
}

/** @param {string} text @returns {any} */
const scan = (text) => ({ type: "detect", text, read: READ });

test("a worker that falls silent is given up, and the next job gets another",
  async () => {
    const played = player((message, port) => {
      if (played.ports.length > 1 && message.type === "detect")
        port.say({ type: "done", job: message.job, result: "alive" });
    });
    const client = new Client(
      { start: played.start, load: LOAD, silenceMs: 60 });
    await assert.rejects(client.ask(scan("a")), { code: "WORKER_DEAD" });
    assert.equal(played.ports[0].ended, true);
    assert.equal(client.running, false);
    assert.equal(await client.ask(scan("b")), "alive");
    assert.equal(played.ports.length, 2);
    client.close();
  });

test("a worker that answers pings is waited for", async () => {
  const played = player((message, port) => {
    if (message.type === "ping") port.say({ type: "pong" });
    if (message.type === "detect")
      setTimeout(() =>
        port.say({ type: "done", job: message.job, result: 7 }), 1500);
  });
  const client = new Client({ start: played.start, load: LOAD, silenceMs: 600 });
  assert.equal(await client.ask(scan("a")), 7);
  client.close();
});

test("two jobs at once get each its own answer", async () => {
  const played = player((message, port) => {
    if (message.type === "detect")
      port.say({ type: "done", job: message.job, result: message.text });
  });
  const client = new Client({ start: played.start, load: LOAD });
  assert.deepEqual(
    await Promise.all([client.ask(scan("a")), client.ask(scan("b"))]),
    ["a", "b"]);
  client.close();
});

test("aborting sends a cancel for the job that it belongs to", async () => {
  const played = player((message, port) => {
    if (message.type === "cancel")
      port.say({ type: "failed", job: message.job, code: "CANCELLED",
        message: "the scan was cancelled" });
  });
  const client = new Client({ start: played.start, load: LOAD });
  const stop = new AbortController();
  const asked = client.ask(scan("a"), { signal: stop.signal });
  setTimeout(() => stop.abort(), 10);
  await assert.rejects(asked, { code: "CANCELLED" });
  const sent = played.ports[0].got;
  assert.equal(
    sent.find((/** @type {any} */ m) => m.type === "cancel").job,
    sent.find((/** @type {any} */ m) => m.type === "detect").job);
  client.close();
});

test("an idle worker is put away; closing fails what is under way", async () => {
  const played = player((message, port) => {
    if (message.type === "detect" && message.text === "a")
      port.say({ type: "done", job: message.job, result: 1 });
  });
  const client = new Client({ start: played.start, load: LOAD, idleMs: 20 });
  await client.ask(scan("a"));
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.equal(client.running, false);
  const asked = client.ask(scan("never"));
  setTimeout(() => client.close(), 10);
  await assert.rejects(asked, { code: "CLOSED" });
  await assert.rejects(client.ask(scan("a")), { code: "CLOSED" });
});

test("a restart puts the worker away, and the next job gets another", async () => {
  const played = player((message, port) => {
    if (message.type === "detect")
      port.say({ type: "done", job: message.job, result: 1 });
  });
  const client = new Client({ start: played.start, load: LOAD });
  await client.ask(scan("a"));
  client.restart();
  assert.equal(played.ports[0].ended, true);
  played.ports[0].say({ type: "done", job: 3, result: "from the grave" });
  assert.equal(await client.ask(scan("a")), 1);
  assert.deepEqual(played.ports[1].got[0],
    { type: "load", ...LOAD, job: played.ports[1].got[0].job });
  client.close();
});

test("how far a model is reaches whoever listens, and counts as a sign of life",
  async () => {
    /** @type {any[]} */
    const news = [];
    const played = player((message, port) => {
      if (message.type !== "ready") return;
      let done = 0;
      const timer = setInterval(() => {
        port.say({ type: "loading", phase: "download", done, total: 9 });
        if (++done < 10) return;
        clearInterval(timer);
        port.say({ type: "done", job: message.job, result: "there" });
      }, 20);
    });
    const client = new Client({ start: played.start, load: LOAD,
      silenceMs: 60, onLoading: ({ done }) => void news.push(done) });
    assert.equal(await client.ask({ type: "ready" }), "there");
    assert.deepEqual(news, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    client.close();
  });

/** @param {number} windows @returns {any} */
function canned(windows) {
  /** @type {string[]} */
  const calls = [];
  let next = 0;
  return {
    calls,
    start: () => calls.push("start"),
    spans: () => [],
    window: () => next < windows
      ? { index: next, count: windows, ids: new Int32Array(2) } : null,
    answer: (/** @type {Float32Array} */ logits) => {
      calls.push(`answer ${next++}`);
      if (logits.length === 0 || logits.some(Number.isNaN))
        throw new ScrubjayError("MODEL", "not finite");
    },
    finish: () => calls.push("finish"),
    langs: () => "en",
    coverage: () => ({ complete: true }),
    nearRows: () => new Int32Array(0),
    unscanned: () => [],
  };
}

test("the pipeline answers every window before it finishes", async () => {
  const session = canned(3);
  /** @type {string[]} */
  const seen = session.calls;
  await detect(session, "a", /** @type {any} */ (READ), {
    infer: async () => ({ logits: new Float32Array(4), cols: 2 }),
    signal: new AbortController().signal,
    onFound: () => void seen.push("found"),
    onProgress: () => {},
  });
  assert.deepEqual(seen, ["start", "found", "answer 0", "answer 1", "answer 2",
    "finish"]);
});

test("a scan can be cancelled between two windows", async () => {
  const session = canned(3);
  const stop = new AbortController();
  await assert.rejects(detect(session, "a", /** @type {any} */ (READ), {
    infer: async () => ({ logits: new Float32Array(4), cols: 2 }),
    signal: stop.signal,
    onFound: () => {},
    onProgress: (_, done) => {
      if (done === 1 && session.calls.includes("answer 0")) stop.abort();
    },
  }), { code: "CANCELLED" });
  assert.deepEqual(session.calls, ["start", "answer 0"]);
});

test("a scan that waits for its model can be cancelled at once", async () => {
  const session = canned(1);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 10);
  await assert.rejects(detect(session, "a", /** @type {any} */ (READ), {
    infer: () => new Promise(() => {}),
    signal: stop.signal,
    onFound: () => {},
    onProgress: () => {},
  }), { code: "CANCELLED" });
  assert.deepEqual(session.calls, ["start"]);
});

test("an answer that is no answer costs its own window and no other", async () => {
  for (const broken of [Float32Array.of(0, NaN, 0, 0), new Float32Array(3)]) {
    const session = canned(3);
    await detect(session, "a", /** @type {any} */ (READ), {
      infer: async ({ index }) => ({
        logits: index === 1 ? broken : new Float32Array(4), cols: 2 }),
      signal: new AbortController().signal,
      onFound: () => {},
      onProgress: () => {},
    });
    assert.deepEqual(session.calls,
      ["start", "answer 0", "answer 1", "answer 2", "finish"]);
  }
});
