// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// fr.js - every word of the interface, in French. The type of en.js keeps the
// two from drifting apart.

/** @import {Words} from "./en.js" */

import { privacy } from "./fr-privacy.js";
import { signing } from "./fr-signing.js";

const count = new Intl.NumberFormat("fr");
const tenth = new Intl.NumberFormat("fr", {
  minimumFractionDigits: 1, maximumFractionDigits: 1,
});

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

/** @param {number} bytes */
function megabytes(bytes) {
  return tenth.format(bytes / 1e6);
}

/** @type {Words} */
export const fr = {
  code: "fr",
  page: {
    tagline: "Anonymisation de notes cliniques, sur cet appareil",
    language: "Langue",
    theme: "Thème",
    noLanguage: "Cette langue n’a pas pu être demandée à ce site.",
    themes: { auto: "Système", light: "Clair", dark: "Sombre" },
    skip: "Aller à la note",
    signedIn: "Vous êtes connecté. Cette fenêtre peut être fermée.",
    promise: (to, others) => "La note reste sur cet appareil. " +
      (to && "Une fois la note signée, son texte expurgé peut être envoyé à " +
        `${to}, avec les originaux scellés ou sans eux. `) +
      (others === "" ? "Cette page n’interroge aucun autre site."
        : `Outre le sien, cette page interroge ${others}.`),
    engine: (v, model) =>
      [`Moteur ${v}`, model === "none" ? "règles seules" : model && `modèle ${model}`]
        .filter(Boolean).join(", "),
  },
  offline: {
    states: {
      none: "Fonctionne avec son serveur seulement : ce navigateur ne conserve pas la page.",
      checking: "Vérification de ce qui est conservé pour l’usage hors ligne.",
      saving: "Mise en réserve pour l’usage hors ligne.",
      ready: "Prêt hors ligne",
      failed: "Non conservé pour l’usage hors ligne.",
    },
    codes: {
      CHECK: "Un fichier n’est pas celui qui a été publié.",
      NETWORK: "Le serveur ne répond pas.",
      FULL: "Il n’y a plus de place dans ce navigateur.",
      REFUSED: "Le navigateur ne le permet pas.",
    },
    lasting: {
      kept: "jusqu’à ce que vous l’enleviez.",
      may: "sauf si le navigateur manque de place.",
    },
    bar: "Conservé pour l’usage hors ligne",
    again: "Réessayer",
    update: {
      ready: "Une nouvelle version est prête.",
      later: "Une nouvelle version est prête ; elle attend la fin de cette note.",
      others: "Une nouvelle version est prête. Fermez d’abord les autres onglets Scrubjay.",
      broken: "Une nouvelle version n’a pas pu être conservée ; celle-ci continue.",
    },
    begin: "Redémarrer avec elle",
    saveBegin: "Enregistrer et redémarrer",
  },
  intake: {
    title: "Masquer ce qui identifie le patient",
    lead: (sends) =>
      "Collez une note, ouvrez des fichiers texte ou déposez-les n’importe où " +
      "sur cette page. " +
      (sends ? "La note est lue ici même\u00a0: rien n’est envoyé avant que " +
        "vous ne l’ayez signée et choisi Envoyer."
        : "Rien n’est envoyé\u00a0: la note est lue ici même."),
    label: "Note clinique",
    hint: "Collez ou saisissez la note ici",
    open: "Ouvrir des fichiers…",
    scan: "Chercher les identifiants",
    scanHint: "Ctrl + Entrée",
    drop: "Déposez les fichiers texte pour les lire",
    cancelEdit: "Revenir sans modifier",
    rescan: "Analyser à nouveau",
    editing: "Modifier le texte",
    editLead:
      "Les décisions encore valables sont gardées\u00a0: un élément dont les mots " +
      "et le voisinage n’ont pas changé reste tel que vous l’avez laissé.",
    ready: "Moteur prêt",
    readyRules: "Moteur prêt, règles seules.",
    starting: "Démarrage du moteur…",
    steps: (sends) => [
      "Collez la note",
      "Vérifiez ce qui a été trouvé",
      sends ? "Signez et envoyez le texte expurgé" : "Copiez le texte expurgé",
    ],
  },
  status: {
    loading: "Démarrage du moteur",
    model: "Chargement du modèle de langue",
    download: (done, total) =>
      `Téléchargement du modèle de langue\u00a0: ${megabytes(done)} sur ` +
      `${megabytes(total)} Mo`,
    check: "Vérification du modèle de langue",
    start: "Démarrage du modèle de langue",
    soFar: (n) =>
      `${plural(n, "élément trouvé", "éléments trouvés")} par les règles ` +
      "jusqu’ici.",
    detecting: "Recherche des identifiants",
    windows: (done, total) =>
      `${count.format(done)} passage(s) sur ${count.format(total)}`,
    cancel: "Annuler",
    found: (n, doubt) =>
      n === 0
        ? "Rien n’a été trouvé. Relisez la note avant de l’utiliser."
        : `${plural(n, "élément trouvé", "éléments trouvés")}, ` +
          `${count.format(doubt)} à vérifier.`,
    wiped: "La note a été effacée.",
    reading: "Lecture du fichier",
  },
  banner: {
    rules: "Seules des règles ont examiné cette note, aucun modèle de langue.",
    rulesMore:
      "Un nom sans titre ni mention à côté peut manquer. Relisez tout le " +
      "texte avant de l’utiliser.",
    tryAgain: "Réessayer avec le modèle",
    partial: (n) =>
      `${plural(n, "ligne n’a pas été analysée", "lignes n’ont pas été analysées")}. ` +
      "Elles sont masquées en entier dans le texte expurgé.",
    newNote: "Nouvelle note",
    editText: "Modifier le texte",
  },
  missing: {
    MODEL_ABSENT: "Ce site n’a pas de modèle de langue.",
    MODEL_FETCH: "Un fichier du modèle de langue n’a pas pu être téléchargé.",
    MODEL_HASH:
      "Un fichier du modèle de langue n’est pas celui qui est attendu\u00a0; " +
      "il n’est pas utilisé.",
    MODEL:
      "Un fichier du modèle de langue est incorrect\u00a0; il n’est pas " +
      "utilisé.",
    TOKENIZER:
      "Un fichier du modèle de langue est incorrect\u00a0; il n’est pas " +
      "utilisé.",
    MODEL_CANARY:
      "Le modèle de langue ne trouve pas ce qu’il devrait dans son propre " +
      "exemple\u00a0; il n’est pas utilisé.",
    MODEL_DIED:
      "Le modèle de langue s’est arrêté au milieu d’un passage, deux fois.",
    RUNTIME:
      "Ce qui fait tourner le modèle de langue ne démarre pas dans ce " +
      "navigateur.",
    INSECURE:
      "Un modèle de langue ne peut être vérifié qu’en https ou sur localhost.",
    NOMEM: "Il n’y a pas assez de mémoire pour le modèle de langue.",
    OTHER: "Le modèle de langue n’a pas pu être chargé.",
  },
  error: {
    title: "Cela n’a pas marché",
    kept: "Votre texte est conservé.",
    nothing: "Il n’y a rien à analyser\u00a0: la note est vide.",
    retry: "Réessayer",
    back: "Revenir au texte",
    dismiss: "Fermer",
    TOO_LARGE: "La note dépasse 16 Mo, le maximum pour une note.",
    PDF: "C’est un PDF. Cette version ne lit que du texte brut.",
    OFFICE:
      "C’est un document bureautique. Cette version ne lit que du texte brut.",
    RTF: "C’est un document RTF. Cette version ne lit que du texte brut.",
    IMAGE: "C’est une image. Les images ne sont pas lues.",
    BINARY: "Ce fichier n’est pas du texte.",
    ENCODING: (line, byte) =>
      `Le fichier n’est pas en UTF-8 valide\u00a0: première erreur ligne ` +
      `${count.format(line)}, octet ${count.format(byte)}. Enregistrez-le en ` +
      "UTF-8 et ouvrez-le à nouveau.",
    UNREADABLE:
      "Le fichier n’a pas pu être lu. Il a peut-être été déplacé ou verrouillé.",
    NO_FILE: "Ce qui a été déposé ne contient aucun fichier texte.",
    BUSY: "Une note est déjà ouverte. Terminez-la ou choisissez d’abord Nouvelle note.",
    WORKER:
      "Le moteur s’est arrêté en route. Rien de ce que vous avez saisi n’est perdu.",
    LOAD: "Le moteur n’a pas pu être chargé depuis ce site.",
    TIMEOUT: "Le moteur n’a pas répondu à temps.",
    INCOMPLETE:
      "Une partie de la note n’a pas été analysée\u202f; elle n’est pas livrée.",
    CLIPBOARD: "Le navigateur a refusé la copie. Téléchargez plutôt le texte.",
    DRAFT: "Ce brouillon ne peut plus être lu.",
    CLIPBOARD_KEPT:
      "Le navigateur ne l’a pas permis. Copiez plutôt un autre mot.",
    JSON: "Ce qui est connu du patient ne peut être lu.",
    OTHER: "Le moteur a signalé une erreur.",
    codeLabel: (code) => `Code\u00a0: ${code}`,
  },
  review: {
    region: "Relecture",
    note: "Note avec les éléments marqués",
    scrubbed: "Texte expurgé",
    list: "Éléments trouvés",
    toolbar: "Vue et historique",
    actions: "Actions",
    views: { original: "Original", scrubbed: "Expurgé", both: "Côte à côte" },
    viewLabel: "Afficher",
    undo: "Annuler",
    redo: "Rétablir",
    help: "Touches",
    filter: "Filtrer la liste",
    states: {
      all: "Tous",
      uncertain: "À vérifier",
      unseen: "Pas encore vus",
      manual: "Ajoutés à la main",
      kept: "Laissés en clair",
      rule: "Trouvés par les règles",
      model: "Trouvés par le modèle",
      known: "Patient connu",
    },
    stateLabel: "État",
    hiddenCount: (n, all) =>
      `${count.format(n)} sur ${count.format(all)} ` +
      `${n < 2 ? "sera masqué" : "seront masqués"}`,
    filtered: (n) =>
      `${plural(n, "ligne filtrée", "lignes filtrées")}\u202f; le filtre ne ` +
      "change que la liste.",
    more: (n) => `Afficher ${plural(n, "ligne de plus", "lignes de plus")}`,
    none: "Rien n’a été trouvé. Sélectionnez des mots dans la note pour les masquer.",
    near: (n) => `Passé près, reste en clair (${count.format(n)})`,
    nearHint: "Presque masqué, pour les mots voisins ou par l’aspect. Cochez " +
      "ce qui doit l’être tout de même.",
    noMatch: "Aucun élément ne correspond au filtre.",
    hide: (kind, words) => `Masquer ${kind} ${words}`,
    times: (n) => `×${count.format(n)}`,
    timesLong: (n) => plural(n, "endroit", "endroits"),
    uncertain: "à vérifier",
    manual: "à la main",
    spared: "selon la règle",
    previousDoubt: "Précédent à vérifier",
    nextDoubt: "Suivant à vérifier",
    doubts: (seen, all) =>
      `${count.format(seen)} / ${count.format(all)} ` +
      `${seen < 2 ? "vérifié" : "vérifiés"}`,
    noDoubt: "Rien à vérifier",
    selected: "Sélection",
    selectHint: "Sélectionnez des mots pour les masquer",
    as: "en tant que",
    reach: "Où",
    reaches: {
      here: "Seulement ici",
      word: (n) => `Chaque mot entier (${count.format(n)})`,
      exact: (n) => `Même graphie partout (${count.format(n)})`,
      case: (n) => `Partout, toute casse (${count.format(n)})`,
    },
    add: "Masquer",
    clear: "Effacer la sélection",
    style: "Écrire",
    styles: {
      placeholder: "[NAME]",
      numbered: "<PERSON_0>",
      plain: "[REDACTED]",
      redact: "████████",
    },
    apply: "Appliquer",
    applied: "Appliqué",
    copy: "Copier",
    download: "Télécharger",
    sheet: (n) => `Éléments (${count.format(n)})`,
    close: "Fermer",
    why: "Pourquoi",
    evidence: (what) => `Pourquoi\u00a0: ${what}`,
    kindLabel: "Type",
    places: "Endroits",
    onlyThis: "Masquer cet endroit",
    go: "Aller à l’endroit suivant",
    edges: "Limites",
    edgeNames: {
      startBack: "Début un caractère plus tôt",
      startOn: "Début un caractère plus tard",
      endBack: "Fin un caractère plus tôt",
      endOn: "Fin un caractère plus tard",
    },
    stale: "Appliquez d’abord\u00a0: les marques ont changé.",
    working: "Écriture du texte expurgé…",
    line: (n) => `ligne ${count.format(n)}`,
  },
  why: {
    rule: "règle",
    list: "liste",
    known: "patient connu",
    model: "modèle",
    echo: "même nom ailleurs",
    veto: "veto envisagé",
    manual: "ajouté à la main",
    check: "clé de contrôle",
    context: "mots voisins",
    score: "score",
  },
  say: {
    item: (at, of, kind, words, state) =>
      `${count.format(at)} sur ${count.format(of)}\u00a0: ${kind}, ${words}, ${state}`,
    hidden: "sera masqué",
    kept: "reste en clair",
    hid: (n) =>
      `${plural(n, "endroit sera masqué", "endroits seront masqués")}.`,
    keptNow: (n) =>
      `${plural(n, "endroit reste", "endroits restent")} en clair.`,
    added: (n) => `${plural(n, "endroit ajouté", "endroits ajoutés")}.`,
    relabelled: (kind) => `Type\u00a0: ${kind}.`,
    undone: "Annulé.",
    redone: "Rétabli.",
    nothingToUndo: "Rien à annuler.",
    nothingToRedo: "Rien à rétablir.",
    onlyHere: "Il n’y a pas d’autre endroit.",
    noMore: "Il n’y a rien d’autre où aller.",
    applied: (n) =>
      `Appliqué\u00a0: ${plural(n, "endroit remplacé", "endroits remplacés")}.`,
    copied: "Le texte expurgé a été copié.",
    downloaded: "Le texte expurgé a été téléchargé.",
    caretOn:
      "Curseur activé\u00a0: les flèches déplacent, Maj et flèches sélectionnent, " +
      "Entrée masque la sélection, Échap quitte.",
    caretOff: "Curseur désactivé.",
    edge: (words) => `Couvre maintenant\u00a0: ${words}`,
    blocked: "Impossible d’empiéter sur le voisin.",
  },
  keys: {
    title: "Touches",
    lead:
      "Les lettres seules agissent quand la relecture a le focus et qu’aucun " +
      "champ ne l’a. Les chiffres sont lus par leur place sur le clavier, " +
      "sans Maj.",
    rows: [
      ["n  p", "élément à vérifier suivant, précédent"],
      ["j  k", "élément suivant, précédent"],
      ["x  Espace", "masquer ou laisser l’endroit courant"],
      ["g", "masquer ou laisser tous ses endroits"],
      ["1 … 9", "type de la sélection ou de l’élément courant"],
      ["a", "masquer les mots sélectionnés, ou le mot au curseur"],
      ["w", "où\u00a0: seulement ici, ou à tous les endroits comptés"],
      ["c", "curseur activé ou non, pour sélectionner au clavier"],
      ["Maj + ← →", "déplacer la fin de l’élément\u202f; avec Alt, son début"],
      ["u  Ctrl + Z", "annuler"],
      ["r  Ctrl + Y", "rétablir"],
      ["/", "filtrer la liste"],
      ["v", "original, expurgé, côte à côte"],
      ["Ctrl + Entrée", "appliquer"],
      ["y", "copier le texte expurgé"],
      ["Échap", "effacer la sélection, fermer"],
      ["?", "cette liste"],
    ],
  },
  privacy,
  signing,
  fields: {
    open: "À propos de la note…",
    short: "À propos…",
    known: (n) =>
      n === 0 ? "patient pas encore connu"
        : `${plural(n, "champ", "champs")} du patient ${
          n === 1 ? "connu" : "connus"}`,
    rescan: "Lecture reprise avec les nouveaux champs.",
  },
  kinds: {
    PERSON: { tag: "PERSONNE", name: "Personne" },
    PROVIDER: { tag: "SOIGNANT", name: "Soignant" },
    DATE: { tag: "DATE", name: "Date" },
    PHONE: { tag: "TÉL.", name: "Téléphone" },
    EMAIL: { tag: "COURRIEL", name: "Courriel" },
    MRN: { tag: "DOSSIER", name: "Numéro de dossier" },
    LOCATION: { tag: "LIEU", name: "Lieu" },
    ORGANIZATION: { tag: "ORG.", name: "Organisation" },
    ID: { tag: "ID", name: "Autre identifiant" },
    AGE: { tag: "ÂGE", name: "Âge de plus de 89 ans" },
    ADDRESS: { tag: "ADRESSE", name: "Adresse" },
    CITY: { tag: "VILLE", name: "Ville" },
    ZIP: { tag: "CODE POSTAL", name: "Code postal" },
    FAX: { tag: "FAX", name: "Télécopie" },
    URL: { tag: "URL", name: "Adresse web" },
    IP: { tag: "IP", name: "Adresse IP" },
    NATIONAL_ID: { tag: "N° NATIONAL", name: "Numéro national" },
    ACCOUNT: { tag: "COMPTE", name: "Compte" },
    LICENSE: { tag: "LICENCE", name: "Licence ou agrément" },
    USERNAME: { tag: "UTILISATEUR", name: "Nom d’utilisateur" },
    VEHICLE: { tag: "VÉHICULE", name: "Véhicule" },
    DEVICE: { tag: "APPAREIL", name: "Appareil" },
    BIOMETRIC: { tag: "BIOMÉTRIE", name: "Biométrie" },
    PHOTO: { tag: "PHOTO", name: "Photo" },
  },
};
