// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// near.js - what came close to being hidden, as suggestions: one for one
// surface, without those that the review has something to say about already.
//
// A long note has thousands of them and nobody sees more than a few, so they
// stay the numbers that the engine gave until somebody asks. They are put into
// groups once a scan; after a decision, only the groups that are shown are
// looked at again.

import { kindOf } from "./kinds.js";
import { toView } from "./note.js";
import { fold } from "./session.js";

/** @import {Near} from "../types.js" */
/** @import {Item, Review} from "./session.js" */

/** @typedef {Readonly<{start: number, end: number}>} Stretch in the view text */

/**
 * @typedef {object} Suggestion
 * @property {string} key
 * @property {string} kind
 * @property {string} words
 * @property {readonly Stretch[]} items in order of the text
 */

/**
 * All that came close with one surface, and what of it was offered last.
 * @typedef {object} Group
 * @property {string} key
 * @property {string} kind
 * @property {string} words
 * @property {Stretch[]} places
 * @property {number} best the likeliest of them
 * @property {Suggestion | null} made
 */

/** More than these nobody reads; the likeliest come first. */
const MOST = 60;

/** @type {WeakMap<object, readonly Group[]>} */
const GROUPS = new WeakMap();

/**
 * Whether the suggestions of this scan have been put into groups yet: that
 * takes a moment, and can wait until the note is on the screen.
 * @param {Readonly<Review>} review
 */
export function isGrouped({ near }) {
  return near.length === 0 || GROUPS.has(near);
}

/** @param {Readonly<Review>} review @returns {readonly Group[]} */
function groupsOf({ note, near }) {
  const known = GROUPS.get(near);
  if (known) return known;
  /** @type {Map<string, Group>} */
  const by = new Map();
  for (let i = 0; i < near.length; i++) {
    const one = /** @type {Near} */ (near.at(i));
    const place = Object.freeze(
      { start: toView(note, one.start), end: toView(note, one.end) });
    const kind = kindOf(one);
    const words = note.text.slice(place.start, place.end);
    const key = `${kind} ${fold(words)}`;
    const group = by.get(key);
    if (group) {
      group.places.push(place);
      group.best = Math.max(group.best, one.score);
    } else
      by.set(key, { key, kind, words: words.replace(/\s+/gu, " "),
        places: [place], best: one.score, made: null });
  }
  const groups = [...by.values()].sort((a, b) => b.best - a.best);
  GROUPS.set(near, groups);
  return groups;
}

/**
 * Whether an item of the review lies over a place.
 * @param {readonly Item[]} items ordered
 * @param {Stretch} place
 */
function isTaken(items, { start, end }) {
  let low = 0;
  let high = items.length;
  while (low < high) { // the first that ends behind its start
    const middle = (low + high) >> 1;
    if (/** @type {Item} */ (items[middle]).end <= start) low = middle + 1;
    else high = middle;
  }
  return (items[low]?.start ?? Infinity) < end;
}

/**
 * @param {Readonly<Review>} review
 * @returns {readonly Suggestion[]} each the same object while it is the same
 */
export function suggestions(review) {
  /** @type {Suggestion[]} */
  const made = [];
  for (const group of groupsOf(review)) {
    const items = group.places.filter((one) => !isTaken(review.items, one));
    if (items.length === 0) continue;
    const { key, kind, words, made: last } = group;
    const same = last?.items.length === items.length &&
      items.every((one, i) => one === last.items[i]);
    group.made = same ? last : Object.freeze({ key, kind, words, items });
    made.push(/** @type {Suggestion} */ (group.made));
    if (made.length === MOST) break;
  }
  return Object.freeze(made);
}
