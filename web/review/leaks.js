// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// leaks.js - what a server's leak guard would find in what is to be sent, where
// it stands in the note. The guard itself is the engine's; tools/server asks it
// the same, and a test holds the two to one verdict.

import { kindOf } from "./kinds.js";
import { toView } from "./note.js";

/** @import {Leak, Place} from "../../wasm/types.js" */
/** @import {Review} from "./session.js" */

/** What a field holds that was left empty. */
export const NONE = "unspecified";

/**
 * The short fields of a submission, a line each, as the server looks them
 * through in one go (refuse_leaks in tools/server/handle_submit.c).
 *
 * @param {object} fields
 * @param {string} fields.role
 * @param {string} fields.documentType
 * @param {string} fields.specialty
 * @param {string} fields.policy
 * @param {string} fields.lang
 */
export function fieldLines({ role, documentType, specialty, policy, lang }) {
  return [role.trim(), documentType || NONE, specialty || NONE, policy, lang, ""]
    .join("\n");
}

/**
 * Stretches of a scrubbed text in the note's view, with what kind they look to
 * be of. None reaches over a placeholder.
 *
 * @param {Readonly<Review>} review
 * @param {{map: readonly Place[]}} output of this review
 * @param {readonly Leak[]} leaks in order of the scrubbed text
 * @returns {readonly {start: number, end: number, kind: string}[]}
 */
export function leakPlaces({ note }, { map }, leaks) {
  let at = 0;
  return leaks.map(({ start, end, label }) => {
    while ((map[at]?.outEnd ?? Infinity) <= start) at++;
    const before = map[at - 1];
    const shift = before ? before.end - before.outEnd : 0;
    return Object.freeze({
      start: toView(note, start + shift), end: toView(note, end + shift),
      kind: kindOf({ label }),
    });
  });
}
