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
 * @param {{changed: () => void, prepare: () => Promise<boolean>,
 *   restart: () => void}} on it is to be shown again; a new version is to be
 *   begun with: may it? It has begun
 */
export function makeOffline(base, { changed, prepare, restart }) {
  const keeper = new Keeper(base, restart);
  keeper.addEventListener("change", changed);
  addEventListener("visibilitychange", () => {
    if (!document.hidden) void keeper.look();
  });
  /** @type {"" | "kept" | "may"} whether the browser may drop it */
  let lasting = "";
  const last = el("span", { class: "lasting" });
  const state = el("span", { class: "state", attrs: { role: "status" } });
  const bar = el("progress");
  const again = button("", () => void keeper.again());
  const update = el("span", { attrs: { role: "status" } });
  const begin = button("", () => void prepare().then(
    (may) => may ? keeper.begin() : undefined));
  const element = el(
    "div", { class: "offline" }, state, last, bar, again, update, begin);

  /**
   * @param {Words} words
   * @param {boolean} idle whether a restart would lose nothing
   * @param {boolean} note whether there is something to go on with after it
   */
  function show(words, idle, note) {
    const { standing } = keeper;
    const say = words.offline;
    const { name, done, total, code } = standing;
    const codes = /** @type {Record<string, string>} */ (say.codes);
    element.dataset["state"] = name;
    put(state, name === "failed"
      ? `${say.states.failed} ${codes[code] ?? codes["REFUSED"]}`
      : say.states[name]);
    put(last, lasting === "" || name !== "ready" ? "" : say.lasting[lasting]);
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
    put(begin, note ? say.saveBegin : say.begin);
  }
  /** Ask the browser to keep it all, once there is work that it is for. */
  async function persist() {
    const { storage } = navigator;
    const kept = await storage?.persisted?.().catch(() => false) ||
      await storage?.persist?.().catch(() => false);
    lasting = kept ? "kept" : "may";
    changed();
  }
  return { element, show, keeper, persist };
}

/**
 * What stays the same is not written again, for it would be read out again.
 * @param {HTMLElement} element
 * @param {string} text
 */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
