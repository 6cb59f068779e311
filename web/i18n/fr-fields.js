// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// fr-fields.js - the words for the fields of a note, in French.

/** @type {typeof import("./en-fields.js").fields} */
export const fields = {
  open: "À propos de la note…",
  short: "À propos…",
  title: "À propos de cette note",
  lead: "Ce que le dossier sait du patient est trouvé sous toutes ses formes, " +
    "dans tout ordre et avec une faute de frappe. Cela reste dans cet onglet " +
    "et disparaît avec la note.",
  note: "Note",
  documentType: "Type de document",
  specialty: "Spécialité",
  documentTypes: {
    "progress-note": "Note d’évolution",
    consultation: "Consultation",
    "history-and-physical": "Observation d’entrée",
    "emergency-note": "Note d’urgence",
    "discharge-summary": "Compte rendu d’hospitalisation",
    "operative-note": "Compte rendu opératoire",
    "procedure-note": "Compte rendu d’acte",
    "radiology-report": "Compte rendu de radiologie",
    "pathology-report": "Compte rendu d’anatomopathologie",
    "nursing-note": "Note infirmière",
    letter: "Courrier",
    other: "Autre",
  },
  specialties: {
    "general-medicine": "Médecine générale",
    anaesthesiology: "Anesthésie",
    cardiology: "Cardiologie",
    dermatology: "Dermatologie",
    "emergency-medicine": "Médecine d’urgence",
    endocrinology: "Endocrinologie",
    gastroenterology: "Gastro-entérologie",
    geriatrics: "Gériatrie",
    haematology: "Hématologie",
    "infectious-disease": "Maladies infectieuses",
    "intensive-care": "Réanimation",
    nephrology: "Néphrologie",
    neurology: "Neurologie",
    "obstetrics-gynaecology": "Gynécologie-obstétrique",
    oncology: "Oncologie",
    ophthalmology: "Ophtalmologie",
    orthopaedics: "Orthopédie",
    otolaryngology: "ORL",
    paediatrics: "Pédiatrie",
    pathology: "Anatomopathologie",
    psychiatry: "Psychiatrie",
    pulmonology: "Pneumologie",
    "interventional-pulmonology": "Pneumologie interventionnelle",
    radiology: "Radiologie",
    rheumatology: "Rhumatologie",
    surgery: "Chirurgie",
    urology: "Urologie",
    other: "Autre",
  },
  policy: "Règle",
  policies: {
    "safe-harbor": "Safe Harbor : masquer tout identifiant",
    strict: "Stricte : masquer aussi ce que rien n’atteste",
    "limited-dataset": "Jeu limité : dates et communes restent",
    "gdpr-fr": "France : pseudonymisé au sens du RGPD",
    "keep-providers": "Les noms des soignants restent",
    "keep-years": "Les années des dates restent",
    "keep-zip3": "Les trois premiers chiffres des codes ZIP restent",
  },
  additions: "Reste en clair",
  patient: "Patient connu",
  header: "Coller l’en-tête du dossier",
  headerHint: "Nom : MARTIN   Prénom : Zoé   Née le 03/04/1951   IPP 12345",
  filled: (/** @type {number} */ n) =>
    n === 0 ? "Rien n’y a été compris. Saisissez-le ci-dessous."
      : `${n === 1 ? "1 champ rempli" : `${n} champs remplis`}. À vérifier.`,
  twoWays: "La date de naissance a été lue mois d’abord : à vérifier.",
  of: {
    name: "Noms",
    birthDate: "Date de naissance",
    mrn: "Numéro de dossier",
    nationalId: "Numéro de sécurité sociale",
    account: "Compte ou séjour",
    phone: "Téléphone",
    email: "Courriel",
    address: "Adresse",
    relatives: "Proches",
    clinicians: "Soignants",
  },
  several: "Plusieurs d’une même sorte : mettez un point-virgule entre eux.",
  forget: "Effacer le patient",
  close: "Terminé",
  known: (/** @type {number} */ n) =>
    n === 0 ? "patient pas encore connu"
      : `${n === 1 ? "1 champ" : `${n} champs`} du patient ${
        n === 1 ? "connu" : "connus"}`,
  rescan: "Lecture reprise avec les nouveaux champs.",
};
