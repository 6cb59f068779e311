// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// vault-server.js - what scrubjayd answers, as far as the page's modules can
// tell, in memory. It keeps what it was sent, so that a test can look at it,
// and does as badly as `fault` says.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";

import { sha256, toBase64url, toUtf8 } from "../../web/vault/bytes.js";
import { wrapByKey } from "../../web/vault/keys.js";
import { listOf, signList, wrappedKeys } from "./vault-kit.js";

/** @import {IncomingMessage, ServerResponse} from "node:http" */
/** @import {Hospital} from "./vault-kit.js" */

/**
 * @typedef {object} Reply
 * @property {number} status
 * @property {object | string} body
 * @property {Record<string, string>} [headers]
 */

/**
 * Before a request is answered: a reply of its own, "cut" to break the
 * connection, "late" to do it and break the connection then, or nothing.
 * @typedef {(method: string, path: string, count: number) =>
 *   Reply | "cut" | "late" | undefined} Fault
 */

const TYPES = new Map(Object.entries({
  ".html": "text/html; charset=utf-8", ".js": "text/javascript",
  ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml",
  ".json": "application/json", ".wasm": "application/wasm",
}));

/** As scrubjayd serves the page. */
const PAGE_HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; " +
    "style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
    "worker-src 'self'; manifest-src 'self'; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'; trusted-types scrubjay default",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** @param {number} status @param {string} name @param {object} [more] */
export const problem = (status, name, more = {}) => ({
  status,
  body: { type: `https://scrubjay.invalid/problems/${name}`, status, ...more },
  headers: { "content-type": "application/problem+json" },
});

/** @param {string} sub */
export function tokenOf(sub) {
  const part = (/** @type {object} */ value) =>
    toBase64url(toUtf8(JSON.stringify(value)));
  return `${part({ alg: "ES256", typ: "at+jwt" })}.${part({ sub })}.AAAA`;
}

/**
 * @param {Hospital} hospital
 * @param {object} [options]
 * @param {"off" | "sealed"} [options.mode]
 * @param {string} [options.site] folder of a built page, served beside it
 */
export async function startVaultServer(
  hospital, { mode = "sealed", site = "" } = {},
) {
  /** @type {Map<string, {body: any, answer: any, wraps: string[]}>} */
  const jobs = new Map();
  /** @type {{method: string, path: string, body: any, key: string}[]} */
  const requests = [];
  const state = {
    mode,
    keylist: await signList(hospital.root, listOf(hospital)),
    fault: /** @type {Fault} */ (() => undefined),
    seq: 0,
    issuer: "",
    roots: new Map(Object.entries({ "vault:derm:3": hospital.vault.secret })),
  };
  const slots = ["user.passphrase", "device.passphrase", "user.recovery",
    "device.recovery"];
  const slotted = async (/** @type {"physician" | "coder"} */ who) =>
    (await wrappedKeys(hospital, who)).map((jwe, i) => ({
      slot: slots[i] ?? "", jwe }));
  /** @type {Record<string, {slot: string, jwe: string}[]>} */
  const keys = {
    "physician-1": await slotted("physician"),
    "coder-1": await slotted("coder"),
  };
  const receipt = async () => {
    const seq = ++state.seq;
    const hash = await sha256(toUtf8(`row ${seq}`));
    return { stream: 1, seq, row_hash: Buffer.from(hash).toString("hex") };
  };

  /** @param {string} sub @param {any} body @param {string} key */
  async function submit(sub, body, key) {
    const known = jobs.get(key);
    if (known) {
      return JSON.stringify(known.body) === JSON.stringify(body)
        ? { status: 202, body: known.answer }
        : problem(422, "idempotency-mismatch");
    }
    const answer = {
      job_id: key, status: body.vault ? "phi_confirmed" : "queued",
      message: "kept", phi_entities_secured: body.entities.length,
      scrubbed_text_preview: body.scrubbed_text.slice(0, 40),
      status_url: `/v1/coder/status/${key}`, receipt: await receipt(),
    };
    jobs.set(key, { body: { ...body, sub }, answer, wraps: body.vault?.wraps });
    /** @type {any} */ (jobs.get(key)).body = body;
    return { status: 202, body: answer };
  }

  /** @param {any} asked */
  async function reidentify(asked) {
    const job = jobs.get(asked.job_id);
    if (!job?.body.vault) return problem(404, "not-found");
    const { share, ...vault } = job.body.vault;
    return {
      status: 200,
      body: {
        job_id: asked.job_id, scrubbed_text: job.body.scrubbed_text,
        vault: { ...vault, wraps: job.wraps }, share,
        results: { codes: [{
          system: "icd-10", code: "L57.0", text: "Seen by <PROVIDER_0>",
          evidence: ["<PERSON_2>"],
        }] },
        receipt: await receipt(),
      },
    };
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {any} body
   * @param {string} key
   * @param {string} sub
   * @returns {Promise<Reply>}
   */
  async function answer(method, path, body, key, sub) {
    const [route, id = ""] = /** @type {[string, string?]} */ (
      /^\/v1\/(?:coder|vault)\/(?:status|records|reidentify|keys)\/([^/]+)/
        .exec(path)?.slice(0, 2) ?? [path]);
    if (path === "/v1/config")
      return { status: 200, body: { vault: state.mode } };
    if (path === "/v1/dev/token")
      return { status: 200, body: {
        access_token: tokenOf(body.sub), expires_in: 900 } };
    if (sub === "") return problem(401, "unauthenticated");
    if (path === "/v1/vault/keylist")
      return {
        status: 200, body: state.keylist,
        headers: { "content-type": "application/jose" },
      };
    if (path === "/v1/vault/keys/me" && method === "PUT") {
      keys[sub]?.push(...body.keys);
      return { status: 204, body: "" };
    }
    if (path === "/v1/vault/keys/me")
      return { status: 200, body: { keys: keys[sub] ?? [] } };
    if (path === "/v1/coder/submit") return submit(sub, body, key);
    if (path === "/v1/coder/reidentify") return reidentify(body);
    if (path.endsWith("/ack")) return { status: 204, body: "" };
    if (path.startsWith("/v1/vault/keys/")) {
      const kid = decodeURIComponent(id);
      const secret = state.roots.get(kid);
      if (!secret) return problem(404, "not-found");
      const { user } = hospital[sub === "coder-1" ? "coder" : "physician"];
      return { status: 200, body: {
        wrap: await wrapByKey(secret, user.jwk, kid) } };
    }
    const job = jobs.get(id);
    if (!job) return problem(404, "not-found");
    if (path.endsWith("/wraps")) {
      const old = await sha256(toUtf8(job.wraps[0] ?? ""));
      if (toBase64url(old) !== body.old_hash)
        return problem(409, "wrap-conflict");
      job.wraps = [body.wrap];
      return { status: 204, body: "" };
    }
    if (route.startsWith("/v1/coder/status/"))
      return {
        status: 200, headers: { "retry-after": "2" },
        body: {
          job_id: id, status: "queued", vault: "sealed", attempts: 0,
          created_at: "2026-11-26T01:00:00Z", updated_at: "2026-11-26T01:00:00Z",
        },
      };
    return problem(404, "not-found");
  }

  /** @param {string} path @param {ServerResponse} response */
  async function serveFile(path, response) {
    const [bare = ""] = path.split("?");
    const name = bare === "/" ? "index.html" : bare.slice(1);
    if (!/^[\w.-]+$/.test(name)) return response.writeHead(404).end();
    const bytes = await readFile(join(site, name)).catch(() => null);
    if (bytes === null) return response.writeHead(404).end();
    response.writeHead(200, {
      ...PAGE_HEADERS,
      "content-security-policy": PAGE_HEADERS["content-security-policy"]
        .replace("connect-src 'self'", `connect-src 'self' ${state.issuer}`),
      "content-type": TYPES.get(extname(name)) ?? "application/octet-stream",
    }).end(bytes);
  }

  /** @param {IncomingMessage} request @param {ServerResponse} response */
  async function serve(request, response) {
    const method = request.method ?? "";
    const path = request.url ?? "";
    if (site !== "" && !path.startsWith("/v1/"))
      return serveFile(path, response);
    let text = "";
    for await (const chunk of request) text += chunk;
    const body = text === "" ? undefined : JSON.parse(text);
    const key = String(request.headers["idempotency-key"] ?? "");
    const [, token = ""] = (request.headers.authorization ?? "").split(" ");
    const claims = token.split(".")[1];
    const sub = claims
      ? JSON.parse(Buffer.from(claims, "base64url").toString()).sub : "";
    requests.push({ method, path, body, key });
    const count = requests.filter((one) => one.path === path).length;
    const fault = state.fault(method, path, count);
    if (fault === "cut") return request.socket.destroy();
    const reply = typeof fault === "object" ? fault
      : await answer(method, path, body, key, sub);
    if (fault === "late") return request.socket.destroy();
    response.writeHead(reply.status, {
      "content-type": "application/json", ...reply.headers });
    response.end(typeof reply.body === "string"
      ? reply.body : JSON.stringify(reply.body));
  }

  const server = createServer((request, response) => {
    void serve(request, response).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (
    server.address());
  return {
    base: `http://127.0.0.1:${port}/`, jobs, requests, state,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
