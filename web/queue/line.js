// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// line.js - the notes that stand in line, as frozen data: how each stands, which
// is open, which comes next, and how many there may be. It has numbers, lengths
// and codes, and no word of a note. No DOM, no I/O.

/** What a queue takes: notes, and characters of all of them together. */
export const LIMITS = Object.freeze({ notes: 200, size: 32 * 1024 * 1024 });

/**
 * `review` is one that has been read and waits for a person, `sending` one on
 * its way, `queued` one that is kept to be sent, `failed` one that could not be
 * read.
 * @typedef {"waiting" | "scanning" | "review" | "editing" | "signed"
 *   | "sending" | "queued" | "sent" | "failed"} Standing
 */

/**
 * One note.
 * @typedef {object} Entry
 * @property {number} id its number: given once, never again
 * @property {number} size in characters
 * @property {Standing} standing
 * @property {number | null} findings null before it was read
 * @property {number} open uncertain ones that nobody has looked at
 * @property {string} why a code, where something was not done
 * @property {string} type of document; "" where nobody said
 */

/**
 * @typedef {object} Line
 * @property {readonly Readonly<Entry>[]} entries in order
 * @property {number} current id of the open one; 0 for none
 * @property {number} last the last number that was given
 * @property {Readonly<{entry: Readonly<Entry>, at: number}> | null} removed the
 *   one that was removed last, and where it stood
 */

/** @type {Readonly<Line>} */
export const NOBODY = Object.freeze(
  { entries: Object.freeze([]), current: 0, last: 0, removed: null });

/** Where a person has something to do. */
const TO_DO = new Set(["waiting", "scanning", "review", "editing", "failed"]);
/** Where nothing is left to do. */
const OVER = new Set(["signed", "sending", "queued", "sent"]);

/** How the page's states stand in line. @type {Readonly<Record<string, Standing>>} */
const STANDINGS = Object.freeze({
  empty: "waiting",
  loading: "scanning",
  detecting: "scanning",
  reviewing: "review",
  rulesOnly: "review",
  signing: "review",
  editing: "editing",
  signed: "signed",
  submitting: "sending",
  queued: "queued",
  sent: "sent",
  error: "failed",
});

/** @param {string} at a state of review/machine.js @returns {Standing} */
export function standingOf(at) {
  return STANDINGS[at] ?? "waiting";
}

/** @param {Readonly<Line>} line */
export function sizeOf({ entries }) {
  return entries.reduce((sum, { size }) => sum + size, 0);
}

/**
 * Why a note of this size cannot be taken in; "" where it can.
 * @param {Readonly<Line>} line
 * @param {number} size
 * @returns {"" | "FULL" | "TOO_MUCH"}
 */
export function refusal(line, size) {
  if (line.entries.length >= LIMITS.notes) return "FULL";
  return sizeOf(line) + size > LIMITS.size ? "TOO_MUCH" : "";
}

/**
 * @param {Readonly<Line>} line that has room for it
 * @param {number} size
 * @returns {Readonly<Line>} whose last entry is the new one
 */
export function add(line, size) {
  const id = line.last + 1;
  const entry = Object.freeze({
    id, size, standing: /** @type {Standing} */ ("waiting"),
    findings: null, open: 0, why: "", type: "",
  });
  return Object.freeze({
    ...line, last: id, entries: Object.freeze([...line.entries, entry]) });
}

/**
 * @param {Readonly<Line>} line
 * @param {number} id
 * @returns {Readonly<Entry> | undefined}
 */
export function entryOf({ entries }, id) {
  return entries.find((entry) => entry.id === id);
}

/**
 * What is known of a note now.
 * @param {Readonly<Line>} line
 * @param {number} id
 * @param {Partial<Omit<Entry, "id">>} news
 * @returns {Readonly<Line>} the same where nothing is new
 */
export function tell(line, id, news) {
  const former = entryOf(line, id);
  const keys = /** @type {(keyof typeof news)[]} */ (Object.keys(news));
  if (!former || keys.every((key) => former[key] === news[key])) return line;
  const entry = Object.freeze({ ...former, ...news });
  return Object.freeze({ ...line, entries: Object.freeze(
    line.entries.map((one) => one === former ? entry : one)) });
}

/**
 * @param {Readonly<Line>} line
 * @param {number} id
 * @returns {Readonly<Line>}
 */
export function open(line, id) {
  return entryOf(line, id) ? Object.freeze({ ...line, current: id }) : line;
}

/**
 * Take a note out; another one is to be opened where it was the open one.
 * @param {Readonly<Line>} line
 * @param {number} id
 * @returns {Readonly<Line>}
 */
export function remove(line, id) {
  const at = line.entries.findIndex((entry) => entry.id === id);
  const entry = line.entries[at];
  if (!entry) return line;
  return Object.freeze({
    ...line,
    entries: Object.freeze(line.entries.filter((one) => one !== entry)),
    current: line.current === id ? 0 : line.current,
    removed: Object.freeze({ entry, at }),
  });
}

/**
 * Put the one that was removed last back where it stood.
 * @param {Readonly<Line>} line
 * @returns {Readonly<Line>}
 */
export function restore(line) {
  if (!line.removed) return line;
  const { entry, at } = line.removed;
  const entries = [...line.entries];
  entries.splice(at, 0, entry);
  return Object.freeze(
    { ...line, entries: Object.freeze(entries), removed: null });
}

/** Nobody wants the removed one back. @param {Readonly<Line>} line */
export function dismiss(line) {
  return line.removed ? Object.freeze({ ...line, removed: null }) : line;
}

/**
 * The note before or after the open one; 0 where there is none.
 * @param {Readonly<Line>} line
 * @param {1 | -1} by
 */
export function neighbour({ entries, current }, by) {
  const at = entries.findIndex(({ id }) => id === current);
  return at < 0 ? entries[0]?.id ?? 0 : entries[at + by]?.id ?? 0;
}

/**
 * The entries after the open one, then those before it.
 * @param {Readonly<Line>} line
 */
function around({ entries, current }) {
  const at = entries.findIndex(({ id }) => id === current);
  return at < 0 ? entries : [...entries.slice(at + 1), ...entries.slice(0, at)];
}

/**
 * Where a person goes on: the next note with something to do; 0 for none.
 * @param {Readonly<Line>} line
 */
export function nextToDo(line) {
  return around(line).find(({ standing }) => TO_DO.has(standing))?.id ?? 0;
}

/**
 * The next note to read ahead; 0 for none.
 * @param {Readonly<Line>} line
 */
export function nextToRead(line) {
  return around(line).find(({ standing, findings }) =>
    standing === "waiting" && findings === null)?.id ?? 0;
}

/**
 * Whether wiping all of them would lose work, for whoever has to be asked.
 * @param {Readonly<Line>} line
 */
export function tally({ entries }) {
  const count = (/** @type {(entry: Readonly<Entry>) => boolean} */ test) =>
    entries.filter(test).length;
  return {
    all: entries.length,
    over: count(({ standing }) => OVER.has(standing)),
    signed: count(({ standing }) => standing === "signed"),
    sent: count(({ standing }) => standing === "sent"),
    queued: count(({ standing }) => standing === "queued"),
    failed: count(({ standing }) => standing === "failed"),
  };
}
