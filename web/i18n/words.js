// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// words.js - the languages there are, and how one is chosen. English comes with
// the page; another one is fetched when it is asked for.

import { en } from "./en.js";

/** @import {Words} from "./en.js" */

/** Each by its code, under its own name. */
export const LANGUAGES = Object.freeze({ en: "English", fr: "Français" });

/** @typedef {keyof typeof LANGUAGES} Language */

/** @type {Map<Language, Words>} */
const learned = new Map([["en", en]]);

/**
 * The first language in `wanted` that there is; English else.
 *
 * @param {readonly (string | null | undefined)[]} wanted BCP 47 tags
 * @returns {Language}
 */
export function languageFor(wanted) {
  for (const tag of wanted) {
    const code = tag?.toLowerCase().split("-")[0] ?? "";
    if (Object.hasOwn(LANGUAGES, code)) return /** @type {Language} */ (code);
  }
  return "en";
}

/**
 * Fetch the words of a language. Fails where they cannot be had.
 *
 * @param {Language} code
 */
export async function learn(code) {
  if (learned.has(code)) return;
  learned.set(code, (await import("./fr.js")).fr);
}

/** @param {Language} code whether its words are there */
export function knows(code) {
  return learned.has(code);
}

/**
 * The words of languageFor(wanted); English ones until those are learned.
 *
 * @param {readonly (string | null | undefined)[]} wanted BCP 47 tags
 * @returns {Words}
 */
export function wordsFor(wanted) {
  return learned.get(languageFor(wanted)) ?? en;
}

/**
 * Tag and name of a kind, also of one that this page does not know yet.
 *
 * @param {Words} words
 * @param {string} key
 * @returns {{tag: string, name: string}}
 */
export function kindWords(words, key) {
  /** @type {Record<string, {tag: string, name: string}>} */
  const kinds = words.kinds;
  return kinds[key] ?? { tag: key, name: key };
}
