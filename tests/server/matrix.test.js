// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The bypass matrix, made from openapi.yaml: every route by every role with
// every fault of a token, from every origin, with every type of body, by every
// method. Each request has a query that no route knows. It is looked at once
// somebody is let in, so "let in" has an answer of its own, 400 at /query, and
// nothing is changed by it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  createHmac, generateKeyPairSync, randomUUID, sign,
} from "node:crypto";
import { writeFile } from "node:fs/promises";
import http from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Server, submission, uuid7 } from "./kit.js";

const SERVER = new URL("../../tools/server/", import.meta.url).pathname;
const ISSUER = "urn:test:issuer";
const AUDIENCE = "scrubjay-test";
const LISTED = "https://page.hospital.test";
const ROLES = ["submitter", "coder", "reidentifier", "custodian", "auditor",
  "admin", "worker", "agent"];
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const JOB = "01980000-0000-7000-8000-00000000abcd";

/** @typedef {{method: string, path: string, roles: string[], body: boolean}}
 * Route */

/** @type {Route[]} */
const routes = (() => {
  const made = spawnSync("python3", [
    join(SERVER, "openapi.py"), join(SERVER, "openapi.yaml"), "--json",
  ], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  return Object.entries(JSON.parse(made.stdout).paths).flatMap(
    ([path, methods]) => Object.entries(methods).map(([method, about]) => ({
      method: method.toUpperCase(),
      path: path.replace("{job_id}", JOB).replace("{kid}", "vault:main:1"),
      roles: about["x-roles"],
      body: "x-body" in about,
    })));
})();
const isPublic = (/** @type {Route} */ { roles }) => roles.includes("public");

// ---- tokens ----

const b64 = (/** @type {string | Buffer} */ data) =>
  Buffer.from(data).toString("base64url");

const KEYS = {
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  EdDSA: generateKeyPairSync("ed25519"),
  RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  PS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
};
/** @typedef {keyof typeof KEYS} Alg */

const jwks = JSON.stringify({
  keys: Object.entries(KEYS).map(([alg, { publicKey }]) => ({
    .../** @type {any} */ (publicKey).export({ format: "jwk" }),
    kid: `key-${alg}`, alg, use: "sig",
  })),
});

/** @param {string} input @param {Alg} alg @param {any} [key] */
function signed(input, alg, key = KEYS[alg].privateKey) {
  /** @type {any} */
  const how = { key };
  if (alg === "ES256") how.dsaEncoding = "ieee-p1363";
  if (alg === "PS256") Object.assign(how, { padding: 6, saltLength: 32 });
  return sign(alg === "EdDSA" ? null : "sha256", Buffer.from(input), how);
}

/**
 * @param {string} sub
 * @param {object} [claims] in place of good ones; undefined leaves one out
 * @param {object} [header]
 * @param {Alg} [alg] of the key that signs
 * @param {any} [key]
 */
function token(sub, claims = {}, header = {}, alg = "ES256", key) {
  const now = Math.floor(Date.now() / 1000);
  const input = [
    { alg, kid: `key-${alg}`, typ: "at+jwt", ...header },
    { iss: ISSUER, aud: AUDIENCE, sub, jti: randomUUID(), iat: now - 5,
      exp: now + 300, auth_time: now - 60, ...claims },
  ].map((part) => b64(JSON.stringify(part))).join(".");
  return `${input}.${b64(signed(input, alg, key))}`;
}

/** @param {string} text @param {(part: Buffer) => Buffer} change */
function otherSignature(text, change) {
  const [head, body, sig = ""] = text.split(".");
  return `${head}.${body}.${b64(change(Buffer.from(sig, "base64url")))}`;
}

const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
const now = () => Math.floor(Date.now() / 1000);
const unsigned = (/** @type {string} */ alg, /** @type {string} */ sub) =>
  token(sub, {}, { alg }).replace(/[^.]*$/, "");
const hmac = (/** @type {string} */ sub) => {
  const input = token(sub, {}, { alg: "HS256", kid: "key-RS256" })
    .split(".").slice(0, 2).join(".");
  const pem = KEYS.RS256.publicKey.export({ format: "pem", type: "spki" });
  return `${input}.${b64(createHmac("sha256", pem).update(input).digest())}`;
};
const twice = (/** @type {string} */ sub) => {
  const [head, body = ""] = token(sub).split(".");
  const claims = Buffer.from(body, "base64url").toString()
    .replace("{", `{"sub":${JSON.stringify(sub)},`);
  const input = `${head}.${b64(claims)}`;
  return `${input}.${b64(signed(input, "ES256"))}`;
};

/**
 * What a request carries, by the fault; null is no header at all. The answer
 * is 401 where nothing else is named.
 * @type {Record<string, {auth: (sub: string) => string | string[] | null,
 *   query?: (sub: string) => string, status?: number}>}
 */
const FAULTS = {
  "no token": { auth: () => null },
  "an empty one": { auth: () => "Bearer " },
  garbage: { auth: () => "Bearer garbage" },
  "another scheme": { auth: (sub) => `Basic ${token(sub)}` },
  "alg none": { auth: (sub) => `Bearer ${unsigned("none", sub)}` },
  "no signature": { auth: (sub) => `Bearer ${unsigned("ES256", sub)}` },
  "HS256 with the public key": { auth: (sub) => `Bearer ${hmac(sub)}` },
  "another key's kid": { auth: (sub) =>
    `Bearer ${token(sub, {}, { kid: "key-EdDSA" })}` },
  "an unknown kid": { auth: (sub) =>
    `Bearer ${token(sub, {}, { kid: "nobody" })}` },
  "a stranger's key": { auth: (sub) =>
    `Bearer ${token(sub, {}, {}, "ES256", stranger.privateKey)}` },
  "its own jwk": { auth: (sub) => `Bearer ${token(sub, {}, {
    jwk: stranger.publicKey.export({ format: "jwk" }) }, "ES256",
  stranger.privateKey)}` },
  "a jku": { auth: (sub) =>
    `Bearer ${token(sub, {}, { jku: "https://evil.test/keys" })}` },
  "an x5u": { auth: (sub) =>
    `Bearer ${token(sub, {}, { x5u: "https://evil.test/cert" })}` },
  crit: { auth: (sub) => `Bearer ${token(sub, {}, { crit: ["exp"] })}` },
  "an identity token": { auth: (sub) =>
    `Bearer ${token(sub, {}, { typ: "JWT" })}` },
  expired: { auth: (sub) =>
    `Bearer ${token(sub, { iat: now() - 400, exp: now() - 61 })}` },
  "not yet valid": { auth: (sub) =>
    `Bearer ${token(sub, { nbf: now() + 120 })}` },
  "too long a life": { auth: (sub) =>
    `Bearer ${token(sub, { exp: now() + 3600 })}` },
  "another issuer": { auth: (sub) =>
    `Bearer ${token(sub, { iss: "urn:other" })}` },
  "another audience": { auth: (sub) =>
    `Bearer ${token(sub, { aud: ["other"] })}` },
  "no sub": { auth: (sub) => `Bearer ${token(sub, { sub: undefined })}` },
  "no jti": { auth: (sub) => `Bearer ${token(sub, { jti: undefined })}` },
  "a claim twice": { auth: (sub) => `Bearer ${twice(sub)}` },
  "a cut signature": { auth: (sub) => `Bearer ${
    otherSignature(token(sub), (sig) => sig.subarray(0, 63))}` },
  "a longer signature": { auth: (sub) => `Bearer ${
    otherSignature(token(sub), (sig) => Buffer.concat([sig, sig]))}` },
  "r and s zero": { auth: (sub) =>
    `Bearer ${otherSignature(token(sub), () => Buffer.alloc(64))}` },
  "a huge one": { auth: (sub) =>
    `Bearer ${token(sub, { more: "x".repeat(8000) })}` },
  "in the query": { auth: () => null,
    query: (sub) => `access_token=${token(sub)}` },
  "in lower case": { auth: (sub) => `bearer ${token(sub)}` },
  "two of them": { auth: (sub) =>
    [`Bearer ${token(sub)}`, `Bearer ${token(sub)}`], status: 400 },
};

// ---- requests ----

/** @type {Server} */
let server;
const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

before(async () => {
  const members = Object.fromEntries(ROLES.map((role) => [`a-${role}`, role]));
  server = await Server.make(
    { server: { origins: LISTED }, token: { dev_issuer: "no" } },
    {});
  await writeFile(join(server.folder, "jwks.json"), jwks);
  const config = join(server.folder, "more.ini");
  const text = (await import("node:fs")).readFileSync(server.config, "utf8");
  await writeFile(config, text.replace("dev_issuer = no", [
    "dev_issuer = no", `issuer = ${ISSUER}`, `audience = ${AUDIENCE}`,
    `jwks = ${join(server.folder, "jwks.json")}`].join("\n")));
  server.config = config;
  for (const [sub, role] of Object.entries(
    { ...members, "a-former": "admin", "b-submitter": "submitter" }))
    server.command("member", "--config", config, sub, role);
  await server.start();
  const gone = await server.call("PUT", "/v1/members", {
    token: token("a-admin"),
    body: { sub: "a-former", roles: ["admin"], active: false },
  });
  assert.ok(gone.status < 300, gone.text);
});
after(async () => {
  agent.destroy();
  await server.remove();
});

/**
 * @param {string} method
 * @param {string} path
 * @param {http.OutgoingHttpHeaders} headers
 * @param {string} [body]
 * @returns {Promise<{status: number, type: string, pointer: string,
 *   headers: http.IncomingHttpHeaders}>}
 */
function ask(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({
      agent, host: "127.0.0.1", port: server.port, method, path,
      headers: { ...headers,
        ...(body === undefined ? {} : { "content-length": body.length }) },
    }, (answer) => {
      let text = "";
      answer.on("data", (data) => (text += data));
      answer.on("end", () => {
        const json = (answer.headers["content-type"] ?? "")
          .startsWith("application/problem+json") && text !== "";
        const { type = "", pointer = "" } = json ? JSON.parse(text) : {};
        resolve({
          status: answer.statusCode ?? 0, type: type.replace(/.*\//, ""),
          pointer, headers: answer.headers,
        });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {Route} route
 * @property {http.OutgoingHttpHeaders} headers
 * @property {string} [query]
 * @property {string} [body]
 * @property {string} want such as "401 unauthenticated"
 */

const LET_IN = "400 schema /query";

/** Whether one is let in. @param {Route} route @param {string} sub */
function verdict(route, sub) {
  if (isPublic(route)) return LET_IN;
  const role = sub.replace("a-", "");
  if (!ROLES.includes(role)) return "403 forbidden";
  return route.roles.includes("any") || route.roles.includes(role)
    ? LET_IN : "403 forbidden";
}

/** Run all, sixteen at a time; the complaints. @param {Case[]} cases */
async function run(cases) {
  /** @type {string[]} */
  const wrong = [];
  let at = 0;
  await Promise.all(Array.from({ length: 16 }, async () => {
    for (let one = cases[at++]; one; one = cases[at++]) {
      const { route: { method, path }, headers, query = "", body } = one;
      const got = await ask(method,
        `${path}?matrix=1${query === "" ? "" : `&${query}`}`, headers, body);
      const said = [got.status, got.type, got.pointer].join(" ").trim();
      if (said !== one.want)
        wrong.push(`${method} ${path}, ${one.name}: ${said}, not ${one.want}`);
    }
  }));
  return wrong;
}

/** @param {Route} route @param {http.OutgoingHttpHeaders} [more] */
const plain = (route, more = {}) => route.method === "GET"
  || route.method === "DELETE"
  ? { headers: more }
  : { headers: { "content-type": "application/json", ...more }, body: "{}" };

const SUBS = [...ROLES.map((role) => `a-${role}`), "a-former", "a-nobody"];

test("each role is let in where the table says, and nowhere else", async () => {
  assert.ok(routes.length >= 20);
  const cases = routes.flatMap((route) => SUBS.flatMap((sub) =>
    (/** @type {Alg[]} */ (Object.keys(KEYS))).map((alg) => ({
      name: `${sub} by ${alg}`, route, want: verdict(route, sub),
      ...plain(route,
        { authorization: `Bearer ${token(sub, {}, {}, alg)}` }),
    }))));
  assert.deepEqual(await run(cases), []);
});

test("who reaches what identifies, keys and the record of acts is few",
  () => {
    // By hand, so that a slip in the page that makes the table is seen.
    /** @type {Record<string, string[]>} */
    const few = {
      "POST /v1/coder/submit": ["submitter"],
      "POST /v1/coder/reidentify": ["agent", "reidentifier"],
      "GET /v1/vault/keys/vault:main:1/wrap":
        ["agent", "custodian", "reidentifier"],
      "PUT /v1/vault/keys/vault:main:1/wrap": ["custodian"],
      "PUT /v1/vault/keylist": ["custodian"],
      "GET /v1/audit/events": ["auditor"],
      "PUT /v1/members": ["admin"],
    };
    for (const [name, roles] of Object.entries(few)) {
      const found = routes.filter(
        ({ method, path }) => `${method} ${path}` === name);
      assert.deepEqual(found.map((one) => [...one.roles].sort()), [roles],
        name);
    }
    assert.deepEqual(routes.filter(isPublic).map(({ path }) => path).sort(), [
      "/healthz", "/readyz", "/v1/coder/scrub/preview", "/v1/config",
      "/v1/dev/token"]);
  });

test("no fault of a token lets anybody in", async (t) => {
  const begun = Date.now();
  const cases = routes.flatMap((route) => ROLES.flatMap((role) =>
    Object.entries(FAULTS).map(([name, { auth, query, status }]) => {
      const sent = auth(`a-${role}`);
      const want = status === 400 ? "400 framing"
        : isPublic(route) ? LET_IN : "401 unauthenticated";
      return {
        name: `${role}, ${name}`, route, want,
        ...(query ? { query: query(`a-${role}`) } : {}),
        ...plain(route, sent === null ? {} : { authorization: sent }),
      };
    })));
  assert.ok(cases.length > 5000);
  assert.deepEqual(await run(cases), []);
  t.diagnostic(`${cases.length} cases in ${Date.now() - begun} ms`);
});

test("a page of another origin is refused, whoever asks", async () => {
  const own = `http://127.0.0.1:${server.port}`;
  /** @type {[http.OutgoingHttpHeaders, boolean][]} */
  const origins = [
    [{}, true], [{ origin: own }, true], [{ origin: LISTED }, true],
    [{ origin: "null" }, false], [{ origin: "https://evil.test" }, false],
    [{ origin: `${LISTED}.evil.test` }, false],
    [{ origin: LISTED.replace("https", "http") }, false],
    [{ origin: LISTED.slice(0, -1) }, false], [{ origin: "" }, false],
    [{ "sec-fetch-site": "cross-site" }, false],
    [{ "sec-fetch-site": "same-origin" }, true],
  ];
  const cases = routes.flatMap((route) => SUBS.flatMap((sub) =>
    origins.map(([more, fits]) => ({
      name: `${sub}, ${JSON.stringify(more)}`, route,
      want: fits ? verdict(route, sub) : "403 origin-forbidden",
      ...plain(route, { authorization: `Bearer ${token(sub)}`, ...more }),
    }))));
  assert.deepEqual(await run(cases), []);
});

test("a body of another type is refused before anybody is let in", async () => {
  const types = [undefined, "text/plain", "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x", "application/jsonp", "text/json",
    "application/json; charset=utf-16", "APPLICATION/JSON "];
  const cases = routes.filter(({ body }) => body).flatMap((route) =>
    [...ROLES, ""].flatMap((role) => types.map((type) => ({
      name: `${role || "no token"}, ${type}`, route, body: "{}",
      want: "415 media-type",
      headers: {
        ...(type ? { "content-type": type } : {}),
        ...(role ? { authorization: `Bearer ${token(`a-${role}`)}` } : {}),
      },
    }))));
  assert.deepEqual(await run(cases), []);
});

test("a method that the page does not list is refused with those it does",
  async () => {
    for (const path of new Set(routes.map((route) => route.path))) {
      const listed = routes.filter((route) => route.path === path)
        .map(({ method }) => method);
      for (const method of METHODS) {
        if (listed.includes(method)) continue;
        const body = /^(POST|PUT|PATCH)$/.test(method) ? "{}" : undefined;
        const got = await ask(method, `${path}?matrix=1`, {
          authorization: `Bearer ${token("a-admin")}`,
          ...(body ? { "content-type": "application/json" } : {}),
        }, body);
        assert.equal(got.status, 405, `${method} ${path}`);
        assert.deepEqual((got.headers.allow ?? "").split(", ").sort(),
          [...listed].sort(), path);
      }
    }
    const preflight = (/** @type {string} */ origin) =>
      ask("OPTIONS", "/v1/coder/submit", {
        origin, "access-control-request-method": "POST",
      });
    const good = await preflight(LISTED);
    assert.equal(good.headers["access-control-allow-origin"], LISTED);
    assert.equal(good.headers["access-control-allow-credentials"], undefined);
    const evil = await preflight("https://evil.test");
    assert.equal(evil.status, 403);
    assert.equal(evil.headers["access-control-allow-origin"], undefined);
  });

test("another's job is not there, and says so as a missing one does",
  async () => {
    const key = uuid7();
    const made = await server.call("POST", "/v1/coder/submit", {
      token: token("a-submitter"), key, body: submission(),
    });
    assert.equal(made.status, 202, made.text);
    /** @type {[string, string][]} */
    const asked = [["GET", "status"], ["GET", "results"], ["DELETE", "jobs"]];
    for (const [method, what] of asked) {
      const missing = await server.call(method, `/v1/coder/${what}/${uuid7()}`,
        { token: token("b-submitter") });
      const foreign = await server.call(method, `/v1/coder/${what}/${key}`,
        { token: token("b-submitter") });
      assert.equal(foreign.status, 404);
      assert.deepEqual({ ...foreign.body, request_id: 0 },
        { ...missing.body, request_id: 0 });
    }
    const own = await server.call("GET", `/v1/coder/status/${key}`,
      { token: token("a-submitter") });
    assert.equal(own.status, 200);
  });

test("a role that was taken away is gone with the next request, also for a " +
  "token that was just used", async () => {
  const used = token("b-submitter");
  const path = `/v1/coder/status/${uuid7()}`;
  const change = (/** @type {boolean} */ active) =>
    server.call("PUT", "/v1/members", {
      token: token("a-admin"),
      body: { sub: "b-submitter", roles: ["submitter"], active },
    });
  for (let round = 0; round < 5; round++) {
    assert.equal((await server.call("GET", path, { token: used })).status, 404);
    assert.ok((await change(false)).status < 300);
    assert.equal((await server.call("GET", path, { token: used })).status, 403);
    assert.ok((await change(true)).status < 300);
  }
});
