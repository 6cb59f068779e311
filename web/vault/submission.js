// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// submission.js - the body of a submission, from a signed review. It holds the
// scrubbed text, counts and versions. Who signed stays in the report, save the
// role; the digest of the text stays there too, for a bare digest would let
// guesses at a missed name be tested.

import { demand } from "./error.js";
import { makeMap } from "./record.js";

/** @import {MapEntity} from "./record.js" */

/**
 * @typedef {object} Fields
 * @property {string} documentType such as "progress-note"; "" for none
 * @property {string} specialty "" for none
 */

/** @typedef {"manual" | "known" | "rule" | "model" | "unscanned"} Origin */

/**
 * A finding, as far as a submission needs it: offsets in the original.
 * @typedef {object} Finding
 * @property {number} start
 * @property {number} end
 * @property {boolean} manual
 * @property {readonly {kind: string}[]} sources
 */

/**
 * @typedef {object} ToSubmit
 * @property {string} original the note, as it was scanned
 * @property {{text: string, map: readonly {start: number, end: number,
 *   outStart: number, outEnd: number, label: string}[]}} written in the
 *   numbered style
 * @property {readonly Finding[]} findings those that are hidden
 * @property {Fields} fields
 * @property {string} policy
 * @property {string} lang of the note, as detect() says it
 * @property {{signedAt: string, reviewer: {role: string},
 *   statement: {policy: string, rulesOnly: boolean},
 *   counts: {hidden: number, leftInClear: number, addedByHand: number},
 *   engine: {version: string, model: {name: string}}}} report the signature's
 */

/** @typedef {Record<string, unknown> & {scrubbed_text: string}} Body */

/**
 * @param {ToSubmit} what
 * @returns {{body: Body, entities: readonly MapEntity[]}} the originals are
 *   for sealing, and in no part of the body
 * @throws MAP, SUBMISSION
 */
export function makeSubmission(what) {
  const { original, written, findings, fields, policy, lang, report } = what;
  const entities = makeMap(original, written);
  const origins = originsOf(written, findings);
  const { statement, counts, engine } = report;
  demand(LANGS.includes(lang), "SUBMISSION", "lang");
  const body = {
    document_type: nameOf(fields.documentType || NONE, "documentType"),
    specialty: nameOf(fields.specialty || NONE, "specialty"),
    policy: policy.split(",").map((one) => nameOf(one, "policy")).join(","),
    lang,
    style: "numbered",
    scrubbed_text: written.text,
    entities: entities.map(({ p, o, t }) => ({
      placeholder: p, type: t, source: origins.get(p) ?? "rule",
      count: o.length,
    })),
    attestation: {
      statement_id: nameOf(statement.policy, "statement")
        + (statement.rulesOnly ? ".rules-only" : ""),
      reviewed_at: report.signedAt,
      reviewer: { role: roleOf(report.reviewer.role) },
      counts: {
        confirmed: counts.hidden,
        unflagged: counts.leftInClear,
        added: counts.addedByHand,
      },
    },
    engine: {
      ruleset: nameOf(engine.version, "engine"),
      model: nameOf(engine.model.name, "model"),
      version: nameOf(engine.version, "engine"),
    },
  };
  return { body, entities };
}

/**
 * What a server takes where no sentence is meant: letters, digits and `._-`.
 * @param {string} words
 * @param {string} where
 */
function nameOf(words, where) {
  const name = words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/[^a-z0-9._]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 48);
  demand(name !== "", "SUBMISSION", where);
  return name;
}

/** @param {string} role at most 64 bytes */
function roleOf(role) {
  let short = role.trim();
  while (new TextEncoder().encode(short).length > 64)
    short = [...short].slice(0, -1).join("");
  demand(short !== "", "SUBMISSION", "role");
  return short;
}

/** What a server takes as the language of a note. */
export const LANGS = Object.freeze(["en", "fr", "en,fr"]);

/** Of a field that was left empty. */
const NONE = "unspecified";

/** The surest first. @type {readonly Origin[]} */
const ORDER = ["manual", "known", "rule", "model"];

/**
 * What speaks for each placeholder.
 * @param {ToSubmit["written"]} written
 * @param {readonly Finding[]} findings
 * @returns {Map<string, Origin>}
 */
function originsOf({ text, map }, findings) {
  /** @type {Map<string, Origin>} */
  const origins = new Map();
  const sorted = [...findings].sort((a, b) => a.start - b.start);
  let at = 0;
  for (const { start, end, outStart, outEnd, label } of map) {
    const p = text.slice(outStart, outEnd);
    if (label === "UNSCANNED") origins.set(p, "unscanned");
    while ((sorted[at]?.end ?? Infinity) <= start) at++;
    for (let i = at; (sorted[i]?.start ?? Infinity) < end; i++) {
      const one = sorted[i];
      if (!one) break;
      const kinds = [...one.sources.map(({ kind }) => kind),
        ...(one.manual ? ["manual"] : []), origins.get(p)];
      const best = ORDER.find((kind) => kinds.includes(kind));
      if (best) origins.set(p, best);
    }
  }
  return origins;
}
