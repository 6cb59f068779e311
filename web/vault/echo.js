// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// echo.js - the last check before a body leaves the page: no original that was
// hidden stands in clear in any text of it. The review has looked for them in
// the scrubbed text, where a person may have said that a single word or a short
// number means something else; so there only what can mean nothing else is
// looked for, and in every other member all of it.

import { isObject } from "./bytes.js";
import { refusal } from "./error.js";

/** Shorter ones are found everywhere. */
const LEAST = 3;

/** @param {string} text words of one spelling, one space between them */
function fold(text) {
  const words = text.normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "")
    .toUpperCase().toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return ` ${words.join(" ")} `;
}

/** Whether words can be left in clear as something else. @param {string} key */
function isPlain(key) {
  const words = key.trim().split(" ");
  const joined = words.join("");
  return joined.length < 6 || (words.length === 1 && !/\p{N}/u.test(joined));
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Generator<[string, string]>} every text, with its member's name
 */
function* textsOf(value, name) {
  if (typeof value === "string") yield [name, value];
  else if (Array.isArray(value))
    for (const one of value) yield* textsOf(one, name);
  else if (isObject(value))
    for (const [key, one] of Object.entries(value)) yield* textsOf(one, key);
}

/**
 * @param {Record<string, unknown>} body as it would be sent
 * @param {readonly string[]} originals
 * @throws ECHO with the member's name
 */
export function refuseEcho(body, originals) {
  const keys = [...new Set(originals
    .filter((one) => [...one.trim()].length >= LEAST).map(fold))]
    .filter((key) => key.trim() !== "");
  const sure = keys.filter((key) => !isPlain(key));
  // What is sealed is no text: chance would find short words in it.
  const { vault: _, ...rest } = body;
  for (const [name, text] of textsOf(rest, "")) {
    const folded = fold(text.replace(/<[A-Z_]+_[0-9]+>/g, " \u00b7 "));
    const wanted = name === "scrubbed_text" ? sure : keys;
    if (wanted.some((key) => folded.includes(key)))
      throw refusal("ECHO", name);
  }
}
