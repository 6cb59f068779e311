// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// en.js - every word of the interface, in English. fr.js has the same keys.

import { privacy } from "./en-privacy.js";
import { signing } from "./en-signing.js";

const count = new Intl.NumberFormat("en");
const tenth = new Intl.NumberFormat("en", {
  minimumFractionDigits: 1, maximumFractionDigits: 1,
});

/**
 * @param {number} n
 * @param {string} one
 * @param {string} many
 */
function plural(n, one, many) {
  return `${count.format(n)} ${n === 1 ? one : many}`;
}

/** @param {number} bytes */
function megabytes(bytes) {
  return tenth.format(bytes / 1e6);
}

export const en = {
  code: "en",
  page: {
    tagline: "Redaction of clinical notes, on this device",
    language: "Language",
    theme: "Theme",
    noLanguage: "That language could not be fetched from this site.",
    themes: { auto: "System", light: "Light", dark: "Dark" },
    skip: "Skip to the note",
    signedIn: "You are signed in. This window can be closed.",
    /** to: where a signed text can be sent; others: hosts that are asked. */
    promise: (/** @type {string} */ to, /** @type {string} */ others) =>
      "The note stays on this device. " +
      (to && `Once you have signed it, its scrubbed text can be sent to ${to}, ` +
        "with the originals sealed or not at all. ") +
      (others === "" ? "This page asks no other host."
        : `Beside its own host, this page asks ${others}.`),
    /** Without a word of the model while it is on its way. */
    engine: (/** @type {string} */ v, /** @type {string} */ model) =>
      [`Engine ${v}`, model === "none" ? "rules only" : model && `model ${model}`]
        .filter(Boolean).join(", "),
  },
  offline: {
    states: {
      none: "Works with its server only: this browser does not store the page.",
      checking: "Looking at what is stored for offline use.",
      saving: "Storing for offline use.",
      ready: "Offline ready",
      failed: "Not stored for offline use.",
    },
    codes: {
      CHECK: "A file is not the one that was published.",
      NETWORK: "The server does not answer.",
      FULL: "There is no room left in this browser.",
      REFUSED: "The browser does not allow it.",
    },
    lasting: {
      kept: "until you remove it.",
      may: "unless the browser runs short of room.",
    },
    bar: "Stored for offline use",
    again: "Try again",
    update: {
      ready: "A new version is ready.",
      later: "A new version is ready; it waits until this note is finished.",
      others: "A new version is ready. Close the other Scrubjay tabs first.",
      broken: "A new version could not be stored; this one goes on.",
    },
    begin: "Restart with it",
    saveBegin: "Save and restart",
  },
  intake: {
    title: "Hide what identifies the patient",
    lead: (/** @type {boolean} */ sends) =>
      "Paste a note, open text files, or drop them anywhere on this page. " +
      (sends ? "It is read here, by a worker of this page: nothing is sent " +
        "before you have signed it and press Send."
        : "Nothing is sent: the note is read here, by a worker of this page."),
    label: "Clinical note",
    hint: "Paste or type the note here",
    open: "Open files…",
    scan: "Find identifiers",
    scanHint: "Ctrl + Enter",
    drop: "Drop text files to read them",
    cancelEdit: "Back without changes",
    rescan: "Scan again",
    editing: "Edit the text",
    editLead:
      "Decisions that still hold are kept: a finding whose words and " +
      "surroundings did not change stays as you left it.",
    ready: "Engine ready",
    readyRules: "Engine ready, rules only.",
    starting: "Starting the engine…",
    steps: (/** @type {boolean} */ sends) => ["Paste the note",
      "Check what was found",
      sends ? "Sign and send the scrubbed text" : "Copy the scrubbed text"],
  },
  status: {
    loading: "Starting the engine",
    model: "Loading the language model",
    download: (/** @type {number} */ done, /** @type {number} */ total) =>
      `Downloading the language model: ${megabytes(done)} of ` +
      `${megabytes(total)} MB`,
    check: "Checking the language model",
    start: "Starting the language model",
    soFar: (/** @type {number} */ n) =>
      `${plural(n, "finding", "findings")} by rules so far.`,
    detecting: "Looking for identifiers",
    windows: (/** @type {number} */ done, /** @type {number} */ total) =>
      `${count.format(done)} of ${count.format(total)} passages`,
    cancel: "Cancel",
    found: (/** @type {number} */ n, /** @type {number} */ doubt) =>
      n === 0
        ? "Nothing was found. Read the note before you use it."
        : `${plural(n, "finding", "findings")}, ${count.format(doubt)} to check.`,
    wiped: "The note was wiped.",
    reading: "Reading the file",
  },
  banner: {
    rules: "Rules alone looked at this note; no language model did.",
    rulesMore:
      "Names without a title or a label near them may be missed. Read the " +
      "whole text before you use it.",
    tryAgain: "Try for the model again",
    partial: (/** @type {number} */ n) =>
      `${plural(n, "line was", "lines were")} not scanned. Those lines are ` +
      "hidden whole in the scrubbed text.",
    newNote: "New note",
    editText: "Edit text",
  },
  missing: {
    MODEL_ABSENT: "This site has no language model.",
    MODEL_FETCH: "A file of the language model could not be fetched.",
    MODEL_HASH:
      "A file of the language model is not the one it should be, so it is " +
      "not used.",
    MODEL: "A file of the language model is wrong, so it is not used.",
    TOKENIZER: "A file of the language model is wrong, so it is not used.",
    MODEL_CANARY:
      "The language model does not find what it should in its own example, " +
      "so it is not used.",
    MODEL_DIED: "The language model stopped in the middle of a passage, twice.",
    RUNTIME: "What runs the language model does not start in this browser.",
    INSECURE: "A language model can be checked on https or localhost only.",
    NOMEM: "There is not enough memory for the language model.",
    OTHER: "The language model could not be loaded.",
  },
  error: {
    title: "That did not work",
    kept: "Your text is kept.",
    nothing: "There is nothing to scan: the note is empty.",
    retry: "Try again",
    back: "Back to the text",
    dismiss: "Dismiss",
    TOO_LARGE: "The note is larger than 16 MB, the most one note may have.",
    PDF: "That is a PDF. This version reads plain text only.",
    OFFICE: "That is an office file. This version reads plain text only.",
    RTF: "That is an RTF file. This version reads plain text only.",
    IMAGE: "That is a picture. Pictures are not read.",
    BINARY: "That file is not text.",
    ENCODING: (/** @type {number} */ line, /** @type {number} */ byte) =>
      `The file is not valid UTF-8: first error on line ${count.format(line)}` +
      `, byte ${count.format(byte)}. Save it as UTF-8 and open it again.`,
    UNREADABLE: "The file could not be read. It may have been moved or locked.",
    NO_FILE: "What was dropped holds no text file.",
    BUSY: "There is a note here already. Finish it, or choose New note first.",
    WORKER: "The engine stopped in the middle. Nothing you typed is lost.",
    LOAD: "The engine could not be loaded from this site.",
    TIMEOUT: "The engine did not answer in time.",
    INCOMPLETE: "Part of the note was not scanned, so it is not released.",
    CLIPBOARD: "The browser did not allow copying. Download the text instead.",
    DRAFT: "That draft cannot be read any more.",
    CLIPBOARD_KEPT:
      "The browser did not allow it. Copy any other word instead.",
    JSON: "What is known of the patient cannot be read.",
    OTHER: "The engine reported an error.",
    codeLabel: (/** @type {string} */ code) => `Code: ${code}`,
  },
  review: {
    region: "Review",
    note: "Note with findings marked",
    scrubbed: "Scrubbed text",
    list: "Findings",
    toolbar: "View and history",
    actions: "Actions",
    views: { original: "Original", scrubbed: "Scrubbed", both: "Side by side" },
    viewLabel: "Show",
    undo: "Undo",
    redo: "Redo",
    help: "Keys",
    filter: "Filter findings",
    states: {
      all: "All",
      uncertain: "To check",
      unseen: "Not looked at yet",
      manual: "Added by hand",
      kept: "Left in clear",
      rule: "Found by rules",
      model: "Found by the model",
      known: "Known patient",
    },
    stateLabel: "State",
    hiddenCount: (/** @type {number} */ n, /** @type {number} */ all) =>
      `${count.format(n)} of ${count.format(all)} will be hidden`,
    filtered: (/** @type {number} */ n) =>
      `${plural(n, "row is", "rows are")} filtered out; the filter changes ` +
      "the list only.",
    more: (/** @type {number} */ n) =>
      `Show ${plural(n, "more row", "more rows")}`,
    none: "Nothing was found. Select any words in the note to hide them.",
    near: (/** @type {number} */ n) =>
      `Came close, stays in clear (${count.format(n)})`,
    nearHint: "Nearly hidden, for words beside them or by their look. Tick " +
      "what should be hidden after all.",
    noMatch: "No finding matches the filter.",
    hide: (/** @type {string} */ kind, /** @type {string} */ words) =>
      `Hide ${kind} ${words}`,
    times: (/** @type {number} */ n) => `×${count.format(n)}`,
    timesLong: (/** @type {number} */ n) => plural(n, "place", "places"),
    uncertain: "to check",
    manual: "by hand",
    spared: "by policy",
    previousDoubt: "Previous to check",
    nextDoubt: "Next to check",
    doubts: (/** @type {number} */ seen, /** @type {number} */ all) =>
      `${count.format(seen)} / ${count.format(all)} checked`,
    noDoubt: "None to check",
    selected: "Selected",
    selectHint: "Select words in the note to hide them",
    as: "as",
    reach: "Where",
    reaches: {
      here: "Only here",
      word: (/** @type {number} */ n) =>
        `Every whole word (${count.format(n)})`,
      exact: (/** @type {number} */ n) =>
        `Every same spelling (${count.format(n)})`,
      case: (/** @type {number} */ n) =>
        `Anywhere, any case (${count.format(n)})`,
    },
    add: "Hide",
    clear: "Clear the selection",
    style: "Write as",
    styles: {
      placeholder: "[NAME]",
      numbered: "<PERSON_0>",
      plain: "[REDACTED]",
      redact: "████████",
    },
    apply: "Apply",
    applied: "Applied",
    copy: "Copy",
    download: "Download",
    sheet: (/** @type {number} */ n) => `Findings (${count.format(n)})`,
    close: "Close",
    why: "Why",
    evidence: (/** @type {string} */ what) => `Why: ${what}`,
    kindLabel: "Type",
    places: "Places",
    onlyThis: "Hide this place",
    go: "Go to the next place",
    edges: "Edges",
    edgeNames: {
      startBack: "Start one character earlier",
      startOn: "Start one character later",
      endBack: "End one character earlier",
      endOn: "End one character later",
    },
    stale: "Apply first: the marks have changed.",
    working: "Writing the scrubbed text…",
    line: (/** @type {number} */ n) => `line ${count.format(n)}`,
  },
  why: {
    rule: "rule",
    list: "list",
    known: "known patient",
    model: "model",
    echo: "same name elsewhere",
    veto: "veto considered",
    manual: "added by hand",
    check: "check digit",
    context: "words before or after",
    score: "score",
  },
  say: {
    item: (
      /** @type {number} */ at,
      /** @type {number} */ of,
      /** @type {string} */ kind,
      /** @type {string} */ words,
      /** @type {string} */ state,
    ) =>
      `${count.format(at)} of ${count.format(of)}: ${kind}, ${words}, ${state}`,
    hidden: "will be hidden",
    kept: "stays in clear",
    hid: (/** @type {number} */ n) =>
      `${plural(n, "place", "places")} will be hidden.`,
    keptNow: (/** @type {number} */ n) =>
      `${plural(n, "place stays", "places stay")} in clear.`,
    added: (/** @type {number} */ n) =>
      `${plural(n, "place", "places")} added.`,
    relabelled: (/** @type {string} */ kind) => `Now of type ${kind}.`,
    undone: "Undone.",
    redone: "Done again.",
    nothingToUndo: "Nothing to undo.",
    nothingToRedo: "Nothing to do again.",
    onlyHere: "There is no other place.",
    noMore: "There is nothing to go to.",
    applied: (/** @type {number} */ n) =>
      `Applied: ${plural(n, "place", "places")} replaced.`,
    copied: "The scrubbed text was copied.",
    downloaded: "The scrubbed text was downloaded.",
    caretOn:
      "Caret on: arrows move, Shift with arrows selects, Enter hides the " +
      "selection, Escape leaves.",
    caretOff: "Caret off.",
    edge: (/** @type {string} */ words) => `Now covers: ${words}`,
    blocked: "It cannot reach into its neighbour.",
  },
  keys: {
    title: "Keys",
    lead:
      "Single letters work while the review has the focus and no field has. " +
      "Digits are read by their place on the keyboard.",
    rows: [
      ["n  p", "next, previous finding to check"],
      ["j  k", "next, previous finding"],
      ["x  Space", "hide or leave the current place"],
      ["g", "hide or leave all its places"],
      ["1 … 9", "type of the selection or of the current finding"],
      ["a", "hide the selected words, or the word at the caret"],
      ["w", "where: only here, or all the places counted beside it"],
      ["c", "caret on or off, to select with the keyboard"],
      [
        "Shift + ← →",
        "move the end of the current finding; with Alt, its start",
      ],
      ["u  Ctrl + Z", "undo"],
      ["r  Ctrl + Y", "do again"],
      ["/", "filter the list"],
      ["v", "original, scrubbed, side by side"],
      ["Ctrl + Enter", "apply"],
      ["y", "copy the scrubbed text"],
      ["Escape", "clear the selection, close"],
      ["?", "this list"],
    ],
  },
  privacy,
  signing,
  fields: {
    open: "About the note…",
    short: "About…",
    known: (/** @type {number} */ n) =>
      n === 0 ? "patient not known yet"
        : `${plural(n, "field", "fields")} of the patient known`,
    rescan: "Read again with the new fields.",
  },
  kinds: {
    PERSON: { tag: "PERSON", name: "Person" },
    PROVIDER: { tag: "PROVIDER", name: "Provider" },
    DATE: { tag: "DATE", name: "Date" },
    PHONE: { tag: "PHONE", name: "Phone" },
    EMAIL: { tag: "EMAIL", name: "E-mail" },
    MRN: { tag: "MRN", name: "Record number" },
    LOCATION: { tag: "LOCATION", name: "Location" },
    ORGANIZATION: { tag: "ORG", name: "Organization" },
    ID: { tag: "ID", name: "Other identifier" },
    AGE: { tag: "AGE", name: "Age over 89" },
    ADDRESS: { tag: "ADDRESS", name: "Street address" },
    CITY: { tag: "CITY", name: "City" },
    ZIP: { tag: "ZIP", name: "Postal code" },
    FAX: { tag: "FAX", name: "Fax" },
    URL: { tag: "URL", name: "Web address" },
    IP: { tag: "IP", name: "IP address" },
    NATIONAL_ID: { tag: "NATIONAL ID", name: "National number" },
    ACCOUNT: { tag: "ACCOUNT", name: "Account" },
    LICENSE: { tag: "LICENSE", name: "Licence" },
    USERNAME: { tag: "USER", name: "User name" },
    VEHICLE: { tag: "VEHICLE", name: "Vehicle" },
    DEVICE: { tag: "DEVICE", name: "Device" },
    BIOMETRIC: { tag: "BIOMETRIC", name: "Biometric" },
    PHOTO: { tag: "PHOTO", name: "Photo" },
  },
};

/** @typedef {typeof en} Words */
