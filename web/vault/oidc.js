// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// oidc.js - signing in at the hospital's own issuer, by a code that only the one
// who holds the verifier can exchange (authorization code with PKCE, RFC 7636;
// no secret, no cookie). Tokens live in memory.
//
// A page with nothing to lose is left and comes back: what has to outlive that,
// state and verifier, lies in the tab's session storage and is taken out at
// once. A page with a note on it stays where it is, and a window of its own goes
// to the issuer: state and verifier stay in memory, and the window tells over a
// channel of this origin what it came back with (page/come-back.js). The page's
// isolation (COOP) cuts the two windows off from each other, so nothing else
// leads from the one to the other.

import {
  isObject, parseJson, randomBytes, sha256, toBase64url, toUtf8,
} from "./bytes.js";
import { CHANNEL } from "./channel.js";
import { demand, refusal } from "./error.js";

/** @import {TokenSource} from "./api.js" */

/**
 * @typedef {object} Issuer
 * @property {string} issuer its address, as its metadata says it
 * @property {string} client id of this page there
 * @property {string} scope
 */

/**
 * What it needs of the browser; tests bring their own.
 * @typedef {object} World
 * @property {typeof fetch} fetch
 * @property {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage
 * @property {(url: string) => void} go leaves the page
 * @property {() => number} now
 */

const KEY = "scrubjay-sign-in";

/** How long somebody may take to sign in. */
const WAY_MS = 10 * 60_000;

/** A token is renewed before it ends. */
const EARLY_MS = 30_000;

/** @returns {World} */
export function browserWorld() {
  return {
    fetch: (url, init) => fetch(url, init),
    storage: sessionStorage,
    go: (url) => location.assign(url),
    now: Date.now,
  };
}

/** @param {unknown} address of the issuer; loopback is for trying out */
function isSafe(address) {
  if (typeof address !== "string" || !URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || (protocol === "http:"
    && ["localhost", "127.0.0.1", "[::1]"].includes(hostname));
}

/**
 * @param {Pick<World, "fetch">} world
 * @param {string} url
 * @param {URLSearchParams} [form]
 * @returns {Promise<Record<string, unknown>>}
 */
async function ask({ fetch: given }, url, form) {
  let text;
  try {
    const answer = await given(url, {
      method: form ? "POST" : "GET", cache: "no-store", credentials: "omit",
      redirect: "error", referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(20_000), ...(form ? { body: form } : {}),
    });
    text = answer.ok ? await answer.text() : "";
  } catch {
    throw refusal("NETWORK");
  }
  const body = parseJson(text);
  demand(isObject(body), "SIGN_IN", "answer");
  return body;
}

/**
 * What has to be remembered on the way.
 * @typedef {object} Way
 * @property {string} state
 * @property {string} verifier
 * @property {string} exchange
 * @property {string} redirect
 * @property {string} hash
 * @property {number} at
 */

/**
 * The address at the issuer, and what to remember until somebody comes back.
 * @param {Issuer} site
 * @param {string} href
 * @param {Pick<World, "fetch" | "now">} world
 * @returns {Promise<{there: string, way: Way}>}
 */
async function prepare(site, href, world) {
  const { issuer, client, scope } = site;
  demand(isSafe(issuer), "SIGN_IN", "issuer");
  const meta = await ask(world,
    `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  // RFC 8414 section 3.3: else it is somebody else's metadata.
  demand(meta["issuer"] === issuer, "SIGN_IN", "issuer");
  const { authorization_endpoint: door, token_endpoint: exchange } = meta;
  demand(isSafe(door) && isSafe(exchange), "SIGN_IN", "endpoint");
  const here = new URL(href);
  const { hash } = here;
  here.hash = here.search = "";
  const state = toBase64url(randomBytes(32));
  const verifier = toBase64url(randomBytes(32));
  const there = new URL(String(door));
  for (const [name, value] of Object.entries({
    response_type: "code", client_id: client, redirect_uri: here.href, scope,
    state, code_challenge: toBase64url(await sha256(toUtf8(verifier))),
    code_challenge_method: "S256",
  }))
    there.searchParams.set(name, value);
  return { there: there.href, way: {
    state, verifier, exchange: String(exchange), redirect: here.href, hash,
    at: world.now(),
  } };
}

/**
 * Leave for the issuer.
 * @param {Issuer} site
 * @param {string} href of the page, which is come back to
 * @param {World} [world]
 * @throws SIGN_IN, NETWORK
 */
export async function beginSignIn(site, href, world = browserWorld()) {
  const { there, way } = await prepare(site, href, world);
  world.storage.setItem(KEY, JSON.stringify(way));
  world.go(there);
}

/**
 * Come back from the issuer.
 * @param {Issuer} site
 * @param {string} href
 * @param {World} [world]
 * @returns {Promise<{token: TokenSource, href: string} | null>} null where the
 *   page was not come back to; `href` is the address without the code
 * @throws SIGN_IN, NETWORK
 */
export async function finishSignIn(site, href, world = browserWorld()) {
  const url = new URL(href);
  const said = url.searchParams;
  if (!said.has("state")) return null;
  const kept = parseJson(world.storage.getItem(KEY) ?? "");
  world.storage.removeItem(KEY); // whatever comes of it: once
  demand(isObject(kept), "SIGN_IN", "state");
  const way = /** @type {Way} */ (/** @type {unknown} */ (kept));
  return {
    token: await redeem(site, way, said, world),
    href: String(way.redirect) + String(way.hash),
  };
}

/**
 * Sign in in a window of its own, so that this page is not left.
 * @param {Issuer} site
 * @param {string} href of the page; the window comes back to it
 * @param {{location: Pick<Location, "replace">, close: () => void}} opened a
 *   window without an address, opened while a press of a button counted
 * @param {AbortSignal} signal when nobody waits any more
 * @param {Pick<World, "fetch" | "now">} [world]
 * @returns {Promise<TokenSource>}
 * @throws SIGN_IN, NETWORK
 */
export async function signInBeside(
  site, href, opened, signal, world = browserWorld(),
) {
  try {
    const { there, way } = await prepare(site, href, world);
    demand(!signal.aborted, "SIGN_IN", "given up");
    const heard = comeBack(way.state, signal);
    opened.location.replace(there);
    return await redeem(site, way, await heard, world);
  } finally {
    opened.close();
  }
}

/**
 * What the window with this state came back with.
 * @param {string} state
 * @param {AbortSignal} signal
 * @returns {Promise<URLSearchParams>}
 */
function comeBack(state, signal) {
  const channel = new BroadcastChannel(CHANNEL);
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => end("late"), WAY_MS);
    const end = (/** @type {string} */ why) => {
      clearTimeout(late);
      channel.close();
      if (why !== "") reject(refusal("SIGN_IN", why));
    };
    signal.addEventListener("abort", () => end("given up"), { once: true });
    channel.onmessage = ({ data }) => {
      if (typeof data?.said !== "string") return;
      const said = new URLSearchParams(data.said);
      // Of another page's window, or of nobody's.
      if (said.get("state") !== state) return;
      channel.postMessage({ taken: state });
      end("");
      resolve(said);
    };
  });
}

/**
 * Exchange what the issuer sent back for tokens.
 * @param {Issuer} site
 * @param {Way} way
 * @param {URLSearchParams} said
 * @param {Pick<World, "fetch" | "now">} world
 * @returns {Promise<TokenSource>}
 */
async function redeem(site, way, said, world) {
  demand(said.get("state") === way.state, "SIGN_IN", "state");
  demand(world.now() - Number(way.at) <= WAY_MS, "SIGN_IN", "late");
  // RFC 9207, where the issuer says it: the answer of another is no answer.
  demand(said.get("iss") === null || said.get("iss") === site.issuer,
    "SIGN_IN", "issuer");
  const code = said.get("code");
  demand(code !== null && !said.has("error"), "SIGN_IN", "given up");
  const exchange = String(way.exchange);
  const first = await ask(world, exchange, new URLSearchParams({
    grant_type: "authorization_code", code, client_id: site.client,
    redirect_uri: String(way.redirect),
    code_verifier: String(way.verifier),
  }));
  return renewing(site, exchange, first, world);
}

/**
 * @param {Issuer} site
 * @param {string} exchange
 * @param {Record<string, unknown>} first
 * @param {Pick<World, "fetch" | "now">} world
 * @returns {TokenSource}
 */
function renewing(site, exchange, first, world) {
  /** @param {Record<string, unknown>} answer @param {string} renewal */
  const read = (answer, renewal) => {
    const { access_token: token, token_type: type } = answer;
    demand(typeof token === "string" && token !== ""
      && String(type).toLowerCase() === "bearer", "SIGN_IN", "answer");
    const life = Number(answer["expires_in"]) || 60;
    return {
      token, until: world.now() + life * 1000 - EARLY_MS,
      renewal: typeof answer["refresh_token"] === "string"
        ? answer["refresh_token"] : renewal,
    };
  };
  let held = read(first, "");
  /** @type {Promise<void> | null} */
  let renewed = null;
  const renew = async () => {
    demand(held.renewal !== "", "TOKEN");
    held = read(await ask(world, exchange, new URLSearchParams({
      grant_type: "refresh_token", refresh_token: held.renewal,
      client_id: site.client,
    })), held.renewal);
  };
  return async (again) => {
    if (!again && world.now() < held.until) return held.token;
    // Two that ask at once use one renewal: it may be good for one use.
    renewed ??= renew().finally(() => {
      renewed = null;
    });
    await renewed;
    return held.token;
  };
}
