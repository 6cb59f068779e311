// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// fields.js - the dialog about the note: its type and specialty, the policy,
// and what the chart knows of the patient. Type, specialty and policy are
// remembered; of the patient nothing is, and a new note forgets it.

import { button, choice, el, fillChoice } from "../element/dom.js";
import { readHeader } from "../review/header.js";
import {
  DOCUMENT_TYPES,
  FIELDS,
  isAddition,
  knownCount,
  knownOf,
  settlePolicy,
  SPECIALTIES,
  USUAL_POLICY,
} from "../review/known.js";
import { storedChoice, storeChoice } from "./settings.js";

/** @import {Words} from "../i18n/en.js" */
/** @import {Redactor} from "../redactor.js" */
/** @import {Patient} from "../review/known.js" */

/** What a text is read with: detect() and redact() take it alike.
 * @typedef {{policy: string, known?: object}} Read */

export const NO_READ = Object.freeze({ policy: USUAL_POLICY });

const KEYS = /** @type {(keyof Patient)[]} */ (Object.keys(FIELDS));

export class Fields {
  /** @type {(reread: boolean) => void} */
  #changed;
  /** @type {Patient} */
  #patient = { ...FIELDS };
  #documentType = oneOf(storedChoice("documentType"), DOCUMENT_TYPES);
  #specialty = oneOf(storedChoice("specialty"), SPECIALTIES);
  /** What was chosen; what holds depends on the engine. */
  #policy = storedChoice("policy") ?? USUAL_POLICY;
  /** @type {readonly string[]} */
  #has = [USUAL_POLICY];
  /** The same object while nothing changed: the worker compares. */
  /** @type {Read | null} */
  #read = null;
  #before = "";
  /** Put the line of a page right. @type {(() => void) | null} */
  #line = null;

  /** @param {(reread: boolean) => void} changed in the dialog; reread: what a
   * text is read with */
  constructor(changed) {
    this.#changed = changed;
  }

  get note() {
    return { documentType: this.#documentType, specialty: this.#specialty };
  }

  /** Whether anything of a patient is known. */
  get known() {
    return knownCount(this.#patient) > 0;
  }

  /** @returns {Read} */
  get read() {
    if (this.#read) return this.#read;
    const known = knownOf(this.#patient);
    const policy = settlePolicy(this.#policy, this.#has);
    this.#read = Object.freeze({ policy, ...(known ? { known } : {}) });
    return this.#read;
  }

  /** The policies of the engine are those that it was built from.
   * @param {Redactor} redactor */
  offer(redactor) {
    const packs = Object.keys(redactor.provenance?.packs ?? {});
    this.#has = [...new Set([USUAL_POLICY, ...packs
      .filter((name) => name.endsWith(".policy"))
      .map((name) => name.slice(0, -".policy".length))])];
    this.#read = null;
    this.#line?.();
  }

  /** What was typed of the patient, for a draft. */
  get patient() {
    return this.#patient;
  }

  set patient(patient) {
    this.#patient = { ...FIELDS, ...patient };
    this.#read = null;
  }

  /** Forget the patient. */
  clear() {
    this.#patient = { ...FIELDS };
    this.#read = null;
  }

  /** The fields in a line. @param {Words} words */
  summary({ fields: say }) {
    const { documentTypes, specialties } = say;
    return [
      policyWords(say, this.read.policy.split(",")[0] ?? "").split(/\s?:/u)[0],
      documentTypes[/** @type {"other"} */ (this.#documentType)],
      specialties[/** @type {"other"} */ (this.#specialty)],
      say.known(knownCount(this.#patient)),
    ].filter(Boolean).join(" · ");
  }

  /** A button that opens the dialog, and what stands in it. @param {Words} words
   * @returns {{open: HTMLElement, summary: HTMLElement}} */
  makeLine(words) {
    const summary = el("p", { class: "about lead" });
    this.#line = () => {
      summary.textContent = this.summary(words);
    };
    this.#line();
    const open = button(words.fields.open, () => this.open(words));
    return { open, summary };
  }

  /** @param {Words} words */
  open(words) {
    this.#before = JSON.stringify(this.read);
    const dialog = this.#make(words);
    document.querySelector("main")?.append(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      this.#line?.();
      this.#changed(JSON.stringify(this.read) !== this.#before);
    });
    dialog.showModal();
  }

  /** @param {Words} words @returns {HTMLDialogElement} */
  #make({ fields: say }) {
    /** @type {HTMLDialogElement} */
    const dialog = el(
      "dialog",
      { class: "fields-of", attrs: { "aria-labelledby": "fields-title" } },
      el("h2", { text: say.title, attrs: { id: "fields-title" } }),
      el("div", { class: "grid" },
        this.#pick(say.documentType, say.documentTypes, this.#documentType,
          (key) => {
            this.#documentType = key;
            storeChoice("documentType", key);
          }),
        this.#pick(say.specialty, say.specialties, this.#specialty, (key) => {
          this.#specialty = key;
          storeChoice("specialty", key);
        })),
      ...this.#makePolicy(say),
      el("h3", { text: say.patient }),
      el("p", { class: "lead", text: say.lead }),
      ...this.#makePatient(say),
      el("div", { class: "row" },
        button(say.close, () => dialog.close(), { class: "primary" })),
    );
    return dialog;
  }

  /**
   * @param {string} label
   * @param {Record<string, string>} options
   * @param {string} now
   * @param {(key: string) => void} choose
   */
  #pick(label, options, now, choose) {
    const made = choice(label, [["", "–"], ...Object.entries(options)], choose);
    made.select.value = now;
    return made.label;
  }

  /** @param {Words["fields"]} say */
  #makePolicy(say) {
    const bases = this.#has.filter((name) => !isAddition(name));
    const made = choice(say.policy, [], () => set());
    fillChoice(made.select,
      bases.map((name) => [name, policyWords(say, name)]));
    const chosen = this.read.policy.split(",");
    made.select.value = chosen.find((name) => !isAddition(name)) ?? USUAL_POLICY;
    const ticks = this.#has.filter(isAddition).map((name) => {
      const box = el("input", {
        attrs: { type: "checkbox", value: name }, on: { change: () => set() },
      });
      box.checked = chosen.includes(name);
      return box;
    });
    const set = () => {
      this.#policy = [made.select.value,
        ...ticks.filter((box) => box.checked).map((box) => box.value)].join();
      this.#read = null;
      storeChoice("policy", this.#policy);
    };
    return [
      made.label,
      ...(ticks.length === 0 ? [] : [el(
        "fieldset",
        {},
        el("legend", { text: say.additions }),
        ...ticks.map((box) => el("label", { class: "tick" }, box,
          el("span", { text: policyWords(say, box.value) }))),
      )]),
    ];
  }

  /** @param {Words["fields"]} say */
  #makePatient(say) {
    const inputs = KEYS.map((key) => {
      const input = el("input", {
        attrs: {
          type: key === "birthDate" ? "date" : "text",
          autocomplete: "off",
          spellcheck: "false",
          "data-field": key,
        },
        on: { input: () => this.#set(key, input.value) },
      });
      input.value = this.#patient[key];
      return /** @type {const} */ ([key, input]);
    });
    const news = el("p", { class: "news", attrs: { role: "status" } });
    const area = el("textarea", {
      attrs: {
        rows: "2", placeholder: say.headerHint, spellcheck: "false",
        autocomplete: "off", "data-gramm": "false",
      },
      on: {
        input: () => {
          const { patient, found, ambiguous } = readHeader(area.value);
          for (const [key, input] of inputs)
            if (found.includes(key))
              this.#set(key, (input.value = patient[key]));
          news.textContent = area.value.trim() === "" ? ""
            : `${say.filled(found.length)} ${ambiguous ? say.twoWays : ""}`;
        },
      },
    });
    const forget = button(say.forget, () => {
      this.clear();
      area.value = news.textContent = "";
      for (const [, input] of inputs) input.value = "";
    }, { class: "quiet" });
    return [
      el("label", { class: "header" }, el("span", { text: say.header }), area),
      news,
      el("div", { class: "grid" }, ...inputs.map(([key, input]) =>
        el("label", {}, el("span", { text: say.of[key] }), input))),
      el("div", { class: "row" }, el("span", { class: "lead", text: say.several }),
        forget),
    ];
  }

  /** @param {keyof Patient} key @param {string} value */
  #set(key, value) {
    this.#patient[key] = value;
    this.#read = null;
    this.#line?.();
  }
}

/** @param {Words["fields"]} say @param {string} name */
function policyWords(say, name) {
  return /** @type {Record<string, string>} */ (say.policies)[name] ?? name;
}

/** @param {string | null} value @param {readonly string[]} all */
function oneOf(value, all) {
  return value !== null && all.includes(value) ? value : "";
}
