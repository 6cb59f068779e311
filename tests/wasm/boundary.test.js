// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The boundary between JavaScript and the engine: offsets, growth, wiping,
// errors. All names and numbers are invented.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";

import { ScrubjayError } from "../../wasm/error.js";
import { loadScrubjay } from "../../wasm/scrubjay.js";
import { load, redact } from "./load.js";

/** @type {import("../../wasm/scrubjay.js").Scrubjay} */
let scrubjay;
/** @type {import("../../wasm/session.js").Session} */
let session;

/** @param {string} code */
const withCode = (code) => (/** @type {unknown} */ error) =>
  error instanceof ScrubjayError && error.code === code;

before(async () => {
  scrubjay = await load();
  session = scrubjay.createEngine().session();
});

test("the worked example comes out to the byte", () => {
  const { text } = redact(session, [
    "Patient John Smith (DOB: 03/15/1985, MRN: 123456789)",
    "SSN: 123-45-6789, Phone: 555-123-4567",
    "Email: john.smith@email.com",
    "Dr. Sarah Johnson at Memorial Hospital, 123 Main St, Boston MA",
  ].join("\n"));
  assert.equal(text, [
    "Patient [NAME] (DOB: [DATE], MRN: [MRN])",
    "SSN: [SSN], Phone: [PHONE]",
    "Email: [EMAIL]",
    "Dr. [NAME] at [ORGANIZATION], [LOCATION]",
  ].join("\n"));
});

test("offsets are UTF-16 units, whatever stands before", () => {
  for (const head of ["", "é", "😀", "e\u0301", "👩‍👩‍👧 ", "مريض ", "\u2028", "\r\n",
    "\0", "x".repeat(5000), "é😀".repeat(3000)]) {
    const text = `${head} MRN: 4471902 ${head}`;
    const { spans } = redact(session, text);
    const found = spans.map((span) => text.slice(span.start, span.end));
    assert.deepEqual(found, ["4471902"], `after ${head.length} units`);
  }
});

test("a lone surrogate counts as one unit", () => {
  const text = "\ud83d MRN: 4471902 \udc00 SSN: 078-05-1120";
  const { spans } = redact(session, text);
  assert.deepEqual(
    spans.map((span) => text.slice(span.start, span.end)),
    ["4471902", "078-05-1120"]);
});

test("spans of a person may come in any order and overlap", () => {
  const text = "Seen by Zora Maria Kern 😀 today.";
  session.start(text);
  session.finish();
  const start = text.indexOf("Zora");
  const mark = { label: "NAME", role: "", subtype: "" };
  const { text: out } = session.replace([
    { ...mark, start: start + 5, end: start + 15 },
    { ...mark, start, end: start + 10 },
  ]);
  assert.equal(out, "Seen by [NAME] 😀 today.");
});

test("a span that splits a character or leaves the text is refused", () => {
  const text = "a😀b";
  session.start(text);
  session.finish();
  const mark = { label: "NAME", role: "", subtype: "" };
  for (const [start, end] of [[2, 3], [1, 2], [0, 9], [-1, 1]])
    assert.throws(
      () => session.replace([{ ...mark, start: start ?? 0, end: end ?? 0 }]),
      withCode("ARGUMENT"), `${start} to ${end}`);
});

test("unknown words are refused by name of what is wrong", () => {
  for (const [text, langs] of /** @type {const} */ ([
    ["She was seen in the clinic and has been well since then.", "en"],
    ["Elle est venue avec sa mère et nous avons revu le dossier.", "fr"],
    ["BP 120/80", "en,fr"],
  ])) {
    session.start(text);
    assert.equal(session.langs(), langs);
  }
  assert.throws(() => session.start("x", { lang: "xx" }), withCode("ARGUMENT"));
  assert.throws(() => session.start("x", { policy: "none" }), withCode("ARGUMENT"));
  session.start("x");
  session.finish();
  assert.throws(() => session.replace([], { style: "bold" }), withCode("ARGUMENT"));
  assert.throws(
    () => session.replace([{ start: 0, end: 1, label: "NAMES", role: "", subtype: "" }]),
    withCode("ARGUMENT"));
});

test("a policy leaves in clear what it says, but never what a person hid", () => {
  const text = "Seen by Dr. Amadou Quill. MRN: 4471902";
  const policy = "safe-harbor,keep-providers";
  assert.equal(redact(session, text, "placeholder", { policy }).text,
    "Seen by Dr. Amadou Quill. MRN: [MRN]");
  assert.equal(redact(session, text).text, "Seen by Dr. [NAME]. MRN: [MRN]");
  session.start(text, { policy });
  session.finish();
  const manual = session.spans().map((span) => ({ ...span, manual: true }));
  assert.equal(session.replace(manual).text, "Seen by Dr. [NAME]. MRN: [MRN]");
});

test("a site's own policy is used, and refused with file and line", () => {
  const data = "scrubjay-policy 1\npolicy site\naddition\nkeep MRN\n";
  const engine = scrubjay.createEngine({ files: [{ name: "site.policy", data }] });
  const own = engine.session();
  const { text } = redact(own, "MRN: 4471902", "placeholder", { policy: "site" });
  assert.equal(text, "MRN: 4471902");
  own.free();
  engine.free();
  assert.throws(
    () => scrubjay.createEngine({
      files: [{ name: "site.policy", data: data.replace("MRN", "CHART") }] }),
    (error) => error instanceof ScrubjayError && error.code === "PACK" &&
      error.line === 4 && error.where.includes("site.policy"));
});

test("a chart is an object or its JSON, and found in any form", () => {
  const known = {
    patient: { name: "Ilona Vasseroy", birthDate: "1951-11-02" },
    clinicians: ["Odon Quillfeather"],
  };
  for (const chart of [known, JSON.stringify(known)]) {
    const { text, spans } = redact(session,
      "é vasseroy, le 2 nov. 1951, O. Quillfeather", "placeholder",
      { known: chart });
    assert.equal(text, "é [NAME], le [DATE], [NAME]");
    assert.deepEqual(spans.map((span) => span.role), ["patient", "", "provider"]);
    assert.ok(spans[0]?.sources.some((s) => s.id === "known-name"));
  }
  assert.equal(redact(session, "vasseroy came").text, "vasseroy came");
});

test("a chart that cannot be read is refused with its path", () => {
  assert.throws(
    () => session.start("x", { known: { patient: { nmae: "Ada" } } }),
    (error) => error instanceof ScrubjayError && error.code === "JSON" &&
      error.where === "$.patient.nmae" && !error.message.includes("Ada"));
  assert.throws(() => session.start("x", { known: "{" }), withCode("JSON"));
});

test("a broken pack is refused with its line and rule", () => {
  const data = "scrubjay-rules 1\npack site\nrule a\nlabel ID\nmatch (a+)+b\n";
  assert.throws(
    () => scrubjay.createEngine({ files: [{ name: "site.rules", data }] }),
    (error) => error instanceof ScrubjayError && error.code === "PACK" &&
      error.line === 5 && error.where.includes("site.rules") &&
      error.where.includes("a"));
});

test("a site's own pack is used beside the built-in ones", () => {
  const data = "scrubjay-rules 1\npack site\nrule site-id\nlabel ID\n" +
    "match (?<!\\w)ZK-\\d{4}(?!\\d)\n";
  const engine = scrubjay.createEngine({ files: [{ name: "site.rules", data }] });
  const own = engine.session();
  const { text } = redact(own, "seen ZK-4471, MRN: 4471902");
  assert.equal(text, "seen [ID], MRN: [MRN]");
  own.free();
  engine.free();
});

test("a document over 16 MB is refused, one below is not", () => {
  const big = "word ".repeat(Math.ceil(16 * 1024 * 1024 / 5) + 1);
  assert.throws(() => session.start(big), withCode("TOO_LARGE"));
  session.start(big.slice(0, 1024 * 1024));
  session.finish();
  assert.equal(session.coverage().complete, true);
});

test("coverage counts letters and digits and is complete", () => {
  session.start("ab é 12 😀 - مر");
  session.finish();
  const { chars, scanned, complete } = session.coverage();
  assert.deepEqual([chars, scanned, complete], [7, 7, true]);
});

test("replacing before finishing is refused", () => {
  session.start("MRN: 4471902");
  assert.throws(() => session.replace([]), withCode("STATE"));
});

test("nothing of a document stays in memory after reset and free", () => {
  const own = scrubjay.createEngine().session();
  const canary = "Zwetschgenknoedel";
  redact(own, `Patient Name: ${canary} Kern, MRN: 99004471902`, "numbered",
    { known: "" });
  assert.equal(scrubjay.memory.holds(canary), true, "the test can see it");
  own.reset();
  assert.equal(scrubjay.memory.holds(canary), false);
  assert.equal(scrubjay.memory.holds("99004471902"), false);
  redact(own, `Dr. ${canary}`);
  own.free();
  assert.equal(scrubjay.memory.holds(canary), false);
});

test("nor do words that were folded on the stack", () => {
  const session = scrubjay.createEngine().session();
  for (const word of ["qvarnulek", "obrestine", "glimmerwort"]) {
    session.start(`Patient: Ada ${word}\nMRN: 00481516\n`);
    session.finish();
  }
  // What a head or a title is looked up by, in lower case between blanks.
  assert.equal(scrubjay.memory.holds(" glimmerwort mrn "), true, "it was there");
  session.reset();
  assert.equal(scrubjay.memory.holds("glimmerwort"), false);
  assert.equal(scrubjay.memory.holds("obrestine"), false);
  session.free();
});

test("memory grows under a document and offsets stay right", async () => {
  const fresh = await load();
  const own = fresh.createEngine().session();
  const small = fresh.memory.size;
  const text = `${"Lung fields are clear, no effusion. é ".repeat(60000)} MRN: 4471902`;
  const { spans } = redact(own, text);
  assert.ok(fresh.memory.size > small, "it grew");
  const last = spans.at(-1);
  assert.equal(last && text.slice(last.start, last.end), "4471902");
});

test("what is no module is refused", async () => {
  await assert.rejects(loadScrubjay(new Uint8Array([1, 2, 3])), withCode("LOAD"));
});

test("after a trap every call says that the engine is dead", async () => {
  const fresh = await load();
  const own = fresh.createEngine().session();
  // An address that is none: the module traps on it.
  assert.throws(() => fresh.calls.sjw_document_free?.(0x7ffffff0), withCode("DEAD"));
  assert.throws(() => own.start("x"), withCode("DEAD"));
});

test("what came close stays in clear, and is told in UTF-16 units", async () => {
  const tokenizer = await readFile(
    new URL("../vectors/tokenizer/wordpiece-cased.json", import.meta.url));
  const manifest = JSON.stringify({
    format: 1, window: 64, overlap: 8, threshold: 0.6,
    tags: ["O", "B-NAME", "I-NAME"],
  });
  const engine = scrubjay.createEngine({
    tokenizer: { name: "tokenizer.json", data: tokenizer },
    manifest: { name: "manifest.json", data: new TextEncoder().encode(manifest) },
  });
  const other = engine.session();
  const text = "\u{1F3E5} came home. MRN: 00481516";
  other.start(text);
  assert.deepEqual(other.near(), []);
  for (let window = other.window(); window; window = other.window()) {
    const rows = window.ids.length;
    const logits = new Float32Array(rows * 3);
    // 0.38 for a name: nearly two thirds of what it takes.
    for (let row = 0; row < rows; row++) logits.set([8, 7.5, 0], row * 3);
    other.answer(logits, rows, 3);
  }
  other.finish();
  const near = other.near();
  assert.deepEqual(near.map(({ start, end, label, sources }) =>
    [text.slice(start, end), label, sources.map(({ kind }) => kind)]), [
    ["came home. MRN", "NAME", ["model"]],
  ]);
  assert.ok(near.every(({ score }) => score > 0.37 && score < 0.39));
  assert.deepEqual([...other.nearRows()], near.flatMap(
    ({ start, end, label, role, score }) => [start, end,
      scrubjay.constants.labels.findIndex(({ name }) => name === label),
      scrubjay.constants.roles.indexOf(role), Math.round(score * 1000)]));
  assert.equal(other.replace(other.spans(), {}).text,
    "\u{1F3E5} came home. MRN: [MRN]");
  other.reset();
  assert.deepEqual(other.near(), []);
  other.free();
  engine.free();
});
