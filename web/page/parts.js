// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// parts.js - the pieces that the page is made of, each built from words and
// callbacks alone.

import { LANGUAGES } from "../i18n/words.js";
import { button, choice, el } from "../element/dom.js";
import { siteServer } from "./settings.js";

/** @import {Words} from "../i18n/en.js" */
/** @import {EngineInfo, Missing} from "../types.js" */
/** @import {Trouble} from "./doors.js" */
/** @import {Theme} from "./settings.js" */

const SVG = "http://www.w3.org/2000/svg";

function makeLogo() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 32 32");
  svg.setAttribute("class", "logo");
  svg.setAttribute("aria-hidden", "true");
  const box = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({
    width: "32",
    height: "32",
    rx: "8",
    fill: "#0b5a8a",
  }))
    box.setAttribute(name, value);
  const lines = document.createElementNS(SVG, "path");
  for (const [name, value] of Object.entries({
    d: "M7 10h18M7 16h6m4 0h8M7 22h13",
    stroke: "#fff",
    "stroke-width": "3",
    "stroke-linecap": "round",
  }))
    lines.setAttribute(name, value);
  svg.append(box, lines);
  return svg;
}

/**
 * @param {Words} words
 * @param {Theme} theme
 * @param {{language: (code: string) => void, theme: (theme: Theme) => void}} on
 */
export function makeHeader(words, theme, on) {
  const language = choice(
    words.page.language,
    Object.entries(LANGUAGES),
    on.language,
  );
  language.select.value = words.code;
  const looks = choice(
    words.page.theme,
    Object.entries(words.page.themes),
    (value) => on.theme(/** @type {Theme} */ (value)),
  );
  looks.select.value = theme;
  return el(
    "header",
    {},
    makeLogo(),
    el("h1", { text: "Scrubjay", attrs: { translate: "no" } }),
    el("p", { class: "tagline", text: words.page.tagline }),
    el("div", { class: "settings" }, language.label, looks.label),
  );
}

/** @param {Words} words @param {EngineInfo | null} engine */
export function makeFooter(words, engine) {
  const { to, others } = siteServer();
  const model = engine?.missing?.code === "LOADING" ? "" : engine?.model ?? "";
  return el(
    "footer",
    {},
    el("p", { text: words.page.promise(to, others.join(", ")) }),
    ...(engine
      ? [el("p", { text: words.page.engine(engine.version, model) })]
      : []),
  );
}

/**
 * @param {Words} words
 * @param {boolean} editing
 * @param {{give: (text: string) => void, files: (files: File[]) => void,
 *   back: () => void, type: (text: string) => void}} on
 * @param {{open: Node, summary: Node}} about the note
 */
export function makeIntake(words, editing, on, about) {
  const say = words.intake;
  const sends = siteServer().to !== "";
  const area = el("textarea", {
    attrs: {
      id: "note",
      placeholder: say.hint,
      spellcheck: "false",
      autocomplete: "off",
      autocapitalize: "off",
      "data-gramm": "false",
    },
    on: {
      input: () => on.type(area.value),
      keydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        on.give(area.value);
      },
      paste: (/** @type {ClipboardEvent} */ event) => {
        // A paste into an empty field is a whole note: take it as it is, with
        // its own line ends, and begin.
        const text = event.clipboardData?.getData("text/plain") ?? "";
        if (editing || area.value !== "" || text === "") return;
        event.preventDefault();
        event.stopPropagation();
        on.give(text);
      },
    },
  });
  const picker = el("input", {
    attrs: {
      type: "file", multiple: "", tabindex: "-1", "aria-hidden": "true",
    },
    on: {
      change: () => {
        const files = [...(picker.files ?? [])];
        picker.value = "";
        on.files(files);
      },
    },
  });
  picker.hidden = true;
  const engine = el("span", { class: "engine", attrs: { role: "status" } });
  const element = el(
    "section",
    { class: "intake", attrs: { "aria-labelledby": "intake-title" } },
    el("h2", {
      text: editing ? say.editing : say.title,
      attrs: { id: "intake-title" },
    }),
    el("p", { class: "lead", text: editing ? say.editLead : say.lead(sends) }),
    ...(editing
      ? []
      : [
          el(
            "ol",
            { class: "steps" },
            ...say.steps(sends).map((text) => el("li", { text })),
          ),
        ]),
    el("label", { text: say.label, attrs: { for: "note" } }),
    area,
    el(
      "div",
      { class: "row" },
      button(editing ? say.rescan : say.scan, () => on.give(area.value), {
        class: "primary",
        attrs: { title: say.scanHint },
      }),
      editing
        ? button(say.cancelEdit, on.back)
        : button(say.open, () => picker.click()),
      about.open,
      picker,
      engine,
    ),
    about.summary,
  );
  return { element, area, engine };
}

/**
 * @param {string} strong
 * @param {{more?: string, code?: string, bad?: boolean}} what
 * @param {...Node} actions
 */
export function makeBanner(
  strong,
  { more = "", code = "", bad = false },
  ...actions
) {
  return el(
    "div",
    {
      class: bad ? "banner bad" : "banner",
      attrs: { role: bad ? "alert" : "note" },
    },
    el(
      "p",
      {},
      el("strong", { text: strong }),
      document.createTextNode(` ${more}`),
    ),
    ...(code ? [el("span", { class: "code", text: code })] : []),
    ...(actions.length ? [el("div", { class: "end" }, ...actions)] : []),
  );
}

/**
 * Why there is no model, in a sentence.
 * @param {Words} words
 * @param {Missing | null} missing
 */
export function whyMissing(words, missing) {
  const say = /** @type {Record<string, string>} */ (words.missing);
  return say[missing?.code ?? "MODEL_ABSENT"] ?? words.missing.OTHER;
}

/**
 * The yellow bar of a note that rules alone have read.
 * @param {Words} words
 * @param {Missing | null} missing
 * @param {() => void} again
 */
export function makeRulesBanner(words, missing, again) {
  const say = words.banner;
  // Where the site has none, asking again helps nobody.
  const hopeless = missing === null || missing.code === "MODEL_ABSENT";
  return makeBanner(
    say.rules,
    {
      more: `${whyMissing(words, missing)} ${say.rulesMore}`,
      code: missing?.where ?? "",
    },
    ...(hopeless ? [] : [button(say.tryAgain, again)]),
  );
}

/** Codes of the engine and what the page says for them. */
const CODES = Object.freeze({
  WORKER_DEAD: "WORKER",
  DEAD: "WORKER",
  CLOSED: "WORKER",
  ASSETS: "LOAD",
  LOAD: "LOAD",
  COVERAGE_INCOMPLETE: "INCOMPLETE",
});

/**
 * What went wrong, in a sentence.
 * @param {Words} words
 * @param {string} code
 * @param {number} line
 * @param {number} byte
 */
function troubleWords({ error: say }, code, line, byte) {
  const known = /** @type {Record<string, string>} */ (CODES)[code] ?? code;
  if (known === "ENCODING") return say.ENCODING(line, byte);
  if (known === "EMPTY") return say.nothing;
  const all = /** @type {Record<string, string>} */ (
    /** @type {unknown} */ (say));
  return all[known] ?? say.OTHER;
}

/**
 * @param {Words} words
 * @param {Trouble} trouble
 * @param {boolean} retry whether the text that is kept can be tried again
 * @param {{retry: () => void, dismiss: () => void}} on
 */
export function makeTrouble(words, trouble, retry, on) {
  const { code, line = 0, byte = 0, where = "" } = trouble;
  const say = words.error;
  const text = troubleWords(words, code, line, byte);
  return makeBanner(
    text,
    {
      bad: true,
      more: retry ? say.kept : "",
      code: where || (text === say.OTHER ? say.codeLabel(code) : ""),
    },
    ...(retry ? [button(say.retry, on.retry)] : []),
    button(say.dismiss, on.dismiss),
  );
}

/**
 * Notes that were closed with their tab, tab by tab.
 * @param {Words} words
 * @param {readonly {id: string, saved: number, count: number}[]} left when, and
 *   how many
 * @param {{goOn: (id: string) => void, discard: (id: string) => void}} on
 */
export function makeLeft(words, left, on) {
  const say = words.privacy.draft;
  return left.map(({ id, saved, count }) => makeBanner(
    say.left(saved, count), { more: say.leftMore(count) },
    button(say.goOn, () => on.goOn(id), { class: "primary" }),
    button(say.discard, () => on.discard(id))));
}
