// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// en-privacy.js - the words of what keeps a note from being seen, in English.

const clock = new Intl.DateTimeFormat("en", { timeStyle: "short" });

export const privacy = {
  tools: "Privacy",
  hide: "Hide the note",
  hideHint: "Covers the note until you ask for it",
  clear: "Empty the clipboard",
  clearHint: "A note that was pasted is still on the clipboard",
  cleared: "The clipboard is empty.",
  hidden: "The note is hidden",
  asked: "It is as you left it.",
  idle: (/** @type {number} */ minutes) =>
    `Nobody has used this page for ${minutes} minutes. The note is as you ` +
    "left it.",
  show: "Show the note",
  wipe: "Wipe the note",
  draft: {
    label: "Draft",
    hint: "Encrypted, with a key in this browser: it protects from a look at " +
      "the files, not from somebody who uses this browser. On a machine that " +
      "others use too, keep none.",
    choices: { session: "kept in this browser", off: "not kept" },
    states: {
      off: "", none: "", kept: "Saved.", changed: "Saving…",
      FULL: "Not saved: there is no room left in this browser.",
      REFUSED: "Not saved: the browser does not allow it.",
    },
    left: (/** @type {number} */ time, /** @type {number} */ n) => n === 1
      ? `A note of ${clock.format(time)} was not finished.`
      : `${n} notes of ${clock.format(time)} were not finished.`,
    /** @type {(n: number) => string} */
    leftMore: (n) => n === 1
      ? "It was closed with its tab, and is kept for twelve hours."
      : "They were closed with their tab, and are kept for twelve hours.",
    goOn: "Go on with it",
    discard: "Discard it",
  },
};
