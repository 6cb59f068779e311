// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// oidc-issuer.js - an issuer for tests: signs in whoever comes as `sub`, by
// authorization code with PKCE, and gives a code for one use.

import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";

import { tokenOf } from "./vault-server.js";

/** @param {string} sub */
export async function startIssuer(sub) {
  /** @type {Map<string, Record<string, string>>} */
  const codes = new Map();
  const renewals = new Set();
  const state = {
    sub, life: 900, asked: /** @type {Record<string, string>[]} */ ([]),
    lie: /** @type {Record<string, string>} */ ({}), refuse: false,
  };
  let origin = "";
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", origin);
    const cors = { "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin" };
    const json = (/** @type {number} */ status, /** @type {object} */ body) =>
      response.writeHead(status, { ...cors, "content-type": "application/json" })
        .end(JSON.stringify(body));
    if (url.pathname === "/.well-known/openid-configuration")
      return json(200, {
        issuer: origin, authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`, ...state.lie,
      });
    if (url.pathname === "/authorize") {
      const asked = Object.fromEntries(url.searchParams);
      const back = new URL(asked["redirect_uri"] ?? "");
      back.searchParams.set("state", asked["state"] ?? "");
      back.searchParams.set("iss", state.lie["iss"] ?? origin);
      if (state.refuse) back.searchParams.set("error", "access_denied");
      else {
        const code = randomUUID();
        codes.set(code, asked);
        back.searchParams.set("code", code);
      }
      return response.writeHead(302, { location: back.href }).end();
    }
    let text = "";
    for await (const chunk of request) text += chunk;
    const form = Object.fromEntries(new URLSearchParams(text));
    state.asked.push(form);
    const given = () => {
      const renewal = randomUUID();
      renewals.add(renewal);
      return json(200, {
        access_token: tokenOf(state.sub), token_type: "Bearer",
        expires_in: state.life, refresh_token: renewal,
      });
    };
    if (form["grant_type"] === "refresh_token")
      return renewals.delete(form["refresh_token"] ?? "") ? given()
        : json(400, { error: "invalid_grant" });
    const asked = codes.get(form["code"] ?? "");
    codes.delete(form["code"] ?? "");
    const challenge = createHash("sha256").update(form["code_verifier"] ?? "")
      .digest("base64url");
    if (asked?.["code_challenge"] !== challenge
      || asked["redirect_uri"] !== form["redirect_uri"]
      || asked["client_id"] !== form["client_id"])
      return json(400, { error: "invalid_grant" });
    return given();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (
    server.address());
  origin = `http://127.0.0.1:${port}`;
  return {
    origin, state,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
