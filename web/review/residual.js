// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// residual.js - the last look before a text is given away: does anything that
// was hidden in one place still stand in clear in another?
//
// What was hidden is compared word by word: case, accents, widths, invisible
// characters and line breaks make no difference. From six letters and digits
// on, what stands between the words makes none either, so that (555) 010-4477
// is found as 555.010.4477; anything shorter must have the same signs between
// them. A match is always of whole words, and never reaches over a placeholder.

import { toOriginal, toView } from "./note.js";

/** @import {Place} from "../../wasm/types.js" */
/** @import {Item, Review} from "./session.js" */

/**
 * @typedef {object} Residue
 * @property {string} id of an item that hides the same words
 * @property {number} start in the view text
 * @property {number} end
 * @property {boolean} plain a short number or a single word, which may well
 *   mean something else here
 * @property {boolean} accepted a person left this very place in clear, and it
 *   is plain
 */

/** Fewer characters than this are found everywhere, and tell nothing. */
export const LEAST = 3;

/** From so many letters and digits on, signs between words are no matter. */
const LOOSE = 6;

const WORD = /[\p{L}\p{M}\p{N}\p{Cf}]+/gu;

/**
 * @param {string} word
 * @returns {string} the same for all spellings that are one word to a reader
 */
export function foldWord(word) {
  return word
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .toUpperCase()
    .toLowerCase();
}

/**
 * @typedef {object} Words
 * @property {string[]} words folded; none is empty
 * @property {number[]} starts
 * @property {number[]} ends
 */

/** @param {string} text @returns {Words} */
function wordsOf(text) {
  /** @type {Words} */
  const found = { words: [], starts: [], ends: [] };
  for (const match of text.matchAll(WORD)) {
    const word = foldWord(match[0]);
    if (word === "") continue; // nothing but invisible characters
    found.words.push(word);
    found.starts.push(match.index);
    found.ends.push(match.index + match[0].length);
  }
  return found;
}

/**
 * The words from..to and, where those are short, what stands between them.
 * @param {string} text
 * @param {Words} all
 * @param {number} from
 * @param {number} to one past the last
 */
function keyOf(text, all, from, to) {
  const words = all.words.slice(from, to);
  const joined = words.join(" ");
  if (joined.length - words.length + 1 >= LOOSE) return joined;
  let key = words[0] ?? "";
  for (let i = from + 1; i < to; i++) {
    const gap = text.slice(all.ends[i - 1], all.starts[i]);
    key += `${gap.replace(/\s+/gu, " ")}\u0000${all.words[i]}`;
  }
  return key;
}

/**
 * @typedef {object} Wanted
 * @property {Map<string, {id: string, plain: boolean}>} keys
 * @property {Map<string, Set<number>>} lengths by first word
 */

/**
 * What was hidden and can be looked for.
 * @param {Readonly<Review>} review
 * @param {readonly Item[]} items
 * @returns {Wanted}
 */
function wantedOf(review, items) {
  /** @type {Wanted} */
  const wanted = { keys: new Map(), lengths: new Map() };
  for (const item of items) {
    const surface = review.note.text.slice(item.start, item.end).trim();
    if ([...surface].length < LEAST) continue;
    const all = wordsOf(surface);
    const count = all.words.length;
    const first = all.words[0];
    if (first === undefined) continue;
    const joined = all.words.join("");
    const plain = joined.length < LOOSE
      || (count === 1 && !/\p{N}/u.test(joined));
    wanted.keys.set(keyOf(surface, all, 0, count), { id: item.id, plain });
    const lengths = wanted.lengths.get(first) ?? new Set();
    wanted.lengths.set(first, lengths.add(count));
  }
  return wanted;
}

/**
 * The items that the output really hides: a policy may leave some in clear.
 * @param {Readonly<Review>} review
 * @param {readonly Place[]} map in order
 * @returns {readonly Item[]}
 */
export function confirmedItems(review, map) {
  /** @type {Item[]} */
  const confirmed = [];
  let at = 0;
  for (const item of review.items) {
    if (item.kept) continue;
    const start = toOriginal(review.note, item.start);
    const end = toOriginal(review.note, item.end);
    while ((map[at]?.end ?? Infinity) <= start) at++;
    const place = map[at];
    if (place && place.start < end) confirmed.push(item);
  }
  return confirmed;
}

/**
 * Where confirmed originals still stand in what is to be given away.
 *
 * @param {Readonly<Review>} review
 * @param {{text: string, map: readonly Place[]}} output of this review
 * @returns {{originals: number, residues: readonly Residue[]}} how many were
 *   looked for, and where any was found, in order of the text
 */
export function findResidues(review, { text, map }) {
  const { keys, lengths } = wantedOf(review, confirmedItems(review, map));
  /** @type {Residue[]} */
  const residues = [];
  const kept = keptPlaces(review);
  let from = 0; // of the output
  let base = 0; // the same place in the original
  const end = { outStart: text.length, outEnd: text.length, end: 0 };
  for (const place of [...map, end]) {
    const piece = text.slice(from, place.outStart);
    for (const match of matches(piece, keys, lengths)) {
      const start = toView(review.note, base + match.start);
      const stop = toView(review.note, base + match.end);
      const accepted = match.plain && kept.has(`${start}-${stop}`);
      residues.push(Object.freeze({
        id: match.id, start, end: stop, plain: match.plain, accepted,
      }));
    }
    from = place.outEnd;
    base = place.end;
  }
  return { originals: keys.size, residues: Object.freeze(residues) };
}

/** Where a person said that a place stays. @param {Readonly<Review>} review */
function keptPlaces({ items }) {
  return new Set(items
    .filter((item) => item.kept && item.decided)
    .map((item) => `${item.start}-${item.end}`));
}

/**
 * @param {string} piece
 * @param {Wanted["keys"]} keys
 * @param {Wanted["lengths"]} lengths
 */
function* matches(piece, keys, lengths) {
  const all = wordsOf(piece);
  for (let i = 0; i < all.words.length; i++) {
    const some = lengths.get(/** @type {string} */ (all.words[i]));
    if (!some) continue;
    // The longest first: what it covers need not be told twice.
    for (const count of [...some].sort((a, b) => b - a)) {
      const last = i + count - 1;
      if (last >= all.words.length) continue;
      const hit = keys.get(keyOf(piece, all, i, last + 1));
      if (!hit) continue;
      const start = /** @type {number} */ (all.starts[i]);
      yield { ...hit, start, end: /** @type {number} */ (all.ends[last]) };
      i = last;
      break;
    }
  }
}
