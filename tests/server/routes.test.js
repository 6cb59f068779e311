// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// openapi.yaml against what the server does: it lists what the requirements ask
// for, what it does not list is not there, and its schemas are those that hold.
// Who may call what is matrix.test.js.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { MEMBERS, Server, submission, uuid7 } from "./kit.js";

const FOLDER = new URL("../../tools/server/", import.meta.url).pathname;
const ROLES = ["submitter", "coder", "reidentifier", "custodian", "auditor",
  "admin", "worker", "agent"];

/** @typedef {{method: string, path: string, id: string, roles: string[],
 *   body: string | undefined, once: boolean}} Operation */

/** @type {Operation[]} */
let operations;
/** @type {any} */
let page;
/** @type {Server} */
let server;
let job = "";

before(async () => {
  page = JSON.parse(execFileSync("python3",
    ["-B", `${FOLDER}openapi.py`, `${FOLDER}openapi.yaml`, "--json"],
    { encoding: "utf8" }));
  operations = Object.entries(page.paths).flatMap(([path, methods]) =>
    Object.entries(/** @type {any} */ (methods)).map(([method, one]) => ({
      method: method.toUpperCase(), path, id: one.operationId,
      roles: one["x-roles"], body: one["x-body"], once: one["x-once"] === true,
    })));
  const members = { ...MEMBERS };
  for (const role of ROLES) members[`only-${role}`] = role;
  server = await (await Server.make({}, members)).start();
  job = uuid7();
  assert.equal((await server.call("POST", "/v1/coder/submit", {
    as: "dr.lind@hospital.test", key: job, body: submission(),
  })).status, 202);
});
after(() => server.remove());

/** A path with everything filled in. @param {Operation} of */
const pathOf = (of) => of.path.replace("{job_id}", job)
  .replace("{kid}", "vault:main:1");

/** @param {Operation} of @param {any} what */
const ask = (of, what) => server.call(of.method, pathOf(of), {
  ...(of.body ? { body: {} } : {}), ...(of.once ? { key: uuid7() } : {}),
  ...what,
});

test("the page lists what the requirements ask for", () => {
  const all = new Set(operations.map(({ method, path }) => `${method} ${path}`));
  for (const one of [
    "POST /v1/coder/scrub/preview", "POST /v1/coder/submit",
    "GET /v1/coder/status/{job_id}", "GET /v1/coder/results/{job_id}",
    "POST /v1/coder/reidentify", "POST /v1/coder/reidentify/{job_id}/ack",
    "POST /v1/coder/feedback", "GET /v1/coder/feedback/summary",
    "DELETE /v1/coder/jobs/{job_id}", "GET /v1/vault/keylist",
    "PUT /v1/vault/keylist", "GET /v1/vault/keys/me", "PUT /v1/vault/keys/me",
    "GET /v1/vault/keys/{kid}/wrap", "PUT /v1/vault/records/{job_id}/wraps",
    "GET /v1/vault/rotation", "GET /v1/audit/events", "GET /v1/config",
    "GET /healthz", "GET /readyz",
  ]) assert.ok(all.has(one), one);
});

test("what is not in the page is not there", async () => {
  const paths = Object.keys(page.paths);
  for (const path of paths) {
    const there = Object.keys(page.paths[path]).map((one) => one.toUpperCase());
    for (const method of ["GET", "PUT", "POST", "DELETE", "PATCH"]) {
      const { status, headers } = await ask(
        { method, path, id: "", roles: [], body: "x", once: false },
        method === "GET" || method === "DELETE" ? { body: undefined } : {});
      if (there.includes(method)) assert.notEqual(status, 405);
      else {
        assert.equal(status, 405, `${method} ${path}`);
        assert.equal(headers.get("allow"), there.join(", "));
      }
    }
  }
  for (const path of ["/v1/", "/v1/coder", "/v1/coder/submit/", "/v1/Config",
    "/v1/coder/status/1", `/v1/coder/status/${job}/x`, "/v1/metrics",
    "/v1/vault/keys/", "/metrics", "/v1/coder/status/"])
    assert.equal((await server.call("GET", path)).status, 404, path);
});

test("jobs of others are not there, whatever is asked of them", async () => {
  const as = "dr.okoye@hospital.test";
  for (const of of operations.filter(({ path, roles }) =>
    path.includes("{job_id}") && roles.includes("submitter")))
    for (const id of [job, uuid7()]) {
      const { status } = await server.call(of.method,
        of.path.replace("{job_id}", id), { as });
      assert.equal(status, 404, of.id);
    }
});

test("C's schemas are the page's: each documented bound holds", async () => {
  const source = await readFile(
    new URL("../../build/native/tools/server/routes.c", import.meta.url), "utf8");
  for (const { id } of operations)
    assert.ok(source.includes(`handle_${id},`), id);
  // One member that is missing, one that is not known: each body refuses both.
  for (const of of operations.filter(({ body, id }) => body && id !== "dev_token")) {
    const role = of.roles[0] === "any" ? "admin" : of.roles[0];
    const { required } = page.components.schemas[String(of.body)];
    const missing = await ask(of, { as: `only-${role}`, body: {} });
    assert.equal(missing.status, 400, of.id);
    // In the order of the page.
    assert.equal(missing.body.pointer, `/${Object.keys(
      page.components.schemas[String(of.body)].properties)
      .find((name) => required.includes(name))}`);
    const unknown = await ask(of, { as: `only-${role}`, raw: '{"none":1}' });
    assert.equal(unknown.status, 400, of.id);
  }
});
