// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// intake.js - from a file's bytes to text, or to the reason why not. Decided
// by what the bytes are, never by the file's name.

/** The most bytes that one note may have. */
export const MOST_BYTES = 16 * 1024 * 1024;

/** How much of a file is looked at to tell text from anything else. */
const HEAD = 8192;

/** @type {readonly (readonly [string, readonly number[]])[]} */
const MAGIC = [
  ["PDF", [0x25, 0x50, 0x44, 0x46]],
  ["OFFICE", [0x50, 0x4b, 0x03, 0x04]],
  ["OFFICE", [0xd0, 0xcf, 0x11, 0xe0]],
  ["RTF", [0x7b, 0x5c, 0x72, 0x74, 0x66]],
  ["IMAGE", [0x89, 0x50, 0x4e, 0x47]],
  ["IMAGE", [0xff, 0xd8, 0xff]],
  ["IMAGE", [0x47, 0x49, 0x46, 0x38]],
  ["IMAGE", [0x49, 0x49, 0x2a, 0x00]],
  ["IMAGE", [0x4d, 0x4d, 0x00, 0x2a]],
];

/**
 * @typedef {{text: string}
 *   | {code: string, line?: number, byte?: number}} Intake
 */

/**
 * @param {Uint8Array} bytes
 * @returns {Intake}
 */
export function readBytes(bytes) {
  if (bytes.length > MOST_BYTES) return { code: "TOO_LARGE" };
  const magic = MAGIC.find(([, start]) =>
    start.every((b, i) => bytes[i] === b),
  );
  if (magic) return { code: magic[0] };
  const wide = wideLabel(bytes);
  if (wide) return decode(bytes, wide);
  if (looksBinary(bytes)) return { code: "BINARY" };
  return decode(bytes, "utf-8");
}

/** UTF-16 is taken where its mark says so. @param {Uint8Array} bytes */
function wideLabel(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}

/** A NUL or two may stray into a note; a file full of them is none.
 * @param {Uint8Array} bytes */
function looksBinary(bytes) {
  let odd = 0;
  const head = bytes.subarray(0, HEAD);
  for (const b of head)
    odd += Number(b < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(b));
  return odd * 50 > head.length;
}

/** @param {Uint8Array} bytes @param {string} label @returns {Intake} */
function decode(bytes, label) {
  try {
    // The mark at the start of UTF-8 stays: what goes out is what came in.
    const ignoreBOM = label === "utf-8";
    return {
      text: new TextDecoder(label, { fatal: true, ignoreBOM }).decode(bytes),
    };
  } catch {
    if (label !== "utf-8") return { code: "BINARY" };
    const byte = firstBadByte(bytes);
    let line = 1;
    for (let i = 0; i < byte; i++) line += Number(bytes[i] === 0x0a);
    return { code: "ENCODING", line, byte };
  }
}

/**
 * Where the first sequence that is not UTF-8 starts.
 *
 * @param {Uint8Array} bytes
 */
export function firstBadByte(bytes) {
  // The longest prefix that decodes, by halving; `stream` forgives a cut end.
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (decodes(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  let start = low - 1;
  while (start > 0 && low - start < 4 && (bytes[start] ?? 0) >> 6 === 2)
    start--;
  return start >= 0 && isCutStart(bytes, start, low) ? start : low;
}

/** @param {Uint8Array} bytes */
function decodes(bytes) {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a sequence that starts before `end` was still open there.
 *
 * @param {Uint8Array} bytes
 * @param {number} start
 * @param {number} end
 */
function isCutStart(bytes, start, end) {
  const lead = bytes[start] ?? 0;
  const need = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return need > end - start;
}
