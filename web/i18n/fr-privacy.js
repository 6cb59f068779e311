// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// fr-privacy.js - the words of what keeps a note from being seen, in French.

/** @import {privacy as Privacy} from "./en-privacy.js" */

const clock = new Intl.DateTimeFormat("fr", { timeStyle: "short" });

/** @type {typeof Privacy} */
export const privacy = {
  tools: "Confidentialité",
  hide: "Cacher la note",
  hideHint: "Couvre la note jusqu’à ce que vous la redemandiez",
  clear: "Vider le presse-papiers",
  clearHint: "Une note collée reste dans le presse-papiers",
  cleared: "Le presse-papiers est vide.",
  hidden: "La note est cachée",
  asked: "Elle est telle que vous l’avez laissée.",
  idle: (minutes) =>
    `Personne n’a utilisé cette page depuis ${minutes} minutes. La note est ` +
    "telle que vous l’avez laissée.",
  show: "Afficher la note",
  wipe: "Effacer la note",
  draft: {
    label: "Brouillon",
    hint: "Chiffré, avec une clé gardée dans ce navigateur : il est protégé " +
      "d’un regard sur les fichiers, non d’une personne qui utilise ce " +
      "navigateur. Sur un poste partagé, n’en gardez pas.",
    choices: { session: "gardé dans ce navigateur", off: "non gardé" },
    states: {
      off: "", none: "", kept: "Enregistré.", changed: "Enregistrement…",
      FULL: "Non enregistré : il n’y a plus de place dans ce navigateur.",
      REFUSED: "Non enregistré : le navigateur ne le permet pas.",
    },
    left: (time, n) => n === 1
      ? `Une note de ${clock.format(time)} n’est pas terminée.`
      : `${n} notes de ${clock.format(time)} ne sont pas terminées.`,
    leftMore: (n) => n === 1
      ? "Elle a été fermée avec son onglet, et reste gardée douze heures."
      : "Elles ont été fermées avec leur onglet, et restent gardées douze heures.",
    goOn: "La reprendre",
    discard: "La supprimer",
  },
};
