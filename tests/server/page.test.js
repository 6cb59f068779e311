// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The page says before a text is sent what the server would say of it: the same
// guard over the same fields, under the same policy.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";

import { fields as en } from "../../web/i18n/en-fields.js";
import { DOCUMENT_TYPES } from "../../web/review/known.js";
import { fieldLines, NONE } from "../../web/review/leaks.js";
import { LANGS } from "../../web/vault/submission.js";
import { Guard } from "../../web/worker/guard.js";
import { load } from "../wasm/load.js";
import { Server, submission, uuid7 } from "./kit.js";

/** @type {Server} */
let server;
const guard = new Guard(await load());
before(async () => {
  server = await (await Server.make()).start();
});
after(() => server.remove());

/** What the server says: its findings, in UTF-16 units of the field.
 * @param {any} body @param {string} text */
async function asked(body, text) {
  const answer = await server.call("POST", "/v1/coder/submit",
    { as: "dr.lind@hospital.test", key: uuid7(), body });
  if (answer.status === 202) return [];
  assert.equal(answer.status, 422, answer.text);
  const bytes = Buffer.from(text);
  const units = (/** @type {number} */ at) =>
    bytes.subarray(0, at).toString().length;
  return answer.body.findings.map((/** @type {any} */ one) =>
    [one.field, one.class, units(one.start), units(one.end)]);
}

/** @param {string} field @param {string} text @param {string} policy */
const found = (field, text, policy) => guard.leaks(text, policy).map(
  ({ start, end, label }) => [field, label, start, end]);

test("of the scrubbed text, under every policy", async () => {
  const { entities } = submission();
  let some = 0;
  for (const words of [
    "all is well", "MRN: 4815162342", "Émile, née le 14/03/1951, tél. 06 12 34 56 78",
    "DOB: 03/14/1951", "😀 zora.kern@example.test", "SSN 219-09-9999",
    "Attending: Dr. Amadou Quill", "black stool, T4 N1",
  ])
    for (const policy of ["safe-harbor", "limited-dataset", "our-own",
      "limited-dataset,keep-providers", "gdpr-fr", "safe-harbor,keep-years"]) {
      const scrubbed_text =
        `Patient <PERSON_0> (MRN: <MRN_1>), <PERSON_0>. ${words}\n`;
      const body = submission({ scrubbed_text, entities, policy });
      const said = await asked(body, scrubbed_text);
      assert.deepEqual(said, found("/scrubbed_text", scrubbed_text, policy));
      some += said.length;
    }
  assert.ok(some > 20, `${some}`);
});

test("of the short fields", async () => {
  for (const [role, count] of /** @type {const} */ ([
    ["physician", 0], ["MRN 4815162342", 1], ["zora.kern@example.test", 1],
    ["médecin, tél. 06 12 34 56 78", 1],
  ])) {
    const body = submission();
    body.attestation.reviewer = { role };
    const { document_type, specialty, policy, lang } = body;
    const text = fieldLines(
      { role, documentType: document_type, specialty, policy, lang });
    const said = await asked(body, text);
    assert.equal(said.length, count, role);
    assert.deepEqual(
      said, found("/attestation/reviewer/role", text, policy), role);
  }
});

test("what may stand in a closed field is the same on both sides", async () => {
  const folder = new URL("../../tools/server/", import.meta.url).pathname;
  const made = spawnSync("python3", [
    `${folder}openapi.py`, `${folder}openapi.yaml`, "--json",
  ], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  const { document_type, lang } =
    JSON.parse(made.stdout).components.schemas.Submit.properties;
  assert.deepEqual(document_type.enum, [...DOCUMENT_TYPES, NONE]);
  assert.deepEqual(Object.keys(en.documentTypes), [...DOCUMENT_TYPES]);
  assert.deepEqual(lang.enum, [...LANGS]);
  for (const one of LANGS)
    assert.deepEqual(await asked(submission({ lang: one }), ""), []);
  for (const one of document_type.enum)
    assert.deepEqual(await asked(submission({ document_type: one }), ""), []);
  for (const [name, value] of [
    ["lang", "auto"], ["lang", "en,"], ["lang", "de"], ["lang", ""],
    ["document_type", "memo"], ["document_type", "Letter"],
    ["document_type", ""],
  ]) {
    const { status, body } = await server.call("POST", "/v1/coder/submit",
      { as: "dr.lind@hospital.test", key: uuid7(),
        body: submission({ [name ?? ""]: value }) });
    assert.equal(status, 400, value);
    assert.equal(body.pointer, `/${name}`);
  }
});
