// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// parts.js - the pieces of sending, each built from words, data and callbacks
// alone.

import { button, el } from "../element/dom.js";
import { vaultSays } from "../i18n/vault-words.js";

/** @import {SendWords} from "../i18n/en-send.js" */
/** @import {Waiting} from "../vault/outbox.js" */

/** @param {string} title @param {...string} leads */
function intro(title, ...leads) {
  return [el("h2", { text: title, attrs: { tabindex: "-1" } }),
    ...leads.map((text) => el("p", { class: "lead", text }))];
}

/**
 * @param {() => void} submit
 * @param {...Node} children
 */
function form(submit, ...children) {
  return el("form", { attrs: { novalidate: "" }, on: {
    submit: (/** @type {Event} */ event) => {
      event.preventDefault();
      submit();
    },
  } }, ...children);
}

/** @param {string} label @param {string} name @param {string} type */
function field(label, name, type) {
  const input = el("input", { attrs: {
    id: name, type, autocomplete: "off", autocapitalize: "off",
    spellcheck: "false", required: "" } });
  return { input, element: el("div", { class: "send-field" },
    el("label", { text: label, attrs: { for: name } }), input) };
}

/** @param {string} text */
const main = (text) =>
  el("button", { class: "primary", text, attrs: { type: "submit" } });

/**
 * @param {SendWords} words
 * @param {string} issuer
 * @param {{give: (sub: string) => void, cancel: () => void,
 *   refuse: (text: string) => void}} on
 */
export function makeSignIn(words, issuer, on) {
  const say = words.signIn;
  const name = field(say.name, "send-sub", "text");
  const own = issuer === "";
  return form(() => {
    const sub = name.input.value.trim();
    if (own && sub === "") on.refuse(say.missing);
    else on.give(sub);
  }, ...intro(say.title, own ? say.lead : say.issuer(new URL(issuer).host)),
  ...(own ? [name.element] : []),
  el("div", { class: "row" },
    main(say.button), button(words.cancel, on.cancel)));
}

/**
 * @param {SendWords} words
 * @param {{sub: string, passkey: string}} who
 * @param {{give: (passphrase: string, passkey: boolean) => void,
 *   device: () => void, cancel: () => void,
 *   refuse: (text: string) => void}} on
 */
export function makeUnlock(words, { sub, passkey }, on) {
  const say = words.unlock;
  const secret = field(say.passphrase, "send-passphrase", "password");
  const keep = el("input", { attrs: { type: "checkbox", id: "send-keep" } });
  return form(() => {
    const { value } = secret.input;
    secret.input.value = "";
    if (value.trim() === "") on.refuse(say.missing);
    else on.give(value, keep.checked);
  }, ...intro(say.title, say.lead(sub), words.sealed), secret.element,
  ...(passkey === "possible"
    ? [el("label", { class: "send-keep" }, keep, el("span", { text: say.keep }))]
    : []),
  el("div", { class: "row" }, main(say.button),
    ...(passkey === "there" ? [button(say.device, on.device)] : []),
    button(words.cancel, on.cancel)));
}

/**
 * While somebody signs in elsewhere.
 * @param {SendWords} words
 * @param {() => void} cancel
 */
export function makeAway(words, cancel) {
  const say = words.signIn;
  return el("div", {}, ...intro(say.away, say.awayLead),
    el("div", { class: "row" }, button(words.cancel, cancel)));
}

/** @param {SendWords} words */
export function makeBusy(words) {
  return el("div", {},
    el("h2", { text: words.busy, attrs: { tabindex: "-1" } }),
    el("progress", { attrs: { "aria-label": words.busy } }));
}

/** @param {SendWords} words @param {Waiting} item */
function reasonOf(words, item) {
  return item.code === "" ? "" : vaultSays(words.vault, item);
}

/**
 * What else waits; nothing where nothing does.
 * @param {SendWords} words
 * @param {readonly Waiting[]} items
 * @param {{retry: (id: string) => void, discard: (id: string) => void}} on
 * @returns {Node[]}
 */
export function makeWaiting(words, items, on) {
  if (items.length === 0) return [];
  const date = new Intl.DateTimeFormat(
    words.code, { dateStyle: "short", timeStyle: "short" });
  return [el("h3", { text: words.others }),
    el("ul", { class: "send-list" }, ...items.map((item) => el("li", {},
      el("span", { text: [words.since(date.format(new Date(item.created))),
        reasonOf(words, item)].filter(Boolean).join(": ") }),
      el("span", { class: "row" },
        ...(item.state === "expired" ? []
          : [button(words.retry, () => on.retry(item.id))]),
        button(words.discard, () => on.discard(item.id))))))];
}

/**
 * @typedef {object} Outcome
 * @property {string} id
 * @property {{stream: number, seq: number} | null} receipt of one that was sent
 * @property {Waiting | null} item of one that waits
 */

/**
 * @param {SendWords} words
 * @param {Outcome} outcome
 * @param {{memory: boolean, off: boolean, others: readonly Waiting[],
 *   issuer: boolean, line: boolean}} more issuer: whether people sign in at
 *   one; line: whether the next note follows
 * @param {{retry: (id: string) => void, discard: (id: string) => void,
 *   fresh: () => void, signIn: () => void}} on
 */
export function makeOutcome(words, { id, receipt, item }, more, on) {
  const { retry, discard, fresh, signIn } = on;
  const out = more.issuer && item?.code === "TOKEN";
  const number = el("dl", {},
    el("dt", { text: words.job }), el("dd", { class: "send-id", text: id }),
    ...(receipt
      ? [el("dt", { text: words.row }),
        el("dd", { text: words.rowOf(receipt.stream, receipt.seq) })] : []));
  const stopped = item !== null && item.state !== "waiting";
  const title = receipt ? words.sent : stopped ? words.stopped : words.waits;
  return el("div", {},
    ...intro(title, ...(item ? [reasonOf(words, item),
      stopped ? words.asks : words.again].filter(Boolean) : [words.sentLead]),
    ...(more.off ? [words.off] : []),
    ...(more.memory && item ? [words.memory] : [])),
    number,
    el("div", { class: "row" },
      button(more.line ? words.next : words.fresh, fresh, { class: "primary" }),
      ...(out ? [button(words.signIn.again, signIn)] : []),
      ...(item ? [button(words.retry, () => retry(id)),
        button(words.discard, () => discard(id))]
        : more.off ? [] : [el("a", { text: words.results,
          attrs: { href: `./results.html#job=${id}` } })])),
    ...makeWaiting(words, more.others, { retry, discard }));
}

/** @param {string} text */
export function makeAlarm(text) {
  return el("p", { class: "send-alarm", text, attrs: { role: "alert" } });
}
