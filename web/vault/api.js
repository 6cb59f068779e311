// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// api.js - requests to scrubjayd, and what came of them. The only file of the
// vault that knows the network. An answer is a status and a JSON value that
// nobody has believed yet; a refusal becomes an error with the problem's name
// (RFC 9457), never with words that a server sent.

import { ScrubjayError } from "../../wasm/error.js";

import { isObject, parseJson } from "./bytes.js";
import { refusal } from "./error.js";

/** How long a server may take. */
const PATIENCE_MS = 30_000;

/** The most that an answer may have. */
const MOST_BYTES = 4 * 1024 * 1024;

/** A place in what was sent that looks like an identifier: no words of it. */
/** @typedef {{field: string, class: string, start: number,
 *   end: number}} Leak */

/** What a server refused, and whether it may take it later. */
export class Problem extends ScrubjayError {
  /**
   * @param {number} status
   * @param {string} name last part of the problem's type
   * @param {object} [more]
   * @param {number} [more.waitMs] that the server asks for
   * @param {string} [more.pointer] to a member, where the schema is in the way
   * @param {readonly Leak[]} [more.leaks]
   */
  constructor(status, name, { waitMs = 0, pointer = "", leaks = [] } = {}) {
    super("PROBLEM", "the server refuses", { where: name });
    this.status = status;
    this.waitMs = waitMs;
    this.pointer = pointer;
    this.leaks = leaks;
  }
}

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {unknown} body a JSON value; a text where it is none
 * @property {number} waitMs of Retry-After; 0 for none
 */

/**
 * @typedef {object} Request
 * @property {object | undefined} [body]
 * @property {string | undefined} [key] Idempotency-Key
 * @property {boolean | undefined} [open] asked without a token
 */

/** @typedef {(again: boolean) => Promise<string>} TokenSource `again`: the
 * last one was refused */

export class Api {
  #base;
  #token;
  #fetch;

  /**
   * @param {object} options
   * @param {string} options.base address that paths begin at
   * @param {TokenSource} options.token
   * @param {typeof fetch} [options.fetch]
   */
  constructor({ base, token, fetch: given }) {
    this.#base = base;
    this.#token = token;
    this.#fetch = given ?? ((url, init) => fetch(url, init));
  }

  /** @returns {Promise<string>} of whoever works here */
  token() {
    return this.#token(false);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Request} [what]
   * @returns {Promise<Answer>} of status 200 to 299
   * @throws {ScrubjayError} NETWORK, TOKEN, ANSWER, or a Problem
   */
  async call(method, path, what = {}) {
    const first = await this.#once(method, path, what, false);
    if (first.status !== 401 || what.open) return settle(first);
    return settle(await this.#once(method, path, what, true));
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Request} what
   * @param {boolean} again
   * @returns {Promise<Answer>}
   */
  async #once(method, path, { body, key, open }, again) {
    /** @type {Record<string, string>} */
    const headers = { accept: "application/json" };
    if (!open) headers["authorization"] = `Bearer ${await this.#bearer(again)}`;
    if (body) headers["content-type"] = "application/json";
    if (key) headers["idempotency-key"] = key;
    let response;
    let text;
    try {
      response = await this.#fetch(new URL(path, this.#base), {
        method, headers, cache: "no-store", credentials: "omit",
        redirect: "error", referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      text = await response.text();
    } catch {
      throw refusal("NETWORK");
    }
    if (text.length > MOST_BYTES) throw refusal("ANSWER", "size");
    const type = response.headers.get("content-type") ?? "";
    const json = /^application\/(?:[\w.-]+\+)?json\b/.test(type);
    return {
      status: response.status,
      body: json ? parseJson(text) : text,
      waitMs: waitOf(response.headers.get("retry-after")),
    };
  }

  /** @param {boolean} again */
  async #bearer(again) {
    try {
      return await this.#token(again);
    } catch (error) {
      if (error instanceof ScrubjayError) throw error;
      throw refusal("TOKEN");
    }
  }
}

/** @param {string | null} seconds */
function waitOf(seconds) {
  const wait = Number(seconds ?? "0");
  return Number.isFinite(wait) && wait > 0
    ? Math.min(wait, 24 * 3600) * 1000 : 0;
}

/** @param {Answer} answer @returns {Answer} */
function settle({ status, body, waitMs }) {
  if (status >= 200 && status < 300) return { status, body, waitMs };
  const problem = isObject(body) ? body : {};
  const type = typeof problem["type"] === "string" ? problem["type"] : "";
  const last = type.split("/").at(-1) ?? "";
  // Only what has the form of a name is taken over.
  const name = /^[a-z][a-z0-9-]{0,39}$/.test(last) ? last : `http-${status}`;
  if (status === 401) throw refusal("TOKEN", name);
  throw new Problem(status, name, {
    waitMs,
    pointer: wordOf(problem["pointer"], /^[\w/.-]{1,100}$/),
    leaks: leaksOf(problem["findings"]),
  });
}

/** @param {unknown} value @param {RegExp} form */
function wordOf(value, form) {
  return typeof value === "string" && form.test(value) ? value : "";
}

/** @param {unknown} value @returns {readonly Leak[]} */
function leaksOf(value) {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).slice(0, 100).map((one) => ({
    field: wordOf(one["field"], /^[\w/.-]{1,100}$/),
    class: wordOf(one["class"], /^[\w-]{1,40}$/),
    start: Number(one["start"]) || 0,
    end: Number(one["end"]) || 0,
  }));
}
