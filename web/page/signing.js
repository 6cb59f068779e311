// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// signing.js - the two pages of a signature: before it, with what stands in
// the way and what is to be said; and after it, with the report. Each is built
// from words, data and callbacks alone.

import { button, el } from "../element/dom.js";
import { kindWords } from "../i18n/words.js";
import { LONGEST } from "../review/report.js";

/** @import {Words} from "../i18n/en.js" */
/** @import {Leak} from "../../wasm/types.js" */
/** @import {SignedReport} from "../review/report.js" */
/** @import {Block, Check, Written} from "../review/signoff.js" */

/** @typedef {{name: string, role: string}} Reviewer */

/**
 * What a person would sign, in words.
 * @param {Words} words
 * @param {keyof Words["signing"]["statements"]} key
 * @param {boolean} rulesOnly
 */
export function statementOf(words, key, rulesOnly) {
  const say = words.signing;
  return (rulesOnly ? say.rulesFirst : "") + say.statements[key];
}

/**
 * The text as it will be given away, its placeholders marked, and what its
 * server would find.
 * @param {Words} words
 * @param {Readonly<Written> | null} output
 * @param {readonly Leak[]} leaks
 */
function makePreview(words, output, leaks) {
  const text = output?.text ?? "";
  const parts = [];
  let from = 0;
  const marks = [
    ...(output?.map ?? []).map(({ outStart: start, outEnd: end }) =>
      ({ start, end, of: "" })),
    ...leaks.map(({ start, end }) => ({ start, end, of: "leak" })),
  ].sort((a, b) => a.start - b.start);
  for (const { start, end, of } of marks) {
    parts.push(document.createTextNode(text.slice(from, start)));
    parts.push(el("mark", { class: of, text: text.slice(start, end) }));
    from = end;
  }
  parts.push(document.createTextNode(text.slice(from)));
  return el("div", {
    class: "preview",
    attrs: {
      tabindex: "0",
      role: "region",
      lang: "",
      "aria-label": words.signing.preview,
    },
  }, ...parts);
}

/** @param {string} text */
function title(text) {
  return el("h2", { text, attrs: { tabindex: "-1" } });
}

/**
 * @param {readonly (readonly [string, string | number])[]} rows
 */
function makeFacts(rows) {
  return el("dl", {}, ...rows.flatMap(([name, value]) => [
    el("dt", { text: name }),
    el("dd", { text: String(value) }),
  ]));
}

/**
 * @param {Words} words
 * @param {Block} block
 * @param {boolean} plain whether the first residue may mean something else
 * @param {{lead: (block: Block) => void, leave: () => void,
 *   hide: (block: Block) => void}} on
 */
function makeBlock(words, block, plain, on) {
  const say = words.signing;
  const excuse = block.code === "RESIDUAL" && plain;
  const hide = block.code === "LEAK" || block.code === "NUL";
  const some = block.places.length > 0 || !hide;
  return el(
    "li",
    {},
    el("p", { text: say.blocks[block.code](block.count) }),
    el(
      "div",
      { class: "row" },
      ...(some ? [button(say.leads[block.code], () => on.lead(block))] : []),
      ...(hide && some ? [button(say.hide, () => on.hide(block))] : []),
      ...(excuse
        ? [button(say.other, on.leave, { attrs: { title: say.otherHint } })]
        : []),
    ),
  );
}

/**
 * @typedef {object} Before
 * @property {Readonly<Written> | null} output
 * @property {Readonly<Check>} check
 * @property {readonly Leak[]} leaks in the output
 * @property {string} statement
 * @property {readonly (readonly [string, string | number])[]} facts
 * @property {Reviewer} reviewer what was typed before; typing changes it
 * @property {boolean} line whether the next note follows
 */

/**
 * @param {Words} words
 * @param {Before} before
 * @param {{back: () => void, lead: (block: Block) => void,
 *   leave: () => void, hide: (block: Block) => void,
 *   sign: (complain: (code: "LEAK") => void) => void}} on
 */
export function makeSigning(words, before, on) {
  const say = words.signing;
  const { blocks, residues } = before.check;
  const plain = residues.find((one) => !one.accepted)?.plain ?? false;
  const accepted = residues.filter((one) => one.accepted).length;
  const back = button(say.back, on.back);
  const side = el(
    "div",
    { class: "side" },
    title(say.title),
    el("p", { class: "lead", text: say.lead }),
  );
  if (blocks.length > 0)
    side.append(
      el(
        "section",
        { class: "blocks", attrs: { "aria-label": say.checks } },
        el("h3", { text: say.checks }),
        el("ul", {}, ...blocks.map((b) => makeBlock(words, b, plain, on))),
      ),
      el("div", { class: "row" }, back),
    );
  else
    side.append(
      el("p", { class: "clear", text: say.clear(accepted) }),
      makeForm(words, before, back, on.sign),
    );
  side.append(el("h3", { text: say.counts }), makeFacts(before.facts));
  return el(
    "section",
    { class: "sign", attrs: { "aria-label": say.title } },
    makePreview(words, before.output, before.leaks),
    side,
  );
}

/**
 * Statement, name and role. What is missing is said when one signs.
 * @param {Words} words
 * @param {Before} before
 * @param {Node} back
 * @param {(complain: (code: "LEAK") => void) => void} sign complain: of what
 *   only shows then
 */
function makeForm(words, { statement, reviewer, line }, back, sign) {
  const say = words.signing;
  const alarm = el("p", {
    class: "alarm", attrs: { role: "alert", id: "sign-alarm" },
  });
  /** @param {"name" | "role"} key @param {string} id */
  const field = (key, id) => {
    const input = el("input", {
      attrs: {
        id,
        type: "text",
        maxlength: String(LONGEST),
        autocomplete: "off",
        spellcheck: "false",
      },
      on: { input: () => { reviewer[key] = input.value; } },
    });
    input.value = reviewer[key];
    return input;
  };
  const name = field("name", "sign-name");
  const role = field("role", "sign-role");
  const agree = el("input", { attrs: { type: "checkbox", id: "sign-agree" } });
  const fields = /** @type {const} */ ([
    ["AGREE", agree, () => agree.checked],
    ["NAME", name, () => name.value.trim() !== ""],
    ["ROLE", role, () => role.value.trim() !== ""],
  ]);
  /** @type {(code: keyof typeof say.missing, input: HTMLElement) => void} */
  const complain = (code, input) => {
    alarm.textContent = say.missing[code];
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", alarm.id);
    input.focus();
  };
  const form = el(
    "form",
    {
      attrs: { novalidate: "", autocomplete: "off" },
      on: {
        submit: (/** @type {Event} */ event) => {
          event.preventDefault();
          for (const [, input] of fields) {
            input.removeAttribute("aria-invalid");
            input.removeAttribute("aria-describedby");
          }
          alarm.textContent = "";
          const wrong = fields.find(([, , good]) => !good());
          if (wrong) complain(wrong[0], wrong[1]);
          else sign((code) => complain(code, role));
        },
      },
    },
    el(
      "label",
      { class: "agree", attrs: { for: agree.id } },
      agree,
      el("span", { text: statement }),
    ),
    el("div", { class: "fields" },
      el("label", { attrs: { for: name.id } },
        el("span", { text: say.name }), name),
      el("label", { attrs: { for: role.id } },
        el("span", { text: say.role }), role)),
    alarm,
    el(
      "div",
      { class: "row" },
      el("button", {
        class: "primary", text: line ? say.signNext : say.sign,
        attrs: { type: "submit" },
      }),
      back,
    ),
    ...(line ? [el("p", { class: "lead", text: say.signKey })] : []),
  );
  return form;
}

/**
 * @param {Words} words
 * @param {SignedReport} report
 * @param {Readonly<Written>} output
 * @param {readonly HTMLElement[]} actions
 */
export function makeSigned(words, report, output, actions) {
  const say = words.signing;
  const { name, role } = report.reviewer;
  const when = new Intl.DateTimeFormat(words.code, {
    dateStyle: "long", timeStyle: "long",
  }).format(new Date(report.signedAt));
  const types = Object.entries(report.hiddenByType).map(
    ([kind, n]) => /** @type {[string, number]} */ (
      [kindWords(words, kind).name, n]));
  return el(
    "section",
    { class: "sign", attrs: { "aria-label": say.signed } },
    makePreview(words, output, []),
    el(
      "div",
      { class: "side report" },
      title(say.signed),
      el("p", { class: "by", text: say.signedBy(name, role, when) }),
      el("blockquote", { text: report.statement.text }),
      el("div", { class: "row" }, ...actions),
      el("p", { class: "lead", text: say.signedLead }),
      el("h3", { text: say.counts }),
      makeFacts(countRows(words, report.counts, report.residual.accepted)),
      ...(types.length > 0
        ? [el("h3", { text: say.byType }), makeFacts(types)]
        : []),
      el("h3", { text: say.made }),
      makeFacts(engineRows(words, report)),
      el("h3", { text: say.output }),
      makeFacts([
        [say.size, say.bytes(report.output.bytes, report.output.style)],
        [say.digest, report.output.sha256 ?? say.noDigest],
      ]),
    ),
  );
}

/**
 * @param {Words} words
 * @param {SignedReport["counts"]} counts
 * @param {number} accepted
 * @returns {[string, number][]}
 */
export function countRows(words, counts, accepted) {
  const say = words.signing.facts;
  const all = { ...counts, accepted };
  return Object.entries(say).map(([key, name]) =>
    [name, all[/** @type {keyof typeof all} */ (key)]]);
}

/**
 * Versions, each with the digest of what it names.
 * @param {Words} words
 * @param {SignedReport} report
 * @returns {[string, string | number][]}
 */
function engineRows(words, { engine, coverage }) {
  const say = words.signing;
  const packs = Object.keys(engine.packs).length;
  const { name, files } = engine.model;
  return [
    [say.engine, [engine.version, say.rules(engine.rules), say.packs(packs),
      engine.sha256].filter(Boolean).join(", ")],
    [say.model, name === "none" ? say.noModel : name],
    ...Object.entries(files),
    ...(name === "none" ? [] : [/** @type {[string, string]} */ (
      [say.windows, `${coverage.answered} / ${coverage.windows}`])]),
  ];
}

/**
 * Sign by the one key that also leads on: it ticks the statement, and submits.
 * Where something stands in the way, it goes there.
 * @param {ParentNode} page that shows one of the two
 */
export function signByKey(page) {
  /** @type {HTMLInputElement | null} */
  const agree = page.querySelector("#sign-agree");
  /** @type {HTMLElement | null} */
  const way = page.querySelector(".sign .blocks button");
  if (!agree?.form) return way?.focus();
  agree.checked = true;
  agree.form.requestSubmit();
}
