// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// groups.js - the findings as the list shows them: one row for one surface.

import { kindOf } from "./kinds.js";
import { fold, surface } from "./session.js";

/** @import {Filter, Item, Review} from "./session.js" */

/**
 * @typedef {object} Group
 * @property {string} key
 * @property {string} kind
 * @property {string} words the first surface, blanks joined
 * @property {readonly Item[]} items in order of the text
 * @property {number} hidden how many of them are hidden
 * @property {boolean} uncertain any of them is
 * @property {boolean} manual all of them are
 */

/** @type {WeakMap<readonly Item[], readonly Group[]>} */
const MADE = new WeakMap();

/**
 * All groups: the ones to check first, then by first place.
 *
 * @param {Readonly<Review>} review
 * @returns {readonly Group[]}
 */
export function groupsOf(review) {
  const known = MADE.get(review.items);
  if (known) return known;
  /** @type {Map<string, Item[]>} */
  const by = new Map();
  for (const item of review.items) {
    const list = by.get(item.group);
    if (list) list.push(item);
    else by.set(item.group, [item]);
  }
  const former = formerGroups(review);
  const groups = [...by].map(([key, items]) => {
    const had = former.get(key);
    return had && sameItems(had.items, items)
      ? had
      : makeGroup(review, key, items);
  });
  groups.sort((a, b) => Number(b.uncertain) - Number(a.uncertain));
  const frozen = Object.freeze(groups);
  MADE.set(review.items, frozen);
  return frozen;
}

/**
 * The groups of the step before or, after an undo, of the step after: most of
 * them are the same, and who shows them need not look at those again.
 *
 * @param {Readonly<Review>} review
 * @returns {Map<string, Group>}
 */
function formerGroups(review) {
  const near = [review.past.at(-1), review.future.at(-1)];
  const lists = near.map((items) => items && MADE.get(items));
  const list = lists[0] ?? lists[1] ?? [];
  return new Map(list.map((group) => [group.key, group]));
}

/** @param {readonly Item[]} a @param {readonly Item[]} b */
function sameItems(a, b) {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/**
 * @param {Readonly<Review>} review
 * @param {string} key
 * @param {Item[]} items
 * @returns {Readonly<Group>}
 */
function makeGroup(review, key, items) {
  const first = /** @type {Item} */ (items[0]);
  return Object.freeze({
    key,
    kind: kindOf(first),
    words: surface(review, first).replace(/\s+/gu, " ").trim(),
    items: Object.freeze(items),
    hidden: items.filter((i) => !i.kept).length,
    uncertain: items.some((i) => i.uncertain),
    manual: items.every((i) => i.manual),
  });
}

/**
 * The groups that the filter lets through. A filter changes what is listed,
 * never what is hidden.
 *
 * @param {Readonly<Review>} review
 * @returns {readonly Group[]}
 */
export function shownGroups(review) {
  const { text, kinds, state } = review.filter;
  const wanted = fold(text);
  return groupsOf(review).filter(
    (group) =>
      (kinds.length === 0 || kinds.includes(group.kind)) &&
      (wanted === "" || fold(group.words).includes(wanted)) &&
      (state === "all" || group.items.some((i) => inState(review, i, state))),
  );
}

/** Kinds of source that are rules in one way or another. */
const RULES = Object.freeze(["rule", "list", "check", "context", "echo"]);

/**
 * @param {Readonly<Review>} review
 * @param {Item} item
 * @param {Exclude<Filter["state"], "all">} state
 */
function inState(review, item, state) {
  switch (state) {
    case "uncertain":
      return item.uncertain;
    case "unseen":
      return item.uncertain && !review.seen.has(item.id);
    case "manual":
      return item.manual;
    case "kept":
      return item.kept;
    case "rule":
      return item.sources.some((s) => RULES.includes(s.kind));
    default:
      return item.sources.some((s) => s.kind === state);
  }
}

/**
 * The summary by type: how many findings there are of each kind, and how many
 * of them are hidden, in order of first appearance.
 *
 * @param {Readonly<Review>} review
 * @returns {readonly {kind: string, all: number, hidden: number}[]}
 */
export function kindCounts(review) {
  /** @type {Map<string, {kind: string, all: number, hidden: number}>} */
  const counts = new Map();
  for (const item of review.items) {
    const kind = kindOf(item);
    const row = counts.get(kind) ?? { kind, all: 0, hidden: 0 };
    row.all += 1;
    row.hidden += Number(!item.kept);
    counts.set(kind, row);
  }
  return [...counts.values()];
}
