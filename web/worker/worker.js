// SPDX-License-Identifier: Apache-2.0
//
// worker.js - the worker's entry: one engine, one session, one queue of jobs.
//
// The session keeps the last document, so that writing it in another style
// needs no new scan. A document whose scan was broken off is wiped.

/** @import {Engine} from "../../wasm/engine.js" */
/** @import {Session} from "../../wasm/session.js" */
/** @import {ReadOptions, Reply, Request} from "./protocol.js" */

import { ScrubjayError } from "../../wasm/error.js";
import { loadScrubjay } from "../../wasm/scrubjay.js";
import { detect } from "./pipeline.js";

/** @typedef {Exclude<Request, {type: "cancel" | "ping"}>} Job */

/** @type {Job[]} */
const queue = [];
/** @type {Set<number>} */
const cancelled = new Set();
/** @type {Engine | null} */
let engine = null;
/** @type {Session | null} */
let session = null;
/** What the session holds, finished. @type {string | null} */
let held = null;
let busy = false;

/** @param {Reply} reply */
function send(reply) {
  self.postMessage(reply);
}

/** @param {string} text @param {ReadOptions} read */
function nameOf(text, read) {
  return JSON.stringify([read.lang, read.policy, read.known]) + text;
}

/** @param {Extract<Job, {type: "load"}>} job */
async function load(job) {
  const answer = await fetch(job.wasm, { integrity: job.integrity })
    .catch(() => null);
  if (!answer?.ok)
    throw new ScrubjayError("LOAD", "scrubjay.wasm cannot be fetched");
  const scrubjay = await loadScrubjay(answer);
  engine = scrubjay.createEngine();
  session = engine.session();
  warmUp(session);
  const { labels, flags } = scrubjay.constants;
  return {
    engine: {
      version: scrubjay.version,
      model: /** @type {const} */ ("none"),
      rules: engine.ruleCount,
      threads: 1,
    },
    groups: Object.fromEntries(labels.map((l) => [l.name, l.group])),
    flags,
  };
}

// The first document is slow: the browser has yet to optimise the code, and
// the automaton its states to build. An invented line takes that on itself.
/** @param {Session} first */
function warmUp(first) {
  first.start("Patient Ada Test, DOB 01/02/1950, MRN 1234567, tel 555-0100.");
  first.finish();
  first.reset();
}

function ready() {
  if (session === null)
    throw new ScrubjayError("STATE", "the engine is not loaded");
  return session;
}

/** @param {Extract<Job, {type: "detect" | "redact"}>} job */
async function scan(job) {
  const open = ready();
  held = null;
  try {
    const result = await detect(open, job.text, job.read, {
      infer: null,
      cancelled: () => cancelled.has(job.job),
      onFound: (spans) => send({ type: "found", job: job.job, spans }),
      onProgress: (phase, done, total) =>
        send({ type: "progress", job: job.job, phase, done, total }),
    });
    held = nameOf(job.text, job.read);
    return result;
  } catch (error) {
    open.reset();
    throw error;
  }
}

/** @param {Extract<Job, {type: "redact"}>} job */
async function redact(job) {
  if (held !== nameOf(job.text, job.read)) await scan(job);
  return ready().replace(
    job.marks.map((mark) => ({ role: "", subtype: "", ...mark })), job.write);
}

function wipe() {
  held = null;
  session?.reset();
  return null;
}

/** @param {Job} job */
function perform(job) {
  switch (job.type) {
    case "load": return load(job);
    case "detect": return scan(job);
    case "redact": return redact(job);
    case "wipe": return wipe();
  }
}

async function drain() {
  if (busy) return;
  busy = true;
  for (let job = queue.shift(); job; job = queue.shift()) {
    try {
      if (cancelled.has(job.job))
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
    cancelled.delete(job.job);
  }
  busy = false;
}

self.addEventListener("message", (event) => {
  const request = /** @type {MessageEvent<Request>} */ (event).data;
  if (request.type === "ping") return send({ type: "pong" });
  if (request.type === "cancel") return void cancelled.add(request.job);
  queue.push(request);
  void drain();
});
