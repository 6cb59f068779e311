// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// en-queue.js - the words of several notes in line, in English.

const count = new Intl.NumberFormat("en");

/**
 * @param {number} n
 * @param {string} one
 * @param {string} many
 */
function plural(n, one, many) {
  return `${count.format(n)} ${n === 1 ? one : many}`;
}

export const queue = {
  code: "en",
  title: "Notes",
  note: (/** @type {number} */ id) => `Note ${count.format(id)}`,
  place: (/** @type {number} */ at, /** @type {number} */ of) =>
    `${count.format(at)} of ${count.format(of)}`,
  size: (/** @type {number} */ n) => plural(n, "character", "characters"),
  /** How each stands; its findings come from `found`. */
  standings: {
    waiting: "Waiting",
    scanning: "Scanning…",
    review: "To review",
    editing: "Being edited",
    signed: "Signed",
    sending: "Being sent",
    queued: "Kept, will be sent",
    sent: "Sent",
    failed: "Failed",
  },
  found: (/** @type {number} */ n, /** @type {number} */ open) =>
    n === 0 ? "nothing found"
      : `${count.format(n)} found, ${count.format(open)} to check`,
  /** A state and what is to be said of it. */
  both: (/** @type {string} */ state, /** @type {string} */ more) =>
    more === "" ? state : `${state}: ${more}`,
  /** What a code of the engine means for a note in line. */
  why: {
    STOPPED: "the server does not take it: open it",
    WORKER: "the engine stopped: open it to try again",
    TOO_LARGE: "larger than 16 MB",
    EMPTY: "there is nothing in it",
    OTHER: "open it to try again",
  },
  progress: (/** @type {number} */ over, /** @type {number} */ all) =>
    `${count.format(over)} of ${count.format(all)} signed`,
  previous: "Previous note",
  next: "Next note",
  list: "List",
  add: "Add files…",
  remove: (/** @type {number} */ id) => `Remove note ${count.format(id)}`,
  removed: (/** @type {number} */ id) =>
    `Note ${count.format(id)} was removed.`,
  undo: "Put it back",
  dismiss: "Dismiss",
  reading: (/** @type {number} */ n) =>
    `Reading the files: ${count.format(n)} so far`,
  send: (/** @type {number} */ n) =>
    `Send ${plural(n, "signed note", "signed notes")}…`,
  sendStyle: (/** @type {number} */ n) =>
    `${plural(n, "note is", "notes are")} signed in another style than the ` +
    "one that is sent. Open it and sign it once more.",
  download: (/** @type {number} */ n) =>
    `Download ${plural(n, "signed text", "signed texts")}`,
  downloadHint: "One file, JSON Lines: a line has the number of the note, the " +
    "scrubbed text and its SHA-256.",
  reports: "Download their reports",
  reportsHint: "They name you: keep them apart from the texts.",
  wipe: "Wipe all…",
  wipeTitle: (/** @type {number} */ n) =>
    `Wipe ${plural(n, "note", "notes")}?`,
  wipeLead: (/** @type {number} */ todo, /** @type {number} */ signed) =>
    [todo === 0 ? "All of them are signed."
      : `${plural(todo, "note is", "notes are")} not signed yet.`,
    signed === 0 ? ""
      : `${plural(signed, "signed one was", "signed ones were")} not sent ` +
        "from here: download the texts first, if you want them.",
    "Nothing of any note stays in this tab."].filter(Boolean).join(" "),
  wipeNow: "Wipe them",
  keep: "Keep them",
  done: "That was the last note with something to do.",
  opened: (/** @type {number} */ at, /** @type {number} */ of) =>
    `Note ${count.format(at)} of ${count.format(of)}.`,
  added: (/** @type {number} */ n) =>
    `${plural(n, "note", "notes")} added.`,
  noneBefore: "There is no note before this one.",
  noneAfter: "There is no note after this one.",
  bad: (/** @type {number} */ n) =>
    `${plural(n, "file was", "files were")} not opened`,
  /** from, to: of the files, in the order in which they came. */
  badFile: (
    /** @type {number} */ from,
    /** @type {number} */ to,
    /** @type {string} */ why,
  ) => from === to ? `File ${count.format(from)}: ${why}`
    : `Files ${count.format(from)} to ${count.format(to)}: ${why}`,
  reasons: {
    EMPTY: "there is nothing in it.",
    TOO_LARGE: "it is larger than 16 MB, the most one note may have.",
    PDF: "it is a PDF. This version reads plain text only.",
    OFFICE: "it is an office file. This version reads plain text only.",
    RTF: "it is an RTF file. This version reads plain text only.",
    IMAGE: "it is a picture. Pictures are not read.",
    BINARY: "it is not text.",
    UNREADABLE: "it could not be read. It may have been moved or locked.",
    FULL: "there are 200 notes already, the most a queue holds.",
    MANY: "and all after it: a folder gives 1,000 files at most.",
    TOO_MUCH: "all notes together would be larger than 32 MB.",
    OTHER: "it could not be read.",
  },
  encoding: (/** @type {number} */ line) =>
    `it is not valid UTF-8, first on line ${count.format(line)}. Save it as ` +
    "UTF-8 and open it again.",
  noText: "There was no file in it.",
  keysTitle: "Several notes",
  keys: [
    ["Ctrl + Enter", "sign off; there, sign and open the next note"],
    ["Shift + N  Shift + P", "next, previous note"],
    ["↑ ↓ Enter Delete", "in the list: go, open, remove"],
  ],
};

/** @typedef {typeof queue} QueueWords */
