// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// doors.js - the ways by which a note comes to the page from outside its
// field: dropped anywhere, pasted anywhere, or as a file.

import { el } from "../element/dom.js";
import { MOST_BYTES, readBytes } from "./intake.js";

/** @typedef {{code: string, line?: number, byte?: number, where?: string}}
 *   Trouble */

/**
 * @typedef {object} DoorHost
 * @property {() => boolean} empty whether there is no note on the page
 * @property {() => boolean} open whether a file may be taken now
 * @property {(text: string) => void} give
 * @property {(trouble: Trouble) => void} refuse
 */

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

  /** @param {File} file its name is not looked at */
  async take(file) {
    const { open, give, refuse } = this.#host;
    if (!open()) return refuse({ code: "BUSY" });
    if (file.size > MOST_BYTES) return refuse({ code: "TOO_LARGE" });
    try {
      const read = readBytes(new Uint8Array(await file.arrayBuffer()));
      if (!("text" in read)) return refuse(read);
      give(read.text);
    } catch {
      refuse({ code: "UNREADABLE" });
    }
  }

  /** @param {DataTransfer | null} data */
  #takeDrop(data) {
    const { empty, give, refuse } = this.#host;
    const files = [...(data?.files ?? [])];
    const [file] = files;
    if (files.length > 1) return refuse({ code: "SEVERAL" });
    if (file) return void this.take(file);
    const text = data?.getData("text/plain") ?? "";
    if (text === "") return refuse({ code: "NO_FILE" });
    if (empty()) give(text);
  }
}
