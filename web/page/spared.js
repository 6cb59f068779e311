// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// spared.js - which findings the policy leaves in clear. The engine alone
// knows: it is asked to write the text, and what it did not replace is spared.

import { USUAL_POLICY } from "../review/known.js";

/** @import {Redactor} from "../redactor.js" */
/** @import {Found} from "../types.js" */
/** @import {Read} from "../review/known.js" */

/**
 * @param {Pick<Redactor, "redact">} redactor
 * @param {string} text that was scanned
 * @param {Pick<Found, "entities">} found
 * @param {Read} read
 * @param {boolean} [ahead] whether nobody waits for it
 * @returns {Promise<ReadonlySet<string>>} ids
 */
export async function sparedBy(redactor, text, { entities }, read, ahead) {
  if (read.policy === USUAL_POLICY) return new Set();
  const { map } = await redactor.redact(
    text, entities,
    { ...read, style: "plain", allowPartial: true, ahead: ahead === true });
  /** @type {Set<string>} */
  const spared = new Set();
  let at = 0;
  for (const { id, start, end } of entities) {
    while (at < map.length && (map[at]?.end ?? 0) <= start) at++;
    const place = map[at];
    if (!place || place.start >= end) spared.add(id);
  }
  return spared;
}
