// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// guard-notes.js - what the leak guard is measured on: the corpus with every
// mark replaced, as a clean note is submitted, and invented identifiers of the
// classes that it has to catch, set into such notes.

import { readdir, readFile } from "node:fs/promises";

import { dice as makeDice } from "../web/dice.js";

const CORPUS = new URL("../../models/corpus/", import.meta.url);
const MARK = /\[([A-Z_]+)[^\]:\s]*:((?:\\.|[^\\\]])*)\]/gu;
const STEMS = new Map([["NAME", "PERSON"], ["ADDRESS", "LOCATION"],
  ["CITY", "LOCATION"], ["ZIP", "LOCATION"], ["NATIONAL_ID", "SSN"]]);

/** @param {string} source of a document, from its title on */
function scrub(source) {
  const [, head = "", body = ""] =
    /^(.*\n(?:[a-z]+: .*\n)+)\n([^]*)$/u.exec(source) ?? [];
  let number = 0;
  const text = body
    .replace(/\n--- [a-z]+\n[^]*$/u, "")
    .replace(MARK, (_, label) =>
      `<${STEMS.get(label) ?? label}_${number++}>`)
    .replace(/\\u\{([0-9A-Fa-f]+)\}/gu, (_, code) =>
      String.fromCodePoint(parseInt(code, 16)))
    .replace(/\\([[\]\\=-])/gu, "$1")
    .replace(/\0/gu, "");
  return { title: head.split("\n")[0] ?? "", text };
}

/**
 * @param {string} folder of the corpus: "train", "dev" or "aside"
 * @returns {Promise<{title: string, text: string}[]>}
 */
export async function cleanNotes(folder) {
  const notes = [];
  for (const lang of ["en", "fr"]) {
    const at = new URL(`${folder}/${lang}/`, CORPUS);
    for (const name of (await readdir(at)).sort()) {
      const text = await readFile(new URL(name, at), "utf8");
      notes.push(...text.split(/^=== /mu).slice(1).map(scrub));
    }
  }
  return notes;
}

const GIVEN = ["Zora", "Quillon", "Maëlle", "Odalys", "Bram", "Ysolde",
  "Thandeka", "Émeric", "Ludivine", "Casimir"];
const FAMILY = ["Kernwell", "Obrecht", "Dauvigny", "Tsukada", "Marrow",
  "Le Guennec", "Vantreight", "Ahlquist", "Perrodin", "O'Shaul"];
const HOSTS = ["mail.example", "clinic.example", "post.example.org"];

/** @param {ReturnType<typeof makeDice>} dice */
function makers(dice) {
  const pick = (/** @type {readonly string[]} */ list) =>
    /** @type {string} */ (list[dice(list.length)]);
  const digits = (/** @type {number} */ n) =>
    Array.from({ length: n }, () => String(dice(10))).join("");
  const from = (/** @type {number} */ low, /** @type {number} */ high) =>
    String(low + dice(high - low + 1));
  const two = (/** @type {string} */ n) => n.padStart(2, "0");
  const name = () => `${pick(GIVEN)} ${pick(FAMILY)}`;
  const ssn = () => `${from(100, 665)}-${two(from(1, 99))}-${from(1000, 9999)}`;
  const luhn = () => {
    const body = `4${digits(14)}`;
    let sum = 0;
    for (let i = 0; i < 15; i++) {
      const d = Number(body[i]) * (i % 2 === 0 ? 2 : 1);
      sum += d > 9 ? d - 9 : d;
    }
    return body + String((10 - sum % 10) % 10);
  };
  const vin = () => {
    const letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
    const values = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ";
    const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    const v = Array.from({ length: 17 }, () => letters[dice(letters.length)]);
    let sum = 0;
    v.forEach((c, i) => {
      sum += (values.indexOf(c ?? "") % 10) * (weights[i] ?? 0);
    });
    v[8] = "0123456789X"[sum % 11];
    return v.join("");
  };
  const nir = () => {
    const body = `${from(1, 2)}${two(from(30, 99))}${two(from(1, 12))}`
      + `${two(from(1, 95))}${from(100, 990)}${from(100, 999)}`;
    return body + two(String(97 - Number(BigInt(body) % 97n)));
  };
  const phoneUs = () => `${from(2, 9)}${from(10, 99)}-555-01${two(from(0, 99))}`;
  const phoneFr = () => {
    const d = `0${from(1, 9)}${digits(8)}`;
    return d.replace(/(\d\d)(?=\d)/gu, "$1 ");
  };
  const dateUs = () =>
    `${two(from(1, 12))}/${two(from(1, 28))}/${from(1925, 2024)}`;
  const dateFr = () =>
    `${two(from(1, 28))}/${two(from(1, 12))}/${from(1925, 2024)}`;
  const email = () =>
    `${pick(GIVEN)}.${pick(FAMILY)}`.normalize("NFKD")
      .replace(/[^A-Za-z.]/gu, "").toLowerCase() + `@${pick(HOSTS)}`;
  /** @type {Record<string, () => [string, string, string]>} */
  const all = {
    ssn: () => [pick(["SSN: ", "SSN ", "Social Security No. ", ""]), ssn(), ""],
    nir: () => [pick(["NIR : ", "N° sécurité sociale : "]), nir(), ""],
    mrn: () => [pick(["MRN: ", "MRN ", "Medical record number: ", "MRN# ",
      "Chart # "]), digits(8), ""],
    ipp: () => [pick(["IPP : ", "N° IPP : ", "IPP "]), digits(8), ""],
    account: () => [pick(["Account number: ", "Acct # ", "Member ID: "]),
      digits(10), ""],
    email: () => [pick(["E-mail: ", "write to ", "Courriel : ", ""]), email(),
      ""],
    phone: () => [pick(["Phone: ", "Tel ", "Cell: ", "call back at "]),
      phoneUs(), ""],
    strict: () => ["", `(${from(201, 989)}) 555-01${two(from(0, 99))}`, ""],
    fax: () => [pick(["Fax: ", "FAX "]), phoneUs(), ""],
    telephone: () => [pick(["Tél. : ", "Téléphone : ", "Portable : "]),
      phoneFr(), ""],
    url: () => [pick(["see ", "Profile: "]), `https://portal.example/users/${
      pick(GIVEN).normalize("NFKD").replace(/[^A-Za-z]/gu, "").toLowerCase()}${
      digits(3)}`, ""],
    ip: () => [pick(["IP address: ", "logged in from "]),
      `${from(11, 223)}.${from(1, 254)}.${from(1, 254)}.${from(1, 254)}`, ""],
    dob: () => [pick(["DOB: ", "Date of birth: ", "born ", "D.O.B. "]),
      dateUs(), ""],
    naissance: () => [pick(["Né le ", "Née le ", "Date de naissance : "]),
      dateFr(), ""],
    card: () => [pick(["Card: ", "Visa ", "CB : "]),
      luhn().replace(/(\d{4})(?=\d)/gu, "$1 "), ""],
    vin: () => [pick(["VIN: ", "VIN "]), vin(), ""],
    patient: () => [pick(["Patient: ", "Name: ", "Patient name: "]), name(), ""],
    title: () => [pick(["Mr. ", "Mrs. ", "Ms. "]), name(), " was seen."],
    monsieur: () => [pick(["Nom : ", "Patient : ", "Mme ", "Monsieur "]),
      name(), ""],
  };
  return all;
}

/**
 * Notes with one identifier in each, as a line of its own at a random line end.
 * @param {readonly {text: string}[]} notes
 * @param {number} each how many of every class
 * @param {number} seed
 * @returns {{kind: string, text: string, start: number, end: number}[]} with
 *   the identifier's place in bytes
 */
export function leakyNotes(notes, each, seed) {
  const dice = makeDice(seed);
  const out = [];
  for (const [kind, make] of Object.entries(makers(dice)))
    for (let i = 0; i < each; i++) {
      const text = notes[dice(notes.length)]?.text ?? "";
      const ends = [...text.matchAll(/\n/gu)].map((match) => match.index + 1);
      const at = ends[dice(Math.max(ends.length, 1))] ?? 0;
      const [before, value, after] = make();
      const head = text.slice(0, at) + before;
      const start = Buffer.byteLength(head);
      out.push({ kind, start, end: start + Buffer.byteLength(value),
        text: `${head}${value}${after}\n${text.slice(at)}` });
    }
  return out;
}
