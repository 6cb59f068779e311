// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// engine.js - the page's redactor: started once, early; how far its model is,
// and that in words.

import { createRedactor } from "../redactor.js";
import { whyMissing } from "./parts.js";

/** @import {Words} from "../i18n/en.js" */
/** @import {Redactor} from "../redactor.js" */
/** @import {Progress} from "../types.js" */

/** How long a worker without work keeps its memory: a review takes minutes. */
const IDLE_MS = 10 * 60_000;

/**
 * @typedef {object} EngineHost
 * @property {(redactor: Redactor) => void} opened the rules can read
 * @property {() => void} loading the model came on by a bit
 * @property {(settled: boolean) => void} changed what the engine is; settled
 *   where its model is there, or will not come
 */

export class Engine {
  #assets;
  #host;
  /** @type {Promise<Redactor> | null} */
  #starting = null;
  /** @type {Redactor | null} */
  redactor = null;
  /** How far the model is; null where it is there, or will not come. */
  /** @type {Progress | null} */
  loading = null;

  /** @param {URL} assets @param {EngineHost} host */
  constructor(assets, host) {
    this.#assets = assets;
    this.#host = host;
  }

  /** @returns {Promise<Redactor>} as soon as the rules can read */
  start() {
    this.#starting ??= createRedactor({
      assets: this.#assets,
      early: true,
      idleMs: IDLE_MS,
      onProgress: (news) => this.#onLoading(news),
    }).then(
      (redactor) => {
        this.redactor = redactor;
        this.#host.opened(redactor);
        redactor.addEventListener("engine", () => this.#changed());
        this.#changed();
        return redactor;
      },
      (error) => {
        this.#starting = null; // The next note tries again.
        this.loading = null;
        throw error;
      },
    );
    return this.#starting;
  }

  /** How it is, in a sentence. @param {Words} words */
  say(words) {
    const { intake, status } = words;
    if (this.loading) {
      const { phase, done, total } = this.loading;
      if (phase === "download") return status.download(done, total);
      return phase === "check" ? status.check : status.start;
    }
    if (!this.redactor) return this.#starting ? intake.starting : "";
    const { model, missing } = this.redactor.engine;
    if (missing?.code === "LOADING") return status.start;
    return model === "none"
      ? `${intake.readyRules} ${whyMissing(words, missing)}`
      : intake.ready;
  }

  /** Nothing of any note stays with the engine, nor with the browser. */
  async wipe() {
    await this.redactor?.wipe().catch(() => {
      // A worker that is gone has nothing left to wipe.
    });
    // A browser keeps what its last pattern was run over (RegExp.lastMatch).
    /^/u.test("");
  }

  /** @param {Progress} news */
  #onLoading(news) {
    if (news.phase === "load") return;
    this.loading = news;
    this.#host.loading();
  }

  #changed() {
    const settled = this.redactor?.engine.missing?.code !== "LOADING";
    if (settled) this.loading = null;
    this.#host.changed(settled);
  }
}
