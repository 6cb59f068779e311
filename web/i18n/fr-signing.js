// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// fr-signing.js - the words of sign-off and report, in French.

/** @import {signing as Signing} from "./en-signing.js" */

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

const READ = "J’ai lu ce texte tel qu’il sera transmis. ";

/** @type {typeof Signing} */
export const signing = {
  open: "Signer…",
  title: "Signature",
  lead: "Le texte montré ici est, caractère pour caractère, ce qui sera " +
    "transmis.",
  preview: "Texte masqué à transmettre",
  checks: "Avant de pouvoir signer",
  clear: (n) =>
    "Chaque ligne a été analysée ou masquée, chaque élément à vérifier a été " +
    "vu, et rien de ce qui est masqué ne figure en clair ailleurs" +
    (n === 0 ? "."
      : `, sauf à ${plural(n, "endroit que vous avez laissé",
        "endroits que vous avez laissés")}.`),
  blocks: {
    CHANGED: () => "Le texte a été modifié depuis son analyse.",
    OUTPUT: () => "Le texte masqué n’a pas pu être écrit.",
    RULES_ONLY: () =>
      "Aucun modèle de langue n’a lu cette note, et la politique en exige un.",
    UNSCANNED: (n) =>
      n === 0 ? "Une partie de la note n’a pas été analysée."
        : `${plural(n, "ligne n’a pas été analysée et resterait",
          "lignes n’ont pas été analysées et resteraient")} en clair.`,
    UNSEEN: (n) =>
      `${plural(n, "élément à vérifier n’a pas encore été vu",
        "éléments à vérifier n’ont pas encore été vus")}.`,
    RESIDUAL: (n) =>
      `Des mots masqués ailleurs figurent en clair à ` +
      `${plural(n, "endroit", "endroits")}.`,
    LEAK: (n) =>
      n === 0 ? "Le texte n’a pas pu être examiné en entier\u00a0: le serveur " +
        "ne l’accepterait pas."
        : `${plural(n, "endroit ressemble", "endroits ressemblent")} à un ` +
          "identifiant\u00a0: le serveur n’accepterait pas le texte.",
    NUL: (n) =>
      `${plural(n, "endroit contient", "endroits contiennent")} un signe qui ` +
      "ne peut pas être envoyé (NUL)\u00a0: masquez-le ou ôtez-le du texte.",
  },
  leads: {
    CHANGED: "Modifier et analyser à nouveau",
    OUTPUT: "Revenir à la relecture",
    RULES_ONLY: "Réessayer d’obtenir le modèle",
    UNSCANNED: "Voir la première ligne",
    UNSEEN: "Voir le premier",
    RESIDUAL: "Voir le premier endroit",
    LEAK: "Voir le premier endroit",
    NUL: "Modifier le texte",
  },
  hide: "Tout masquer",
  other: "Ces mots ont là un autre sens",
  otherHint: "Laisse cet endroit en clair\u00a0; le rapport le compte.",
  counts: "Décomptes",
  facts: {
    findings: "Éléments trouvés",
    hidden: "Masqués",
    leftInClear: "Laissés en clair par le relecteur",
    leftByPolicy: "Laissés en clair par la règle",
    addedByHand: "Ajoutés ou déplacés à la main",
    uncertain: "Incertains",
    uncertainSeen: "Incertains et vus",
    replacements: "Endroits remplacés",
    linesHiddenUnscanned: "Lignes non analysées, masquées entières",
    accepted: "Mêmes mots laissés en clair, dans un autre sens",
  },
  made: "Ce qui a lu la note",
  engine: "Moteur",
  rules: (n) => plural(n, "règle", "règles"),
  model: "Modèle",
  noModel: "aucun, règles seules",
  packs: (n) => plural(n, "lot", "lots"),
  windows: "Passages lus par le modèle",
  output: "Texte masqué",
  size: "Taille et style",
  bytes: (n, style) => `${plural(n, "octet", "octets")}, style ${style}`,
  digest: "SHA-256 du texte masqué",
  noDigest: "indisponible dans ce navigateur",
  rulesFirst: "Aucun modèle de langue n’a lu cette note. Seules des règles " +
    "l’ont fait, et elles manquent les noms que rien n’annonce\u00a0: j’en ai " +
    "donc lu moi-même chaque mot. ",
  statements: {
    "safe-harbor": READ +
      "Les identifiants du 45 CFR 164.514(b)(2), ceux du patient et ceux de " +
      "ses proches, de ses employeurs et de son foyer, sont masqués, et je ne " +
      "connais rien dans le reste qui puisse identifier le patient.",
    "limited-dataset": READ +
      "Les identifiants directs du 45 CFR 164.514(e)(2) sont masqués. Des " +
      "dates, des villes et des codes postaux peuvent rester\u00a0: ce texte " +
      "ne peut servir que sous un accord d’utilisation des données.",
    "gdpr-fr": READ +
      "Ce qui identifie directement le patient est masqué. Je sais que ce " +
      "texte peut rester une donnée personnelle au sens du RGPD et doit être " +
      "gardé comme telle.",
    other: READ +
      "Ce que demande la politique de ce site est masqué, et je ne connais " +
      "rien dans le reste qui puisse identifier le patient.",
  },
  name: "Votre nom",
  role: "Votre fonction",
  missing: {
    NAME: "Indiquez votre nom.",
    ROLE: "Indiquez votre fonction, par exemple médecin.",
    AGREE: "Cochez la déclaration.",
    LEAK: "Votre fonction ressemble à un identifiant\u00a0: le serveur ne " +
      "l’accepterait pas.",
  },
  sign: "Signer",
  signNext: "Signer et continuer",
  signKey: "Ctrl + Entrée le fait de partout sur cette page\u00a0: la " +
    "déclaration est cochée, la note signée, et la suivante ouverte.",
  next: "Continuer",
  back: "Revenir à la relecture",
  signed: "Signé",
  signedBy: (name, role, when) => `${name}, ${role}, ${when}`,
  signedLead: "Ce rapport contient des décomptes, des versions et des " +
    "empreintes, et aucun mot de la note. Il vous nomme\u00a0: gardez-le à " +
    "part du texte.",
  byType: "Masqués, par type",
  send: "Envoyer…",
  sendNumbered: "Numéroter, pour l’envoyer…",
  sendHint: "L’envoi se fait avec des repères numérotés, pour que les originaux " +
    "puissent revenir : vous le voyez et le signez encore une fois.",
  copy: "Copier le texte",
  download: "Télécharger le texte",
  downloadReport: "Télécharger le rapport",
  print: "Imprimer le rapport",
};
