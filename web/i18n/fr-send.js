// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// fr-send.js - the words of sending a signed text, in French.

import { vault } from "./fr-vault.js";

/** @type {import("./en-send.js").SendWords} */
export const send = {
  code: "fr",
  title: "Envoyer",
  to: (host) => `À ${host} : le texte expurgé, des comptes et des versions.`,
  sealed: "Les originaux partent scellés : le serveur ne peut pas les ouvrir.",
  off: "Les originaux restent ici : ce serveur n’en garde pas.",
  memory: "Ce navigateur ne garde rien pour cette page : ne fermez pas " +
    "l’onglet avant l’envoi.",
  signIn: {
    title: "Qui envoie ?",
    lead: "Ce serveur connecte n’importe qui sur cette machine : il sert à " +
      "essayer.",
    issuer: (host) =>
      `Vous vous connectez chez ${host}, dans une fenêtre à part. La note ` +
      "reste ici.",
    name: "Nom d’utilisateur",
    button: "Se connecter",
    missing: "Tapez votre nom d’utilisateur.",
    away: "Connectez-vous dans la fenêtre ouverte",
    awayLead: "Cette page l’attend et continue d’elle-même.",
    blocked: "Le navigateur n’a pas permis de fenêtre. Autorisez-les pour ce " +
      "site, puis essayez de nouveau.",
    again: "Se connecter de nouveau",
  },
  unlock: {
    title: "Déverrouiller vos clés",
    lead: (sub) => `Connexion : ${sub}. Votre clé signe ce qui est scellé.`,
    passphrase: "Phrase secrète",
    button: "Déverrouiller et envoyer",
    device: "Déverrouiller avec cet appareil",
    keep: "La prochaine fois, laisser faire cet appareil : empreinte, visage " +
      "ou code",
    missing: "Tapez votre phrase secrète.",
  },
  busy: "Envoi",
  sent: "Envoyé",
  sentLead: "Le serveur l’a, et son reçu a été vérifié.",
  job: "Numéro du résultat",
  row: "Consigné comme",
  rowOf: (stream, seq) => `ligne ${stream}.${seq} du journal d’audit`,
  results: "Vers la page des résultats",
  waits: "Gardé sur cet appareil, sera envoyé",
  stopped: "Gardé sur cet appareil, pas envoyé",
  again: "L’envoi est retenté de lui-même.",
  asks: "Le serveur ne le prend pas tel quel.",
  places: (n) => n === 1
    ? "Un endroit du texte ressemble à un identifiant."
    : `${n} endroits du texte ressemblent à des identifiants.`,
  others: "Attendent aussi",
  since: (when) => `signé le ${when}`,
  retry: "Essayer maintenant",
  discard: "Écarter",
  back: "Retour au texte signé",
  fresh: "Nouvelle note",
  next: "Continuer",
  cancel: "Annuler",
  vault,
};
