// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// dom.js - making elements without markup: text is only ever text.

/**
 * @typedef {object} Parts
 * @property {string} [class]
 * @property {string} [text]
 * @property {Record<string, string | null>} [attrs] null leaves one out
 * @property {Record<string, (event: any) => void>} [on]
 */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Parts} [parts]
 * @param {...Node} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, parts = {}, ...children) {
  const element = document.createElement(tag);
  if (parts.class) element.className = parts.class;
  if (parts.text !== undefined) element.textContent = parts.text;
  for (const [name, value] of Object.entries(parts.attrs ?? {}))
    if (value !== null) element.setAttribute(name, value);
  for (const [type, listener] of Object.entries(parts.on ?? {}))
    element.addEventListener(type, listener);
  element.append(...children);
  return element;
}

/**
 * @param {string} text
 * @param {() => void} press
 * @param {Parts} [parts]
 */
export function button(text, press, parts = {}) {
  const made = el("button", {
    ...parts,
    text,
    attrs: { type: "button", ...parts.attrs },
  });
  made.addEventListener("click", press);
  return made;
}

/**
 * A select with a visible label.
 *
 * @param {string} label
 * @param {readonly (readonly [string, string])[]} options value, words
 * @param {(value: string) => void} choose
 * @returns {{label: HTMLLabelElement, select: HTMLSelectElement}}
 */
export function choice(label, options, choose) {
  const select = el("select");
  fillChoice(select, options);
  select.addEventListener("change", () => choose(select.value));
  const words = el("span", { text: label });
  return { label: el("label", { class: "choice" }, words, select), select };
}

/**
 * @param {HTMLSelectElement} select
 * @param {readonly (readonly [string, string])[]} options
 */
export function fillChoice(select, options) {
  const value = select.value;
  select.replaceChildren(
    ...options.map(([key, text]) =>
      el("option", { text, attrs: { value: key } }),
    ),
  );
  if (options.some(([key]) => key === value)) select.value = value;
}
