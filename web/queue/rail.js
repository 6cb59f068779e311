// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// rail.js - the list of the notes beside the open one: how each stands, and the
// ways from one to another. Built from words, the line and callbacks alone; it
// shows numbers, and no word of a note.

import { button, el } from "../element/dom.js";
import { entryOf, tally } from "./line.js";

/** @import {QueueWords} from "../i18n/en-queue.js" */
/** @import {Entry, Line, Standing} from "./line.js" */

/**
 * @typedef {object} RailHost
 * @property {(id: number) => void} go
 * @property {(by: 1 | -1) => void} step
 * @property {(id: number) => void} remove
 * @property {() => void} undo
 * @property {() => void} dismiss what was removed, and what was not opened
 * @property {(files: File[]) => void} add
 * @property {() => void} send
 * @property {() => void} texts
 * @property {() => void} reports
 * @property {() => void} wipe
 */

/** A file, or several after each other, that were not opened.
 * @typedef {{from: number, to: number, code: string, line: number}} Bad */

/**
 * @typedef {object} Shown
 * @property {Readonly<Line>} line
 * @property {readonly Readonly<Bad>[]} bad
 * @property {number} reading how many files were looked at; 0 for done
 * @property {boolean} nothing there was no file in what came
 * @property {number} sendable signed, and as they are sent
 * @property {number} otherStyle signed, but otherwise
 * @property {number} downloads signed, whatever came of them
 */

/** A sign for each, so that colour is not alone.
 * @type {Readonly<Record<Standing, string>>} */
const SIGNS = Object.freeze({
  waiting: "○", scanning: "◌", review: "●", editing: "✎", signed: "✓",
  sending: "↑", queued: "⧗", sent: "✓✓", failed: "!",
});

export class Rail {
  element = el("nav", { class: "queue" });
  /** Says where one is. */
  live = el("div", { class: "live", attrs: { role: "status" } });
  #on;
  /** @type {QueueWords} */
  #words;
  /** @type {Map<number, {row: HTMLLIElement, entry: Readonly<Entry> | null}>} */
  #rows = new Map();
  /** The one that Tab leads to. */
  #at = 0;
  #parts;

  /** @param {QueueWords} words @param {RailHost} on */
  constructor(words, on) {
    this.#words = words;
    this.#on = on;
    this.#parts = this.#make();
  }

  /** @param {QueueWords} words */
  speak(words) {
    this.#words = words;
    this.#rows.clear();
    this.element.classList.remove("shown");
    this.#parts = this.#make();
  }

  #make() {
    const say = this.#words;
    const on = this.#on;
    const picker = el("input", {
      attrs: {
        type: "file", multiple: "", tabindex: "-1", "aria-hidden": "true",
      },
      on: {
        change: () => {
          const files = [...(picker.files ?? [])];
          picker.value = "";
          on.add(files);
        },
      },
    });
    picker.hidden = true;
    const more = el("div", { class: "queue-more", attrs: { id: "queue-more" } });
    const parts = {
      progress: el("span", { class: "progress" }),
      place: el("span", { class: "place" }),
      before: arrow("‹", say.previous, () => on.step(-1)),
      after: arrow("›", say.next, () => on.step(1)),
      toggle: button(say.list, () => this.#toggle(), {
        class: "toggle", attrs: {
          "aria-expanded": "false", "aria-controls": more.id },
      }),
      list: el("ol", {
        class: "queue-list",
        on: { keydown: (/** @type {KeyboardEvent} */ event) =>
          this.#key(event) },
      }),
      news: el("div", { class: "queue-news" }),
      send: button("", on.send, { class: "primary" }),
      style: el("p", { class: "lead" }),
      texts: button("", on.texts, { attrs: { title: say.downloadHint } }),
      reports: button(say.reports, on.reports,
        { attrs: { title: say.reportsHint } }),
      more,
    };
    more.append(
      parts.list, parts.news,
      el("div", { class: "queue-out" },
        parts.send, parts.style, parts.texts, parts.reports,
        button(say.add, () => picker.click()), picker,
        button(say.wipe, on.wipe)),
      el("dl", { class: "queue-keys" }, ...say.keys.slice(0, 2).flatMap(
        ([keys = "", what = ""]) => [
          el("dt", {}, ...keys.split("  ").map((key) =>
            el("kbd", { text: key }))),
          el("dd", { text: what })])));
    this.element.setAttribute("aria-label", say.title);
    this.element.replaceChildren(
      el("div", { class: "queue-head" },
        el("h2", { text: say.title }), parts.progress),
      el("div", { class: "queue-walk" },
        parts.before, parts.place, parts.after, parts.toggle),
      more, this.live);
    return parts;
  }

  #toggle() {
    const now = this.element.classList.toggle("shown");
    this.#parts.toggle.setAttribute("aria-expanded", String(now));
  }

  /** A note was opened: the list is in nobody's way any more. */
  fold() {
    if (this.element.classList.contains("shown")) this.#toggle();
  }

  /** @param {Readonly<Shown>} shown */
  show(shown) {
    const { line, sendable, otherStyle, downloads } = shown;
    const say = this.#words;
    const { all, over } = tally(line);
    const at = line.entries.findIndex(({ id }) => id === line.current);
    const part = this.#parts;
    put(part.progress, say.progress(over, all));
    put(part.place, at < 0 ? "" : say.place(at + 1, all));
    part.before.disabled = at <= 0;
    part.after.disabled = at < 0 || at === all - 1;
    if (!entryOf(line, this.#at)) this.#at = line.current;
    this.#showRows(line);
    this.#showNews(shown);
    part.send.hidden = sendable === 0;
    put(part.send, say.send(sendable));
    part.style.hidden = otherStyle === 0;
    put(part.style, say.sendStyle(otherStyle));
    part.texts.hidden = part.reports.hidden = downloads === 0;
    put(part.texts, say.download(downloads));
  }

  /** @param {Readonly<Line>} line */
  #showRows({ entries, current }) {
    const { list } = this.#parts;
    const kept = new Set(entries.map(({ id }) => id));
    for (const [id, { row }] of this.#rows)
      if (!kept.has(id)) {
        row.remove();
        this.#rows.delete(id);
      }
    let before = list.firstElementChild;
    for (const entry of entries) {
      const known = this.#rows.get(entry.id) ?? { row: el("li"), entry: null };
      const { row } = known;
      if (known.entry !== entry)
        row.replaceChildren(...this.#makeRow(entry, entries.length > 1, row));
      this.#rows.set(entry.id, { row, entry });
      if (row !== before) list.insertBefore(row, before);
      before = row.nextElementSibling;
      const [open, remove] = row.querySelectorAll("button");
      if (entry.id === current) open?.setAttribute("aria-current", "true");
      else open?.removeAttribute("aria-current");
      if (open) open.tabIndex = entry.id === this.#at ? 0 : -1;
      if (remove) remove.hidden = entries.length < 2;
    }
  }

  /**
   * @param {Readonly<Entry>} entry
   * @param {boolean} several
   * @param {HTMLElement} row that may hold the focus now
   */
  #makeRow(entry, several, row) {
    const say = this.#words;
    const { id, size, standing, findings, open, why } = entry;
    const whys = /** @type {Record<string, string>} */ (say.why);
    const cause = /^(?:WORKER_DEAD|DEAD|CLOSED|LOAD)$/u.test(why)
      ? "WORKER" : why;
    const state = say.standings[standing];
    const more = standing === "failed" ? whys[cause] ?? say.why.OTHER
      : standing === "review" && findings !== null
        ? say.found(findings, open) : "";
    const said = say.both(state, more);
    row.dataset["standing"] = standing;
    const former = row.querySelector("button");
    const made = former ?? button("", () => this.#on.go(id), {
      class: "entry", attrs: { "aria-keyshortcuts": "Delete" },
    });
    made.replaceChildren(
      el("span", { class: "sign-of", text: SIGNS[standing],
        attrs: { "aria-hidden": "true" } }),
      el("span", { class: "name", text: say.note(id) }),
      el("span", { class: "size", text: say.size(size) }),
      el("span", { class: "state", text: said }));
    made.title = said;
    const remove = row.querySelector("button.remove") ?? button("×",
      () => this.#on.remove(id), {
        class: "quiet remove",
        attrs: {
          "aria-label": say.remove(id), title: say.remove(id), tabindex: "-1",
        },
      });
    /** @type {HTMLElement} */ (remove).hidden = !several;
    return [made, remove];
  }

  /** @param {Readonly<Shown>} shown */
  #showNews({ line, bad, reading, nothing }) {
    const say = this.#words;
    const { news } = this.#parts;
    const key = JSON.stringify(
      [line.removed?.entry.id, bad, reading, nothing, say.code]);
    if (news.dataset["key"] === key) return;
    news.dataset["key"] = key;
    const parts = [];
    if (reading > 0)
      parts.push(el("p", { class: "lead", text: say.reading(reading) }));
    if (line.removed)
      parts.push(el("div", { class: "queue-note", attrs: { role: "status" } },
        el("p", { text: say.removed(line.removed.entry.id) }),
        button(say.undo, this.#on.undo), button(say.dismiss, this.#on.dismiss)));
    if (nothing || bad.length > 0)
      parts.push(el("div", { class: "queue-note bad", attrs: { role: "alert" } },
        el("p", {}, el("strong", { text: nothing ? say.noText
          : say.bad(bad.reduce((sum, { from, to }) => sum + to - from + 1, 0)),
        })),
        el("ul", {}, ...bad.map((one) => el("li", { text: say.badFile(
          one.from, one.to, one.code === "ENCODING" ? say.encoding(one.line)
            : reasonOf(say, one.code)) }))),
        button(say.dismiss, this.#on.dismiss)));
    news.replaceChildren(...parts);
  }

  // Arrows go along the list, Delete takes a note out; Enter is the button's.
  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const ids = [...this.#rows.keys()];
    const row = /** @type {Element} */ (event.target).closest("li");
    const rows = [...this.#parts.list.children];
    const at = row ? rows.indexOf(row) : -1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0,
      End: rows.length - 1 }[event.key];
    if (event.key === "Delete" && at >= 0 && ids.length > 1) {
      event.preventDefault();
      const id = [...this.#rows].find(([, one]) => one.row === row)?.[0] ?? 0;
      this.#on.remove(id);
      this.focusRow(Math.min(at, rows.length - 2));
    }
    if (to === undefined || to < 0 || to >= rows.length) return;
    event.preventDefault();
    this.focusRow(to);
  }

  /** @param {number} at */
  focusRow(at) {
    const row = this.#parts.list.children[at];
    for (const [id, known] of this.#rows) {
      const open = known.row.querySelector("button");
      if (open) open.tabIndex = known.row === row ? 0 : -1;
      if (known.row === row) this.#at = id;
    }
    row?.querySelector("button")?.focus();
  }

  /** The open note's row in sight. @param {number} id */
  reveal(id) {
    this.#at = id;
    this.#rows.get(id)?.row.scrollIntoView({ block: "nearest" });
  }

  /** The same words again are news again. @param {string} words */
  say(words) {
    const { live } = this;
    live.textContent = live.textContent === words ? `${words}\u00a0` : words;
  }
}

/** @param {QueueWords} say @param {string} code */
function reasonOf({ reasons }, code) {
  return /** @type {Record<string, string>} */ (reasons)[code] ?? reasons.OTHER;
}

/** @param {string} text @param {string} label @param {() => void} press */
function arrow(text, label, press) {
  return button(text, press, { attrs: { "aria-label": label, title: label } });
}

/** What stays the same is not written again. @param {HTMLElement} element
 * @param {string} text */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Whether all of them are to be wiped: asked, for more is lost than with one.
 * @param {QueueWords} words
 * @param {{todo: number, signed: number, all: number}} counts
 * @param {() => void} wipe
 * @returns {HTMLDialogElement}
 */
export function makeWipe(words, { todo, signed, all }, wipe) {
  /** @type {HTMLDialogElement} */
  const dialog = el("dialog",
    { class: "queue-wipe", attrs: { "aria-labelledby": "queue-wipe-title" } },
    el("h2", { text: words.wipeTitle(all), attrs: { id: "queue-wipe-title" } }),
    el("p", { text: words.wipeLead(todo, signed) }),
    el("div", { class: "row" },
      button(words.keep, () => dialog.close(), { class: "primary" }),
      button(words.wipeNow, () => {
        dialog.close();
        wipe();
      })));
  dialog.addEventListener("close", () => dialog.remove());
  return dialog;
}
