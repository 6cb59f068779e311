// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// size.test.js - the built page's own scripts stay small. The model's runtime
// (.mjs) comes behind them, and so does the vault, when something is sent.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const BUILT = new URL("../../build/web/", import.meta.url);
const MOST = 60 * 1024;
const MOST_LATER = 48 * 1024;
/** Not fetched with the page. */
const LATER = /^(?:vault|send|about)-[0-9A-F]{8}\.js$/;
/** Not before there are several notes. */
const QUEUE = /^queue-[0-9A-F]{8}\.js$/;
/** Beside the English words, for who reads French. */
const FRENCH = /^fr-[0-9A-F]{8}\.js$/;
/** Of other pages than this one. */
const OTHERS = /^(?:results|redactor)-[0-9A-F]{8}\.js$/;

/** @param {(name: string) => boolean} which */
async function sizeOf(which) {
  const scripts = (await readdir(BUILT))
    .filter((name) => name.endsWith(".js") && which(name));
  assert.ok(scripts.length >= 1, "build the page first");
  let sum = 0;
  for (const script of scripts)
    sum += gzipSync(await readFile(new URL(script, BUILT))).length;
  return sum;
}

test("all scripts of the page together are at most 60 KB of gzip", async () => {
  const sum = await sizeOf(
    (name) => ![LATER, QUEUE, FRENCH, OTHERS].some((set) => set.test(name)));
  assert.ok(sum <= MOST, `${sum} bytes of gzip`);
});

test("the queue is at most 12 KB of gzip, and in no other script", async () => {
  const sum = await sizeOf((name) => QUEUE.test(name));
  assert.ok(sum <= 12 * 1024, `${sum} bytes of gzip`);
  const names = (await readdir(BUILT)).filter((f) => f.startsWith("page-"));
  for (const name of names)
    assert.doesNotMatch(await readFile(new URL(name, BUILT), "utf8"),
      /queue-list/);
});

test("the styles of page and review are at most 8 KB of gzip", async () => {
  let sum = 0;
  for (const name of await readdir(BUILT))
    if (/^(?:page|review)-[0-9A-F]{8}\.css$/.test(name))
      sum += gzipSync(await readFile(new URL(name, BUILT))).length;
  assert.ok(sum > 1024 && sum <= 8 * 1024, `${sum} bytes of gzip`);
});

test("what comes later is at most 48 KB of gzip", async () => {
  const sum = await sizeOf((name) => LATER.test(name));
  assert.ok(sum <= MOST_LATER, `${sum} bytes of gzip`);
});

test("what other pages have is at most 16 KB of gzip", async () => {
  const sum = await sizeOf((name) => OTHERS.test(name));
  assert.ok(sum <= 16 * 1024, `${sum} bytes of gzip`);
});

test("the page's own script does not hold the vault", async () => {
  const names = (await readdir(BUILT)).filter((f) => f.startsWith("page-"));
  for (const name of names)
    assert.doesNotMatch(
      await readFile(new URL(name, BUILT), "utf8"), /scrubjay commit v1/);
});
