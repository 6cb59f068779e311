// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// fr-vault.js - why something was not sealed, sent or opened, in French.

/** @type {typeof import("./en-vault.js").vault} */
export const vault = {
  codes: {
    PIN: "Ce site ne nomme aucune clé racine : aucune clé ne peut être crue.",
    KEYLIST: "La liste de clés du serveur n’est pas de celles que ce site " +
      "peut croire.",
    KEYLIST_EXPIRED: "La liste de clés a dépassé son terme. Un dépositaire " +
      "doit en signer une nouvelle.",
    KEYLIST_OLD: "Le serveur a donné une liste de clés plus ancienne " +
      "qu’auparavant.",
    KEYLIST_FORKED: "Le serveur a donné une autre liste de clés sous le même " +
      "numéro.",
    NO_VAULT_KEY: "Il n’y a pas de clé pour sceller les originaux.",
    NOT_A_MEMBER: "La liste de clés ne vous nomme pas.",
    KEY_FORMAT: "Le serveur n’a pas de clés à vous, ou elles ont une autre " +
      "forme.",
    KDF_WEAK: "Le serveur demande une protection plus faible de vos clés.",
    KDF_COSTLY: "Le serveur demande plus de calcul qu’il n’est raisonnable.",
    PASSPHRASE: "La phrase secrète n’ouvre pas vos clés.",
    PASSKEY: "Cet appareil n’a pas ouvert vos clés : prenez votre phrase " +
      "secrète.",
    KEY_MISMATCH: "Une clé n’est pas celle que nomme la liste de clés.",
    LOCKED: "Vos clés sont verrouillées : tapez votre phrase secrète.",
    MAP: "Les originaux ne correspondent pas aux places du texte.",
    MAP_TOO_LARGE: "Il y a plus d’originaux qu’un enregistrement n’en " +
      "contient.",
    RECORD: "L’enregistrement est abîmé, ou d’un autre format.",
    RECORD_CONTEXT: "Le serveur a donné l’enregistrement d’un autre résultat.",
    RECORD_SIGNATURE: "L’enregistrement n’est pas signé par la personne qui " +
      "l’a soumis.",
    TEXT_CHANGED: "Le texte n’est pas celui qui a été soumis.",
    WRAP: "La clé de l’enregistrement ne l’ouvre pas.",
    SHARE: "La part du serveur ne va pas avec cet enregistrement.",
    ECHO: "Quelque chose de masqué se trouve en clair dans ce qui serait " +
      "envoyé.",
    CRYPTO: "La cryptographie de ce navigateur ne fonctionne pas ici.",
    SUBMISSION: "Il manque quelque chose qui doit y être.",
    NETWORK: "Le serveur ne répond pas.",
    SIGN_IN: "La connexion n’est pas allée au bout. Essayez de nouveau.",
    TOKEN: "Connectez-vous d’abord.",
    ANSWER: "La réponse du serveur n’a pas la forme attendue.",
    RECEIPT: "Le reçu du serveur ne suit pas les précédents.",
    STORE: "Ce navigateur ne garde rien pour cette page.",
    QUOTA: "Il n’y a plus de place dans ce navigateur : rien n’a été gardé.",
    QUEUE_FULL: "Cinquante résultats attendent déjà, ou vingt mégaoctets. " +
      "Envoyez-en ou écartez-en d’abord.",
    EXPIRED: "Il a attendu trois jours et a été retiré sans être envoyé.",
    NO_ITEM: "Il n’attend plus.",
    OTHER: "Quelque chose n’a pas marché.",
  },
  problems: {
    "leak-suspected": "Le serveur y a trouvé ce qui ressemble à un " +
      "identifiant.",
    "raw-text-forbidden": "Le serveur n’accepte que du texte expurgé.",
    "ruleset-outdated": "Ces règles sont trop anciennes pour le serveur : " +
      "rechargez la page.",
    "key-version-retired": "Il a été scellé pour une clé qui n’est plus en " +
      "usage.",
    "vault-malformed": "Le serveur n’accepte pas la partie scellée.",
    "placeholder-mismatch": "Les repères et le texte ne vont pas ensemble.",
    "step-up-required": "Connectez-vous de nouveau, pour montrer que c’est " +
      "vous.",
    forbidden: "Vous n’avez pas ce droit.",
    "not-found": "Ce résultat n’existe pas, ou pas pour vous.",
    "rate-limited": "C’était trop à la fois ; attendez un peu.",
    "too-large": "C’est trop grand pour le serveur.",
    busy: "Le serveur est occupé.",
    unready: "Le serveur ne peut rien garder pour l’instant.",
    "vault-off": "Le serveur ne garde pas d’originaux.",
    "vault-not-ready": "Le serveur n’a pas encore de liste de clés.",
    "not-ready": "Il n’y a pas encore de résultat.",
    "storage-full": "Le serveur n’a plus de place.",
    OTHER: (/** @type {string} */ name) => `Le serveur refuse (${name}).`,
  },
};
