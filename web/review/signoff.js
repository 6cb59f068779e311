// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// signoff.js - whether a review may be signed, and what stands in the way. No
// DOM, no I/O. Each block has the places that it speaks of, so that a page can
// lead to the first of them.

import { leakPlaces } from "./leaks.js";
import { toView } from "./note.js";
import { findResidues } from "./residual.js";

/** @import {Coverage, Leak, Place, Range} from "../../wasm/types.js" */
/** @import {Residue} from "./residual.js" */
/** @import {Item, Review} from "./session.js" */

/**
 * What a site asks of who signs.
 * @typedef {object} SignPolicy
 * @property {boolean} rulesOnly whether a note that no model read may be signed
 * @property {boolean} unseen whether uncertain findings may stay unseen
 */

/** @type {Readonly<SignPolicy>} */
export const SIGN_POLICY = Object.freeze({ rulesOnly: true, unseen: false });

/** @typedef {"CHANGED" | "OUTPUT" | "UNSCANNED" | "UNSEEN" | "RESIDUAL"
 *   | "RULES_ONLY" | "LEAK" | "NUL"} BlockCode */

/**
 * @typedef {object} Block
 * @property {BlockCode} code
 * @property {number} count of what it speaks of
 * @property {readonly {id?: string, start: number, end: number,
 *   kind?: string}[]} places in the view text; none where the whole note is
 *   meant
 */

/**
 * @typedef {object} Written the scrubbed text of exactly these marks
 * @property {string} text
 * @property {readonly Place[]} map in order
 * @property {string} style
 */

/**
 * @typedef {object} Asked
 * @property {Readonly<Review>} review
 * @property {string} scanned the text that was scanned, as it was scanned
 * @property {{coverage: Coverage, unscanned: readonly Range[],
 *   engine: {model: string}}} found
 * @property {Readonly<Written> | null} output null where it is not written
 * @property {readonly Leak[] | null} [leaks] what the server that it may be sent
 *   to would find in the output; null where it could not be looked through, and
 *   nothing where it is not for sending
 * @property {Readonly<SignPolicy>} [policy]
 */

/**
 * @typedef {object} Check
 * @property {readonly Block[]} blocks none where it may be signed
 * @property {number} originals how many hidden words were looked for
 * @property {readonly Residue[]} residues where any still stands in clear
 */

/**
 * @param {Asked} asked
 * @returns {Readonly<Check>}
 */
export function checkSignOff(asked) {
  const { review, scanned, found, output, leaks } = asked;
  const { policy = SIGN_POLICY } = asked;
  /** @type {Block[]} */
  const blocks = [];
  /** @type {(code: BlockCode, places?: Block["places"], count?: number) => void} */
  const block = (code, places = [], count = places.length) => {
    blocks.push(Object.freeze({ code, count, places }));
  };
  const changed = review.note.original !== scanned;
  if (changed) block("CHANGED");
  if (!output) block("OUTPUT");
  if (found.engine.model === "none" && !policy.rulesOnly) block("RULES_ONLY");
  // The places of a scan say nothing about another text.
  if (output && !changed) {
    const bare = bareRanges(review, found, output);
    if (bare) block("UNSCANNED", bare);
  }
  const unseen = policy.unseen ? [] : unseenItems(review);
  if (unseen.length > 0) block("UNSEEN", unseen);
  const { originals, residues } = output && !changed
    ? findResidues(review, output) : { originals: 0, residues: [] };
  const open = residues.filter((residue) => !residue.accepted);
  // Without its id: what hides the same words lies somewhere else.
  if (open.length > 0)
    block("RESIDUAL", open.map(({ start, end }) => ({ start, end })));
  if (leaks === null) block("LEAK");
  else if (output && !changed && leaks) {
    if (leaks.length > 0) block("LEAK", leakPlaces(review, output, leaks));
    const nuls = [...output.text.matchAll(/\0+/gu)].map(({ index, 0: signs }) =>
      ({ start: index, end: index + signs.length, label: "ID" }));
    if (nuls.length > 0) block("NUL", leakPlaces(review, output, nuls));
  }
  return Object.freeze({ blocks: Object.freeze(blocks), originals, residues });
}

/**
 * The uncertain findings that nobody has looked at. What a person changed was
 * looked at.
 * @param {Readonly<Review>} review
 * @returns {readonly Item[]}
 */
export function unseenItems({ items, seen }) {
  return items.filter(
    (item) => item.uncertain && !item.decided && !seen.has(item.id));
}

/**
 * What was neither scanned nor hidden; null where there is none of it. A scan
 * that is incomplete and does not say where speaks of the whole note.
 * @param {Readonly<Review>} review
 * @param {Asked["found"]} found
 * @param {Written} output
 * @returns {Block["places"] | null}
 */
function bareRanges({ note }, { coverage, unscanned }, { map }) {
  if (!coverage.complete && unscanned.length === 0) return [];
  const bare = unscanned.filter(
    (range) => /[\p{L}\p{N}]/u.test(outside(note.original, range, map)));
  return bare.length === 0 ? null : bare.map(({ start, end }) => ({
    start: toView(note, start), end: toView(note, end),
  }));
}

/**
 * What of a stretch the output does not replace.
 * @param {string} text
 * @param {Range} range
 * @param {readonly Place[]} map
 */
function outside(text, { start, end }, map) {
  let rest = "";
  let at = start;
  for (const place of map) {
    if (place.end <= at || place.start >= end) continue;
    rest += text.slice(at, Math.max(at, place.start));
    at = place.end;
  }
  return rest + text.slice(at, Math.max(at, end));
}

/**
 * Whose words a statement has: the first policy that is no mere addition.
 * @param {string} policy names joined by commas
 * @returns {"safe-harbor" | "limited-dataset" | "gdpr-fr" | "other"}
 */
export function statementFor(policy) {
  const names = policy.split(",").map((name) => name.trim());
  const base = names.find((name) => name !== "" && !name.startsWith("keep-"));
  switch (base ?? "safe-harbor") {
    case "safe-harbor":
    case "strict": // hides all that safe-harbor hides, and more
      return "safe-harbor";
    case "limited-dataset":
      return "limited-dataset";
    case "gdpr-fr":
      return "gdpr-fr";
    default:
      return "other";
  }
}
