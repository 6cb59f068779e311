// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// draft.js - an unfinished review as one string, and back, with its history.
// The steps of a history share nearly all their items, so each item is written
// once, and a step is a list of numbers.

import { makeNote } from "./note.js";

/** @import {Item, Review} from "./session.js" */

/** The form that is written; another one is not read. */
const FORMAT = 1;

/**
 * What there is to keep of a note.
 * @typedef {object} Draft
 * @property {string} text what is in the field, where something is being typed
 * @property {Readonly<Review> | null} review null before the first scan
 * @property {readonly string[]} base of the scan, by baseOf()
 * @property {any} more what a page keeps beside it, as JSON can hold it
 */

/** @param {Readonly<Draft>} draft @returns {string} */
export function packDraft({ text, review, base, more }) {
  if (!review) return JSON.stringify({ format: FORMAT, text, base, more });
  /** @type {Map<Item, number>} */
  const numbers = new Map();
  const number = (/** @type {readonly Item[]} */ items) => items.map((item) => {
    const known = numbers.get(item);
    if (known !== undefined) return known;
    numbers.set(item, numbers.size);
    return numbers.size - 1;
  });
  // What came close is found again.
  const { note, seen, items, past, future, near: _, ...rest } = review;
  const steps = [items, ...past, ...future].map(number);
  return JSON.stringify({
    format: FORMAT, text, base, more,
    review: {
      ...rest, selection: null, original: note.original, seen: [...seen],
      table: [...numbers.keys()], steps, past: past.length,
    },
  });
}

/**
 * @param {string} packed
 * @returns {Readonly<Draft> | null} null where it is of another form
 */
export function unpackDraft(packed) {
  const held = JSON.parse(packed);
  if (held?.format !== FORMAT) return null;
  const { text, base, more } = held;
  if (!held.review) return Object.freeze({ text, review: null, base, more });
  const { original, table, steps, past, seen, ...rest } = held.review;
  for (const item of table) {
    for (const part of Object.values(item)) Object.freeze(part);
    Object.freeze(item);
  }
  const [items, ...history] = steps.map((/** @type {number[]} */ step) =>
    Object.freeze(step.map((i) => table[i])));
  /** @type {Readonly<Review>} */
  const review = Object.freeze({
    ...rest,
    filter: Object.freeze(rest.filter),
    note: makeNote(original),
    near: [],
    items,
    past: Object.freeze(history.slice(0, past)),
    future: Object.freeze(history.slice(past)),
    seen: new Set(seen),
  });
  return Object.freeze({ text, review, base, more });
}

/**
 * What a scan gave, as far as a review hangs on it: where two are the same, a
 * review of the one goes on over the other as it was, with its history.
 * @param {string} policy
 * @param {readonly {id: string}[]} entities
 * @param {ReadonlySet<string>} spared ids of those that the policy leaves
 * @returns {readonly string[]}
 */
export function baseOf(policy, entities, spared) {
  return [policy, ...entities.map(({ id }) =>
    spared.has(String(id)) ? `${id} spared` : String(id))];
}
