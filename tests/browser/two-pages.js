// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// two-pages.js - a discharge summary of two pages, as long as such notes are.
// Everybody and everything in it is invented.

export const TWO_PAGES = `DISCHARGE SUMMARY

Patient: Zora Kern          MRN: 00481516          DOB: 03/14/1951
Admitted: 02/03/2026        Discharged: 02/09/2026
Attending: Dr. Amadou Quill     Primary care: Dr. Ines Falkner
Facility: Larkmoor General Hospital, 44 Tanner Street, Boston, MA 02118
Telephone: (555) 010-4477   E-mail: zora.kern@example.org

REASON FOR ADMISSION
Ms. Kern is a 74-year-old woman with chronic obstructive pulmonary disease and
type 2 diabetes who came to the emergency department on 02/03/2026 with three
days of worsening cough, fever to 38.9 and shortness of breath at rest. She had
been seen by Dr. Falkner on 01/30/2026 and was given azithromycin without relief.

HISTORY OF PRESENT ILLNESS
Symptoms began about a week before admission with a sore throat and a dry cough.
Over the next days the sputum became thick and yellow. She denies chest pain,
hemoptysis, leg swelling or recent travel. She uses two pillows at night, which
is unchanged for several years. She stopped smoking in 2004 after 35 pack years.
Home oxygen had been discussed in the past but was never started. Her daughter,
Tilda Kern, who lives nearby and can be reached at (555) 010-9921, brought her
in because she seemed confused on the morning of admission.

PAST MEDICAL HISTORY
1. Chronic obstructive pulmonary disease, two admissions in the last year.
2. Type 2 diabetes, hemoglobin A1c 7.4 percent last autumn.
3. Hypertension, well controlled on one drug.
4. Hypothyroidism after treatment of Graves disease.
5. Osteoarthritis of both knees, left total knee replacement in June 2017.

MEDICATIONS ON ADMISSION
Tiotropium 18 mcg inhaled daily, albuterol inhaler as needed, metformin 500 mg
twice daily, lisinopril 10 mg daily, levothyroxine 75 mcg daily, acetaminophen
as needed for knee pain.

PHYSICAL EXAMINATION
Temperature 38.7, pulse 108, respirations 26, blood pressure 134/76, oxygen
saturation 86 percent on room air and 92 percent on 2 liters. Thin woman in
moderate distress, speaking in short sentences. Mucous membranes dry. Heart
regular, no murmur. Crackles at the right base with egophony, scattered wheezes
elsewhere. Abdomen soft. No edema. Oriented to person and place but not to date.

RESULTS
White count 16.8 with 88 percent neutrophils, hemoglobin 12.1, platelets 310.
Sodium 133, potassium 4.1, creatinine 1.2 from a baseline of 0.9, glucose 212.
Lactate 1.9. Venous blood gas 7.34 with a carbon dioxide of 52. Influenza and
COVID tests negative. Blood cultures of 02/03/2026 without growth at five days.
Sputum grew Streptococcus pneumoniae, sensitive to penicillin. Chest radiograph
on 02/03/2026 showed right lower lobe consolidation without effusion; a repeat
film on 02/07/2026 was improved. Electrocardiogram: sinus tachycardia.

HOSPITAL COURSE
1. Pneumonia. She was treated with ceftriaxone and doxycycline, narrowed to
ampicillin on 02/06/2026 when sensitivities returned, and changed to oral
amoxicillin on 02/08/2026. Fever resolved by the third day. Nurse Osprina
noticed a mild rash on the trunk, which faded without a change of treatment.
2. Exacerbation of chronic obstructive pulmonary disease. Prednisone 40 mg daily
for five days, nebulized bronchodilators every four hours at first, then as
needed. Oxygen was weaned to room air at rest by 02/08/2026; she fell to 87
percent after walking 100 feet, so home oxygen at 1 liter with exertion was
arranged. Respiratory therapy reviewed inhaler technique twice.
3. Delirium. Cleared within two days with treatment of the infection. No focal
signs. Family stayed at the bedside, and sleep was protected.
4. Diabetes. Metformin was held on admission and sliding scale insulin used while
on steroids; metformin was resumed on 02/08/2026 when creatinine was 0.9.
5. Kidney injury. Mild, resolved with two liters of crystalloid.

CONDITION AT DISCHARGE
Stable. Walks with a cane. Oriented and eating well. Weight 54 kg.

DISCHARGE MEDICATIONS
Amoxicillin 1 g three times daily until 02/12/2026, prednisone to finish on
02/10/2026, tiotropium, albuterol, metformin, lisinopril and levothyroxine as
before. No other change was made.

FOLLOW-UP
Dr. Falkner in one week, on 02/16/2026 at 10:30. Chest radiograph in six weeks.
Pulmonary rehabilitation referral sent. Osprina will call on 02/11/2026 to ask
about the oxygen delivery. Return for fever, more breathlessness or confusion.

Electronically signed by Amadou Quill, MD, 02/09/2026 14:20
cc: Ines Falkner, MD, fax (555) 010-3380
`;
