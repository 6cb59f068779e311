// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// frame.js - where the parts of the review stand.

import { el } from "./dom.js";

/** @import {Words} from "../i18n/en.js" */
/** @import {Bars} from "./bars.js" */
/** @import {List} from "./list.js" */
/** @import {MarksView} from "./view-marks.js" */

/**
 * @param {Words} words
 * @param {{bars: Bars, list: List, note: MarksView, scrubbed: MarksView,
 *   live: HTMLElement, help: HTMLElement}} parts
 */
export function makeFrame(words, { bars, list, note, scrubbed, live, help }) {
  const panes = el(
    "div",
    { class: "panes" },
    note.element,
    scrubbed.element,
    bars.adder,
  );
  const frame = el(
    "div",
    { class: "frame", attrs: { part: "frame", lang: words.code } },
    bars.top,
    el("div", { class: "body" }, panes, list.element),
    bars.bottom,
    live,
    help,
  );
  return { frame, panes };
}
