// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// offline.js - the line in the footer that says whether the page would work
// without its server, and that a new version waits.

import { button, el } from "../element/dom.js";
import { Keeper } from "../offline/keeper.js";

/** @import {Words} from "../i18n/en.js" */

/**
 * @param {URL} base folder of the page's files
 * @param {() => void} changed it is to be shown again
 */
export function makeOffline(base, changed) {
  const keeper = new Keeper(base, () => location.reload());
  keeper.addEventListener("change", changed);
  addEventListener("visibilitychange", () => {
    if (!document.hidden) void keeper.look();
  });
  const state = el("span", { class: "state", attrs: { role: "status" } });
  const bar = el("progress");
  const again = button("", () => void keeper.again());
  const update = el("span", { attrs: { role: "status" } });
  const begin = button("", () => void keeper.begin());
  const element = el(
    "div", { class: "offline" }, state, bar, again, update, begin);

  /**
   * @param {Words} words
   * @param {boolean} idle whether a restart would lose nothing
   */
  function show(words, idle) {
    const { standing } = keeper;
    const say = words.offline;
    const { name, done, total, code } = standing;
    const codes = /** @type {Record<string, string>} */ (say.codes);
    element.dataset["state"] = name;
    put(state, name === "failed"
      ? `${say.states.failed} ${codes[code] ?? codes["REFUSED"]}`
      : say.states[name]);
    bar.hidden = name !== "saving";
    bar.setAttribute("aria-label", say.bar);
    bar.max = Math.max(total, 1);
    bar.value = done;
    again.hidden = name !== "failed";
    put(again, say.again);
    const { update: what } = standing;
    const waits = what === "ready" || what === "others";
    put(update, what === "" ? ""
      : waits && !idle ? say.update.later : say.update[what]);
    begin.hidden = !waits || !idle;
    put(begin, say.begin);
  }
  return { element, show, keeper };
}

/**
 * What stays the same is not written again, for it would be read out again.
 * @param {HTMLElement} element
 * @param {string} text
 */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
