// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// states.js - what the page can be doing, and what may follow what. The page
// asks this table before it changes.

/** @typedef {"empty" | "loading" | "detecting" | "reviewing" | "editing"
 *   | "error"} State */

/** @type {Readonly<Record<State, Readonly<Record<string, State>>>>} */
export const EDGES = Object.freeze({
  empty: { give: "loading", refuse: "empty" },
  loading: {
    ready: "detecting",
    fail: "error",
    cancel: "empty",
    cancelEdit: "editing",
  },
  detecting: {
    found: "reviewing",
    fail: "error",
    cancel: "empty",
    cancelEdit: "editing",
  },
  reviewing: { edit: "editing", wipe: "empty", refuse: "reviewing" },
  editing: { give: "loading", backReview: "reviewing", refuse: "editing" },
  error: {
    retry: "loading",
    back: "empty",
    backEdit: "editing",
    backReview: "reviewing",
    refuse: "error",
  },
});

/**
 * @param {State} state
 * @param {string} event
 * @returns {State | null} null where the event is not allowed
 */
export function follow(state, event) {
  const edges = EDGES[state];
  return Object.hasOwn(edges, event) ? (edges[event] ?? null) : null;
}
