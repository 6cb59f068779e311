// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// report.js - the record of a signed review: who said what about which text,
// what had read it, and how much was hidden. It is made of counts, versions
// and digests; no word of the note, no offset and no digest of the original
// text goes into it. The name in it is the reviewer's own.

import { kindOf } from "./kinds.js";

/** @import {EngineInfo, Found} from "../types.js" */
/** @import {Provenance} from "../redactor.js" */
/** @import {Check, Written} from "./signoff.js" */
/** @import {Item, Review} from "./session.js" */

/** Where the format changes, so does this. */
export const REPORT_FORMAT = 1;

/** The most characters of a name or a role. */
export const LONGEST = 120;

/**
 * @typedef {object} Signature
 * @property {Readonly<Review>} review
 * @property {Pick<Found, "coverage" | "unscanned" | "engine">} found
 * @property {Readonly<Written>} output
 * @property {Readonly<Check>} check
 * @property {Provenance | null} provenance
 * @property {{name: string, role: string}} reviewer
 * @property {{policy: string, language: string, text: string}} statement
 * @property {{documentType: string, specialty: string}} fields "" where nobody
 *   said
 * @property {Date} now
 */

/** @typedef {Awaited<ReturnType<typeof makeReport>>} SignedReport */

/**
 * @param {Signature} signature
 * @throws {RangeError} where it may not be signed: with its code alone
 */
export async function makeReport(signature) {
  const { review, found, output, check, provenance, statement } = signature;
  const [first] = check.blocks;
  if (first) throw new RangeError(first.code);
  const name = tidy(signature.reviewer.name);
  const role = tidy(signature.reviewer.role);
  if (name === "") throw new RangeError("NAME");
  if (role === "") throw new RangeError("ROLE");
  const bytes = new TextEncoder().encode(output.text);
  const hidden = review.items.filter((item) => !item.kept);
  const kept = review.items.filter((item) => item.kept);
  const rulesOnly = found.engine.model === "none";
  return Object.freeze({
    format: REPORT_FORMAT,
    kind: "scrubjay-report",
    signedAt: signature.now.toISOString(),
    reviewer: { name, role },
    statement: { ...statement, rulesOnly },
    note: {
      characters: [...review.note.original].length,
      documentType: signature.fields.documentType || null,
      specialty: signature.fields.specialty || null,
    },
    counts: countAll(review, found, output),
    hiddenByType: byType(hidden),
    leftByType: byType(kept),
    evidence: byEvidence(hidden),
    coverage: { ...found.coverage },
    residual: {
      looked: check.originals,
      found: count(check.residues, (residue) => !residue.accepted),
      accepted: count(check.residues, (residue) => residue.accepted),
    },
    engine: engineOf(found.engine, provenance),
    output: {
      style: output.style,
      bytes: bytes.length,
      sha256: await sha256(bytes),
    },
  });
}

/**
 * @param {Readonly<Review>} review
 * @param {Pick<Found, "unscanned">} found
 * @param {Readonly<Written> | null} output
 */
export function countAll({ items, seen }, found, output) {
  return {
    findings: items.length,
    hidden: count(items, (item) => !item.kept),
    leftInClear: count(items, (item) => item.kept && item.decided),
    leftByPolicy: count(items, (item) => item.kept && !item.decided),
    addedByHand: count(items, (item) => item.manual),
    uncertain: count(items, (item) => item.uncertain),
    uncertainSeen: count(items, (item) => item.uncertain
      && (item.decided || seen.has(item.id))),
    replacements: output?.map.length ?? 0,
    linesHiddenUnscanned: found.unscanned.length,
  };
}

/**
 * @template T
 * @param {readonly T[]} list
 * @param {(one: T) => boolean} test
 */
function count(list, test) {
  return list.reduce((sum, one) => sum + Number(test(one)), 0);
}

/** One line, no longer than it may be. @param {string} words */
export function tidy(words) {
  const line = words.normalize("NFC").replace(/[\s\p{Cc}]+/gu, " ").trim();
  return [...line].slice(0, LONGEST).join("");
}

/** @param {readonly Item[]} items @returns {Record<string, number>} */
function byType(items) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const item of items) {
    const kind = kindOf(item);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** How many findings each sort of evidence speaks for.
 * @param {readonly Item[]} items @returns {Record<string, number>} */
function byEvidence(items) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const item of items)
    for (const kind of new Set(item.sources.map((source) => source.kind)))
      counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** @param {EngineInfo} engine @param {Provenance | null} provenance */
function engineOf(engine, provenance) {
  const { version, model, rules, missing } = engine;
  return {
    version,
    sha256: provenance?.engine ?? null,
    rules,
    model: model === "none"
      ? { name: "none", why: missing?.code ?? "NOT_ASKED", files: {} }
      : { name: model, why: null, files: { ...provenance?.model } },
    packs: { ...provenance?.packs },
  };
}

/** Hexadecimal; null where the browser has no digests (neither https nor
 * localhost). @param {Uint8Array<ArrayBuffer>} bytes */
async function sha256(bytes) {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) return null;
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
  return Array.from(digest, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** @param {SignedReport} report @returns {string} */
export function reportText(report) {
  return `${JSON.stringify(report, null, 2)}\n`;
}
