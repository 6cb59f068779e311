// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// person.js - who works here: the name of the token, the key list that is
// believed, and this person's keys while they are open. Another name locks.

import {
  digestOf, fromBase64url, fromUtf8, isObject, parseJson,
} from "./bytes.js";
import { demand } from "./error.js";
import { memberOf, thumbprint, verifyKeylist } from "./keylist.js";
import {
  openingKey, passkeySlot, unlock, unwrapByKey, wrappedFor,
} from "./keys.js";
import { askPasskey, makePasskey, passkeysThere } from "./passkey.js";

/** @import {Api} from "./api.js" */
/** @import {Keylist} from "./keylist.js" */
/** @import {Unlocked, Wrapped} from "./keys.js" */
/** @import {Store} from "./store.js" */

/** A key list that was not seen anew for longer is not sealed to. */
const LIST_MS = 30 * 24 * 3600_000;

/** How long keys stay unlocked without use. */
const LOCK_MS = 10 * 60_000;

/**
 * @typedef {object} World
 * @property {Api} api
 * @property {Store} store
 * @property {string} root fingerprint of the root key
 * @property {() => number} now
 * @property {number | undefined} lockMs
 */

/** Dispatches `change`; `unlock`. */
export class Person extends EventTarget {
  #world;
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

  /** @param {World} world */
  constructor(world) {
    super();
    this.#world = world;
  }

  get sub() {
    return this.#sub;
  }

  /** A digest of the name: what is kept in this browser is kept by it. */
  get owner() {
    return this.#owner;
  }

  get locked() {
    return this.#keys === null;
  }

  get list() {
    return this.#list;
  }

  /** @returns {"none" | "possible" | "there"} */
  get passkey() {
    if (this.#passkey !== "") return "there";
    return passkeysThere() ? "possible" : "none";
  }

  /** Of the list; null for none. */
  get member() {
    return this.#list && memberOf(this.#list, this.#sub);
  }

  /** @param {string} sub */
  async become(sub) {
    if (sub === this.#sub) return;
    this.lock();
    this.#sub = sub;
    this.#owner = sub === "" ? "" : await digestOf(`owner ${sub}`);
    const passkey = await this.#world.store.get(`passkey ${this.#owner}`);
    this.#passkey = typeof passkey === "string" ? passkey : "";
  }

  /**
   * @param {unknown} text a key list, as it came
   * @param {number} at when, ms
   */
  async believe(text, at) {
    const { store, root, now } = this.#world;
    const before = await store.get("seen");
    const { list, seen } = await verifyKeylist(
      text, { root, seen: before ?? null, now: now() });
    await store.set("seen", seen);
    this.#list = list;
    this.#listAt = at;
  }

  /** The list. @throws KEYLIST_FORMAT for none, KEYLIST_EXPIRED */
  believed() {
    demand(this.#list, "KEYLIST_FORMAT", "none");
    demand(this.#world.now() < Date.parse(this.#list.notAfter),
      "KEYLIST_EXPIRED");
    return this.#list;
  }

  /** The list, to seal to. @throws as above */
  toSealTo() {
    const list = this.believed();
    demand(this.#world.now() - this.#listAt <= LIST_MS, "KEYLIST_EXPIRED");
    return list;
  }

  /** The keys, which are in use now; null while they are locked. */
  use() {
    clearTimeout(this.#locking);
    if (this.#keys === null) return null;
    this.#locking = setTimeout(
      () => this.lock(), this.#world.lockMs ?? LOCK_MS);
    /** @type {any} */ (this.#locking)?.unref?.(); // no reason for Node to stay
    return this.#keys;
  }

  lock() {
    clearTimeout(this.#locking);
    if (this.#keys === null) return;
    this.#keys = null;
    this.dispatchEvent(new Event("change"));
  }

  /**
   * @param {string} passphrase
   * @param {boolean} passkey make one, for the next time
   */
  async unlock(passphrase, passkey) {
    const { api, store } = this.#world;
    const list = this.believed();
    const { keys, wrapAgain } = await unlock(
      wrappedFor(await this.#wrapped()), passphrase, list, this.#sub);
    this.#unlocked(keys);
    if (!passkey) return;
    const { id, secret } = await makePasskey(this.#sub);
    const again = await wrapAgain(secret);
    await api.call("PUT", "v1/vault/keys/me", { body: {
      keys: again.map(({ key, jwe }) => ({ slot: passkeySlot(key, id), jwe })),
    } });
    await store.set(`passkey ${this.#owner}`, id);
    this.#passkey = id;
    this.dispatchEvent(new Event("change"));
  }

  async unlockByPasskey() {
    const list = this.believed();
    demand(this.#passkey !== "", "PASSKEY");
    const wrapped = wrappedFor(await this.#wrapped(), this.#passkey);
    const secret = await askPasskey(this.#passkey);
    const { keys } = await unlock(wrapped, secret, list, this.#sub);
    this.#unlocked(keys);
  }

  /**
   * A private key of the vault, as it was wrapped to this person.
   * @param {string} kid
   * @returns {Promise<CryptoKey>}
   */
  async vaultKey(kid) {
    const user = this.#keys?.user;
    demand(user, "LOCKED");
    // Of the list's own form: nothing that a path would have to escape.
    const named = this.believed().vault.find((one) => one.kid === kid);
    demand(named, "NO_VAULT_KEY");
    const { body } = await this.#world.api.call(
      "GET", `v1/vault/keys/${kid}/wrap`);
    const jwe = isObject(body) ? body["wrap"] : body;
    const secret = await unwrapByKey(jwe, user);
    const { d: _, ...bare } = secret;
    demand(await thumbprint(named.jwk) === await thumbprint(bare),
      "KEY_MISMATCH");
    return openingKey(secret);
  }

  /** @returns {Promise<readonly Wrapped[]>} */
  async #wrapped() {
    const { body } = await this.#world.api.call("GET", "v1/vault/keys/me");
    demand(isObject(body) && Array.isArray(body["keys"]), "ANSWER", "keys");
    return body["keys"].filter(isObject).map((one) => ({
      slot: String(one["slot"] ?? ""), jwe: one["jwe"] }));
  }

  /** @param {Readonly<Unlocked>} keys */
  #unlocked(keys) {
    this.#keys = keys;
    this.use();
    this.dispatchEvent(new Event("change"));
    this.dispatchEvent(new Event("unlock"));
  }
}

/**
 * Whose token it is. The server decides what it is worth; the page needs the
 * name that its records are bound to.
 * @param {string} token
 */
export function subjectOf(token) {
  const bytes = fromBase64url(token.split(".")[1]);
  const claims = bytes && parseJson(fromUtf8(bytes));
  const sub = isObject(claims) ? claims["sub"] : undefined;
  demand(typeof sub === "string" && sub !== "" && sub.length <= 128, "TOKEN",
    "sub");
  return sub;
}
