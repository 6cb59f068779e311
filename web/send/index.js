// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// index.js - sending a signed text: who sends, their keys, then on its way. The
// page loads this when something is to be sent. It tells the page how far it
// is by the events of review/machine.js.

import { el } from "../element/dom.js";
import { send as en } from "../i18n/en-send.js";
import { send as fr } from "../i18n/fr-send.js";
import { vaultSays } from "../i18n/vault-words.js";
import { siteOf } from "../vault/site.js";
import {
  makeAlarm, makeAway, makeBusy, makeOutcome, makeSignIn, makeUnlock,
} from "./parts.js";

/** @import {TokenSource} from "../vault/api.js" */
/** @import {Vault} from "../vault/index.js" */
/** @import {ToSubmit} from "../vault/submission.js" */
/** @import {Outcome} from "./parts.js" */

/** @typedef {"signIn" | "away" | "unlock" | "busy" | "outcome"} Step */

/**
 * @typedef {object} Host
 * @property {(event: "acknowledge" | "keep" | "fail" | "cancel",
 *   text: string) => void} tell text: what went wrong, in a sentence
 * @property {() => void} fresh a new note, or the next of several
 * @property {() => boolean} line whether this note is one of several
 * @property {(outcome: Outcome) => void} arrived another one was sent than
 *   this one
 */

/** How long a server may take before the page says that it waits. */
const PATIENCE_MS = 8_000;

export class Sending {
  #host;
  #words = en;
  #site = siteOf(document);
  /** @type {Step} */
  #step = "signIn";
  /** @type {Vault | null} */
  #vault = null;
  /** Of who sends; another after signing in again. @type {TokenSource} */
  #token = async () => "";
  /** Nobody waits any more for the window that signs in. */
  #away = new AbortController();
  /** What is to be sent; forgotten when it is on its way.
   * @type {ToSubmit | null} */
  #what = null;
  /** @type {Outcome | null} */
  #outcome = null;
  #alarm = "";
  #turn = 0;
  #drawn = 0;
  element = el("section", { class: "send" });

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
    addEventListener("online", () => void this.#vault?.online());
  }

  /** @param {string} language */
  speak(language) {
    this.#words = language === "fr" ? fr : en;
    void this.#show();
  }

  /** @param {ToSubmit} what of a signed review, in the numbered style */
  begin(what) {
    this.#what = what;
    this.#outcome = null;
    return this.#next();
  }

  /** Forget the note; who sends stays, and their keys until nobody uses them. */
  clear() {
    this.#turn++;
    this.#away.abort();
    this.#what = null;
    this.#outcome = null;
  }

  /** How this note's sending stands, to be put away with it.
   * @returns {Outcome | null} */
  get outcome() {
    return this.#outcome;
  }

  set outcome(outcome) {
    this.#turn++;
    this.#what = null;
    this.#outcome = outcome;
    if (!outcome) return;
    this.#step = "outcome";
    void this.#show();
    void this.#follow();
  }

  /** The page is locked, and the keys with it. */
  lock() {
    this.#vault?.lock();
  }

  async #next() {
    const vault = this.#vault;
    this.#alarm = "";
    if (!vault) return this.#go("signIn");
    const { vault: mode, locked } = vault.standing;
    if (mode === "sealed" && locked) return this.#go("unlock");
    await this.#send(vault);
  }

  /** @param {Step} step */
  async #go(step) {
    this.#step = step;
    await this.#show();
    /** @type {HTMLElement | null} */
    const title = this.element.querySelector("h2");
    title?.focus();
  }

  async #show() {
    const drawn = ++this.#drawn;
    const part = await this.#part();
    if (drawn !== this.#drawn) return; // what is shown has changed meanwhile
    this.element.replaceChildren(
      ...(this.#alarm === "" ? [] : [makeAlarm(this.#alarm)]), part);
  }

  async #part() {
    const words = this.#words;
    const cancel = () => this.#end("cancel");
    const refuse = (/** @type {string} */ text) => {
      this.#alarm = text;
      void this.#show();
    };
    switch (this.#step) {
      case "signIn":
        return makeSignIn(words, this.#site.issuer,
          { give: (sub) => void this.#signIn(sub), cancel, refuse });
      case "unlock": {
        const { sub = "", passkey = "none" } = this.#vault?.standing ?? {};
        return makeUnlock(words, { sub, passkey }, {
          give: (passphrase, keep) => void this.#unlock(
            (vault) => vault.unlock(passphrase, { passkey: keep })),
          device: () => void this.#unlock((vault) => vault.unlockByPasskey()),
          cancel, refuse,
        });
      }
      case "away":
        return makeAway(words, () => this.#stay());
      case "busy":
        return makeBusy(words);
      case "outcome":
        return this.#makeOutcome();
    }
  }

  async #makeOutcome() {
    const outcome = this.#outcome;
    const vault = this.#vault;
    if (!outcome || !vault) return makeBusy(this.#words);
    const others = (await vault.waiting())
      .filter(({ id }) => id !== outcome.id);
    const { durable, vault: mode } = vault.standing;
    return makeOutcome(this.#words, outcome,
      { memory: !durable, off: mode === "off", others,
        issuer: this.#site.issuer !== "", line: this.#host.line() }, {
        retry: (id) => void vault.retry(id).catch(() => {}),
        discard: (id) => void this.#discard(vault, id),
        fresh: () => this.#host.fresh(),
        signIn: () => void this.#signInAgain(vault),
      });
  }

  /** @param {Vault} vault @param {string} id */
  async #discard(vault, id) {
    await vault.discard(id).catch(() => {});
    if (id === this.#outcome?.id) this.#host.fresh();
    else await this.#show();
  }

  /**
   * @param {Step} step to be at where it fails
   * @param {() => Promise<void>} work
   * @param {Step} [meanwhile]
   */
  async #during(step, work, meanwhile = "busy") {
    const turn = ++this.#turn;
    this.#alarm = "";
    await this.#go(meanwhile);
    try {
      await work();
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#alarm = this.#sentence(error);
      await this.#go(step);
    }
  }

  /** @param {unknown} error */
  #sentence(error) {
    const { code, where } = /** @type {any} */ (error);
    return vaultSays(this.#words.vault, { code, where });
  }

  /** @param {string} sub where there is no issuer */
  #signIn(sub) {
    const { base, root } = this.#site;
    return this.#identify("signIn", sub, async () => {
      const { openVault } = await import("../vault/index.js");
      const vault = await openVault(
        { base, root, token: (again) => this.#token(again) });
      await vault.refresh();
      this.#take(vault);
      await this.#next();
    });
  }

  // The tokens have come to their end, and what waits goes on with new ones.
  /** @param {Vault} vault */
  #signInAgain(vault) {
    return this.#identify("outcome", "", async () => {
      await vault.refresh();
      await this.#go("outcome");
    });
  }

  // The window is opened while the press of the button counts.
  /**
   * @param {"signIn" | "outcome"} step
   * @param {string} sub
   * @param {() => Promise<void>} work
   */
  #identify(step, sub, work) {
    const { base, issuer, client, scope } = this.#site;
    const own = issuer === "";
    const opened = own ? null : open("", "", "popup,width=520,height=700");
    if (!own && !opened) {
      this.#alarm = this.#words.signIn.blocked;
      return this.#show();
    }
    const { signal } = this.#away = new AbortController();
    return this.#during(step, async () => {
      const { developmentTokens, signInBeside } =
        await import("../vault/index.js");
      this.#token = opened
        ? await signInBeside(
          { issuer, client, scope }, location.href, opened, signal)
        : developmentTokens(base, sub);
      if (signal.aborted) return; // it came too late
      if (!own) await this.#go("busy");
      await work();
    }, own ? "busy" : "away");
  }

  // Nobody signs in: back to where that was asked for.
  #stay() {
    this.#turn++;
    this.#away.abort();
    this.#alarm = "";
    void this.#go(this.#vault ? "outcome" : "signIn");
  }

  /** @param {Vault} vault */
  #take(vault) {
    this.#vault = vault;
    vault.addEventListener("change", () => void this.#follow());
    vault.addEventListener("sent", (event) => {
      const { id, receipt } = /** @type {CustomEvent} */ (event).detail;
      const outcome = { id, receipt, item: null };
      if (id !== this.#outcome?.id) return this.#host.arrived(outcome);
      this.#outcome = outcome;
      this.#tell("acknowledge");
      void this.#go("outcome");
    });
  }

  /** @param {(vault: Vault) => Promise<void>} how */
  #unlock(how) {
    return this.#during("unlock", async () => {
      const vault = this.#vault;
      if (!vault) return;
      try {
        await how(vault);
      } catch (error) {
        // No passkey was made, but the passphrase was right.
        if (vault.standing.locked) throw error;
      }
      await this.#next();
    });
  }

  /** @param {Vault} vault */
  async #send(vault) {
    const what = this.#what;
    if (!what) return;
    const turn = ++this.#turn;
    await this.#go("busy");
    try {
      const { makeSubmission } = await import("../vault/index.js");
      const { id } = await vault.submit(makeSubmission(what));
      this.#what = null; // sealed and kept: the originals are not needed here
      this.#outcome ??= { id, receipt: null, item: null };
      setTimeout(() => void this.#follow(true), PATIENCE_MS);
      await this.#follow();
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#end("fail", this.#sentence(error));
    }
  }

  // How the one that was sent last stands; said as soon as there is a reason.
  async #follow(late = false) {
    const outcome = this.#outcome;
    const vault = this.#vault;
    if (!outcome || !vault) return;
    if (outcome.receipt) return this.#step === "outcome" && this.#show();
    const item = (await vault.waiting()).find(({ id }) => id === outcome.id);
    if (outcome !== this.#outcome) return;
    if (!item) return this.#arrived(vault, outcome.id);
    if (item.code === "" && !late) return;
    this.#outcome = { id: outcome.id, receipt: null, item };
    this.#tell("keep");
    await (this.#step === "outcome" ? this.#show() : this.#go("outcome"));
  }

  // It may have been sent before anybody listened.
  /** @param {Vault} vault @param {string} id */
  async #arrived(vault, id) {
    const sent = (await vault.sent()).find((one) => one.id === id);
    if (!sent || this.#outcome?.receipt) return;
    this.#outcome = { id, receipt: sent.receipt, item: null };
    this.#tell("acknowledge");
    await this.#go("outcome");
  }

  /** @param {"acknowledge" | "keep"} event */
  #tell(event) {
    this.#host.tell(event, "");
  }

  /** @param {"fail" | "cancel"} event @param {string} [text] */
  #end(event, text = "") {
    this.#turn++;
    this.#away.abort();
    this.#what = null;
    this.#host.tell(event, text);
  }
}
