// SPDX-License-Identifier: Apache-2.0
//
// client.js - promises over the worker. It starts one when there is work, puts
// it away when there was none for a while (ending a worker is the only way to
// give its memory back), and notices when one has died.

/** @import {LoadOptions, Reply, Request} from "./worker/protocol.js" */

import { ScrubjayError } from "../wasm/error.js";
import { PING_MS, SILENCE_MS } from "./worker/protocol.js";

/** @typedef {Exclude<Request, {type: "cancel" | "ping" | "load"}>} Work */
/** @typedef {Extract<Reply, {type: "found" | "progress"}>} News */
/** @typedef {Extract<Reply, {type: "loading"}>} Loading */
/** @typedef {Extract<Reply, {type: "done"}>["result"]} Result */

/**
 * Omit that keeps the members of a union apart.
 * @template T
 * @template {PropertyKey} K
 * @typedef {T extends unknown ? Omit<T, K> : never} Without
 */

/**
 * @typedef {object} Pending
 * @property {(result: any) => void} resolve
 * @property {(error: ScrubjayError) => void} reject
 * @property {(news: News) => void} onNews
 */

/**
 * What a client needs of a Worker; tests pass their own.
 * @typedef {Pick<Worker, "postMessage" | "terminate" | "addEventListener">} Port
 */

/**
 * @typedef {object} ClientOptions
 * @property {() => Port} start makes a worker
 * @property {LoadOptions} load
 * @property {(news: Loading) => void} [onLoading] a model is on its way
 * @property {number} [idleMs] how long an idle worker is kept
 * @property {number} [silenceMs] after which a busy one is taken for dead
 */

export class Client {
  /** @type {ClientOptions} */
  #options;
  /** @type {Port | null} */
  #worker = null;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #lastJob = 0;
  #heard = 0;
  #closed = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #beat;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;
  /** @type {Promise<Result> | null} */
  #loaded = null;
  /** @param {ClientOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** Whether a worker is running. */
  get running() {
    return this.#worker !== null;
  }

  /**
   * Start the worker if there is none, and wait for its engine.
   * @returns {Promise<any>} the worker's Loaded
   */
  load() {
    if (this.#closed) return Promise.reject(closedError());
    this.#loaded ??= this.#post({ type: "load", ...this.#options.load });
    return this.#loaded;
  }

  /** End the worker; the next job gets another. */
  restart() {
    this.#end(deadError());
  }

  /**
   * Have something done.
   * @param {Without<Work, "job">} work
   * @param {{signal?: AbortSignal | undefined, onNews?: (news: News) => void}} [how]
   * @returns {Promise<any>}
   * @throws {ScrubjayError} CANCELLED, WORKER_DEAD, CLOSED; the engine's codes
   */
  async ask(work, how = {}) {
    const { signal } = how;
    if (signal?.aborted) throw cancelledError();
    await this.load();
    if (signal?.aborted) throw cancelledError();
    const job = this.#lastJob + 1; // the number that #post gives next
    const cancel = () => this.#worker?.postMessage({ type: "cancel", job });
    signal?.addEventListener("abort", cancel);
    try {
      return await this.#post(work, how.onNews);
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** End the worker; what is under way fails with CLOSED. */
  close() {
    this.#closed = true;
    this.#end(closedError());
  }

  /**
   * @param {Without<Exclude<Request, {type: "cancel" | "ping"}>, "job">} work
   * @param {(news: News) => void} [onNews]
   * @returns {Promise<any>}
   */
  #post(work, onNews = () => {}) {
    if (this.#closed) return Promise.reject(closedError());
    const job = ++this.#lastJob;
    const worker = this.#running();
    const promise = new Promise((resolve, reject) => {
      this.#pending.set(job, { resolve, reject, onNews });
    });
    this.#listen();
    worker.postMessage({ ...work, job });
    return promise;
  }

  /** @returns {Port} */
  #running() {
    if (this.#worker !== null) return this.#worker;
    const worker = this.#options.start();
    // What a worker that was ended had still sent is nobody's any more.
    worker.addEventListener("message", (event) => {
      if (this.#worker === worker)
        this.#take(/** @type {MessageEvent<Reply>} */ (event).data);
    });
    // An error event quotes source and message: only the fact is used.
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (this.#worker === worker) this.#end(deadError());
    });
    this.#worker = worker;
    return worker;
  }

  /** @param {Reply} reply */
  #take(reply) {
    this.#heard = performance.now();
    if (reply.type === "pong") return;
    if (reply.type === "loading") return this.#options.onLoading?.(reply);
    const pending = this.#pending.get(reply.job);
    if (pending === undefined) return;
    if (reply.type === "found" || reply.type === "progress")
      return pending.onNews(reply);
    this.#pending.delete(reply.job);
    if (this.#pending.size === 0) this.#rest();
    if (reply.type === "done") return pending.resolve(reply.result);
    pending.reject(new ScrubjayError(
      reply.code, reply.message, { where: reply.where ?? "" }));
    // A trapped engine answers nothing more: the next job gets a new worker.
    if (reply.code === "DEAD" || reply.code === "LOAD") this.#end(deadError());
  }

  // While work is under way, ask for signs of life.
  #listen() {
    clearTimeout(this.#idle);
    this.#idle = undefined;
    if (this.#beat !== undefined) return;
    this.#heard = performance.now();
    const silence = this.#options.silenceMs ?? SILENCE_MS;
    this.#beat = setInterval(() => {
      if (performance.now() - this.#heard > silence) this.#end(deadError());
      else this.#worker?.postMessage({ type: "ping" });
    }, Math.min(PING_MS, silence / 2));
  }

  #rest() {
    clearInterval(this.#beat);
    this.#beat = undefined;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(
      () => this.#end(deadError()), this.#options.idleMs ?? 120_000);
  }

  /** @param {ScrubjayError} reason what is under way fails with this */
  #end(reason) {
    clearInterval(this.#beat);
    clearTimeout(this.#idle);
    this.#beat = undefined;
    this.#idle = undefined;
    this.#worker?.terminate();
    this.#worker = null;
    this.#loaded = null;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(reason);
  }
}

function cancelledError() {
  return new ScrubjayError("CANCELLED", "the scan was cancelled");
}
function deadError() {
  return new ScrubjayError("WORKER_DEAD", "the worker has stopped");
}
function closedError() {
  return new ScrubjayError("CLOSED", "the redactor was closed");
}
