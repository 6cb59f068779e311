// SPDX-License-Identifier: Apache-2.0
//
// infer.js - the entry of the model's own worker: it starts one model, and
// answers one window after another. infer-client.js is its other end.

/** @import {Infer} from "./pipeline.js" */
/** @import {InferReply, InferRequest} from "./infer-client.js" */

import { ScrubjayError } from "../../wasm/error.js";
import { makeModel } from "./model.js";

/** @type {ReturnType<typeof makeModel> | null} */
let model = null;
/** @type {Infer | null} */
let infer = null;

/** @param {InferReply} reply @param {Transferable[]} [given] */
function send(reply, given = []) {
  self.postMessage(reply, { transfer: given });
}

/** @param {InferRequest} request */
async function perform(request) {
  switch (request.type) {
    case "start":
      model = makeModel(request.place, request.threads,
        (url, init) => fetch(url, init), (url) => import(url),
        { onBytes: (count) => send({ type: "bytes", count }) });
      return model.start();
    case "open":
      infer = (await model?.open(request.manifest)) ?? null;
      return send({ type: "done", job: request.job });
    case "run": {
      const { logits, cols } = (await infer?.(request.window)) ??
        { logits: new Float32Array(0), cols: 0 };
      // A copy: what the runtime gives may lie in memory of its own.
      const own = logits.slice();
      return send({ type: "done", job: request.job, answer: { logits: own, cols } },
        [own.buffer]);
    }
  }
}

send({ type: "up" });
self.addEventListener("message", async (event) => {
  const request = /** @type {MessageEvent<InferRequest>} */ (event).data;
  try {
    await perform(request);
  } catch (error) {
    const known = error instanceof ScrubjayError;
    send({
      type: "failed", job: request.type === "start" ? 0 : request.job,
      code: known ? error.code : "MODEL",
      message: known ? error.message : "the model does not load",
      where: known ? error.where : "model.onnx",
    });
  }
});
