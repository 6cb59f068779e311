// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// machine.js - what the page can be doing, and what may follow what. The page
// asks these tables before it changes; what they do not name cannot happen.
//
// Five things go on at once: the note's way from pasting to sending (`at`), a
// shield that may lie over it, the network, an update that may wait, and a
// draft that may be kept. Each has its own events, and none of them takes the
// note's place.

/** @typedef {"empty" | "loading" | "detecting" | "reviewing" | "rulesOnly"
 *   | "editing" | "signing" | "signed" | "submitting" | "queued" | "sent"
 *   | "error"} State */
/** @typedef {"open" | "covered" | "locked"} Shield */
/** @typedef {"online" | "offline"} Network */
/** @typedef {"none" | "waiting"} Update */
/** @typedef {"none" | "kept"} Draft */

/**
 * @typedef {object} Place
 * @property {State} at
 * @property {Shield} shield
 * @property {Network} network
 * @property {Update} update
 * @property {Draft} draft kept where closing the page loses nothing
 * @property {"reviewing" | "rulesOnly" | null} review what there is to go back
 *   to; null before the first scan has ended
 */

/** @typedef {Readonly<Record<string, Readonly<Record<string, string>>>>} Table */

/**
 * The way of a note. `refuse` is something that was not taken: what there was
 * stays. `rulesOnly` is a review of what rules alone have found.
 * @type {Readonly<Record<State, Readonly<Record<string, State>>>>}
 */
export const EDGES = Object.freeze({
  // What is being typed is no note yet, but it can be wiped.
  empty: { give: "loading", refuse: "empty", wipe: "empty" },
  loading: {
    ready: "detecting",
    fail: "error",
    cancel: "empty",
    cancelEdit: "editing",
    wipe: "empty",
  },
  detecting: {
    found: "reviewing",
    foundRules: "rulesOnly",
    fail: "error",
    cancel: "empty",
    cancelEdit: "editing",
    wipe: "empty",
  },
  reviewing: {
    edit: "editing",
    sign: "signing",
    refuse: "reviewing",
    wipe: "empty",
  },
  rulesOnly: {
    edit: "editing",
    sign: "signing",
    refuse: "rulesOnly",
    wipe: "empty",
  },
  editing: {
    give: "loading",
    backReview: "reviewing",
    backRules: "rulesOnly",
    refuse: "editing",
    wipe: "empty",
  },
  signing: {
    confirm: "signed",
    backReview: "reviewing",
    backRules: "rulesOnly",
    refuse: "signing",
    wipe: "empty",
  },
  signed: {
    submit: "submitting",
    backReview: "reviewing",
    backRules: "rulesOnly",
    refuse: "signed",
    wipe: "empty",
  },
  submitting: {
    acknowledge: "sent",
    keep: "queued",
    fail: "signed",
    cancel: "signed",
  },
  queued: { acknowledge: "sent", wipe: "empty" },
  sent: { wipe: "empty" },
  error: {
    retry: "loading",
    back: "empty",
    backEdit: "editing",
    refuse: "error",
    wipe: "empty",
  },
});

/**
 * Covered while nobody sees the tab, locked until a person asks for the note.
 * @type {Readonly<Record<Shield, Readonly<Record<string, Shield>>>>}
 */
export const SHIELD = Object.freeze({
  open: { cover: "covered", lock: "locked" },
  covered: { uncover: "open", lock: "locked" },
  locked: { unlock: "open" },
});

/** @type {Readonly<Record<Network, Readonly<Record<string, Network>>>>} */
export const NETWORK = Object.freeze({
  online: { lose: "offline" },
  offline: { regain: "online" },
});

/** @type {Readonly<Record<Update, Readonly<Record<string, Update>>>>} */
export const UPDATE = Object.freeze({
  none: { updateFound: "waiting" },
  waiting: { update: "none" },
});

/** @type {Readonly<Record<Draft, Readonly<Record<string, Draft>>>>} */
export const DRAFT = Object.freeze({
  none: { draftKept: "kept" },
  kept: { draftLost: "none" },
});

/** What goes on behind the shield: work that was begun before it fell. */
export const BEHIND = Object.freeze([
  "ready", "found", "foundRules", "fail", "acknowledge", "keep", "wipe",
]);

/** Where there is no note to lose with the page, so that an update may be
 * taken; elsewhere its draft must be kept. */
export const IDLE = Object.freeze(["empty", "queued", "sent"]);

/** @type {Readonly<Place>} */
export const START = Object.freeze({
  at: "empty",
  shield: "open",
  network: "online",
  update: "none",
  draft: "none",
  review: null,
});

/**
 * What must hold beside the table's edge.
 * @type {Readonly<Record<string, (place: Place) => boolean>>}
 */
const GUARDS = Object.freeze({
  // Nobody acknowledges what cannot have arrived.
  acknowledge: (place) => place.network === "online",
  update: (place) => place.shield === "open" && place.at !== "submitting" &&
    (IDLE.includes(place.at) || place.draft === "kept"),
  // A way back to a review is there only where a scan has made one.
  backReview: (place) => place.review === "reviewing",
  backRules: (place) => place.review === "rulesOnly",
  backEdit: (place) => place.review !== null,
  cancelEdit: (place) => place.review !== null,
  back: (place) => place.review === null,
  cancel: (place) => place.at === "submitting" || place.review === null,
});

/** @typedef {"at" | "shield" | "network" | "update" | "draft"} Region */

/** @type {readonly (readonly [Region, Table])[]} */
const REGIONS = [
  ["at", EDGES],
  ["shield", SHIELD],
  ["network", NETWORK],
  ["update", UPDATE],
  ["draft", DRAFT],
];

/**
 * @param {Readonly<Place>} place
 * @param {string} event
 * @returns {Readonly<Place> | null} null where the event is not allowed
 */
export function follow(place, event) {
  for (const [region, table] of REGIONS) {
    const edges = table[place[region]] ?? {};
    if (!Object.hasOwn(edges, event)) continue;
    if (Object.hasOwn(GUARDS, event) && !GUARDS[event]?.(place)) return null;
    const covered = region === "at" && place.shield !== "open";
    if (covered && !BEHIND.includes(event)) return null;
    const next = { ...place, [region]: edges[event] };
    if (region !== "at") return Object.freeze(next);
    if (next.at === "reviewing" || next.at === "rulesOnly")
      next.review = next.at;
    // With the note goes what there was of it, and what it was hidden for.
    if (next.at === "empty") next.review = null;
    if (event === "wipe") {
      next.shield = "open";
      next.draft = "none";
    }
    return Object.freeze(next);
  }
  return null;
}

/**
 * How a note rests while another one is open. A scan that was broken off begins
 * again; what was about to be signed is looked at once more.
 * @typedef {Pick<Place, "at" | "review">} Rest
 */

/** What a note that nobody has opened yet rests as. @type {Readonly<Rest>} */
export const UNOPENED = Object.freeze({ at: "empty", review: null });

/** @param {Readonly<Place>} place @returns {Readonly<Rest>} */
export function restOf({ at, review }) {
  if (at === "signing" && review) return Object.freeze({ at: review, review });
  if (at !== "loading" && at !== "detecting")
    return Object.freeze({ at, review });
  return review ? Object.freeze({ at: "editing", review }) : UNOPENED;
}

/**
 * From one note to another, as that one rested. What is being sent is waited
 * for, and nobody turns to a note that is not to be seen.
 * @param {Readonly<Place>} place
 * @param {Readonly<Rest>} rest from restOf()
 * @returns {Readonly<Place> | null} null where that is not allowed
 */
export function turn(place, { at, review }) {
  if (place.shield !== "open" || place.at === "submitting") return null;
  return Object.freeze({ ...place, at, review });
}

/**
 * Whether the place has a review that can be worked on.
 * @param {Readonly<Place>} place
 */
export function inReview({ at }) {
  return at === "reviewing" || at === "rulesOnly";
}
