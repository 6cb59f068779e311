// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// record.js - the parts of a vault record that sealing and opening share: what
// a record is bound to, the keys that come of its two secrets, the map inside.
//
// The record key (CEK) is wrapped to a key of the vault. The content key comes
// of it and of the release share, which the server keeps: neither opens
// anything alone. `commit` fixes both, which AES-GCM by itself does not.

import {
  digestOf, fromBase64url, fromUtf8, hasExactly, hkdf, isObject, join, JOB_ID,
  parseJson, sha256, toBase64url, toUtf8,
} from "./bytes.js";
import { demand, refusal } from "./error.js";

/** @import {Bytes} from "./bytes.js" */
/** @import {VaultCode} from "./error.js" */

export const FORMAT = 1;
export const DATA_TYPE = "scrubjay-map+jwe";
export const WRAP_TYPE = "scrubjay-wrap+jwe";

/** A map is padded to whole steps, so that its length tells little. */
export const STEP_BYTES = 1024;

/** The most that a map may take. */
export const MOST_BYTES = 64 * 1024;

/** The most placeholders of one. */
export const MOST_ENTITIES = 2000;

/**
 * What a record is bound to, in this order.
 * @typedef {object} Context
 * @property {number} fmt
 * @property {string} job
 * @property {string} sth salted digest of the scrubbed text
 * @property {string} sub who submitted it
 */

/**
 * A placeholder and what it stands for, once for each place.
 * @typedef {object} MapEntity
 * @property {string} p such as "<PERSON_0>"
 * @property {readonly string[]} o originals, in order of appearance
 * @property {string} t label
 */

/**
 * A record as it is kept and handed out; the share travels apart.
 * @typedef {object} VaultRecord
 * @property {number} fmt
 * @property {string} text_salt base64url, 16 bytes
 * @property {string} data compact JWE
 * @property {readonly string[]} wraps compact JWEs
 * @property {string} sig detached compact JWS
 */

/** A record as it is submitted.
 * @typedef {VaultRecord & {share: string}} Sealed */

/**
 * @param {Bytes} salt
 * @param {string} text
 */
export async function saltedDigest(salt, text) {
  return toBase64url(await sha256(join(salt, toUtf8(text))));
}

/** @param {unknown} value @returns {Readonly<Context>} */
export function readContext(value) {
  demand(hasExactly(value, ["fmt", "job", "sth", "sub"]),
    "RECORD_FORMAT", "ctx");
  const { fmt, job, sth, sub } = value;
  demand(fmt === FORMAT && typeof job === "string" && JOB_ID.test(job)
    && fromBase64url(sth)?.length === 32
    && typeof sub === "string" && sub !== "" && sub.length <= 128,
  "RECORD_FORMAT", "ctx");
  return Object.freeze({ fmt, job, sth: String(sth), sub });
}

/**
 * What the submitter signs. The order of members is part of it.
 * @param {Readonly<Context>} context
 * @param {string} dh digest of the data JWE
 */
export function signedText({ fmt, job, sth, sub }, dh) {
  return toUtf8(JSON.stringify({ ctx: { fmt, job, sth, sub }, dh }));
}

/** @param {string} data compact JWE */
export const dataHash = (data) => digestOf(data);

/**
 * @param {Bytes} cek
 * @param {Bytes} share
 */
export async function contentKey(cek, share) {
  return hkdf(cek, share, "scrubjay map v1");
}

/** @param {Bytes} cek @param {Bytes} share @returns {Promise<string>} */
export async function commitment(cek, share) {
  return toBase64url(await hkdf(cek, share, "scrubjay commit v1"));
}

/**
 * The map as padded bytes.
 * @param {readonly MapEntity[]} entities
 */
export function packMap(entities) {
  demand(entities.length <= MOST_ENTITIES, "MAP_TOO_LARGE");
  const plain = toUtf8(JSON.stringify({
    v: 1, entities: entities.map(({ p, o, t }) => ({ p, o, t })),
  }));
  const whole = Math.max(1, Math.ceil(plain.length / STEP_BYTES)) * STEP_BYTES;
  demand(whole <= MOST_BYTES, "MAP_TOO_LARGE");
  const padded = new Uint8Array(whole).fill(0x20);
  padded.set(plain);
  plain.fill(0);
  return padded;
}

/**
 * @param {Uint8Array} bytes
 * @param {VaultCode} code
 * @returns {readonly Readonly<MapEntity>[]}
 */
export function unpackMap(bytes, code = "RECORD") {
  demand(bytes.length > 0 && bytes.length % STEP_BYTES === 0
    && bytes.length <= MOST_BYTES, code, "size");
  let value;
  try {
    value = parseJson(fromUtf8(bytes));
  } catch {
    throw refusal(code, "utf8");
  }
  demand(hasExactly(value, ["v", "entities"]) && value["v"] === 1
    && Array.isArray(value["entities"]), code, "map");
  return Object.freeze(value["entities"].map((one) => {
    demand(isObject(one), code, "map");
    const { p, o, t } = one;
    demand(typeof p === "string" && PLACEHOLDER.test(p)
      && typeof t === "string" && Array.isArray(o) && o.length > 0
      && o.every((each) => typeof each === "string"), code, "map");
    return Object.freeze({ p, o: Object.freeze(o), t });
  }));
}

/** One numbered placeholder, and every one of a text. */
export const PLACEHOLDER = /^<[A-Z][A-Z_]{0,31}_[0-9]{1,9}>$/;
const PLACEHOLDERS = /<[A-Z][A-Z_]{0,31}_[0-9]{1,9}>/g;

/**
 * A stretch of a text; `t` is the label of one that stands for an original.
 * @typedef {{text: string, p?: string, t?: string}} Piece
 */

/**
 * The text with its originals, in pieces. The n-th place of a placeholder gets
 * the n-th original.
 * @param {string} text scrubbed
 * @param {readonly MapEntity[]} entities
 * @returns {readonly Piece[]}
 * @throws MAP where places and originals do not match one to one
 */
export function mergeText(text, entities) {
  const left = new Map(entities.map(({ p, o, t }) => [p, { o, t, at: 0 }]));
  demand(left.size === entities.length, "MAP", "twice");
  /** @type {Piece[]} */
  const pieces = [];
  let last = 0;
  for (const match of text.matchAll(PLACEHOLDERS)) {
    const known = left.get(match[0]);
    if (!known) continue; // the note's own words
    const original = known.o[known.at++];
    demand(original !== undefined, "MAP", "more places");
    if (match.index > last)
      pieces.push({ text: text.slice(last, match.index) });
    pieces.push({ text: original, p: match[0], t: known.t });
    last = match.index + match[0].length;
  }
  for (const { o, at } of left.values())
    demand(at === o.length, "MAP", "fewer places");
  if (last < text.length) pieces.push({ text: text.slice(last) });
  return pieces;
}

/**
 * Other words that speak of the same placeholders, such as a code's evidence:
 * each gets its first original, as often as it stands there.
 * @param {string} text
 * @param {readonly MapEntity[]} entities
 * @returns {readonly Piece[]}
 */
export function mergeLoosely(text, entities) {
  const known = new Map(entities.map((one) => [one.p, one]));
  /** @type {Piece[]} */
  const pieces = [];
  let last = 0;
  for (const match of text.matchAll(PLACEHOLDERS)) {
    const found = known.get(match[0]);
    if (!found) continue;
    if (match.index > last)
      pieces.push({ text: text.slice(last, match.index) });
    pieces.push({ text: found.o[0] ?? "", p: found.p, t: found.t });
    last = match.index + match[0].length;
  }
  if (last < text.length) pieces.push({ text: text.slice(last) });
  return pieces;
}

/**
 * The map of a text that was scrubbed in the numbered style.
 * @param {string} original
 * @param {{text: string, map: readonly {start: number, end: number,
 *   outStart: number, outEnd: number, label: string}[]}} written
 * @returns {readonly MapEntity[]}
 * @throws MAP where it is not of that style
 */
export function makeMap(original, { text, map }) {
  /** @type {Map<string, {p: string, o: string[], t: string}>} */
  const found = new Map();
  for (const { start, end, outStart, outEnd, label } of map) {
    const p = text.slice(outStart, outEnd);
    demand(PLACEHOLDER.test(p), "MAP", "style");
    const entity = found.get(p) ?? { p, o: [], t: label };
    entity.o.push(original.slice(start, end));
    found.set(p, entity);
  }
  const entities = [...found.values()];
  const back = mergeText(text, entities).map((piece) => piece.text).join("");
  demand(back === original, "MAP", "way back");
  return Object.freeze(entities.map((one) => Object.freeze(one)));
}
