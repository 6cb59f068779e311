// SPDX-License-Identifier: Apache-2.0
//
// sw.js - the service worker: gives the page its files when there is no
// server. It answers for the files of its list and for nothing else, so that
// what a server says of notes or results is never kept.
//
// The shell is stored when the worker is installed, all or nothing. The pack
// (engine, model, runtime) is stored by the page, which can tell how far it is;
// but a new version that follows a stored pack is not installed before its own
// is stored. A new version waits: it begins when it is asked to and no other
// tab has the page open, or when all of them are closed.

/** @import {List} from "./store.js" */

import { fill, packName, PREFIX, shellName, StoreError, worldAt } from "./store.js";

/** @type {List} the build puts it in */
const list = /** @type {any} */ (globalThis).SCRUBJAY_LIST;
const self_ = /** @type {any} */ (self);
const base = new URL("./", self_.location.href).href;
const world = worldAt(base);

/** URL: the cache that has it. */
const PLACES = new Map([
  ...list.shell.map(({ path }) => /** @type {const} */ (
    [new URL(path, base).href, shellName(list)])),
  ...list.pack.map(({ path }) => /** @type {const} */ (
    [new URL(path, base).href, packName(list)])),
]);

async function install() {
  const names = await caches.keys();
  const packs = names.some((name) => name.startsWith(`${PREFIX}pack-`));
  try {
    await fill(world, shellName(list), list.shell);
    if (packs) await fill(world, packName(list), list.pack);
  } catch (error) {
    await caches.delete(shellName(list));
    const code = error instanceof StoreError ? error.code : "REFUSED";
    for (const tab of await self_.clients.matchAll(
      { type: "window", includeUncontrolled: true }))
      tab.postMessage({ failed: code });
    throw error;
  }
}

async function activate() {
  const mine = [shellName(list), packName(list)];
  for (const name of await caches.keys())
    if (name.startsWith(PREFIX) && !mine.includes(name))
      await caches.delete(name);
  await self_.clients.claim();
}

/**
 * Under which URL a request's file is kept, if it is one of ours.
 * @param {Request} request
 */
function placeOf(request) {
  if (request.method !== "GET") return null;
  const url = new URL(request.url);
  url.hash = "";
  if (request.mode === "navigate") {
    url.search = "";
    if (url.href === `${base}index.html`) return base;
  } else if (request.cache === "reload") return null; // past every cache
  return PLACES.has(url.href) ? url.href : null;
}

/** @param {string} url @param {Request} request */
async function answer(url, request) {
  const name = PLACES.get(url) ?? "";
  const stored = (await caches.has(name))
    ? await (await caches.open(name)).match(url) : undefined;
  return stored ?? fetch(request);
}

/** How many tabs have the page open. */
async function tabs() {
  const all = await self_.clients.matchAll(
    { type: "window", includeUncontrolled: true });
  return all.filter((/** @type {{url: string}} */ { url }) =>
    [base, `${base}index.html`].includes(url.split(/[?#]/)[0] ?? "")).length;
}

self_.addEventListener("install", (/** @type {any} */ event) =>
  event.waitUntil(install()));
self_.addEventListener("activate", (/** @type {any} */ event) =>
  event.waitUntil(activate()));
self_.addEventListener("fetch", (/** @type {any} */ event) => {
  const url = placeOf(event.request);
  if (url !== null) event.respondWith(answer(url, event.request));
});
self_.addEventListener("message", (/** @type {any} */ event) => {
  const [port] = event.ports;
  if (event.data === "list") return port?.postMessage(list);
  if (event.data !== "begin") return;
  event.waitUntil(tabs().then((count) => {
    port?.postMessage({ others: count - 1 });
    if (count <= 1) return self_.skipWaiting();
  }));
});
