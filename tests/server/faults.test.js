// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// What must not be lost is not lost: killed at any moment, on a full disk, on
// one that cannot write, with a clock that jumps, told to end under load.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { Server, submission, until, uuid7 } from "./kit.js";

const LIND = "dr.lind@hospital.test";
const SHIM = new URL(
  "../../build/native/tests/server/libsj_fault.so", import.meta.url).pathname;
const CYCLES = process.env["SCRUBJAY_LONG"] === "yes" ? 1000 : 50;

/** @param {Server} server @param {string} key */
const submit = (server, key) => server.call("POST", "/v1/coder/submit",
  { as: LIND, key, body: submission() });

/** @param {Server} server @returns {Promise<{server: Server, set: (fault:
 * string) => Promise<void>}>} */
async function withFaults(server) {
  const file = join(server.folder, "fault");
  const set = (/** @type {string} */ fault) => writeFile(file, fault);
  await set("");
  await server.start({
    LD_PRELOAD: SHIM, FAULT_FILE: file,
    FAULT_PATH: join(server.folder, "store.db"),
  });
  return { server, set };
}

/** @param {Server} server */
const verify = (server) => server.command(
  "audit", "verify", "--store", join(server.folder, "store.db"));

test(`killed ${CYCLES} times: what was acknowledged is there, whole`,
  { timeout: 3_600_000 }, async () => {
    const server = await Server.make();
    /** @type {string[]} */
    const kept = [];
    try {
      for (let cycle = 0; cycle < CYCLES; cycle++) {
        await server.start();
        await server.token(LIND);
        let dead = false;
        const writers = Array.from({ length: 6 }, async () => {
          while (!dead) {
            const key = uuid7();
            const answer = await submit(server, key).catch(() => null);
            if (answer?.status === 202) kept.push(key);
          }
        });
        const goal = kept.length + 1 + Math.floor(Math.random() * 40);
        await until(() => kept.length >= goal);
        await server.stop("SIGKILL");
        dead = true;
        await Promise.all(writers);
        assert.match(verify(server), /^good: /);
      }
      await server.start();
      for (const key of kept) {
        const { status, body } = await server.call(
          "GET", `/v1/coder/status/${key}`, { as: LIND });
        assert.equal(status, 200);
        assert.equal(body.status, "queued");
      }
      const rows = await server.audit("&action=JOB_SUBMITTED");
      const told = new Set(rows.map(({ entry }) => entry.object));
      assert.equal(told.size, rows.length);
      for (const key of kept) assert.ok(told.has(key));
    } finally {
      await server.remove();
    }
  });

test("a full disk refuses writes, keeps what it has, and recovers", async () => {
  const { server, set } = await withFaults(await Server.make());
  try {
    const before = uuid7();
    assert.equal((await submit(server, before)).status, 202);
    await set("full");
    const lost = uuid7();
    const refused = await submit(server, lost);
    assert.equal(refused.status, 507);
    assert.equal(refused.body.type, "/problems/storage-full");
    assert.equal((await server.call("GET", `/v1/coder/status/${before}`,
      { as: LIND })).status, 200);
    await set("");
    assert.equal((await submit(server, lost)).status, 202);
    assert.equal((await server.call("GET", "/readyz")).status, 200);
    assert.equal(await server.stop(), 0);
    assert.match(verify(server), /^good: /);
  } finally {
    await server.remove();
  }
});

test("with little space left nothing new is taken, and what is there is served",
  async () => {
    const server = await Server.make();
    try {
      await server.start();
      const key = uuid7();
      assert.equal((await submit(server, key)).status, 202);
      await server.stop();
      await server.start({ SCRUBJAYD_LIMITS_DISK_FREE_MB: "1048576" });
      assert.equal((await server.call("GET", "/readyz")).status, 503);
      assert.equal((await submit(server, uuid7())).status, 507);
      assert.equal((await server.call("GET", `/v1/coder/status/${key}`,
        { as: LIND })).status, 200);
      assert.equal((await server.call("DELETE", `/v1/coder/jobs/${key}`,
        { as: LIND })).status, 204);
    } finally {
      await server.remove();
    }
  });

test("a disk that cannot write ends the server, which acknowledges nothing",
  async () => {
    const { server, set } = await withFaults(await Server.make());
    try {
      const before = uuid7();
      assert.equal((await submit(server, before)).status, 202);
      await set("sync");
      const ended = new Promise((resolve) =>
        server.child?.once("exit", resolve));
      const answer = await submit(server, uuid7()).catch(() => null);
      assert.notEqual(answer?.status, 202);
      assert.equal(await ended, 70);
      await set("");
      await server.start();
      assert.equal((await server.call("GET", `/v1/coder/status/${before}`,
        { as: LIND })).status, 200);
      assert.match(verify(server), /^good: /);
    } finally {
      await server.remove();
    }
  });

test("a clock that jumps is written down, and the order of rows stands",
  async () => {
    const { server, set } = await withFaults(await Server.make());
    try {
      const steps = () => server.audit("&action=CLOCK_STEP");
      await submit(server, uuid7());
      await set("clock 3600000");
      await until(async () => (await server.call("GET", "/healthz")).status
        === 200 && /clock_step/.test(server.log));
      await set("");
      await until(() => (server.log.match(/clock_step/g) ?? []).length >= 2);
      const found = await steps();
      assert.ok(found.length >= 2);
      assert.ok(found[0].entry.detail.ms > 3_500_000);
      assert.ok(found[1].entry.detail.ms < -3_500_000);
      await server.stop();
      assert.match(verify(server), /^good: /);
    } finally {
      await server.remove();
    }
  });

test("told to end under load, it finishes what it began", async () => {
  const server = await (await Server.make()).start();
  try {
    await server.token(LIND);
    /** @type {string[]} */
    const kept = [];
    let refused = false;
    const writers = Array.from({ length: 8 }, async () => {
      while (!refused) {
        const key = uuid7();
        const answer = await submit(server, key).catch(() => null);
        if (answer?.status === 202) kept.push(key);
        else refused = true;
      }
    });
    await until(() => kept.length >= 50);
    assert.equal(await server.stop(), 0);
    await Promise.all(writers);
    await server.start();
    const rows = await server.audit("&action=JOB_SUBMITTED");
    const told = new Set(rows.map(({ entry }) => entry.object));
    for (const key of kept) assert.ok(told.has(key));
  } finally {
    await server.remove();
  }
});

test("a second process may not have the same store", async () => {
  const server = await (await Server.make()).start();
  try {
    assert.throws(() => server.command(
      "member", "--config", server.config, "x", "coder"), /another process/);
  } finally {
    await server.remove();
  }
});

test("checkpoints are signed by rows and by time, and can be fetched",
  async () => {
    const server = await Server.make();
    const key = join(server.folder, "checkpoint.pem");
    await writeFile(server.config, `[server]\nlisten = 127.0.0.1:0\n[store]\n` +
      `path = ${join(server.folder, "store.db")}\n[token]\ndev_issuer = yes\n` +
      `[audit]\ncheckpoint_key = ${key}\ncheckpoint_rows = 5\n` +
      `checkpoint_dir = ${server.folder}\ncheckpoint_origin = test.hospital\n`);
    try {
      await server.start();
      await submit(server, uuid7());
      await submit(server, uuid7());
      const note = await until(async () => {
        const { status, text } = await server.call(
          "GET", "/v1/audit/checkpoint", { as: LIND });
        return status === 200 && text;
      });
      assert.match(note, /^test\.hospital\/1\n\d+\n/);
      assert.equal(await server.stop(), 0);
      assert.match(server.command("audit", "verify", "--store",
        join(server.folder, "store.db"), "--key", `${key}.pub`, "--anchor",
        join(server.folder, "test.hospital-1.note")),
      /^good: \d+ rows, 0 erased, [1-9]/);
    } finally {
      await server.remove();
    }
  });
