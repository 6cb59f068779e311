// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// caret.js - moving a caret through read-only text, for those who select with
// the keyboard.

/** @typedef {"character" | "word" | "line" | "edge" | "text"} Unit */

/** How far around the caret the segmenter looks. */
const REACH = 400;

/**
 * Where the caret goes.
 *
 * @param {string} text
 * @param {number} at
 * @param {Unit} unit `edge` is the start or end of the line, `text` of all
 * @param {1 | -1} by
 * @returns {number}
 */
export function moveCaret(text, at, unit, by) {
  switch (unit) {
    case "character":
      return segment(text, at, by, "grapheme");
    case "word":
      return segment(text, at, by, "word");
    case "line":
      return otherLine(text, at, by);
    case "edge":
      return by > 0 ? lineEnd(text, at) : lineStart(text, at);
    case "text":
      return by > 0 ? text.length : 0;
  }
}

/**
 * @param {string} text
 * @param {number} at
 * @param {1 | -1} by
 * @param {"grapheme" | "word"} granularity
 */
function segment(text, at, by, granularity) {
  const from = by > 0 ? at : Math.max(0, at - REACH);
  const part = text.slice(from, by > 0 ? at + REACH : at);
  const all = new Intl.Segmenter(undefined, { granularity }).segment(part);
  const pieces = by > 0 ? all : [...all].reverse();
  let place = at;
  for (const piece of pieces) {
    place = from + piece.index + (by > 0 ? piece.segment.length : 0);
    if (granularity === "grapheme" || piece.isWordLike) return place;
  }
  return place;
}

/**
 * The stretch of letters and digits that holds an offset or ends at it; null
 * where there is none.
 *
 * @param {string} text
 * @param {number} at
 * @returns {{start: number, end: number} | null}
 */
export function wordAt(text, at) {
  const from = Math.max(0, at - REACH);
  const part = text.slice(from, at + REACH);
  const all = new Intl.Segmenter(undefined, { granularity: "word" });
  const pieces = all.segment(part);
  for (const place of [at - from, at - from - 1]) {
    const piece = place < 0 ? undefined : pieces.containing(place);
    if (!piece?.isWordLike) continue;
    const start = from + piece.index;
    return { start, end: start + piece.segment.length };
  }
  return null;
}

/** @param {string} text @param {number} at */
function lineStart(text, at) {
  return at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
}

/** @param {string} text @param {number} at */
function lineEnd(text, at) {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** @param {string} text @param {number} at @param {1 | -1} by */
function otherLine(text, at, by) {
  const start = lineStart(text, at);
  const column = at - start;
  if (by > 0) {
    const end = lineEnd(text, at);
    if (end === text.length) return end;
    return Math.min(end + 1 + column, lineEnd(text, end + 1));
  }
  if (start === 0) return 0;
  return Math.min(lineStart(text, start - 1) + column, start - 1);
}
