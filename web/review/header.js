// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// header.js - what a chart's header says of the patient, such as
// `Patient: DOE, Jane  DOB 03/04/1951  MRN 12345`: labels in English or
// French, and what stands behind each until the next one.
//
// Nothing here decides what is hidden. It fills a form that a person sees, so
// what it cannot tell it leaves out.

import { FIELDS } from "./known.js";

/** @import {Patient} from "./known.js" */

/** @typedef {keyof Patient | "given" | "family" | ""} Slot "" is passed over */

/**
 * @typedef {object} Header
 * @property {Patient} patient
 * @property {readonly (keyof Patient)[]} found
 * @property {boolean} ambiguous the birth date could be read two ways
 */

/**
 * Slot, whether a colon is needed behind the label, and the label. Longer
 * labels stand before those that they begin with.
 *
 * @type {readonly (readonly [Slot, boolean, string])[]}
 */
const LABELS = [
  ["", true, "sex|gender|age|sexe|âge|date of (?:service|admission|visit)"],
  ["", true, "(?:admission|visit|discharge|service) date|date d['’]entrée"],
  ["", true, "location|ward|room|unit|service|chambre|insurance|allergies"],
  ["birthDate", false, "date of birth|birth ?date|d\\.?o\\.?b\\.?|born(?: on)?"],
  ["birthDate", false, "date de naissance|ddn|né(?:\\(e\\)|e)? le"],
  ["mrn", false, "mrn|ipp|nip"],
  ["mrn", true, "(?:medical )?record|(?:hospital|chart|unit)(?= *(?:n|#))"],
  ["mrn", true, "(?:n° ?(?:de )?|numéro de )?dossier"],
  ["nationalId", false, "ssn|social security|nir"],
  ["nationalId", true, "(?:n° ?(?:de )?|numéro de )?sécurité sociale|ins"],
  ["account", true, "acc(?:oun)?t|encounter|csn|visit|séjour|iep"],
  ["phone", true, "(?:home |cell |mobile )?(?:phone|tel(?:ephone)?)|cell"],
  ["phone", true, "tél(?:\\.|éphone)?|mobile|portable"],
  ["email", true, "e-?mail|courriel|mél"],
  ["address", true, "address|adresse"],
  ["relatives", true, "next of kin|nok|spouse|husband|wife|mother|father"],
  ["relatives", true, "emergency contact|personne (?:à prévenir|de confiance)"],
  ["relatives", true, "conjointe?|époux|épouse|mère|père"],
  ["clinicians", true, "pcp|(?:attending|referring)(?: physician| provider)?"],
  ["clinicians", true, "provider|physician|surgeon|doctor|chirurgien(?:ne)?"],
  ["clinicians", true, "médecin(?: traitant| référent)?"],
  ["name", true, "patient(?:['’]?s)? name|nom et prénom|nom du patient"],
  ["family", true, "nom (?:de naissance|de famille|d['’]usage)|nom"],
  ["family", true, "(?:last|family) name|surname"],
  ["given", true, "prénoms?|(?:first|given) names?"],
  ["name", true, "patiente?|name"],
];

const NUMBER = "(?: *(?:number|no\\.?|nr\\.?|id|#|n°))?";
const LABEL = new RegExp(
  "(?<![\\p{L}\\p{N}])(?:" +
    LABELS.map(([, colon, words], i) =>
      `(?<l${i}>(?:${words})${NUMBER})${colon ? "\\s*[:=#]" : "(?:\\s*[:=#])?(?![\\p{L}])"}`,
    ).join("|") +
    ")",
  "giu",
);

/** What ends a value before its line does. */
const END = /\t| {2,}|[|;\n]|[,.]?\s*$/u;

/**
 * @param {string} text
 * @returns {Header}
 */
export function readHeader(text) {
  const all = text.normalize("NFC").replace(/\r\n?/gu, "\n");
  const labels = [...all.matchAll(LABEL)].map((match) => ({
    slot: slotOf(match),
    french: /^(?:né|ddn|date de n)/iu.test(match[0]),
    from: match.index,
    to: match.index + match[0].length,
  }));
  /** @type {Map<Slot, string[]>} */
  const got = new Map();
  let ambiguous = false;
  labels.forEach(({ slot, french, to }, i) => {
    const value = valueIn(all.slice(to, labels[i + 1]?.from));
    if (slot === "" || value === "") return;
    if (slot !== "birthDate") return put(got, slot, tidied(slot, value));
    const date = readDate(value, french);
    if (!date) return;
    if (!got.has("birthDate")) ambiguous = date.ambiguous;
    put(got, slot, date.iso);
  });
  const named = [got.get("family")?.[0], got.get("given")?.[0]];
  if (!got.has("name") && named.some(Boolean))
    put(got, "name", named.filter(Boolean).join(", "));
  return headerOf(got, ambiguous);
}

/** @param {Map<Slot, string[]>} got @param {boolean} ambiguous @returns {Header} */
function headerOf(got, ambiguous) {
  /** @type {Patient} */
  const patient = { ...FIELDS };
  /** @type {(keyof Patient)[]} */
  const found = [];
  for (const key of /** @type {(keyof Patient)[]} */ (Object.keys(FIELDS))) {
    const values = got.get(key);
    if (!values) continue;
    patient[key] = key === "birthDate" ? (values[0] ?? "") : values.join("; ");
    found.push(key);
  }
  return { patient, found, ambiguous };
}

/** @param {RegExpMatchArray} match @returns {Slot} */
function slotOf(match) {
  const at = LABELS.findIndex((_, i) => match.groups?.[`l${i}`] !== undefined);
  return LABELS[at]?.[0] ?? "";
}

/** A value may stand on the line below its label. @param {string} rest */
function valueIn(rest) {
  const text = rest.replace(/^[\s:=#]+/u, "");
  return text.slice(0, text.search(END)).replace(/[\s,;.-]+$/u, "").trim();
}

/** @param {Map<Slot, string[]>} got @param {Slot} slot @param {string} value */
function put(got, slot, value) {
  if (value === "") return;
  const values = got.get(slot) ?? [];
  if (!values.includes(value)) values.push(value);
  got.set(slot, values);
}

/** "" for what cannot be a value of its slot. @param {Slot} slot
 * @param {string} value */
function tidied(slot, value) {
  switch (slot) {
    case "mrn":
    case "nationalId":
    case "account":
    case "phone":
      return /\d/u.test(value) ? value : "";
    case "email":
      return value.includes("@") ? value : "";
    case "relatives":
    case "clinicians":
      return value.replace(/\s*\([^)]*\)/gu, "").trim();
    default:
      return /\p{L}/u.test(value) ? value : "";
  }
}

const MONTHS = [
  ["jan", "janv"], ["feb", "fev", "fevr"], ["mar", "mars"], ["apr", "avr"],
  ["may", "mai"], ["jun", "juin"], ["jul", "juil"], ["aug", "aou", "aout"],
  ["sep", "sept"], ["oct"], ["nov"], ["dec"],
];

/**
 * A birth date as YYYY-MM-DD. All in digits, it is read month first behind an
 * English label and day first behind a French one.
 *
 * @param {string} words
 * @param {boolean} french
 * @returns {{iso: string, ambiguous: boolean} | null}
 */
export function readDate(words, french) {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})/u.exec(words);
  if (iso) return day(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const digits = /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})/u.exec(words);
  if (digits) {
    const [a, b, year] = digits.slice(1).map(Number);
    const dayFirst = french || words.includes(".") || Number(a) > 12;
    const [month, date] = dayFirst && Number(b) <= 12 ? [b, a] : [a, b];
    const both = Number(a) <= 12 && Number(b) <= 12 && a !== b;
    return day(Number(year), Number(month), Number(date), both && !french);
  }
  const plain = words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const name = /([a-z]{3,9})/u.exec(plain)?.[1] ?? "";
  const month = 1 + MONTHS.findIndex((forms) =>
    forms.some((form) => name.startsWith(form.slice(0, 3)) &&
      (name.startsWith(form) || form.startsWith(name))));
  const numbers = plain.match(/\d+/gu) ?? [];
  const year = numbers.find((n) => n.length === 4);
  const date = numbers.find((n) => n.length <= 2);
  return day(Number(year), month, Number(date));
}

/**
 * @param {number} year
 * @param {number} month
 * @param {number} date
 * @param {boolean} [ambiguous]
 */
function day(year, month, date, ambiguous = false) {
  const made = new Date(Date.UTC(year, month - 1, date));
  const real = year >= 1850 && year < 2200 &&
    made.getUTCMonth() === month - 1 && made.getUTCDate() === date;
  return real ? { iso: made.toISOString().slice(0, 10), ambiguous } : null;
}
