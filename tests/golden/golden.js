// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// golden.js - the corpus for the runners in JavaScript; README.md has the
// notation. Offsets are UTF-16 units.

import { readFile, readdir } from "node:fs/promises";

/**
 * @typedef {object} Mark
 * @property {number} start
 * @property {number} end
 * @property {string} label
 * @property {string} role "" where the mark names none
 * @property {string} subtype "" where the mark names none
 */

/**
 * @typedef {object} Case
 * @property {string} title
 * @property {string} lang
 * @property {string} policy "" for the default
 * @property {string} text
 * @property {readonly Mark[]} marks
 * @property {readonly {style: string, text: string}[]} outputs
 */

const ESCAPES = /\\(?:u\{([0-9A-Fa-f]+)\}|([\\[\]\-=rn0]))/gu;
const NAMED = new Map([["r", "\r"], ["n", "\n"], ["0", "\0"]]);
const ROLES = ["patient", "provider", "other"];

/** @param {string} source */
function unescape(source) {
  return source.replace(ESCAPES, (_, code, name) =>
    code === undefined
      ? (NAMED.get(name) ?? name)
      : String.fromCodePoint(parseInt(code, 16)));
}

/** @param {string} source @returns {{text: string, marks: Mark[]}} */
function unmark(source) {
  const mark = /(?<plain>(?:\\.|[^\\[])*)(?:\[(?<head>[A-Z_a-z0-9.-]+):(?<body>(?:\\.|[^\\\]])*)\])?/suy;
  let text = "";
  /** @type {Mark[]} */
  const marks = [];
  while (mark.lastIndex < source.length) {
    const at = mark.lastIndex;
    const { plain = "", head, body = "" } = mark.exec(source)?.groups ?? {};
    if (mark.lastIndex === at) throw new Error("a broken mark");
    text += unescape(plain);
    if (head === undefined) continue;
    const [label = "", ...rest] = head.split(".");
    const start = text.length;
    text += unescape(body);
    marks.push({
      start, end: text.length, label,
      role: rest.find((part) => ROLES.includes(part)) ?? "",
      subtype: rest.find((part) => !ROLES.includes(part)) ?? "",
    });
  }
  return { text, marks };
}

/** @param {string} block @returns {Case} */
function readCase(block) {
  const [, title = "", head = "", rest = ""] =
    /^=== (.*)\n((?:[a-z]+: .*\n)+)\n([^]*)$/u.exec(block) ?? [];
  const keys = new Map([...head.matchAll(/^([a-z]+): (.*)$/gmu)]
    .map(([, key = "", value = ""]) => [key, value]));
  if (!keys.has("provenance")) throw new Error(`${title}: a broken head`);
  const [source = "", ...sections] = rest.replace(/\n\n?$/u, "").split(/\n--- /u);
  const repeat = Number(keys.get("repeat") ?? 1);
  const copies = (/** @type {string} */ text) =>
    repeat === 1 ? text : `${text}\n`.repeat(repeat);
  const { text, marks } = unmark(source);
  return {
    title,
    lang: keys.get("lang") ?? "auto",
    policy: keys.get("policy") ?? "",
    text: copies(text),
    marks: Array.from({ length: repeat }, (_, i) => marks.map((mark) => ({
      ...mark,
      start: mark.start + i * (text.length + 1),
      end: mark.end + i * (text.length + 1),
    }))).flat(),
    outputs: sections.map((section) => {
      const cut = section.indexOf("\n");
      return {
        style: section.slice(0, cut),
        text: copies(unescape(section.slice(cut + 1))),
      };
    }),
  };
}

/** Every case of every file. @returns {Promise<Case[]>} */
export async function readCorpus() {
  const here = new URL("./", import.meta.url);
  const names = (await readdir(here)).filter((name) => /^[a-z]+\.txt$/u.test(name));
  const files = await Promise.all(
    names.sort().map((name) => readFile(new URL(name, here), "utf8")));
  return files.flatMap((file) => file.split(/^(?==== )/mu).map(readCase));
}

/**
 * The spans found, with role and subtype only where the marks name them, so
 * that both can be compared whole.
 * @param {readonly Mark[]} marks
 * @param {readonly {start: number, end: number, label: string, role?: string, subtype?: string}[]} spans
 */
export function asMarked(marks, spans) {
  return spans.map(({ start, end, label, role, subtype }, i) => ({
    start, end, label,
    role: marks[i]?.role ? role : "",
    subtype: marks[i]?.subtype ? subtype : "",
  }));
}
