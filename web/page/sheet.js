// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// sheet.js - one note, as the page holds it: what was given and what came of
// it, all in one place, so that it can be put away for another, or forgotten.

import { packDraft, unpackDraft } from "../review/draft.js";
import { NO_READ } from "./fields.js";

/** @import {Found} from "../types.js" */
/** @import {Read, Patient} from "../review/known.js" */
/** @import {Review} from "../review/session.js" */
/** @import {State} from "../review/machine.js" */
/** @import {Trouble} from "./doors.js" */

export class Sheet {
  /** What was given, or is being typed. */
  text = "";
  /** Whether it was given to be read. */
  given = false;
  /** The review that an edit started from. @type {Readonly<Review> | null} */
  former = null;
  /** @type {Found | null} */
  found = null;
  /** What the scan behind the review had found. @type {readonly string[]} */
  base = [];
  /** What was being typed over the former review when its draft was saved. */
  typed = "";
  /** The text that `found` is of. */
  scanned = "";
  /** What it was read with. @type {Read} */
  read = NO_READ;
  /** @type {Trouble | null} */
  trouble = null;
}

/** Where nothing has been found yet, or what was found is of another text. */
const UNREAD = ["empty", "loading", "detecting", "error", "editing"];

/**
 * What there is to keep of a note; null where it has gone its way.
 * @param {Sheet} sheet
 * @param {State} at
 * @param {Readonly<Review> | null} session of the review on the page
 * @param {Readonly<Partial<Patient>>} patient
 */
export function draftOf({ text, former, base }, at, session, patient) {
  if (at === "queued" || at === "sent") return null;
  if (at === "empty" && text === "") return null;
  const review = UNREAD.includes(at) ? former : session;
  return packDraft({ text, review, base, more: { patient } });
}

/**
 * What was kept of a note, to go on with.
 * @param {string} packed by draftOf()
 * @returns {{sheet: Sheet, patient: Partial<Patient>} | null} null where it is
 *   of another form
 */
export function sheetOf(packed) {
  const draft = unpackDraft(packed);
  if (!draft) return null;
  const { text, review, base, more } = draft;
  const original = review?.note.original ?? text;
  const typed = text === original ? "" : text;
  const sheet = Object.assign(new Sheet(), { text: original, former: review,
    base, given: review !== null, typed: review ? typed : "" });
  return { sheet, patient: more?.patient ?? {} };
}
