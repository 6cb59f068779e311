// SPDX-License-Identifier: Apache-2.0
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { isJson, readFhir } from "../../web/review/fhir.js";
import { knownOf } from "../../web/review/known.js";
import { load } from "../wasm/load.js";

const PATIENT = {
  resourceType: "Patient", id: "a1", meta: { versionId: "7" }, active: true,
  name: [
    { use: "official", family: "Kern", given: ["Zora", "Quillette"] },
    { use: "maiden", family: "Osprina", period: { end: "1980-01-01" } },
    { text: "Zo Kern" },
  ],
  gender: "female", birthDate: "1951-03-04",
  identifier: [
    { type: { coding: [{ system: "urn:example:v2-0203",
      code: "MR" }] }, value: "00481516" },
    { system: "urn:example:us-ssn", value: "219-09-9999" },
    { type: { text: "Account" }, value: "V-20017" },
    { type: { coding: [{ code: "AN" }] }, value: "A-3" },
    { value: "loose;one" },
  ],
  telecom: [
    { system: "phone", value: "(555) 010-4477" },
    { system: "email", value: "zora@mail.example" },
    { system: "url", value: "https://mail.example" },
  ],
  address: [{ line: ["12 Quarry Lane", "Apt 4"], city: "Fernhill",
    postalCode: "02999", state: "MA" }, { text: "Old Mill, Fernhill" }],
  contact: [{ relationship: [{ text: "sister" }],
    name: { family: "Vale", given: ["Ines"] } }],
  generalPractitioner: [{ display: "Dr. Amadou Quill" }],
};

/** @param {any} resource what it says, without the empty fields */
function read(resource) {
  const { patient, found } = readFhir(
    typeof resource === "string" ? resource : JSON.stringify(resource));
  return Object.fromEntries(found.map((key) => [key, patient[key]]));
}

const SAID = {
  name: "Kern, Zora Quillette; Osprina; Zo Kern", birthDate: "1951-03-04",
  mrn: "00481516; loose one", nationalId: "219-09-9999",
  account: "V-20017; A-3", phone: "(555) 010-4477", email: "zora@mail.example",
  address: "12 Quarry Lane Apt 4, 02999 Fernhill, MA; Old Mill, Fernhill",
  relatives: "Vale, Ines", clinicians: "Dr. Amadou Quill",
};

test("a Patient fills the form", () => {
  assert.deepEqual(read(PATIENT), SAID);
});

test("what the form says of it is taken by the engine, and found", async () => {
  const session = (await load()).createEngine().session();
  const { patient } = readFhir(JSON.stringify(PATIENT));
  const text = "Quillette came with Ines Vale of Quarry Lane; 00481516.";
  session.start(text, { known: knownOf(patient) });
  session.finish();
  const hidden = session.spans().filter(({ sources }) =>
    sources.some(({ kind }) => kind === "known"))
    .map(({ start, end }) => text.slice(start, end));
  for (const words of ["Quillette", "Ines Vale", "00481516"])
    assert.ok(hidden.some((one) => one.includes(words)), words);
});

test("a Bundle with one Patient and those around", () => {
  const bundle = { resourceType: "Bundle", entry: [
    { resource: { resourceType: "Practitioner", name: [{ text: "Ilse Brandt" }] } },
    { resource: PATIENT },
    { resource: { resourceType: "RelatedPerson", name: [{ family: "Vale" }] } },
    {},
  ] };
  assert.deepEqual(read(bundle), { ...SAID, relatives: "Vale, Ines; Vale",
    clinicians: "Dr. Amadou Quill; Ilse Brandt" });
  bundle.entry.push({ resource: { ...PATIENT, id: "a2" } });
  assert.deepEqual(read(bundle), {}, "two patients");
});

test("what is no Patient, or holds other things than it should, says nothing",
  () => {
    for (const text of ["{", "{}", "null", '{"resourceType":"Observation"}',
      '{"resourceType":"Bundle"}', '{"resourceType":"Patient"}',
      '{"resourceType":"Patient","name":[null],"birthDate":"1951-03",' +
      '"telecom":null,"identifier":[{"value":7}],"address":[{"line":[1]}]}'])
      assert.deepEqual(read(text), {}, text);
    assert.equal(isJson(' \n{"a":1}'), true);
    assert.equal(isJson("Patient: {x}"), false);
  });
