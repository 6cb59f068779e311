// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// sign-off.js - from a review to a signed report: has the text written, checks
// it, and shows what stands in the way, or takes the signature. It holds what
// the two pages of a signature show, and forgets it with the note.

import { button, el } from "../element/dom.js";
import { copyText, downloadText, fileName } from "../review/export.js";
import { kindOf } from "../review/kinds.js";
import { fieldLines } from "../review/leaks.js";
import { toOriginal } from "../review/note.js";
import { countAll, makeReport, reportText } from "../review/report.js";
import { itemById } from "../review/session.js";
import { checkSignOff, statementFor } from "../review/signoff.js";
import {
  countRows, makeSigned, makeSigning, signByKey, statementOf,
} from "./signing.js";

/** @import {Leak} from "../../wasm/types.js" */
/** @import {ScrubjayReview} from "../element/scrubjay-review.js" */
/** @import {Words} from "../i18n/en.js" */
/** @import {Redactor} from "../redactor.js" */
/** @import {SignedReport} from "../review/report.js" */
/** @import {Block, Check, SignPolicy, Written} from "../review/signoff.js" */
/** @import {Found} from "../types.js" */
/** @import {ToSubmit} from "../vault/submission.js" */
/** @import {Reviewer} from "./signing.js" */

/**
 * What a signature needs of the page.
 * @typedef {object} Host
 * @property {ScrubjayReview} review
 * @property {() => Words} words
 * @property {() => {found: Found, text: string, policy: string} | null} scan
 *   what was scanned, and what it gave
 * @property {() => {documentType: string, specialty: string}} fields
 * @property {Readonly<SignPolicy>} asks
 * @property {() => Redactor | null} redactor
 * @property {((what: ToSubmit) => void) | null} send null where this site has
 *   no server
 * @property {(event: string) => boolean} go
 * @property {() => void} back to the review
 * @property {() => void} show
 * @property {() => void} edit
 * @property {() => void} tryModel
 * @property {() => void} wipe
 * @property {() => boolean} line whether this note is one of several
 * @property {() => void} next the note after it
 * @property {() => string} name that the text is downloaded under
 * @property {(trouble: {code: string}) => void} refuse
 * @property {(words: string) => void} say
 */

/**
 * What a signature keeps of one note.
 * @typedef {object} HeldSigning
 * @property {Readonly<Written> | null} output
 * @property {Readonly<Check> | null} check
 * @property {SignedReport | null} report
 * @property {readonly Leak[]} leaks that the server would find in it
 */

/** @type {Readonly<HeldSigning>} */
export const NOTHING = Object.freeze(
  { output: null, check: null, report: null, leaks: [] });

export class SignOff {
  /** @type {Host} */
  #host;
  /** For the next note too, and in this tab alone. @type {Reviewer} */
  #reviewer = { name: "", role: "" };
  /** @type {Readonly<Written> | null} */
  #output = null;
  /** What the server would find in it. @type {readonly Leak[]} */
  #found = [];
  /** @type {Readonly<Check> | null} */
  #check = null;
  /** @type {SignedReport | null} */
  #report = null;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  /** Forget the note; who signs stays. */
  clear() {
    this.held = NOTHING;
  }

  /** What there is of this note, to be put away with it. @returns {HeldSigning} */
  get held() {
    const [output, check, report] = [this.#output, this.#check, this.#report];
    return { output, check, report, leaks: this.#found };
  }

  set held({ output, check, report, leaks }) {
    this.#found = leaks;
    this.#output = output;
    this.#check = check;
    this.#report = report;
  }

  /** Have the text written and checked, and show what came of it. */
  async begin() {
    const { review, scan, go, show, refuse, send, line } = this.#host;
    // A queue is sent as it is signed, without a second look.
    if (send && line()) review.writeAs = "numbered";
    const before = scan();
    const output = await review.write();
    let leaks;
    try {
      // What is sent is numbered; another style is for other ends.
      leaks = this.#host.send && output?.style === "numbered"
        ? await this.#leaks(output.text) : undefined;
    } catch (error) {
      return refuse({ code: /** @type {any} */ (error)?.code ?? "OTHER" });
    }
    const scanned = scan();
    // Another note may be open by now.
    if (!scanned || scanned.found !== before?.found || !go("sign")) return;
    this.#report = null;
    this.#output = output;
    this.#found = leaks ?? [];
    this.#check = checkSignOff({
      review: review.session,
      scanned: scanned.text,
      found: scanned.found,
      output,
      ...(leaks === undefined ? {} : { leaks }),
      policy: this.#host.asks,
    });
    show();
  }

  // What the server of this site would find in it, before it is asked; null
  // where it could not be looked through whole.
  /** @param {string} text */
  async #leaks(text) {
    const { send, redactor, scan } = this.#host;
    try {
      return send === null ? []
        : await redactor()?.leaks(text, scan()?.policy ?? "") ?? null;
    } catch (error) {
      const { code } = /** @type {any} */ (error);
      if (code === "INCOMPLETE" || code === "TOO_LARGE") return null;
      throw error;
    }
  }

  /** The page before the signature. @returns {Node} */
  signing() {
    const { review, scan, words } = this.#host;
    const found = scan()?.found;
    const check = this.#check;
    if (!found || !check) return document.createDocumentFragment();
    const counts = countAll(review.session, found, this.#output);
    const accepted = check.residues.filter((one) => one.accepted).length;
    return makeSigning(words(), {
      output: this.#output,
      check,
      leaks: this.#found,
      statement: this.#statement().text,
      facts: countRows(words(), counts, accepted),
      reviewer: this.#reviewer,
      line: this.#host.line(),
    }, {
      back: () => this.#host.back(),
      lead: (block) => this.#lead(block),
      leave: () => this.#leave(check),
      hide: (block) => this.#hide(block),
      sign: (complain) => void this.#sign(complain),
    });
  }

  /** The page after it. @returns {Node} */
  signed() {
    const { words, back, wipe, line } = this.#host;
    const say = words().signing;
    const report = this.#report;
    const output = this.#output;
    if (!report || !output) return document.createDocumentFragment();
    return makeSigned(words(), report, output, [
      ...this.#sendButton(output),
      button(say.copy, () => void this.#copy(output.text),
        this.#host.send ? {} : { class: "primary" }),
      button(say.download, () => {
        downloadText(output.text, fileName(new Date(), this.#host.name()));
        this.#host.say(words().say.downloaded);
      }),
      button(say.downloadReport, () => {
        downloadText(reportText(report),
          fileName(new Date(), "report", "json"), "application/json");
      }),
      button(say.print, () => print()),
      button(say.back, back),
      ...(line() ? [button(words().signing.next, this.#host.next)]
        : [button(words().banner.newNote, wipe)]),
    ]);
  }

  // What is sent has to be what was signed, so another style is signed anew.
  /** @param {Readonly<Written>} output */
  #sendButton(output) {
    const { review, send, words, back } = this.#host;
    const say = words().signing;
    if (!send) return [];
    if (output.style === "numbered")
      return [button(say.send, () => this.send(), { class: "primary" })];
    return [button(say.sendNumbered, () => {
      back();
      review.writeAs = "numbered";
      void this.begin();
    }, { attrs: { title: say.sendHint } }),
    el("p", { class: "lead", text: say.sendHint })];
  }

  /**
   * The one key of several notes: it leads to the signature, signs, and leads
   * on.
   * @param {string} at
   * @param {ParentNode} page
   * @returns {boolean} whether there was anything to do
   */
  press(at, page) {
    switch (at) {
      case "reviewing":
      case "rulesOnly":
        void this.begin();
        return true;
      case "signing":
        signByKey(page);
        return true;
      case "signed":
      case "queued":
      case "sent":
        this.#host.next();
        return true;
      default:
        return false;
    }
  }

  /** Send it, where it is signed as it is sent. */
  send() {
    const { send } = this.#host;
    const [report, output] = [this.#report, this.#output];
    if (send && report && output?.style === "numbered")
      send(this.#toSend(report, output));
  }

  /**
   * @param {SignedReport} report
   * @param {Readonly<Written>} output
   * @returns {ToSubmit}
   */
  #toSend(report, output) {
    const { note, items } = this.#host.review.session;
    return {
      original: note.original,
      written: output,
      findings: items.filter((item) => !item.kept).map((item) => ({
        start: toOriginal(note, item.start), end: toOriginal(note, item.end),
        manual: item.manual, sources: item.sources,
      })),
      fields: this.#host.fields(),
      policy: this.#host.scan()?.policy ?? "",
      lang: this.#host.scan()?.found.lang ?? "",
      report,
    };
  }

  #statement() {
    const words = this.#host.words();
    const { found, policy } = this.#host.scan() ?? { policy: "" };
    const rulesOnly = found?.engine.model === "none";
    const text = statementOf(words, statementFor(policy), rulesOnly);
    return { policy, language: words.code, text };
  }

  /** @param {(code: "LEAK") => void} complain of the role */
  async #sign(complain) {
    const { review, scan, redactor, go, show, refuse, line } = this.#host;
    const found = scan()?.found;
    const output = this.#output;
    const check = this.#check;
    if (!found || !output || !check) return;
    try {
      const leaks = await this.#leaks(fieldLines({
        ...this.#host.fields(), role: this.#reviewer.role,
        policy: scan()?.policy ?? "", lang: found.lang,
      }));
      if (leaks?.length !== 0) return complain("LEAK");
      const report = await makeReport({
        review: review.session,
        found,
        output,
        check,
        provenance: redactor()?.provenance ?? null,
        reviewer: this.#reviewer,
        statement: this.#statement(),
        fields: this.#host.fields(),
        now: new Date(),
      });
      if (scan()?.found !== found || !go("confirm")) return;
      this.#report = report;
      if (line()) this.#host.next();
      else show();
    } catch {
      refuse({ code: "OTHER" });
    }
  }

  // To the place that a block speaks of, in the review.
  /** @param {Block} block */
  #lead({ code, places }) {
    const { back, edit, tryModel, review } = this.#host;
    back();
    if (code === "CHANGED" || code === "NUL") return edit();
    if (code === "RULES_ONLY") return tryModel();
    const [place] = places;
    if (place) review.show(place);
  }

  // A person says that the same words are another thing there.
  /** @param {Check} check */
  #leave({ residues }) {
    const { review, back } = this.#host;
    const residue = residues.find((one) => !one.accepted);
    if (!residue) return;
    const item = itemById(review.session, residue.id);
    back();
    const { start, end } = residue;
    review.add({ start, end }, item ? kindOf(item) : "ID", true);
    void this.begin();
  }

  // All that the server would find, as if added by hand.
  /** @param {Block} block */
  #hide({ places }) {
    const { review, back } = this.#host;
    back();
    for (const { start, end, kind = "ID" } of places)
      review.add({ start, end }, kind);
    void this.begin();
  }

  /** @param {string} text */
  async #copy(text) {
    try {
      await copyText(text);
      this.#host.say(this.#host.words().say.copied);
    } catch {
      this.#host.refuse({ code: "CLIPBOARD" });
    }
  }
}
