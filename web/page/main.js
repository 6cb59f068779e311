// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// main.js - the page: takes a note in, has it read, and puts the review up.
//
// The note lives in this object and in the worker, nowhere else: not in the
// title, the address, the console or any storage.

import "../element/scrubjay-review.js";
import { EDGES, follow, inReview, START, turn } from "../review/machine.js";
import { makeNote, withLineEnds } from "../review/note.js";
import { countsOf, startReview } from "../review/session.js";
import { makeActions, makeReview, makeWarnings } from "./around-review.js";
import { Busy } from "./busy.js";
import { handOver } from "./come-back.js";
import { Doors } from "./doors.js";
import { Engine } from "./engine.js";
import { Fields } from "./fields.js";
import { Frame } from "./frame.js";
import { Line } from "./line.js";
import { MOST_BYTES } from "./intake.js";
import { Drafts } from "./drafts.js";
import { makeOffline } from "./offline.js";
import { makeIntake, makeLeft, makeTrouble } from "./parts.js";
import { readNote, reviewOf } from "./reading.js";
import { hasServer, SendDoor } from "./send.js";
import { draftOf, Sheet } from "./sheet.js";
import { Shield } from "./shield.js";
import { SignOff } from "./sign-off.js";
import { learnStored, rememberStyle, signPolicy } from "./settings.js";

/** @import {ScrubjayReview} from "../element/scrubjay-review.js" */
/** @import {Entity} from "../types.js" */
/** @import {Place} from "../review/machine.js" */
/** @import {Trouble} from "./doors.js" */
/** @import {Rest} from "./line.js" */
/** @import {Reading} from "./reading.js" */

/** How long a scan may take before the rules' findings are shown alone. */
const PATIENCE_MS = 300;

class Page {
  /** @type {Readonly<Place>} */
  #place = START;
  #sheet = new Sheet();
  /** @type {AbortController | null} */
  #job = null;
  /** @type {Busy | null} */
  #busy = null;

  #assets = new URL("./", document.baseURI);
  #fields = new Fields({
    changed: (reread) => this.#onFields(reread),
    refuse: (trouble) => this.#refuse(trouble),
  });
  /** @type {Drafts} */
  #drafts = new Drafts({
    content: (slot) => slot !== this.#drafts.slot ? this.#line.draftOf(slot)
      : draftOf(this.#sheet, this.#state, this.#review.session,
        this.#fields.patient),
    changed: (kept) => this.#beside(kept ? "draftKept" : "draftLost"),
  });
  #offline = makeOffline(this.#assets, {
    changed: () => this.#showOffline(),
    prepare: async () => !this.#hasNote || this.#drafts.handOver(),
    restart: () => {
      this.#go("update");
      location.reload();
    },
  });
  /** @type {Frame} */
  #frame = new Frame({
    changed: () => this.#draw(),
    focus: () => this.#focusMain(),
    engine: () => this.#engine.redactor?.engine ?? null,
    parts: () => ({
      tools: this.#shield.tools,
      beside: this.#line.elements,
      over: [this.#shield.element, this.#doors.drop],
      footer: [this.#drafts.element, this.#offline.element],
    }),
  });
  #main = this.#frame.main;
  #doors = new Doors({
    empty: () => this.#state === "empty",
    open: () => this.#state === "empty" || this.#state === "error",
    line: () => this.#line.active,
    give: (text) => this.#give(text),
    several: (items) => void this.#line.several(items),
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
      this.#frame.drawFooter();
      this.#showEngine();
    },
  });
  /** @type {ScrubjayReview} */
  #review = makeReview();

  /** @type {SignOff} */
  #signOff = new SignOff({
    review: this.#review,
    words: () => this.#words,
    scan: () => {
      const { found, scanned, read } = this.#sheet;
      return found && { found, text: scanned, policy: read.policy };
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
    line: () => this.#line.active,
    next: () => this.#line.next(),
    name: () => this.#line.fileName,
    refuse: (trouble) => this.#refuse(trouble),
    say: (words) => this.#say(words),
  });

  /** @type {Shield} */
  #shield = new Shield({
    state: () => this.#place.shield,
    note: () => this.#hasNote || this.#fields.known,
    go: (event) => this.#go(event),
    opened: () => this.#focusMain(),
    wipe: () => void this.#wipe(),
    say: (words) => this.#say(words, true),
    refuse: (trouble) => this.#refuse(trouble),
    hides: () => [this.#main, ...this.#line.elements],
  });

  #door = new SendDoor({
    go: (event) => this.#go(event),
    show: () => {
      this.#show();
      this.#focusMain();
    },
    fresh: () => this.#line.active ? this.#line.next() : void this.#wipe(),
    line: () => this.#line.active,
    arrived: (outcome) => this.#line.arrived(outcome),
    language: () => this.#words.code,
    refuse: (trouble) => this.#refuse(trouble),
    main: this.#main,
  });

  /** @type {Line} */
  #line = new Line({
    place: () => this.#place,
    has: () => this.#hasNote,
    sheet: () => this.#sheet,
    leave: () => this.#job?.abort(),
    open: (rest) => this.#open(rest),
    sign: () => this.#signOff.press(this.#state, this.#main),
    send: hasServer() ? () => this.#signOff.send() : null,
    show: () => this.#show(),
    wipe: () => void this.#wipe(),
    language: () => this.#words.code,
    opened: (keys) => {
      this.#review.moreKeys = keys;
      this.#main.before(...this.#line.elements);
      this.#show();
    },
    refuse: (trouble) => this.#refuse(trouble),
    redactor: () => this.#engine.start(),
    review: this.#review,
    signOff: this.#signOff,
    door: this.#door,
    fields: this.#fields,
    drafts: this.#drafts,
  });

  get #words() {
    return this.#frame.words;
  }

  get #state() {
    return this.#place.at;
  }

  get #hasNote() {
    return this.#state !== "empty" || this.#sheet.text !== "";
  }

  start() {
    this.#listen();
    this.#draw();
    void this.#engine.start().catch(() => {
      this.#offline.keeper.save();
      this.#showEngine();
    });
    void this.#offline.keeper.start();
    this.#shield.start();
    void this.#drafts.start().then((next) => {
      if (next !== null) return void this.#goOn(next);
      if (!this.#hasNote) this.#show();
    });
  }

  #listen() {
    this.#doors.listen();
    this.#drafts.watch(this.#review);
    for (const sign of ["sj-change", "keyup", "pointerup"])
      this.#review.addEventListener(sign, () => this.#line.update());
    for (const [type, event] of [["online", "regain"], ["offline", "lose"]])
      addEventListener(type ?? "", () => this.#beside(event ?? ""));
    this.#review.addEventListener("sj-error", (event) => {
      const { code } = /** @type {CustomEvent} */ (event).detail;
      this.#refuse({ code });
    });
    rememberStyle(this.#review);
  }

  // All of it, in the words of now.
  #draw() {
    const words = this.#words;
    this.#door.speak(words.code);
    this.#line.speak(words.code);
    this.#review.lang = words.code;
    this.#doors.drop.textContent = words.intake.drop;
    this.#shield.show(words);
    this.#drafts.show(words);
    this.#frame.draw();
    this.#show();
  }

  // A restart for a new version is offered only where it loses nothing.
  #showOffline() {
    const { update } = this.#offline.keeper.standing;
    if (update === "ready" || update === "others") this.#go("updateFound");
    const idle = follow(this.#place, "update") !== null && !this.#drafts.risky;
    this.#offline.show(this.#words, idle, this.#hasNote);
  }

  #focusMain() {
    if (inReview(this.#place)) return this.#review.focus();
    /** @type {HTMLElement | null} */
    const field = this.#main.querySelector("textarea, .sign h2");
    (field ?? this.#main).focus();
  }

  /** @param {string} event @returns {boolean} whether it may happen now */
  #go(event) {
    const { at } = this.#place;
    const next = follow(this.#place, event);
    if (next === null) return false;
    this.#place = next;
    if (event === "lock") this.#door.lock();
    // What was taken for sending needs no draft any more.
    if (/^(?:keep|acknowledge)$/.test(event)) void this.#drafts.forget();
    // A signature is the sign that the page is worth keeping.
    if (event === "confirm") void this.#offline.persist();
    // What goes on beside the note leaves its banner alone.
    if (event !== "refuse" && Object.hasOwn(EDGES[at], event))
      this.#sheet.trouble = null;
    this.#line.update();
    return true;
  }

  /** @param {string} event of what goes on beside the note */
  #beside(event) {
    if (this.#go(event)) this.#showOffline();
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
    const { trouble } = this.#sheet;
    if (trouble) parts.push(this.#troubleBanner(trouble));
    switch (this.#state) {
      case "empty":
        parts.push(...this.#left());
      // falls through
      case "error":
      case "editing":
        parts.push(this.#intake());
        break;
      case "loading":
      case "detecting":
        this.#busy = new Busy(
          this.#words, this.#engine, () => this.#cancel());
        parts.push(this.#busy.element);
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
    const editing = this.#sheet.former !== null;
    const { element, area } = makeIntake(this.#words, editing, {
      give: (text) => this.#give(text),
      files: (files) => this.#doors.take(files),
      back: () => this.#back(),
      type: (text) => {
        this.#sheet.text = text;
        this.#drafts.touch();
        this.#line.update();
        this.#showOffline();
        this.#shield.update();
      },
    }, this.#fields.makeLine(this.#words));
    area.value = this.#sheet.text;
    return element;
  }

  /** @param {boolean} reread whether a text would be read otherwise now */
  #onFields(reread) {
    this.#line.update();
    if (reread) this.#line.reread();
    if (!reread || !inReview(this.#place)) return;
    this.#edit();
    this.#give(this.#sheet.text);
    this.#say(this.#words.fields.rescan);
  }

  // How the engine is, beside the buttons or over the bar.
  #showEngine() {
    const engine = this.#main.querySelector(".engine");
    if (engine) engine.textContent = this.#engine.say(this.#words);
    this.#busy?.draw(this.#state);
  }

  #reviewing() {
    this.#review.replaceChildren(...makeActions(this.#words, {
      about: () => void this.#fields.open(this.#words),
      edit: () => this.#edit(),
      fresh: this.#line.active ? null : () => void this.#wipe(),
      sign: () => void this.#signOff.begin(),
    }));
    return [
      ...makeWarnings(this.#words, this.#sheet.found, () => this.#tryModel()),
      this.#review];
  }

  /** @param {Trouble} trouble */
  #troubleBanner(trouble) {
    const retry = this.#state === "error" && this.#sheet.text !== "";
    return makeTrouble(this.#words, trouble, retry, {
      retry: () => this.#scanAfter("retry"),
      dismiss: () => {
        this.#sheet.trouble = null;
        if (this.#state === "error")
          this.#go("backEdit") || this.#go("back");
        this.#show();
        this.#focusMain();
      },
    });
  }

  // The note on the page once more, with the model if it can be had now.
  #tryModel() {
    this.#edit();
    void this.#engine.redactor?.reload().catch(() => {});
    this.#give(this.#sheet.text);
  }

  /** @param {string} shown text of the field, or as it was pasted or read */
  #give(shown) {
    const text =
      this.#sheet.former && this.#state !== "empty"
        ? withLineEnds(this.#sheet.former.note, shown)
        : shown;
    Object.assign(this.#sheet, { text, given: true });
    if (text.trim() === "") return this.#refuse({ code: "EMPTY" });
    if (text.length > MOST_BYTES) return this.#refuse({ code: "TOO_LARGE" });
    this.#scanAfter(this.#state === "error" ? "retry" : "give");
  }

  /** @param {string} event */
  #scanAfter(event) {
    if (this.#go(event)) void this.#scan();
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
      const { text } = this.#sheet;
      const reading = await readNote(redactor, text, this.#fields.read, {
        signal: job.signal,
        onFound: (entities) => this.#onFound(entities, job.signal),
        onProgress: (news) => this.#busy?.progress(news),
      });
      if (!job.signal.aborted) this.#takeFound(reading);
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
      const { text, former } = this.#sheet;
      if (signal.aborted || former || this.#state !== "detecting") return;
      this.#review.load(startReview(makeNote(text), entities));
      this.#review.inert = true;
      this.#main.append(this.#review);
      this.#busy?.over(entities.length);
    }, PATIENCE_MS);
  }

  /** @param {Readonly<Reading>} reading */
  #takeFound(reading) {
    const { found, read, text } = reading;
    const rules = found.engine.model === "none";
    if (!this.#go(rules ? "foundRules" : "found")) return;
    const sheet = this.#sheet;
    const { review, base } = reviewOf(reading, sheet.former, sheet.base);
    Object.assign(sheet,
      { found, base, read, scanned: text, former: null, text: "" });
    this.#show();
    this.#review.load(
      review, { allowPartial: !found.coverage.complete, read });
    this.#review.focus();
    this.#drafts.see(this.#review.session);
    if (sheet.typed !== "") return this.#typeOn();
    const counts = countsOf(review);
    this.#say(this.#words.status.found(counts.all, counts.uncertain));
  }

  #cancel() {
    this.#job?.abort();
    if (!this.#go("cancelEdit")) {
      if (!this.#go("cancel")) return;
      // The former one is of a draft that was not read again yet.
      Object.assign(this.#sheet, { former: null, given: false });
    }
    this.#show();
    this.#focusMain();
  }

  /** @param {Trouble} trouble */
  #fail(trouble) {
    if (this.#go("fail")) this.#sheet.trouble = trouble;
    else this.#refuse(trouble);
    this.#show();
  }

  // Something was not taken; what there was stays.
  /** @param {Trouble} trouble */
  #refuse(trouble) {
    if (!this.#go("refuse")) return;
    this.#sheet.trouble = trouble;
    if (!inReview(this.#place)) return this.#show();
    this.#main.querySelector(".banner.trouble")?.remove();
    const banner = this.#troubleBanner(trouble);
    banner.classList.add("trouble");
    this.#main.prepend(banner);
  }

  #edit() {
    if (!this.#go("edit")) return;
    const { session } = this.#review;
    Object.assign(this.#sheet, { former: session, text: session.note.text });
    this.#show();
    this.#focusMain();
  }

  #back() {
    if (!this.#goReview()) return;
    this.#sheet.former = null;
    this.#sheet.text = "";
    this.#show();
    this.#review.focus();
  }

  // Another note, as it rested; one that nobody has opened yet is read.
  /** @param {Rest} rest */
  #open({ place, sheet, session, ahead }) {
    const next = turn(this.#place, place);
    if (next === null) return;
    this.#place = next;
    this.#sheet = sheet;
    const { found, read, given, former } = sheet;
    const review = session ?? former;
    this.#show();
    if (review && found)
      this.#review.load(
        review, { allowPartial: !found.coverage.complete, read });
    else this.#review.clear();
    if (this.#state !== "empty" || !given) return this.#focusMain();
    const now = JSON.stringify(this.#fields.read);
    if (!ahead || JSON.stringify(ahead.reading.read) !== now)
      return this.#scanAfter("give");
    if (this.#go("give") && this.#go("ready")) this.#takeFound(ahead.reading);
  }

  // Notes that were closed with their tabs.
  #left() {
    if (this.#sheet.text !== "" || this.#line.active) return [];
    return makeLeft(this.#words, this.#drafts.left.slice(0, 3), {
      goOn: (id) => void this.#goOn(id),
      discard: (id) => {
        void this.#drafts.discard(id);
        this.#show();
      },
    });
  }

  /** @param {string} id of a draft that was left */
  async #goOn(id) {
    const drafts = await this.#drafts.take(id);
    if (this.#hasNote || this.#line.active) return;
    const rests = drafts.flatMap((packed) => this.#line.restOf(packed) ?? []);
    const [rest] = rests;
    if (!rest) return this.#refuse({ code: "DRAFT" });
    if (rests.length > 1) return this.#line.restore(rests);
    this.#drafts.touch();
    this.#line.open(rest);
  }

  // Back to what was being typed over the review.
  #typeOn() {
    this.#edit();
    this.#sheet.text = this.#sheet.typed;
    this.#sheet.typed = "";
    this.#show();
  }

  async #wipe() {
    if (!this.#go("wipe")) return;
    this.#job?.abort();
    void this.#drafts.forgetAll();
    this.#sheet = new Sheet();
    this.#line.clear();
    this.#signOff.clear();
    this.#door.clear();
    this.#fields.held = this.#fields.blank();
    this.#review.clear();
    this.#show();
    this.#focusMain();
    await this.#engine.wipe();
    this.#say(this.#words.status.wiped);
  }

  /** @param {string} words @param {boolean} [show] also to the eye */
  #say(words, show = false) {
    this.#frame.say(words, show);
  }
}

await learnStored();
if (!await handOver()) new Page().start();
