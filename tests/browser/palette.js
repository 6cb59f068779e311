// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// palette.js - a screenshot with 256 colours at most, so that a picture of a
// page takes some tens of kilobytes. (PNG: ISO/IEC 15948.)

import { deflateSync, inflateSync, crc32 as zlibCrc } from "node:zlib";

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** @param {Buffer} png of 8 bits a channel, RGB or RGBA, not interlaced */
function read(png) {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error("not a PNG");
  const parts = [];
  let width = 0;
  let height = 0;
  let channels = 0;
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") {
      width = data.readUInt32BE(0);
      height = data.readUInt32BE(4);
      channels = data[9] === 6 ? 4 : 3;
      if (data[8] !== 8 || (data[9] !== 6 && data[9] !== 2) || data[12] !== 0)
        throw new Error("a PNG of another kind");
    } else if (type === "IDAT") parts.push(data);
    at += length + 12;
  }
  return { width, height, channels, rows: inflateSync(Buffer.concat(parts)) };
}

/**
 * Undo the filters, and give each pixel as 0xRRGGBB.
 * @param {ReturnType<typeof read>} image
 */
function pixels({ width, height, channels, rows }) {
  const stride = width * channels;
  const out = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)] ?? 0;
    const line = new Uint8Array(
      rows.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    for (let i = 0; i < stride; i++) {
      const left = i < channels ? 0 : line[i - channels] ?? 0;
      const up = above[i] ?? 0;
      const corner = i < channels ? 0 : above[i - channels] ?? 0;
      line[i] = (line[i] ?? 0) + predict(filter, left, up, corner);
    }
    for (let x = 0; x < width; x++) {
      const at = x * channels;
      out[y * width + x] = ((line[at] ?? 0) << 16) |
        ((line[at + 1] ?? 0) << 8) | (line[at + 2] ?? 0);
    }
    above = line;
  }
  return out;
}

/**
 * @param {number} filter
 * @param {number} left
 * @param {number} up
 * @param {number} corner
 */
function predict(filter, left, up, corner) {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const p = left + up - corner;
  const [a, b, c] = [left, up, corner].map((n) => Math.abs(p - n));
  if (Number(a) <= Number(b) && Number(a) <= Number(c)) return left;
  return Number(b) <= Number(c) ? up : corner;
}

/** @param {number} a @param {number} b */
function distance(a, b) {
  const r = (a >> 16) - (b >> 16);
  const g = ((a >> 8) & 255) - ((b >> 8) & 255);
  const l = (a & 255) - (b & 255);
  return 2 * r * r + 4 * g * g + 3 * l * l;
}

/**
 * The colours to keep: what is used most as it is, for these are the page's own;
 * of the others, the edges of letters, none twice nearly the same.
 * @param {Uint32Array} all
 */
function paletteOf(all) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const colour of all) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const byUse = [...counts.keys()].sort(
    (a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
  for (let near = 0; ; near = near * 2 + 12) {
    const kept = byUse.slice(0, 96);
    for (const colour of byUse.slice(96)) {
      if (kept.length > 256) break;
      if (!kept.some((one) => distance(one, colour) < near)) kept.push(colour);
    }
    if (kept.length <= 256) return kept;
  }
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** Node has it from 20.15 on. @param {Buffer} data */
function crc32(data) {
  if (zlibCrc) return zlibCrc(data);
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/**
 * @param {Buffer} png
 * @returns {Buffer}
 */
export function toPalette(png) {
  const image = read(png);
  const all = pixels(image);
  const palette = paletteOf(all);
  /** @type {Map<number, number>} */
  const index = new Map();
  const nearest = (/** @type {number} */ colour) => {
    const known = index.get(colour);
    if (known !== undefined) return known;
    let best = 0;
    palette.forEach((one, i) => {
      if (distance(one, colour) < distance(palette[best] ?? 0, colour)) best = i;
    });
    index.set(colour, best);
    return best;
  };
  const { width, height } = image;
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      rows[y * (width + 1) + 1 + x] = nearest(all[y * width + x] ?? 0);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  head[9] = 3;
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", head),
    chunk("PLTE", Buffer.from(palette.flatMap((c) =>
      [c >> 16, (c >> 8) & 255, c & 255]))),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
