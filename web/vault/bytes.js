// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// bytes.js - bytes as text and back, digests, and the ids of jobs.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @param {string} text @returns {Bytes} */
export const toUtf8 = (text) => encoder.encode(text);

/** @param {Uint8Array} bytes @throws {TypeError} where it is no UTF-8 */
export const fromUtf8 = (bytes) => decoder.decode(bytes);

/** @param {Uint8Array} bytes @returns {string} base64url, RFC 4648 section 5 */
export function toBase64url(bytes) {
  let text = "";
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text)
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Strict: one text for one sequence of bytes.
 * @param {unknown} text
 * @returns {Bytes | null} null where it is not base64url
 */
export function fromBase64url(text) {
  if (typeof text !== "string" || !/^[\w-]*$/.test(text)) return null;
  if (text.length % 4 === 1) return null;
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0));
  return toBase64url(bytes) === text ? bytes : null;
}

/** @param {...Uint8Array} parts @returns {Bytes} */
export function join(...parts) {
  const whole = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {Bytes} bytes @returns {Promise<Bytes>} */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** @param {string} text @returns {Promise<string>} base64url */
export async function digestOf(text) {
  return toBase64url(await sha256(toUtf8(text)));
}

/**
 * HKDF-SHA-256 of RFC 5869, to 32 bytes.
 * @param {Bytes} secret
 * @param {Bytes} salt
 * @param {string} info
 * @returns {Promise<Bytes>}
 */
export async function hkdf(secret, salt, info) {
  const key = await crypto.subtle.importKey(
    "raw", secret, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt, info: toUtf8(info) }, key, 256));
}

/** @param {number} length @returns {Bytes} */
export const randomBytes = (length) =>
  crypto.getRandomValues(new Uint8Array(length));

/** What an id of a job looks like: UUIDv7, RFC 9562. */
export const JOB_ID =
  /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** @param {number} [now] ms @returns {string} a fresh id, by time */
export function makeJobId(now = Date.now()) {
  const bytes = randomBytes(16);
  for (let i = 0; i < 6; i++)
    bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256;
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0"));
  return [hex.slice(0, 4), hex.slice(4, 6), hex.slice(6, 8), hex.slice(8, 10),
    hex.slice(10)].map((part) => part.join("")).join("-");
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {unknown} value
 * @param {readonly string[]} names
 * @returns {value is Record<string, unknown>} with these members and no other
 */
export function hasExactly(value, names) {
  return isObject(value) && Object.keys(value).length === names.length
    && names.every((name) => Object.hasOwn(value, name));
}

/** @param {string} text @returns {unknown} undefined where it is no JSON */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The protected header of a compact JOSE text, and its parts.
 * @param {unknown} text
 * @param {number} count of parts: three of a JWS, five of a JWE
 * @returns {{header: Record<string, unknown>, parts: string[]} | null}
 */
export function readCompact(text, count) {
  if (typeof text !== "string") return null;
  const parts = text.split(".");
  if (parts.length !== count) return null;
  if (parts.some((part) => fromBase64url(part) === null)) return null;
  const bytes = fromBase64url(parts[0]);
  if (bytes === null) return null;
  try {
    const header = parseJson(fromUtf8(bytes));
    return isObject(header) ? { header, parts } : null;
  } catch {
    return null;
  }
}
