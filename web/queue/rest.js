// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// rest.js - what a note that is not open leaves in the queue's hands, and how
// it stands by it.

import { standingOf } from "./line.js";

/** @import {Review} from "../review/session.js" */
/** @import {Entry} from "./line.js" */

/**
 * A note as it was put away. The page makes it and takes it back; only what is
 * named here is looked at.
 * @typedef {object} Rest
 * @property {{at: string}} place
 * @property {{text: string, given: boolean, trouble: {code: string} | null}}
 *   sheet given: to be read
 * @property {Readonly<Review> | null} session null before the first scan
 * @property {{output: {text: string, style: string} | null,
 *   report: {output: {sha256: string | null}} | null}} signed
 * @property {{id: string, receipt: object | null,
 *   item: {state: string} | null} | null} sent
 * @property {{chosen: {documentType: string}} | null} fields null for what was
 *   chosen last
 * @property {Ahead | null} ahead what reading ahead gave
 */

/**
 * @typedef {object} Ahead
 * @property {object} reading for the page
 * @property {Readonly<Review>} review that will come of it
 */

/**
 * How a note stands.
 * @param {Readonly<Rest>} rest
 * @returns {Partial<Entry>}
 */
export function newsOf({ place: { at }, sheet, session, sent, fields, ahead }) {
  const type = fields?.chosen.documentType ?? "";
  const size = (session?.note.original ?? sheet.text).length;
  if (at === "empty" && ahead)
    return { type, size, why: "", standing: "review", ...found(ahead.review) };
  const stopped = at === "queued" && sent?.item?.state !== "waiting" &&
    sent?.item !== null;
  const typed = at === "empty" && !sheet.given;
  const standing = stopped ? "failed" : typed ? "editing" : standingOf(at);
  const why = stopped ? "STOPPED"
    : at === "error" ? sheet.trouble?.code ?? "OTHER" : "";
  return {
    type, size, why, standing,
    ...(session ? found(session) : { findings: null, open: 0 }),
  };
}

/** @param {Readonly<Review>} review */
function found({ items, seen }) {
  const open = items.filter(
    (item) => item.uncertain && !item.decided && !seen.has(item.id)).length;
  return { findings: items.length, open };
}
