// SPDX-License-Identifier: Apache-2.0
//
// types.js - the JavaScript API's vocabulary. Offsets are UTF-16 units of the
// text that was handed over: `text.slice(start, end)` is the finding.

/** @import {Coverage, Place, Range, Source} from "../wasm/types.js" */

/**
 * One finding.
 * @typedef {object} Entity
 * @property {string} id the same for the same place and label
 * @property {number} start
 * @property {number} end
 * @property {string} label such as "NAME"
 * @property {string} role "", "patient", "provider" or "other"
 * @property {string} subtype such as "us-ssn"; "" for none
 * @property {number} score 0 to 1
 * @property {string} group colour group: PERSON, PROVIDER, DATE, MRN,
 *   LOCATION, PHONE, EMAIL
 * @property {boolean} uncertain hidden, but to be looked at first
 * @property {readonly Source[]} sources ids and scores, never text
 * @property {readonly Source[]} veto what spoke against it
 */

/**
 * What redact() needs of an entity; a host adds its own by making these. What
 * a person added or moved is `manual`, and hidden under every policy.
 * @typedef {Pick<Entity, "start" | "end" | "label">
 *   & Partial<Pick<Entity, "role" | "subtype">> & {manual?: boolean}} Mark
 */

/**
 * @typedef {object} EngineInfo
 * @property {string} version
 * @property {"none"} model rules alone looked at the text
 * @property {number} rules how many
 * @property {number} threads
 */

/**
 * @typedef {object} Found
 * @property {readonly Entity[]} entities ordered, never overlapping
 * @property {Coverage} coverage proof of what was looked at
 * @property {readonly Range[]} unscanned lines that were not
 * @property {EngineInfo} engine
 * @property {number} ms
 * @property {readonly string[]} warnings codes, such as "RULES_ONLY"
 */

/**
 * @typedef {object} Report counts without surfaces
 * @property {string} style
 * @property {Readonly<Record<string, number>>} labels replaced places by label
 * @property {number} unscanned lines hidden whole
 * @property {EngineInfo} engine
 */

/**
 * @typedef {object} Redacted
 * @property {string} text
 * @property {readonly Place[]} map
 * @property {Report} report
 */

/**
 * @typedef {object} Progress
 * @property {"load" | "start" | "rules" | "model" | "done"} phase
 * @property {number} done
 * @property {number} total
 */

/**
 * @typedef {object} DetectOptions
 * @property {string} [lang] "en", "fr", "en,fr" or "auto"
 * @property {string} [policy] names joined by commas
 * @property {string | object} [known] what the chart knows of the patient, as
 *   JSON or as an object (core/README.md)
 * @property {AbortSignal} [signal]
 * @property {(progress: Progress) => void} [onProgress]
 * @property {(entities: readonly Entity[]) => void} [onFound] what the rules
 *   found, before the model has answered
 */

/**
 * @typedef {object} RedactOptions
 * @property {string} [style] placeholder, numbered, plain, redact, hash or
 *   consistent
 * @property {boolean} [allowPartial] hide unscanned lines whole
 * @property {string} [key] secret for `hash` and `consistent`
 * @property {string} [patient]
 * @property {string} [lang] as for detect()
 * @property {string} [policy]
 * @property {string | object} [known]
 * @property {AbortSignal} [signal]
 */

export {};
