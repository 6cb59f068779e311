// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// scrubjay-review.js - <scrubjay-review>: one note under review.
//
// Attributes: `stylesheet` (URL of review.css on this origin), `lang` (words
// of the interface), `keys` ("off" switches single-letter keys off).
// Property `redactor`: what redact() of the package's entry gives. Methods:
// load(), undo(), redo(), next(), add(), show(), apply(), write(),
// clear(). Slot `actions`: the host's own buttons.
// Events bubble and are composed; their detail has counts, offsets and codes,
// never words of the note: sj-change, sj-add, sj-state, sj-error.
//
// The DOM never holds the truth: every command makes a new review out of the
// old one, and #render shows it.

import { moveCaret } from "../review/caret.js";
import { copyText, downloadText, fileName } from "../review/export.js";
import { kindByKey, KINDS } from "../review/kinds.js";
import { makeNote } from "../review/note.js";
import {
  countsOf,
  itemById,
  nextDoubt,
  nextItem,
  startReview,
  step,
  surface,
} from "../review/session.js";
import {
  kindWords, knows, languageFor, learn, wordsFor,
} from "../i18n/words.js";
import { Bars } from "./bars.js";
import { CaretMode } from "./caret-mode.js";
import { el } from "./dom.js";
import { makeFrame } from "./frame.js";
import { Grips } from "./grips.js";
import { makeHelp, openHelp } from "./help.js";
import { strokeOf } from "./keys.js";
import { List } from "./list.js";
import { Scrubber } from "./scrubber.js";
import { Selecting } from "./selecting.js";
import { SideBySide } from "./side-by-side.js";
import { changeWords, itemWords, paintItem } from "./tell.js";
import { MarksView } from "./view-marks.js";

/** @import {Action, Item, Review} from "../review/session.js" */
/** @import {View} from "./bars.js" */

/** @type {readonly View[]} */
const VIEWS = Object.freeze(["original", "scrubbed", "both"]);

const EMPTY = startReview(makeNote(""), []);

export class ScrubjayReview extends HTMLElement {
  static observedAttributes = ["lang"];

  /** Rows for the list of keys: those of the host, as keys and what they do.
   * @type {readonly (readonly string[])[]} */
  moreKeys = [];
  /** @type {Readonly<Review>} */
  #review = EMPTY;
  /** @type {View} */
  #view = "original";
  #scrubber = new Scrubber();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;
  /** @type {AbortController | null} */
  #attached = null;
  #words = wordsFor([]);
  /** @type {any} the parts that #build makes */
  #ui = null;

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
  }

  connectedCallback() {
    this.#attached = new AbortController();
    document.addEventListener("selectionchange", () => this.#ui?.selecting.read(), {
      signal: this.#attached.signal,
    });
    this.#build();
  }

  disconnectedCallback() {
    this.#attached?.abort();
    clearTimeout(this.#later);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#build();
  }

  get redactor() {
    return this.#scrubber.redactor;
  }

  set redactor(redactor) {
    this.#scrubber.redactor = redactor;
  }

  /** The style that the text is written in. */
  get writeAs() {
    return this.#scrubber.style;
  }

  /** @param {string} style one of those offered; another is passed over */
  set writeAs(style) {
    if (!(style in this.#words.review.styles)) return;
    this.#scrubber.style = style;
    if (this.#ui) this.#ui.bars.style.select.value = style;
    this.#render();
  }

  /** @returns {Readonly<Review>} */
  get session() {
    return this.#review;
  }

  /** The scrubbed text of the marks as they are; null where not applied. */
  get scrubbed() {
    return this.#fresh ? (this.#scrubber.output?.text ?? null) : null;
  }

  /**
   * Take a note to review.
   *
   * @param {Readonly<Review>} review from startReview() or carryOver()
   * @param {{allowPartial?: boolean, read?: {policy?: string,
   *   known?: object}}} [options] whether to hide unscanned lines whole; what
   *   detect() was given
   */
  load(review, { allowPartial = false, read = {} } = {}) {
    this.#review = review;
    this.#scrubber.allowPartial = allowPartial;
    this.#scrubber.read = read;
    this.#scrubber.clear();
    this.#view = "original";
    if (this.#ui) this.#build();
  }

  /** Forget the note. */
  clear() {
    clearTimeout(this.#later);
    this.load(EMPTY);
    // Chromium keeps the former slot, and the note around it, until it is asked.
    this.shadowRoot?.querySelector("slot")?.assignedNodes();
  }

  focus() {
    this.#ui?.note.focus();
  }

  undo() {
    this.#history("undo");
  }

  redo() {
    this.#history("redo");
  }

  /** Go to the next finding to check. */
  next() {
    this.#walk(nextDoubt(this.#review, 1));
  }

  /**
   * Hide a stretch of the note, or leave it in clear as a decision.
   *
   * @param {{start: number, end: number}} range in the view text
   * @param {string} kind
   * @param {boolean} [kept]
   */
  add(range, kind, kept = false) {
    const former = this.#review;
    this.#act({ type: "add", ranges: [range], kind });
    if (kept && this.#review !== former) this.#run("toggle");
  }

  /** Write the scrubbed text and show it. */
  async apply() {
    await this.#write();
    if (!this.#fresh) return;
    if (this.#view === "original") this.#setView("scrubbed");
    const places = this.#scrubber.output?.map.length ?? 0;
    this.#announce(this.#words.say.applied(places));
  }

  /** The scrubbed text with its places; null where it cannot be written. */
  async write() {
    await this.#write();
    return this.#fresh ? this.#scrubber.output : null;
  }

  /**
   * Go to a finding by its id, or select a stretch of the note.
   *
   * @param {{id?: string, start: number, end: number}} place
   */
  show({ id, start, end }) {
    if (id !== undefined) return this.#go(id);
    if (this.#view === "scrubbed") this.#setView("original");
    this.#ui.note.show(start, end);
    const range = start < end ? { start, end } : null;
    this.#act({ type: "select", range });
  }

  get #fresh() {
    return this.#scrubber.isFresh(this.#review);
  }

  // Everything is made anew where the language changes; the review is not.
  #build() {
    const wanted = [this.getAttribute("lang"), document.documentElement.lang];
    const words = wordsFor(wanted);
    const language = languageFor(wanted);
    if (!knows(language))
      void learn(language).then(() => this.#build(), () => {});
    this.#words = words;
    const run = (/** @type {string} */ command) => this.#run(command);
    const bars = new Bars(words, run, this.#scrubber.style);
    const list = new List(words, {
      act: (action) => this.#act(action),
      go: (id) => this.#go(id),
      show: (place) => this.show(place),
      run,
    });
    const note = new MarksView(words.review.note, (item) =>
      paintItem(words, item),
    );
    const scrubbed = new MarksView(words.review.scrubbed, (place) => ({
      classes: `done ${kindByKey(place.kind).colour}`,
      tag: "",
    }));
    const caret = new CaretMode(
      note,
      el("span", { class: "caret", attrs: { "aria-hidden": "true" } }),
    );
    const grips = new Grips(note, {
      show: (id, range) => this.#showEdges(id, range),
      move: (id, range) => this.#moveTo(id, range),
    });
    const selecting = new Selecting({ note, bars, caret }, {
      words,
      review: () => this.#review,
      act: (action) => this.#act(action),
      announce: (news) => this.#announce(news),
      seen: () => this.#view !== "scrubbed",
    });
    const live = el("div", { class: "live", attrs: { role: "status" } });
    const help = makeHelp(words);
    const parts = { bars, list, note, scrubbed, live, help };
    const { frame, panes } = makeFrame(words, parts);
    const beside = new SideBySide(note, scrubbed, () => this.#pairs());
    this.#ui = {
      ...parts, caret, selecting, grips, beside, frame, panes,
    };
    frame.addEventListener("keydown", (event) => this.#onKey(event));
    note.element.addEventListener("click", (event) => this.#onClick(event));
    scrubbed.element.addEventListener("click", (event) =>
      this.#onClickBeside(event),
    );
    note.element.addEventListener("pointerdown", (event) => {
      if (!event.shiftKey && this.#review.selection)
        this.#act({ type: "select", range: null });
    });
    const sheet = el("link", {
      attrs: { rel: "stylesheet", href: this.getAttribute("stylesheet") ?? "" },
    });
    this.shadowRoot?.replaceChildren(sheet, frame);
    note.root.lang = "";
    note.setText(this.#review.note.text);
    this.#showOutput();
    this.#render();
  }

  #render() {
    const ui = this.#ui;
    if (!ui) return;
    const review = this.#review;
    ui.note.setSpans(review.items);
    ui.note.reveal(review.focus, false);
    ui.grips.update(itemById(review, review.focus) ?? null);
    ui.list.update(review);
    ui.bars.update({
      review,
      view: this.#view,
      fresh: this.#fresh,
      busy: this.#scrubber.busy,
    });
    ui.panes.dataset.view = this.#view;
    ui.beside.on = this.#view === "both" && this.#fresh;
    ui.scrubbed.element.setAttribute("aria-busy", String(!this.#fresh));
  }

  /** @param {Action} action */
  #act(action) {
    const former = this.#review;
    this.#review = step(former, action);
    if (this.#review === former) return;
    this.#render();
    if (this.#review.items === former.items) return;
    const news = changeWords(this.#words, action);
    if (news) this.#announce(news);
    this.#tell("sj-change", countsOf(this.#review));
    if (action.type === "add")
      this.#tell("sj-add", { ranges: action.ranges, kind: action.kind });
    // A scrubbed text in sight follows the marks.
    clearTimeout(this.#later);
    if (this.#view !== "original")
      this.#later = setTimeout(() => void this.#write(), 120);
  }

  /** @param {"undo" | "redo"} which */
  #history(which) {
    const { say } = this.#words;
    const former = this.#review;
    this.#act({ type: which });
    if (former === this.#review)
      return this.#announce(
        which === "undo" ? say.nothingToUndo : say.nothingToRedo,
      );
    this.#ui?.note.reveal(this.#review.focus);
    this.#announce(which === "undo" ? say.undone : say.redone);
  }

  /** @param {string} command @param {number} [digit] */
  #run(command, digit) {
    if (command.startsWith("view:"))
      return this.#setView(/** @type {View} */ (command.slice(5)));
    const item = itemById(this.#review, this.#review.focus);
    switch (command) {
      case "undo":
      case "redo":
        return this.#history(command);
      case "nextDoubt":
        return this.next();
      case "previousDoubt":
        return this.#walk(nextDoubt(this.#review, -1));
      case "next":
        return this.#walk(nextItem(this.#review, 1));
      case "previous":
        return this.#walk(nextItem(this.#review, -1));
      case "toggle":
        return (
          item && this.#act({ type: "keep", ids: [item.id], kept: !item.kept })
        );
      case "toggleGroup":
        return item && this.#toggleGroup(item);
      case "kind":
        return this.#chooseKind(KINDS[(digit ?? 0) - 1]?.key, item);
      case "add":
        return this.#ui.selecting.add();
      case "reach":
        return this.#ui.selecting.widen();
      case "clear":
        return this.#ui.selecting.clear();
      case "caret":
        return this.#toggleCaret();
      default:
        return this.#runOther(command, item);
    }
  }

  /** @param {string} command @param {Item | undefined} item */
  #runOther(command, item) {
    const ui = this.#ui;
    switch (command) {
      case "filter":
        ui.frame.classList.add("sheet");
        return ui.list.filter.focus();
      case "sheet":
        return ui.frame.classList.toggle("sheet");
      case "help":
        return openHelp(ui.help, this.#words, this.moreKeys);
      case "view":
        return this.#setView(
          VIEWS[(VIEWS.indexOf(this.#view) + 1) % VIEWS.length] ?? "original",
        );
      case "style":
        this.#scrubber.style = ui.bars.style.select.value;
        this.#render();
        this.#tell("sj-state", { style: this.#scrubber.style });
        return this.#view === "original" ? undefined : void this.#write();
      case "apply":
        return void this.apply();
      case "copy":
        return void this.#copy();
      case "download":
        return this.#download();
      case "escape":
        return this.#escape();
      default:
        return item && this.#moveEdge(item, command);
    }
  }

  /** @param {Item} item */
  #toggleGroup(item) {
    const ids = this.#review.items
      .filter((i) => i.group === item.group)
      .map((i) => i.id);
    this.#act({ type: "keep", ids, kept: !item.kept });
  }

  /** @param {string | undefined} kind @param {Item | undefined} item */
  #chooseKind(kind, item) {
    if (!kind) return;
    if (this.#review.selection) {
      this.#ui.bars.kind.select.value = kind;
      this.#announce(kindWords(this.#words, kind).name);
    } else if (item) this.#act({ type: "relabel", ids: [item.id], kind });
  }

  /** @param {Item | undefined} item */
  #walk(item) {
    if (item) this.#go(item.id);
    else this.#announce(this.#words.say.noMore);
  }

  /** @param {string} id @param {boolean} [scroll] */
  #go(id, scroll = true) {
    if (this.#view === "scrubbed") this.#setView("original");
    this.#act({ type: "focus", id });
    if (scroll) this.#ui.note.reveal(id);
    const item = itemById(this.#review, id);
    if (!item) return;
    // A caret comes along, to what may have been missed nearby.
    if (this.#ui.caret.on) this.#ui.caret.start(item.start);
    this.#announce(itemWords(this.#words, this.#review, item));
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    if (this.#review.selection) return;
    const id = this.#ui.note.hit(event);
    if (id === null) return;
    if (id === this.#review.focus) this.#run("toggle");
    else this.#go(id, false);
  }

  // A place of the scrubbed text leads to the finding that it stands for.
  /** @param {MouseEvent} event */
  #onClickBeside(event) {
    const id = this.#ui.scrubbed.hit(event);
    const place = this.#pairs().find((pair) => pair.id === id);
    const item = this.#review.items.find(
      (i) => place && i.start < place.end && place.start < i.end,
    );
    if (item && this.#view === "both") this.#go(item.id);
  }

  /** The places of both texts; none while the scrubbed one is of old marks. */
  #pairs() {
    return this.#fresh ? this.#scrubber.pairs(this.#review.note) : [];
  }

  /** @param {Item} item @param {string} edge */
  #moveEdge(item, edge) {
    const { text } = this.#review.note;
    const by = edge.endsWith("On") ? 1 : -1;
    const at = edge.startsWith("start") ? item.start : item.end;
    const to = moveCaret(text, at, "character", by);
    const range = edge.startsWith("start")
      ? { start: to, end: item.end }
      : { start: item.start, end: to };
    this.#moveTo(item.id, range);
  }

  /** @param {string} id @param {{start: number, end: number}} range */
  #moveTo(id, range) {
    const former = this.#review;
    this.#act({ type: "move", id, ...range });
    const now = itemById(this.#review, id);
    this.#announce(
      former === this.#review || !now
        ? this.#words.say.blocked
        : this.#words.say.edge(surface(this.#review, now)),
    );
  }

  // Where a dragged edge would be, without a step of the history.
  /** @param {string} id @param {{start: number, end: number} | null} range */
  #showEdges(id, range) {
    const now = this.#review;
    const then = range ? step(now, { type: "move", id, ...range }) : now;
    const item = itemById(now, id);
    const same = item?.start === range?.start && item?.end === range?.end;
    if (range && then === now && !same) return false;
    this.#ui.note.setSpans(then.items);
    return true;
  }

  #toggleCaret() {
    const { caret, selecting } = this.#ui;
    if (caret.on) return selecting.endCaret();
    if (this.#view === "scrubbed") this.#setView("original");
    const item = itemById(this.#review, this.#review.focus);
    selecting.startCaret(item?.start ?? 0);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (this.#ui.help.open) return;
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    const box =
      target instanceof HTMLInputElement && target.type === "checkbox";
    const inField = !box && /^(?:INPUT|SELECT|TEXTAREA)$/u.test(target.tagName);
    if (!inField && this.#ui.selecting.key(event)) return event.preventDefault();
    const stroke = strokeOf(event, {
      inField,
      onControl: box || target.tagName === "BUTTON",
      singles: this.getAttribute("keys") !== "off",
    });
    if (!stroke) return;
    if (stroke.command !== "escape") event.preventDefault();
    this.#run(stroke.command, stroke.digit);
  }

  #escape() {
    const { caret, grips, selecting, frame, note } = this.#ui;
    if (grips.cancel()) return;
    if (caret.on && !this.#review.selection) return selecting.endCaret();
    if (this.#review.selection) return selecting.clear();
    if (frame.classList.contains("sheet")) frame.classList.remove("sheet");
    note.focus();
  }

  /** @param {View} view */
  #setView(view) {
    const { note, scrubbed } = this.#ui;
    const held = this.shadowRoot?.activeElement;
    this.#view = view;
    if (view === "scrubbed" && this.#ui.caret.on) this.#ui.selecting.endCaret();
    this.#render();
    // A pane that goes out of sight hands its focus to the other.
    if (held === note.element && view === "scrubbed") scrubbed.focus();
    if (held === scrubbed.element && view === "original") note.focus();
    if (view !== "original" && !this.#fresh) void this.#write();
    this.#tell("sj-state", { view });
  }

  async #write() {
    if (this.#fresh) return;
    const writing = this.#scrubber.write(this.#review);
    this.#render();
    try {
      if (await writing) this.#showOutput();
    } catch (error) {
      const code = /** @type {any} */ (error)?.code ?? "OTHER";
      this.#tell("sj-error", { code });
    }
    this.#render();
  }

  #showOutput() {
    const { text, spans } = this.#scrubber.shown();
    this.#ui.scrubbed.setText(text);
    this.#ui.scrubbed.setSpans(spans);
  }

  async #copy() {
    const text = this.scrubbed;
    if (text === null) return this.#announce(this.#words.review.stale);
    try {
      await copyText(text);
      this.#announce(this.#words.say.copied, true);
    } catch {
      this.#tell("sj-error", { code: "CLIPBOARD" });
    }
  }

  #download() {
    const text = this.scrubbed;
    if (text === null) return this.#announce(this.#words.review.stale);
    downloadText(text, fileName(new Date()));
    this.#announce(this.#words.say.downloaded, true);
  }

  /** @param {string} words @param {boolean} [show] also to the eye */
  #announce(words, show = false) {
    const { live } = this.#ui;
    // The same words again are news again.
    live.textContent = live.textContent === words ? `${words}\u00a0` : words;
    live.classList.toggle("shown", show);
    if (show) setTimeout(() => live.classList.remove("shown"), 2500);
  }

  /** @param {string} type @param {object} detail */
  #tell(type, detail) {
    this.dispatchEvent(
      new CustomEvent(type, { detail, bubbles: true, composed: true }),
    );
  }
}

customElements.define("scrubjay-review", ScrubjayReview);
