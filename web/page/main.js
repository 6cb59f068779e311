// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// main.js - the page: takes a note in, has it read, and puts the review up.
//
// The note lives in this object and in the worker, nowhere else: not in the
// title, the address, the console or any storage.

import "../element/scrubjay-review.js";
import { button, el } from "../element/dom.js";
import { LANGUAGES } from "../i18n/words.js";
import { follow, inReview, START } from "../review/machine.js";
import { makeNote, withLineEnds } from "../review/note.js";
import { carryOver, countsOf, startReview } from "../review/session.js";
import { Doors } from "./doors.js";
import { Engine } from "./engine.js";
import { Fields, NO_READ } from "./fields.js";
import { MOST_BYTES } from "./intake.js";
import { makeOffline } from "./offline.js";
import {
  makeBanner,
  makeBusy,
  makeFooter,
  makeHeader,
  makeIntake,
  makeRulesBanner,
  troubleWords,
} from "./parts.js";
import { hasServer, SendDoor } from "./send.js";
import { Shield } from "./shield.js";
import { SignOff } from "./sign-off.js";
import { sparedBy } from "./spared.js";
import {
  signPolicy,
  storedChoice,
  storedTheme,
  storedWords,
  storeChoice,
  storeLanguage,
  storeTheme,
} from "./settings.js";

/** @import {ScrubjayReview} from "../element/scrubjay-review.js" */
/** @import {Review} from "../review/session.js" */
/** @import {Entity, Found} from "../types.js" */
/** @import {Place} from "../review/machine.js" */
/** @import {Trouble} from "./doors.js" */
/** @import {Read} from "./fields.js" */
/** @import {Theme} from "./settings.js" */

/** How long a scan may take before the rules' findings are shown alone. */
const PATIENCE_MS = 300;

class Page {
  #words = storedWords();
  #theme = storedTheme();
  /** @type {Readonly<Place>} */
  #place = START;
  /** What was given, or is being typed. */
  #text = "";
  /** @type {Readonly<Review> | null} the review that an edit started from */
  #former = null;
  /** @type {Found | null} */
  #found = null;
  /** The text that #found is of. */
  #scanned = "";
  /** What it was read with. @type {Read} */
  #read = NO_READ;
  /** @type {Trouble | null} */
  #trouble = null;
  /** @type {AbortController | null} */
  #job = null;
  /** @type {ReturnType<typeof makeBusy> | null} */
  #busy = null;

  #assets = new URL("./", document.baseURI);
  #offline = makeOffline(this.#assets, () => this.#showOffline());
  #fields = new Fields((reread) => this.#onFields(reread));
  #main = el("main", { attrs: { id: "main", tabindex: "-1" } });
  #live = el("div", { class: "live", attrs: { role: "status" } });
  #doors = new Doors({
    empty: () => this.#state === "empty",
    open: () => this.#state === "empty" || this.#state === "error",
    give: (text) => this.#give(text),
    refuse: (trouble) => this.#refuse(trouble),
  });
  #engine = new Engine(this.#assets, {
    opened: (redactor) => {
      this.#review.redactor = redactor;
      this.#fields.offer(redactor);
    },
    loading: () => this.#showEngine(),
    changed: (settled) => {
      if (settled) this.#offline.keeper.save();
      document.querySelector("footer")?.replaceWith(this.#footer());
      this.#showEngine();
    },
  });
  /** @type {ScrubjayReview} */
  #review = /** @type {ScrubjayReview} */ (
    document.createElement("scrubjay-review")
  );

  #signOff = new SignOff({
    review: this.#review,
    words: () => this.#words,
    scan: () => this.#found && {
      found: this.#found, text: this.#scanned, policy: this.#read.policy,
    },
    fields: () => this.#fields.note,
    asks: signPolicy(),
    redactor: () => this.#engine.redactor,
    send: hasServer() ? (what) => void this.#door.begin(what) : null,
    go: (event) => this.#go(event),
    back: () => this.#back(),
    show: () => {
      this.#show();
      this.#focusMain();
    },
    edit: () => this.#edit(),
    tryModel: () => this.#tryModel(),
    wipe: () => void this.#wipe(),
    refuse: (trouble) => this.#refuse(trouble),
    say: (words) => this.#say(words),
  });

  #shield = new Shield({
    state: () => this.#place.shield,
    note: () => this.#state !== "empty" || this.#text !== "" ||
      this.#fields.known,
    go: (event) => this.#go(event),
    opened: () => this.#focusMain(),
    wipe: () => void this.#wipe(),
    say: (words) => this.#say(words, true),
    refuse: (trouble) => this.#refuse(trouble),
    hides: [this.#main],
  });

  #door = new SendDoor({
    go: (event) => this.#go(event),
    show: () => {
      this.#show();
      this.#focusMain();
    },
    fresh: () => void this.#wipe(),
    language: () => this.#words.code,
    refuse: (trouble) => this.#refuse(trouble),
    main: this.#main,
  });

  get #state() {
    return this.#place.at;
  }

  start() {
    // The page fetches the element's style early, but does not wear it.
    const style = document.querySelector('link[data-for="scrubjay-review"]');
    if (style instanceof HTMLLinkElement)
      this.#review.setAttribute("stylesheet", style.href);
    this.#listen();
    this.#frame();
    void this.#engine.start().catch(() => {
      this.#offline.keeper.save();
      this.#showEngine();
    });
    void this.#offline.keeper.start();
    this.#shield.start();
  }

  #listen() {
    this.#doors.listen();
    this.#review.addEventListener("sj-error", (event) => {
      const { code } = /** @type {CustomEvent} */ (event).detail;
      this.#refuse({ code });
    });
    this.#review.writeAs = storedChoice("style") ?? "";
    this.#review.addEventListener("sj-state", (event) => {
      const { style } = /** @type {CustomEvent} */ (event).detail;
      if (style) storeChoice("style", style);
    });
  }

  // Header, footer and what surrounds main are made anew with the language.
  #frame() {
    const words = this.#words;
    document.documentElement.lang = words.code;
    document.documentElement.dataset["theme"] = this.#theme;
    this.#review.lang = words.code;
    this.#doors.drop.textContent = words.intake.drop;
    const header = makeHeader(words, this.#theme, {
      language: (code) => this.#setLanguage(code),
      theme: (theme) => this.#setTheme(theme),
    });
    this.#shield.show(words);
    header.querySelector(".settings")?.before(this.#shield.tools);
    const skip = el("a", {
      class: "skip",
      text: words.page.skip,
      attrs: { href: "#main" },
      on: {
        click: (/** @type {Event} */ event) => {
          event.preventDefault();
          this.#focusMain();
        },
      },
    });
    document.body.replaceChildren(
      skip,
      header,
      this.#main,
      this.#shield.element,
      this.#footer(),
      this.#live,
      this.#doors.drop,
    );
    this.#show();
  }

  #footer() {
    const footer = makeFooter(
      this.#words, this.#engine.redactor?.engine ?? null);
    footer.append(this.#offline.element);
    return footer;
  }

  // A restart for a new version is offered only where it loses nothing.
  #showOffline() {
    this.#offline.show(
      this.#words, this.#state === "empty" && this.#text === "");
  }

  /** @param {string} code */
  #setLanguage(code) {
    storeLanguage(code);
    this.#words = LANGUAGES.find((l) => l.code === code) ?? this.#words;
    this.#frame();
    this.#door.speak(code);
    /** @type {HTMLElement | null} */ (
      document.querySelector(".settings select")
    )?.focus();
  }

  /** @param {Theme} theme */
  #setTheme(theme) {
    storeTheme(theme);
    this.#theme = theme;
    document.documentElement.dataset["theme"] = theme;
  }

  #focusMain() {
    if (inReview(this.#place)) return this.#review.focus();
    /** @type {HTMLElement | null} */
    const field = this.#main.querySelector("textarea, .sign h2");
    (field ?? this.#main).focus();
  }

  /** @param {string} event @returns {boolean} whether it may happen now */
  #go(event) {
    const next = follow(this.#place, event);
    if (next === null) return false;
    this.#place = next;
    if (event === "lock") this.#door.lock();
    if (event !== "refuse") this.#trouble = null;
    return true;
  }

  /** Back to the review that there is. @returns {boolean} */
  #goReview() {
    const rules = this.#place.review === "rulesOnly";
    return this.#go(rules ? "backRules" : "backReview");
  }

  #show() {
    const parts = [];
    this.#busy = null;
    this.#review.inert = false;
    if (this.#trouble) parts.push(this.#troubleBanner(this.#trouble));
    switch (this.#state) {
      case "empty":
      case "error":
      case "editing":
        parts.push(this.#intake());
        break;
      case "loading":
      case "detecting":
        parts.push(this.#progress());
        break;
      case "reviewing":
      case "rulesOnly":
        parts.push(...this.#reviewing());
        break;
      case "signing":
        parts.push(this.#signOff.signing());
        break;
      case "signed":
        parts.push(this.#signOff.signed());
        break;
      case "submitting":
      case "queued":
      case "sent":
        parts.push(this.#door.element);
        break;
    }
    this.#main.replaceChildren(...parts);
    this.#showEngine();
    this.#showOffline();
    this.#shield.update();
  }

  #intake() {
    const editing = this.#former !== null;
    const { element, area } = makeIntake(this.#words, editing, {
      give: (text) => this.#give(text),
      file: (file) => void this.#doors.take(file),
      back: () => this.#back(),
      type: (text) => {
        this.#text = text;
        this.#showOffline();
        this.#shield.update();
      },
    }, this.#fields.makeLine(this.#words));
    area.value = this.#text;
    return element;
  }

  /** @param {boolean} reread whether a text would be read otherwise now */
  #onFields(reread) {
    if (!reread || !inReview(this.#place)) return;
    this.#edit();
    this.#give(this.#text);
    this.#say(this.#words.fields.rescan);
  }

  // How the engine is, beside the buttons or over the bar.
  #showEngine() {
    const engine = this.#main.querySelector(".engine");
    if (engine) engine.textContent = this.#engine.say(this.#words);
    if (!this.#busy) return;
    const { title, step, bar } = this.#busy;
    const { status } = this.#words;
    if (!this.#engine.loading) {
      title.textContent =
        this.#state === "loading" ? status.loading : status.detecting;
      step.textContent = "";
      return;
    }
    const { phase, done, total } = this.#engine.loading;
    title.textContent = status.model;
    step.textContent = this.#engine.say(this.#words);
    if (phase === "download") {
      bar.max = total;
      bar.value = done;
    } else bar.removeAttribute("value");
  }

  #progress() {
    this.#busy = makeBusy(this.#words, () => this.#cancel());
    return this.#busy.element;
  }

  #reviewing() {
    const say = this.#words.banner;
    const parts = [];
    const { engine } = this.#found ?? {};
    if (engine?.model === "none")
      parts.push(
        makeRulesBanner(this.#words, engine.missing, () => this.#tryModel()),
      );
    const missed = this.#found?.unscanned.length ?? 0;
    if (this.#found && !this.#found.coverage.complete)
      parts.push(makeBanner(say.partial(missed), { bad: true }));
    this.#review.replaceChildren(
      button(this.#words.fields.short, () => this.#fields.open(this.#words), {
        attrs: { slot: "actions", title: this.#words.fields.open },
      }),
      button(say.editText, () => this.#edit(), { attrs: { slot: "actions" } }),
      button(say.newNote, () => void this.#wipe(), {
        attrs: { slot: "actions" },
      }),
      button(this.#words.signing.open, () => void this.#signOff.begin(), {
        attrs: { slot: "actions" },
      }),
    );
    parts.push(this.#review);
    return parts;
  }

  /** @param {Trouble} trouble */
  #troubleBanner({ code, line = 0, byte = 0, where = "" }) {
    const say = this.#words.error;
    const text = troubleWords(this.#words, code, line, byte);
    const retry = this.#state === "error" && this.#text !== "";
    return makeBanner(
      text,
      {
        bad: true,
        more: retry ? say.kept : "",
        code: where || (text === say.OTHER ? say.codeLabel(code) : ""),
      },
      ...(retry ? [button(say.retry, () => this.#retry())] : []),
      button(say.dismiss, () => {
        this.#trouble = null;
        if (this.#state === "error")
          this.#go(this.#former ? "backEdit" : "back");
        this.#show();
        this.#focusMain();
      }),
    );
  }

  // The note on the page once more, with the model if it can be had now.
  #tryModel() {
    this.#edit();
    void this.#engine.redactor?.reload().catch(() => {});
    this.#give(this.#text);
  }

  /** @param {string} shown text of the field, or as it was pasted or read */
  #give(shown) {
    const text =
      this.#former && this.#state !== "empty"
        ? withLineEnds(this.#former.note, shown)
        : shown;
    this.#text = text;
    if (text.trim() === "") return this.#refuse({ code: "EMPTY" });
    if (text.length > MOST_BYTES) return this.#refuse({ code: "TOO_LARGE" });
    if (this.#state === "error") return this.#retry();
    if (this.#go("give")) void this.#scan();
  }

  #retry() {
    if (this.#go("retry")) void this.#scan();
  }

  async #scan() {
    const job = new AbortController();
    this.#job = job;
    this.#show();
    this.#say(this.#words.status.detecting);
    try {
      const redactor = await this.#engine.start();
      if (job.signal.aborted || !this.#go("ready")) return;
      this.#show();
      const { read } = this.#fields;
      const found = await redactor.detect(this.#text, {
        ...read,
        signal: job.signal,
        onFound: (entities) => this.#onFound(entities, job.signal),
        onProgress: ({ phase, done, total }) => {
          if (!this.#busy || this.#engine.loading || phase !== "model") return;
          this.#busy.bar.max = total;
          this.#busy.bar.value = done;
          this.#busy.step.textContent = this.#words.status.windows(done, total);
        },
      });
      const spared = await sparedBy(redactor, this.#text, found, read);
      if (!job.signal.aborted) this.#takeFound(found, read, spared);
    } catch (error) {
      if (job.signal.aborted) return;
      const { code = "OTHER", where = "" } = /** @type {any} */ (error) ?? {};
      this.#fail({ code, where: code === "JSON" ? where : "" });
    }
  }

  // What the rules found, to look at while the model takes its time. Nothing
  // can be done with it yet: the model may add to every part of it.
  /** @param {readonly Entity[]} entities @param {AbortSignal} signal */
  #onFound(entities, signal) {
    setTimeout(() => {
      // A note that was edited is on the page already, with its decisions.
      if (signal.aborted || this.#former || this.#state !== "detecting") return;
      this.#review.load(startReview(makeNote(this.#text), entities));
      this.#review.inert = true;
      this.#main.append(this.#review);
      this.#busy?.element.classList.add("over");
      if (this.#busy) this.#busy.found.textContent =
        this.#words.status.soFar(entities.length);
    }, PATIENCE_MS);
  }

  /**
   * @param {Found} found
   * @param {Read} read
   * @param {ReadonlySet<string>} spared
   */
  #takeFound(found, read, spared) {
    const rules = found.engine.model === "none";
    if (!this.#go(rules ? "foundRules" : "found")) return;
    const fresh = startReview(
      makeNote(this.#text), found.entities, spared, found.near);
    const review = this.#former ? carryOver(this.#former, fresh) : fresh;
    this.#found = found;
    this.#read = read;
    this.#scanned = this.#text;
    this.#former = null;
    this.#text = "";
    this.#show();
    this.#review.load(
      review, { allowPartial: !found.coverage.complete, read });
    this.#review.focus();
    const counts = countsOf(review);
    this.#say(this.#words.status.found(counts.all, counts.uncertain));
  }

  #cancel() {
    this.#job?.abort();
    if (!this.#go(this.#former ? "cancelEdit" : "cancel")) return;
    this.#show();
    this.#focusMain();
  }

  /** @param {Trouble} trouble */
  #fail(trouble) {
    if (this.#go("fail")) this.#trouble = trouble;
    else this.#refuse(trouble);
    this.#show();
  }

  // Something was not taken; what there was stays.
  /** @param {Trouble} trouble */
  #refuse(trouble) {
    if (!this.#go("refuse")) return;
    this.#trouble = trouble;
    if (!inReview(this.#place)) return this.#show();
    this.#main.querySelector(".banner.trouble")?.remove();
    const banner = this.#troubleBanner(trouble);
    banner.classList.add("trouble");
    this.#main.prepend(banner);
  }

  #edit() {
    this.#former = this.#review.session;
    this.#text = this.#former.note.text;
    if (!this.#go("edit")) return;
    this.#show();
    this.#focusMain();
  }

  #back() {
    if (!this.#goReview()) return;
    this.#former = null;
    this.#text = "";
    this.#show();
    this.#review.focus();
  }

  async #wipe() {
    if (!this.#go("wipe")) return;
    this.#job?.abort();
    this.#text = "";
    this.#former = null;
    this.#found = null;
    this.#scanned = "";
    this.#signOff.clear();
    this.#door.clear();
    this.#fields.clear();
    this.#review.clear();
    this.#show();
    this.#focusMain();
    try {
      await this.#engine.redactor?.wipe();
    } catch {
      // A worker that is gone has nothing left to wipe.
    }
    this.#say(this.#words.status.wiped);
  }

  /** @param {string} words @param {boolean} [show] also to the eye */
  #say(words, show = false) {
    this.#live.textContent = words;
    this.#live.classList.toggle("shown", show);
    if (show) setTimeout(() => this.#live.classList.remove("shown"), 2500);
  }
}

new Page().start();
