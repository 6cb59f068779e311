// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// Signing in at an issuer: there and back, and what does not belong to it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CHANNEL } from "../../web/vault/channel.js";
import {
  beginSignIn, finishSignIn, signInBeside,
} from "../../web/vault/oidc.js";
import { startIssuer } from "./oidc-issuer.js";
import { refusalOf } from "./vault-kit.js";
import { tokenOf } from "./vault-server.js";

const PAGE = "https://coder.example/results.html";
const HASH = "#job=01980000-0000-7000-8000-000000000001";

/** @type {Awaited<ReturnType<typeof startIssuer>>} */
let issuer;
before(async () => {
  issuer = await startIssuer("coder-1");
});
after(() => issuer.stop());

function makeWorld() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  const world = {
    fetch, went: "", time: Date.now(), kept,
    storage: {
      getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) =>
        void kept.set(key, value),
      removeItem: (/** @type {string} */ key) => void kept.delete(key),
    },
    go: (/** @type {string} */ url) => {
      world.went = url;
    },
    now: () => world.time,
  };
  return world;
}

const site = () =>
  ({ issuer: issuer.origin, client: "scrubjay", scope: "openid" });

/** There and back. @param {ReturnType<typeof makeWorld>} world */
async function wayBack(world) {
  await beginSignIn(site(), PAGE + HASH, world);
  const answer = await fetch(world.went, { redirect: "manual" });
  return answer.headers.get("location") ?? "";
}

test("there and back: a token, and the address as it was", async () => {
  const world = makeWorld();
  const href = await wayBack(world);
  const there = new URL(world.went).searchParams;
  assert.equal(there.get("code_challenge_method"), "S256");
  assert.equal(there.get("redirect_uri"), PAGE);
  assert.ok(!world.went.includes("01980000")); // the issuer learns no result
  const back = await finishSignIn(site(), href, world);
  assert.equal(back?.href, PAGE + HASH);
  assert.equal(await back?.token(false), tokenOf("coder-1"));
  assert.equal(world.kept.size, 0);
  assert.equal(await finishSignIn(site(), PAGE, world), null);
});

test("an answer counts once, in time, and for who asked", async () => {
  const world = makeWorld();
  const href = await wayBack(world);
  const finish = (/** @type {string} */ url, on = world) =>
    refusalOf(finishSignIn(site(), url, on));
  assert.equal(await finish(href, makeWorld()), "SIGN_IN state");
  assert.equal(await finish(href), "not refused");
  assert.equal(await finish(href), "SIGN_IN state");
  const other = await wayBack(world);
  assert.equal(await finish(other.replace(/state=[^&]*/, "state=x")),
    "SIGN_IN state");
  const late = await wayBack(world);
  world.time += 11 * 60_000;
  assert.equal(await finish(late), "SIGN_IN late");
  issuer.state.lie = { iss: "https://other.example" };
  assert.equal(await finish(await wayBack(world)), "SIGN_IN issuer");
  issuer.state.lie = {};
  issuer.state.refuse = true;
  assert.equal(await finish(await wayBack(world)), "SIGN_IN given up");
  issuer.state.refuse = false;
});

test("a code without its verifier is worth nothing", async () => {
  const world = makeWorld();
  const href = await wayBack(world);
  const kept = JSON.parse(world.kept.get("scrubjay-sign-in") ?? "");
  world.kept.set("scrubjay-sign-in",
    JSON.stringify({ ...kept, verifier: "x".repeat(43) }));
  assert.equal(await refusalOf(finishSignIn(site(), href, world)),
    "SIGN_IN answer");
});

test("metadata of another issuer, or without https, is refused", async () => {
  const begin = (/** @type {object} */ more) =>
    refusalOf(beginSignIn({ ...site(), ...more }, PAGE, makeWorld()));
  assert.equal(await begin({ issuer: "http://hospital.example" }),
    "SIGN_IN issuer");
  issuer.state.lie = { issuer: "https://other.example" };
  assert.equal(await begin({}), "SIGN_IN issuer");
  issuer.state.lie = { token_endpoint: "http://hospital.example/token" };
  assert.equal(await begin({}), "SIGN_IN endpoint");
  issuer.state.lie = {};
});

test("a token is renewed before it ends, once for all that ask", async () => {
  const world = makeWorld();
  const back = await finishSignIn(site(), await wayBack(world), world);
  assert.ok(back);
  const before = issuer.state.asked.length;
  await back.token(false);
  assert.equal(issuer.state.asked.length, before);
  world.time += 880_000;
  await Promise.all([back.token(false), back.token(false), back.token(true)]);
  assert.equal(issuer.state.asked.length, before + 1);
  await back.token(true);
  assert.equal(issuer.state.asked.length, before + 2);
});

/** A window that signs in where it is sent, and tells what it came back with.
 * @param {(said: string) => string} [twist] what it tells instead */
function makeWindow(twist = (said) => said) {
  const channel = new BroadcastChannel(CHANNEL);
  const opened = {
    closed: 0, taken: /** @type {string[]} */ ([]),
    location: {
      /** @param {string | URL} url */
      async replace(url) {
        const answer = await fetch(url, { redirect: "manual" });
        const back = new URL(answer.headers.get("location") ?? "");
        channel.postMessage({ said: twist(back.search) });
      },
    },
    close: () => void opened.closed++,
    done: () => channel.close(),
  };
  channel.onmessage = (/** @type {any} */ { data }) =>
    void opened.taken.push(data.taken);
  return opened;
}

/** @param {ReturnType<typeof makeWindow>} opened @param {AbortSignal} [signal] */
const beside = (opened, signal = new AbortController().signal) =>
  signInBeside(site(), PAGE, opened, signal, { fetch, now: Date.now });

test("in a window beside: a token, and nothing is stored", async () => {
  const opened = makeWindow();
  const token = await beside(opened);
  assert.equal(await token(false), tokenOf("coder-1"));
  assert.equal(opened.closed, 1);
  opened.done();
});

test("a window with another state, or none, is not heard", async () => {
  for (const twist of [
    (/** @type {string} */ said) => said.replace(/state=[^&]*/, "state=x"),
    () => "", () => /** @type {any} */ (7),
  ]) {
    const opened = makeWindow(twist);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 150);
    assert.equal(
      await refusalOf(beside(opened, stop.signal)), "SIGN_IN given up");
    assert.deepEqual(opened.taken, []);
    opened.done();
  }
});

test("of two windows at once each is heard by its own page", async () => {
  const one = makeWindow();
  const two = makeWindow();
  const [first, second] = await Promise.all([beside(one), beside(two)]);
  assert.equal(await first(false), await second(false));
  for (const opened of [one, two]) opened.done();
});

test("who gives up at the issuer, or cannot reach it, has the window closed",
  async () => {
    issuer.state.refuse = true;
    const opened = makeWindow();
    assert.equal(await refusalOf(beside(opened)), "SIGN_IN given up");
    assert.equal(opened.closed, 1);
    opened.done();
    issuer.state.refuse = false;
    const far = makeWindow();
    assert.equal(await refusalOf(signInBeside(
      { ...site(), issuer: "http://localhost:1" }, PAGE, far,
      new AbortController().signal, { fetch, now: Date.now })), "NETWORK");
    assert.equal(far.closed, 1);
    far.done();
  });
