// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// settings.js - what this page remembers of how it is used, and nothing of any
// note: language, theme, and what was chosen last.

import { languageFor, learn, wordsFor } from "../i18n/words.js";

/** @import {SignPolicy} from "../review/signoff.js" */

/** @typedef {"auto" | "light" | "dark"} Theme */
/** @typedef {"documentType" | "specialty" | "policy" | "style"} Choice */

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

/** Fetch the words of the language that was chosen, or do without. */
export function learnStored() {
  return learn(languageFor(storedLanguages())).catch(() => {});
}

/** Words of the language that was chosen, else of the browser's. */
export function storedWords() {
  return wordsFor(storedLanguages());
}

/** @param {string} code */
export function storeLanguage(code) {
  write("language", code);
}

/** What was chosen last time. @param {Choice} key */
export function storedChoice(key) {
  return read(key);
}

/** @param {Choice} key @param {string} value */
export function storeChoice(key, value) {
  write(key, value);
}

/**
 * Write as it was chosen last, and remember what is chosen.
 * @param {HTMLElement & {writeAs: string}} review
 */
export function rememberStyle(review) {
  review.writeAs = storedChoice("style") ?? "";
  review.addEventListener("sj-state", (event) => {
    const { style } = /** @type {CustomEvent} */ (event).detail;
    if (style) storeChoice("style", style);
  });
}

/**
 * What this site asks of who signs: `rules-only=no` and `unseen=yes`, as the
 * page was built (`--sign`).
 * @returns {Readonly<SignPolicy>}
 */
export function signPolicy() {
  /** @type {HTMLMetaElement | null} */
  const meta = document.querySelector('meta[name="scrubjay-sign"]');
  const asked = new Map((meta?.content ?? "").split(",").map((one) => {
    const [key = "", value = ""] = one.split("=");
    return [key.trim(), value.trim()];
  }));
  return Object.freeze({
    rulesOnly: asked.get("rules-only") !== "no",
    unseen: asked.get("unseen") === "yes",
  });
}

/**
 * Where a signed text can be sent from this site ("" for nowhere), and which
 * hosts the page asks beside its own, as it was built (`--vault-root`,
 * `--vault-api`, `--issuer`).
 */
export function siteServer() {
  const read = (/** @type {string} */ name) => document
    .querySelector(`meta[name="scrubjay-${name}"]`)?.getAttribute("content");
  const api = read("api") || "./";
  const issuer = read("issuer");
  const to = read("root") || api !== "./"
    ? new URL(api, document.baseURI).host : "";
  const asked = to === "" ? []
    : [to, ...(issuer ? [new URL(issuer, document.baseURI).host] : [])];
  const others = [...new Set(asked)].filter((host) => host !== location.host);
  return Object.freeze({ to, others });
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

/** Whether drafts are kept. @returns {"session" | "off"} */
export function storedDrafts() {
  return read("drafts") === "off" ? "off" : "session";
}

/** @param {"session" | "off"} drafts */
export function storeDrafts(drafts) {
  write("drafts", drafts);
}
