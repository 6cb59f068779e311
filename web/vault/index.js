// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// index.js - the vault as one object: who works here and with which keys, what
// is on its way, and records opened for those who may. A page loads it when it
// is first needed, not with its shell.

import { Api } from "./api.js";
import { isObject, JOB_ID, makeJobId, readCompact } from "./bytes.js";
import { refuseEcho } from "./echo.js";
import { openBody, sealBody } from "./envelope.js";
import { demand } from "./error.js";
import { Outbox } from "./outbox.js";
import { Person, subjectOf } from "./person.js";
import { followReceipt, readReceipt } from "./receipt.js";
import { readContext } from "./record.js";
import { reidentify } from "./release.js";
import { sealRecord, signRecord } from "./seal.js";
import { selfTest } from "./selftest.js";
import { memoryStore, openStore } from "./store.js";

/** @import {TokenSource} from "./api.js" */
/** @import {Receipt} from "./receipt.js" */
/** @import {MapEntity} from "./record.js" */
/** @import {Purpose, Reidentified} from "./release.js" */
/** @import {Item, Store} from "./store.js" */
/** @import {Body} from "./submission.js" */

export { CODES } from "./error.js";
export { makeKey, makePassphrase, wrapByKey, wrapByPassphrase }
  from "./keys.js";
export { beginSignIn, finishSignIn, signInBeside } from "./oidc.js";
export { makeMap, mergeLoosely, mergeText } from "./record.js";
export { developmentTokens, siteOf } from "./site.js";
export { makeSubmission } from "./submission.js";

/**
 * @typedef {object} Options
 * @property {string} base address that the server's paths begin at
 * @property {string} root fingerprint of the root key that this page names,
 *   "root:…"; "" for none
 * @property {TokenSource} token an access token of whoever works here
 * @property {typeof fetch} [fetch]
 * @property {Store} [store] IndexedDB where none is given
 * @property {Pick<LockManager, "request"> | null} [locks]
 * @property {() => number} [now]
 * @property {number} [lockMs]
 */

/**
 * How it stands. `vault` is "off" where the server keeps no originals.
 * @typedef {object} Standing
 * @property {"off" | "sealed"} vault
 * @property {string} sub
 * @property {readonly string[]} roles of the key list; none without one
 * @property {boolean} locked whether the keys are
 * @property {"none" | "possible" | "there"} passkey in place of the
 *   passphrase: not in this browser, not made, made
 * @property {boolean} durable whether what waits outlives the page
 * @property {number} serial of the key list; 0 for none
 */

/** @typedef {{job: string, status: string, vault: string, created: string,
 *   updated: string, attempts: number, error: string,
 *   waitMs: number}} Status */

/**
 * Open the vault's page side.
 * @param {Options} options
 * @returns {Promise<Vault>} before anything was asked of the server
 * @throws CRYPTO where the browser computes wrongly, or cannot
 */
export async function openVault(options) {
  await selfTest();
  let store = options.store;
  try {
    store ??= await openStore();
  } catch {
    store = memoryStore(); // `durable` says so
  }
  const vault = new Vault({ ...options, store });
  await vault.begin();
  return vault;
}

/** Dispatches `change` when `standing` or what waits is another; `sent`. */
export class Vault extends EventTarget {
  #api;
  #store;
  #root;
  #now;
  #person;
  #outbox;
  /** @type {Standing["vault"]} */
  #mode = "off";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #flushing;
  /** Bodies that this page made: sent without unwrapping them.
   * @type {Map<string, Body>} */
  #bodies = new Map();

  /** @param {Options & {store: Store}} options */
  constructor(options) {
    super();
    this.#api = new Api(options);
    this.#store = options.store;
    this.#root = options.root;
    this.#now = options.now ?? Date.now;
    this.#person = new Person({
      api: this.#api, store: this.#store, root: options.root, now: this.#now,
      lockMs: options.lockMs,
    });
    this.#outbox = new Outbox({
      store: this.#store,
      prepare: (item) => this.#prepare(item),
      send: (item) => this.#send(item),
      locks: options.locks !== undefined ? options.locks
        : globalThis.navigator?.locks ?? null,
      now: this.#now,
      dice: Math.random,
    });
    const tell = () => this.#tell();
    this.#person.addEventListener("change", tell);
    this.#person.addEventListener(
      "unlock", () => void this.#hurry(["LOCKED"]));
    this.#outbox.addEventListener("change", tell);
    this.#outbox.addEventListener("sent", (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      this.#bodies.delete(detail.id);
      this.dispatchEvent(new CustomEvent("sent", { detail }));
    });
  }

  /** @returns {Readonly<Standing>} */
  get standing() {
    const { sub, member, locked, passkey, list } = this.#person;
    return Object.freeze({
      vault: this.#mode, sub, roles: member?.roles ?? [], locked, passkey,
      durable: this.#store.durable, serial: list?.serial ?? 0,
    });
  }

  /** What was known when the page was last here. */
  async begin() {
    const known = await this.#store.get("known");
    if (!isObject(known)) return;
    this.#mode = known["mode"] === "sealed" ? "sealed" : "off";
    await this.#person.become(String(known["sub"]));
    const jws = await this.#store.get("keylist");
    if (isObject(jws))
      await this.#person.believe(jws["text"], Number(jws["at"]))
        .catch(() => {}); // not of this root, or past its time
  }

  /**
   * Ask the server how it works and for its key list, and send what waits.
   * @returns {Promise<Readonly<Standing>>}
   * @throws NETWORK, TOKEN, ANSWER, PIN, KEYLIST_…
   */
  async refresh() {
    const { body } = await this.#api.call("GET", "v1/config", { open: true });
    demand(isObject(body), "ANSWER", "config");
    const mode = body["vault"];
    demand(mode === "off" || mode === "sealed", "ANSWER", "vault");
    const sub = subjectOf(await this.#api.token());
    if (sub !== this.#person.sub) this.#bodies.clear();
    await this.#person.become(sub);
    this.#mode = mode;
    await this.#store.set("known", { mode, sub });
    if (mode === "sealed") {
      demand(this.#root !== "", "PIN");
      const answer = await this.#api.call("GET", "v1/vault/keylist");
      const text = isObject(answer.body) ? answer.body["keylist"] : answer.body;
      const at = this.#now();
      await this.#person.believe(text, at);
      await this.#store.set("keylist", { text, at });
    }
    this.#tell();
    void this.#hurry(["NETWORK", "TOKEN"]);
    return this.standing;
  }

  /**
   * Open this person's keys, for as long as they are used.
   * @param {string} passphrase
   * @param {{passkey?: boolean}} [more] passkey: make one of this device, so
   *   that it will do next time; a failure of that is told, and the keys stay
   *   open
   * @throws PASSPHRASE, KDF_WEAK, KEY_…, NOT_A_MEMBER, PASSKEY; NETWORK, …
   */
  async unlock(passphrase, { passkey = false } = {}) {
    await this.#person.unlock(passphrase, passkey);
  }

  /** The same by this device's passkey. @throws PASSKEY, as above */
  async unlockByPasskey() {
    await this.#person.unlockByPasskey();
  }

  /** Forget the keys. */
  lock() {
    this.#person.lock();
  }

  /** Lock, send nothing more, and forget what this page has made. */
  close() {
    this.lock();
    clearTimeout(this.#flushing);
    this.#bodies.clear();
  }

  /**
   * Seal a submission, keep it, and send it as soon as it can be.
   * @param {{body: Body, entities: readonly MapEntity[]}} submission of
   *   makeSubmission()
   * @returns {Promise<{id: string}>} once it is kept; `sent` follows, or
   *   waiting() says why not
   * @throws ECHO, NOT_A_MEMBER, NO_VAULT_KEY, KEYLIST_EXPIRED, QUEUE_FULL,
   *   QUOTA
   */
  async submit({ body, entities }) {
    const { sub, owner } = this.#person;
    demand(sub !== "", "TOKEN");
    refuseEcho(body, entities.flatMap(({ o }) => o));
    const id = makeJobId(this.#now());
    const whole = { ...body };
    if (this.#mode === "sealed") {
      const list = this.#person.toSealTo();
      const device = this.#person.use()?.device ?? null;
      // One who has no key to sign with later either is told so now.
      demand(device || this.#person.member, "NOT_A_MEMBER");
      const { vault } = await sealRecord(
        { job: id, sub, text: body.scrubbed_text, entities, list, device });
      whole["vault"] = vault;
    }
    await this.#outbox.add({ id, owner, jwe: await this.#seal(whole) });
    this.#bodies.set(id, whole);
    // Or the browser may drop what waits when it is short of room.
    void globalThis.navigator?.storage?.persist?.().catch(() => {});
    void this.flush();
    return { id };
  }

  /** What waits, oldest first. */
  waiting() {
    return this.#outbox.list(this.#person.owner);
  }

  /** What was sent from this browser, with its receipts. */
  sent() {
    return this.#outbox.sent(this.#person.owner);
  }

  /** Send what is due, and come back for what is not. Never throws. */
  flush() {
    return this.#hurry([]);
  }

  /** There is a network again: send without waiting. Never throws. */
  online() {
    return this.#hurry(["NETWORK"]);
  }

  /** @param {readonly string[]} codes */
  async #hurry(codes) {
    clearTimeout(this.#flushing);
    const { owner } = this.#person;
    if (owner === "") return;
    try {
      if (codes.length > 0) await this.#outbox.hurry(owner, codes);
      else await this.#outbox.flush(owner);
      const due = await this.#outbox.due(owner);
      if (due === null) return;
      clearTimeout(this.#flushing);
      this.#flushing = setTimeout(() => void this.flush(), due + 50);
      /** @type {any} */ (this.#flushing)?.unref?.(); // as in person.js
    } catch {
      // The store is gone; waiting() will say so to whoever asks.
    }
  }

  /** @param {string} id of one that was stopped, or is to be sent at once */
  retry(id) {
    return this.#outbox.retry(id, this.#person.owner);
  }

  /** @param {string} id of one that a person gives up */
  async discard(id) {
    await this.#outbox.discard(id, this.#person.owner);
    this.#bodies.delete(id);
  }

  /**
   * @param {string} job
   * @returns {Promise<Readonly<Status>>}
   */
  async status(job) {
    const { body, waitMs } =
      await this.#api.call("GET", `v1/coder/status/${pathOf(job)}`);
    demand(isObject(body) && body["job_id"] === job
      && typeof body["status"] === "string", "ANSWER", "status");
    const word = (/** @type {string} */ name) =>
      typeof body[name] === "string" ? String(body[name]) : "";
    return Object.freeze({
      job, status: body["status"], vault: word("vault"),
      created: word("created_at"), updated: word("updated_at"),
      attempts: Number(body["attempts"]) || 0, error: word("error"), waitMs,
    });
  }

  /**
   * Ask for what opens a record, open it, and tell the server that it was.
   * @param {string} job
   * @param {Purpose} purpose
   * @returns {Promise<Readonly<Reidentified>>}
   * @throws LOCKED, RECORD…, WRAP…, SHARE, TEXT_CHANGED, MAP, …
   */
  async reidentify(job, purpose) {
    return reidentify({
      api: this.#api, person: this.#person,
      follow: (receipt) => this.#follow(receipt, true),
    }, pathOf(job), purpose);
  }

  // What was sealed while the keys were locked has no signature yet. It is kept
  // with it before it is sent: no signature is made twice the same.
  /** @param {Readonly<Item>} item */
  async #prepare(item) {
    const body = await this.#bodyOf(item);
    if (!await this.#sign(item.id, body)) return null;
    return this.#seal(body);
  }

  /** @param {Readonly<Item>} item */
  async #send(item) {
    const body = await this.#bodyOf(item);
    const answer = await this.#api.call(
      "POST", "v1/coder/submit", { body, key: item.id });
    const { body: said } = answer;
    demand(isObject(said) && said["job_id"] === item.id
      && typeof said["status"] === "string", "ANSWER", "submit");
    const receipt = readReceipt(said["receipt"]);
    await this.#follow(receipt, item.attempts === 0);
    return { id: item.id, status: said["status"], receipt };
  }

  /** @param {Readonly<Item>} item */
  async #bodyOf({ id, jwe }) {
    const body = this.#bodies.get(id)
      ?? await openBody(jwe, this.#person.use()?.user ?? null, this.#store);
    this.#bodies.set(id, body);
    return body;
  }

  /** @param {Body} body */
  #seal(body) {
    const uk = this.#mode === "sealed" ? this.#person.member?.uk : null;
    return sealBody(body, uk ?? null, this.#store);
  }

  /**
   * @param {string} id
   * @param {Body} body
   * @returns {Promise<boolean>} whether it has been signed just now
   */
  async #sign(id, body) {
    const vault = body["vault"];
    if (!isObject(vault) || vault["sig"] !== "") return false;
    const device = this.#person.use()?.device;
    demand(device, "LOCKED");
    const data = String(vault["data"]);
    const context = readContext(readCompact(data, 5)?.header["ctx"]);
    demand(context.job === id, "RECORD_CONTEXT");
    vault["sig"] = await signRecord(context, data, device);
    return true;
  }

  /** @param {Readonly<Receipt>} receipt @param {boolean} fresh */
  async #follow(receipt, fresh) {
    const seen = await this.#store.get("receipts");
    await this.#store.set(
      "receipts", followReceipt(receipt, isObject(seen)
        ? /** @type {any} */ (seen) : {}, fresh));
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {string} job @returns {string} as it may stand in a path */
function pathOf(job) {
  demand(JOB_ID.test(job), "SUBMISSION", "job");
  return job;
}
