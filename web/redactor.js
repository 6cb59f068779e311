// SPDX-License-Identifier: Apache-2.0
//
// redactor.js - the package's entry: find and replace what identifies people,
// in a worker of the page's own origin. Nothing is sent anywhere.

/** @import {DetectOptions, EngineInfo, Entity, Found, Mark, Progress, RedactOptions, Redacted} from "./types.js" */
/** @import {Output, Span} from "../wasm/types.js" */
/** @import {Detected, Loaded} from "./worker/protocol.js" */

import { ScrubjayError } from "../wasm/error.js";
import { Client } from "./client.js";

export { ScrubjayError };

/**
 * @typedef {object} CreateOptions
 * @property {string | URL} assets folder of the built files, on the page's own
 *   origin; there is no default
 * @property {"none"} [model] rules alone; the only choice of this version
 * @property {AbortSignal} [signal]
 * @property {(progress: Progress) => void} [onProgress]
 * @property {number} [idleMs] how long an idle worker keeps its memory
 */

/**
 * @typedef {object} Assets what `assets.json` says
 * @property {number} format
 * @property {string} version
 * @property {Readonly<Record<string, {path: string, sha256: string, bytes: number}>>} files
 */

const ASSETS_FORMAT = 1;

// Where the policy is kept: its name may be taken once in a page, and a page
// may hold this module twice (its own bundle, and a host's). It passes only
// scripts of the page's own origin, so anybody may find it here.
const POLICY = Symbol.for("scrubjay.policy");

// A page under Trusted Types starts a worker only from a URL that a policy has
// passed.
/** @param {URL} url @returns {string} */
function trusted(url) {
  if (url.origin !== location.origin)
    throw new ScrubjayError("ASSETS", "assets must be on the page's own origin");
  const page = /** @type {any} */ (globalThis);
  if (page.trustedTypes === undefined) return url.href;
  page[POLICY] ??= page.trustedTypes.createPolicy("scrubjay", {
    createScriptURL: (/** @type {string} */ href) => {
      if (new URL(href, location.href).origin !== location.origin)
        throw new ScrubjayError("ASSETS", "a script of another origin");
      return href;
    },
  });
  return page[POLICY].createScriptURL(url.href);
}

/** @param {URL} base @param {AbortSignal} [signal] @returns {Promise<Assets>} */
async function readAssets(base, signal) {
  let assets;
  try {
    const answer = await fetch(
      new URL("assets.json", base), signal ? { signal } : {});
    assets = answer.ok ? await answer.json() : null;
  } catch {
    if (signal?.aborted)
      throw new ScrubjayError("CANCELLED", "loading was cancelled");
    assets = null;
  }
  if (assets === null)
    throw new ScrubjayError("ASSETS", "assets.json cannot be read");
  if (assets.format !== ASSETS_FORMAT)
    throw new ScrubjayError("ASSETS", "assets.json is of another format");
  return assets;
}

/** @param {string} hex @returns {string} as `integrity` wants it */
function integrityOf(hex) {
  const bytes = hex.match(/../g)?.map((pair) => parseInt(pair, 16)) ?? [];
  return `sha256-${btoa(String.fromCharCode(...bytes))}`;
}

/**
 * @param {CreateOptions} options
 * @returns {Promise<Redactor>} ready to detect
 * @throws {ScrubjayError} ASSETS, LOAD, CANCELLED, ARGUMENT
 */
export async function createRedactor(options) {
  const { signal, onProgress = () => {} } = options;
  if ((options.model ?? "none") !== "none")
    throw new ScrubjayError("ARGUMENT", "this version has no model");
  const base = new URL(options.assets, location.href);
  if (base.origin !== location.origin)
    throw new ScrubjayError("ASSETS", "assets must be on the page's own origin");
  onProgress({ phase: "load", done: 0, total: 1 });
  const { files } = await readAssets(base, signal);
  const script = files["worker.js"];
  const wasm = files["scrubjay.wasm"];
  if (script === undefined || wasm === undefined)
    throw new ScrubjayError("ASSETS", "assets.json names no worker or engine");
  const client = new Client({
    start: () => new Worker(
      trusted(new URL(script.path, base)), { type: "module" }),
    load: {
      wasm: new URL(wasm.path, base).href,
      integrity: integrityOf(wasm.sha256),
    },
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
  });
  const redactor = new Redactor(client, await client.load());
  onProgress({ phase: "load", done: 1, total: 1 });
  return redactor;
}

/**
 * Events: `progress` (detail: Progress), `state` (detail: {state}), `warning`
 * (detail: {code}).
 */
export class Redactor extends EventTarget {
  /** @type {Client} */
  #client;
  /** @type {Loaded} */
  #loaded;

  /** @param {Client} client @param {Loaded} loaded */
  constructor(client, loaded) {
    super();
    this.#client = client;
    this.#loaded = loaded;
  }

  /** @returns {EngineInfo} */
  get engine() {
    return this.#loaded.engine;
  }

  /**
   * Find what identifies people.
   * @param {string} text
   * @param {DetectOptions} [options]
   * @returns {Promise<Found>}
   * @throws {ScrubjayError} CANCELLED, TOO_LARGE, ARGUMENT, WORKER_DEAD
   */
  async detect(text, options = {}) {
    const { signal, onProgress, onFound } = options;
    this.#tell("state", { state: "detecting" });
    try {
      /** @type {Detected} */
      const result = await this.#client.ask(
        { type: "detect", text, read: readOptions(options) },
        {
          signal,
          onNews: (news) => {
            if (news.type === "found")
              return onFound?.(news.spans.map((span) => this.#entity(span)));
            const { phase, done, total } = news;
            onProgress?.({ phase, done, total });
            this.#tell("progress", { phase, done, total });
          },
        });
      const warnings = ["RULES_ONLY"];
      if (!result.coverage.complete) warnings.push("COVERAGE_INCOMPLETE");
      for (const code of warnings) this.#tell("warning", { code });
      this.#tell("state", { state: "done" });
      return {
        entities: result.spans.map((span) => this.#entity(span)),
        coverage: result.coverage,
        unscanned: result.unscanned,
        engine: this.engine,
        ms: result.ms,
        warnings,
      };
    } catch (error) {
      this.#tell("state", { state: "failed" });
      throw error;
    }
  }

  /**
   * Write the scrubbed text. The worker makes sure that it has scanned this
   * very text; where it has not, it scans it first.
   * @param {string} text
   * @param {readonly Mark[]} marks findings, and what a person added
   * @param {RedactOptions} [options]
   * @returns {Promise<Redacted>}
   * @throws {ScrubjayError} COVERAGE_INCOMPLETE unless allowPartial; ARGUMENT
   */
  async redact(text, marks, options = {}) {
    const { style = "placeholder", allowPartial = false, signal } = options;
    try {
      /** @type {Output} */
      const output = await this.#client.ask({
        type: "redact",
        text,
        read: readOptions(options),
        marks: marks.map(
          ({ start, end, label, role = "", subtype = "", manual = false }) =>
            ({ start, end, label, role, subtype, manual })),
        write: {
          style,
          allowPartial,
          ...(options.key === undefined ? {} : { key: options.key }),
          ...(options.patient === undefined ? {} : { patient: options.patient }),
        },
      }, { signal });
      /** @type {Record<string, number>} */
      const labels = {};
      for (const { label } of output.map)
        labels[label] = (labels[label] ?? 0) + 1;
      return {
        text: output.text,
        map: output.map,
        report: {
          style, labels, unscanned: output.unscanned, engine: this.engine,
        },
      };
    } catch (error) {
      if (error instanceof ScrubjayError && error.code === "INCOMPLETE")
        throw new ScrubjayError(
          "COVERAGE_INCOMPLETE", "part of the text was not scanned");
      throw error;
    }
  }

  /** Wipe the last document from the worker's memory. @returns {Promise<void>} */
  async wipe() {
    if (this.#client.running) await this.#client.ask({ type: "wipe" });
  }

  /** End the worker and give its memory back. */
  close() {
    this.#client.close();
  }

  /** @param {Span} span @returns {Entity} */
  #entity(span) {
    const { groups, flags } = this.#loaded;
    const provider = span.label === "NAME" && span.role === "provider";
    return {
      id: `${span.start}-${span.end}-${span.label}`,
      start: span.start,
      end: span.end,
      label: span.label,
      role: span.role,
      subtype: span.subtype,
      score: span.score,
      group: provider ? "PROVIDER" : groups[span.label] ?? "MRN",
      uncertain: (span.flags & (flags.uncertain ?? 0)) !== 0,
      sources: span.sources.filter((source) => source.kind !== "veto"),
      veto: span.sources.filter((source) => source.kind === "veto"),
    };
  }

  /** @param {string} type @param {object} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** @param {{lang?: string, policy?: string, known?: string | object}} options */
function readOptions({ lang, policy: policyNames, known }) {
  return {
    ...(lang === undefined ? {} : { lang }),
    ...(policyNames === undefined ? {} : { policy: policyNames }),
    ...(known === undefined ? {} : { known }),
  };
}
