// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What may follow what: every edge and every other event, in every place that
// can be reached, against a list that is written down here a second time.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  EDGES, follow, inReview, restOf, START, turn, UNOPENED,
} from "../../web/review/machine.js";

/** @import {Place} from "../../web/review/machine.js" */

const WAY = `
empty give loading
empty refuse empty
empty wipe empty
loading ready detecting
loading fail error
loading cancel empty
loading cancelEdit editing
loading wipe empty
detecting found reviewing
detecting foundRules rulesOnly
detecting fail error
detecting cancel empty
detecting cancelEdit editing
detecting wipe empty
reviewing edit editing
reviewing sign signing
reviewing refuse reviewing
reviewing wipe empty
rulesOnly edit editing
rulesOnly sign signing
rulesOnly refuse rulesOnly
rulesOnly wipe empty
editing give loading
editing backReview reviewing
editing backRules rulesOnly
editing refuse editing
editing wipe empty
signing confirm signed
signing backReview reviewing
signing backRules rulesOnly
signing refuse signing
signing wipe empty
signed submit submitting
signed backReview reviewing
signed backRules rulesOnly
signed refuse signed
signed wipe empty
submitting acknowledge sent
submitting keep queued
submitting fail signed
submitting cancel signed
queued acknowledge sent
queued wipe empty
sent wipe empty
error retry loading
error back empty
error backEdit editing
error refuse error
error wipe empty
`.trim().split("\n").map((line) => line.split(" "));

const STATES = Object.keys(EDGES);
const EVENTS = [
  ...new Set(WAY.map(([, event]) => /** @type {string} */ (event))),
  "draftKept", "draftLost", "cover", "uncover", "lock", "unlock", "lose", "regain", "updateFound", "update",
  "", "toString", "__proto__", "constructor",
];

/** All places there are. @returns {Place[]} */
const places = () => STATES.flatMap((at) =>
  ["open", "covered", "locked"].flatMap((shield) =>
    ["online", "offline"].flatMap((network) =>
      ["none", "waiting"].flatMap((update) =>
        ["none", "kept"].flatMap((draft) =>
          [null, "reviewing", "rulesOnly"].map((review) =>
            /** @type {any} */ (Object.freeze(
              { at, shield, network, update, draft, review }))))))));

/**
 * What must come of it, by the rules in words.
 * @param {Place} place @param {string} event @returns {Place | null}
 */
function expected(place, event) {
  const { at, shield, network, update, draft, review } = place;
  /** @type {any} */
  const p = place;
  switch (event) {
    case "cover":
      return shield === "open" ? { ...p, shield: "covered" } : null;
    case "uncover":
      return shield === "covered" ? { ...p, shield: "open" } : null;
    case "lock":
      return shield !== "locked" ? { ...p, shield: "locked" } : null;
    case "unlock":
      return shield === "locked" ? { ...p, shield: "open" } : null;
    case "lose":
      return network === "online" ? { ...p, network: "offline" } : null;
    case "regain":
      return network === "offline" ? { ...p, network: "online" } : null;
    case "updateFound":
      return update === "none" ? { ...p, update: "waiting" } : null;
    case "update":
      return update === "waiting" && shield === "open" &&
        at !== "submitting" &&
        (draft === "kept" || /^(empty|queued|sent)$/.test(at))
        ? { ...p, update: "none" } : null;
    case "draftKept":
      return draft === "none" ? { ...p, draft: "kept" } : null;
    case "draftLost":
      return draft === "kept" ? { ...p, draft: "none" } : null;
  }
  const edge = WAY.find(([from, name]) => from === at && name === event);
  if (!edge) return null;
  if (event === "acknowledge" && network === "offline") return null;
  const person = /^(give|refuse|retry|edit|sign|submit|confirm|back|cancel)/;
  if (shield !== "open" && person.test(event)) return null;
  const to = /** @type {string} */ (edge[2]);
  const had = review !== null;
  if (/^(cancelEdit|backEdit)$/.test(event) && !had) return null;
  if (/^(cancel|back)$/.test(event) && had && at !== "submitting") return null;
  if (event === "backReview" && review !== "reviewing") return null;
  if (event === "backRules" && review !== "rulesOnly") return null;
  const now = /^(reviewing|rulesOnly)$/.test(to) ? to : review;
  return {
    ...p,
    at: to,
    shield: event === "wipe" ? "open" : shield,
    draft: event === "wipe" ? "none" : draft,
    review: to === "empty" ? null : now,
  };
}

test("every edge leads where it should, and every other event nowhere", () => {
  let edges = 0;
  let illegal = 0;
  for (const place of places())
    for (const event of EVENTS) {
      const before = JSON.stringify(place);
      const got = follow(place, event);
      assert.deepEqual(got, expected(place, event), `${before} ${event}`);
      assert.equal(JSON.stringify(place), before);
      if (got) edges += 1;
      else illegal += 1;
    }
  assert.ok(edges > WAY.length && illegal > edges);
});

test("the table has the edges of the list, and no more", () => {
  const has = Object.entries(EDGES).flatMap(([from, edges]) =>
    Object.entries(edges).map(([event, to]) => `${from} ${event} ${to}`));
  assert.deepEqual(has.sort(), WAY.map((edge) => edge.join(" ")).sort());
});

/**
 * All places that can be reached from the start without what `skip` names.
 * @param {(from: Place, event: string) => boolean} [skip]
 */
function reach(skip = () => false) {
  /** @type {Map<string, Place>} */
  const seen = new Map([[JSON.stringify(START), START]]);
  for (const place of seen.values())
    for (const event of EVENTS) {
      const next = skip(place, event) ? null : follow(place, event);
      if (next) seen.set(JSON.stringify(next), next);
    }
  return [...seen.values()];
}

test("every state can be reached, and left for an empty page", () => {
  const reached = new Set(reach().map((place) => place.at));
  assert.deepEqual([...reached].sort(), [...STATES].sort());
  for (const at of STATES) {
    const from = new Set([at]);
    for (const state of from)
      for (const [, , to] of WAY.filter(([f]) => f === state))
        from.add(/** @type {string} */ (to));
    assert.ok(from.has("empty"), at);
  }
});

test("nothing is sent but what was scanned, reviewed and signed", () => {
  for (const gate of ["found", "sign", "confirm", "submit"]) {
    const others = reach((_, event) =>
      event === gate || (gate === "found" && event === "foundRules"));
    for (const { at } of others)
      assert.doesNotMatch(at, /^(submitting|queued|sent)$/, gate);
  }
});

test("a text that was edited is scanned before it can be signed", () => {
  const after = follow({ ...START, at: "editing" }, "give");
  assert.equal(after?.at, "loading");
  for (const at of /** @type {const} */ (["editing", "loading", "detecting"]))
    assert.equal(follow({ ...START, at, review: "reviewing" }, "sign"), null);
});

test("behind the shield work goes on, and nobody acts", () => {
  /** @type {Place} */
  const locked = { ...START, at: "detecting", shield: "locked" };
  assert.equal(follow(locked, "found")?.at, "reviewing");
  assert.equal(follow(locked, "found")?.shield, "locked");
  assert.equal(follow({ ...locked, at: "signed" }, "submit"), null);
  assert.deepEqual(follow({ ...locked, at: "signed" }, "wipe"), START);
  // What was locked does not open because the tab is seen again.
  assert.equal(follow(locked, "uncover"), null);
  assert.equal(follow(locked, "cover"), null);
});

test("an update waits until no note is lost with the page", () => {
  const waits = places().filter((place) => place.update === "waiting");
  for (const place of waits)
    assert.equal(follow(place, "update") !== null,
      place.shield === "open" && (["empty", "queued", "sent"].includes(place.at)
        || (place.draft === "kept" && place.at !== "submitting")));
});

test("where no scan has ended, no way leads to a review but the scan's", () => {
  for (const { at, review } of reach((_, event) => /^found/.test(event)))
    assert.deepEqual([review, /^(reviewing|rulesOnly)$/.test(at)],
      [null, false]);
});

test("a note rests where it can be gone on with, and nothing of it is skipped",
  () => {
    /** Where each one rests: what was read once is edited, not new. */
    const rests = {
      empty: "empty", loading: "empty", detecting: "empty",
      reviewing: "reviewing", rulesOnly: "rulesOnly", editing: "editing",
      signing: "signing", signed: "signed", submitting: "submitting",
      queued: "queued", sent: "sent", error: "error",
    };
    for (const place of places()) {
      const { at, review } = place;
      const busy = at === "loading" || at === "detecting";
      const expected = busy && review ? "editing"
        : at === "signing" && review ? review : rests[at];
      assert.deepEqual(restOf(place),
        { at: expected, review: busy && !review ? null : review });
    }
    // A rest is never a state in which something is under way.
    for (const place of reach()) {
      const { at } = restOf(place);
      assert.doesNotMatch(at, /^(loading|detecting|signing)$/);
    }
  });

test("one turns from any note to any other, save while one is being sent", () => {
  const rests = [...new Map(reach().map(restOf)
    .map((rest) => [JSON.stringify(rest), rest])).values()];
  assert.ok(rests.length > 9);
  for (const from of places())
    for (const rest of rests) {
      const got = turn(from, rest);
      if (from.shield !== "open" || from.at === "submitting") {
        assert.equal(got, null);
        continue;
      }
      assert.deepEqual(got, { ...from, ...rest });
    }
  // What rests unsigned is not sent, and what nobody has read is not signed.
  const fresh = turn({ ...START, at: "signed", review: "reviewing" }, UNOPENED);
  assert.ok(fresh);
  for (const event of ["sign", "confirm", "submit", "backReview"])
    assert.equal(follow(fresh, event), null);
});

test("two states are a review", () => {
  assert.deepEqual(
    STATES.filter((at) => inReview({ ...START, at: /** @type {any} */ (at) })),
    ["reviewing", "rulesOnly"]);
});
