// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// line.js - the page's side of several notes: fetches the queue when there is
// more than one, and hands notes to it and back. What a note is, when it is not
// open, is made and understood here; the queue carries it.

import { restOf, turn, UNOPENED } from "../review/machine.js";
import { readFile } from "./doors.js";
import { readNote, reviewOf } from "./reading.js";
import { draftOf, Sheet, sheetOf } from "./sheet.js";
import { NOTHING } from "./sign-off.js";

/** @import {ScrubjayReview} from "../element/scrubjay-review.js" */
/** @import {Queue} from "../queue/index.js" */
/** @import {Redactor} from "../redactor.js" */
/** @import {Place, Rest as RestPlace} from "../review/machine.js" */
/** @import {Review} from "../review/session.js" */
/** @import {Outcome} from "../send/parts.js" */
/** @import {Item} from "./doors.js" */
/** @import {Drafts} from "./drafts.js" */
/** @import {Fields, HeldFields} from "./fields.js" */
/** @import {Reading} from "./reading.js" */
/** @import {SendDoor} from "./send.js" */
/** @import {HeldSigning, SignOff} from "./sign-off.js" */

/**
 * A note that is not open.
 * @typedef {object} Rest
 * @property {Readonly<RestPlace>} place
 * @property {Sheet} sheet
 * @property {Readonly<Review> | null} session null before the first scan
 * @property {HeldFields | null} fields null for what was chosen last
 * @property {Readonly<HeldSigning>} signed
 * @property {Outcome | null} sent
 * @property {{reading: Readonly<Reading>, review: Readonly<Review>} | null}
 *   ahead
 */

/**
 * @typedef {object} Host
 * @property {() => Place} place
 * @property {() => boolean} has whether there is a note on the page
 * @property {() => Sheet} sheet the open note
 * @property {() => void} leave it: nothing goes on with it
 * @property {(rest: Rest) => void} open what is held elsewhere is there
 * @property {() => boolean} sign
 * @property {(() => void) | null} send
 * @property {() => void} show
 * @property {() => void} wipe
 * @property {() => string} language
 * @property {(keys: readonly string[][]) => void} opened there is a queue now
 * @property {(trouble: {code: string}) => void} refuse
 * @property {() => Promise<Redactor>} redactor
 * @property {ScrubjayReview} review
 * @property {SignOff} signOff
 * @property {SendDoor} door
 * @property {Fields} fields
 * @property {Drafts} drafts
 */

/** Where a note has a review that is worked on, or was. */
const REVIEWED =
  /^(?:reviewing|rulesOnly|signing|signed|submitting|queued|sent)$/u;

export class Line {
  #host;
  /** @type {Queue | null} */
  #queue = null;
  /** @type {Promise<Queue | null> | null} */
  #opening = null;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  /** Whether there are several notes. */
  get active() {
    return this.#queue?.active ?? false;
  }

  /** What stands beside the note. @returns {HTMLElement[]} */
  get elements() {
    return this.#queue ? [this.#queue.element] : [];
  }

  /** What the open note's text is downloaded as. */
  get fileName() {
    return this.active ? `scrubbed-note-${this.#queue?.current}` : "scrubbed";
  }

  /** The note on the page, to be looked at or put away. @returns {Rest} */
  #look() {
    const { place, sheet, review, fields, signOff, door } = this.#host;
    return {
      place: place(), sheet: sheet(),
      session: REVIEWED.test(place().at) ? review.session : null,
      fields: fields.held, signed: signOff.held, sent: door.held, ahead: null,
    };
  }

  /** Another note than the one on the page. @param {Rest} rest */
  open(rest) {
    const { place, fields, signOff, door, open } = this.#host;
    if (!turn(place(), rest.place)) return;
    fields.held = rest.fields ?? fields.blank();
    signOff.held = rest.signed;
    door.held = rest.sent;
    open(rest);
  }

  /** Files, or folders, that came together. @param {readonly Item[]} items */
  async several(items) {
    const queue = await this.#open();
    await queue?.take(items);
  }

  /** What a tab has left of several notes. @param {readonly Rest[]} rests */
  async restore(rests) {
    for (const { sheet } of rests) sheet.given = true;
    const queue = await this.#open();
    queue?.restore(rests);
  }

  /** A note of which a draft was kept. @param {string} packed
   * @returns {Rest | null} null where it cannot be read */
  restOf(packed) {
    const held = sheetOf(packed);
    return held && { ...restOfSheet(held.sheet),
      fields: this.#host.fields.blank(held.patient) };
  }

  /** Something may have changed. */
  update() {
    this.#queue?.update();
  }

  /** The notes that wait would be read otherwise now. */
  reread() {
    this.#queue?.rereadAhead();
  }

  next() {
    this.#queue?.next();
  }

  /** @param {Outcome} outcome */
  arrived(outcome) {
    this.#queue?.arrived(outcome);
  }

  /** @param {string} code */
  speak(code) {
    this.#queue?.speak(code);
  }

  clear() {
    this.#queue?.clear();
    this.#host.drafts.slot = "";
  }

  /** What there is to keep of a note that is not open. @param {string} slot */
  draftOf(slot) {
    const rest = /** @type {Rest | undefined} */ (this.#queue?.restOf(slot));
    if (!rest) return null;
    const { sheet, place, session, fields } = rest;
    return draftOf(sheet, place.at, session, fields?.patient ?? {});
  }

  /** @returns {Promise<Queue | null>} */
  #open() {
    this.#opening ??= this.#load().catch(() => {
      this.#opening = null;
      this.#host.refuse({ code: "LOAD" });
      return null;
    });
    return this.#opening;
  }

  async #load() {
    const { openQueue } = await import("../queue/index.js");
    const host = this.#host;
    const { drafts } = host;
    const queue = await openQueue({
      ...host,
      seen: () => {
        const { at, shield } = host.place();
        return shield === "open" && at !== "submitting";
      },
      look: () => this.#look(),
      leave: () => {
        const rest = { ...this.#look(), place: restOf(host.place()) };
        host.leave();
        return rest;
      },
      open: (rest, slot) => {
        drafts.slot = slot;
        this.open(/** @type {Rest} */ (rest));
      },
      fresh: (text) => restOfSheet(
        Object.assign(new Sheet(), { text, given: true })),
      readFile,
      read: (rest, signal) => this.#read(/** @type {Rest} */ (rest), signal),
      keep: (slot) => drafts.touch(slot),
      forget: (slot) => void drafts.forget(slot),
    }, host.language());
    this.#queue = queue;
    addEventListener(
      "keydown", (event) => queue.key(event), { capture: true });
    host.opened(queue.keys);
    return queue;
  }

  /** @param {Rest} rest @param {AbortSignal} signal */
  async #read({ sheet, fields: held }, signal) {
    const { redactor, fields } = this.#host;
    const reading = await readNote(await redactor(), sheet.text,
      fields.readAs(held ?? fields.blank()), { signal, ahead: true });
    const { review } = reviewOf(reading, sheet.former, sheet.base);
    return { reading, review };
  }
}

/** @param {Sheet} sheet @returns {Rest} of a note that nobody has opened */
function restOfSheet(sheet) {
  return {
    place: UNOPENED, sheet, session: null, fields: null, signed: NOTHING,
    sent: null, ahead: null,
  };
}
