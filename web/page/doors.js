// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// doors.js - the ways by which a note comes to the page from outside its
// field: dropped anywhere, pasted anywhere, or as a file; and several at once.

import { el } from "../element/dom.js";
import { MOST_BYTES, readBytes } from "./intake.js";

/** @import {Intake} from "./intake.js" */

/** @typedef {{code: string, line?: number, byte?: number, where?: string}}
 *   Trouble */

/**
 * @typedef {object} DoorHost
 * @property {() => boolean} empty whether there is no note on the page
 * @property {() => boolean} open whether a file may be taken now
 * @property {() => boolean} line whether there are several notes already
 * @property {(text: string) => void} give
 * @property {(items: readonly Item[]) => void} several files, or folders
 * @property {(trouble: Trouble) => void} refuse
 */

/** What is dropped or opened: a folder has to be asked for its files.
 * @typedef {File | FileSystemEntry} Item */

export class Doors {
  #host;
  /** What lies over the page while something is dragged across it. */
  drop = el("div", { class: "drop", attrs: { "aria-hidden": "true" } });

  /** @param {DoorHost} host */
  constructor(host) {
    this.#host = host;
    this.drop.hidden = true;
  }

  listen() {
    addEventListener("dragover", (event) => {
      event.preventDefault();
      this.drop.hidden = !event.dataTransfer?.types.includes("Files");
    });
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) this.drop.hidden = true;
    });
    addEventListener("drop", (event) => {
      event.preventDefault();
      this.drop.hidden = true;
      this.#takeDrop(event.dataTransfer);
    });
    addEventListener("paste", (event) => {
      const target = event.composedPath()[0];
      const field =
        target instanceof Element && target.matches("input, textarea, select");
      if (field || !this.#host.empty()) return;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (text !== "") this.#host.give(text);
    });
  }

  /** @param {readonly File[]} files their names are not looked at */
  take(files) {
    const [file] = files;
    if (files.length > 1 || this.#host.line()) this.#host.several(files);
    else if (file) void this.#takeOne(file);
  }

  /** @param {File} file */
  async #takeOne(file) {
    const { open, give, refuse } = this.#host;
    if (!open()) return refuse({ code: "BUSY" });
    const read = await readFile(file);
    if ("text" in read) give(read.text);
    else refuse(read);
  }

  /** @param {DataTransfer | null} data */
  #takeDrop(data) {
    const { empty, give, refuse, several } = this.#host;
    // A folder among them is known now, and not later.
    const entries = [...(data?.items ?? [])]
      .map((item) => item.webkitGetAsEntry?.() ?? null);
    if (entries.some((entry) => entry?.isDirectory))
      return several(entries.filter((entry) => entry !== null));
    const files = [...(data?.files ?? [])];
    if (files.length > 0) return this.take(files);
    const text = data?.getData("text/plain") ?? "";
    if (text === "") return refuse({ code: "NO_FILE" });
    if (empty()) give(text);
  }
}

/** @param {File} file @returns {Promise<Intake>} */
export async function readFile(file) {
  if (file.size > MOST_BYTES) return { code: "TOO_LARGE" };
  try {
    return readBytes(new Uint8Array(await file.arrayBuffer()));
  } catch {
    return { code: "UNREADABLE" };
  }
}
