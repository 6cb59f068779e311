// SPDX-License-Identifier: Apache-2.0
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { readDate, readHeader } from "../../web/review/header.js";
import { FIELDS, knownOf, settlePolicy } from "../../web/review/known.js";

/** @param {string} text what it says, without the empty fields */
function read(text) {
  const { patient, found, ambiguous } = readHeader(text);
  return {
    ...Object.fromEntries(found.map((key) => [key, patient[key]])),
    ...(ambiguous ? { ambiguous } : {}),
  };
}

test("one line of an English chart", () => {
  assert.deepEqual(
    read("Patient: DOE, Jane  DOB 03/04/1951  MRN 12345"),
    { name: "DOE, Jane", birthDate: "1951-03-04", mrn: "12345", ambiguous: true });
  assert.deepEqual(
    read("Name: Zora Kern | Date of Birth: 14 Mar 1951 | Sex: F | MRN# 00-481"),
    { name: "Zora Kern", birthDate: "1951-03-14", mrn: "00-481" });
});

test("a header of several lines, values below their labels too", () => {
  assert.deepEqual(read([
    "Patient Name: Zora Q. Kern",
    "DOB:",
    "March 14, 1951",
    "Medical Record Number: 00481516    Account #: V-20017",
    "Phone: (555) 010-4477   Email: zora@example.org",
    "Address: 12 Quarry Lane, Fernhill",
    "Next of kin: Osprina Vale (sister)",
    "Attending Physician: Dr. Amadou Quill",
    "PCP: Ilse Brandt, MD.",
    "Age: 74  Location: 4 West",
  ].join("\r\n")), {
    name: "Zora Q. Kern",
    birthDate: "1951-03-14",
    mrn: "00481516",
    account: "V-20017",
    phone: "(555) 010-4477",
    email: "zora@example.org",
    address: "12 Quarry Lane, Fernhill",
    relatives: "Osprina Vale",
    clinicians: "Dr. Amadou Quill; Ilse Brandt, MD",
  });
});

test("a French header is read day first", () => {
  assert.deepEqual(read([
    "Nom : KERN   Prénom : Zoé   Née le 03/04/1951   IPP 8001234",
    "N° de sécurité sociale : 2 51 04 75 116 001 23",
    "Adresse : 3 rue des Carrières, 21000 Dijon",
    "Tél. : 01 99 00 12 34",
    "Médecin traitant : Dr Anaïs Corbel",
  ].join("\n")), {
    name: "KERN, Zoé",
    birthDate: "1951-04-03",
    mrn: "8001234",
    nationalId: "2 51 04 75 116 001 23",
    address: "3 rue des Carrières, 21000 Dijon",
    phone: "01 99 00 12 34",
    clinicians: "Dr Anaïs Corbel",
  });
});

test("prose and scraps fill nothing", () => {
  for (const text of [
    "", ":::", "Patient:", "MRN: pending", "DOB: unknown",
    "The patient was born in spring and takes metformin.",
    "Email: none", "Phone: n/a",
  ])
    assert.deepEqual(read(text), {}, `case of ${text.length} characters`);
});

test("dates by word and by number; no day that there is not", () => {
  assert.equal(readDate("3 février 1962", true)?.iso, "1962-02-03");
  assert.equal(readDate("1er août 1948", true)?.iso, "1948-08-01");
  assert.equal(readDate("25/12/1950", false)?.iso, "1950-12-25");
  assert.deepEqual(readDate("03.04.1951", false),
    { iso: "1951-04-03", ambiguous: true });
  for (const words of ["31/02/1950", "1950", "13/13/1950", "yesterday", ""])
    assert.equal(readDate(words, false), null, words);
});

test("what the engine is told", () => {
  assert.equal(knownOf(FIELDS), undefined);
  assert.deepEqual(knownOf({
    ...FIELDS,
    name: "Zora Kern; Zora Vale",
    birthDate: "1951-03-14",
    mrn: "00481516",
    nationalId: "2 51 04 75 116 001 23; 219-09-9999",
    relatives: "Osprina Vale;",
  }), {
    patient: {
      name: ["Zora Kern", "Zora Vale"],
      birthDate: ["1951-03-14"],
      identifier: [
        { value: "00481516", type: "MRN" },
        { value: "2 51 04 75 116 001 23", type: "NIR" },
        { value: "219-09-9999", type: "SSN" },
      ],
      phone: [], email: [], address: [],
    },
    relatives: ["Osprina Vale"],
    clinicians: [],
  });
});

test("a policy that the engine lacks gives way to the usual one", () => {
  const has = ["safe-harbor", "strict", "keep-years"];
  assert.equal(settlePolicy("strict,keep-years", has), "strict,keep-years");
  assert.equal(settlePolicy("site-own,keep-zip3", has), "safe-harbor");
  assert.equal(settlePolicy("", has), "safe-harbor");
});
