// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// From a pasted note to a result on the server, as a physician goes: signed in
// the numbered style, sealed, sent; and what happens where it is not taken.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openVault } from "../../web/vault/index.js";
import { mergeText } from "../../web/vault/record.js";
import { memoryStore } from "../../web/vault/store.js";
import { startIssuer } from "../web/oidc-issuer.js";
import { problem, startVaultServer, tokenOf } from "../web/vault-server.js";
import { axe, build, pasteNote, reviewing, visit } from "./harness.js";
import {
  enter as enterAs, heading, NOTE, openHospital, press, signed,
} from "./sending-kit.js";

/** @import {Page} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

/** @type {import("../web/vault-kit.js").Hospital} */
let hospital;
/** @type {Awaited<ReturnType<typeof startVaultServer>>} */
let server;
/** @type {Stage} */
let stage;
before(async () => {
  ({ hospital, server, stage } = await openHospital());
});
after(() => stage?.stop());

/** @param {Page} page */
const enter = (page) => enterAs(page, hospital.passphrase);

/** What a coder gets of it. @param {string} id */
async function opened(id) {
  const vault = await openVault({
    base: server.base, root: hospital.root.kid, store: memoryStore(),
    token: async () => tokenOf("coder-1"), locks: null,
  });
  await vault.refresh();
  await vault.unlock(hospital.passphrase);
  const { text, entities } =
    await vault.reidentify(id, { purpose: "treatment" });
  vault.close();
  return mergeText(text, entities).map((piece) => piece.text).join("");
}

test("a note is signed, sealed, sent, and comes back as it was", async () => {
  server.state.fault = () => undefined;
  const visited = await visit(stage);
  const { page, finish } = visited;
  await signed(page);
  await press(page, "Send…");
  await heading(page, "Who sends?");
  assert.deepEqual(await axe(visited), []);
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("alert").getByText("Type your user name").waitFor();
  await page.getByLabel("User name").fill("physician-1");
  await page.keyboard.press("Enter");
  await heading(page, "Unlock your keys");
  assert.deepEqual(await axe(visited), []);
  await page.getByLabel("Passphrase").fill("WRONG-WRONG-WRONG");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("does not open your keys").waitFor();
  await page.getByLabel("Passphrase").fill(hospital.passphrase);
  await page.keyboard.press("Enter");
  await heading(page, "Sent");
  assert.deepEqual(await axe(visited), []);
  const id = await page.locator(".send-id").textContent() ?? "";
  const job = server.jobs.get(id);
  assert.ok(job);
  const all = JSON.stringify(server.requests);
  for (const word of ["Zora", "Kern", "Quill", "00481516", "4477", "Voss"])
    assert.ok(!all.includes(word), word);
  assert.equal(job.body.style, "numbered");
  assert.equal(job.body.lang, "en");
  assert.deepEqual(job.body.attestation.reviewer, { role: "Physician" });
  assert.equal(await opened(id), NOTE);
  // The next note: who sends is known, and the keys are still open.
  await press(page, "New note");
  await signed(page);
  await press(page, "Send…");
  await heading(page, "Sent");
  assert.equal(server.jobs.size, 2);
  await finish();
});

test("without an answer it waits, and goes when there is one", async () => {
  const visited = await visit(stage, { allow: /Failed to load/ });
  const { page, finish } = visited;
  const before = server.jobs.size;
  server.state.fault = (_, path) =>
    path === "/v1/coder/submit" ? "cut" : undefined;
  await signed(page);
  await enter(page);
  await heading(page, "Kept on this device, will be sent");
  await page.getByText("The server does not answer.").waitFor();
  assert.deepEqual(await axe(visited), []);
  assert.equal(server.jobs.size, before);
  server.state.fault = () => undefined;
  await press(page, "Try now");
  await heading(page, "Sent");
  assert.equal(server.jobs.size, before + 1);
  await finish();
});

test("what the server will not take stops, is told, and can be put away",
  async () => {
    const visited = await visit(stage, { allow: /Failed to load/ });
    const { page, finish } = visited;
    server.state.fault = (_, path) => path === "/v1/coder/submit"
      ? problem(422, "leak-suspected") : undefined;
    await signed(page);
    await enter(page);
    await heading(page, "Kept on this device, not sent");
    await page.getByText("looks like an identifier").waitFor();
    assert.deepEqual(await axe(visited), []);
    await press(page, "Discard");
    await page.locator("textarea").waitFor();
    await finish();
  });

test("what the server would refuse is shown before it is signed, and hidden",
  async () => {
    server.state.fault = () => undefined;
    const visited = await visit(stage);
    const { page, finish } = visited;
    const before = server.jobs.size;
    await pasteNote(page, NOTE);
    await reviewing(page);
    await page.locator("scrubjay-review").evaluate((element) => {
      const review = /** @type {any} */ (element);
      review.writeAs = "numbered";
      for (const item of review.session.items) review.show(item);
      // Left in clear by mistake: the record number.
      const { id } = review.session.items.find(
        (/** @type {any} */ item) => item.label === "MRN");
      review.show({ id });
    });
    await page.keyboard.press("x");
    await press(page, "Sign off…");
    await heading(page, "Before you can sign");
    await page.getByText("1 place looks like an identifier").waitFor();
    assert.deepEqual(
      await page.locator(".preview .leak").allTextContents(), ["00481516"]);
    assert.deepEqual(await axe(visited), []);
    await press(page, "Show the first place");
    const shown = await page.locator("scrubjay-review").evaluate((element) => {
      const { session } = /** @type {any} */ (element);
      const { start, end } = session.selection;
      return session.note.text.slice(start, end);
    });
    assert.equal(shown, "00481516");
    await press(page, "Sign off…");
    await press(page, "Hide all of it");
    await heading(page, "Sign off");
    await page.getByRole("checkbox").check();
    await page.getByLabel("Your name").fill("Ines Voss");
    await page.getByLabel("Your role").fill("MRN 4815162342");
    await press(page, "Sign");
    await page.getByRole("alert").getByText("Your role looks like").waitFor();
    assert.deepEqual(await axe(visited), []);
    await page.getByLabel("Your role").fill("Physician");
    await press(page, "Sign");
    await heading(page, "Signed");
    await enter(page);
    await heading(page, "Sent");
    assert.equal(server.jobs.size, before + 1);
    await finish();
  });

test("cancelled, it is signed and not sent", async () => {
  server.state.fault = () => undefined;
  const { page, finish } = await visit(stage);
  const before = server.jobs.size;
  await signed(page);
  await press(page, "Send…");
  await heading(page, "Who sends?");
  await press(page, "Cancel");
  await heading(page, "Signed");
  await enter(page);
  await heading(page, "Sent");
  assert.equal(server.jobs.size, before + 1);
  await finish();
});

test("in French, dark and narrow, it fits", async () => {
  server.state.fault = () => undefined;
  const visited = await visit(stage, {
    colorScheme: "dark", viewport: { width: 360, height: 720 } });
  const { page, finish } = visited;
  await signed(page);
  await page.getByLabel("Language").selectOption("fr");
  await press(page, "Envoyer…");
  await page.getByLabel("Nom d’utilisateur").fill("physician-1");
  await page.keyboard.press("Enter");
  await page.getByLabel("Phrase secrète").fill(hospital.passphrase);
  assert.deepEqual(await axe(visited), []);
  await page.keyboard.press("Enter");
  await heading(page, "Envoyé");
  assert.deepEqual(await axe(visited), []);
  assert.ok(await page.evaluate(() =>
    document.documentElement.scrollWidth <= innerWidth));
  await finish();
});

/** What was asked of the issuer is as it should be.
 * @param {import("./harness.js").Visit} visited @param {string} origin */
function known({ requests }, origin) {
  const others = requests.filter((url) => !url.startsWith(`${origin}/`));
  assert.ok(others.length < requests.length);
  requests.splice(0, requests.length, ...others);
}

/** A stage whose people sign in at an issuer. */
async function besideIssuer() {
  const issuer = await startIssuer("physician-1");
  const site = await build("sending-issuer", "none", "--vault-root",
    hospital.root.kid, "--issuer", issuer.origin, "--client", "scrubjay");
  const other = await startVaultServer(hospital, { site });
  other.state.issuer = issuer.origin;
  return {
    issuer, other,
    stage: { ...stage,
      origin: other.base.replace("127.0.0.1", "localhost").slice(0, -1) },
    stop: () => {
      other.stop();
      issuer.stop();
    },
  };
}

test("who signs in at the issuer does it in a window beside, and the note stays",
  async () => {
    const { issuer, other, stage: here, stop } = await besideIssuer();
    try {
      const visited = await visit(here);
      const { page, finish } = visited;
      await signed(page);
      await press(page, "Send…");
      await page.getByText("in a window of its own").waitFor();
      assert.deepEqual(await axe(visited), []);

      // It is given up there: said so here, and nothing is lost.
      issuer.state.refuse = true;
      await press(page, "Sign in");
      await page.getByRole("alert").getByText("did not come to its end")
        .waitFor();
      issuer.state.refuse = false;

      const [opened] = await Promise.all([
        page.waitForEvent("popup"), press(page, "Sign in")]);
      await heading(page, "Unlock your keys");
      await page.getByText("Signed in as physician-1").waitFor();
      if (!opened.isClosed())
        await opened.getByText("This window can be closed").waitFor();
      assert.equal(await page.evaluate(() => sessionStorage.length), 0);
      await page.getByLabel("Passphrase").fill(hospital.passphrase);
      await page.keyboard.press("Enter");
      await heading(page, "Sent");
      assert.equal(other.jobs.size, 1);
      known(visited, issuer.origin);
      await finish();
    } finally {
      stop();
    }
  });

test("a sign-in that nobody waits for ends in the page, without the code",
  async () => {
    const { issuer, stage: here, stop } = await besideIssuer();
    try {
      const { page, finish } = await visit(here);
      await page.goto(`${here.origin}/?state=made-up&code=made-up`);
      await page.locator("textarea").waitFor();
      assert.equal(new URL(page.url()).search, "");
      assert.deepEqual(issuer.state.asked, []);
      await finish();
    } finally {
      stop();
    }
  });

test("without a window, or while it is open, one can go back; and signs in anew "
  + "where the tokens have ended", async () => {
  const { issuer, other, stage: here, stop } = await besideIssuer();
  try {
    const visited = await visit(here, { allow: /Failed to load/ });
    const { page, finish } = visited;
    await signed(page);
    await press(page, "Send…");
    await heading(page, "Who sends?");
    await page.evaluate(() => {
      Object.assign(globalThis, { __open: open, open: () => null });
    });
    await press(page, "Sign in");
    await page.getByRole("alert").getByText("did not allow a window").waitFor();
    await page.evaluate(() => {
      globalThis.open = /** @type {any} */ (globalThis).__open;
    });
    // A window that stays at the issuer.
    await page.context().route(/authorize/, () => {});
    await press(page, "Sign in");
    await heading(page, "Sign in in the window that was opened");
    assert.deepEqual(await axe(visited), []);
    await press(page, "Cancel");
    await heading(page, "Who sends?");
    await page.context().unroute(/authorize/);

    await press(page, "Sign in");
    await page.getByLabel("Passphrase").fill(hospital.passphrase);
    // The server does not take the token any more, nor the issuer the renewal.
    other.state.fault = (_, path) => path === "/v1/coder/submit"
      ? problem(401, "unauthenticated") : undefined;
    await page.keyboard.press("Enter");
    await page.getByText("Sign in first.").waitFor();
    assert.deepEqual(await axe(visited), []);
    other.state.fault = () => undefined;
    await press(page, "Sign in again");
    await heading(page, "Sent");
    assert.equal(other.jobs.size, 1);
    known(visited, issuer.origin);
    await finish();
  } finally {
    stop();
  }
});
