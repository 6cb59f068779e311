// SPDX-License-Identifier: Apache-2.0
//
// redactor.js - the package's entry: find and replace what identifies people,
// in a worker of the page's own origin. Nothing is sent anywhere.
//
// Rules and model read together. Where the model cannot be had, rules read
// alone, and `engine.missing` says why.

/** @import {DetectOptions, EngineInfo, Entity, Found, Mark, Missing, Progress, RedactOptions, Redacted} from "./types.js" */
/** @import {Leak, Output, Span} from "../wasm/types.js" */
/** @import {ClientOptions} from "./client.js" */
/** @import {Detected, Loaded, LoadOptions, ModelPlace, Ref} from "./worker/protocol.js" */

import { ScrubjayError } from "../wasm/error.js";
import { Client } from "./client.js";
import { Nears } from "./nears.js";
import { trusted } from "./trusted.js";

export { ScrubjayError };

/**
 * @typedef {object} CreateOptions
 * @property {string | URL} assets folder of the built files, on the page's own
 *   origin; there is no default
 * @property {"default" | "none"} [model] "none" for rules alone
 * @property {"auto" | number} [threads] of the model's runtime; "auto" is one,
 *   or two where the page is isolated and the machine has four cores
 * @property {boolean} [early] give the redactor as soon as the rules can read;
 *   detect() then waits for the model, with onFound before
 * @property {AbortSignal} [signal]
 * @property {(progress: Progress) => void} [onProgress]
 * @property {number} [idleMs] how long an idle worker keeps its memory
 */

/**
 * @typedef {object} Assets what `assets.json` says
 * @property {number} format
 * @property {string} version
 * @property {Readonly<Record<string, Asset>>} files
 * @property {string} [model] folder of the bundle's files among `files`
 * @property {Readonly<Record<string, Pack>>} [packs] compiled into the engine
 */

/** @typedef {{version: string, sha256: string}} Pack */

/**
 * What reads a text, by SHA-256: engine and model are checked against them
 * before use; the packs are what the engine was built from.
 * @typedef {object} Provenance
 * @property {string} engine
 * @property {Readonly<Record<string, string>>} model by file; empty without one
 * @property {Readonly<Record<string, Pack>>} packs
 */

/** @typedef {{path: string, sha256: string, bytes: number}} Asset */

const ASSETS_FORMAT = 1;

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

/** @type {Missing} */
const ABSENT = Object.freeze({
  code: "MODEL_ABSENT", message: "this site has no model", where: "",
});

/**
 * Where the model's files are; null where the site has none.
 * @param {Assets} assets
 * @param {URL} base
 * @returns {ModelPlace | null}
 */
function modelPlace({ files, model }, base) {
  if (model === undefined) return null;
  /** @param {string} name @returns {Ref} */
  const ref = (name) => {
    const file = files[name];
    if (file === undefined)
      throw new ScrubjayError("ASSETS", "assets.json names no file of the model",
        { where: name });
    const { path, sha256, bytes } = file;
    return { url: new URL(path, base).href, sha256, bytes };
  };
  return {
    manifest: ref(`${model}/manifest.json`),
    tokenizer: ref(`${model}/tokenizer.json`),
    model: ref(`${model}/model.onnx`),
    runtime: {
      script: ref("ort.wasm.min.mjs").url,
      glue: ref("ort-wasm-simd-threaded.mjs").url,
      wasm: ref("ort-wasm-simd-threaded.wasm"),
    },
    worker: ref("infer.js").url,
  };
}

/**
 * @param {Assets} assets
 * @param {ModelPlace | null} place
 * @returns {Provenance}
 */
function provenanceOf({ files, packs = {} }, place) {
  return Object.freeze({
    engine: files["scrubjay.wasm"]?.sha256 ?? "",
    model: place === null ? {} : {
      "manifest.json": place.manifest.sha256,
      "model.onnx": place.model.sha256,
      "tokenizer.json": place.tokenizer.sha256,
      "ort-wasm-simd-threaded.wasm": place.runtime.wasm.sha256,
    },
    packs,
  });
}

/** @param {CreateOptions["threads"]} threads @returns {number} */
function threadCount(threads = "auto") {
  if (threads !== "auto" && !(Number.isInteger(threads) && threads >= 1))
    throw new ScrubjayError("ARGUMENT", "threads is a number from 1, or auto");
  // Without isolation there is no shared memory for a second one.
  if (!globalThis.crossOriginIsolated) return 1;
  if (threads !== "auto") return threads;
  return navigator.hardwareConcurrency >= 4 ? 2 : 1;
}

/**
 * @param {CreateOptions} options
 * @returns {Promise<Redactor>} ready to detect
 * @throws {ScrubjayError} ASSETS, LOAD, CANCELLED, ARGUMENT. A model that
 *   cannot be had is no error: see `engine.missing`
 */
export async function createRedactor(options) {
  const { signal, onProgress = () => {}, model = "default" } = options;
  if (model !== "default" && model !== "none")
    throw new ScrubjayError("ARGUMENT", "model is default or none");
  const threads = threadCount(options.threads);
  const base = new URL(options.assets, location.href);
  if (base.origin !== location.origin)
    throw new ScrubjayError("ASSETS", "assets must be on the page's own origin");
  onProgress({ phase: "load", done: 0, total: 1 });
  const assets = await readAssets(base, signal);
  const script = assets.files["worker.js"];
  const wasm = assets.files["scrubjay.wasm"];
  if (script === undefined || wasm === undefined)
    throw new ScrubjayError("ASSETS", "assets.json names no worker or engine");
  const place = model === "none" ? null : modelPlace(assets, base);
  /** @type {LoadOptions} */
  const load = {
    wasm: new URL(wasm.path, base).href,
    integrity: integrityOf(wasm.sha256),
    model: place,
    missing: model === "none" || place !== null ? null : ABSENT,
    threads,
  };
  const redactor = new Redactor(load, onProgress, {
    provenance: provenanceOf(assets, place),
    start: () => new Worker(
      trusted(new URL(script.path, base)), { type: "module" }),
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
  });
  const stop = () => redactor.close();
  signal?.addEventListener("abort", stop);
  try {
    await redactor.open();
    onProgress({ phase: "load", done: 1, total: 1 });
    if (options.early !== true) await redactor.ready();
    return redactor;
  } catch (error) {
    redactor.close();
    if (signal?.aborted)
      throw new ScrubjayError("CANCELLED", "loading was cancelled");
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/**
 * Events: `progress` (detail: Progress), `state` (detail: {state}), `warning`
 * (detail: {code}), `engine` (detail: EngineInfo, where it has changed).
 */
export class Redactor extends EventTarget {
  /** @type {Client} */
  #client;
  /** @type {Loaded | null} */
  #loaded = null;
  /** @type {EngineInfo | null} */
  #engine = null;
  #following = false;
  /** @type {Provenance | null} */
  #provenance;

  /**
   * @param {LoadOptions} load
   * @param {(progress: Progress) => void} onProgress
   * @param {Omit<ClientOptions, "load" | "onLoading">
   *   & {provenance?: Provenance}} options
   */
  constructor(load, onProgress, { provenance, ...options }) {
    super();
    this.#provenance = provenance ?? null;
    this.#client = new Client({
      ...options,
      load,
      onLoading: ({ phase, done, total }) => {
        onProgress({ phase, done, total });
        this.#tell("progress", { phase, done, total });
        this.#follow();
      },
    });
  }

  /** Start the worker; done as soon as the rules can read. */
  async open() {
    /** @type {Loaded} */
    const loaded = await this.#client.load();
    this.#loaded = loaded;
    this.#engine = loaded.engine;
  }

  /** Which files read a text; null where nobody has said. */
  get provenance() {
    return this.#provenance;
  }

  /** What read the last text, or will read the next. */
  /** @returns {EngineInfo} */
  get engine() {
    if (this.#engine === null)
      throw new ScrubjayError("STATE", "the redactor is not open");
    return this.#engine;
  }

  /**
   * When the model is there, or is known to be missing.
   * @returns {Promise<EngineInfo>}
   */
  async ready() {
    this.#note(await this.#client.ask({ type: "ready" }));
    return this.engine;
  }

  /**
   * Try for the model again, where it could not be had.
   * @returns {Promise<EngineInfo>}
   */
  reload() {
    this.#client.restart();
    return this.ready();
  }

  /**
   * Find what identifies people.
   * @param {string} text
   * @param {DetectOptions} [options]
   * @returns {Promise<Found>}
   * @throws {ScrubjayError} CANCELLED, TOO_LARGE, ARGUMENT, WORKER_DEAD
   */
  async detect(text, options = {}) {
    const { signal, onProgress, onFound, ahead = false } = options;
    this.#tell("state", { state: "detecting" });
    try {
      /** @type {Detected} */
      const result = await this.#client.ask(
        { type: "detect", text, read: readOptions(options), ahead },
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
      this.#note(result.engine);
      const warnings = result.engine.model === "none" ? ["RULES_ONLY"] : [];
      if (!result.coverage.complete) warnings.push("COVERAGE_INCOMPLETE");
      for (const code of warnings) this.#tell("warning", { code });
      this.#tell("state", { state: "done" });
      return {
        entities: result.spans.map((span) => this.#entity(span)),
        near: new Nears(result.near, this.#loaded?.labels, this.#loaded?.roles),
        lang: result.lang,
        coverage: result.coverage,
        unscanned: result.unscanned,
        engine: result.engine,
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
    const {
      style = "placeholder", allowPartial = false, signal, ahead = false,
    } = options;
    try {
      /** @type {Output} */
      const output = await this.#client.ask({
        type: "redact",
        text,
        ahead,
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

  /**
   * What scrubjayd would refuse in a text that is to be sent: identifiers that
   * leave no doubt, found by the same rules as there. Numbered placeholders are
   * none.
   * @param {string} text
   * @param {string} policy what it leaves in clear is no leak
   * @returns {Promise<readonly Leak[]>} 64 at most
   * @throws {ScrubjayError} INCOMPLETE, TOO_LARGE: it would be refused whole
   */
  leaks(text, policy) {
    return this.#client.ask({ type: "leaks", text, policy });
  }

  /** Wipe the last document from the worker's memory. @returns {Promise<void>} */
  async wipe() {
    if (this.#client.running) await this.#client.ask({ type: "wipe" });
  }

  /** End the worker and give its memory back. */
  close() {
    this.#client.close();
  }

  // A worker that has begun to load a model, for whatever reason: say when it
  // is through.
  #follow() {
    if (this.#following) return;
    this.#following = true;
    this.ready().catch(({ code, message }) => {
      // The next text finds a new worker, and tries again.
      if (this.#engine?.missing?.code === "LOADING")
        this.#engine = {
          ...this.#engine, missing: { code, message, where: "" } };
    }).finally(() => {
      this.#following = false;
      if (this.#engine) this.#tell("engine", this.#engine);
    });
  }

  /** @param {EngineInfo} engine */
  #note(engine) {
    const former = this.#engine;
    this.#engine = engine;
    if (engine.model !== former?.model ||
      engine.missing?.code !== former.missing?.code) this.#tell("engine", engine);
  }

  /** @param {Span} span @returns {Entity} */
  #entity(span) {
    const { groups = {}, flags = {} } = this.#loaded ?? {};
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
