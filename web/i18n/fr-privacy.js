// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// fr-privacy.js - the words of what keeps a note from being seen, in French.

/** @import {privacy as Privacy} from "./en-privacy.js" */

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
};
