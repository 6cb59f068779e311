// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// fields.js - what the page keeps about the note: its type and specialty, the
// policy, and what the chart knows of the patient. Type, specialty and policy
// are remembered; the patient goes with the note and its draft. The
// dialog that changes them is in about/.

import { button, el } from "../element/dom.js";
import {
  DOCUMENT_TYPES,
  FIELDS,
  knownCount,
  knownOf,
  settlePolicy,
  USUAL_POLICY,
} from "../review/known.js";
import { storedChoice, storeChoice } from "./settings.js";

/** @import {Words} from "../i18n/en.js" */
/** @import {Redactor} from "../redactor.js" */
/** @import {Patient, Read} from "../review/known.js" */

export const NO_READ = Object.freeze({ policy: USUAL_POLICY });

/**
 * @typedef {object} Host
 * @property {(reread: boolean) => void} changed by the dialog; reread: what a
 *   text is read with
 * @property {(trouble: {code: string}) => void} refuse
 */

/**
 * What the page keeps about one note.
 * @typedef {object} HeldFields
 * @property {Readonly<Patient>} patient
 * @property {Readonly<Record<"documentType" | "specialty" | "policy", string>>}
 *   chosen
 */

const about = () => import("../about/index.js");

export class Fields {
  #host;
  /** @type {Patient} */
  #patient = { ...FIELDS };
  /** What was chosen last, for the next note; which policy holds depends on the
   * engine. */
  #last = {
    documentType: DOCUMENT_TYPES.find(
      (one) => one === storedChoice("documentType")) ?? "",
    specialty: named(storedChoice("specialty")),
    policy: storedChoice("policy") ?? USUAL_POLICY,
  };
  /** What was chosen for this note. */
  #chosen = { ...this.#last };
  /** @type {readonly string[]} */
  #has = [USUAL_POLICY];
  /** The same object while nothing changed: the worker compares. */
  /** @type {Read | null} */
  #read = null;
  #before = "";
  /** Put the line of a page right. @type {(() => void) | null} */
  #line = null;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  get note() {
    const { documentType, specialty } = this.#chosen;
    return { documentType, specialty };
  }

  /** Those of the engine. */
  get policies() {
    return this.#has;
  }

  /** Whether anything of a patient is known. */
  get known() {
    return knownCount(this.#patient) > 0;
  }

  /** @returns {Read} */
  get read() {
    this.#read ??= this.readAs(this.held);
    return this.#read;
  }

  /** What a note is read with. @param {HeldFields} held @returns {Read} */
  readAs({ patient, chosen }) {
    const known = knownOf(patient);
    const policy = settlePolicy(chosen.policy, this.#has);
    return Object.freeze({ policy, ...(known ? { known } : {}) });
  }

  /** All of this note, to be put away with it. @returns {HeldFields} */
  get held() {
    return { patient: this.#patient, chosen: this.#chosen };
  }

  set held({ patient, chosen }) {
    this.#patient = { ...patient };
    this.#chosen = { ...chosen };
    this.#anew();
  }

  /**
   * Of a note that is new: nobody's patient, and what was chosen last.
   * @param {Partial<Patient>} [patient] that a draft was kept with
   * @returns {HeldFields}
   */
  blank(patient = {}) {
    return { patient: { ...FIELDS, ...patient }, chosen: { ...this.#last } };
  }

  /** The policies of the engine are those that it was built from.
   * @param {Redactor} redactor */
  offer(redactor) {
    const packs = Object.keys(redactor.provenance?.packs ?? {});
    this.#has = [...new Set([USUAL_POLICY, ...packs
      .filter((name) => name.endsWith(".policy"))
      .map((name) => name.slice(0, -".policy".length))])];
    this.#anew();
  }

  /** @param {"documentType" | "specialty" | "policy"} key
   * @param {string} value */
  choose(key, value) {
    this.#chosen[key] = this.#last[key] = value;
    storeChoice(key, value);
    this.#anew();
  }

  /** @param {keyof Patient} key @param {string} value */
  set(key, value) {
    this.#patient[key] = value;
    this.#anew();
  }

  /** What was typed of the patient, for the dialog and for a draft. */
  get patient() {
    return this.#patient;
  }

  set patient(patient) {
    this.#patient = { ...FIELDS, ...patient };
    this.#anew();
  }

  /** Forget the patient. */
  clear() {
    this.#patient = { ...FIELDS };
    this.#anew();
  }

  /** A button that opens the dialog, and what stands in it. @param {Words} words
   * @returns {{open: HTMLElement, summary: HTMLElement}} */
  makeLine(words) {
    const summary = el("p", { class: "about lead" });
    this.#line = () => void this.#tell(words, summary);
    this.#line();
    const open = button(words.fields.open, () => void this.open(words));
    return { open, summary };
  }

  /** @param {Words} words */
  async open(words) {
    const { changed, refuse } = this.#host;
    let made;
    try {
      made = await about();
    } catch {
      return refuse({ code: "LOAD" });
    }
    this.#before = JSON.stringify(this.read);
    const dialog = made.makeDialog(words.code, this);
    document.querySelector("main")?.append(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      changed(JSON.stringify(this.read) !== this.#before);
    });
    dialog.showModal();
  }

  // The words of what was chosen are fetched where anything was.
  /** @param {Words} words @param {HTMLElement} summary */
  async #tell(words, summary) {
    const known = words.fields.known(knownCount(this.#patient));
    const usual = Object.values(this.note).join("") === "" &&
      this.read.policy === USUAL_POLICY;
    summary.textContent = known;
    if (usual) return;
    const said = (await about().catch(() => null))?.describe(words.code, this);
    if (said) summary.textContent = `${said} · ${known}`;
  }

  #anew() {
    this.#read = null;
    this.#line?.();
  }
}

/** @param {string | null} value */
function named(value) {
  return value !== null && /^[a-z-]{1,40}$/u.test(value) ? value : "";
}
