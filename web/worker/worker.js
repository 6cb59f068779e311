// SPDX-License-Identifier: Apache-2.0
//
// worker.js - the worker's entry: one reader, one queue of jobs.
//
// The reader keeps the last document, so that writing it in another style
// needs no new scan. A document whose scan was broken off is wiped.

/** @import {Span} from "../../wasm/types.js" */
/** @import {Reply, Request} from "./protocol.js" */

import { ScrubjayError } from "../../wasm/error.js";
import { modelIn } from "./infer-client.js";
import { Reader } from "./reader.js";

/** @typedef {Exclude<Request, {type: "cancel" | "ping"}>} Job */

/** @type {Job[]} */
const queue = [];
/** @type {Map<number, AbortController>} */
const stops = new Map();
let busy = false;
/** The job that is being done. @type {Job | null} */
let current = null;

const reader = new Reader({
  fetch: (url, init) => fetch(url, init),
  makeModel: (place, threads, reports) => modelIn(
    new Worker(trusted(place.worker), { type: "module" }),
    place, threads, reports),
  onLoading: (phase, done, total) =>
    send({ type: "loading", phase, done, total }),
});

/** @type {any} */
let policy = null;

// Under Trusted Types, a worker starts another one only from a URL that a
// policy has passed: one of our origin.
/** @param {string} url @returns {string} */
function trusted(url) {
  const world = /** @type {any} */ (globalThis);
  if (world.trustedTypes === undefined) return url;
  policy ??= world.trustedTypes.createPolicy("scrubjay", {
    createScriptURL: (/** @type {string} */ href) =>
      new URL(href, world.location.href).origin === world.location.origin
        ? href : null,
  });
  return policy.createScriptURL(url);
}

/** When the engine is there. @type {Promise<unknown>} */
let loaded = Promise.resolve();

/** @param {Reply} reply */
function send(reply) {
  self.postMessage(reply);
}

/** @param {Job} job */
function perform(job) {
  const ears = {
    signal: stopOf(job).signal,
    /** @param {readonly Span[]} spans */
    onFound: (spans) => send({ type: "found", job: job.job, spans }),
    /**
     * @param {"start" | "rules" | "model"} phase
     * @param {number} done
     * @param {number} total
     */
    onProgress: (phase, done, total) =>
      send({ type: "progress", job: job.job, phase, done, total }),
  };
  switch (job.type) {
    case "load": return reader.load(job);
    case "ready": return reader.settled();
    case "detect": return reader.scan(job.text, job.read, ears);
    case "redact":
      return reader.redact(job.text, job.read, job.marks, job.write, ears);
    case "leaks": return reader.leaks(job.text, job.policy);
    case "wipe": return reader.wipe().then(() => null);
  }
}

/** @param {Job} job */
async function finish(job) {
  try {
    if (stopOf(job).signal.aborted)
      throw new ScrubjayError("CANCELLED", "the scan was cancelled");
    send({ type: "done", job: job.job, result: await perform(job) });
  } catch (error) {
    // Of an exception that is not ours, nothing is passed on.
    const known = error instanceof ScrubjayError;
    send({
      type: "failed",
      job: job.job,
      code: known ? error.code : "INTERNAL",
      message: known ? error.message : "the engine failed",
      // A path in a chart, or a place in a pack: keys, never values.
      where: known ? error.where : "",
    });
  }
  stops.delete(job.job);
}

/** @param {Job} job */
function stopOf(job) {
  let stop = stops.get(job.job);
  if (stop === undefined) stops.set(job.job, (stop = new AbortController()));
  return stop;
}

async function drain() {
  if (busy) return;
  busy = true;
  for (let job = queue.shift(); job; job = queue.shift()) {
    current = job;
    const done = finish(job);
    if (job.type === "load") loaded = done;
    await done;
  }
  current = null;
  busy = false;
}

/** @param {Job} job whether it waits for anybody to ask for something else */
const isAhead = (job) => "ahead" in job && job.ahead === true;

// What is read ahead makes way for what somebody waits for.
function makeWay() {
  for (const job of current ? [current, ...queue] : queue)
    if (isAhead(job)) stopOf(job).abort();
}

self.addEventListener("message", (event) => {
  const request = /** @type {MessageEvent<Request>} */ (event).data;
  if (request.type === "ping") return send({ type: "pong" });
  // A job that is over has nothing left to stop.
  if (request.type === "cancel") return stops.get(request.job)?.abort();
  stopOf(request);
  // Whoever waits for the model must not keep the notes waiting.
  if (request.type === "ready") return void ready(request);
  if (!isAhead(request)) makeWay();
  queue.push(request);
  void drain();
});

/** @param {Extract<Job, {type: "ready"}>} job */
async function ready(job) {
  await loaded;
  await finish(job);
}
