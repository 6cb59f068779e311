// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// en-results.js - every word of the results page, in English.

import { vault } from "./en-vault.js";

const number = new Intl.NumberFormat("en");

export const results = {
  code: "en",
  page: {
    title: "Results",
    tagline: "Coded results with the originals, for those who may see them",
    language: "Language",
    theme: "Theme",
    themes: { auto: "System", light: "Light", dark: "Dark" },
    skip: "Skip to the content",
    promise: "Originals are put back in this tab. The server has them sealed and " +
      "cannot open them.",
    review: "To the review page",
  },
  signIn: {
    title: "Who works here?",
    lead: "This server signs in anybody on this machine: it is for trying " +
      "out.",
    issuer: (/** @type {string} */ host) =>
      `You sign in at ${host} and come back here.`,
    name: "User name",
    button: "Sign in",
    missing: "Type your user name.",
  },
  unlock: {
    title: "Unlock your keys",
    lead: (/** @type {string} */ sub) =>
      `Signed in as ${sub}. Your keys are opened in this tab and nowhere else.`,
    passphrase: "Passphrase",
    button: "Unlock",
    missing: "Type your passphrase.",
    keep: "Next time, let this device do it: fingerprint, face or PIN",
    device: "Unlock with this device",
    other: "Somebody else",
    off: "This server keeps no originals: there is nothing to put back.",
  },
  ask: {
    title: "Open a result",
    lead: "What you open, when and for which purpose is written down before " +
      "anything is released.",
    job: "Number of the result",
    jobHint: "As the review page showed it when it was sent",
    purpose: "Purpose",
    choose: "Choose…",
    purposes: {
      treatment: "Treatment of the patient",
      payment: "Billing and payment",
      operations: "Operation of the hospital",
      quality: "Quality control",
      "patient-request": "The patient asks for it",
      legal: "Required by law",
    },
    reason: "Reason",
    reasonHint: "In a few words, without the patient’s name",
    button: "Open with the originals",
    lock: "Lock",
    missing: {
      JOB: "Type the number of the result, such as 01980000-0000-7000-8000-" +
        "000000000001.",
      PURPOSE: "Choose a purpose.",
    },
  },
  open: {
    title: "Result with the originals",
    text: "Text with the originals",
    places: (/** @type {number} */ n) =>
      `${number.format(n)} ${n === 1 ? "original was" : "originals were"} ` +
      "put back",
    by: (/** @type {string} */ sub) => `Sealed and signed by ${sub}.`,
    codes: "Codes",
    system: "System",
    codeOf: "Code",
    meaning: "Meaning",
    evidence: "Evidence",
    none: "Not coded yet.",
    written: "Written down as",
    row: (/** @type {number} */ stream, /** @type {number} */ seq) =>
      `row ${stream}.${seq} of the audit log`,
    rewrap: {
      none: "",
      done: "Its key was wrapped to the newest key of the vault.",
      later: "Its key is still wrapped to an older key of the vault.",
    },
    close: "Close",
    goes: (/** @type {number} */ minutes) =>
      "Gone when you close it, leave the page, or do nothing for " +
      `${number.format(minutes)} minutes.`,
  },
  gone: {
    idle: "Closed, because nobody did anything. Your keys are locked.",
    left: "Closed, because the page was left. Your keys are locked.",
    closed: "Closed. Nothing of it is left in this tab.",
  },
  busy: {
    signIn: "Signing in",
    unlock: "Opening your keys; this takes a second or two",
    open: "Opening",
  },
  vault,
};

/** @typedef {typeof results} ResultsWords */
