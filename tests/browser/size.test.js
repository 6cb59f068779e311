// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// size.test.js - the built page's own scripts stay small. The model's runtime
// (.mjs) comes behind them.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const BUILT = new URL("../../build/web/", import.meta.url);
const MOST = 60 * 1024;

test("all scripts of ours together are at most 60 KB of gzip", async () => {
  const scripts = (await readdir(BUILT)).filter((f) => f.endsWith(".js"));
  assert.ok(scripts.length >= 2, "build the page first");
  let sum = 0;
  for (const script of scripts)
    sum += gzipSync(await readFile(new URL(script, BUILT))).length;
  assert.ok(sum <= MOST, `${sum} bytes of gzip`);
});
