// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// Signing in at an issuer: there and back, and what does not belong to it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { beginSignIn, finishSignIn } from "../../web/vault/oidc.js";
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
