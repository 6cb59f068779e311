// SPDX-License-Identifier: Apache-2.0
//
// reader.js - the engine, the model and the one document that is held.
//
// The rules read as soon as they are there; the model follows. A text that
// comes before it waits for it with the rules' findings told. Where the model
// cannot be had, an engine without one takes over, and says why in `missing`.

/** @import {Engine} from "../../wasm/engine.js" */
/** @import {Scrubjay} from "../../wasm/scrubjay.js" */
/** @import {Session} from "../../wasm/session.js" */
/** @import {Output, Span} from "../../wasm/types.js" */
/** @import {EngineInfo, Mark, Missing} from "../types.js" */
/** @import {Fetch, Reports} from "./download.js" */
/** @import {Manifest} from "./manifest.js" */
/** @import {Infer} from "./pipeline.js" */
/** @import {Detected, Loaded, LoadOptions, ModelPlace, ReadOptions, WriteOptions} from "./protocol.js" */

import { ScrubjayError } from "../../wasm/error.js";
import { loadScrubjay } from "../../wasm/scrubjay.js";
import { countBytes, download } from "./download.js";
import { readManifest } from "./manifest.js";
import { detect } from "./pipeline.js";
import { openModel, startRuntime } from "./runtime.js";
import { tryOut } from "./trial.js";

/**
 * What the reader needs of the world, and whom it tells.
 * @typedef {object} World
 * @property {Fetch} fetch
 * @property {(url: string) => Promise<any>} load imports a module
 * @property {(phase: "download" | "check" | "start", done: number, total: number) => void} onLoading
 * @property {() => void} onAgain a start with several threads has failed
 */

/**
 * @typedef {object} Ears
 * @property {AbortSignal} signal
 * @property {(spans: readonly Span[]) => void} onFound
 * @property {(phase: "start" | "rules" | "model", done: number, total: number) => void} onProgress
 */

/** @typedef {{manifest: Manifest, data: Uint8Array, tokenizer: Uint8Array}} Parts */

/** Codes that say that the model cannot be had, and the rules can. */
const LOST = new Set(["MODEL_FETCH", "MODEL_HASH", "INSECURE", "MODEL",
  "MODEL_CANARY", "MODEL_DIED", "TOKENIZER", "RUNTIME", "NOMEM"]);

export class Reader {
  /** @type {World} */
  #world;
  /** For the model's files. @type {Fetch} */
  #fetch;
  /** @type {Scrubjay | null} */
  #scrubjay = null;
  /** @type {Engine | null} */
  #engine = null;
  /** @type {Session | null} */
  #session = null;
  /** Of an engine with a tokenizer: the model, as soon as there is one. */
  /** @type {Promise<Infer> | null} */
  #model = null;
  #name = "";
  /** @type {Missing | null} */
  #missing = null;
  #threads = 1;
  /** Ends what is still on its way of a model that will not come. */
  #stop = new AbortController();
  #scanning = false;
  /** What the session holds, finished. @type {string | null} */
  #held = null;

  /** @param {World} world */
  constructor(world) {
    const { signal } = this.#stop;
    this.#world = world;
    this.#fetch = (url, init) => world.fetch(url, { ...init, signal });
  }

  /** @returns {EngineInfo} */
  get info() {
    return {
      version: this.#scrubjay?.version ?? "",
      model: this.#name || "none",
      rules: this.#engine?.ruleCount ?? 0,
      threads: this.#threads,
      missing: this.#missing,
    };
  }

  /**
   * The engine. The model goes on loading behind it: see settled().
   * @param {LoadOptions} options
   * @returns {Promise<Loaded>}
   * @throws {ScrubjayError} LOAD
   */
  async load({ wasm, integrity, model, missing, threads }) {
    this.#missing = missing;
    const answer = this.#world.fetch(wasm, { integrity }).catch(() => null);
    const reports = this.#count(model);
    const parts = model === null ? null : this.#parts(model, reports)
      .catch((error) => this.#lose(error));
    const response = await answer;
    if (!response?.ok)
      throw new ScrubjayError("LOAD", "scrubjay.wasm cannot be fetched");
    const scrubjay = await loadScrubjay(response);
    this.#scrubjay = scrubjay;
    const got = await parts;
    this.#build(got);
    if (model !== null && got !== null && this.#missing === null) {
      this.#missing = { code: "LOADING",
        message: "the model is still on its way", where: "" };
      this.#model = this.#open(model, got, threads, reports);
      this.#model.catch((error) => this.#lose(error));
    }
    const { labels, flags } = scrubjay.constants;
    return {
      engine: this.info,
      groups: Object.fromEntries(labels.map((l) => [l.name, l.group])),
      flags,
    };
  }

  /** When the model is there, or is known to be missing. */
  /** @returns {Promise<EngineInfo>} */
  async settled() {
    await this.#model?.catch(() => {});
    if (!this.#scanning) this.#swap();
    return this.info;
  }

  /**
   * @param {string} text
   * @param {ReadOptions} read
   * @param {Ears} ears
   * @returns {Promise<Detected>}
   */
  async scan(text, read, ears) {
    this.#held = null;
    this.#scanning = true;
    try {
      const result = await this.#read(text, read, ears).catch((error) => {
        // Of a model that does not come: rules alone, from the start.
        if (this.#name !== "" || this.#model === null ||
          !LOST.has(error?.code)) throw error;
        return this.#read(text, read, ears);
      });
      this.#held = nameOf(text, read);
      return { ...result, engine: this.info };
    } catch (error) {
      this.#session?.reset();
      throw error;
    } finally {
      this.#scanning = false;
    }
  }

  /**
   * @param {string} text
   * @param {ReadOptions} read
   * @param {readonly Mark[]} marks
   * @param {WriteOptions} write
   * @param {Ears} ears
   * @returns {Promise<Output>}
   */
  async redact(text, read, marks, write, ears) {
    if (this.#held !== nameOf(text, read)) await this.scan(text, read, ears);
    return this.#ready().replace(
      marks.map((mark) => ({ role: "", subtype: "", ...mark })), write);
  }

  wipe() {
    this.#held = null;
    this.#session?.reset();
  }

  #ready() {
    if (this.#session === null)
      throw new ScrubjayError("STATE", "the engine is not loaded");
    return this.#session;
  }

  /** @param {string} text @param {ReadOptions} read @param {Ears} ears */
  async #read(text, read, ears) {
    this.#swap();
    const model = this.#model;
    return detect(this.#ready(), text, read, {
      ...ears,
      infer: model === null ? null : async (window) => {
        const infer = await model;
        // Cancelled while it waited: the session may hold another text by now.
        return ears.signal.aborted
          ? { logits: new Float32Array(0), cols: 0 } : infer(window);
      },
    });
  }

  /** @param {ModelPlace | null} model @returns {Reports} */
  #count(model) {
    const all = model === null ? []
      : [model.manifest, model.tokenizer, model.model, model.runtime.wasm];
    const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
    return countBytes(total, (done) => {
      if (!this.#stop.signal.aborted)
        this.#world.onLoading(done < total ? "download" : "check", done, total);
    });
  }

  // What the engine has to know of the model. The list of files and the
  // manifest must agree: the one was made with the site, the other with the
  // model.
  /**
   * @param {ModelPlace} model
   * @param {Reports} reports
   * @returns {Promise<Parts>}
   */
  async #parts(model, reports) {
    const fetch = this.#fetch;
    const [data, tokenizer] = await Promise.all([
      download("manifest.json", model.manifest, fetch, reports),
      download("tokenizer.json", model.tokenizer, fetch, reports),
    ]);
    const manifest = readManifest(data);
    for (const [name, { sha256 }] of /** @type {const} */ ([
      ["tokenizer.json", model.tokenizer], ["model.onnx", model.model]]))
      if (manifest.files[name]?.sha256 !== sha256)
        throw new ScrubjayError("MODEL_HASH",
          "a file is not the one that the manifest names", { where: name });
    return { manifest, data, tokenizer };
  }

  /**
   * @param {ModelPlace} model
   * @param {Parts} parts
   * @param {number} threads
   * @param {Reports} reports
   * @returns {Promise<Infer>}
   */
  async #open({ model, runtime }, { manifest }, threads, reports) {
    const fetch = this.#fetch;
    const { load, onLoading, onAgain } = this.#world;
    const started = download(
      "ort-wasm-simd-threaded.wasm", runtime.wasm, fetch, reports)
      .then((wasm) => startRuntime({ ...runtime, wasm }, threads, load));
    const [ort, bytes] = await Promise.all([
      started.catch((error) => {
        if (error?.code !== "RUNTIME" || threads === 1) throw error;
        onAgain();
        return /** @type {Promise<never>} */ (new Promise(() => {}));
      }),
      download("model.onnx", model, fetch, reports),
    ]);
    onLoading("start", 0, 1);
    const infer = await openModel(ort, bytes, manifest);
    if (this.#engine === null) throw new ScrubjayError("STATE", "no engine");
    await tryOut(this.#engine, manifest, infer);
    this.#name = `${manifest.name} ${manifest.version}`;
    this.#missing = null;
    this.#threads = threads;
    return infer;
  }

  /** @param {Parts | null} parts */
  #build(parts) {
    const scrubjay = this.#scrubjay;
    if (scrubjay === null)
      throw new ScrubjayError("STATE", "the engine is not loaded");
    this.#session?.free();
    this.#engine?.free();
    this.#session = this.#engine = null;
    if (parts !== null)
      try {
        this.#engine = scrubjay.createEngine({
          tokenizer: { name: "tokenizer.json", data: parts.tokenizer },
          manifest: { name: "manifest.json", data: parts.data },
        });
      } catch (error) {
        this.#lose(error);
      }
    this.#engine ??= scrubjay.createEngine();
    this.#session = this.#engine.session();
    warmUp(this.#session);
  }

  /** Note why there is no model. @param {unknown} error @returns {null} */
  #lose(error) {
    this.#stop.abort();
    const known = error instanceof ScrubjayError;
    this.#missing = {
      code: known ? error.code : "MODEL",
      message: known ? error.message : "the model does not load",
      where: known ? error.where : "",
    };
    return null;
  }

  // To an engine without a model, where that has been lost. Not while a text
  // is read: the session is not its own then.
  #swap() {
    if (this.#model === null || this.#missing === null ||
      this.#missing.code === "LOADING") return;
    this.#model = null;
    this.#build(null);
  }
}

// The first document is slow: the browser has yet to optimise the code, and
// the automaton its states to build. An invented line takes that on itself.
/** @param {Session} first */
function warmUp(first) {
  first.start("Patient Ada Test, DOB 01/02/1950, MRN 1234567, tel 555-0100.");
  first.finish();
  first.reset();
}

/** @param {string} text @param {ReadOptions} read */
function nameOf(text, read) {
  return JSON.stringify([read.lang, read.policy, read.known]) + text;
}
