// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// lifetime.js - how long originals may stay on the page: until it is left, or
// nobody did anything for a while. A page that is only hidden counts as one
// that nobody uses; one that the browser keeps for the way back is left.

/** What somebody who is there does. */
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

/**
 * @param {number} idleMs
 * @param {(why: "idle" | "left") => void} gone
 * @param {Window & typeof globalThis} [place]
 */
export function makeLifetime(idleMs, gone, place = window) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let last = 0;
  let on = false;
  const look = () => {
    const rest = last + idleMs - Date.now();
    if (rest <= 0) return end("idle");
    timer = setTimeout(look, rest);
  };
  const used = () => {
    if (!place.document.hidden) last = Date.now();
  };
  /** @param {"idle" | "left"} why */
  const end = (why) => {
    if (!on) return;
    stop();
    gone(why);
  };
  const left = () => end("left");
  // A machine that slept has run no timer.
  const shown = () => {
    if (on && Date.now() - last >= idleMs) end("idle");
  };
  function stop() {
    on = false;
    clearTimeout(timer);
    for (const sign of SIGNS) place.removeEventListener(sign, used);
    place.removeEventListener("pagehide", left);
    place.document.removeEventListener("visibilitychange", shown);
  }
  function start() {
    stop();
    on = true;
    last = Date.now();
    for (const sign of SIGNS)
      place.addEventListener(sign, used, { passive: true });
    place.addEventListener("pagehide", left);
    place.document.addEventListener("visibilitychange", shown);
    timer = setTimeout(look, idleMs);
  }
  return { start, stop };
}
