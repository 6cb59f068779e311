// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// come-back.js - the end of the window that signed somebody in: what the issuer
// sent it back with is told to the page that waits, and the window closes. That
// page looks at it; this one takes it out of the address and keeps nothing.

import { el } from "../element/dom.js";
import { CHANNEL } from "../vault/channel.js";
import { storedWords } from "./settings.js";

/** How long the page that waits may take to answer. */
const PATIENCE_MS = 2000;

/**
 * @returns {Promise<boolean>} whether this was such a window; where nobody
 *   waits for it, it is a page like any other
 */
export async function handOver() {
  const { search, pathname } = location;
  const state = new URLSearchParams(search).get("state");
  if (state === null) return false;
  history.replaceState(null, "", pathname);
  if (!await isTaken(state, search)) return false;
  const { code, page } = storedWords();
  document.documentElement.lang = code;
  // A browser may not let a window close itself that was elsewhere.
  document.body.replaceChildren(el("main", {}, el("p", { text: page.signedIn })));
  close();
  return true;
}

/** @param {string} state @param {string} said @returns {Promise<boolean>} */
function isTaken(state, said) {
  const channel = new BroadcastChannel(CHANNEL);
  return new Promise((resolve) => {
    const end = (/** @type {boolean} */ taken) => {
      channel.close();
      resolve(taken);
    };
    setTimeout(() => end(false), PATIENCE_MS);
    channel.onmessage = ({ data }) => {
      if (data?.taken === state) end(true);
    };
    channel.postMessage({ said });
  });
}
