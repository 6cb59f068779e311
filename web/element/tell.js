// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// tell.js - how a finding looks, and what is announced of it.

import { kindByKey, kindOf } from "../review/kinds.js";
import { surface } from "../review/session.js";
import { kindWords } from "../i18n/words.js";

/** @import {Words} from "../i18n/en.js" */
/** @import {Action, Item, Review} from "../review/session.js" */

/** @param {Words} words @param {Item} item */
export function paintItem(words, item) {
  const kind = kindOf(item);
  const classes = [kindByKey(kind).colour];
  if (item.manual) classes.push("manual");
  if (item.uncertain) classes.push("uncertain");
  if (item.kept) classes.push("kept");
  return {
    classes: classes.join(" "),
    tag: kindWords(words, kind).tag + (item.uncertain ? "?" : ""),
  };
}

/**
 * Place, type, words and state of an item.
 *
 * @param {Words} words
 * @param {Readonly<Review>} review
 * @param {Item} item
 */
export function itemWords(words, review, item) {
  const { say } = words;
  const state = [item.kept ? say.kept : say.hidden];
  if (item.uncertain) state.push(words.review.uncertain);
  return say.item(
    review.items.indexOf(item) + 1,
    review.items.length,
    kindWords(words, kindOf(item)).name,
    surface(review, item),
    state.join(", "),
  );
}

/**
 * What an action did; "" where nothing need be said.
 *
 * @param {Words} words
 * @param {Action} action
 */
export function changeWords(words, action) {
  const { say } = words;
  switch (action.type) {
    case "keep":
      return (action.kept ? say.keptNow : say.hid)(action.ids.length);
    case "add":
      return say.added(action.ranges.length);
    case "relabel":
      return say.relabelled(kindWords(words, action.kind).name);
    default:
      return "";
  }
}
