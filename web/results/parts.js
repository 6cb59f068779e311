// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// parts.js - the pieces of the results page, each built from words, data and
// callbacks alone.

import { button, choice, el } from "../element/dom.js";

/** @import {ResultsWords} from "../i18n/en-results.js" */
/** @import {Theme} from "../page/settings.js" */
/** @import {Piece} from "../vault/record.js" */

/**
 * @param {ResultsWords} words
 * @param {Theme} theme
 * @param {{language: (code: string) => void, theme: (theme: Theme) => void}} on
 */
export function makeHeader(words, theme, on) {
  const say = words.page;
  const language = choice(
    say.language, [["en", "English"], ["fr", "Français"]], on.language);
  language.select.value = words.code;
  const looks = choice(say.theme, Object.entries(say.themes),
    (value) => on.theme(/** @type {Theme} */ (value)));
  looks.select.value = theme;
  return el("header", {},
    el("h1", {},
      el("span", { text: "Scrubjay", attrs: { translate: "no" } }),
      document.createTextNode(` ${say.title}`)),
    el("p", { class: "tagline", text: say.tagline }),
    el("div", { class: "settings" }, language.label, looks.label));
}

/** @param {ResultsWords} words */
export function makeFooter(words) {
  return el("footer", {},
    el("p", { text: words.page.promise }),
    el("a", { text: words.page.review, attrs: { href: "./" } }));
}

/** @param {string} text @param {boolean} bad */
export function makeNotice(text, bad) {
  return el("p", {
    class: bad ? "notice bad" : "notice", text,
    attrs: { role: bad ? "alert" : "status" },
  });
}

/** @param {string} text */
export function makeBusy(text) {
  return el("section", { class: "card busy" },
    el("p", { text, attrs: { role: "status" } }),
    el("progress", { attrs: { "aria-label": text } }));
}

/**
 * A labelled field.
 * @param {string} label
 * @param {string} name
 * @param {Record<string, string | null>} attrs
 * @param {string} [hint]
 */
function makeField(label, name, attrs, hint) {
  const input = el("input", { attrs: {
    id: name, name, autocomplete: "off", autocapitalize: "off",
    spellcheck: "false", "aria-describedby": hint ? `${name}-hint` : null,
    ...attrs,
  } });
  const element = el("div", { class: "field" },
    el("label", { text: label, attrs: { for: name } }),
    ...(hint
      ? [el("span", { class: "hint", text: hint,
        attrs: { id: `${name}-hint` } })] : []),
    input);
  return { element, input };
}

/** @param {string} title @param {string} lead */
function intro(title, lead) {
  return [el("h2", { text: title, attrs: { tabindex: "-1" } }),
    el("p", { class: "lead", text: lead })];
}

/**
 * @param {() => void} submit
 * @param {...Node} children
 */
function makeForm(submit, ...children) {
  return el("form", { class: "card", on: {
    submit: (/** @type {Event} */ event) => {
      event.preventDefault();
      submit();
    },
  }, attrs: { novalidate: "" } }, ...children);
}

/** @param {string} text */
const sendButton = (text) =>
  el("button", { class: "primary", text, attrs: { type: "submit" } });

/**
 * @param {ResultsWords} words
 * @param {string} issuer where people sign in; "" for a server's own, which
 *   is for trying out
 * @param {{give: (sub: string) => void, refuse: (text: string) => void}} on
 */
export function makeSignIn(words, issuer, on) {
  const say = words.signIn;
  if (issuer !== "")
    return makeForm(() => on.give(""),
      ...intro(say.title, say.issuer(new URL(issuer).host)),
      el("div", { class: "row" }, sendButton(say.button)));
  const name = makeField(say.name, "sub", { required: "" });
  return makeForm(() => {
    const sub = name.input.value.trim();
    if (sub === "") on.refuse(say.missing);
    else on.give(sub);
  }, ...intro(say.title, say.lead), name.element,
  el("div", { class: "row" }, sendButton(say.button)));
}

/**
 * @param {ResultsWords} words
 * @param {{sub: string, passkey: "none" | "possible" | "there"}} who
 * @param {{give: (passphrase: string, passkey: boolean) => void,
 *   device: () => void, other: () => void,
 *   refuse: (text: string) => void}} on
 */
export function makeUnlock(words, { sub, passkey }, on) {
  const say = words.unlock;
  const field = makeField(say.passphrase, "passphrase",
    { type: "password", required: "" });
  const keep = el("input", { attrs: { type: "checkbox", id: "keep" } });
  return makeForm(() => {
    const { value } = field.input;
    field.input.value = "";
    if (value.trim() === "") on.refuse(say.missing);
    else on.give(value, keep.checked);
  }, ...intro(say.title, say.lead(sub)), field.element,
  ...(passkey === "possible"
    ? [el("label", { class: "tick", attrs: { for: "keep" } },
      keep, el("span", { text: say.keep }))]
    : []),
  el("div", { class: "row" },
    sendButton(say.button),
    ...(passkey === "there" ? [button(say.device, on.device)] : []),
    button(say.other, on.other)));
}

/** @typedef {{job: string, purpose: string, reason: string}} Asked */

/**
 * @param {ResultsWords} words
 * @param {Asked} asked what the fields hold
 * @param {{give: (asked: Asked) => void, lock: () => void,
 *   refuse: (text: string) => void}} on
 */
export function makeAsk(words, asked, on) {
  const say = words.ask;
  const job = makeField(say.job, "job",
    { required: "", class: "code", maxlength: "36" }, say.jobHint);
  job.input.value = asked.job;
  const reason = makeField(say.reason, "reason", { maxlength: "200" },
    say.reasonHint);
  reason.input.value = asked.reason;
  const purpose = choice(say.purpose,
    [["", say.choose], ...Object.entries(say.purposes)], () => {});
  purpose.select.value = asked.purpose;
  purpose.label.className = "field";
  return makeForm(() => {
    const given = {
      job: job.input.value.trim().toLowerCase(),
      purpose: purpose.select.value, reason: reason.input.value.trim(),
    };
    const form = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    if (!form.test(given.job)) return on.refuse(say.missing.JOB);
    if (given.purpose === "") return on.refuse(say.missing.PURPOSE);
    on.give(given);
  }, ...intro(say.title, say.lead), job.element, purpose.label, reason.element,
  el("div", { class: "row" },
    sendButton(say.button), button(say.lock, on.lock)));
}

/**
 * Text in which originals are marked, and say what stood for them.
 * @param {readonly Piece[]} pieces
 */
function makeText(pieces) {
  return pieces.map(({ text, p }) => p === undefined
    ? document.createTextNode(text)
    : el("mark", { text, attrs: { title: p } }));
}

/**
 * @typedef {object} Code
 * @property {string} system
 * @property {string} code
 * @property {readonly Piece[]} text
 * @property {readonly (readonly Piece[])[]} evidence
 */

/**
 * @typedef {object} Shown
 * @property {string} by
 * @property {readonly Piece[]} text
 * @property {readonly Code[]} codes
 * @property {{stream: number, seq: number}} receipt
 * @property {"none" | "done" | "later"} rewrap
 * @property {number} minutes
 */

/** @param {ResultsWords} words @param {readonly Code[]} codes */
function makeCodes(words, codes) {
  const say = words.open;
  if (codes.length === 0) return el("p", { class: "lead", text: say.none });
  const head = [say.system, say.codeOf, say.meaning, say.evidence];
  return el("div", { class: "scroll", attrs: {
    tabindex: "0", role: "region", "aria-label": say.codes } },
  el("table", {},
    el("thead", {}, el("tr", {}, ...head.map((text) =>
      el("th", { text, attrs: { scope: "col" } })))),
    el("tbody", {}, ...codes.map(({ system, code, text, evidence }) =>
      el("tr", {},
        el("td", { text: system }),
        el("td", { class: "code", text: code }),
        el("td", {}, ...makeText(text)),
        el("td", {}, ...evidence.map((one) =>
          el("q", {}, ...makeText(one)))))))));
}

/**
 * @param {ResultsWords} words
 * @param {Shown} shown
 * @param {() => void} close
 */
export function makeOpened(words, shown, close) {
  const say = words.open;
  const places = shown.text.filter(({ p }) => p !== undefined).length;
  const { stream, seq } = shown.receipt;
  const rewrap = say.rewrap[shown.rewrap];
  return el("section", { class: "opened" },
    el("div", { class: "bar" },
      el("h2", { text: say.title, attrs: { tabindex: "-1" } }),
      el("p", { class: "lead", text: say.goes(shown.minutes) }),
      button(say.close, close, { class: "primary" })),
    el("div", { class: "note", attrs: {
      tabindex: "0", role: "region", lang: "", "aria-label": say.text } },
    ...makeText(shown.text)),
    el("div", { class: "side" },
      el("h3", { text: say.codes }),
      makeCodes(words, shown.codes),
      el("p", { class: "lead", text: `${say.places(places)}.` }),
      el("p", { class: "lead", text: say.by(shown.by) }),
      el("p", { class: "lead",
        text: `${say.written} ${say.row(stream, seq)}.` }),
      ...(rewrap ? [el("p", { class: "lead", text: rewrap })] : [])));
}
