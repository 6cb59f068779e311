// SPDX-License-Identifier: Apache-2.0
//
// reader.js - the engine, the model and the one document that is held.
//
// The rules read as soon as they are there; the model starts beside them, and
// follows. A text that comes before it waits for it with the rules' findings
// told. A model that dies over a text is started once more; where it cannot be
// had, an engine without one takes over, and says why in `missing`.

/** @import {Engine} from "../../wasm/engine.js" */
/** @import {Scrubjay} from "../../wasm/scrubjay.js" */
/** @import {Session} from "../../wasm/session.js" */
/** @import {Leak, Output, Span, Window} from "../../wasm/types.js" */
/** @import {EngineInfo, Mark, Missing} from "../types.js" */
/** @import {Fetch, Reports} from "./download.js" */
/** @import {Manifest} from "./manifest.js" */
/** @import {Model} from "./model.js" */
/** @import {Infer} from "./pipeline.js" */
/** @import {Detected, Loaded, LoadOptions, ModelPlace, ReadOptions, WriteOptions} from "./protocol.js" */

import { ScrubjayError } from "../../wasm/error.js";
import { loadScrubjay } from "../../wasm/scrubjay.js";
import { countBytes, download } from "./download.js";
import { readManifest } from "./manifest.js";
import { Guard } from "./guard.js";
import { detect } from "./pipeline.js";
import { copyOf, tryOut } from "./trial.js";

/**
 * What the reader needs of the world, and whom it tells.
 * @typedef {object} World
 * @property {Fetch} fetch
 * @property {(place: ModelPlace, threads: number, reports: Reports) => Model} makeModel
 * @property {(phase: "download" | "check" | "start", done: number, total: number) => void} onLoading
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

/** How long the engine waits for the model's worker to be up. */
const UP_MS = 300;

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Reader {
  /** @type {World} */
  #world;
  /** @type {Scrubjay | null} */
  #scrubjay = null;
  /** @type {Engine | null} */
  #engine = null;
  /** @type {Session | null} */
  #session = null;
  /** @type {Guard | null} */
  #guard = null;
  /** How to start the model once more. @type {(() => Promise<Infer>) | null} */
  #restart = null;
  /** Of an engine with a tokenizer: the model, as soon as there is one. */
  /** @type {Promise<Infer> | null} */
  #infer = null;
  /** @type {Model | null} */
  #model = null;
  /** A full window of nobody's text. @type {Window | null} */
  #blank = null;
  #name = "";
  /** @type {Missing | null} */
  #missing = null;
  #threads = 1;
  #scanning = false;
  /** What the session holds, finished. @type {string | null} */
  #held = null;

  /** @param {World} world */
  constructor(world) {
    this.#world = world;
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
    if (model !== null)
      this.#model = this.#world.makeModel(model, threads, reports);
    const parts = model === null ? null : this.#parts(model, reports)
      .catch((error) => this.#lose(error));
    const response = await answer;
    if (!response?.ok)
      throw new ScrubjayError("LOAD", "scrubjay.wasm cannot be fetched");
    const scrubjay = await loadScrubjay(response);
    this.#scrubjay = scrubjay;
    // Not before the engine has come: on a slow line, the rules are first.
    this.#model?.start();
    const got = await parts;
    // While the engine is built, nothing else gets a turn in this worker.
    await Promise.race([this.#model?.up, pause(UP_MS)]);
    this.#build(got);
    if (model !== null && got !== null && this.#missing === null) {
      const { manifest } = got;
      this.#missing = { code: "LOADING",
        message: "the model is still on its way", where: "" };
      this.#restart = () => {
        this.#model?.end();
        this.#model = this.#world.makeModel(
          model, this.#threads, { onBytes: () => {} });
        this.#model.start();
        return this.#open(this.#model, manifest);
      };
      this.#infer = this.#first(manifest, threads);
      this.#infer.catch((error) => this.#lose(error));
    }
    const { labels, flags, roles } = scrubjay.constants;
    return {
      engine: this.info,
      groups: Object.fromEntries(labels.map((l) => [l.name, l.group])),
      flags,
      labels: labels.map((l) => l.name),
      roles,
    };
  }

  /** When the model is there, or is known to be missing. */
  /** @returns {Promise<EngineInfo>} */
  async settled() {
    await this.#infer?.catch(() => {});
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
      const result = await this.#readOn(text, read, ears);
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

  /**
   * What a server would not take of a text that is to be sent.
   * @param {string} text
   * @param {string} policy
   * @returns {readonly Leak[]}
   */
  leaks(text, policy) {
    if (this.#scrubjay === null)
      throw new ScrubjayError("STATE", "the engine is not loaded");
    this.#guard ??= new Guard(this.#scrubjay);
    return this.#guard.leaks(text, policy);
  }

  /** Of the document, nothing is left in the engine's memory; in that of the
   * model's runtime, another window has taken the place of its last. */
  async wipe() {
    this.#held = null;
    this.#session?.reset();
    if (this.#blank === null || this.#infer === null) return;
    const infer = await this.#infer.catch(() => null);
    await infer?.(copyOf(this.#blank)).catch(() => {}); // told to the next text
  }

  #ready() {
    if (this.#session === null)
      throw new ScrubjayError("STATE", "the engine is not loaded");
    return this.#session;
  }

  // With the model; once more where it dies over the text; then without.
  /** @param {string} text @param {ReadOptions} read @param {Ears} ears */
  async #readOn(text, read, ears) {
    for (let died = 0; ; ) {
      this.#swap();
      try {
        return await this.#read(text, read, ears);
      } catch (error) {
        const { code } = /** @type {any} */ (error);
        if (this.#infer === null || this.#missing?.code === "LOADING" ||
          !LOST.has(code)) throw error;
        if (this.#missing !== null) continue; // it did not come
        if (code !== "MODEL_DIED") throw error;
        if (died++ > 0 || this.#restart === null) this.#lose(error);
        else {
          this.#infer = this.#restart();
          this.#infer.catch((lost) => this.#lose(lost));
        }
      }
    }
  }

  /** @param {string} text @param {ReadOptions} read @param {Ears} ears */
  async #read(text, read, ears) {
    const waited = this.#infer;
    return detect(this.#ready(), text, read, {
      ...ears,
      infer: waited === null ? null : async (window) => {
        const infer = await waited;
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
      // Nothing more is told of a model that will not come.
      if (this.#missing === null || this.#missing.code === "LOADING")
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
    const { fetch } = this.#world;
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

  // With as many threads as were asked for, or with one: a runtime that has
  // failed to start is another's to start again.
  /** @param {Manifest} manifest @param {number} threads */
  async #first(manifest, threads) {
    this.#threads = threads;
    if (this.#model === null) throw new ScrubjayError("STATE", "no model");
    return this.#open(this.#model, manifest).catch((error) => {
      if (threads === 1 || error?.code !== "RUNTIME" || this.#restart === null)
        throw error;
      this.#threads = 1;
      return this.#restart();
    });
  }

  /** @param {Model} model @param {Manifest} manifest @returns {Promise<Infer>} */
  async #open(model, manifest) {
    const infer = await model.open(manifest);
    this.#world.onLoading("start", 0, 1);
    if (this.#engine === null) throw new ScrubjayError("STATE", "no engine");
    this.#blank = await tryOut(this.#engine, manifest, infer);
    this.#name = `${manifest.name} ${manifest.version}`;
    this.#missing = null;
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
    const known = error instanceof ScrubjayError;
    this.#model?.end();
    this.#model = this.#restart = this.#blank = null;
    this.#name = "";
    this.#threads = 1;
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
    if (this.#infer === null || this.#missing === null ||
      this.#missing.code === "LOADING") return;
    this.#infer = null;
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
