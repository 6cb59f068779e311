// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// fr-results.js - every word of the results page, in French.

import { vault } from "./fr-vault.js";

const number = new Intl.NumberFormat("fr");

/** @type {import("./en-results.js").ResultsWords} */
export const results = {
  code: "fr",
  page: {
    title: "Résultats",
    tagline: "Résultats codés avec les originaux, pour qui peut les voir",
    language: "Langue",
    theme: "Apparence",
    themes: { auto: "Système", light: "Claire", dark: "Sombre" },
    skip: "Aller au contenu",
    promise: "Les originaux sont remis dans cet onglet. Le serveur les garde " +
      "scellés et ne peut pas les ouvrir.",
    review: "Vers la page de relecture",
  },
  signIn: {
    title: "Qui travaille ici ?",
    lead: "Ce serveur connecte n’importe qui sur cette machine : il sert à " +
      "essayer.",
    issuer: (host) => `Vous vous connectez chez ${host} et revenez ici.`,
    name: "Nom d’utilisateur",
    button: "Se connecter",
    missing: "Tapez votre nom d’utilisateur.",
  },
  unlock: {
    title: "Déverrouiller vos clés",
    lead: (sub) =>
      `Connexion : ${sub}. Vos clés sont ouvertes dans cet onglet et nulle ` +
      "part ailleurs.",
    passphrase: "Phrase secrète",
    button: "Déverrouiller",
    missing: "Tapez votre phrase secrète.",
    keep: "La prochaine fois, laisser faire cet appareil : empreinte, visage " +
      "ou code",
    device: "Déverrouiller avec cet appareil",
    other: "Quelqu’un d’autre",
    off: "Ce serveur ne garde pas d’originaux : il n’y a rien à remettre.",
  },
  ask: {
    title: "Ouvrir un résultat",
    lead: "Ce que vous ouvrez, quand et dans quel but est consigné avant que " +
      "rien ne soit remis.",
    job: "Numéro du résultat",
    jobHint: "Tel que la page de relecture l’a montré à l’envoi",
    purpose: "But",
    choose: "Choisir…",
    purposes: {
      treatment: "Soins du patient",
      payment: "Facturation et paiement",
      operations: "Fonctionnement de l’hôpital",
      quality: "Contrôle de la qualité",
      "patient-request": "Le patient le demande",
      legal: "Exigé par la loi",
    },
    reason: "Motif",
    reasonHint: "En quelques mots, sans le nom du patient",
    button: "Ouvrir avec les originaux",
    lock: "Verrouiller",
    missing: {
      JOB: "Tapez le numéro du résultat, tel que 01980000-0000-7000-8000-" +
        "000000000001.",
      PURPOSE: "Choisissez un but.",
    },
  },
  open: {
    title: "Résultat avec les originaux",
    text: "Texte avec les originaux",
    places: (n) => n < 2
      ? `${number.format(n)} original a été remis`
      : `${number.format(n)} originaux ont été remis`,
    by: (sub) => `Scellé et signé par ${sub}.`,
    codes: "Codes",
    system: "Système",
    codeOf: "Code",
    meaning: "Sens",
    evidence: "Preuve",
    none: "Pas encore codé.",
    written: "Consigné comme",
    row: (stream, seq) => `ligne ${stream}.${seq} du journal d’audit`,
    rewrap: {
      none: "",
      done: "Sa clé est maintenant enveloppée pour la clé la plus récente du " +
        "coffre.",
      later: "Sa clé est encore enveloppée pour une clé plus ancienne du " +
        "coffre.",
    },
    close: "Fermer",
    goes: (minutes) =>
      "Disparaît quand vous le fermez, quittez la page ou ne faites rien " +
      `pendant ${number.format(minutes)} minutes.`,
  },
  gone: {
    idle: "Fermé, car personne n’a rien fait. Vos clés sont verrouillées.",
    left: "Fermé, car la page a été quittée. Vos clés sont verrouillées.",
    closed: "Fermé. Il n’en reste rien dans cet onglet.",
  },
  busy: {
    signIn: "Connexion",
    unlock: "Ouverture de vos clés ; cela prend une seconde ou deux",
    open: "Ouverture",
  },
  vault,
};
