// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// help.js - the dialog that lists the keys.

import { button, el } from "./dom.js";

/** @import {Words} from "../i18n/en.js" */

/** @param {Words} words @returns {HTMLDialogElement} */
export function makeHelp(words) {
  /** @type {HTMLDialogElement} */
  const dialog = el(
    "dialog",
    { class: "help", attrs: { "aria-labelledby": "help-title" } },
    el("h2", { text: words.keys.title, attrs: { id: "help-title" } }),
    el("p", { text: words.keys.lead }),
    el("table", {}, el("tbody")),
    button(words.review.close, () => dialog.close(), { class: "primary" }),
  );
  return dialog;
}

/**
 * @param {HTMLDialogElement} dialog of makeHelp()
 * @param {Words} words
 * @param {readonly (readonly string[])[]} more rows of the host's own keys: what
 *   they do comes in place of what the review does with them
 */
export function openHelp(dialog, words, more) {
  const own = new Set(more.map(([keys]) => keys));
  const rows = [...words.keys.rows.filter(([keys]) => !own.has(keys)), ...more];
  dialog.querySelector("tbody")?.replaceChildren(...rows.map(makeRow));
  dialog.showModal();
}

/** @param {readonly string[]} row */
function makeRow([keys = "", what = ""]) {
  return el(
    "tr",
    {},
    el(
      "th",
      { attrs: { scope: "row" } },
      ...keys.split("  ").map((key) => el("kbd", { text: key })),
    ),
    el("td", { text: what }),
  );
}
