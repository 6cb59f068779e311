// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// export.js - the ways out: clipboard and file. What goes out is always the
// engine's output, never what the page shows.

/**
 * Copy text. Rejects with an error whose code is CLIPBOARD where the browser
 * refuses.
 *
 * @param {string} text
 * @param {Pick<Clipboard, "writeText">} [clipboard]
 */
export async function copyText(text, clipboard = navigator.clipboard) {
  try {
    await clipboard.writeText(text);
  } catch {
    throw Object.assign(new Error("clipboard"), { code: "CLIPBOARD" });
  }
}

/**
 * Put nothing on the clipboard. What a system keeps of it beside the
 * clipboard, as a history for instance, is out of a page's reach.
 *
 * @param {Pick<Clipboard, "writeText">} [clipboard]
 */
export function clearClipboard(clipboard = navigator.clipboard) {
  return copyText("", clipboard);
}

/**
 * A name that says what and when, and nothing of the note or of its file.
 *
 * @param {Date} now
 * @param {string} [what]
 * @param {string} [ending]
 */
export function fileName(now, what = "scrubbed", ending = "txt") {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}`;
  return `${what}-${day}-${time}.${ending}`;
}

/**
 * Hand a text over as a download.
 *
 * @param {string} text
 * @param {string} name
 * @param {string} [type]
 */
export function downloadText(text, name, type = "text/plain;charset=utf-8") {
  const blob = new Blob([text], { type });
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the blob by the next turn of the loop.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
