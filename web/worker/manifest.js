// SPDX-License-Identifier: Apache-2.0
//
// manifest.js - what the host reads of a bundle's manifest.json. Tags, labels,
// window, features and threshold are the engine's to read and to refuse.

import { ScrubjayError } from "../../wasm/error.js";

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {Readonly<Record<string, {bytes: number, sha256: string}>>} files
 * @property {{ids: string, features: string}} inputs names in the ONNX file;
 *   `features` is "" for a model that takes ids alone
 * @property {string} output
 * @property {number} featureCount columns of the second input
 * @property {number} window tokens in a full window
 * @property {{text: string, labels: readonly string[]}} canary
 */

export const MANIFEST_FORMAT = 1;

/** @param {string} field */
function wrong(field, message = "a field of the manifest is missing or wrong") {
  return new ScrubjayError("MODEL", message, { where: `manifest.json ${field}` });
}

/** @param {any} value @param {string} field @returns {string} */
function word(value, field) {
  if (typeof value !== "string" || value === "") throw wrong(field);
  return value;
}

/** @param {any} value @param {string} field @returns {number} */
function count(value, field) {
  if (!Number.isSafeInteger(value) || value < 1) throw wrong(field);
  return value;
}

/** @param {any} value @param {string} field @returns {any[]} */
function list(value, field) {
  if (!Array.isArray(value)) throw wrong(field);
  return value;
}

/**
 * @param {Uint8Array} bytes
 * @returns {Manifest}
 * @throws {ScrubjayError} MODEL, with file and field in `where`
 */
export function readManifest(bytes) {
  let json;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw wrong("", "the manifest is no JSON");
  }
  if (typeof json !== "object" || json === null) throw wrong("");
  if (json.format !== MANIFEST_FORMAT)
    throw wrong("format", "the bundle is of a format that this version " +
      "does not read");
  /** @type {Record<string, {bytes: number, sha256: string}>} */
  const files = {};
  for (const name of ["model.onnx", "tokenizer.json"]) {
    const file = json.files?.[name];
    const bytes = count(file?.bytes, `files.${name}.bytes`);
    if (!/^[0-9a-f]{64}$/.test(file.sha256)) throw wrong(`files.${name}.sha256`);
    files[name] = { bytes, sha256: file.sha256 };
  }
  const features = list(json.features ?? [], "features");
  return {
    name: word(json.name, "name"),
    version: word(json.version, "version"),
    files,
    inputs: {
      ids: word(json.inputs?.ids, "inputs.ids"),
      features: features.length === 0
        ? "" : word(json.inputs?.features, "inputs.features"),
    },
    output: word(json.output, "output"),
    featureCount: features.length,
    window: count(json.window, "window"),
    canary: {
      text: word(json.canary?.text, "canary.text"),
      labels: list(json.canary?.labels, "canary.labels")
        .map((label, i) => word(label, `canary.labels[${i}]`)),
    },
  };
}
