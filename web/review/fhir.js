// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// fhir.js - what a FHIR R4 Patient says of the patient, as a person who pastes
// it would have typed it into the form: also one inside a Bundle, with the
// RelatedPerson and Practitioner entries beside it. Like header.js, it decides
// nothing, and what it cannot tell it leaves out.

import { FIELDS } from "./known.js";

/** @import {Header} from "./header.js" */
/** @import {Patient} from "./known.js" */

/** @typedef {Record<string, any>} Json */

/** Words of HL7 table 0203 and of systems, small, for what is no record number. */
const NATIONAL = /^(?:ssn?|nir|ins|nh|ni|nnfra|national)$/u;
const ACCOUNT =
  /^(?:an|vn|account|visit|encounter|bank|member|subscriber|insurance|m[abc]|sn)$/u;

/** One value, many or none. @param {unknown} value @returns {any[]} */
function list(value) {
  const all = Array.isArray(value) ? value : [value];
  return all.filter((one) => one !== null && one !== undefined);
}

/** Words as they may stand in a field of several. @param {...unknown} parts */
function words(...parts) {
  return parts.flatMap(list).filter((part) => typeof part === "string")
    .join(" ").replace(/[;\s]+/gu, " ").trim();
}

/** @param {unknown} text whether it may be JSON at all */
export function isJson(text) {
  return typeof text === "string" && text.trimStart().startsWith("{");
}

/**
 * @param {string} text
 * @returns {Header} nothing found where it is no Patient
 */
export function readFhir(text) {
  /** @type {Map<keyof Patient, Set<string>>} */
  const got = new Map();
  const put = (/** @type {keyof Patient} */ key, /** @type {string} */ value) => {
    if (value === "") return;
    got.set(key, (got.get(key) ?? new Set()).add(value));
  };
  let held;
  try {
    held = JSON.parse(text);
  } catch {
    held = null;
  }
  const all = held?.resourceType === "Bundle"
    ? list(held.entry).map((entry) => entry.resource) : [held];
  const patients = all.filter((one) => one?.resourceType === "Patient");
  // Of several nobody can say whose note it is.
  if (patients.length === 1) {
    readPatient(patients[0], put);
    for (const one of all) readOther(one, put);
  }
  const keys = /** @type {(keyof Patient)[]} */ (Object.keys(FIELDS));
  const found = keys.filter((key) => got.has(key));
  const patient = { ...FIELDS };
  for (const key of found) patient[key] = [...got.get(key) ?? []].join("; ");
  return { patient, found, ambiguous: false };
}

/** @typedef {(key: keyof Patient, value: string) => void} Put */

/** @param {Json} patient @param {Put} put */
function readPatient(patient, put) {
  for (const name of list(patient["name"])) put("name", nameOf(name));
  const birth = words(patient["birthDate"]);
  if (/^\d{4}-\d\d-\d\d$/u.test(birth)) put("birthDate", birth);
  for (const { type, system, value } of list(patient["identifier"])) {
    const about = words(type?.text, system, ...list(type?.coding)
      .map(({ code, display }) => words(code, display)))
      .toLowerCase().split(/[^a-z]+/u);
    put(about.some((word) => NATIONAL.test(word)) ? "nationalId"
      : about.some((word) => ACCOUNT.test(word)) ? "account" : "mrn",
    words(value));
  }
  for (const { system, value } of list(patient["telecom"]))
    put(system === "email" ? "email" : "phone",
      system === "url" ? "" : words(value));
  for (const { text, line, postalCode, city, state } of list(patient["address"]))
    put("address", words(text) || [words(line), words(postalCode, city),
      words(state)].filter(Boolean).join(", "));
  for (const { name } of list(patient["contact"]))
    for (const one of list(name)) put("relatives", nameOf(one));
  for (const { display } of list(patient["generalPractitioner"]))
    put("clinicians", words(display));
}

/** @param {Json | null | undefined} one of a Bundle @param {Put} put */
function readOther(one, put) {
  const key = one?.["resourceType"] === "RelatedPerson" ? "relatives"
    : one?.["resourceType"] === "Practitioner" ? "clinicians" : null;
  if (one && key) for (const name of list(one["name"])) put(key, nameOf(name));
}

/** @param {Json} name */
function nameOf({ text, family, given }) {
  const last = words(family);
  const first = words(given);
  return last && first ? `${last}, ${first}` : last || first || words(text);
}
