// SPDX-License-Identifier: Apache-2.0
//
// protocol.js - every message between page and worker. Both sides import it.
//
// The page sends a job under a number; the worker works on one job at a time,
// in order, and ends each with `done` or `failed`. `load` is done as soon as
// the rules can read; the model follows, with `loading` on the way, and a
// `ready` job, which waits in no line, is done when it is there or is known to
// be missing. Failures carry a code and a constant sentence, never text of the
// document.

/** @import {Coverage, Leak, Output, Range, Span} from "../../wasm/types.js" */
/** @import {EngineInfo, Mark, Missing} from "../types.js" */

/**
 * A file of ours: where it is and what must be in it.
 * @typedef {object} Ref
 * @property {string} url
 * @property {string} sha256 in hexadecimal
 * @property {number} bytes
 */

/**
 * The files of a model bundle and of the runtime that runs it.
 * @typedef {object} ModelPlace
 * @property {Ref} manifest
 * @property {Ref} tokenizer
 * @property {Ref} model
 * @property {{script: string, glue: string, wasm: Ref}} runtime
 * @property {string} worker URL of the worker that they run in
 */

/**
 * What to load. Without a model, `missing` says why there is none; null where
 * none was asked for.
 * @typedef {object} LoadOptions
 * @property {string} wasm
 * @property {string} integrity
 * @property {ModelPlace | null} model
 * @property {Missing | null} missing
 * @property {number} threads
 */

/**
 * @typedef {object} ReadOptions
 * @property {string} [lang]
 * @property {string} [policy]
 * @property {string | object} [known]
 */

/**
 * @typedef {object} WriteOptions
 * @property {string} [style]
 * @property {boolean} [allowPartial]
 * @property {string} [key]
 * @property {string} [patient]
 */

/**
 * To the worker. A job that is done `ahead` fails with CANCELLED as soon as
 * another one comes.
 * @typedef {{type: "load", job: number} & LoadOptions
 *   | {type: "ready", job: number}
 *   | {type: "detect", job: number, text: string, read: ReadOptions,
 *      ahead?: boolean}
 *   | {type: "redact", job: number, text: string, read: ReadOptions,
 *      marks: readonly Mark[], write: WriteOptions, ahead?: boolean}
 *   | {type: "leaks", job: number, text: string, policy: string}
 *   | {type: "cancel", job: number}
 *   | {type: "wipe", job: number}
 *   | {type: "ping"}} Request
 */

/**
 * @typedef {object} Detected
 * @property {readonly Span[]} spans
 * @property {Int32Array} near as Session.nearRows() gives it
 * @property {string} lang "en", "fr" or "en,fr"
 * @property {Coverage} coverage
 * @property {readonly Range[]} unscanned
 * @property {EngineInfo} engine what read this text
 * @property {number} ms
 */

/**
 * @typedef {object} Loaded
 * @property {EngineInfo} engine
 * @property {Readonly<Record<string, string>>} groups colour group by label
 * @property {Readonly<Record<string, number>>} flags
 * @property {readonly string[]} labels by number
 * @property {readonly string[]} roles by number
 */

/**
 * From the worker.
 * @typedef {{type: "done", job: number,
 *      result: Loaded | EngineInfo | Detected | Output | readonly Leak[] | null}
 *   | {type: "found", job: number, spans: readonly Span[]}
 *   | {type: "progress", job: number, phase: "start" | "rules" | "model",
 *      done: number, total: number}
 *   | {type: "loading", phase: "download" | "check" | "start", done: number,
 *      total: number}
 *   | {type: "failed", job: number, code: string, message: string,
 *      where?: string}
 *   | {type: "pong"}} Reply
 */

/** A started worker that says nothing for this long is taken for dead. */
export const SILENCE_MS = 20_000;

/** How often a page with work under way asks for a sign of life. */
export const PING_MS = 2_000;
