// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// index.js - several notes in line: taken in one after the other, read ahead
// while nobody needs the engine, gone through by keys, sent and downloaded
// together. The page loads this when there is more than one. One note is open,
// and the page has it; the others rest here. Nothing of any is told but
// numbers, lengths and codes, and no file's name is kept.

import { fileName, downloadText } from "../review/export.js";
import { queue as en } from "../i18n/en-queue.js";
import { queue as fr } from "../i18n/fr-queue.js";
import { reportLines, signedOf, textLines } from "./export.js";
import { filesOf } from "./files.js";
import {
  add, dismiss, entryOf, neighbour, nextToDo, nextToRead, NOBODY, open, refusal,
  remove, restore, tally, tell,
} from "./line.js";
import { makeWipe, Rail } from "./rail.js";
import { newsOf } from "./rest.js";

/** @import {Item} from "./files.js" */
/** @import {Line} from "./line.js" */
/** @import {Bad} from "./rail.js" */
/** @import {Ahead, Rest} from "./rest.js" */

/**
 * What the queue needs of the page. A slot is the name of a note's draft.
 * @typedef {object} Host
 * @property {() => boolean} seen whether notes are to be seen, and no other one
 *   is being sent: then another may be opened
 * @property {() => boolean} has whether there is a note on the page
 * @property {() => Rest} look at the open note, which stays open
 * @property {() => Rest} leave the open note
 * @property {(rest: Rest, slot: string) => void} open
 * @property {(text: string) => Rest} fresh a note that nobody has opened
 * @property {(file: File) =>
 *   Promise<{text: string} | {code: string, line?: number}>} readFile
 * @property {(rest: Rest, signal: AbortSignal) => Promise<Ahead>} read ahead
 * @property {(slot: string) => void} keep its draft
 * @property {(slot: string) => void} forget its draft
 * @property {() => boolean} sign by the one key; false where there is nothing
 *   to sign
 * @property {(() => void) | null} send the open one; null without a server
 * @property {() => void} show the page as it is
 * @property {() => void} wipe all of it
 */

/** Where the style is; the build names it. */
const STYLE = /** @type {any} */ (globalThis).SCRUBJAY_QUEUE_STYLE;

/** How often a note is tried that the engine fails at. */
const TRIES = 2;

/** @param {number} id */
const slotOf = (id) => id === 1 ? "" : String(id);

/** @param {string} slot */
const idOf = (slot) => slot === "" ? 1 : Number(slot);

/**
 * @param {Host} host
 * @param {string} code of the language
 */
export async function openQueue(host, code) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = STYLE;
  await new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = reject;
    document.head.append(link);
  });
  return new Queue(host, code);
}

export class Queue {
  #host;
  #words;
  /** @type {Readonly<Line>} */
  #line = NOBODY;
  /** All but the open one. @type {Map<number, Rest>} */
  #rests = new Map();
  /** @type {Rest | null} the one that was removed last */
  #removed = null;
  /** @type {{id: number, job: AbortController} | null} what is read ahead */
  #ahead = null;
  /** @type {Map<number, number>} failures of reading ahead */
  #tries = new Map();
  /** @type {Bad[]} */
  #bad = [];
  #nothing = false;
  #reading = 0;
  /** Another one with each wipe: what began before it comes to nothing. */
  #turn = 0;
  #drawing = false;
  /** The note that is being sent, and the others after it; id 0 before the
   * first. @type {{id: number, begun: boolean} | null} */
  #sending = null;
  #rail;

  /** @param {Host} host @param {string} code */
  constructor(host, code) {
    this.#host = host;
    this.#words = wordsOf(code);
    this.#rail = new Rail(this.#words, {
      go: (id) => this.go(id),
      step: (by) => this.step(by),
      remove: (id) => this.remove(id),
      undo: () => this.#undo(),
      dismiss: () => this.#dismiss(),
      add: (files) => void this.take(files),
      send: () => this.#sendAll(),
      texts: () => this.#download("scrubbed-notes", textLines),
      reports: () => this.#download("reports", reportLines),
      wipe: () => this.#askToWipe(),
    });
    this.element.hidden = true;
  }

  get element() {
    return this.#rail.element;
  }

  /** Whether there are notes in line. */
  get active() {
    return this.#line.entries.length > 0;
  }

  /** The number of the open one. */
  get current() {
    return this.#line.current;
  }

  /** Rows for the list of keys. */
  get keys() {
    return this.#words.keys;
  }

  /** @param {string} code */
  speak(code) {
    if (code === this.#words.code) return;
    this.#words = wordsOf(code);
    this.#rail.speak(this.#words);
    this.#draw();
  }

  /** Take files in, and those of folders. @param {readonly Item[]} items */
  async take(items) {
    const turn = this.#turn;
    this.#begin();
    let at = 0;
    let added = 0;
    for await (const file of filesOf(items)) {
      if (turn !== this.#turn) return;
      this.#reading = ++at;
      const read = await this.#read(file);
      if (turn !== this.#turn) return;
      if ("text" in read) {
        this.#add(this.#host.fresh(read.text));
        added += 1;
      } else this.#note(at, read.code, read.line ?? 0);
      this.update();
    }
    this.#reading = 0;
    this.#nothing = at === 0;
    this.update();
    if (added > 0) this.#rail.say(this.#words.added(added));
  }

  /**
   * @param {File | "UNREADABLE" | "MANY"} file
   * @returns {Promise<{text: string} | {code: string, line?: number}>}
   */
  async #read(file) {
    if (typeof file === "string") return { code: file };
    // Characters are never more than bytes.
    const full = refusal(this.#line, 0);
    if (full !== "") return { code: full };
    const read = await this.#host.readFile(file);
    if (!("text" in read)) return read;
    if (read.text.trim() === "") return { code: "EMPTY" };
    const code = refusal(this.#line, read.text.length);
    return code === "" ? read : { code };
  }

  /** Go on with notes that another tab has left. @param {readonly Rest[]} rests */
  restore(rests) {
    this.#begin();
    for (const rest of rests) this.#add(rest);
    this.update();
  }

  // The note on the page is the first of several.
  #begin() {
    this.#bad = [];
    this.#nothing = false;
    if (this.active || !this.#host.has()) return;
    const { size = 0 } = newsOf(this.#host.look());
    this.#line = open(add(this.#line, size), this.#line.last + 1);
  }

  /** @param {Rest} rest */
  #add(rest) {
    this.#line = add(this.#line, rest.sheet.text.length);
    const id = this.#line.last;
    this.#rests.set(id, rest);
    this.#host.keep(slotOf(id));
  }

  /** @param {number} at @param {string} code @param {number} line */
  #note(at, code, line) {
    const last = this.#bad.at(-1);
    const again = last?.code === code && last.to === at - 1 &&
      (code === "FULL" || code === "TOO_MUCH");
    if (again && last) this.#bad[this.#bad.length - 1] = { ...last, to: at };
    else this.#bad.push({ from: at, to: at, code, line });
  }

  /** Something of the open note has changed, or of the page. */
  update() {
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => {
      this.#drawing = false;
      this.#refresh();
    });
  }

  #refresh() {
    const { current, entries } = this.#line;
    const [first] = entries;
    if (current === 0 && first) return void this.go(first.id);
    if (current !== 0)
      this.#line = tell(this.#line, current, newsOf(this.#host.look()));
    this.#sendOn();
    this.#draw();
    void this.#readAhead();
  }

  #draw() {
    const notes = this.#all();
    const signed = notes.filter(({ rest }) => rest.place.at === "signed");
    const numbered = signed.filter(
      ({ rest }) => rest.signed.output?.style === "numbered");
    const server = this.#host.send !== null;
    this.element.hidden = !this.active && this.#bad.length === 0 &&
      !this.#nothing && this.#reading === 0;
    this.#rail.show({
      line: this.#line,
      bad: this.#bad,
      reading: this.#reading,
      nothing: this.#nothing,
      sendable: server ? numbered.length : 0,
      otherStyle: server ? signed.length - numbered.length : 0,
      downloads: signedOf(notes).length,
    });
  }

  /** Every note with its number, in order. */
  #all() {
    return this.#line.entries.flatMap(({ id }) => {
      const rest = id === this.#line.current
        ? this.#host.look() : this.#rests.get(id);
      return rest ? [{ id, rest }] : [];
    });
  }

  /** @param {number} id @returns {boolean} whether it is open now */
  go(id) {
    const { current } = this.#line;
    if (id === current) {
      this.#rail.fold();
      return true;
    }
    const rest = this.#rests.get(id);
    if (!rest || !this.#host.seen()) return false;
    if (current !== 0) this.#leave(current);
    if (this.#ahead?.id === id) this.#stopAhead();
    this.#rests.delete(id);
    this.#line = open(this.#line, id);
    this.#host.open(rest, slotOf(id));
    this.#rail.fold();
    const at = this.#line.entries.findIndex((entry) => entry.id === id);
    this.#rail.say(
      this.#words.opened(at + 1, this.#line.entries.length));
    this.#refresh();
    this.#rail.reveal(id);
    return true;
  }

  /** @param {number} id */
  #leave(id) {
    const rest = this.#host.leave();
    this.#rests.set(id, rest);
    this.#line = tell(this.#line, id, newsOf(rest));
  }

  /** @param {1 | -1} by */
  step(by) {
    const id = neighbour(this.#line, by);
    if (id !== 0) this.go(id);
    else this.#rail.say(
      by > 0 ? this.#words.noneAfter : this.#words.noneBefore);
  }

  /** Where a person goes on. */
  next() {
    this.#line = tell(
      this.#line, this.#line.current, newsOf(this.#host.look()));
    const id = nextToDo(this.#line);
    if (id !== 0 && this.go(id)) return;
    this.#host.show();
    this.#rail.say(this.#words.done);
  }

  /** @param {number} id */
  remove(id) {
    const { current, entries } = this.#line;
    if (entries.length < 2 || !entryOf(this.#line, id)) return;
    if (id === current) {
      const to = neighbour(this.#line, 1) || neighbour(this.#line, -1);
      if (!this.go(to)) return;
    }
    if (this.#ahead?.id === id) this.#stopAhead();
    this.#removed = this.#rests.get(id) ?? null;
    this.#rests.delete(id);
    this.#host.forget(slotOf(id));
    this.#line = remove(this.#line, id);
    this.#refresh();
  }

  #undo() {
    const { removed } = this.#line;
    if (!removed || !this.#removed) return;
    this.#rests.set(removed.entry.id, this.#removed);
    this.#removed = null;
    this.#line = restore(this.#line);
    this.#host.keep(slotOf(removed.entry.id));
    this.#refresh();
  }

  #dismiss() {
    this.#removed = null;
    this.#line = dismiss(this.#line);
    this.#bad = [];
    this.#nothing = false;
    this.#draw();
  }

  // The engine has one worker, and whatever a person asks for comes first: what
  // is read ahead is broken off then, and begun again behind it.
  async #readAhead() {
    if (this.#ahead) return;
    const id = nextToRead(this.#line);
    const rest = this.#rests.get(id);
    if (!rest) return;
    const ahead = { id, job: new AbortController() };
    this.#ahead = ahead;
    this.#tell(id, { standing: "scanning" });
    let why = "";
    try {
      const read = await this.#host.read(rest, ahead.job.signal);
      if (!ahead.job.signal.aborted) rest.ahead = read;
    } catch (error) {
      const { code = "OTHER" } = /** @type {any} */ (error) ?? {};
      if (code !== "CANCELLED") why = this.#failed(id, code);
    }
    if (this.#ahead === ahead) this.#ahead = null;
    if (ahead.job.signal.aborted) return;
    this.#tell(id, why === "" ? newsOf(rest)
      : { standing: "failed", why, findings: null });
    this.update();
  }

  /** @param {number} id @param {string} code @returns {string} "" to try again */
  #failed(id, code) {
    const tries = (this.#tries.get(id) ?? 0) + 1;
    this.#tries.set(id, tries);
    return tries < TRIES ? "" : code;
  }

  #stopAhead() {
    this.#ahead?.job.abort();
    this.#ahead = null;
  }

  /** @param {number} id @param {Parameters<typeof tell>[2]} news */
  #tell(id, news) {
    this.#line = tell(this.#line, id, news);
    this.#draw();
  }

  /** What was read ahead would be read otherwise now. */
  rereadAhead() {
    this.#stopAhead();
    for (const [id, rest] of this.#rests) {
      if (!rest.ahead) continue;
      rest.ahead = null;
      this.#line = tell(this.#line, id, newsOf(rest));
    }
    this.update();
  }

  // One after the other, as if each were opened and sent.
  #sendAll() {
    const [first] = this.#sendable();
    if (!first) return;
    this.#sending = { id: 0, begun: false };
    this.#sendOn();
  }

  #sendable() {
    return this.#all().filter(({ rest: { place, signed } }) =>
      place.at === "signed" && signed.output?.style === "numbered");
  }

  #sendOn() {
    const { send, look } = this.#host;
    const sending = this.#sending;
    if (!sending || send === null) return;
    const { at } = look().place;
    if (at === "submitting") sending.begun = true;
    if (at === "submitting") return;
    const here = sending.id === this.current;
    if (here && at === "signed" && !sending.begun) return; // not yet
    this.#sending = null;
    // Somebody went elsewhere; or it was cancelled or refused, and the page
    // says why.
    if (sending.id !== 0 && (!here || at === "signed")) return;
    const [next] = this.#sendable();
    if (!next || !this.go(next.id)) return;
    this.#sending = { id: next.id, begun: false };
    send();
  }

  /** A note that rests here was sent. @param {NonNullable<Rest["sent"]>} sent */
  arrived(sent) {
    for (const [id, rest] of this.#rests) {
      if (rest.sent?.id !== sent.id || rest.place.at !== "queued") continue;
      rest.place = { ...rest.place, at: "sent" };
      rest.sent = sent;
      this.#tell(id, newsOf(rest));
    }
  }

  /** @param {string} what @param {typeof textLines} lines */
  #download(what, lines) {
    downloadText(lines(this.#all()), fileName(new Date(), what, "jsonl"),
      "application/jsonl;charset=utf-8");
  }

  #askToWipe() {
    const { all, over, signed } = tally(this.#line);
    const dialog = makeWipe(this.#words, { todo: all - over, signed, all },
      this.#host.wipe);
    this.element.append(dialog);
    dialog.showModal();
  }

  /** What there is of a note that rests here. @param {string} slot
   * @returns {Rest | undefined} */
  restOf(slot) {
    return this.#rests.get(idOf(slot));
  }

  /** Forget all of it. */
  clear() {
    this.#turn += 1;
    this.#stopAhead();
    this.#rests.clear();
    this.#tries.clear();
    this.#removed = null;
    this.#line = NOBODY;
    this.#bad = [];
    this.#nothing = false;
    this.#reading = 0;
    this.#sending = null;
    this.#draw();
  }

  /**
   * Letters are read by what is printed on them, as in the review.
   * @param {KeyboardEvent} event
   */
  key(event) {
    if (!this.active || event.isComposing || event.defaultPrevented) return;
    const path = event.composedPath();
    if (path.some((one) => one instanceof HTMLDialogElement)) return;
    const used = this.#use(event, isField(path[0]));
    if (!used) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {KeyboardEvent} event @param {boolean} inField */
  #use(event, inField) {
    const ctrl = event.ctrlKey || event.metaKey;
    if (event.altKey || !this.#host.seen()) return false;
    if (ctrl && !event.shiftKey && event.key === "Enter")
      return this.#host.sign();
    if (ctrl || !event.shiftKey || inField) return false;
    const by = { n: /** @type {const} */ (1), p: /** @type {const} */ (-1) }[
      event.key.toLowerCase()];
    if (by) this.step(by);
    return by !== undefined;
  }
}

/** @param {string} code */
function wordsOf(code) {
  return code === "fr" ? fr : en;
}

/** Whether what is typed there is text. @param {EventTarget | undefined} target */
function isField(target) {
  return target instanceof Element && target.matches(
    "textarea, select, input:not([type=checkbox])");
}
