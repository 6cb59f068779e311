// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The words of the page: both languages whole, and chosen as one would expect.

import assert from "node:assert/strict";
import { test } from "node:test";

import { en } from "../../web/i18n/en.js";
import { fields as enFields } from "../../web/i18n/en-fields.js";
import { queue as enQueue } from "../../web/i18n/en-queue.js";
import { fr } from "../../web/i18n/fr.js";
import { queue as frQueue } from "../../web/i18n/fr-queue.js";
import { fields as frFields } from "../../web/i18n/fr-fields.js";
import { kindWords, knows, learn, wordsFor } from "../../web/i18n/words.js";
import { KINDS, kindByKey, kindOf } from "../../web/review/kinds.js";

/**
 * @param {any} value
 * @param {string} path
 * @returns {string[]} every leaf with what it is
 */
function leaves(value, path = "") {
  if (typeof value !== "object") return [`${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([key, v]) =>
    leaves(v, `${path}.${key}`),
  );
}

test("English and French have the same keys and the same number of lines", () => {
  assert.deepEqual(leaves(fr), leaves(en));
  assert.deepEqual(leaves(frFields), leaves(enFields));
  assert.deepEqual(leaves(frQueue), leaves(enQueue));
});

test("no word is empty, and functions answer for none, one and many", () => {
  for (const words of [en, fr])
    for (const n of [0, 1, 2, 5000])
      for (const say of [
        words.say.hid,
        words.say.added,
        words.review.more,
        words.review.filtered,
        words.banner.partial,
      ])
        assert.match(say(n), /\d/);
  assert.equal(en.say.added(1), "1 place added.");
  assert.equal(fr.say.added(0), "0 endroit ajouté.");
});

test("French puts a no-break space before the signs that want one", () => {
  const text = JSON.stringify([fr, frFields, frQueue], (_, v) =>
    typeof v === "function" ? String(v("1", "2", "3", "4", "5")) : v,
  );
  assert.deepEqual(text.match(/.{6} [:;?!](?!\w).{2}/g), null);
});

test("every kind has words in both languages, and an unknown one its own", () => {
  for (const { key } of KINDS)
    for (const words of [en, fr])
      assert.notEqual(kindWords(words, key).name, "");
  assert.deepEqual(kindWords(en, "NEW"), { tag: "NEW", name: "NEW" });
  assert.equal(kindByKey("NEW").colour, "other");
});

test("names are two kinds by their role", () => {
  assert.equal(kindOf({ label: "NAME", role: "provider" }), "PROVIDER");
  assert.equal(kindOf({ label: "NAME", role: "other" }), "PERSON");
  assert.equal(kindOf({ label: "MRN" }), "MRN");
});

test("the first language that there is wins", async () => {
  assert.equal(wordsFor(["fr"]), en, "until it is learned");
  assert.equal(knows("fr"), false);
  await learn("fr");
  assert.equal(wordsFor([null, "de", "fr-CA", "en"]), fr);
  assert.equal(wordsFor(["xx"]), en);
});
