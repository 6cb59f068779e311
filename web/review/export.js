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
 * A name that says what and when, and nothing of the note or of its file.
 *
 * @param {Date} now
 */
export function fileName(now) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `scrubbed-${day}-${two(now.getHours())}${two(now.getMinutes())}.txt`;
}

/**
 * Hand a text over as a download.
 *
 * @param {string} text
 * @param {string} name
 */
export function downloadText(text, name) {
  const blob = new Blob([text], { type: "text/plain;charset=utf-8" });
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the blob by the next turn of the loop.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
