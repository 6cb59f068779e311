// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// note.js - one note, as it came and as it is shown.
//
// The page shows and counts in the *view text*, where every line ends with LF;
// what the engine reads and what is copied out keeps the line ends it came
// with. The map between both is the sorted list of view positions whose LF
// stands for CRLF: every one of them shifts what follows by one.

/**
 * @typedef {object} Note
 * @property {string} original the text exactly as it was given
 * @property {string} text the view text: LF only
 * @property {Uint32Array} pairs view offsets of the LFs that were CRLF
 */

/**
 * @param {string} original
 * @returns {Readonly<Note>}
 */
export function makeNote(original) {
  if (!original.includes("\r"))
    return Object.freeze({
      original,
      text: original,
      pairs: new Uint32Array(),
    });
  /** @type {number[]} */
  const pairs = [];
  const found = /\r\n/gu;
  for (let m = found.exec(original); m !== null; m = found.exec(original))
    pairs.push(m.index - pairs.length);
  const text = original.replace(/\r\n?/gu, "\n");
  return Object.freeze({ original, text, pairs: Uint32Array.from(pairs) });
}

/**
 * Where a view offset lies in the original. The two sides of a line end map
 * to the two sides of the line end, never into the middle of CRLF.
 *
 * @param {Note} note
 * @param {number} at offset in `note.text`
 */
export function toOriginal(note, at) {
  return at + countBelow(note.pairs, (p) => p < at);
}

/**
 * Where an original offset lies in the view; the middle of CRLF belongs to the
 * place after it.
 *
 * @param {Note} note
 * @param {number} at offset in `note.original`
 */
export function toView(note, at) {
  // The i-th pair starts at pairs[i] + i in the original.
  const before = countBelow(note.pairs, (p, i) => p + i + 1 < at);
  const next = note.pairs[before];
  return next !== undefined && next + before + 1 === at
    ? next + 1
    : at - before;
}

/**
 * An edited view text with the line ends that the note had, where it had one
 * kind only; LF otherwise.
 *
 * @param {Note} note
 * @param {string} edited LF only
 */
export function withLineEnds(note, edited) {
  const lines = note.text.split("\n").length - 1;
  const crlf = lines > 0 && note.pairs.length === lines;
  return crlf ? edited.replaceAll("\n", "\r\n") : edited;
}

/**
 * How many entries of a sorted list satisfy a test that is true for its first
 * part only.
 *
 * @param {Uint32Array} list
 * @param {(value: number, index: number) => boolean} test
 */
function countBelow(list, test) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(/** @type {number} */ (list[middle]), middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
