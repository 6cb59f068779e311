// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// main.js - the results page: who works here, their keys, which result and
// why; then the result with its originals, merged in this tab.
//
// What was opened lives in one field of this object and in the page, and goes
// from both together: on Close, on leaving, after five minutes without use.

import { el } from "../element/dom.js";
import { results as en } from "../i18n/en-results.js";
import { results as fr } from "../i18n/fr-results.js";
import { vaultSays } from "../i18n/vault-words.js";
import {
  storedLanguages, storedTheme, storeLanguage, storeTheme,
} from "../page/settings.js";
import { siteOf } from "../vault/site.js";
import { makeLifetime } from "./lifetime.js";
import {
  makeAsk, makeBusy, makeFooter, makeHeader, makeNotice, makeOpened,
  makeSignIn, makeUnlock,
} from "./parts.js";

/** @import {TokenSource} from "../vault/api.js" */
/** @import {Vault} from "../vault/index.js" */
/** @import {Reidentified} from "../vault/release.js" */
/** @import {Asked, Code, Shown} from "./parts.js" */

/**
 * How long originals stay without anybody doing anything, in minutes: what the
 * site says in `<meta name="scrubjay-idle-minutes">`, but an hour at most.
 */
function idleMinutes() {
  const said = Number(document.querySelector(
    'meta[name="scrubjay-idle-minutes"]')?.getAttribute("content") ?? 5);
  return said > 0 && said <= 60 ? said : 5;
}

/** @typedef {"signIn" | "unlock" | "ask" | "open"} Step */

const UUID = /^#job=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

class Results {
  #words = chooseWords(storedLanguages());
  #theme = storedTheme();
  /** @type {Step} */
  #step = "signIn";
  /** @type {Vault | null} */
  #vault = null;
  /** @type {Asked} */
  #asked = { job: "", purpose: "", reason: "" };
  /** @type {Shown | null} */
  #shown = null;
  /** Which of the results asked for is the newest. */
  #turn = 0;

  #site = siteOf(document);
  #main = el("main", { attrs: { id: "main", tabindex: "-1" } });
  #life = makeLifetime(
    idleMinutes() * 60_000, (why) => this.#close(why));

  start() {
    this.#asked.job = UUID.exec(location.hash)?.[1] ?? "";
    void this.#comeBack();
    addEventListener("hashchange", () => {
      const job = UUID.exec(location.hash)?.[1];
      if (!job || this.#step !== "ask") return;
      this.#asked = { ...this.#asked, job };
      this.#show();
    });
    // The browser's copy of a page that was left must be as empty as it.
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.#signOut();
    });
    this.#frame();
    this.#show();
  }

  #frame() {
    const words = this.#words;
    const root = document.documentElement;
    root.lang = words.code;
    root.dataset["theme"] = this.#theme;
    document.title = `${words.page.title} - Scrubjay`;
    const skip = el("a", {
      class: "skip", text: words.page.skip, attrs: { href: "#main" },
      on: {
        click: (/** @type {Event} */ event) => {
          event.preventDefault(); // the address names a result, not a place
          this.#focus();
        },
      },
    });
    document.body.replaceChildren(
      skip,
      makeHeader(words, this.#theme, {
        language: (code) => this.#setLanguage(code),
        theme: (theme) => {
          storeTheme(theme);
          this.#theme = theme;
          root.dataset["theme"] = theme;
        },
      }),
      this.#main,
      makeFooter(words));
  }

  /** @param {string} code */
  #setLanguage(code) {
    storeLanguage(code);
    this.#words = code === "fr" ? fr : en;
    this.#frame();
    this.#show();
    /** @type {HTMLElement | null} */ (
      document.querySelector(".settings select"))?.focus();
  }

  /** @param {{text: string, bad: boolean}} [notice] */
  #show(notice) {
    this.#main.replaceChildren(
      ...(notice ? [makeNotice(notice.text, notice.bad)] : []),
      this.#part());
  }

  #part() {
    const words = this.#words;
    const refuse = (/** @type {string} */ text) => this.#refuse(text);
    switch (this.#step) {
      case "signIn":
        return makeSignIn(words, this.#site.issuer, {
          give: (sub) => void this.#signIn(sub), refuse });
      case "unlock":
        return makeUnlock(words, {
          sub: this.#vault?.standing.sub ?? "",
          passkey: this.#vault?.standing.passkey ?? "none",
        }, {
          give: (passphrase, passkey) => void this.#unlock(
            (vault) => vault.unlock(passphrase, { passkey })),
          device: () => void this.#unlock((vault) => vault.unlockByPasskey()),
          other: () => this.#signOut(), refuse,
        });
      case "ask":
        return makeAsk(words, this.#asked, {
          give: (asked) => void this.#open(asked),
          lock: () => {
            this.#vault?.lock();
            this.#go("unlock");
          }, refuse,
        });
      case "open":
        return this.#shown
          ? makeOpened(words, this.#shown, () => this.#close("closed"))
          : el("section");
    }
  }

  /** @param {Step} step @param {{text: string, bad: boolean}} [notice] */
  #go(step, notice) {
    this.#step = step;
    this.#show(notice);
    this.#focus();
  }

  // A sentence over what there is; nothing that was typed is lost.
  /** @param {string} text */
  #refuse(text) {
    this.#main.querySelector(".notice")?.remove();
    this.#main.prepend(makeNotice(text, true));
  }

  #focus() {
    /** @type {HTMLElement | null} */
    const first = this.#main.querySelector("h2");
    (first ?? this.#main).focus();
  }

  /**
   * @param {string} text what is done
   * @param {() => Promise<void>} work
   */
  async #during(text, work) {
    const turn = ++this.#turn;
    const step = this.#step;
    this.#main.replaceChildren(makeBusy(text));
    try {
      await work();
    } catch (error) {
      // Left in between: there is nobody to tell.
      if (turn !== this.#turn) return;
      const { code, where } = /** @type {any} */ (error);
      const locked = this.#vault?.standing.locked && step === "ask";
      this.#go(locked ? "unlock" : step, {
        text: vaultSays(this.#words.vault, { code, where }), bad: true });
    }
  }

  // The issuer sends people back with a code in the address.
  async #comeBack() {
    const { issuer, client, scope } = this.#site;
    if (issuer === "" || !new URL(location.href).searchParams.has("state"))
      return;
    await this.#during(this.#words.busy.signIn, async () => {
      const { finishSignIn } = await import("../vault/index.js");
      const { href } = location;
      history.replaceState(null, "", location.pathname);
      const back = await finishSignIn({ issuer, client, scope }, href);
      if (!back) return;
      history.replaceState(null, "", back.href);
      this.#asked.job = UUID.exec(location.hash)?.[1] ?? "";
      await this.#enter(back.token);
    });
  }

  /** @param {string} sub "" where the issuer asks for it */
  #signIn(sub) {
    const { base, issuer, client, scope } = this.#site;
    return this.#during(this.#words.busy.signIn, async () => {
      const { beginSignIn, developmentTokens } =
        await import("../vault/index.js");
      if (issuer !== "")
        return beginSignIn({ issuer, client, scope }, location.href);
      await this.#enter(developmentTokens(base, sub));
    });
  }

  /** @param {TokenSource} token */
  async #enter(token) {
    const { openVault } = await import("../vault/index.js");
    const { base, root } = this.#site;
    const vault = await openVault({ base, root, token });
    const { vault: mode } = await vault.refresh();
    this.#vault = vault;
    if (mode === "off")
      return this.#go("signIn", { text: this.#words.unlock.off, bad: false });
    this.#go("unlock");
  }

  /** @param {(vault: Vault) => Promise<void>} how */
  #unlock(how) {
    return this.#during(this.#words.busy.unlock, async () => {
      const vault = this.#vault;
      if (!vault) return this.#signOut();
      let notice;
      try {
        await how(vault);
      } catch (error) {
        // No passkey was made, but the passphrase was right.
        const { code } = /** @type {any} */ (error);
        if (vault.standing.locked) throw error;
        notice = { text: vaultSays(this.#words.vault, { code }), bad: true };
      }
      this.#life.start(); // the keys go as what they open
      this.#go("ask", notice);
    });
  }

  /** @param {Asked} asked */
  #open(asked) {
    this.#asked = asked;
    const turn = this.#turn + 1;
    return this.#during(this.#words.busy.open, async () => {
      const vault = this.#vault;
      if (!vault) return this.#signOut();
      const { job, purpose, reason } = asked;
      const found = await vault.reidentify(job, { purpose, reason });
      const shown = await merge(found);
      if (turn !== this.#turn) return; // closed in between
      this.#shown = shown;
      this.#asked = { job: "", purpose, reason: "" };
      this.#life.start();
      this.#go("open");
    });
  }

  /** @param {"idle" | "left" | "closed"} why */
  #close(why) {
    this.#turn++;
    this.#shown = null;
    const notice = { text: this.#words.gone[why], bad: false };
    if (why === "closed") return this.#go("ask", notice);
    this.#life.stop();
    this.#vault?.lock();
    this.#asked = { job: "", purpose: "", reason: "" };
    this.#go(this.#vault ? "unlock" : "signIn", notice);
  }

  #signOut() {
    this.#turn++;
    this.#life.stop();
    this.#shown = null;
    this.#vault?.close();
    this.#vault = null;
    this.#asked = { job: "", purpose: "", reason: "" };
    this.#go("signIn");
  }
}

/** @param {readonly (string | null)[]} wanted BCP 47 tags */
function chooseWords(wanted) {
  for (const tag of wanted) {
    const [code] = (tag ?? "").toLowerCase().split("-");
    if (code === "en") return en;
    if (code === "fr") return fr;
  }
  return en;
}

/**
 * What a record and its results look like with the originals.
 * @param {Reidentified} found
 * @returns {Promise<Shown>}
 */
async function merge(found) {
  const { mergeLoosely, mergeText } = await import("../vault/index.js");
  const { entities, receipt, rewrap } = found;
  const text = (/** @type {unknown} */ value) => mergeLoosely(
    typeof value === "string" ? value : "", entities);
  const said = /** @type {any} */ (found.results)?.codes;
  /** @type {Code[]} */
  const codes = (Array.isArray(said) ? said : []).map((one) => ({
    system: String(one?.system ?? ""),
    code: String(one?.code ?? ""),
    text: text(one?.text),
    evidence: (Array.isArray(one?.evidence) ? one.evidence : []).map(text),
  }));
  return {
    by: found.by, text: mergeText(found.text, entities), codes, receipt, rewrap,
    minutes: idleMinutes(),
  };
}

new Results().start();
