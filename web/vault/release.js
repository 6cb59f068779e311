// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// release.js - asking for what opens a record. The server writes down who asks
// and why before it answers; the page opens what comes, wraps its key to the
// vault's newest where it is wrapped to an older one, and says how it went.

import { isObject } from "./bytes.js";
import { demand } from "./error.js";
import { openRecord } from "./open.js";
import { readReceipt } from "./receipt.js";

/** @import {Api} from "./api.js" */
/** @import {Person} from "./person.js" */
/** @import {Receipt} from "./receipt.js" */
/** @import {MapEntity} from "./record.js" */

/** @typedef {{purpose: string, reason?: string}} Purpose */

/**
 * A record that was opened. Forget it when its page is closed.
 * @typedef {object} Reidentified
 * @property {string} job
 * @property {string} by who sealed and signed it
 * @property {string} text scrubbed
 * @property {readonly MapEntity[]} entities
 * @property {unknown} results of coding, null for none; placeholders only
 * @property {Readonly<Receipt>} receipt
 * @property {"none" | "done" | "later"} rewrap whether its key was wrapped anew
 */

/**
 * @typedef {object} World
 * @property {Api} api
 * @property {Person} person
 * @property {(receipt: Readonly<Receipt>) => Promise<void>} follow
 */

/**
 * @param {World} world
 * @param {string} job that may stand in a path
 * @param {Purpose} purpose
 * @returns {Promise<Readonly<Reidentified>>}
 */
export async function reidentify(world, job, { purpose, reason = "" }) {
  const { api, person } = world;
  person.believed();
  demand(person.use()?.user, "LOCKED");
  const { body } = await api.call("POST", "v1/coder/reidentify", {
    body: {
      job_id: job, purpose_of_use: purpose,
      ...(reason === "" ? {} : { reason }),
    },
  });
  try {
    const found = await open(world, job, body);
    await acknowledge(api, job, { outcome: "decrypted" });
    return found;
  } catch (error) {
    const { code } = /** @type {any} */ (error);
    await acknowledge(
      api, job, { outcome: "failed", error: String(code ?? "OTHER") });
    throw error;
  }
}

/** @param {World} world @param {string} job @param {unknown} body */
async function open({ api, person, follow }, job, body) {
  demand(isObject(body) && body["job_id"] === job, "ANSWER", "job");
  const receipt = readReceipt(body["receipt"]);
  await follow(receipt);
  const text = body["scrubbed_text"];
  demand(typeof text === "string", "ANSWER", "text");
  const opened = await openRecord({
    job, text, record: body["vault"], share: body["share"],
    list: person.believed(), keyOf: (kid) => person.vaultKey(kid),
  });
  let rewrap = /** @type {Reidentified["rewrap"]} */ ("none");
  if (opened.rewrap)
    rewrap = await api.call("PUT", `v1/vault/records/${job}/wraps`,
      { body: opened.rewrap }).then(
      () => /** @type {const} */ ("done"),
      () => /** @type {const} */ ("later")); // the next one to open it will
  return Object.freeze({
    job, by: opened.context.sub, text, entities: opened.entities,
    results: body["results"] ?? null, receipt, rewrap,
  });
}

/** @param {Api} api @param {string} job @param {object} what */
async function acknowledge(api, job, what) {
  try {
    await api.call(
      "POST", `v1/coder/reidentify/${job}/ack`, { body: what });
  } catch {
    // The release itself is in the audit log already.
  }
}
