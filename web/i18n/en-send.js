// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// en-send.js - the words of sending a signed text, in English.

import { vault } from "./en-vault.js";

export const send = {
  code: "en",
  title: "Send",
  to: (/** @type {string} */ host) => `To ${host}: the scrubbed text, counts ` +
    "and versions.",
  sealed: "The originals go along sealed: the server cannot open them.",
  off: "The originals stay here: this server keeps none.",
  memory: "This browser keeps nothing for this page: do not close the tab " +
    "before it was sent.",
  signIn: {
    title: "Who sends?",
    lead: "This server signs in anybody on this machine: it is for trying " +
      "out.",
    issuer: (/** @type {string} */ host) =>
      `You sign in at ${host}, in a window of its own. The note stays here.`,
    name: "User name",
    button: "Sign in",
    missing: "Type your user name.",
    away: "Sign in in the window that was opened",
    awayLead: "This page waits for it, and goes on by itself.",
    blocked: "The browser did not allow a window. Allow windows for this site, " +
      "and try again.",
    again: "Sign in again",
  },
  unlock: {
    title: "Unlock your keys",
    lead: (/** @type {string} */ sub) =>
      `Signed in as ${sub}. Your key signs what is sealed.`,
    passphrase: "Passphrase",
    button: "Unlock and send",
    device: "Unlock with this device",
    keep: "Next time, let this device do it: fingerprint, face or PIN",
    missing: "Type your passphrase.",
  },
  busy: "Sending",
  sent: "Sent",
  sentLead: "The server has it, and its receipt was checked.",
  job: "Number of the result",
  row: "Written down as",
  rowOf: (/** @type {number} */ stream, /** @type {number} */ seq) =>
    `row ${stream}.${seq} of the audit log`,
  results: "To the results page",
  waits: "Kept on this device, will be sent",
  stopped: "Kept on this device, not sent",
  again: "It is tried again by itself.",
  asks: "The server does not take it as it is.",
  places: (/** @type {number} */ n) => n === 1
    ? "One place of the text looks like an identifier."
    : `${n} places of the text look like identifiers.`,
  others: "Waiting as well",
  since: (/** @type {string} */ when) => `signed off ${when}`,
  retry: "Try now",
  discard: "Discard",
  back: "Back to the signed text",
  fresh: "New note",
  next: "Go on",
  cancel: "Cancel",
  vault,
};

/** @typedef {typeof send} SendWords */
