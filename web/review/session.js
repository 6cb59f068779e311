// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// session.js - the review as data. No DOM, no I/O.
//
// A review is a frozen value; step() answers an action with the next one. What
// a person decides (keep, hide, relabel, add, move an edge) is kept in
// `items`, and every change of `items` can be undone without limit. What is
// only looked at (focus, selection, filter, seen) is not part of the history.
// All offsets are UTF-16 units of the note's view text.

import { kindByKey, kindOf } from "./kinds.js";
import { toOriginal, toView } from "./note.js";

/** @import {Nears} from "../types.js" */
/** @import {Note} from "./note.js" */

/**
 * @typedef {object} Source
 * @property {string} kind "rule", "model", "known", "manual", ...
 * @property {string} id
 * @property {number} [score]
 */

/**
 * One finding, or one addition of the person.
 *
 * @typedef {object} Item
 * @property {string} id
 * @property {number} start
 * @property {number} end
 * @property {string} label
 * @property {string} role
 * @property {string} subtype
 * @property {number} score
 * @property {boolean} uncertain
 * @property {boolean} manual a person added or moved it
 * @property {boolean} kept true where it stays in clear; not decided, the
 *   policy says so
 * @property {boolean} decided a person changed something about it
 * @property {string} group same kind, same surface
 * @property {readonly Source[]} sources
 * @property {readonly {id: string}[]} veto
 */

/**
 * @typedef {object} Filter
 * @property {string} text
 * @property {readonly string[]} kinds only these; none means all
 * @property {"all" | "uncertain" | "unseen" | "manual" | "kept" | "rule"
 *   | "model" | "known"} state
 */

/**
 * @typedef {object} Review
 * @property {Readonly<Note>} note
 * @property {readonly Item[]} items ordered, never overlapping
 * @property {Nears} near what came close, in offsets of the original
 * @property {readonly (readonly Item[])[]} past
 * @property {readonly (readonly Item[])[]} future
 * @property {string | null} focus id of the current item
 * @property {{start: number, end: number} | null} selection
 * @property {Filter} filter
 * @property {ReadonlySet<string>} seen uncertain items that were looked at or
 *   decided on
 * @property {number} made how many items were made by hand so far
 */

/**
 * @typedef {{type: "keep", ids: readonly string[], kept: boolean}
 *   | {type: "relabel", ids: readonly string[], kind: string}
 *   | {type: "add", ranges: readonly {start: number, end: number}[],
 *      kind: string}
 *   | {type: "move", id: string, start: number, end: number}
 *   | {type: "focus", id: string | null}
 *   | {type: "select", range: {start: number, end: number} | null}
 *   | {type: "filter", filter: Partial<Filter>}
 *   | {type: "undo"} | {type: "redo"}} Action
 */

/** @type {Filter} */
export const NO_FILTER = Object.freeze({ text: "", kinds: [], state: "all" });

/**
 * A new review of what the engine found.
 *
 * @param {Readonly<Note>} note
 * @param {readonly any[]} entities as detect() gives them, in offsets of
 *   `note.original`
 * @param {ReadonlySet<string>} [spared] ids of those that the policy leaves in
 *   clear
 * @param {Nears} [near] what came close, as detect() gives it
 * @returns {Readonly<Review>}
 */
export function startReview(note, entities, spared = new Set(), near = []) {
  const make = (/** @type {any} */ entity) =>
    makeItem(note, {
      id: String(entity.id),
      start: toView(note, entity.start),
      end: toView(note, entity.end),
      label: entity.label,
      role: entity.role ?? "",
      subtype: entity.subtype ?? "",
      score: entity.score ?? 0,
      uncertain: Boolean(entity.uncertain),
      manual: false,
      kept: spared.has(String(entity.id)),
      decided: false,
      sources: Object.freeze([...(entity.sources ?? [])]),
      veto: Object.freeze([...(entity.veto ?? [])]),
    });
  return Object.freeze({
    note,
    items: Object.freeze(
      entities.map(make).sort((a, b) => a.start - b.start)),
    near,
    past: Object.freeze([]),
    future: Object.freeze([]),
    focus: null,
    selection: null,
    filter: NO_FILTER,
    seen: new Set(),
    made: 0,
  });
}

/**
 * @param {Readonly<Review>} review
 * @param {Action} action
 * @returns {Readonly<Review>} the same object where nothing changed
 */
export function step(review, action) {
  switch (action.type) {
    case "keep":
      return look(
        change(review, action.ids, (item) =>
          item.kept === action.kept
            ? item
            : { ...item, kept: action.kept, decided: true },
        ),
        action.ids,
      );
    case "relabel":
      return look(relabel(review, action.ids, action.kind), action.ids);
    case "add":
      return add(review, action.ranges, action.kind);
    case "move":
      return move(review, action);
    case "focus":
      return focus(review, action.id);
    case "select":
      return Object.freeze({ ...review, selection: action.range });
    case "filter":
      return Object.freeze({
        ...review,
        filter: Object.freeze({ ...review.filter, ...action.filter }),
      });
    case "undo":
      return back(review);
    case "redo":
      return forth(review);
  }
}

/**
 * What replace is to hide, in offsets of the original text. What a person
 * decided on is hidden under every policy, as if added by hand.
 *
 * @param {Readonly<Review>} review
 */
export function hiddenEntities(review) {
  const hidden = review.items.filter((item) => !item.kept);
  return hidden.map((item) => ({
    id: item.id,
    start: toOriginal(review.note, item.start),
    end: toOriginal(review.note, item.end),
    label: item.label,
    role: item.role,
    subtype: item.subtype,
    score: item.score,
    manual: item.manual || item.decided,
    uncertain: item.uncertain,
    sources: item.sources,
    veto: item.veto,
  }));
}

/** @param {Readonly<Review>} review @param {Item} item */
export function surface(review, item) {
  return review.note.text.slice(item.start, item.end);
}

/**
 * @param {Readonly<Review>} review
 * @param {string | null} id
 * @returns {Item | undefined}
 */
export function itemById(review, id) {
  return id === null ? undefined : review.items.find((i) => i.id === id);
}

/**
 * The next item in the direction of `by` (1 or -1) from the current one, or
 * from the selection, going round at the ends; among the uncertain ones only
 * where asked.
 *
 * @param {Readonly<Review>} review
 * @param {1 | -1} by
 * @param {(item: Item) => boolean} accept
 * @returns {Item | undefined}
 */
export function nextItem(review, by, accept = () => true) {
  const current = itemById(review, review.focus);
  const at = current?.start ?? (by > 0 ? -1 : review.note.text.length + 1);
  const fit = review.items.filter((i) => i !== current && accept(i));
  if (by > 0) return fit.find((i) => i.start > at) ?? fit[0];
  return fit.findLast((i) => i.start < at) ?? fit.at(-1);
}

/**
 * The next uncertain item that nobody has looked at yet; the next uncertain one
 * where all were.
 *
 * @param {Readonly<Review>} review
 * @param {1 | -1} by
 * @returns {Item | undefined}
 */
export function nextDoubt(review, by) {
  return (
    nextItem(review, by, (i) => i.uncertain && !review.seen.has(i.id)) ??
    nextItem(review, by, (i) => i.uncertain)
  );
}

/**
 * @param {Readonly<Review>} review
 */
export function countsOf(review) {
  let hidden = 0;
  let manual = 0;
  let uncertain = 0;
  for (const item of review.items) {
    hidden += Number(!item.kept);
    manual += Number(item.manual);
    uncertain += Number(item.uncertain);
  }
  const all = review.items.length;
  return { all, hidden, manual, uncertain, seen: review.seen.size };
}

/**
 * The review of an edited text, with the decisions of the former one that
 * still hold: same surface, same neighbourhood. What was looked at stays so.
 *
 * @param {Readonly<Review>} former
 * @param {Readonly<Review>} fresh
 * @returns {Readonly<Review>}
 */
export function carryOver(former, fresh) {
  const place = placer(former.note.text, fresh.note.text);
  let review = fresh;
  for (const item of former.items) {
    const seen = former.seen.has(item.id);
    if (!item.decided && !seen) continue;
    const start = place(item.start, item.end);
    if (start < 0) continue;
    if (item.decided) review = decideAgain(review, item, start);
    if (!seen) continue;
    const end = start + item.end - item.start;
    const now = review.items.find((i) => i.start === start && i.end === end);
    if (now) review = look(review, [now.id]);
  }
  return Object.freeze({ ...review, past: Object.freeze([]) });
}

/**
 * @param {Readonly<Review>} review
 * @param {Item} item of the former review
 * @param {number} start where its surface lies now
 */
function decideAgain(review, item, start) {
  const end = start + item.end - item.start;
  const same = review.items.find((i) => i.start === start && i.end === end);
  const kind = kindOf(item);
  let next = review;
  if (same && kindOf(same) !== kind)
    next = step(next, { type: "relabel", ids: [same.id], kind });
  if (!same && item.manual)
    next = step(next, { type: "add", ranges: [{ start, end }], kind });
  const now = next.items.find((i) => i.start === start && i.end === end);
  return now && now.kept !== item.kept
    ? step(next, { type: "keep", ids: [now.id], kept: item.kept })
    : next;
}

/** Characters on either side that must be unchanged for a decision to hold. */
const NEAR = 12;

/**
 * A function from a stretch of the old text to its start in the new one, or -1
 * where its surface or neighbourhood changed.
 *
 * @param {string} before
 * @param {string} after
 * @returns {(start: number, end: number) => number}
 */
function placer(before, after) {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail))
    tail++;
  const shift = after.length - before.length;
  return (start, end) => {
    const from = Math.max(0, start - NEAR);
    const to = Math.min(before.length, end + NEAR);
    if (to <= head) return start;
    if (from >= before.length - tail) return start + shift;
    const near = before.slice(from, to);
    const at = after.indexOf(near);
    if (at < 0 || after.indexOf(near, at + 1) >= 0) return -1;
    return at + start - from;
  };
}

/**
 * @param {Readonly<Note>} note
 * @param {Omit<Item, "group">} item
 * @returns {Readonly<Item>}
 */
function makeItem(note, item) {
  const words = note.text.slice(item.start, item.end);
  const group = `${kindOf(item)} ${fold(words)}`;
  return Object.freeze({ ...item, group });
}

/**
 * Surfaces that differ in case, blanks or composition only are one group.
 *
 * @param {string} words
 */
export function fold(words) {
  return words.normalize("NFC").replace(/\s+/gu, " ").trim().toLowerCase();
}

/**
 * @param {Readonly<Review>} review
 * @param {readonly string[]} ids
 * @param {(item: Item) => Item} edit
 */
function change(review, ids, edit) {
  const wanted = new Set(ids);
  let changed = false;
  const items = review.items.map((item) => {
    const next = wanted.has(item.id) ? edit(item) : item;
    changed ||= next !== item;
    return next === item ? item : Object.freeze(next);
  });
  // An edge may have been moved over to the other side of a neighbour.
  items.sort((a, b) => a.start - b.start);
  return changed ? withItems(review, items) : review;
}

/**
 * @param {Readonly<Review>} review
 * @param {readonly string[]} ids
 * @param {string} key
 */
function relabel(review, ids, key) {
  const kind = kindByKey(key);
  return change(review, ids, (item) =>
    kindOf(item) === key
      ? item
      : makeItem(review.note, {
          ...item,
          label: kind.label,
          role: kind.role,
          subtype: "",
          // The policy spared what it was, not what it is.
          kept: item.kept && item.decided,
          decided: true,
        }),
  );
}

/**
 * Hide more. Hidden items that an added range touches are taken into it, so
 * that adding never uncovers; kept ones give way to it.
 *
 * @param {Readonly<Review>} review
 * @param {readonly {start: number, end: number}[]} ranges
 * @param {string} key
 */
function add(review, ranges, key) {
  const kind = kindByKey(key);
  let items = [...review.items];
  let made = review.made;
  let focus = review.focus;
  for (const range of ranges) {
    if (range.end <= range.start) continue;
    const touched = items.filter((i) => overlaps(i, range));
    const hidden = touched.filter((i) => !i.kept);
    made += 1;
    const item = makeItem(review.note, {
      id: `m${made}`,
      start: Math.min(range.start, ...hidden.map((i) => i.start)),
      end: Math.max(range.end, ...hidden.map((i) => i.end)),
      label: kind.label,
      role: kind.role,
      subtype: "",
      score: 1,
      uncertain: false,
      manual: true,
      kept: false,
      decided: true,
      sources: Object.freeze([{ kind: "manual", id: "manual" }]),
      veto: Object.freeze([]),
    });
    items = items.filter((i) => !overlaps(i, item));
    items.push(item);
    focus = item.id;
  }
  if (made === review.made) return review;
  items.sort((a, b) => a.start - b.start);
  return Object.freeze({
    ...withItems(review, items),
    made,
    focus,
    selection: null,
  });
}

/**
 * Move the edges of one item; it counts as made by hand from then on. Refused
 * where it would reach into a neighbour or become empty.
 *
 * @param {Readonly<Review>} review
 * @param {{id: string, start: number, end: number}} to
 */
function move(review, to) {
  const end = Math.min(to.end, review.note.text.length);
  const start = Math.max(0, to.start);
  const range = { start, end };
  const blocked = review.items.some(
    (i) => i.id !== to.id && overlaps(i, range),
  );
  if (start >= end || blocked) return review;
  return change(review, [to.id], (item) =>
    item.start === start && item.end === end
      ? item
      : makeItem(review.note, {
          ...item,
          start,
          end,
          manual: true,
          decided: true,
        }),
  );
}

/**
 * @param {{start: number, end: number}} a
 * @param {{start: number, end: number}} b
 */
function overlaps(a, b) {
  return a.start < b.end && b.start < a.end;
}

/** @param {Readonly<Review>} review @param {readonly Item[]} items */
function withItems(review, items) {
  return Object.freeze({
    ...review,
    items: Object.freeze(items),
    past: Object.freeze([...review.past, review.items]),
    future: Object.freeze([]),
  });
}

/** @param {Readonly<Review>} review @param {string | null} id */
function focus(review, id) {
  const item = itemById(review, id);
  const next = look(review, item ? [item.id] : []);
  return Object.freeze({ ...next, focus: item ? item.id : null });
}

/**
 * Remember which uncertain ones among these were looked at. It is no step of
 * the history: what was seen cannot be unseen.
 *
 * @param {Readonly<Review>} review
 * @param {readonly string[]} ids
 */
function look(review, ids) {
  const wanted = new Set(ids.filter((id) => !review.seen.has(id)));
  const fresh = review.items
    .filter((i) => i.uncertain && wanted.has(i.id))
    .map((i) => i.id);
  if (fresh.length === 0) return review;
  return Object.freeze({
    ...review,
    seen: new Set([...review.seen, ...fresh]),
  });
}

/** @param {Readonly<Review>} review */
function back(review) {
  const items = review.past.at(-1);
  if (!items) return review;
  return Object.freeze({
    ...review,
    items,
    past: Object.freeze(review.past.slice(0, -1)),
    future: Object.freeze([...review.future, review.items]),
    focus: focusAfter(review, items),
  });
}

/** @param {Readonly<Review>} review */
function forth(review) {
  const items = review.future.at(-1);
  if (!items) return review;
  return Object.freeze({
    ...review,
    items,
    past: Object.freeze([...review.past, review.items]),
    future: Object.freeze(review.future.slice(0, -1)),
    focus: focusAfter(review, items),
  });
}

/**
 * The first item that the step changed, so that the eye finds it.
 *
 * @param {Readonly<Review>} review
 * @param {readonly Item[]} items
 */
function focusAfter(review, items) {
  const had = new Set(review.items);
  const changed = items.find((i) => !had.has(i));
  if (changed) return changed.id;
  return items.some((i) => i.id === review.focus) ? review.focus : null;
}
