// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// gallery.js - pictures of the page in its states, taken in Chromium of an
// invented note: every state in every look, to be looked at, or the few that
// web/README.md shows.
//
//     node tests/browser/gallery.js --all DIR     every one, as PNG
//     node tests/browser/gallery.js --readme      into web/gallery, 256 colours

import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { openStage, pasteNote, reviewing, visit } from "./harness.js";
import { toPalette } from "./palette.js";
import { TWO_PAGES } from "./two-pages.js";

/** @import {BrowserContextOptions, Page} from "playwright-core" */
/** @import {Stage} from "./harness.js" */

const FRENCH = `COMPTE RENDU D’HOSPITALISATION

Patiente : Zoé KERNEVEL        IPP : 8004815        Née le 14/03/1951
Entrée le 03/02/2026, sortie le 09/02/2026
Médecin référent : Dr Amadou Quillec      Médecin traitant : Dr Inès Falcoz
Hôpital de Larmouret, 44 rue des Tanneurs, 21000 Dijon
Téléphone : 01 99 00 44 77      Courriel : zoe.kernevel@example.org

MOTIF
Mme Kernevel, 74 ans, suivie pour une bronchopneumopathie obstructive, est
adressée le 3 février pour une toux fébrile depuis trois jours. Sa fille,
Tilda, joignable au 01 99 00 99 21, l’a trouvée confuse au réveil.

ÉVOLUTION
Pneumopathie du lobe inférieur droit à pneumocoque, traitée par céfotaxime puis
amoxicilline. Radiographie de contrôle le 7 février : nette amélioration.
Revue par le Dr Falcoz avant la sortie. Retour à Fontvielle avec de l’oxygène.

TRAITEMENT DE SORTIE
Amoxicilline 1 g trois fois par jour jusqu’au 12/02/2026, tiotropium 18 µg par
jour, metformine 500 mg deux fois par jour, lévothyroxine 75 µg par jour.
Contrôle chez le pneumologue, Dr Maël Vautrin, le 2 mars à 9 h.
`;

/** @type {Record<string, BrowserContextOptions>} */
const LOOKS = {
  light: {},
  dark: { colorScheme: "dark" },
  narrow: {
    viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true,
    deviceScaleFactor: 2,
  },
  french: { locale: "fr-FR" },
  forced: { forcedColors: "active" },
};

/** What is pressed, in both languages. */
const SAY = {
  about: /^(About the note|À propos de la note)/,
  both: /^(Side by side|Côte à côte)$/,
  
  sign: /^(Sign off|Signer)…/,
  next: /^(Next to check|Suivant à vérifier|Suivante à vérifier)/,
  findings: /^(Findings|Éléments) ?\(/,
};

/** @param {Page} page */
const review = (page) => page.locator("scrubjay-review");

/** @param {Page} page @param {RegExp} name */
async function press(page, name) {
  const button = page.getByRole("button", { name }).first();
  if (await button.isVisible()) await button.click();
}

/** @param {Page} page runs inside the review */
const seeAll = (page) => review(page).evaluate((element) => {
  const one = /** @type {any} */ (element);
  for (const item of one.session.items) if (item.uncertain) one.show(item);
});

/** Everything that moves has come to rest. @param {Page} page */
const still = (page) => page.evaluate(() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(done))));

/**
 * Walk through the states; `take` is called at each.
 * @param {Page} page
 * @param {string} note
 * @param {(state: string) => Promise<void>} take
 */
async function walk(page, note, take) {
  await take("empty");
  await press(page, SAY.about);
  const field = page.locator(".fields-of textarea");
  await field.fill(note.split("\n")[2] ?? "");
  await take("about");
  // The other pictures show what is found without.
  await page.locator(".fields-of .row button.quiet").click();
  await page.locator(".fields-of button.primary").click();
  await pasteNote(page, note);
  await reviewing(page);
  await page.locator(".busy").waitFor({ state: "detached" });
  await take("review");
  await review(page).evaluate((element) => {
    const one = /** @type {any} */ (element);
    const { items } = one.session;
    one.show(items.find((/** @type {any} */ i) => i.role === "provider"));
  });
  await take("finding");
  await press(page, SAY.findings);
  await take("list");
  await page.keyboard.press("Escape");
  await review(page).evaluate((element) => {
    const one = /** @type {any} */ (element);
    const { text } = one.session.note;
    const start = text.search(/\bTilda\b/);
    one.show({ start, end: start + 5 });
  });
  await take("selection");
  await page.keyboard.press("Escape");
  await review(page).evaluate((element) =>
    /** @type {any} */ (element).show({ start: 0, end: 0 }));
  await press(page, SAY.both);
  await review(page).locator('.view + .view[aria-busy="false"]').waitFor();
  await take("beside");
  await press(page, SAY.sign);
  await page.locator(".sign").waitFor();
  await take("blocked");
  await page.locator(".sign .row button").last().click();
  await reviewing(page);
  await seeAll(page);
  await press(page, SAY.sign);
  await page.locator(".sign").waitFor();
  await take("signing");
}

/**
 * @param {Stage} stage
 * @param {string} look
 * @param {(name: string, png: Buffer) => Promise<void>} keep
 */
async function pictures(stage, look, keep) {
  const { page, finish } = await visit(stage, LOOKS[look] ?? {});
  await walk(page, look === "french" ? FRENCH : TWO_PAGES, async (state) => {
    await still(page);
    await keep(`${state}-${look}`, await page.screenshot({ animations: "disabled" }));
  });
  await finish();
}

const { values } = parseArgs({
  options: { all: { type: "string" }, readme: { type: "boolean" } },
});
const out = values.all
  ?? fileURLToPath(new URL("../../web/gallery", import.meta.url));
const SHOWN = new Set([
  "review-light", "finding-dark", "beside-light", "signing-light",
  "review-french", "list-narrow",
]);
await mkdir(out, { recursive: true });
const stage = await openStage("built");
try {
  for (const look of Object.keys(LOOKS))
    await pictures(stage, look, async (name, png) => {
      if (values.all) await writeFile(`${out}/${name}.png`, png);
      else if (SHOWN.has(name))
        await writeFile(`${out}/${name}.png`, toPalette(png));
    });
} finally {
  await stage.stop();
}
