// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// memory.js - what a page and its workers still hold, through the debugger:
// every string that can be reached, and every byte of WebAssembly memory.

/** @import {BrowserContext, CDPSession, Page} from "playwright-core" */

/**
 * A way to ask one target, the page or a worker.
 * @typedef {(method: string, params?: object) => Promise<any>} Ask
 */

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {Ask} ask
 * @property {{chunks: string[]}} heap of the last snapshot
 */

/** Keeps what memory an engine gets, as a worker's first act. */
const HOOK = `
  self.memories = [];
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const former = WebAssembly[name];
    WebAssembly[name] = async (...all) => {
      const made = await former(...all);
      const { exports } = made.instance ?? made;
      self.memories.push(...Object.values(exports)
        .filter((one) => one instanceof WebAssembly.Memory));
      return made;
    };
  }`;

/**
 * The page, and each worker that it starts from now on: load it again.
 * @param {BrowserContext} context
 * @param {Page} page
 * @returns {Promise<Target[]>}
 */
export async function targetsOf(context, page) {
  const session = /** @type {any} */ (await context.newCDPSession(page));
  /** @type {Target[]} */
  const targets = [];
  const heap = { chunks: /** @type {string[]} */ ([]) };
  session.on("HeapProfiler.addHeapSnapshotChunk",
    (/** @type {{chunk: string}} */ { chunk }) => heap.chunks.push(chunk));
  targets.push({ name: "page", ask: session.send.bind(session), heap });
  session.on("Target.attachedToTarget", (/** @type {any} */ news) => {
    const { sessionId, targetInfo } = news;
    if (targetInfo.type !== "worker") return;
    const worker = workerOf(session, sessionId, targetInfo.url);
    targets.push(worker);
    void worker.ask("Runtime.evaluate", { expression: HOOK })
      .then(() => worker.ask("Runtime.runIfWaitingForDebugger"))
      .catch(() => {}); // it went with the page that was loaded again
  });
  await session.send("Target.setAutoAttach",
    { autoAttach: true, waitForDebuggerOnStart: true, flatten: false });
  return targets;
}

/**
 * @param {any} session
 * @param {string} sessionId
 * @param {string} name
 * @returns {Target}
 */
function workerOf(session, sessionId, name) {
  /** @type {Map<number, (answer: any) => void>} */
  const open = new Map();
  const heap = { chunks: /** @type {string[]} */ ([]) };
  let last = 0;
  session.on("Target.receivedMessageFromTarget", (/** @type {any} */ news) => {
    if (news.sessionId !== sessionId) return;
    const message = JSON.parse(news.message);
    if (message.method === "HeapProfiler.addHeapSnapshotChunk")
      heap.chunks.push(message.params.chunk);
    open.get(message.id)?.(message);
  });
  /** @type {Ask} */
  const ask = async (method, params = {}) => {
    const id = ++last;
    const answer = new Promise((resolve) => open.set(id, resolve));
    await session.send("Target.sendMessageToTarget", {
      sessionId, message: JSON.stringify({ id, method, params }),
    });
    const { result, error } = await answer;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  return { name, ask, heap };
}

/**
 * Which of the words are in a string that can still be reached.
 * @param {Target} target
 * @param {readonly string[]} words
 */
export async function inStrings({ ask, heap }, words) {
  heap.chunks.length = 0;
  await ask("HeapProfiler.collectGarbage");
  await ask("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  const all = heap.chunks.join("");
  return words.filter((word) => all.includes(word));
}

/**
 * Which of the words are in WebAssembly memory.
 * @param {Target} target
 * @param {readonly string[]} words
 * @returns {Promise<string[]>}
 */
export async function inWasm({ ask }, words) {
  const { result } = await ask("Runtime.evaluate", {
    returnByValue: true,
    expression: `(() => {
      if (self.memories.length === 0) throw new Error("no memory");
      const all = ${JSON.stringify(words.map((word) => [...Buffer.from(word)]))};
      return all.map((bytes) => self.memories.some(({ buffer }) => {
        const held = new Uint8Array(buffer);
        for (let at = held.indexOf(bytes[0]); at >= 0;
          at = held.indexOf(bytes[0], at + 1))
          if (bytes.every((byte, i) => held[at + i] === byte)) return true;
        return false;
      }));
    })()`,
  });
  return words.filter((_, i) => result.value[i]);
}
