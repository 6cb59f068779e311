// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// The golden corpus through WASM in Node.

import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "../wasm/load.js";
import { asMarked, readCorpus } from "./golden.js";

const session = (await load()).createEngine().session();

for (const one of await readCorpus()) {
  test(one.title, () => {
    const policy = one.policy === "" ? {} : { policy: one.policy };
    session.start(one.text, { lang: one.lang, ...policy });
    session.finish();
    const spans = session.spans();
    assert.ok(session.coverage().complete);
    assert.deepEqual(asMarked(one.marks, spans), one.marks);
    for (const { style, text } of one.outputs)
      assert.ok(session.replace(spans, { style }).text === text, style);
  });
}
