// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// near.js - what came close to being hidden, as suggestions: one for one
// surface, without those that the review has something to say about already.

import { kindOf } from "./kinds.js";

/** @import {Item, Review} from "./session.js" */

/**
 * @typedef {object} Suggestion
 * @property {string} key
 * @property {string} kind
 * @property {string} words
 * @property {readonly Item[]} items in order of the text
 */

/** More than these nobody reads; the likeliest come first. */
const MOST = 60;

/** @type {WeakMap<readonly Item[], readonly Suggestion[]>} */
const MADE = new WeakMap();

/**
 * @param {Readonly<Review>} review
 * @returns {readonly Suggestion[]}
 */
export function suggestions(review) {
  const known = MADE.get(review.items);
  if (known) return known;
  /** @type {Map<string, Item[]>} */
  const by = new Map();
  let at = 0;
  for (const item of review.near) {
    while ((review.items[at]?.end ?? Infinity) <= item.start) at++;
    if ((review.items[at]?.start ?? Infinity) < item.end) continue;
    const list = by.get(item.group);
    if (list) list.push(item);
    else by.set(item.group, [item]);
  }
  const best = (/** @type {Suggestion} */ { items }) =>
    Math.max(...items.map((item) => item.score));
  const made = [...by].map(([key, items]) => Object.freeze({
    key,
    kind: kindOf(/** @type {Item} */ (items[0])),
    words: review.note.text.slice(items[0]?.start, items[0]?.end)
      .replace(/\s+/gu, " "),
    items,
  })).sort((a, b) => best(b) - best(a)).slice(0, MOST);
  const frozen = Object.freeze(made);
  MADE.set(review.items, frozen);
  return frozen;
}
