// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The review as data: decisions, undo, additions, and what an edit keeps.

import assert from "node:assert/strict";
import { test } from "node:test";

import { groupsOf, kindCounts, shownGroups } from "../../web/review/groups.js";
import { wordAt } from "../../web/review/caret.js";
import { makeNote } from "../../web/review/note.js";
import {
  carryOver,
  countsOf,
  hiddenEntities,
  itemById,
  nextDoubt,
  nextItem,
  startReview,
  step,
} from "../../web/review/session.js";
import { dice } from "./dice.js";

/** @import {Action, Review} from "../../web/review/session.js" */

/**
 * A review of a text in which findings stand as {LABEL words}, {LABEL? words}
 * where uncertain.
 * @param {string} marked
 */
function review(marked) {
  let text = "";
  const entities = [];
  let last = 0;
  for (const m of marked.matchAll(/\{([A-Z]+)(\??) ([^}]*)\}/g)) {
    text += marked.slice(last, m.index);
    const start = text.length;
    text += m[3];
    const label = /** @type {string} */ (m[1]);
    entities.push({
      id: `${start}-${text.length}-${label}`,
      start,
      end: text.length,
      label,
      score: 0.9,
      uncertain: m[2] === "?",
      role: label === "NAME" ? "patient" : "",
    });
    last = m.index + m[0].length;
  }
  return startReview(makeNote(text + marked.slice(last)), entities);
}

/**
 * The text with what is hidden in braces.
 * @param {Readonly<Review>} state
 */
function shown(state) {
  let out = state.note.original;
  for (const e of hiddenEntities(state).reverse())
    out =
      `${out.slice(0, e.start)}{${e.label} ${out.slice(e.start, e.end)}}` +
      out.slice(e.end);
  return out;
}

/** @param {Readonly<Review>} state @param {string} words @param {string} kind */
function addWords(state, words, kind) {
  const start = state.note.text.indexOf(words);
  return step(state, {
    type: "add",
    kind,
    ranges: [{ start, end: start + words.length }],
  });
}

/** @param {Readonly<Review>} state @param {number} index */
function idAt(state, index) {
  return /** @type {import("../../web/review/session.js").Item} */ (
    state.items[index]
  ).id;
}

test("what is kept is not hidden, and can be hidden again", () => {
  const one = review("Seen {NAME Zora Kern} on {DATE 03/14}.");
  const two = step(one, { type: "keep", ids: [idAt(one, 0)], kept: true });
  assert.equal(shown(two), "Seen Zora Kern on {DATE 03/14}.");
  const three = step(two, { type: "keep", ids: [idAt(one, 0)], kept: false });
  assert.equal(shown(three), shown(one));
  assert.equal(countsOf(two).hidden, 1);
});

test("an action that changes nothing leaves no step to undo", () => {
  const one = review("{NAME Zora}");
  assert.equal(
    step(one, { type: "keep", ids: [idAt(one, 0)], kept: false }),
    one,
  );
  assert.equal(step(one, { type: "undo" }), one);
  assert.equal(step(one, { type: "redo" }), one);
});

test("an addition takes in the hidden findings that it touches", () => {
  const one = addWords(
    review("Ms {NAME Zora} Kern here"),
    "ora Kern",
    "PERSON",
  );
  assert.equal(shown(one), "Ms {NAME Zora Kern} here");
  assert.equal(one.items.length, 1);
  assert.equal(one.items[0]?.manual, true);
});

test("an addition over a kept finding hides what was selected and no more", () => {
  let state = review("the {NAME Upper Lobe} of");
  state = step(state, { type: "keep", ids: [idAt(state, 0)], kept: true });
  assert.equal(
    shown(addWords(state, "Lobe of", "DATE")),
    "the Upper {DATE Lobe of}",
  );
});

test("a relabelled name takes the role of its kind", () => {
  const one = review("{NAME Quill}");
  const two = step(one, {
    type: "relabel",
    ids: [idAt(one, 0)],
    kind: "PROVIDER",
  });
  assert.equal(hiddenEntities(two)[0]?.role, "provider");
  assert.equal(groupsOf(two)[0]?.kind, "PROVIDER");
});

test("an edge moves up to its neighbour and not into it", () => {
  const one = review("{NAME Zora}{DATE 1951} x");
  const id = idAt(one, 0);
  assert.equal(step(one, { type: "move", id, start: 0, end: 5 }), one);
  assert.equal(step(one, { type: "move", id, start: 2, end: 2 }), one);
  assert.equal(
    shown(step(one, { type: "move", id, start: 1, end: 4 })),
    "Z{NAME ora}{DATE 1951} x",
  );
});

test("every walk of actions can be undone to the start and done again", () => {
  const roll = dice(5);
  const kinds = ["PERSON", "DATE", "PROVIDER", "MRN"];
  const start = review(
    "a {NAME Zora} b {DATE? 03/14} c {NAME Zora} d {MRN 00481516} e",
  );
  for (let round = 0; round < 150; round++) {
    let state = start;
    const seen = [shown(state)];
    for (let i = 0; i < 14; i++) {
      const item = state.items[roll(state.items.length)];
      const at = roll(state.note.text.length - 4);
      const kind = /** @type {string} */ (kinds[roll(4)]);
      /** @type {Action[]} */
      const actions = [
        { type: "keep", ids: item ? [item.id] : [], kept: roll(2) === 1 },
        { type: "relabel", ids: item ? [item.id] : [], kind },
        { type: "add", ranges: [{ start: at, end: at + 1 + roll(4) }], kind },
        { type: "move", id: item?.id ?? "", start: at, end: at + 2 },
        { type: "focus", id: item?.id ?? null },
        { type: "filter", filter: { text: "z" } },
      ];
      const before = state;
      state = step(
        state,
        /** @type {Action} */ (actions[roll(actions.length)]),
      );
      if (state.items !== before.items) seen.push(shown(state));
      const { items } = state;
      for (let n = 1; n < items.length; n++)
        assert.ok((items[n - 1]?.end ?? 0) <= (items[n]?.start ?? 0), "apart");
    }
    for (let i = seen.length - 1; i >= 0; i--) {
      assert.equal(shown(state), seen[i]);
      state = step(state, { type: "undo" });
    }
    for (let i = 1; i < seen.length; i++) {
      state = step(state, { type: "redo" });
      assert.equal(shown(state), seen[i]);
    }
  }
});

test("an addition never uncovers what was hidden", () => {
  const roll = dice(77);
  for (let round = 0; round < 300; round++) {
    let state = review("ab {NAME cde} fgh {DATE ijkl} mn {MRN op} q");
    const hidden = new Set();
    for (let i = 0; i < 4; i++) {
      const start = roll(state.note.text.length - 1);
      const end = Math.min(start + 1 + roll(8), state.note.text.length);
      for (const e of hiddenEntities(state))
        for (let at = e.start; at < e.end; at++) hidden.add(at);
      for (let at = start; at < end; at++) hidden.add(at);
      state = step(state, {
        type: "add",
        ranges: [{ start, end }],
        kind: "ID",
      });
      for (const e of hiddenEntities(state))
        for (let at = e.start; at < e.end; at++) hidden.delete(at);
      assert.equal(hidden.size, 0);
    }
  }
});

test("the next finding goes round at the end, among the uncertain if asked", () => {
  let state = review("{NAME? Ada} {DATE 1/2} {MRN? 123}");
  const doubt = (/** @type {{uncertain: boolean}} */ i) => i.uncertain;
  const go = (/** @type {1 | -1} */ by) => {
    const next = nextItem(state, by, doubt);
    state = step(state, { type: "focus", id: next?.id ?? null });
    return itemById(state, state.focus)?.label;
  };
  assert.deepEqual(
    [go(1), go(1), go(1), go(-1)],
    ["NAME", "MRN", "NAME", "MRN"],
  );
  assert.equal(countsOf(state).seen, 2);
});

test("rows group by kind and by surface without case and blanks", () => {
  const state = review("{NAME Zora Kern} {NAME ZORA  KERN} {MRN? Zora Kern}");
  assert.deepEqual(
    groupsOf(state).map((g) => [g.kind, g.items.length]),
    [
      ["MRN", 1],
      ["PERSON", 2],
    ],
  );
  assert.deepEqual(kindCounts(state), [
    { kind: "PERSON", all: 2, hidden: 2 },
    { kind: "MRN", all: 1, hidden: 1 },
  ]);
});

test("a filter changes what is listed and never what is hidden", () => {
  const one = review("{NAME Zora} {DATE 03/14}");
  const two = step(one, { type: "filter", filter: { kinds: ["DATE"] } });
  assert.equal(shownGroups(two).length, 1);
  assert.equal(
    shownGroups(step(two, { type: "filter", filter: { text: "zzz" } })).length,
    0,
  );
  assert.equal(shown(two), shown(one));
});

test("offsets of the original go in and come out where lines end with CRLF", () => {
  const note = makeNote("a\r\nZora\r\nb");
  const state = startReview(note, [
    { id: "x", start: 3, end: 7, label: "NAME" },
  ]);
  assert.equal(
    note.text.slice(state.items[0]?.start, state.items[0]?.end),
    "Zora",
  );
  assert.deepEqual(
    hiddenEntities(state).map((e) => [e.start, e.end]),
    [[3, 7]],
  );
});

test("an edit keeps the decisions whose words and surroundings stayed", () => {
  let former = review(
    "Head. Seen {NAME Zora Kern} and {NAME Upper} lobe, " +
      "then Ilse came by with {DATE 03/14} in the evening.",
  );
  former = step(former, { type: "keep", ids: [idAt(former, 1)], kept: true });
  former = addWords(former, "Ilse", "PERSON");
  const fresh = review(
    "A longer head. Seen {NAME Zora Kern} and {NAME Upper} " +
      "lobe, then Ilse came by with {DATE 03/14} in the evening. Tail.",
  );
  const state = carryOver(former, fresh);
  assert.equal(
    shown(state),
    "A longer head. Seen {NAME Zora Kern} and Upper lobe, then {NAME Ilse} " +
      "came by with {DATE 03/14} in the evening. Tail.",
  );
  assert.equal(state.past.length, 0);
});

test("an edit drops a decision whose surroundings changed", () => {
  let former = review("The {NAME Upper} lobe was sampled today.");
  former = step(former, { type: "keep", ids: [idAt(former, 0)], kept: true });
  const state = carryOver(
    former,
    review("Mrs {NAME Upper} came by and was sampled today."),
  );
  assert.equal(shown(state), "Mrs {NAME Upper} came by and was sampled today.");
});

test("a decision survives a second edit", () => {
  let former = review("The {NAME Upper} lobe was sampled.");
  former = step(former, { type: "keep", ids: [idAt(former, 0)], kept: true });
  const second = carryOver(
    former,
    review("The {NAME Upper} lobe was sampled. A"),
  );
  const third = carryOver(
    second,
    review("The {NAME Upper} lobe was sampled. A b"),
  );
  assert.equal(shown(third), "The Upper lobe was sampled. A b");
});

test("a review and all that it holds is frozen", () => {
  const state = addWords(review("{NAME Zora} Kern"), "Kern", "PERSON");
  for (const part of [
    state,
    state.items,
    state.items[0],
    state.past,
    state.filter,
    state.note,
  ])
    assert.ok(Object.isFrozen(part));
});

test("the summary by type tells what is left in clear", () => {
  let state = review("{NAME Zora} {MRN 1} {NAME Kern} {MRN 2}");
  state = step(state, { type: "keep", ids: [idAt(state, 1)], kept: true });
  assert.deepEqual(kindCounts(state), [
    { kind: "PERSON", all: 2, hidden: 2 },
    { kind: "MRN", all: 2, hidden: 1 },
  ]);
});

test("next goes to what nobody saw, then round what was seen", () => {
  let state = review("{NAME? A} {NAME? B} {NAME C} {NAME? D}");
  state = step(state, { type: "focus", id: idAt(state, 1) });
  const walk = [];
  for (let i = 0; i < 4; i++) {
    const item = nextDoubt(state, 1);
    assert.ok(item);
    state = step(state, { type: "focus", id: item.id });
    walk.push(state.note.text.slice(item.start, item.end));
  }
  assert.deepEqual(walk, ["D", "A", "B", "D"]);
  assert.equal(nextDoubt(review("{NAME A}"), 1), undefined);
});

test("a decision counts as a look, undone or not", () => {
  let state = review("{NAME? A} {NAME? B} {NAME C}");
  const ids = state.items.map((item) => item.id);
  state = step(state, { type: "keep", ids, kept: true });
  assert.equal(countsOf(state).seen, 2);
  assert.equal(countsOf(step(state, { type: "undo" })).seen, 2);
});

test("what was looked at stays so after an edit elsewhere", () => {
  const text = "{NAME? Zora} came in from the north. {NAME? Kern} did not.";
  let state = review(text);
  state = step(state, { type: "focus", id: idAt(state, 0) });
  const after = carryOver(state, review(`${text} And more.`));
  assert.deepEqual([...after.seen], [idAt(after, 0)]);
});

test("a filter by what found it, and by what nobody saw", () => {
  const note = makeNote("Zora Kern");
  let state = startReview(note, [
    { id: "a", start: 0, end: 4, label: "NAME", uncertain: true,
      sources: [{ kind: "model", id: "m" }] },
    { id: "b", start: 5, end: 9, label: "NAME", uncertain: true,
      sources: [{ kind: "list", id: "l" }] },
  ]);
  const listed = (/** @type {any} */ by) =>
    shownGroups(step(state, { type: "filter", filter: { state: by } })).map(
      (group) => group.words,
    );
  assert.deepEqual(listed("model"), ["Zora"]);
  assert.deepEqual(listed("rule"), ["Kern"]);
  assert.deepEqual(listed("known"), []);
  state = step(state, { type: "focus", id: "a" });
  assert.deepEqual(listed("unseen"), ["Kern"]);
});

test("the word at a caret is the one that it stands in or behind", () => {
  const text = "Nurse Osprina noticed, d’Éloïse too.";
  const word = (/** @type {number} */ at) => {
    const range = wordAt(text, at);
    return range && text.slice(range.start, range.end);
  };
  assert.equal(word(6), "Osprina");
  assert.equal(word(13), "Osprina");
  assert.equal(word(9), "Osprina");
  assert.equal(word(0), "Nurse");
  assert.equal(word(22), null);
  assert.equal(wordAt("", 0), null);
});

test("what a policy spares stays in clear until a person decides", () => {
  const note = makeNote("on 02/09/2026 in Fernhill");
  const entities = [
    { id: "d", start: 3, end: 13, label: "DATE" },
    { id: "c", start: 17, end: 25, label: "CITY" },
  ];
  const first = startReview(note, entities, new Set(["d"]));
  const hidden = (/** @type {Readonly<Review>} */ state) =>
    hiddenEntities(state).map(({ id, manual }) => `${id}${manual ? "!" : ""}`);
  assert.deepEqual(hidden(first), ["c"]);
  assert.equal(countsOf(first).hidden, 1);
  // Hidden by a person, it is hidden under every policy; so is another type.
  const ticked = step(first, { type: "keep", ids: ["d"], kept: false });
  assert.deepEqual(hidden(ticked), ["d!", "c"]);
  const named = step(first, { type: "relabel", ids: ["d"], kind: "PERSON" });
  assert.deepEqual(hidden(named), ["d!", "c"]);
  assert.deepEqual(hidden(step(ticked, { type: "undo" })), ["c"]);
  // A decision outlives a reading under another policy, either way.
  const again = carryOver(ticked, startReview(note, entities, new Set(["d", "c"])));
  assert.deepEqual(hidden(again), ["d!"]);
});
