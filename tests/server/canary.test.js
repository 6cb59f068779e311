// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// Forty words that stand nowhere else are put wherever a client can put
// something that is refused: none of them is in an answer, the database, its
// journal, the log, or the metrics afterwards. One that is stored on purpose is
// looked for too, so that looking is known to find.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Server, submission, until, uuid7 } from "./kit.js";

const LIND = "dr.lind@hospital.test";
/** @type {Server} */
let server;
let count = 0;

/** @type {string[]} */
const canaries = [];
function canary() {
  const letters = "bcdfghjklmnpqrstvwxz";
  let word = "Zq";
  for (let i = 0, n = 7919 * ++count; i < 8; i++, n = Math.floor(n * 1.7) + i)
    word += letters[n % letters.length];
  canaries.push(word);
  return word;
}

before(async () => {
  server = await (await Server.make({ admin: { listen: "127.0.0.1:0" } }))
    .start();
});

after(() => server.remove());

test("what is refused leaves no word anywhere", async () => {
  /** @type {string[]} */
  const answers = [];
  /** @param {string} method @param {string} path @param {object} what */
  const call = async (method, path, what, refused = true) => {
    const answer = await server.call(method, path, /** @type {any} */ (what));
    answers.push(answer.text);
    answers.push(JSON.stringify([...answer.headers]));
    if (refused) assert.ok(answer.status >= 400, `${method} ${answer.status}`);
    return answer;
  };
  const submit = (/** @type {object} */ more) =>
    call("POST", "/v1/coder/submit",
      { as: LIND, key: uuid7(), body: submission(more) });

  for (const name of ["raw_text", "text", "confirmed_phi", "note", "patient"])
    await submit({ [name]: `${canary()} ${canary()}` });
  await submit({ confirmed_phi: [{ text: canary(), start: 0, end: 3 }] });
  await submit({ [canary()]: 1 });
  await submit({ document_type: `${canary()} ${canary()}` });
  await submit({ specialty: "x".repeat(2000) + canary() });
  await submit({ style: canary() });
  for (const leak of ["MRN: 4815162342", "SSN 219-09-9999", "(212) 555-0147"])
    await submit({ scrubbed_text: `<PERSON_0> <PERSON_0> <MRN_1> ${canary()} ${
      leak}` });
  await submit({ scrubbed_text: `<PERSON_0> <AGE_7> ${canary()}` });
  await submit({ entities: [{ placeholder: `<${canary().toUpperCase()}_0>`,
    type: "NAME", source: "rule", count: 1 }] });
  await submit({ attestation: { ...submission().attestation,
    reviewer: { role: `Dr. ${canary()} 219-09-9999` } } });
  await submit({ vault: { fmt: 1, data: canary(), wraps: [canary()],
    share: canary(), sig: canary(), text_salt: canary() } });
  await call("POST", "/v1/coder/submit",
    { as: LIND, key: uuid7(), raw: `{"scrubbed_text":"${canary()}` });
  await call("POST", "/v1/coder/submit", { as: LIND, key: uuid7(),
    raw: canary(), headers: { "content-type": "text/plain" } });
  await call("POST", "/v1/coder/submit", { as: LIND, key: uuid7(),
    raw: JSON.stringify(submission({ scrubbed_text: canary().repeat(40_000) })) });
  await call("POST", "/v1/coder/scrub/preview",
    { as: LIND, key: uuid7(), body: { raw_text: canary() } });
  await call("POST", "/v1/coder/submit",
    { as: LIND, key: canary(), body: submission() });
  await call("POST", "/v1/coder/submit",
    { token: `eyJ.${canary()}.x`, key: uuid7(), body: submission() });
  await call("GET", `/v1/coder/status/${canary()}`, { as: LIND });
  await call("GET", `/${canary()}`, { as: LIND });
  await call("GET", `/v1/audit/events?actor=${canary()}&zzz=${canary()}`,
    { as: "audit-1" });
  await call("POST", "/v1/coder/reidentify", { as: "release-1", key: uuid7(),
    body: { job_id: uuid7(), purpose_of_use: canary(), reason: canary() } });
  await call("POST", "/v1/coder/feedback", { as: LIND, key: uuid7(),
    body: { job_id: uuid7(), items: [{ kind: "fn", type: "NAME", start: 0,
      end: 4, shape: canary() }] } });
  await call("GET", "/healthz", { headers: { "user-agent": canary(),
    cookie: canary(), referer: `https://x.example/${canary()}`,
    "x-note": canary() } }, false);
  for (const head of [`${canary()} / HTTP/1.1`, `GET /%00${canary()} HTTP/1.1`,
    `POST /v1/coder/submit HTTP/1.1\r\nTransfer-Encoding: ${canary()}`,
    `GET / HTTP/1.1\r\n${canary()} : x`])
    answers.push(await server.raw(
      `${head}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`));
  assert.ok(canaries.length >= 40, `${canaries.length}`);
  assert.equal(new Set(canaries).size, canaries.length);

  const kept = "Zqkeptonpurpose";
  const stored = await call("POST", "/v1/coder/submit",
    { as: LIND, key: uuid7(), body: submission({
      scrubbed_text: `<PERSON_0> and <PERSON_0> <MRN_1> ${kept}.` }) }, false);
  assert.equal(stored.status, 202);

  const port = Number(await until(() =>
    /"event":"metrics","port":"(\d+)"/.exec(server.log)?.[1]));
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  assert.match(metrics, /^scrubjay_leaks_blocked_total [1-9]/mu);

  /** @type {[string, string][]} */
  const places = [["answers", answers.join("\n")], ["metrics", metrics]];
  for (const when of ["running", "ended"]) {
    if (when === "ended") await server.stop();
    for (const name of await readdir(server.folder))
      places.push([`${when} ${name}`, (await readFile(
        join(server.folder, name))).toString("latin1")]);
    places.push([`${when} log`, server.log]);
  }
  assert.ok(places.some(([, text]) => text.includes(kept)), "nothing is found");
  assert.ok(places.some(([name]) => name.endsWith("-wal")));
  for (const [name, text] of places) {
    const low = text.toLowerCase();
    const found = canaries.filter((word) => low.includes(word.toLowerCase()));
    assert.deepEqual(found, [], name);
  }
});
