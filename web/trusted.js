// SPDX-License-Identifier: Apache-2.0
//
// trusted.js - scripts under Trusted Types: a page starts a worker only from a
// URL that a policy has passed, and this one passes those of its own origin.

import { ScrubjayError } from "../wasm/error.js";

// Where the policy is kept: its name may be taken once in a page, and a page
// may hold this module twice (its own bundle, and a host's). It passes only
// scripts of the page's own origin, so anybody may find it here.
const POLICY = Symbol.for("scrubjay.policy");

/**
 * @param {URL} url
 * @returns {string} what `Worker` and `register` take
 * @throws {ScrubjayError} ASSETS where it is of another origin
 */
export function trusted(url) {
  if (url.origin !== location.origin)
    throw new ScrubjayError("ASSETS", "assets must be on the page's own origin");
  const page = /** @type {any} */ (globalThis);
  if (page.trustedTypes === undefined) return url.href;
  page[POLICY] ??= page.trustedTypes.createPolicy("scrubjay", {
    createScriptURL: (/** @type {string} */ href) => {
      if (new URL(href, location.href).origin !== location.origin)
        throw new ScrubjayError("ASSETS", "a script of another origin");
      return href;
    },
  });
  return page[POLICY].createScriptURL(url.href);
}
