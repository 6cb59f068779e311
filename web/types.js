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
 * Why there is no model. Codes: MODEL_ABSENT (this site has none), MODEL_FETCH,
 * MODEL_HASH, INSECURE (neither https nor localhost), MODEL and TOKENIZER (a
 * file of the bundle is wrong), MODEL_CANARY, RUNTIME (ONNX Runtime does not
 * start), MODEL_DIED, NOMEM; LOADING until it has come.
 * @typedef {object} Missing
 * @property {string} code
 * @property {string} message a constant sentence
 * @property {string} where file and field; "" for none
 */

/**
 * @typedef {object} EngineInfo
 * @property {string} version
 * @property {string} model name and version, such as "scrubjay-en-fr 1.0.0";
 *   "none" where rules alone look at the text
 * @property {number} rules how many
 * @property {number} threads of the model's runtime
 * @property {Missing | null} missing null with a model, and where none was
 *   asked for
 */

/**
 * One place that came close.
 * @typedef {Pick<Entity, "start" | "end" | "label" | "role" | "score">} Near
 */

/**
 * Many of them, each made when it is asked for; a plain array will do.
 * @typedef {object} Nears
 * @property {number} length
 * @property {(index: number) => Near | undefined} at in order of the text
 */

/**
 * @typedef {object} Found
 * @property {readonly Entity[]} entities ordered, never overlapping
 * @property {Iterable<Near> & Nears} near what came close and stays in clear: to
 *   ask a person about; overlapping neither each other nor an entity
 * @property {string} lang in which it was read: "en", "fr", or "en,fr" where
 *   both occur or neither is beyond doubt
 * @property {Coverage} coverage proof of what was looked at
 * @property {readonly Range[]} unscanned lines that were not
 * @property {EngineInfo} engine
 * @property {number} ms
 * @property {readonly string[]} warnings RULES_ONLY, COVERAGE_INCOMPLETE
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
 * Of a start: `load` (the engine), `download` and `check` (bytes of the model
 * and its runtime), `start`. Of a text: `start`, `rules`, `model` (windows).
 * @typedef {object} Progress
 * @property {"load" | "download" | "check" | "start" | "rules" | "model"} phase
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
 * @property {boolean} [ahead] nobody waits for it: it makes way for whatever
 *   else is asked for, and fails with CANCELLED then
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
 * @property {boolean} [ahead] as for detect()
 */

export {};
