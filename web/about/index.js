// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// index.js - the dialog about the note: its type and specialty, the policy,
// and what the chart knows of the patient. It comes when it is first opened,
// or when something chosen earlier is to be told.

import { button, choice, el, fillChoice } from "../element/dom.js";
import { fields as en } from "../i18n/en-fields.js";
import { fields as fr } from "../i18n/fr-fields.js";
import { isJson, readFhir } from "../review/fhir.js";
import { readHeader } from "../review/header.js";
import { FIELDS, isAddition, USUAL_POLICY } from "../review/known.js";

/** @import {Patient, Read} from "../review/known.js" */

/** @typedef {typeof en} FieldWords */

/**
 * What the page keeps, and the dialog changes.
 * @typedef {object} Kept
 * @property {{documentType: string, specialty: string}} note
 * @property {Readonly<Patient>} patient
 * @property {Read} read
 * @property {readonly string[]} policies that the engine has
 * @property {(key: "documentType" | "specialty" | "policy", value: string)
 *   => void} choose
 * @property {(key: keyof Patient, value: string) => void} set
 * @property {() => void} clear of the patient
 */

const KEYS = /** @type {(keyof Patient)[]} */ (Object.keys(FIELDS));

/** @param {string} code @returns {FieldWords} */
function wordsOf(code) {
  return code === "fr" ? fr : en;
}

/**
 * What was chosen, in a line; "" where nothing was.
 * @param {string} code of the language
 * @param {Pick<Kept, "note" | "read">} kept
 */
export function describe(code, { note, read }) {
  const say = wordsOf(code);
  /** @type {(words: Record<string, string>, key: string) => string} */
  const named = (words, key) => words[key] ?? "";
  return [
    policyWords(say, read.policy.split(",")[0] ?? "").split(/\s?:/u)[0],
    named(say.documentTypes, note.documentType),
    named(say.specialties, note.specialty),
  ].filter(Boolean).join(" · ");
}

/**
 * @param {string} code of the language
 * @param {Kept} kept
 */
export function makeDialog(code, kept) {
  return new Dialog(wordsOf(code), kept).make();
}

class Dialog {
  #say;
  #fields;

  /** @param {FieldWords} say @param {Kept} kept */
  constructor(say, kept) {
    this.#say = say;
    this.#fields = kept;
  }

  /** @returns {HTMLDialogElement} */
  make() {
    const say = this.#say;
    const { documentType, specialty } = this.#fields.note;
    /** @type {HTMLDialogElement} */
    const dialog = el(
      "dialog",
      { class: "fields-of", attrs: { "aria-labelledby": "fields-title" } },
      el("h2", { text: say.title, attrs: { id: "fields-title" } }),
      el("div", { class: "grid" },
        this.#pick(say.documentType, say.documentTypes, documentType,
          (key) => this.#fields.choose("documentType", key)),
        this.#pick(say.specialty, say.specialties, specialty,
          (key) => this.#fields.choose("specialty", key))),
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

  /** @param {FieldWords} say */
  #makePolicy(say) {
    const bases = this.#fields.policies.filter((name) => !isAddition(name));
    const made = choice(say.policy, [], () => set());
    fillChoice(made.select,
      bases.map((name) => [name, policyWords(say, name)]));
    const chosen = this.#fields.read.policy.split(",");
    made.select.value = chosen.find((name) => !isAddition(name)) ?? USUAL_POLICY;
    const ticks = this.#fields.policies.filter(isAddition).map((name) => {
      const box = el("input", {
        attrs: { type: "checkbox", value: name }, on: { change: () => set() },
      });
      box.checked = chosen.includes(name);
      return box;
    });
    const set = () => {
      this.#fields.choose("policy", [made.select.value,
        ...ticks.filter((box) => box.checked).map((box) => box.value)].join());
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

  /** @param {FieldWords} say */
  #makePatient(say) {
    const inputs = KEYS.map((key) => {
      const input = el("input", {
        attrs: {
          type: key === "birthDate" ? "date" : "text",
          autocomplete: "off",
          spellcheck: "false",
          "data-field": key,
        },
        on: { input: () => this.#fields.set(key, input.value) },
      });
      input.value = this.#fields.patient[key];
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
          const { value } = area;
          const { patient, found, ambiguous } =
            isJson(value) ? readFhir(value) : readHeader(value);
          for (const [key, input] of inputs)
            if (found.includes(key))
              this.#fields.set(key, (input.value = patient[key]));
          news.textContent = area.value.trim() === "" ? ""
            : `${say.filled(found.length)} ${ambiguous ? say.twoWays : ""}`;
        },
      },
    });
    const forget = button(say.forget, () => {
      this.#fields.clear();
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
}

/** @param {FieldWords} say @param {string} name */
function policyWords(say, name) {
  return /** @type {Record<string, string>} */ (say.policies)[name] ?? name;
}
