// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// help.js - the dialog that lists the keys.

import { button, el } from "./dom.js";

/** @import {Words} from "../i18n/en.js" */

/** @param {Words} words @returns {HTMLDialogElement} */
export function makeHelp(words) {
  const rows = words.keys.rows.map(([keys, what]) =>
    el(
      "tr",
      {},
      el(
        "th",
        { attrs: { scope: "row" } },
        ...(keys ?? "").split("  ").map((key) => el("kbd", { text: key })),
      ),
      el("td", { text: what ?? "" }),
    ),
  );
  /** @type {HTMLDialogElement} */
  const dialog = el(
    "dialog",
    { class: "help", attrs: { "aria-labelledby": "help-title" } },
    el("h2", { text: words.keys.title, attrs: { id: "help-title" } }),
    el("p", { text: words.keys.lead }),
    el("table", {}, el("tbody", {}, ...rows)),
    button(words.review.close, () => dialog.close(), { class: "primary" }),
  );
  return dialog;
}
