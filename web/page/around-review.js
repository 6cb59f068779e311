// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// around-review.js - what the page puts over a review, and among its buttons.

import { button } from "../element/dom.js";
import { makeBanner, makeRulesBanner } from "./parts.js";

/** @import {ScrubjayReview} from "../element/scrubjay-review.js" */
/** @import {Words} from "../i18n/en.js" */
/** @import {Found} from "../types.js" */

/** @returns {ScrubjayReview} */
export function makeReview() {
  const review = /** @type {ScrubjayReview} */ (
    document.createElement("scrubjay-review")
  );
  // The page fetches the element's style early, but does not wear it.
  const style = document.querySelector('link[data-for="scrubjay-review"]');
  if (style instanceof HTMLLinkElement)
    review.setAttribute("stylesheet", style.href);
  return review;
}

/**
 * What is to be known of the scan before its findings are believed.
 * @param {Words} words
 * @param {Found | null} found
 * @param {() => void} tryModel
 */
export function makeWarnings(words, found, tryModel) {
  const parts = [];
  if (found?.engine.model === "none")
    parts.push(makeRulesBanner(words, found.engine.missing, tryModel));
  if (found && !found.coverage.complete)
    parts.push(makeBanner(
      words.banner.partial(found.unscanned.length), { bad: true }));
  return parts;
}

/**
 * @param {Words} words
 * @param {{about: () => void, edit: () => void, fresh: (() => void) | null,
 *   sign: () => void}} on fresh: null where others are in line
 */
export function makeActions(words, on) {
  const attrs = { slot: "actions" };
  return [
    button(words.fields.short, on.about,
      { attrs: { ...attrs, title: words.fields.open } }),
    button(words.banner.editText, on.edit, { attrs }),
    ...(on.fresh ? [button(words.banner.newNote, on.fresh, { attrs })] : []),
    button(words.signing.open, on.sign, { attrs }),
  ];
}
