// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The API without a vault: what a submission becomes, who sees it, what is
// refused and what is written down.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Server, submission, uuid7 } from "./kit.js";

const LIND = "dr.lind@hospital.test";
const OKOYE = "dr.okoye@hospital.test";

/** @type {Server} */
let server;
before(async () => {
  server = await (await Server.make()).start();
});
after(() => server.remove());

/** @param {object} [more] @param {string} [as] @param {string} [key] */
const submit = (more = {}, as = LIND, key = uuid7()) =>
  server.call("POST", "/v1/coder/submit", { as, key, body: submission(more) });

test("a submission is answered as the requirements say, with its receipt",
  async () => {
    const key = uuid7();
    const { status, body, headers } = await submit({}, LIND, key);
    assert.equal(status, 202);
    const { receipt, ...rest } = body;
    assert.deepEqual(rest, {
      job_id: key,
      status: "queued",
      message: "Job queued for processing.",
      phi_entities_secured: 0,
      scrubbed_text_preview: submission().scrubbed_text,
      status_url: `/v1/coder/status/${key}`,
    });
    assert.equal(receipt.stream, 1);
    assert.match(receipt.row_hash, /^[0-9a-f]{64}$/);
    assert.match(headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
    const rows = await server.audit(`&object=${key}`);
    assert.deepEqual(rows.map(({ entry }) => entry.action), [
      "REVIEW_STARTED", "ENTITY_CONFIRMED", "ENTITY_UNFLAGGED",
      "JOB_SUBMITTED"]);
    assert.equal(rows.at(-1).seq, receipt.seq);
    assert.equal(rows.at(-1).row_hash, receipt.row_hash);
    assert.equal(rows.at(-1).entry.actor, LIND);
    assert.equal(rows[1].entry.detail.count, 2);
    assert.equal(rows[1].entry.outcome, "reported");
  });

test("the same key with the same body is one job and one answer", async () => {
  const key = uuid7();
  const first = await submit({}, LIND, key);
  const rows = (await server.audit(`&object=${key}`)).length;
  const again = await submit({}, LIND, key);
  assert.deepEqual(again.body, first.body);
  assert.equal((await server.audit(`&object=${key}`)).length, rows);
  const other = await submit({ specialty: "oncology" }, LIND, key);
  assert.equal(other.status, 422);
  assert.equal(other.body.type, "/problems/idempotency-mismatch");
  // Another's key is no way to another's job.
  assert.equal((await submit({}, OKOYE, key)).status, 422);
  const all = await Promise.all(
    Array.from({ length: 20 }, () => submit({}, LIND, key)));
  for (const one of all) assert.deepEqual(one.body, first.body);
});

test("its state is for its owner and for coders, by an entity tag", async () => {
  const key = uuid7();
  await submit({}, LIND, key);
  const path = `/v1/coder/status/${key}`;
  const mine = await server.call("GET", path, { as: LIND });
  assert.equal(mine.status, 200);
  assert.equal(mine.body.status, "queued");
  assert.equal(mine.body.vault, "none");
  assert.equal(mine.headers.get("retry-after"), "5");
  const etag = mine.headers.get("etag") ?? "";
  assert.equal((await server.call("GET", path,
    { as: LIND, headers: { "if-none-match": etag } })).status, 304);
  assert.equal((await server.call("GET", path, { as: "coder-1" })).status, 200);
  const foreign = await server.call("GET", path, { as: OKOYE });
  const missing = await server.call("GET", `/v1/coder/status/${uuid7()}`,
    { as: OKOYE });
  assert.equal(foreign.status, 404);
  // Nothing tells a job of another from one that is not there.
  delete foreign.body.request_id;
  delete missing.body.request_id;
  assert.deepEqual(foreign.body, missing.body);
  assert.ok((await server.audit(`&object=${key}&outcome=denied`)).length > 0);
  assert.equal((await server.call("GET", `/v1/coder/results/${key}`,
    { as: LIND })).body.type, "/problems/not-ready");
});

test("raw text is refused by name, wherever it stands, and written down",
  async () => {
    const canary = "Zora Kern";
    for (const body of [
      { ...submission(), raw_text: canary },
      { ...submission(), confirmed_phi: [{ text: canary }] },
      { ...submission(), engine: { ...submission().engine, text: canary } },
      { raw_text: canary },
    ]) {
      const before = (await server.audit("&action=LEAK_BLOCKED")).length;
      const { status, body: said, text } = await server.call("POST",
        "/v1/coder/submit", { as: LIND, key: uuid7(), body });
      assert.equal(status, 422);
      assert.equal(said.type, "/problems/raw-text-forbidden");
      assert.ok(!text.includes("Zora"));
      const rows = await server.audit("&action=LEAK_BLOCKED");
      assert.equal(rows.length, before + 1);
      assert.equal(rows.at(-1).entry.actor, LIND);
    }
    const preview = await server.call("POST", "/v1/coder/scrub/preview",
      { body: { raw_text: canary } });
    assert.equal(preview.status, 410);
    assert.equal(preview.body.type, "/problems/raw-text-forbidden");
    assert.match(preview.body.title, /in the page/);
    assert.ok(!server.log.includes("Zora"));
  });

test("a body that is not as documented names the place, never the value",
  async () => {
    const long = "x".repeat(65);
    for (const [more, pointer] of /** @type {[any, string][]} */ ([
      [{ style: "plain" }, "/style"],
      [{ Zora: 1 }, ""],
      [{ lang: 7 }, "/lang"],
      [{ document_type: long }, "/document_type"],
      [{ document_type: "Zora Kern" }, "/document_type"],
      [{ entities: [{ ...submission().entities[0], Zora: 1 }] }, "/entities/0"],
      [{ entities: [{ ...submission().entities[0], count: 0 }] },
        "/entities/0/count"],
      [{ entities: [{ ...submission().entities[0], count: 1.5 }] },
        "/entities/0/count"],
      [{ entities: [{ ...submission().entities[0], placeholder: "<p_0>" }] },
        "/entities/0/placeholder"],
      [{ attestation: { ...submission().attestation, reviewed_at: "today" } },
        "/attestation/reviewed_at"],
      [{ scrubbed_text: "" }, "/scrubbed_text"],
      [{ engine: null }, "/engine"],
    ])) {
      const { status, body, text } = await submit(more);
      assert.equal(status, 400, pointer);
      assert.equal(body.type, "/problems/schema");
      assert.equal(body.pointer, pointer);
      assert.ok(!text.includes("Zora") && !text.includes(long));
    }
  });

test("JSON is read strictly", async () => {
  const good = JSON.stringify(submission());
  const twice = good.replace('"lang":"en"', '"lang":"en","lang":"fr"');
  for (const raw of [
    "", "{", `${good}x`, `\ufeff${good}`, twice,
    good.replace("Patient", "\\u0000Patient"),
    good.replace("Patient", "\\ud800Patient"),
    good.replace('"count":2', '"count":1e999'),
    good.replace('"count":2', '"count":02'),
    "[".repeat(100000),
  ]) {
    const answer = await server.call("POST", "/v1/coder/submit",
      { as: LIND, key: uuid7(), raw });
    assert.equal(answer.status, 400, raw.slice(0, 20));
    assert.equal(answer.body.type, "/problems/schema");
  }
});

test("placeholders have to be those that are listed, as often as listed",
  async () => {
    const entities = submission().entities;
    for (const [more, pointer] of /** @type {[any, string][]} */ ([
      [{ scrubbed_text: "Seen <PERSON_0>." }, "/entities/0/placeholder"],
      [{ scrubbed_text: submission().scrubbed_text + " <DATE_9>" },
        "/scrubbed_text"],
      [{ entities: [entities[0], entities[0], entities[1]] },
        "/entities/1/placeholder"],
      [{ entities: [] }, "/scrubbed_text"],
    ])) {
      const { status, body } = await submit(more);
      assert.equal(status, 422, pointer);
      assert.equal(body.type, "/problems/placeholder-mismatch");
      assert.match(body.pointer, new RegExp(`^${pointer.replace("1", "[01]")}$`));
    }
    assert.equal((await submit({
      scrubbed_text: "pO2 < 60, <b>, <PERSON_0> <PERSON_0> <MRN_1> a<",
    })).status, 202);
  });

test("an old rule set is refused, a key is needed, and so is JSON", async () => {
  const old = await submit({ engine: { ...submission().engine, ruleset: "0.0.9" } });
  assert.equal(old.status, 426);
  const path = "/v1/coder/submit";
  const body = submission();
  assert.equal((await server.call("POST", path, { as: LIND, body })).body.type,
    "/problems/idempotency-key");
  for (const key of ["x", "00000000-0000-4000-8000-000000000000"])
    assert.equal((await server.call("POST", path, { as: LIND, body, key })).status,
      400);
  const plain = await server.call("POST", path, {
    as: LIND, key: uuid7(), body, headers: { "content-type": "text/plain" },
  });
  assert.equal(plain.status, 415);
});

test("deleting is for the owner and an admin, and nothing comes back",
  async () => {
    const key = uuid7();
    await submit({}, LIND, key);
    const path = `/v1/coder/jobs/${key}`;
    assert.equal((await server.call("DELETE", path, { as: OKOYE })).status, 404);
    assert.equal((await server.call("DELETE", path, { as: "coder-1" })).status,
      403);
    assert.equal((await server.call("DELETE", path, { as: LIND })).status, 204);
    assert.equal((await server.call("DELETE", path, { as: LIND })).status, 404);
    // A retry that comes late finds its key used up.
    assert.equal((await submit({}, LIND, key)).status, 404);
    assert.equal((await server.call("GET", `/v1/coder/status/${key}`,
      { as: LIND })).body.status, "shredded");
    const other = uuid7();
    await submit({}, LIND, other);
    assert.equal((await server.call("DELETE", `/v1/coder/jobs/${other}`,
      { as: "admin-1" })).status, 204);
  });

test("feedback is counted by type and rule, by day and by job", async () => {
  const job = uuid7();
  await submit({}, LIND, job);
  const body = {
    job_id: job,
    confirmed: [{ type: "NAME", count: 6 }, { type: "MRN", rule: "us.mrn", count: 2 }],
    items: [
      { kind: "fp", type: "NAME", start: 3, end: 9, rule: "title-name", shape: "Xxxxxx" },
      { kind: "fp", type: "NAME", start: 13, end: 19, rule: "title-name", shape: "Xxxxxx" },
      { kind: "fn", type: "MRN", start: 30, end: 37, shape: "ddddddd" },
    ],
  };
  const key = uuid7();
  const path = "/v1/coder/feedback";
  const first = await server.call("POST", path, { as: LIND, key, body });
  assert.equal(first.status, 202);
  assert.equal(first.body.fp, 2);
  assert.deepEqual(
    (await server.call("POST", path, { as: LIND, key, body })).body, first.body);
  const { body: sum } = await server.call("GET",
    `${path}/summary?job_id=${job}`, { as: "coder-1" });
  assert.deepEqual(sum.by_rule, [
    { type: "MRN", rule: "", confirmed: 0, fp: 0, fn: 1, precision: null, recall: 0 },
    { type: "MRN", rule: "us.mrn", confirmed: 2, fp: 0, fn: 0, precision: 1, recall: 1 },
    { type: "NAME", rule: "", confirmed: 6, fp: 0, fn: 0, precision: 1, recall: 1 },
    { type: "NAME", rule: "title-name", confirmed: 0, fp: 2, fn: 0, precision: 0, recall: null },
  ]);
  assert.equal(sum.by_day.length, 1);
  assert.equal(sum.by_day[0].precision, 0.8);
  assert.equal(sum.by_day[0].recall, 0.8889);
  assert.deepEqual((await server.call("GET",
    `${path}/summary?job_id=${uuid7()}`, { as: "coder-1" })).body.by_rule, []);
  const lines = (await server.call("GET", `${path}/export`, { as: "admin-1" }))
    .text.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.find(({ id }) => id === key).items, body.items);
  assert.ok((await server.audit("&action=EXPORT")).length > 0);

  // No member takes a word of the note; a shape is letters without identity.
  for (const item of [
    { ...body.items[0], shape: "Zora" }, { ...body.items[0], word: "Zora" },
    { ...body.items[0], end: 3 }, { ...body.items[0], kind: "tp" },
  ]) {
    const { status, text } = await server.call("POST", path,
      { as: LIND, key: uuid7(), body: { ...body, items: [item] } });
    assert.equal(status, 400);
    assert.ok(!text.includes("Zora"));
  }
  assert.equal((await server.call("POST", path,
    { as: OKOYE, key: uuid7(), body })).status, 404);
});

test("roles are in force with the next request", async () => {
  const sub = "dr.new@hospital.test";
  const member = (/** @type {string[]} */ roles, active = true) =>
    server.call("PUT", "/v1/members",
      { as: "admin-1", body: { sub, roles, active } });
  assert.equal((await submit({}, sub)).status, 403);
  assert.equal((await member(["submitter"])).status, 204);
  assert.equal((await submit({}, sub)).status, 202);
  assert.equal((await member(["submitter"], false)).status, 204);
  assert.equal((await submit({}, sub)).status, 403);
  assert.equal((await member([])).status, 204);
  assert.equal((await submit({}, sub)).status, 403);
  const { body } = await server.call("GET", "/v1/members", { as: "admin-1" });
  assert.ok(body.members.some((/** @type {any} */ one) =>
    one.sub === sub && one.active && one.roles === 0));
  assert.ok((await server.audit("&action=MEMBER_CHANGED")).length >= 3);
});

test("the log can be asked by who, what, when and on which", async () => {
  const from = new Date().toISOString();
  const key = uuid7();
  await submit({}, OKOYE, key);
  const rows = await server.audit(`&actor=${encodeURIComponent(OKOYE)}` +
    `&action=JOB_SUBMITTED&from=${encodeURIComponent(from)}&outcome=ok`);
  assert.equal(rows.length, 1);
  assert.equal(rows[0].entry.object, key);
  assert.equal((await server.audit(`&to=${from}&object=${key}`)).length, 0);
  assert.ok((await server.audit("&action=AUDIT_READ")).length > 0);
  for (const query of ["limit=0", "limit=201", "from=today", "after=1",
    "who=x", "actor=%00", "actor=%zz", "actor=a&actor=b"])
    assert.equal((await server.call("GET", `/v1/audit/events?${query}`,
      { as: "audit-1" })).status, 400, query);
});

test("the configuration is public and holds no secret", async () => {
  const { body } = await server.call("GET", "/v1/config");
  assert.equal(body.vault, "off");
  assert.equal(body.development, true);
  assert.equal(body.limits.body_bytes, 262144);
  assert.equal((await server.call("GET", "/healthz")).text, "ok\n");
  assert.equal((await server.call("GET", "/readyz")).status, 200);
});

test("what still looks like an identifier is refused, by class and place",
  async () => {
    const before = (await server.audit("&action=LEAK_BLOCKED")).length;
    const { entities } = submission();
    const scrubbed_text = "Patient <PERSON_0> (MRN: <MRN_1>), <PERSON_0>. " +
      "SSN 219-09-9999, zora.kern@example.test";
    const { status, body, text } = await submit({ scrubbed_text, entities });
    assert.equal(status, 422);
    assert.equal(body.type, "/problems/leak-suspected");
    assert.ok(body.findings.length >= 2);
    for (const { field, start, end } of body.findings) {
      assert.equal(field, "/scrubbed_text");
      assert.ok(start < end && end <= scrubbed_text.length);
    }
    assert.ok(body.findings.some((/** @type {any} */ one) =>
      scrubbed_text.slice(one.start, one.end) === "zora.kern@example.test"));
    for (const word of ["zora", "219-09"])
      assert.ok(!text.includes(word) && !server.log.includes(word));
    const rows = await server.audit("&action=LEAK_BLOCKED");
    assert.equal(rows.length, before + 1);
    assert.ok(!JSON.stringify(rows).includes("zora"));
    // The short fields are looked through as well.
    const role = { role: "physician, zora.kern@example.test" };
    const other = await submit(
      { attestation: { ...submission().attestation, reviewer: role } });
    assert.equal(other.body.findings[0].field, "/attestation/reviewer/role");
  });
