// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// words.js - the languages there are, and how one is chosen.

import { en } from "./en.js";
import { fr } from "./fr.js";

/** @import {Words} from "./en.js" */

/** @type {readonly Words[]} */
export const LANGUAGES = Object.freeze([en, fr]);

/**
 * The words of the first language in `wanted` that there is; English else.
 *
 * @param {readonly (string | null | undefined)[]} wanted BCP 47 tags
 * @returns {Words}
 */
export function wordsFor(wanted) {
  for (const tag of wanted) {
    const code = tag?.toLowerCase().split("-")[0];
    const found = LANGUAGES.find((words) => words.code === code);
    if (found) return found;
  }
  return en;
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
