// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// settings.js - language and theme: the only two things that this page stores.

import { wordsFor } from "../i18n/words.js";

/** @typedef {"auto" | "light" | "dark"} Theme */

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(`scrubjay.${key}`);
  } catch {
    return null; // Storage may be refused; the page works without.
  }
}

/** @param {string} key @param {string} value */
function write(key, value) {
  try {
    localStorage.setItem(`scrubjay.${key}`, value);
  } catch {
    // See read().
  }
}

/** The words of the language that was chosen, else of the browser's. */
export function storedWords() {
  return wordsFor([read("language"), ...navigator.languages]);
}

/** @param {string} code */
export function storeLanguage(code) {
  write("language", code);
}

/** @returns {Theme} */
export function storedTheme() {
  const theme = read("theme");
  return theme === "light" || theme === "dark" ? theme : "auto";
}

/** @param {Theme} theme */
export function storeTheme(theme) {
  write("theme", theme);
}
