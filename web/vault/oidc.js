// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// oidc.js - signing in at the hospital's own issuer: the page is left and comes
// back with a code, which only the one who holds the verifier can exchange
// (authorization code with PKCE, RFC 7636; no secret, no cookie, no pop-up).
// Tokens live in memory. What has to outlive the way there and back, state and
// verifier, lies in the tab's session storage and is taken out at once.

import {
  isObject, parseJson, randomBytes, sha256, toBase64url, toUtf8,
} from "./bytes.js";
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
 * @param {World} world
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
 * Leave for the issuer.
 * @param {Issuer} site
 * @param {string} href of the page, which is come back to
 * @param {World} [world]
 * @throws SIGN_IN, NETWORK
 */
export async function beginSignIn(site, href, world = browserWorld()) {
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
  world.storage.setItem(KEY, JSON.stringify({
    state, verifier, exchange, redirect: here.href, hash, at: world.now(),
  }));
  const there = new URL(String(door));
  for (const [name, value] of Object.entries({
    response_type: "code", client_id: client, redirect_uri: here.href, scope,
    state, code_challenge: toBase64url(await sha256(toUtf8(verifier))),
    code_challenge_method: "S256",
  }))
    there.searchParams.set(name, value);
  world.go(there.href);
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
  demand(isObject(kept) && said.get("state") === kept["state"],
    "SIGN_IN", "state");
  demand(world.now() - Number(kept["at"]) <= WAY_MS, "SIGN_IN", "late");
  // RFC 9207, where the issuer says it: the answer of another is no answer.
  demand(said.get("iss") === null || said.get("iss") === site.issuer,
    "SIGN_IN", "issuer");
  const code = said.get("code");
  demand(code !== null && !said.has("error"), "SIGN_IN", "given up");
  const exchange = String(kept["exchange"]);
  const first = await ask(world, exchange, new URLSearchParams({
    grant_type: "authorization_code", code, client_id: site.client,
    redirect_uri: String(kept["redirect"]),
    code_verifier: String(kept["verifier"]),
  }));
  return {
    token: renewing(site, exchange, first, world),
    href: String(kept["redirect"]) + String(kept["hash"]),
  };
}

/**
 * @param {Issuer} site
 * @param {string} exchange
 * @param {Record<string, unknown>} first
 * @param {World} world
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
