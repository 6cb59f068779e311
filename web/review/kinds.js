// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// kinds.js - what a person can call a finding, and in which colour it is shown.
//
// A kind is the engine's label, save that names are two kinds by their role:
// PERSON and PROVIDER, as the colours and the numbered placeholders have it.

/**
 * @typedef {object} Kind
 * @property {string} key name of the kind; i18n has its words under it
 * @property {string} label the engine's label
 * @property {string} role the engine's role; "" where the label has none
 * @property {string} colour one of the eight colour groups
 */

/** @type {readonly (readonly [string, string, string, string])[]} */
const TABLE = [
  ["PERSON", "NAME", "patient", "person"],
  ["PROVIDER", "NAME", "provider", "provider"],
  ["DATE", "DATE", "", "date"],
  ["PHONE", "PHONE", "", "phone"],
  ["EMAIL", "EMAIL", "", "email"],
  ["MRN", "MRN", "", "mrn"],
  ["LOCATION", "LOCATION", "", "location"],
  ["ORGANIZATION", "ORGANIZATION", "", "location"],
  ["ID", "ID", "", "mrn"],
  ["AGE", "AGE", "", "date"],
  ["ADDRESS", "ADDRESS", "", "location"],
  ["CITY", "CITY", "", "location"],
  ["ZIP", "ZIP", "", "location"],
  ["FAX", "FAX", "", "phone"],
  ["URL", "URL", "", "email"],
  ["IP", "IP", "", "email"],
  ["NATIONAL_ID", "NATIONAL_ID", "", "mrn"],
  ["ACCOUNT", "ACCOUNT", "", "mrn"],
  ["LICENSE", "LICENSE", "", "mrn"],
  ["USERNAME", "USERNAME", "", "mrn"],
  ["VEHICLE", "VEHICLE", "", "mrn"],
  ["DEVICE", "DEVICE", "", "mrn"],
  ["BIOMETRIC", "BIOMETRIC", "", "mrn"],
  ["PHOTO", "PHOTO", "", "mrn"],
];

/** All kinds; the first nine answer to the digit keys. */
export const KINDS = Object.freeze(
  TABLE.map(([key, label, role, colour]) =>
    Object.freeze({ key, label, role, colour }),
  ),
);

/** @type {Map<string, Kind>} */
const BY_KEY = new Map(KINDS.map((kind) => [kind.key, kind]));

/**
 * @param {{label: string, role?: string | undefined}} entity
 * @returns {string} the key of its kind
 */
export function kindOf(entity) {
  if (entity.label !== "NAME") return entity.label;
  return entity.role === "provider" ? "PROVIDER" : "PERSON";
}

/**
 * @param {string} key
 * @returns {Kind} a grey kind of that label where the key is not known
 */
export function kindByKey(key) {
  return BY_KEY.get(key) ?? { key, label: key, role: "", colour: "other" };
}
