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

/** The language that was chosen, then the browser's. */
export function storedLanguages() {
  return [read("language"), ...navigator.languages];
}

export function storedWords() {
  return wordsFor(storedLanguages());
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
