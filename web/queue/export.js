// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// export.js - all that is signed as one file: JSON Lines, a note a line.

/** @import {Rest} from "./rest.js" */

/** @typedef {{id: number, rest: Readonly<Rest>}} Numbered */

/**
 * Those that were signed, as they were signed.
 * @param {readonly Numbered[]} notes
 */
export function signedOf(notes) {
  return notes.filter(({ rest: { place, signed } }) =>
    signed.output && signed.report &&
    /^(?:signed|submitting|queued|sent)$/u.test(place.at));
}

/** @param {readonly Numbered[]} notes @returns {string} */
export function textLines(notes) {
  return lines(notes, ({ output, report }) => ({
    style: output?.style,
    sha256: report?.output.sha256 ?? null,
    text: output?.text,
  }));
}

/** No word of a note. @param {readonly Numbered[]} notes @returns {string} */
export function reportLines(notes) {
  return lines(notes, ({ report }) => ({ report }));
}

/**
 * @param {readonly Numbered[]} notes
 * @param {(signed: Rest["signed"]) => object} row
 */
function lines(notes, row) {
  return signedOf(notes).map(({ id, rest }) =>
    `${JSON.stringify({ note: id, ...row(rest.signed) })}\n`).join("");
}
