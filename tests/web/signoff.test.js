// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What stands in the way of a signature, and the record that one leaves.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { makeReport, reportText, tidy } from "../../web/review/report.js";
import { step } from "../../web/review/session.js";
import { checkSignOff, statementFor } from "../../web/review/signoff.js";
import { outputOf, reviewOf } from "./marked.js";

/** @import {Review} from "../../web/review/session.js" */

/** A scan of the whole text, by a model. */
const FOUND = Object.freeze({
  coverage: Object.freeze({
    chars: 40, scanned: 40, windows: 1, answered: 1, complete: true,
  }),
  unscanned: /** @type {{start: number, end: number}[]} */ ([]),
  engine: Object.freeze({
    version: "0.1.0", model: "tiny 1.0.0", rules: 300, threads: 1,
    missing: null,
  }),
});

const RULES = { ...FOUND, engine: { ...FOUND.engine, model: "none" } };

/** @param {Readonly<Review>} review @param {object} [more] */
const asked = (review, more = {}) => ({
  review,
  scanned: review.note.original,
  found: FOUND,
  output: outputOf(review),
  ...more,
});

/** @param {Readonly<Review>} review @param {object} [more] */
const codes = (review, more = {}) =>
  checkSignOff(asked(review, more)).blocks.map(
    ({ code, count }) => `${code} ${count}`);

test("a scanned, checked, clean review has nothing in its way", () => {
  const review = reviewOf("{NAME Zora Kern} came on {DATE 03/14/2026}.");
  assert.deepEqual(checkSignOff(asked(review)),
    { blocks: [], originals: 2, residues: [] });
});

test("another text than the one that was scanned", () => {
  const review = reviewOf("{NAME Zora Kern} came.");
  assert.deepEqual(codes(review, { scanned: "Zora Kern came" }), ["CHANGED 0"]);
  assert.deepEqual(codes(review, { scanned: "" }), ["CHANGED 0"]);
});

test("no output of these marks", () => {
  const review = reviewOf("{NAME Zora Kern} came.");
  assert.deepEqual(codes(review, { output: null }), ["OUTPUT 0"]);
});

test("lines that were not scanned must be hidden whole", () => {
  const review = reviewOf("One line.\r\nTwo line.\r\n{NAME Zora Kern}.");
  const unscanned = [{ start: 11, end: 20 }];
  const found = { ...FOUND, unscanned,
    coverage: { ...FOUND.coverage, complete: false } };
  const { blocks } = checkSignOff(asked(review, { found }));
  assert.deepEqual(blocks, [{
    code: "UNSCANNED", count: 1, places: [{ start: 10, end: 19 }],
  }]);
  const out = outputOf(review);
  const line = {
    start: 11, end: 20, outStart: 11, outEnd: 22, label: "ID", number: 0,
  };
  const whole = { ...out, map: [line, ...out.map] };
  assert.deepEqual(codes(review, { found, output: whole }), []);
  const part = { ...out, map: [{ ...line, start: 12 }, ...out.map] };
  assert.deepEqual(codes(review, { found, output: part }), ["UNSCANNED 1"]);
  // The sign at its end identifies nobody.
  const words = { ...out, map: [{ ...line, end: 19 }, ...out.map] };
  assert.deepEqual(codes(review, { found, output: words }), []);
});

test("a scan that is incomplete and does not say where", () => {
  const found = { ...FOUND, coverage: { ...FOUND.coverage, complete: false } };
  assert.deepEqual(codes(reviewOf("A line."), { found }), ["UNSCANNED 0"]);
});

test("uncertain findings must be seen, decided, or allowed by policy", () => {
  let review = reviewOf("{NAME? Upper} lobe, {NAME? Osprina} left, {DATE x}");
  const [one, two] = review.items.map((item) => item.id);
  const { blocks } = checkSignOff(asked(review));
  assert.deepEqual([blocks[0]?.code, blocks[0]?.places[0]?.id],
    ["UNSEEN", one]);
  assert.deepEqual(codes(review), ["UNSEEN 2"]);
  assert.deepEqual(
    codes(review, { policy: { rulesOnly: true, unseen: true } }), []);
  review = step(review, { type: "focus", id: two ?? "" });
  assert.deepEqual(codes(review), ["UNSEEN 1"]);
  review = step(review, { type: "keep", ids: [one ?? ""], kept: true });
  assert.deepEqual(codes(review), []);
});

test("a note that rules alone read is signed where the policy allows", () => {
  const review = reviewOf("{NAME Zora Kern} came.");
  assert.deepEqual(codes(review, { found: RULES }), []);
  assert.deepEqual(
    codes(review, { found: RULES, policy: { rulesOnly: false, unseen: false } }),
    ["RULES_ONLY 0"]);
});

test("what is hidden and stands elsewhere in clear, and the way out", () => {
  let review = reviewOf("Dr {NAME Black}: black stool");
  const { blocks } = checkSignOff(asked(review));
  assert.deepEqual(blocks, [{
    code: "RESIDUAL", count: 1, places: [{ start: 10, end: 15 }],
  }]);
  review = step(review,
    { type: "add", ranges: [{ start: 10, end: 15 }], kind: "PERSON" });
  assert.deepEqual(codes(review), []);
  const ids = [review.focus ?? ""];
  review = step(review, { type: "keep", ids, kept: true });
  const check = checkSignOff(asked(review));
  assert.deepEqual(check.blocks, []);
  assert.equal(check.residues.length, 1);
});

test("what the server would find, where it stands in the note", () => {
  const review = reviewOf(
    "{NAME Zora Kern},\r\nMRN 00481516, {DATE 03/14/2026}, tel 555-0100");
  const output = outputOf(review);
  const leaks = ["00481516", "555-0100"].map((words, i) => {
    const start = output.text.indexOf(words);
    return { start, end: start + 8, label: ["MRN", "PHONE"][i] ?? "" };
  });
  const { blocks } = checkSignOff(asked(review, { output, leaks }));
  assert.deepEqual(blocks.map(({ code, count }) => [code, count]),
    [["LEAK", 2]]);
  assert.deepEqual(
    blocks[0]?.places.map(({ start, end, kind }) =>
      [review.note.text.slice(start, end), kind]),
    [["00481516", "MRN"], ["555-0100", "PHONE"]]);
  // Hidden, both are gone.
  const hidden = (blocks[0]?.places ?? []).reduce((now, place) => step(now,
    { type: "add", ranges: [place], kind: place.kind ?? "" }), review);
  assert.equal(outputOf(hidden).map.length, 4);
  assert.deepEqual(codes(review, { leaks: null }), ["LEAK 0"]);
  assert.deepEqual(codes(review, { leaks, scanned: "x" }), ["CHANGED 0"]);
});

test("a sign that cannot be sent stands in the way where it would be", () => {
  const review = reviewOf("\0\0{NAME Zora Kern} \0 came");
  assert.deepEqual(codes(review), []);
  assert.deepEqual(codes(review, { leaks: [] }), ["NUL 2"]);
  const { blocks } = checkSignOff(asked(review, { leaks: [] }));
  assert.deepEqual(blocks[0]?.places.map(({ start, end }) => [start, end]),
    [[0, 2], [12, 13]]);
});

test("several blocks are all told", () => {
  const review = reviewOf("{NAME? Zora Kern} and Zora Kern");
  assert.deepEqual(codes(review), ["UNSEEN 1", "RESIDUAL 1"]);
});

test("each policy has its statement, and additions change none", () => {
  for (const [policy, key] of [
    ["", "safe-harbor"], ["safe-harbor", "safe-harbor"],
    ["strict", "safe-harbor"], ["keep-providers", "safe-harbor"],
    ["keep-years, limited-dataset", "limited-dataset"],
    ["gdpr-fr,keep-zip3", "gdpr-fr"], ["our-own", "other"],
  ])
    assert.equal(statementFor(/** @type {string} */ (policy)), key);
});

const PROVENANCE = {
  engine: "ab".repeat(32),
  model: { "model.onnx": "cd".repeat(32) },
  packs: { "ids-us.rules": { version: "1", sha256: "ef".repeat(32) } },
};

/** @param {Readonly<Review>} review @param {object} [more] */
function signatureOf(review, more = {}) {
  const output = outputOf(review);
  return {
    review,
    found: FOUND,
    output,
    check: checkSignOff(asked(review)),
    provenance: PROVENANCE,
    reviewer: { name: "  Ines\tVoss ", role: "Physician" },
    statement: { policy: "safe-harbor", language: "en", text: "I have read." },
    fields: { documentType: "progress-note", specialty: "" },
    now: new Date(Date.UTC(2026, 1, 9, 8, 7, 6)),
    ...more,
  };
}

test("the report counts, names what read the note, and hashes the output", async () => {
  let review = reviewOf(
    "{NAME Zora Kern}, {NAME Quill}, {DATE? 03/14/2026}, é {MRN 00481516}");
  const [, quill, date] = review.items.map((item) => item.id);
  review = step(review, { type: "keep", ids: [quill ?? ""], kept: true });
  review = step(review, { type: "focus", id: date ?? "" });
  const signature = signatureOf(review);
  const report = await makeReport(signature);
  assert.deepEqual(report.reviewer, { name: "Ines Voss", role: "Physician" });
  assert.equal(report.signedAt, "2026-02-09T08:07:06.000Z");
  assert.deepEqual(report.counts, {
    findings: 4, hidden: 3, leftInClear: 1, leftByPolicy: 0, addedByHand: 0,
    uncertain: 1, uncertainSeen: 1, replacements: 3, linesHiddenUnscanned: 0,
  });
  assert.deepEqual(report.hiddenByType, { PERSON: 1, DATE: 1, MRN: 1 });
  assert.deepEqual(report.leftByType, { PERSON: 1 });
  assert.deepEqual(report.evidence, { rule: 3 });
  assert.deepEqual(report.residual, { looked: 3, found: 0, accepted: 0 });
  assert.deepEqual(report.engine, {
    version: "0.1.0", sha256: PROVENANCE.engine, rules: 300,
    model: { name: "tiny 1.0.0", why: null, files: PROVENANCE.model },
    packs: PROVENANCE.packs,
  });
  const bytes = Buffer.from(signature.output.text);
  assert.deepEqual(report.output, {
    style: "placeholder", bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
  assert.deepEqual(JSON.parse(reportText(report)), report);
});

test("no word of the note is in the report, nor where any stood", async () => {
  const words = ["Zora", "Kern", "00481516", "Quill", "555", "Osprina"];
  let review = reviewOf("{NAME Zora Kern} {MRN 00481516} {NAME Quill} " +
    "{PHONE 555-0100} Osprina");
  review = step(review, { type: "add", kind: "PERSON", ranges: [
    { start: review.note.text.indexOf("Osprina"),
      end: review.note.text.length }] });
  const report = await makeReport(signatureOf(review));
  // Digests and times are made of digits and may hold any three.
  const text = reportText({ ...report, signedAt: "",
    output: { ...report.output, sha256: "" } });
  for (const word of words) assert.doesNotMatch(text, new RegExp(word, "i"));
  for (const item of review.items)
    assert.ok(!text.includes(item.id) || item.id === "m1");
  assert.doesNotMatch(text, /"(?:start|end|id|original|text)":(?! "I have)/);
});

test("rules alone are named as such, with the reason", async () => {
  const review = reviewOf("{NAME Zora Kern} came.");
  const missing = { code: "MODEL_HASH", message: "m", where: "w" };
  const found = { ...RULES, engine: { ...RULES.engine, missing } };
  const report = await makeReport(signatureOf(review, { found }));
  assert.deepEqual(report.engine.model,
    { name: "none", why: "MODEL_HASH", files: {} });
  assert.equal(report.statement.rulesOnly, true);
});

test("what may not be signed gives no report, and the error no words", async () => {
  const review = reviewOf("{NAME? Zora Kern} came.");
  await assert.rejects(makeReport(signatureOf(review)), /^RangeError: UNSEEN$/);
  const clean = reviewOf("{NAME Zora Kern} came.");
  for (const [name, role, code] of [
    [" ", "Physician", "NAME"], ["Ines Voss", "\n", "ROLE"],
  ])
    await assert.rejects(
      makeReport(signatureOf(clean, { reviewer: { name, role } })),
      new RegExp(`^RangeError: ${code}$`));
});

test("a name is one line of 120 characters at most", () => {
  assert.equal(tidy(" a\r\n b\u0000c\u00a0 "), "a b c");
  assert.equal([...tidy("🙂".repeat(200))].length, 120);
});
