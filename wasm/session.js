// SPDX-License-Identifier: Apache-2.0
//
// session.js - one document at a time through the stages. The call order is
// that of scrubjay.h: start, (window, answer)*, finish, replace.

/** @import {Coverage, Hidden, Leak, Output, Place, Range, ReplaceOptions, Source, Span, StartOptions, Window} from "./types.js" */
/** @import {Engine} from "./engine.js" */
/** @import {Piece} from "./memory.js" */

import { ScrubjayError } from "./error.js";
import { errorFrom } from "./engine.js";

export class Session {
  /** @type {Engine} */
  #engine;
  #address = 0;
  #engineAddress = 0;

  /** @param {Engine} engine @param {number} address of the engine */
  constructor(engine, address) {
    this.#engine = engine;
    this.#engineAddress = address;
    this.#address = engine.calls.sjw_document_new?.(address) ?? 0;
    if (this.#address === 0) throw new ScrubjayError("NOMEM", "out of memory");
  }

  /**
   * Take a document, run rules and chart over it.
   * @param {string} text
   * @param {StartOptions} [options]
   * @throws {ScrubjayError} TOO_LARGE, ARGUMENT, NOMEM; JSON for a chart, with
   *   the path in `where`
   */
  start(text, options = {}) {
    const { memory, calls, constants } = this.#engine;
    const langs = langMask(options.lang ?? "auto", constants.langs);
    // The engine's limit is in bytes. Refused before memory is taken for it.
    if (text.length > 16 * 1024 * 1024)
      throw new ScrubjayError("TOO_LARGE", "the document is larger than 16 MB");
    /** @type {Piece[]} */
    const pieces = [];
    const keep = (/** @type {Piece} */ piece) => {
      pieces.push(piece);
      return piece;
    };
    try {
      const policy = options.policy === undefined
        ? 0 : keep(memory.putName(options.policy)).address;
      const known = keep(memory.put(chartText(options.known)));
      const how = keep(memory.take(calls.sjw_options_size?.() ?? 0));
      const error = keep(memory.take(calls.sjw_error_size?.() ?? 0));
      calls.sjw_options_set?.(
        how.address, langs, policy, known.address, known.size);
      // The document takes this piece over, also where it fails.
      const body = memory.putText(text);
      const status = calls.sjw_document_start?.(
        this.#address, body.address, body.size, how.address, error.address);
      if (status !== 0) throw errorFrom(memory, calls, constants, error);
    } finally {
      for (const piece of pieces) memory.give(piece);
    }
  }

  /** The next window to score; null where none is left. */
  /** @returns {Window | null} */
  window() {
    const row = this.#rows("sjw_read_window", "window");
    if (row.length === 0) return null;
    const at = (/** @type {number} */ i) => row[i] ?? 0;
    const { memory } = this.#engine;
    return {
      index: at(0),
      count: at(1),
      start: at(3),
      end: at(4),
      ids: memory.ints(at(5), at(2)),
      features: at(7) === 0
        ? new Int32Array(0) : memory.ints(at(6), at(2) * at(7)),
      featureCount: at(7),
    };
  }

  /**
   * The model's answer to the last window.
   * @param {Float32Array} logits `rows * cols` numbers
   * @param {number} rows
   * @param {number} cols
   * @throws {ScrubjayError} MODEL for a wrong shape or a number that is none
   */
  answer(logits, rows, cols) {
    const { memory, calls } = this.#engine;
    if (logits.length !== rows * cols)
      throw new ScrubjayError("MODEL", "the answer has another shape");
    const piece = memory.putFloats(logits);
    const status = calls.sjw_document_answer?.(
      this.#address, piece.address, rows, cols) ?? -1;
    memory.give(piece);
    this.#check(status);
  }

  finish() {
    this.#check(this.#engine.calls.sjw_document_finish?.(this.#address) ?? -1);
  }

  /** What was found so far, or, after finish, settled. */
  /** @returns {readonly Span[]} ordered, never overlapping */
  spans() {
    return this.#spans("sjw_read_spans", "sjw_read_sources");
  }

  /** After finish: what came close to being hidden and stays in clear. */
  /** @returns {readonly Span[]} ordered, overlapping neither each other nor
   *   a span */
  near() {
    // An engine that was built before there was such a thing tells of none.
    if (this.#engine.calls.sjw_read_near === undefined) return [];
    return this.#spans("sjw_read_near", "sjw_read_near_sources");
  }

  /**
   * The same in numbers alone, for a host that shows few of many: start, end,
   * label, role and score in thousandths, one after another.
   * @returns {Int32Array}
   */
  nearRows() {
    const { calls, constants } = this.#engine;
    if (calls.sjw_read_near === undefined) return new Int32Array(0);
    const cols = constants.cols.span;
    const rows = this.#rows("sjw_read_near", "span");
    const out = new Int32Array(rows.length / cols * 5);
    for (let at = 0, to = 0; at < rows.length; at += cols, to += 5) {
      const [start = 0, end = 0, label = 0, score = 0, , role = 0] =
        rows.subarray(at, at + 6);
      out.set([start, end, label, role, score], to);
    }
    return out;
  }

  /**
   * @param {string} call
   * @param {string} sourceCall
   */
  #spans(call, sourceCall) {
    const { constants } = this.#engine;
    const cols = constants.cols.span;
    const sources = this.#sources(sourceCall);
    const rows = this.#rows(call, "span");
    /** @type {Span[]} */
    const spans = [];
    for (let at = 0; at < rows.length; at += cols) {
      const [start = 0, end = 0, label = 0, score = 0, subtype = 0, role = 0,
        flags = 0, source = 0, count = 0] = rows.subarray(at, at + cols);
      spans.push({
        start,
        end,
        label: constants.labels[label]?.name ?? "ID",
        role: constants.roles[role] ?? "",
        subtype: this.#engine.subtypeName(subtype),
        score: score / 1000,
        flags,
        sources: sources.slice(source, source + count),
      });
    }
    return spans;
  }

  /** @param {string} call @returns {Source[]} */
  #sources(call) {
    const { constants } = this.#engine;
    const cols = constants.cols.source;
    const rows = this.#rows(call, "source");
    /** @type {Source[]} */
    const sources = [];
    for (let at = 0; at < rows.length; at += cols) {
      const [id = 0, score = 0, kind = 0] = rows.subarray(at, at + cols);
      sources.push({
        kind: constants.kinds[kind] ?? "",
        id: this.#engine.sourceName(id),
        score: score / 1000,
      });
    }
    return sources;
  }

  /**
   * The labels that makers of one kind claimed by themselves, whatever became
   * of it.
   * @param {string} kind of `Constants.kinds`, such as "model"
   * @returns {Set<string>}
   */
  claimed(kind) {
    const { constants, calls } = this.#engine;
    const bits = calls.sjw_document_claimed?.(
      this.#address, constants.kinds.indexOf(kind)) ?? 0;
    return new Set(constants.labels
      .filter((_, label) => (bits >>> label) & 1).map(({ name }) => name));
  }

  /**
   * In which languages it was read: those that a passage of it is of beyond
   * doubt, both where none is.
   * @returns {string} "en", "fr" or "en,fr"
   */
  langs() {
    const { constants, calls } = this.#engine;
    const bits = calls.sjw_document_langs?.(this.#address) ?? 0;
    return Object.entries(constants.langs)
      .filter(([, bit]) => (bits & bit) !== 0).map(([name]) => name).join();
  }

  /** @returns {Coverage} */
  coverage() {
    const [chars = 0, scanned = 0, windows = 0, answered = 0, complete = 0] =
      this.#rows("sjw_read_coverage", "coverage");
    return { chars, scanned, windows, answered, complete: complete === 1 };
  }

  /** The lines that were not scanned. @returns {readonly Range[]} */
  unscanned() {
    const rows = this.#rows("sjw_read_unscanned", "range");
    /** @type {Range[]} */
    const ranges = [];
    for (let at = 0; at < rows.length; at += 2)
      ranges.push({ start: rows[at] ?? 0, end: rows[at + 1] ?? 0 });
    return ranges;
  }

  /**
   * Write the scrubbed text.
   * @param {readonly Hidden[]} spans in any order; overlaps become their union.
   *   Of those that the policy leaves in clear, the manual ones are hidden
   * @param {ReplaceOptions} [options]
   * @returns {Output}
   * @throws {ScrubjayError} INCOMPLETE, ARGUMENT
   */
  replace(spans, options = {}) {
    const { memory, calls, constants } = this.#engine;
    const style = constants.styles.indexOf(options.style ?? "placeholder");
    if (style < 0) throw new ScrubjayError("ARGUMENT", "no such style");
    /** @type {Piece[]} */
    const pieces = [];
    const keep = (/** @type {Piece} */ piece) => {
      pieces.push(piece);
      return piece;
    };
    try {
      const rows = keep(memory.putInts(this.#spanRows(spans)));
      const name = keep(memory.putName("key"));
      const key = keep(memory.put(options.key ?? ""));
      const patient = keep(memory.put(options.patient ?? ""));
      const keys = keep(memory.putInts([
        name.address, key.address, key.size,
        name.address, patient.address, patient.size,
      ]));
      const how = keep(memory.take(calls.sjw_replace_size?.() ?? 0));
      calls.sjw_replace_set?.(
        how.address, style, options.allowPartial ? 1 : 0, keys.address);
      this.#check(calls.sjw_document_replace?.(
        this.#address, rows.address, spans.length, how.address) ?? -1);
      return this.#output();
    } finally {
      for (const piece of pieces) memory.give(piece);
    }
  }

  /** @param {readonly Hidden[]} spans */
  #spanRows(spans) {
    const { constants } = this.#engine;
    const cols = constants.cols.span;
    const rows = new Int32Array(spans.length * cols);
    for (const [i, span] of spans.entries()) {
      const label = constants.labels.findIndex((l) => l.name === span.label);
      if (label < 0) throw new ScrubjayError("ARGUMENT", "no such label");
      rows.set([
        span.start, span.end, label, 0,
        this.#engine.subtypeNumber(span.subtype),
        Math.max(constants.roles.indexOf(span.role), 0),
        span.manual === true ? constants.flags.manual ?? 0 : 0,
      ], i * cols);
    }
    return rows;
  }

  /** @returns {Output} */
  #output() {
    const { memory, calls, constants } = this.#engine;
    const call = (/** @type {string} */ name) => calls[name]?.(this.#address) ?? 0;
    const text = memory.text(call("sjw_output_text"), call("sjw_output_len"));
    const unscanned = call("sjw_output_unscanned");
    const rows = this.#rows("sjw_read_map", "map");
    /** @type {Place[]} */
    const map = [];
    for (let at = 0; at < rows.length; at += constants.cols.map) {
      const [start = 0, end = 0, outStart = 0, outEnd = 0, label = 0,
        number = 0] = rows.subarray(at, at + constants.cols.map);
      map.push({
        start, end, outStart, outEnd, number,
        label: constants.labels[label]?.name ?? "ID",
      });
    }
    return { text, map, unscanned };
  }

  /**
   * The leak guard over a scrubbed text; only of a guard's engine. What it says
   * is what scrubjayd says of the same text.
   * @param {string} text
   * @param {{policy?: string}} [options]
   * @returns {readonly Leak[]} at most 64, in UTF-16 units
   * @throws {ScrubjayError} INCOMPLETE, ARGUMENT, TOO_LARGE, NOMEM
   */
  leaks(text, { policy } = {}) {
    const { memory, calls, constants } = this.#engine;
    if (text.length > 16 * 1024 * 1024)
      throw new ScrubjayError("TOO_LARGE", "the document is larger than 16 MB");
    const name = policy === undefined ? null : memory.putName(policy);
    const body = memory.putText(text); // the document takes it over
    const count = calls.sjw_document_leaks?.(this.#address,
      this.#engineAddress, body.address, body.size, name?.address ?? 0) ?? -1;
    if (name) memory.give(name);
    this.#check(count < 0 ? -count : 0);
    const rows = memory.ints(calls.sjw_rows?.(this.#address) ?? 0, count * 3);
    /** @type {Leak[]} */
    const leaks = [];
    for (let at = 0; at < rows.length; at += 3)
      leaks.push({
        start: rows[at] ?? 0,
        end: rows[at + 1] ?? 0,
        label: constants.labels[rows[at + 2] ?? 0]?.name ?? "ID",
      });
    return leaks;
  }

  /** Wipe the document and keep the session. */
  reset() {
    this.#engine.calls.sjw_document_reset?.(this.#address);
  }

  /** Wipe the document and end the session. */
  free() {
    this.#engine.calls.sjw_document_free?.(this.#address);
    this.#address = 0;
  }

  /**
   * The rows of a read call, copied.
   * @param {string} call
   * @param {keyof import("./types.js").Constants["cols"]} kind
   */
  #rows(call, kind) {
    const { memory, calls, constants } = this.#engine;
    const count = calls[call]?.(this.#address) ?? -1;
    if (count < 0) throw new ScrubjayError("NOMEM", "out of memory");
    if (count === 0) return new Int32Array(0);
    return memory.ints(
      calls.sjw_rows?.(this.#address) ?? 0, count * constants.cols[kind]);
  }

  /** @param {number} status */
  #check(status) {
    if (status === 0) return;
    const { constants } = this.#engine;
    throw new ScrubjayError(
      constants.statuses[status] ?? "UNKNOWN", constants.messages[status]);
  }
}

/**
 * A chart as JSON. What is no JSON is the engine's to refuse.
 * @param {string | object | undefined} known
 */
function chartText(known) {
  if (known === undefined) return "";
  return typeof known === "string" ? known : JSON.stringify(known);
}

/**
 * @param {string} lang
 * @param {Readonly<Record<string, number>>} langs
 */
function langMask(lang, langs) {
  let mask = 0;
  for (const word of lang.split(",")) {
    const bit = langs[word.trim()];
    if (bit === undefined) throw new ScrubjayError("ARGUMENT", "no such language");
    mask |= bit;
  }
  return mask;
}
