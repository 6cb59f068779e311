// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// reading.js - has a text read, and makes a review of what came of it: of the
// note that is open, and of one that is read ahead.

import { baseOf } from "../review/draft.js";
import { makeNote } from "../review/note.js";
import { carryOver, startReview } from "../review/session.js";
import { sparedBy } from "./spared.js";

/** @import {Redactor} from "../redactor.js" */
/** @import {Read} from "../review/known.js" */
/** @import {Review} from "../review/session.js" */
/** @import {DetectOptions, Found} from "../types.js" */

/**
 * What reading gave.
 * @typedef {object} Reading
 * @property {string} text that was read
 * @property {Read} read what it was read with
 * @property {Found} found
 * @property {ReadonlySet<string>} spared ids of what the policy leaves in clear
 */

/**
 * @param {Pick<Redactor, "detect" | "redact">} redactor
 * @param {string} text
 * @param {Read} read
 * @param {Omit<DetectOptions, "policy" | "known">} options
 * @returns {Promise<Readonly<Reading>>}
 */
export async function readNote(redactor, text, read, options) {
  const found = await redactor.detect(text, { ...read, ...options });
  const spared = await sparedBy(
    redactor, text, found, read, options.ahead);
  return Object.freeze({ text, read, found, spared });
}

/**
 * The review of it. Where another scan came before, what was decided then
 * stays; where that one was of the same text and gave the same findings, the
 * review is as it was, with its history.
 * @param {Readonly<Reading>} reading
 * @param {Readonly<Review> | null} [former]
 * @param {readonly string[]} [formerBase] of the scan behind it
 */
export function reviewOf({ text, read, found, spared }, former, formerBase) {
  const { entities, near } = found;
  const base = baseOf(read.policy, entities, spared);
  const fresh = startReview(makeNote(text), entities, spared, near);
  if (!former) return { review: fresh, base };
  const same = former.note.original === text &&
    formerBase?.join() === base.join();
  return {
    review: same ? Object.freeze({ ...former, near }) : carryOver(former, fresh),
    base,
  };
}
