// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// Several notes in line, as data: who comes next, what is read ahead, what is
// taken out and put back, and what of them goes into a file.

import assert from "node:assert/strict";
import { test } from "node:test";

import { EDGES } from "../../web/review/machine.js";
import { makeNote } from "../../web/review/note.js";
import { startReview, step } from "../../web/review/session.js";
import {
  reportLines, signedOf, textLines,
} from "../../web/queue/export.js";
import { filesOf, MOST_FILES } from "../../web/queue/files.js";
import {
  add, dismiss, entryOf, LIMITS, neighbour, nextToDo, nextToRead, NOBODY, open,
  refusal, remove, restore, sizeOf, standingOf, tally, tell,
} from "../../web/queue/line.js";
import { newsOf } from "../../web/queue/rest.js";

/** @import {Line, Standing} from "../../web/queue/line.js" */
/** @import {Rest} from "../../web/queue/rest.js" */

/**
 * A line of notes with these standings; the first is open.
 * @param {...Standing} standings
 */
function lineOf(...standings) {
  /** @type {Readonly<Line>} */
  let line = NOBODY;
  for (const standing of standings) {
    line = add(line, 10);
    line = tell(line, line.last, { standing });
  }
  return open(line, 1);
}

/** @param {Readonly<Line>} line */
const ids = ({ entries }) => entries.map(({ id }) => id);

test("notes are numbered once, and a line that was handed out never changes", () => {
  const one = add(NOBODY, 5);
  const two = add(one, 7);
  assert.deepEqual(ids(two), [1, 2]);
  assert.equal(sizeOf(two), 12);
  assert.deepEqual([ids(NOBODY), ids(one)], [[], [1]]);
  assert.ok(Object.isFrozen(two) && Object.isFrozen(two.entries) &&
    Object.isFrozen(two.entries[0]));
  assert.deepEqual(ids(add(remove(two, 2), 1)), [1, 3]);
  assert.equal(tell(two, 1, { findings: null }), two, "nothing is new");
  assert.equal(tell(two, 9, { why: "X" }), two);
  assert.equal(open(two, 9), two);
});

test("a queue has an end: in notes, and in characters", () => {
  let line = NOBODY;
  for (let i = 0; i < LIMITS.notes; i++) line = add(line, 1);
  assert.equal(refusal(line, 0), "FULL");
  assert.equal(refusal(remove(line, 7), 0), "");
  const large = add(NOBODY, LIMITS.size - 10);
  assert.equal(refusal(large, 10), "");
  assert.equal(refusal(large, 11), "TOO_MUCH");
});

test("one goes from note to note, and no further than the ends", () => {
  const line = lineOf("review", "waiting", "signed");
  assert.equal(neighbour(line, -1), 0);
  assert.equal(neighbour(line, 1), 2);
  assert.equal(neighbour(open(line, 3), 1), 0);
  assert.equal(neighbour({ ...line, current: 0 }, 1), 1);
  assert.equal(neighbour(NOBODY, 1), 0);
});

test("what is next is what a person has to do, after this note and then before",
  () => {
    const line = lineOf("review", "signed", "queued", "sent", "sending",
      "waiting", "signed");
    assert.equal(nextToDo(line), 6);
    assert.equal(nextToDo(open(line, 6)), 1);
    for (const standing of /** @type {const} */ (
      ["waiting", "scanning", "review", "editing", "failed"]))
      assert.equal(nextToDo(lineOf("signed", "sent", standing)), 3, standing);
    assert.equal(nextToDo(lineOf("review", "signed", "sent")), 0);
  });

test("read ahead is what waits and was never read, from here on", () => {
  const line = lineOf("review", "signed", "waiting", "waiting");
  assert.equal(nextToRead(line), 3);
  assert.equal(nextToRead(open(line, 3)), 4);
  assert.equal(nextToRead(tell(line, 3, { standing: "scanning" })), 4);
  assert.equal(nextToRead(tell(line, 3, { findings: 0 })), 4);
  assert.equal(nextToRead(lineOf("waiting", "failed", "review")), 0);
});

test("what was taken out can be put back where it stood, until it is let go", () => {
  const line = lineOf("review", "signed", "waiting");
  const without = remove(line, 2);
  assert.deepEqual([ids(without), without.current], [[1, 3], 1]);
  assert.deepEqual(ids(restore(without)), [1, 2, 3]);
  assert.equal(entryOf(restore(without), 2)?.standing, "signed");
  assert.equal(restore(restore(without)).entries.length, 3);
  assert.equal(restore(dismiss(without)).entries.length, 2);
  assert.deepEqual(ids(restore(remove(without, 1))), [1, 3]);
  assert.equal(remove(line, 1).current, 0, "another one has to be opened");
  assert.equal(remove(line, 9), line);
  // More came in meanwhile.
  assert.deepEqual(ids(restore(add(remove(line, 3), 1))), [1, 2, 3, 4]);
});

test("every state of the page stands somewhere in line", () => {
  const all = new Set(Object.keys(EDGES).map(standingOf));
  assert.deepEqual([...all].sort(), ["editing", "failed", "queued", "review",
    "scanning", "sending", "sent", "signed", "waiting"]);
  assert.deepEqual(tally(lineOf("signed", "sent", "queued", "failed", "review")),
    { all: 5, over: 3, signed: 1, sent: 1, queued: 1, failed: 1 });
});

const TEXT = "Zora Kern came, said Quill.";
const REVIEW = startReview(makeNote(TEXT), [
  { id: "a", start: 0, end: 9, label: "NAME", uncertain: true },
  { id: "b", start: 21, end: 26, label: "NAME", uncertain: true },
]);

/** @param {Partial<Rest>} more @param {string} [at] @returns {Rest} */
const rest = (more, at = "empty") => ({
  place: { at }, sheet: { text: TEXT, given: true, trouble: null },
  session: null, signed: { output: null, report: null }, sent: null,
  fields: null, ahead: null, ...more,
});

test("how a note stands is seen from how it was put away", () => {
  assert.deepEqual(newsOf(rest({})), { type: "", size: TEXT.length, why: "",
    standing: "waiting", findings: null, open: 0 });
  const ahead = { reading: {}, review: REVIEW };
  assert.deepEqual(newsOf(rest({ ahead })), { type: "", size: TEXT.length,
    why: "", standing: "review", findings: 2, open: 2 });
  const seen = step(step(REVIEW, { type: "focus", id: "a" }),
    { type: "keep", ids: ["b"], kept: true });
  assert.deepEqual(newsOf(rest({ session: seen,
    fields: { chosen: { documentType: "letter" } } }, "signed")), {
    type: "letter", size: TEXT.length, why: "", standing: "signed",
    findings: 2, open: 0 });
  const typed = { text: "Zo", given: false, trouble: null };
  assert.equal(newsOf(rest({ sheet: typed })).standing, "editing");
  const failed = { text: TEXT, given: true, trouble: { code: "NOMEM" } };
  const news = newsOf(rest({ sheet: failed }, "error"));
  assert.deepEqual([news.standing, news.why], ["failed", "NOMEM"]);
  /** @param {string | null} state */
  const sent = (state) => newsOf(rest({ session: REVIEW, sent: {
    id: "1", receipt: null, item: state ? { state } : null } }, "queued"));
  assert.equal(sent("waiting").standing, "queued");
  assert.equal(sent(null).standing, "queued");
  assert.deepEqual([sent("stopped").standing, sent("stopped").why],
    ["failed", "STOPPED"]);
  // Nothing that is told has a word of the note.
  for (const one of [newsOf(rest({ session: REVIEW }, "reviewing")), news])
    assert.doesNotMatch(JSON.stringify(one), /Zora|Kern|Quill/);
});

test("a file of all texts has those that are signed, as they were signed", () => {
  const signed = {
    output: { text: "<PERSON_0> came.", style: "numbered" },
    report: { output: { sha256: "ab" } },
  };
  const notes = [
    { id: 1, rest: rest({ signed }, "signed") },
    { id: 2, rest: rest({ signed: { ...signed, report: null } }, "reviewing") },
    { id: 3, rest: rest({ signed }, "sent") },
    // Back in its review, a note that was signed is not signed any more.
    { id: 4, rest: rest({ signed }, "reviewing") },
  ];
  assert.deepEqual(signedOf(notes).map(({ id }) => id), [1, 3]);
  const [first] = textLines(notes).split("\n");
  assert.deepEqual(JSON.parse(String(first)), {
    note: 1, style: "numbered", sha256: "ab", text: "<PERSON_0> came." });
  assert.equal(textLines(notes).trim().split("\n").length, 2);
  assert.deepEqual(JSON.parse(String(reportLines(notes).split("\n")[0])),
    { note: 1, report: { output: { sha256: "ab" } } });
  assert.equal(textLines([]), "");
  for (const text of [textLines(notes), reportLines(notes)])
    assert.doesNotMatch(text, /Zora|Kern|Quill/);
});

/** @param {string} name */
const file = (name) => /** @type {any} */ ({
  name, isDirectory: false,
  file: (/** @type {any} */ give, /** @type {any} */ fail) =>
    name === "gone" ? fail(new Error("no")) : give({ text: name }),
});
/** @param {string} name @param {any[][]} parts */
const folder = (name, ...parts) => /** @type {any} */ ({
  name, isDirectory: true,
  createReader: () => {
    const rest = [...parts, []];
    return { readEntries: (/** @type {any} */ give, /** @type {any} */ fail) =>
      name === "locked" ? fail(new Error("no")) : give(rest.shift()) };
  },
});

/** @param {any[]} items */
async function names(items) {
  const all = [];
  for await (const one of filesOf(items))
    all.push(typeof one === "string" ? one : /** @type {any} */ (one).text);
  return all;
}

test("a folder gives what is in it, by name, and says what it cannot give",
  async () => {
    const tree = folder("ward", [file("10"), file("9"), file(".DS_Store")],
      [folder("1", [file("b"), file("a")]), file("gone"), folder("locked")]);
    assert.deepEqual(await names([tree, { text: "last" }]),
      ["a", "b", "9", "10", "UNREADABLE", "last"]);
    assert.deepEqual(await names([folder("empty")]), []);
    const many = Array.from({ length: MOST_FILES + 5 }, (_, i) => file(`${i}`));
    const given = await names([folder("disk", many)]);
    assert.equal(given.length, MOST_FILES + 1);
    assert.equal(given.at(-1), "MANY");
  });
