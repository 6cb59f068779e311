// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// site.js - what this site's build says of its vault: where the server is,
// which root key may be believed, and where people sign in. They stand in the
// page itself, so that no server that is asked for data can change them.
//
//     <meta name="scrubjay-api" content="./">
//     <meta name="scrubjay-root" content="root:…">
//     <meta name="scrubjay-issuer" content="https://…">
//     <meta name="scrubjay-client" content="…">

import { refusal } from "./error.js";
import { isObject } from "./bytes.js";

/** @import {TokenSource} from "./api.js" */

/**
 * @param {Document} document
 * @returns {{base: string, root: string, issuer: string, client: string,
 *   scope: string}} "" where one is not named
 */
export function siteOf(document) {
  const read = (/** @type {string} */ name) =>
    document.querySelector(`meta[name="${name}"]`)?.getAttribute("content")
      ?.trim() ?? "";
  return {
    base: new URL(read("scrubjay-api") || "./", document.baseURI).href,
    root: read("scrubjay-root"),
    issuer: read("scrubjay-issuer"),
    client: read("scrubjay-client"),
    scope: read("scrubjay-scope") || "openid",
  };
}

/**
 * Tokens of the issuer that a server has for trying out: it signs in anybody
 * who is on its machine.
 * @param {string} base
 * @param {string} sub who signs in
 * @param {typeof fetch} [given]
 * @returns {TokenSource}
 */
export function developmentTokens(base, sub, given) {
  const ask = given ?? ((url, init) => fetch(url, init));
  /** @type {Promise<{token: string, until: number}> | null} */
  let last = null;
  const get = async () => {
    let answer;
    try {
      answer = await ask(new URL("v1/dev/token", base), {
        method: "POST", cache: "no-store", credentials: "omit",
        redirect: "error", headers: { "content-type": "application/json" },
        body: JSON.stringify({ sub }),
      });
    } catch {
      throw refusal("NETWORK");
    }
    const body = answer.ok ? await answer.json().catch(() => null) : null;
    if (!isObject(body) || typeof body["access_token"] !== "string")
      throw refusal("TOKEN");
    const life = Number(body["expires_in"]) || 60;
    return {
      token: body["access_token"],
      until: Date.now() + Math.max(10, life - 30) * 1000,
    };
  };
  return async (again) => {
    const kept = again ? null : await last?.catch(() => null);
    if (kept && Date.now() < kept.until) return kept.token;
    last = get();
    return (await last).token;
  };
}
