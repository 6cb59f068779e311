// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// index.js - the vault as one object: who works here, the keys that may be
// believed, results on their way, and records opened for those who may. The
// other files of this folder know nothing of each other's state; this one holds
// it all. A page loads it when it is first needed, not with its shell.

import { CompactEncrypt, compactDecrypt, importJWK } from "jose";

import { Api } from "./api.js";
import {
  digestOf, fromBase64url, fromUtf8, isObject, JOB_ID, makeJobId, parseJson,
  toUtf8,
} from "./bytes.js";
import { refuseEcho } from "./echo.js";
import { demand, refusal } from "./error.js";
import { memberOf, thumbprint, verifyKeylist } from "./keylist.js";
import {
  openingKey, passkeySlot, unlock, unwrapByKey, wrappedFor,
} from "./keys.js";
import { openRecord } from "./open.js";
import { Outbox } from "./outbox.js";
import { askPasskey, makePasskey, passkeysThere } from "./passkey.js";
import { followReceipt, readReceipt } from "./receipt.js";
import { readContext } from "./record.js";
import { sealRecord, signRecord } from "./seal.js";
import { selfTest } from "./selftest.js";
import { memoryStore, openStore } from "./store.js";

/** @import {TokenSource} from "./api.js" */
/** @import {Keylist} from "./keylist.js" */
/** @import {Unlocked, Wrapped} from "./keys.js" */
/** @import {Receipt} from "./receipt.js" */
/** @import {MapEntity} from "./record.js" */
/** @import {Item, Store} from "./store.js" */
/** @import {Body} from "./submission.js" */

export { CODES } from "./error.js";
export { makeKey, makePassphrase, wrapByKey, wrapByPassphrase }
  from "./keys.js";
export { makeMap, mergeLoosely, mergeText } from "./record.js";
export { developmentTokens, siteOf } from "./site.js";
export { makeSubmission } from "./submission.js";

/** A key list that was not seen anew for longer is not sealed to. */
const LIST_MS = 30 * 24 * 3600_000;

/** How long keys stay unlocked without use. */
const LOCK_MS = 10 * 60_000;

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

/** @typedef {{purpose: string, reason?: string}} Purpose */

/**
 * A record that was opened. Forget it when its page is closed.
 * @typedef {object} Reidentified
 * @property {string} job
 * @property {string} text scrubbed
 * @property {readonly MapEntity[]} entities
 * @property {unknown} results of coding, null for none; placeholders only
 * @property {Readonly<Receipt>} receipt
 * @property {"none" | "done" | "later"} rewrap whether its key was wrapped anew
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
  #options;
  #now;
  /** @type {Outbox} */
  #outbox;
  /** @type {Standing["vault"]} */
  #mode = "off";
  #sub = "";
  #owner = "";
  /** @type {Readonly<Keylist> | null} */
  #list = null;
  #listAt = 0;
  /** @type {Readonly<Unlocked> | null} */
  #keys = null;
  /** Id of this person's passkey in this browser; "" for none. */
  #passkey = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #locking;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #flushing;
  /** Bodies that this page made: sent without unwrapping them.
   * @type {Map<string, Body>} */
  #bodies = new Map();

  /** @param {Options & {store: Store}} options */
  constructor(options) {
    super();
    this.#options = options;
    this.#api = new Api(options);
    this.#store = options.store;
    this.#now = options.now ?? Date.now;
    this.#outbox = new Outbox({
      store: this.#store,
      prepare: (item) => this.#prepare(item),
      send: (item) => this.#send(item),
      locks: options.locks !== undefined ? options.locks
        : globalThis.navigator?.locks ?? null,
      now: this.#now,
      dice: Math.random,
    });
    this.#outbox.addEventListener("change", () => this.#tell());
    this.#outbox.addEventListener("sent", (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      this.#bodies.delete(detail.id);
      this.dispatchEvent(new CustomEvent("sent", { detail }));
    });
  }

  /** @returns {Readonly<Standing>} */
  get standing() {
    return Object.freeze({
      vault: this.#mode,
      sub: this.#sub,
      roles: this.#list && memberOf(this.#list, this.#sub)?.roles || [],
      locked: this.#keys === null,
      passkey: this.#passkey !== "" ? "there"
        : passkeysThere() ? "possible" : "none",
      durable: this.#store.durable,
      serial: this.#list?.serial ?? 0,
    });
  }

  /** What was known when the page was last here. */
  async begin() {
    const known = await this.#store.get("known");
    if (!isObject(known)) return;
    this.#mode = known["mode"] === "sealed" ? "sealed" : "off";
    await this.#become(String(known["sub"]));
    const jws = await this.#store.get("keylist");
    if (isObject(jws)) await this.#believe(jws["text"], Number(jws["at"]))
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
    const vault = isObject(body["vault"]) ? body["vault"]["mode"]
      : body["vault"];
    demand(vault === "off" || vault === "sealed", "ANSWER", "vault");
    await this.#become(subjectOf(await this.#api.token()));
    this.#mode = vault;
    await this.#store.set("known", { mode: vault, sub: this.#sub });
    if (vault === "sealed") {
      demand(this.#options.root !== "", "PIN");
      const answer = await this.#api.call("GET", "v1/vault/keylist");
      const text = isObject(answer.body) ? answer.body["keylist"] : answer.body;
      await this.#believe(text, this.#now());
      await this.#store.set("keylist", { text, at: this.#listAt });
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
    const list = this.#believed();
    const wrapped = await this.#wrapped();
    const { keys, wrapAgain } = await unlock(
      wrappedFor(wrapped), passphrase, list, this.#sub);
    this.#unlocked(keys);
    if (!passkey) return;
    const { id, secret } = await makePasskey(this.#sub);
    const again = await wrapAgain(secret);
    await this.#api.call("PUT", "v1/vault/keys/me", { body: {
      keys: again.map(({ key, jwe }) => ({ slot: passkeySlot(key, id), jwe })),
    } });
    await this.#store.set(`passkey ${this.#owner}`, id);
    this.#passkey = id;
    this.#tell();
  }

  /** The same by this device's passkey. @throws PASSKEY, as above */
  async unlockByPasskey() {
    const list = this.#believed();
    demand(this.#passkey !== "", "PASSKEY");
    const wrapped = wrappedFor(await this.#wrapped(), this.#passkey);
    const secret = await askPasskey(this.#passkey);
    const { keys } = await unlock(wrapped, secret, list, this.#sub);
    this.#unlocked(keys);
  }

  async #wrapped() {
    const { body } = await this.#api.call("GET", "v1/vault/keys/me");
    return wrappedOf(body);
  }

  /** @param {Readonly<Unlocked>} keys */
  #unlocked(keys) {
    this.#keys = keys;
    this.#touch();
    this.#tell();
    void this.#hurry(["LOCKED"]);
  }

  /** Forget the keys. */
  lock() {
    clearTimeout(this.#locking);
    if (this.#keys === null) return;
    this.#keys = null;
    this.#tell();
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
   * @throws ECHO, LOCKED, NO_VAULT_KEY, KEYLIST_EXPIRED, QUEUE_FULL, QUOTA
   */
  async submit({ body, entities }) {
    demand(this.#sub !== "", "TOKEN");
    refuseEcho(body, entities.flatMap(({ o }) => o));
    const id = makeJobId(this.#now());
    const whole = { ...body };
    if (this.#mode === "sealed") {
      const list = this.#believed();
      demand(this.#now() - this.#listAt <= LIST_MS, "KEYLIST_EXPIRED");
      const device = this.#keys?.device ?? null;
      // One who has no key to sign with later either is told so now.
      demand(device || memberOf(list, this.#sub), "NOT_A_MEMBER");
      const { vault } = await sealRecord({
        job: id, sub: this.#sub, text: body.scrubbed_text, entities, list,
        device,
      });
      whole["vault"] = vault;
      this.#touch();
    }
    await this.#outbox.add(
      { id, owner: this.#owner, jwe: await this.#sealBody(whole) });
    this.#bodies.set(id, whole);
    void this.flush();
    return { id };
  }

  /** What waits, oldest first. */
  waiting() {
    return this.#outbox.list(this.#owner);
  }

  /** What was sent from this browser, with its receipts. */
  sent() {
    return this.#outbox.sent(this.#owner);
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
    if (this.#owner === "") return;
    try {
      if (codes.length > 0) await this.#outbox.hurry(this.#owner, codes);
      else await this.#outbox.flush(this.#owner);
      const due = await this.#outbox.due(this.#owner);
      if (due === null) return;
      clearTimeout(this.#flushing);
      this.#flushing = setTimeout(() => void this.flush(), due + 50);
      unref(this.#flushing);
    } catch {
      // The store is gone; waiting() will say so to whoever asks.
    }
  }

  /** @param {string} id of one that was stopped, or is to be sent at once */
  retry(id) {
    return this.#outbox.retry(id, this.#owner);
  }

  /** @param {string} id of one that a person gives up */
  async discard(id) {
    await this.#outbox.discard(id, this.#owner);
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
   */
  async reidentify(job, { purpose, reason = "" }) {
    const list = this.#believed();
    demand(this.#keys?.user, "LOCKED");
    this.#touch();
    const { body } = await this.#api.call("POST", "v1/coder/reidentify", {
      body: {
        job_id: pathOf(job), purpose_of_use: purpose,
        ...(reason === "" ? {} : { reason }),
      },
    });
    try {
      const found = await this.#open(job, body, list);
      await this.#tellOpened(job, { outcome: "decrypted" });
      return found;
    } catch (error) {
      const { code } = /** @type {any} */ (error);
      await this.#tellOpened(
        job, { outcome: "failed", error: String(code ?? "OTHER") });
      throw error;
    }
  }

  /**
   * @param {string} job
   * @param {unknown} body
   * @param {Readonly<Keylist>} list
   */
  async #open(job, body, list) {
    demand(isObject(body) && body["job_id"] === job, "ANSWER", "job");
    const receipt = readReceipt(body["receipt"]);
    await this.#follow(receipt, true);
    const text = body["scrubbed_text"];
    demand(typeof text === "string", "ANSWER", "text");
    const opened = await openRecord({
      job, text, record: body["vault"], share: body["share"], list,
      keyOf: (kid) => this.#vaultKey(kid),
    });
    let rewrap = /** @type {Reidentified["rewrap"]} */ ("none");
    if (opened.rewrap)
      rewrap = await this.#api.call(
        "PUT", `v1/vault/records/${pathOf(job)}/wraps`,
        { body: opened.rewrap }).then(
        () => /** @type {const} */ ("done"),
        () => /** @type {const} */ ("later")); // the next one to open it will
    return Object.freeze({
      job, text, entities: opened.entities, results: body["results"] ?? null,
      receipt, rewrap,
    });
  }

  /** @param {string} job @param {object} what */
  async #tellOpened(job, what) {
    try {
      await this.#api.call(
        "POST", `v1/coder/reidentify/${pathOf(job)}/ack`, { body: what });
    } catch {
      // The release itself is in the audit log already.
    }
  }

  // A key of the vault, as it was wrapped to this person.
  /** @param {string} kid */
  async #vaultKey(kid) {
    const user = this.#keys?.user;
    demand(user, "LOCKED");
    // Of the list's own form: nothing that a path would have to escape.
    demand(this.#believed().vault.some((one) => one.kid === kid),
      "NO_VAULT_KEY");
    const { body } = await this.#api.call(
      "GET", `v1/vault/keys/${kid}/wrap`);
    const jwe = isObject(body) ? body["wrap"] : body;
    const secret = await unwrapByKey(jwe, user);
    const { d: _, ...bare } = secret;
    const named = this.#believed().vault.find((one) => one.kid === kid);
    demand(named && await thumbprint(named.jwk) === await thumbprint(bare),
      "KEY_MISMATCH");
    return openingKey(secret);
  }

  // What was sealed while the keys were locked has no signature yet. It is kept
  // with it before it is sent: no signature is made twice the same.
  /** @param {Readonly<Item>} item */
  async #prepare(item) {
    const body = this.#bodies.get(item.id) ?? await this.#openBody(item.jwe);
    this.#bodies.set(item.id, body);
    if (!await this.#sign(item.id, body)) return null;
    return this.#sealBody(body);
  }

  /** @param {Readonly<Item>} item */
  async #send(item) {
    const body = this.#bodies.get(item.id) ?? await this.#openBody(item.jwe);
    const answer = await this.#api.call(
      "POST", "v1/coder/submit", { body, key: item.id });
    const { body: said } = answer;
    demand(isObject(said) && said["job_id"] === item.id
      && typeof said["status"] === "string", "ANSWER", "submit");
    const receipt = readReceipt(said["receipt"]);
    await this.#follow(receipt, item.attempts === 0);
    return { id: item.id, status: said["status"], receipt };
  }

  /**
   * @param {string} id
   * @param {Body} body
   * @returns {Promise<boolean>} whether it has been signed just now
   */
  async #sign(id, body) {
    const vault = body["vault"];
    if (!isObject(vault) || vault["sig"] !== "") return false;
    const device = this.#keys?.device;
    demand(device, "LOCKED");
    const data = String(vault["data"]);
    const head = fromBase64url(data.split(".")[0]);
    const header = head && parseJson(fromUtf8(head));
    const context = readContext(isObject(header) ? header["ctx"] : null);
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

  /**
   * A whole body, sealed for the way: to this person where there is a key,
   * else by a key of this browser, which keeps out only the curious.
   * @param {Body} body
   */
  async #sealBody(body) {
    const plain = toUtf8(JSON.stringify(body));
    const uk = this.#list && memberOf(this.#list, this.#sub)?.uk;
    if (this.#mode === "sealed" && uk)
      return new CompactEncrypt(plain)
        .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM" })
        .encrypt(await importJWK(uk, "ECDH-ES+A256KW"));
    return new CompactEncrypt(plain)
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .encrypt(await this.#ownKey());
  }

  /** @param {string} jwe @returns {Promise<Body>} */
  async #openBody(jwe) {
    const head = fromBase64url(jwe.split(".")[0]);
    const header = head && parseJson(fromUtf8(head));
    const own = isObject(header) && header["alg"] === "dir";
    if (!own) demand(this.#keys?.user, "LOCKED");
    const key = own ? await this.#ownKey()
      : /** @type {CryptoKey} */ (this.#keys?.user);
    let plaintext;
    try {
      ({ plaintext } = await compactDecrypt(jwe, key, {
        keyManagementAlgorithms: ["dir", "ECDH-ES+A256KW"],
        contentEncryptionAlgorithms: ["A256GCM"],
      }));
    } catch {
      throw refusal("KEY_MISMATCH", "waiting");
    }
    return /** @type {Body} */ (parseJson(fromUtf8(plaintext)));
  }

  /** @returns {Promise<CryptoKey>} */
  async #ownKey() {
    const kept = await this.#store.get("own");
    if (kept !== undefined) return kept;
    const made = await crypto.subtle.generateKey(
      { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await this.#store.set("own", made);
    return this.#store.get("own");
  }

  /** @param {string} sub */
  async #become(sub) {
    if (sub === this.#sub) return;
    this.lock();
    this.#bodies.clear();
    this.#sub = sub;
    this.#owner = sub === "" ? "" : await digestOf(`owner ${sub}`);
    const passkey = await this.#store.get(`passkey ${this.#owner}`);
    this.#passkey = typeof passkey === "string" ? passkey : "";
  }

  /** @param {unknown} text @param {number} at when it came, ms */
  async #believe(text, at) {
    const before = await this.#store.get("seen");
    const { list, seen } = await verifyKeylist(text, {
      root: this.#options.root, seen: before ?? null, now: this.#now(),
    });
    await this.#store.set("seen", seen);
    this.#list = list;
    this.#listAt = at;
  }

  #believed() {
    demand(this.#list, "KEYLIST_FORMAT", "none");
    demand(this.#now() < Date.parse(this.#list.notAfter), "KEYLIST_EXPIRED");
    return this.#list;
  }

  // Keys that are in use stay open.
  #touch() {
    clearTimeout(this.#locking);
    if (this.#keys === null) return;
    this.#locking = setTimeout(
      () => this.lock(), this.#options.lockMs ?? LOCK_MS);
    unref(this.#locking);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

/** No reason for Node to stay. @param {unknown} timer */
const unref = (timer) => /** @type {any} */ (timer)?.unref?.();

/** @param {string} job @returns {string} as it may stand in a path */
function pathOf(job) {
  demand(JOB_ID.test(job), "SUBMISSION", "job");
  return job;
}

/**
 * Whose token it is. The server decides what it is worth; the page needs the
 * name that its records are bound to.
 * @param {string} token
 */
function subjectOf(token) {
  const bytes = fromBase64url(token.split(".")[1]);
  const claims = bytes && parseJson(fromUtf8(bytes));
  const sub = isObject(claims) ? claims["sub"] : undefined;
  demand(typeof sub === "string" && sub !== "" && sub.length <= 128, "TOKEN",
    "sub");
  return sub;
}

/** @param {unknown} body @returns {readonly Wrapped[]} */
function wrappedOf(body) {
  demand(isObject(body) && Array.isArray(body["keys"]), "ANSWER", "keys");
  return body["keys"].filter(isObject).map((one) => ({
    slot: String(one["slot"] ?? ""), jwe: one["jwe"] }));
}
