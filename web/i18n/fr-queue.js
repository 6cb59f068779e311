// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// fr-queue.js - the words of several notes in line, in French.

/** @import {QueueWords} from "./en-queue.js" */

const count = new Intl.NumberFormat("fr");

/**
 * French counts nought and one alike.
 *
 * @param {number} n
 * @param {string} one
 * @param {string} many
 */
function plural(n, one, many) {
  return `${count.format(n)} ${n < 2 ? one : many}`;
}

/** @type {QueueWords} */
export const queue = {
  code: "fr",
  title: "Notes",
  note: (id) => `Note ${count.format(id)}`,
  place: (at, of) => `${count.format(at)} sur ${count.format(of)}`,
  size: (n) => plural(n, "caractère", "caractères"),
  standings: {
    waiting: "En attente",
    scanning: "Analyse…",
    review: "À relire",
    editing: "En modification",
    signed: "Signée",
    sending: "Envoi en cours",
    queued: "Gardée, sera envoyée",
    sent: "Envoyée",
    failed: "Échec",
  },
  found: (n, open) =>
    n === 0 ? "rien trouvé"
      : `${plural(n, "trouvé", "trouvés")}, ${count.format(open)} à vérifier`,
  both: (state, more) => more === "" ? state : `${state}\u00a0: ${more}`,
  why: {
    STOPPED: "le serveur ne la prend pas\u00a0: ouvrez-la",
    WORKER: "le moteur s’est arrêté\u00a0: ouvrez-la pour réessayer",
    TOO_LARGE: "plus de 16 Mo",
    EMPTY: "elle est vide",
    OTHER: "ouvrez-la pour réessayer",
  },
  progress: (over, all) =>
    `${count.format(over)} sur ${count.format(all)} ` +
    `${over < 2 ? "signée" : "signées"}`,
  previous: "Note précédente",
  next: "Note suivante",
  list: "Liste",
  add: "Ajouter des fichiers…",
  remove: (id) => `Retirer la note ${count.format(id)}`,
  removed: (id) => `La note ${count.format(id)} a été retirée.`,
  undo: "La remettre",
  dismiss: "Fermer",
  reading: (n) => `Lecture des fichiers\u00a0: ${count.format(n)} jusqu’ici`,
  send: (n) => `Envoyer ${plural(n, "note signée", "notes signées")}…`,
  sendStyle: (n) =>
    `${plural(n, "note est signée", "notes sont signées")} dans un autre ` +
    "style que celui de l’envoi. Ouvrez-la et signez-la encore une fois.",
  download: (n) =>
    `Télécharger ${plural(n, "texte signé", "textes signés")}`,
  downloadHint: "Un seul fichier, JSON Lines\u00a0: chaque ligne donne le " +
    "numéro de la note, le texte masqué et son SHA-256.",
  reports: "Télécharger leurs rapports",
  reportsHint: "Ils vous nomment\u00a0: gardez-les à part des textes.",
  wipe: "Tout effacer…",
  wipeTitle: (n) => `Effacer ${plural(n, "note", "notes")}\u202f?`,
  wipeLead: (todo, signed) =>
    [todo === 0 ? "Elles sont toutes signées."
      : `${plural(todo, "note n’est pas encore signée",
        "notes ne sont pas encore signées")}.`,
    signed === 0 ? ""
      : `${plural(signed, "note signée n’a pas été envoyée",
        "notes signées n’ont pas été envoyées")} d’ici\u00a0: téléchargez ` +
        "d’abord les textes, si vous les voulez.",
    "Rien d’aucune note ne reste dans cet onglet."].filter(Boolean).join(" "),
  wipeNow: "Les effacer",
  keep: "Les garder",
  done: "C’était la dernière note où il restait à faire.",
  opened: (at, of) => `Note ${count.format(at)} sur ${count.format(of)}.`,
  added: (n) => `${plural(n, "note ajoutée", "notes ajoutées")}.`,
  noneBefore: "Il n’y a pas de note avant celle-ci.",
  noneAfter: "Il n’y a pas de note après celle-ci.",
  bad: (n) =>
    `${plural(n, "fichier n’a pas été ouvert",
      "fichiers n’ont pas été ouverts")}`,
  badFile: (from, to, why) =>
    from === to ? `Fichier ${count.format(from)}\u00a0: ${why}`
      : `Fichiers ${count.format(from)} à ${count.format(to)}\u00a0: ${why}`,
  reasons: {
    EMPTY: "il est vide.",
    TOO_LARGE: "il dépasse 16 Mo, le maximum pour une note.",
    PDF: "c’est un PDF. Cette version ne lit que du texte brut.",
    OFFICE: "c’est un document bureautique. Cette version ne lit que du texte " +
      "brut.",
    RTF: "c’est un document RTF. Cette version ne lit que du texte brut.",
    IMAGE: "c’est une image. Les images ne sont pas lues.",
    BINARY: "ce n’est pas du texte.",
    UNREADABLE: "il n’a pas pu être lu. Il a peut-être été déplacé ou " +
      "verrouillé.",
    FULL: "il y a déjà 200 notes, le maximum d’une file.",
    MANY: "et tous ceux qui suivent\u00a0: un dossier donne 1\u202f000 " +
      "fichiers au plus.",
    TOO_MUCH: "toutes les notes ensemble dépasseraient 32 Mo.",
    OTHER: "il n’a pas pu être lu.",
  },
  encoding: (line) =>
    "il n’est pas en UTF-8 valide, d’abord à la ligne " +
    `${count.format(line)}. Enregistrez-le en UTF-8 et ouvrez-le à nouveau.`,
  noText: "Il ne contenait aucun fichier.",
  keysTitle: "Plusieurs notes",
  keys: [
    ["Ctrl + Entrée", "signature\u202f; là, signer et ouvrir la note suivante"],
    ["Maj + N  Maj + P", "note suivante, précédente"],
    ["↑ ↓ Entrée Suppr", "dans la liste\u00a0: aller, ouvrir, retirer"],
  ],
};
