// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// en-signing.js - the words of sign-off and report, in English.

const count = new Intl.NumberFormat("en");

/**
 * @param {number} n
 * @param {string} one
 * @param {string} many
 */
function plural(n, one, many) {
  return `${count.format(n)} ${n === 1 ? one : many}`;
}

const READ = "I have read this text as it will be given away. ";

export const signing = {
  open: "Sign off…",
  title: "Sign off",
  lead: "The text shown here is, character for character, what will be given " +
    "away.",
  preview: "Scrubbed text to be given away",
  checks: "Before you can sign",
  /** n: places that the reviewer left, as something else. */
  clear: (/** @type {number} */ n) =>
    "Every line was scanned or hidden, every finding to check was seen, and " +
    "nothing hidden stands in clear elsewhere" +
    (n === 0 ? "." : `, save in ${plural(n, "place", "places")} that you left.`),
  blocks: {
    CHANGED: (/** @type {number} */ _) =>
      "The text was changed since it was scanned.",
    OUTPUT: (/** @type {number} */ _) =>
      "The scrubbed text could not be written.",
    RULES_ONLY: (/** @type {number} */ _) =>
      "No language model read this note, and the policy asks for one.",
    UNSCANNED: (/** @type {number} */ n) =>
      n === 0 ? "Part of the note was not scanned."
        : `${plural(n, "line was", "lines were")} not scanned and would stay ` +
          "in clear.",
    UNSEEN: (/** @type {number} */ n) =>
      `${plural(n, "finding", "findings")} to check not looked at yet.`,
    RESIDUAL: (/** @type {number} */ n) =>
      `Words that are hidden elsewhere stand in clear in ` +
      `${plural(n, "place", "places")}.`,
    LEAK: (/** @type {number} */ n) =>
      n === 0 ? "The text could not be looked through for identifiers, so the " +
        "server would not take it."
        : `${plural(n, "place looks", "places look")} like an identifier: the ` +
          "server would not take the text.",
    NUL: (/** @type {number} */ n) =>
      `${plural(n, "place holds", "places hold")} a sign that cannot be sent ` +
      "(NUL): hide it, or take it out of the text.",
  },
  leads: {
    CHANGED: "Edit and scan again",
    OUTPUT: "Back to the review",
    RULES_ONLY: "Try for the model again",
    UNSCANNED: "Show the first line",
    UNSEEN: "Show the first one",
    RESIDUAL: "Show the first place",
    LEAK: "Show the first place",
    NUL: "Edit the text",
  },
  hide: "Hide all of it",
  other: "It means something else there",
  otherHint: "Leaves that place in clear, and the report counts it.",
  counts: "Counts",
  facts: {
    findings: "Findings",
    hidden: "Hidden",
    leftInClear: "Left in clear by the reviewer",
    leftByPolicy: "Left in clear by the policy",
    addedByHand: "Added or moved by hand",
    uncertain: "Uncertain",
    uncertainSeen: "Uncertain and looked at",
    replacements: "Places replaced",
    linesHiddenUnscanned: "Lines not scanned, hidden whole",
    accepted: "Same words left in clear as something else",
  },
  made: "What read the note",
  engine: "Engine",
  rules: (/** @type {number} */ n) => plural(n, "rule", "rules"),
  model: "Model",
  noModel: "none, rules alone",
  packs: (/** @type {number} */ n) => plural(n, "pack", "packs"),
  windows: "Passages read by the model",
  output: "Scrubbed text",
  size: "Size and style",
  bytes: (/** @type {number} */ n, /** @type {string} */ style) =>
    `${plural(n, "byte", "bytes")}, style ${style}`,
  digest: "SHA-256 of the scrubbed text",
  noDigest: "not available in this browser",
  rulesFirst: "No language model read this note. Rules alone did, and they " +
    "miss names that nothing near them gives away, so I have read every word " +
    "of it myself. ",
  statements: {
    "safe-harbor": READ +
      "The identifiers of 45 CFR 164.514(b)(2) of the patient and of the " +
      "patient’s relatives, employers and household are hidden, and I do not " +
      "know of anything in the rest that could identify the patient.",
    "limited-dataset": READ +
      "The direct identifiers of 45 CFR 164.514(e)(2) are hidden. Dates, " +
      "towns and postal codes may remain: this text may be used under a data " +
      "use agreement only.",
    "gdpr-fr": READ +
      "What identifies the patient directly is hidden. I know that the text " +
      "may still count as personal data under the GDPR and is to be kept as " +
      "such.",
    other: READ +
      "What the policy of this site asks for is hidden, and I do not know of " +
      "anything in the rest that could identify the patient.",
  },
  name: "Your name",
  role: "Your role",
  missing: {
    NAME: "Type your name.",
    ROLE: "Type your role, such as physician.",
    AGREE: "Tick the statement.",
    LEAK: "Your role looks like an identifier: the server would not take it.",
  },
  sign: "Sign",
  signNext: "Sign and next",
  signKey: "Ctrl + Enter does it from anywhere on this page: it ticks the " +
    "statement, signs, and opens the next note.",
  next: "Go on",
  back: "Back to the review",
  signed: "Signed",
  signedBy: (
    /** @type {string} */ name,
    /** @type {string} */ role,
    /** @type {string} */ when,
  ) => `${name}, ${role}, ${when}`,
  signedLead: "This report holds counts, versions and digests, and no word of " +
    "the note. It names you: keep it apart from the text.",
  byType: "Hidden, by type",
  send: "Send…",
  sendNumbered: "Number it, to send it…",
  sendHint: "It is sent with numbered placeholders, so that it can be put back: " +
    "you see and sign it once more.",
  copy: "Copy the text",
  download: "Download the text",
  downloadReport: "Download the report",
  print: "Print the report",
};
