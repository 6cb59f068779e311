// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// marked.js - reviews for tests, and what the engine would make of them.

import { makeNote, toOriginal } from "../../web/review/note.js";
import { startReview } from "../../web/review/session.js";

/** @import {Review} from "../../web/review/session.js" */

/**
 * A review of a text in which findings stand as {LABEL words}, {LABEL? words}
 * where uncertain.
 * @param {string} marked
 */
export function reviewOf(marked) {
  let text = "";
  const entities = [];
  let last = 0;
  for (const m of marked.matchAll(/\{([A-Z]+)(\??) ([^}]*)\}/g)) {
    text += marked.slice(last, m.index);
    const [whole, label = "", doubt, words = ""] = m;
    const start = text.length;
    const end = start + words.length;
    entities.push({
      id: `${start}-${end}-${label}`, start, end, label,
      uncertain: doubt === "?", sources: [{ kind: "rule", id: "test" }],
    });
    text += words;
    last = m.index + whole.length;
  }
  return startReview(makeNote(text + marked.slice(last)), entities);
}

/**
 * Each hidden item a placeholder.
 * @param {Readonly<Review>} review
 */
export function outputOf({ note, items }) {
  let text = "";
  let last = 0;
  const map = [];
  for (const item of items) {
    if (item.kept) continue;
    const start = toOriginal(note, item.start);
    const end = toOriginal(note, item.end);
    text += note.original.slice(last, start);
    const outStart = text.length;
    text += `[${item.label}]`;
    const outEnd = text.length;
    map.push({ start, end, outStart, outEnd, label: item.label, number: 0 });
    last = end;
  }
  text += note.original.slice(last);
  return { text, map, style: "placeholder" };
}
