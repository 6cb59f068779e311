// SPDX-License-Identifier: Apache-2.0
//
// protocol.js - every message between page and worker. Both sides import it.
//
// The page sends a job under a number; the worker works on one job at a time,
// in order, and ends each with `done` or `failed`. Failures carry a code and a
// constant sentence, never text of the document.

/** @import {Coverage, Output, Range, Span} from "../../wasm/types.js" */
/** @import {EngineInfo, Mark} from "../types.js" */

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
 * To the worker.
 * @typedef {{type: "load", job: number, wasm: string, integrity: string}
 *   | {type: "detect", job: number, text: string, read: ReadOptions}
 *   | {type: "redact", job: number, text: string, read: ReadOptions,
 *      marks: readonly Mark[], write: WriteOptions}
 *   | {type: "cancel", job: number}
 *   | {type: "wipe", job: number}
 *   | {type: "ping"}} Request
 */

/**
 * @typedef {object} Detected
 * @property {readonly Span[]} spans
 * @property {Coverage} coverage
 * @property {readonly Range[]} unscanned
 * @property {number} ms
 */

/**
 * @typedef {object} Loaded
 * @property {EngineInfo} engine
 * @property {Readonly<Record<string, string>>} groups colour group by label
 * @property {Readonly<Record<string, number>>} flags
 */

/**
 * From the worker.
 * @typedef {{type: "done", job: number, result: Loaded | Detected | Output | null}
 *   | {type: "found", job: number, spans: readonly Span[]}
 *   | {type: "progress", job: number, phase: "start" | "rules" | "model",
 *      done: number, total: number}
 *   | {type: "failed", job: number, code: string, message: string,
 *      where?: string}
 *   | {type: "pong"}} Reply
 */

/** A started worker that says nothing for this long is taken for dead. */
export const SILENCE_MS = 20_000;

/** How often a page with work under way asks for a sign of life. */
export const PING_MS = 2_000;
