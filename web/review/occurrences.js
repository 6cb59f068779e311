// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// occurrences.js - the other places of a selected surface, and what a
// selection is meant to cover.

/** @typedef {{start: number, end: number}} Range */
/** @typedef {"here" | "word" | "exact" | "case"} Reach */

const WORD = /[\p{L}\p{M}\p{N}]/u;

/**
 * All places of the selected words, the selection itself included:
 * `here` only that one, `word` as a whole word in any case, `exact` the same
 * letters anywhere, `case` in any case anywhere.
 *
 * @param {string} text
 * @param {Range} range
 * @param {Reach} reach
 * @returns {Range[]}
 */
export function occurrences(text, range, reach) {
  const words = text.slice(range.start, range.end);
  if (reach === "here" || words.trim() === "") return [range];
  const source = words
    .split(/\s+/u)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&"))
    .join("\\s+");
  const pattern = new RegExp(source, reach === "exact" ? "gu" : "giu");
  /** @type {Range[]} */
  const found = [];
  for (const match of text.matchAll(pattern)) {
    const start = match.index;
    const end = start + match[0].length;
    const self = start < range.end && end > range.start;
    if (self || (reach === "word" && !standsAlone(text, start, end))) continue;
    found.push({ start, end });
  }
  found.push(range);
  return found.sort((a, b) => a.start - b.start);
}

/** @param {string} text @param {number} start @param {number} end */
function standsAlone(text, start, end) {
  const before = text.slice(Math.max(0, start - 2), start);
  const after = text.slice(end, end + 2);
  return (
    !WORD.test([...before].at(-1) ?? "") && !WORD.test([...after][0] ?? "")
  );
}

/**
 * A selection without the blanks at its ends and without half characters;
 * null where nothing is left.
 *
 * @param {string} text
 * @param {Range | null} range
 * @returns {Range | null}
 */
export function trimRange(text, range) {
  if (range === null) return null;
  let { start, end } = range;
  if (isLow(text, start)) start -= 1;
  if (isLow(text, end)) end += 1;
  while (start < end && /\s/u.test(text.charAt(start))) start++;
  while (end > start && /\s/u.test(text.charAt(end - 1))) end--;
  return start < end ? { start, end } : null;
}

/** @param {string} text @param {number} at */
function isLow(text, at) {
  const unit = text.charCodeAt(at);
  const before = text.charCodeAt(at - 1);
  const low = unit >= 0xdc00 && unit <= 0xdfff;
  return low && before >= 0xd800 && before <= 0xdbff;
}
