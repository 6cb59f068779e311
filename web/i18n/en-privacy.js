// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// en-privacy.js - the words of what keeps a note from being seen, in English.

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
};
