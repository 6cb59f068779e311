// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// list.js - the findings beside the note: one row for one surface, one tick
// for all its places. Rows are kept by key and changed in place, so that focus
// survives every step.

import { groupsOf, kindCounts, shownGroups } from "../review/groups.js";
import { KINDS, kindByKey, kindOf } from "../review/kinds.js";
import { countsOf, itemById } from "../review/session.js";
import { kindWords } from "../i18n/words.js";
import { button, choice, el, fillChoice } from "./dom.js";
import { NearList } from "./near-list.js";

/** @import {Words} from "../i18n/en.js" */
/** @import {Group} from "../review/groups.js" */
/** @import {Action, Item, Review} from "../review/session.js" */

/**
 * What the list asks of the element.
 *
 * @typedef {object} Host
 * @property {(action: Action) => void} act
 * @property {(id: string) => void} go make an item current and show it
 * @property {(place: {start: number, end: number}) => void} show
 * @property {(command: string) => void} run
 */

/** @typedef {{row: HTMLElement, box: HTMLInputElement, name: HTMLElement,
 *   notes: HTMLElement, why: HTMLElement, group: Group}} Row */

/** Rows that are made at once; more on demand. */
const PAGE = 300;

export class List {
  /** @type {Words} */
  #words;
  /** @type {Host} */
  #host;
  /** @type {Map<string, Row>} */
  #rows = new Map();
  /** @type {readonly Group[] | null} */
  #listed = null;
  #limit = PAGE;
  /** @type {Readonly<Review> | null} */
  #review = null;
  #chipsFor = "";
  #detailFor = "";

  /** @param {Words} words @param {Host} host */
  constructor(words, host) {
    this.#words = words;
    this.#host = host;
    const say = words.review;
    this.summary = el("p", { class: "summary" });
    this.filter = el("input", {
      attrs: {
        type: "search",
        "aria-label": say.filter,
        placeholder: say.filter,
        autocomplete: "off",
        spellcheck: "false",
      },
      on: {
        input: () =>
          host.act({ type: "filter", filter: { text: this.filter.value } }),
      },
    });
    const states = Object.entries(say.states);
    this.state = choice(say.stateLabel, states, (value) =>
      host.act({
        type: "filter",
        filter: { state: /** @type {any} */ (value) },
      }),
    );
    this.chips = el("div", {
      class: "chips",
      attrs: { role: "group", "aria-label": say.kindLabel },
    });
    this.rows = el("ul", { class: "rows", attrs: { "aria-label": say.list } });
    this.note = el("p", { class: "note" });
    this.more = button("", () => this.#showMore(), { class: "more" });
    this.near = new NearList(words, host);
    this.scroller = el(
      "div",
      { class: "scroll", attrs: { tabindex: "-1" } },
      this.rows,
      this.more,
      this.note,
      this.near.element,
    );
    this.detail = el("section", { class: "detail" });
    this.detail.hidden = true;
    this.element = el(
      "section",
      { class: "list", attrs: { "aria-label": say.list, id: "list" } },
      el(
        "div",
        { class: "list-head" },
        el("h2", { text: say.list }),
        this.summary,
        button(say.close, () => host.run("sheet"), { class: "close quiet" }),
      ),
      el("div", { class: "list-filter" }, this.filter, this.state.label),
      this.chips,
      this.scroller,
      this.detail,
    );
  }

  /** @param {Readonly<Review>} review */
  update(review) {
    const former = this.#review;
    this.#review = review;
    const counts = countsOf(review);
    this.summary.textContent = this.#words.review.hiddenCount(
      counts.hidden,
      counts.all,
    );
    if (this.filter.value !== review.filter.text)
      this.filter.value = review.filter.text;
    this.state.select.value = review.filter.state;
    this.#updateChips(review);
    const looked =
      review.filter.state === "unseen" && former?.seen !== review.seen;
    if (
      looked ||
      former?.items !== review.items ||
      former.filter !== review.filter
    )
      this.#updateRows(review);
    this.near.update(review);
    // What says why takes room from the list: the current row is found after.
    this.#updateDetail(review);
    this.#updateCurrent(review);
  }

  /** @param {Readonly<Review>} review */
  #updateChips(review) {
    const kinds = kindCounts(review);
    const state = JSON.stringify([kinds, review.filter.kinds]);
    if (state === this.#chipsFor) return;
    this.#chipsFor = state;
    const root = this.chips.getRootNode();
    const held = root instanceof ShadowRoot && root.activeElement;
    const kept = held instanceof HTMLElement ? held.dataset["kind"] : undefined;
    const chosen = review.filter.kinds;
    this.chips.replaceChildren(
      ...kinds.map(({ kind, all, hidden }) => {
        const on = chosen.includes(kind);
        const { tag, name } = kindWords(this.#words, kind);
        const chip = button(
          hidden === all ? `${tag} ${all}` : `${tag} ${hidden} / ${all}`,
          () =>
            this.#host.act({
              type: "filter",
              filter: {
                kinds: on
                  ? chosen.filter((k) => k !== kind)
                  : [...chosen, kind],
              },
            }),
          {
            class: `chip ${kindByKey(kind).colour}`,
            attrs: {
              "aria-pressed": String(on),
              "data-kind": kind,
              title: `${name}: ${this.#words.review.hiddenCount(hidden, all)}`,
            },
          },
        );
        if (kind === kept) queueMicrotask(() => chip.focus());
        return chip;
      }),
    );
  }

  /** @param {Readonly<Review>} review */
  #updateRows(review) {
    const all = groupsOf(review);
    const groups = shownGroups(review);
    const listed = groups.slice(0, this.#limit);
    const wanted = listed.map((group) => {
      const row = this.#rows.get(group.key) ?? this.#makeRow(group);
      if (row.group !== group || this.#listed === null)
        this.#fillRow(row, group);
      return row.row;
    });
    const keys = new Set(listed.map((group) => group.key));
    for (const key of this.#rows.keys())
      if (!keys.has(key)) {
        this.#rows.get(key)?.row.remove();
        this.#rows.delete(key);
      }
    wanted.forEach((row, i) => {
      if (this.rows.children[i] !== row)
        this.rows.insertBefore(row, this.rows.children[i] ?? null);
    });
    this.#listed = listed;
    const say = this.#words.review;
    this.rows.hidden = listed.length === 0;
    this.more.hidden = groups.length === listed.length;
    this.more.textContent = say.more(
      Math.min(PAGE, groups.length - listed.length),
    );
    const lines = [];
    if (all.length === 0) lines.push(say.none);
    else if (groups.length === 0) lines.push(say.noMatch);
    if (groups.length < all.length)
      lines.push(say.filtered(all.length - groups.length));
    this.note.textContent = lines.join(" ");
    this.note.hidden = lines.length === 0;
  }

  #showMore() {
    this.#limit += PAGE;
    if (this.#review) this.#updateRows(this.#review);
  }

  /** @param {Group} group @returns {Row} */
  #makeRow(group) {
    const box = el("input", {
      attrs: { type: "checkbox" },
      on: {
        change: () => {
          const row = this.#rows.get(group.key);
          if (row) this.#tick(row.group, box.checked);
        },
      },
    });
    const name = button("", () => this.#goTo(group.key), { class: "name" });
    const notes = el("span", { class: "notes" });
    const why = el("span", { class: `swatch ${kindByKey(group.kind).colour}` });
    const row = el("li", {}, box, why, name, notes);
    const made = { row, box, name, notes, why, group };
    this.#rows.set(group.key, made);
    this.#fillRow(made, group);
    return made;
  }

  /** @param {Row} row @param {Group} group */
  #fillRow(row, group) {
    const say = this.#words.review;
    const kind = kindWords(this.#words, group.kind);
    row.group = group;
    row.box.checked = group.hidden === group.items.length;
    row.box.indeterminate =
      group.hidden > 0 && group.hidden < group.items.length;
    row.box.setAttribute("aria-label", say.hide(kind.name, group.words));
    row.why.textContent = kind.tag;
    row.name.replaceChildren(el("bdi", { text: group.words }));
    row.row.classList.toggle("kept", group.hidden === 0);
    const notes = [];
    if (group.uncertain)
      notes.push(el("span", { class: "doubt", text: say.uncertain }));
    if (group.manual)
      notes.push(el("span", { class: "hand", text: say.manual }));
    if (group.items.some((item) => item.kept && !item.decided))
      notes.push(el("span", { class: "spared", text: say.spared }));
    notes.push(
      el("span", {
        class: "times",
        text: say.times(group.items.length),
        attrs: { title: say.timesLong(group.items.length) },
      }),
    );
    row.notes.replaceChildren(...notes);
  }

  /** @param {Group} group @param {boolean} hide */
  #tick(group, hide) {
    const ids = group.items.map((item) => item.id);
    this.#host.act({ type: "keep", ids, kept: !hide });
  }

  /** @param {string} key */
  #goTo(key) {
    const items = this.#rows.get(key)?.group.items ?? [];
    const at = items.findIndex((item) => item.id === this.#review?.focus);
    const next = items[(at + 1) % items.length];
    if (next) this.#host.go(next.id);
  }

  /** @param {Readonly<Review>} review */
  #updateCurrent(review) {
    const key = itemById(review, review.focus)?.group;
    for (const row of this.#rows.values()) {
      const current = row.group.key === key;
      if (current === row.row.classList.contains("current")) continue;
      row.row.classList.toggle("current", current);
      if (current) row.name.setAttribute("aria-current", "true");
      else row.name.removeAttribute("aria-current");
      if (current) this.#scrollTo(row.row);
    }
  }

  // Moves the list only; scrollIntoView would move what is around it, too.
  /** @param {HTMLElement} row */
  #scrollTo(row) {
    const box = row.getBoundingClientRect();
    const view = this.scroller.getBoundingClientRect();
    if (box.top < view.top) this.scroller.scrollTop -= view.top - box.top;
    if (box.bottom > view.bottom)
      this.scroller.scrollTop += box.bottom - view.bottom;
  }

  /** @param {Readonly<Review>} review */
  #updateDetail(review) {
    const item = itemById(review, review.focus);
    this.detail.hidden = !item;
    if (!item) {
      this.#detailFor = "";
      this.detail.replaceChildren();
      return;
    }
    const items =
      groupsOf(review).find((g) => g.key === item.group)?.items ?? [];
    const state = [
      item.id,
      item.kept,
      kindOf(item),
      item.start,
      item.end,
      items.length,
    ].join();
    if (state === this.#detailFor) return;
    this.#detailFor = state;
    this.#fillDetail(review, item, items);
  }

  /**
   * @param {Readonly<Review>} review
   * @param {Item} item
   * @param {readonly Item[]} items its group
   */
  #fillDetail(review, item, items) {
    const say = this.#words.review;
    const box = el("input", {
      attrs: { type: "checkbox" },
      on: {
        change: () =>
          this.#host.act({ type: "keep", ids: [item.id], kept: !box.checked }),
      },
    });
    box.checked = !item.kept;
    const kind = choice(
      say.kindLabel,
      KINDS.map((k) => [k.key, kindWords(this.#words, k.key).name]),
      (key) =>
        this.#host.act({
          type: "relabel",
          ids: items.map((i) => i.id),
          kind: key,
        }),
    );
    if (!KINDS.some((k) => k.key === kindOf(item)))
      fillChoice(kind.select, [
        [kindOf(item), kindOf(item)],
        ...KINDS.map(
          (k) =>
            /** @type {[string, string]} */ ([
              k.key,
              kindWords(this.#words, k.key).name,
            ]),
        ),
      ]);
    kind.select.value = kindOf(item);
    const line = review.note.text.slice(0, item.start).split("\n").length;
    const words = review.note.text.slice(item.start, item.end);
    const place = items.findIndex((i) => i.id === item.id) + 1;
    this.detail.setAttribute("aria-label", say.why);
    this.detail.replaceChildren(
      el(
        "p",
        { class: "what" },
        el("bdi", {
          text: words.length > 120 ? `${words.slice(0, 119)}…` : words,
        }),
        el("span", { text: ` ${say.line(line)} · ${place}/${items.length}` }),
      ),
      el(
        "div",
        { class: "detail-row" },
        el("label", { class: "tick" }, box, el("span", { text: say.onlyThis })),
        kind.label,
      ),
      el("p", { class: "evidence", text: this.#evidence(item) }),
    );
  }

  /** Ids and numbers only: it may be copied into a bug report.
   * @param {Item} item */
  #evidence(item) {
    /** @type {Record<string, string>} */
    const names = this.#words.why;
    const parts = [
      ...item.sources,
      ...item.veto.map((v) => ({
        ...v,
        kind: "veto",
      })),
    ].map((source) => {
      const kind = names[source.kind] ?? source.kind;
      const label = /** @type {any} */ (source).name ?? source.id;
      if (source.kind === "manual" || label === source.kind) return kind;
      return `${kind} ${label}`;
    });
    const score = `${names["score"]} ${item.score.toFixed(2)}`;
    return this.#words.review.evidence([...new Set(parts), score].join(" · "));
  }
}
