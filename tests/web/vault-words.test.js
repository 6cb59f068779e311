// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The words of the results page and of the vault's refusals, in both languages.

import assert from "node:assert/strict";
import { test } from "node:test";

import { results as en } from "../../web/i18n/en-results.js";
import { results as fr } from "../../web/i18n/fr-results.js";
import { vaultSays } from "../../web/i18n/vault-words.js";
import { CODES } from "../../web/vault/error.js";

/**
 * @param {any} value
 * @param {string} path
 * @returns {string[]} every leaf with what it is
 */
function leaves(value, path = "") {
  if (typeof value !== "object") return [`${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([key, v]) =>
    leaves(v, `${path}.${key}`));
}

test("both languages have the same keys", () => {
  assert.deepEqual(leaves(fr), leaves(en));
});

test("every refusal has a sentence of its own, in both languages", () => {
  for (const { vault } of [en, fr]) {
    for (const code of CODES) {
      if (code === "PROBLEM") continue;
      const said = vaultSays(vault, { code });
      assert.notEqual(said, vault.codes.OTHER, code);
      assert.match(said, /[.]$/, code);
    }
    assert.match(vaultSays(vault, { code: "PROBLEM", where: "new-one" }),
      /new-one/);
    assert.doesNotMatch(
      vaultSays(vault, { code: "PROBLEM", where: "forbidden" }), /forbidden/);
    assert.equal(vaultSays(vault, {}), vault.codes.OTHER);
    assert.equal(vaultSays(vault, { code: "toString" }), vault.codes.OTHER);
  }
});

test("French puts a no-break space before the signs that want one", () => {
  const text = JSON.stringify(fr, (_, v) =>
    typeof v === "function" ? String(v("1", "2")) : v);
  assert.deepEqual(text.match(/.{6} [:;?!](?!\w).{2}/g), null);
});
