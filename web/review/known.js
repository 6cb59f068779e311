// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// known.js - the fields of a note: what the chart knows of the patient, as the
// engine takes it, and what the note itself is. No DOM.

/**
 * As a person types them; several values of one field between semicolons.
 *
 * @typedef {object} Patient
 * @property {string} name
 * @property {string} birthDate YYYY-MM-DD
 * @property {string} mrn
 * @property {string} nationalId
 * @property {string} account
 * @property {string} phone
 * @property {string} email
 * @property {string} address
 * @property {string} relatives
 * @property {string} clinicians
 */

/** Nothing known. @type {Readonly<Patient>} */
export const FIELDS = Object.freeze({
  name: "",
  birthDate: "",
  mrn: "",
  nationalId: "",
  account: "",
  phone: "",
  email: "",
  address: "",
  relatives: "",
  clinicians: "",
});

/** What a text is read with: detect() and redact() take it alike.
 * @typedef {{policy: string, known?: object}} Read */

/** @param {string} words */
function values(words) {
  return words.split(/[;\n]/u).map((one) => one.trim()).filter(Boolean);
}

/**
 * What detect() takes as `known`; undefined where nothing is known.
 *
 * @param {Readonly<Patient>} patient
 */
export function knownOf(patient) {
  const typed = (/** @type {string} */ type) => (/** @type {string} */ value) =>
    ({ value, type });
  const identifier = [
    ...values(patient.mrn).map(typed("MRN")),
    ...values(patient.nationalId).map((value) =>
      typed(/^(?:\D*\d){13,15}\D*$/u.test(value) ? "NIR" : "SSN")(value)),
    ...values(patient.account).map(typed("account")),
  ];
  const person = {
    name: values(patient.name),
    birthDate: values(patient.birthDate),
    identifier,
    phone: values(patient.phone),
    email: values(patient.email),
    address: values(patient.address),
  };
  const relatives = values(patient.relatives);
  const clinicians = values(patient.clinicians);
  const some = Object.values(person).some((list) => list.length > 0);
  if (!some && relatives.length + clinicians.length === 0) return undefined;
  return { patient: person, relatives, clinicians };
}

/** How many fields hold something. @param {Readonly<Patient>} patient */
export function knownCount(patient) {
  return Object.values(patient).filter((value) => value.trim() !== "").length;
}

/** What a note can be; a server takes these alone. */
export const DOCUMENT_TYPES = Object.freeze(["progress-note", "consultation",
  "history-and-physical", "emergency-note", "discharge-summary",
  "operative-note", "procedure-note", "radiology-report", "pathology-report",
  "nursing-note", "letter", "other"]);

/** The policy that hides all identifiers of the safe harbor. */
export const USUAL_POLICY = "safe-harbor";

/**
 * Policies by name, as one choice and its additions. Of those that the engine
 * does not have, nothing remains; the usual one is always there.
 *
 * @param {string} policy names joined by commas
 * @param {readonly string[]} has names that the engine has
 */
export function settlePolicy(policy, has) {
  const names = policy.split(",").map((name) => name.trim())
    .filter((name) => has.includes(name));
  const base = names.find((name) => !isAddition(name)) ?? USUAL_POLICY;
  return [base, ...names.filter(isAddition)].join(",");
}

/** @param {string} name of a policy that only adds to another */
export function isAddition(name) {
  return name.startsWith("keep-");
}
