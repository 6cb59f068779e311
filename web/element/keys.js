// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// keys.js - from a key press to a command. Letters are read by `key`, so they
// follow the printed keyboard; digits by `code`, so that the top row works
// without Shift where it prints other signs.

/**
 * @typedef {{command: string, digit?: number}} Stroke
 */

/** @type {Readonly<Record<string, string>>} */
const SINGLE = Object.freeze({
  n: "nextDoubt",
  p: "previousDoubt",
  j: "next",
  k: "previous",
  x: "toggle",
  " ": "toggle",
  g: "toggleGroup",
  a: "add",
  w: "reach",
  c: "caret",
  u: "undo",
  r: "redo",
  v: "view",
  y: "copy",
  "/": "filter",
  "?": "help",
});

/** @type {Readonly<Record<string, string>>} */
const WITH_CTRL = Object.freeze({
  z: "undo",
  y: "redo",
  Enter: "apply",
});

/** @type {Readonly<Record<string, string>>} */
const EDGES = Object.freeze({
  "Shift+ArrowRight": "endOn",
  "Shift+ArrowLeft": "endBack",
  "Alt+Shift+ArrowRight": "startOn",
  "Alt+Shift+ArrowLeft": "startBack",
});

/**
 * @param {Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" |
 *   "altKey" | "shiftKey" | "isComposing">} event
 * @param {{inField: boolean, onControl: boolean, singles: boolean}} place
 *   a field takes letters; a control (button, checkbox) takes Space
 * @returns {Stroke | null}
 */
export function strokeOf(event, place) {
  if (event.isComposing) return null;
  if (event.key === "Escape") return { command: "escape" };
  if (event.ctrlKey || event.metaKey) {
    // Ctrl with Alt is AltGr on many keyboards: that writes a sign.
    if (event.altKey) return null;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (place.inField && key !== "Enter") return null;
    if (key === "z" && event.shiftKey) return { command: "redo" };
    return known(WITH_CTRL, key);
  }
  if (place.inField) return null;
  if (event.shiftKey && event.key.startsWith("Arrow"))
    return known(EDGES, `${event.altKey ? "Alt+" : ""}Shift+${event.key}`);
  if (event.altKey || !place.singles) return null;
  if (event.key === " " && place.onControl) return null;
  const digit = /^(?:Digit|Numpad)([1-9])$/u.exec(event.code)?.[1];
  if (digit) return { command: "kind", digit: Number(digit) };
  return known(SINGLE, event.key.toLowerCase());
}

/**
 * @param {Readonly<Record<string, string>>} table
 * @param {string} key
 * @returns {Stroke | null}
 */
function known(table, key) {
  const command = Object.hasOwn(table, key) ? table[key] : undefined;
  return command === undefined ? null : { command };
}
