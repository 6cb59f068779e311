// SPDX-License-Identifier: Apache-2.0
//
// types.js - what crosses between the engine and JavaScript. All offsets are
// UTF-16 units: `text.slice(start, end)` is the span.

/**
 * @typedef {object} Span
 * @property {number} start first UTF-16 unit
 * @property {number} end one past the last
 * @property {string} label such as "NAME"
 * @property {string} role "", "patient", "provider" or "other"
 * @property {string} subtype such as "us-ssn"; "" for none
 * @property {number} score 0 to 1
 * @property {number} flags bits of `Constants.flags`
 * @property {readonly Source[]} sources
 */

/**
 * What replace() needs of a span. A manual one is hidden under every policy.
 * @typedef {Pick<Span, "start" | "end" | "label" | "role" | "subtype">
 *   & {manual?: boolean}} Hidden
 */

/**
 * One piece of evidence: ids and numbers, never text.
 * @typedef {object} Source
 * @property {string} kind "rule", "model", "known", ...
 * @property {string} id name of the rule, list or check
 * @property {number} score what it added, 0 to 1; negative for a veto
 */

/**
 * @typedef {object} Coverage
 * @property {number} chars letters and digits of the text
 * @property {number} scanned how many of them were scanned
 * @property {number} windows windows cut for the model
 * @property {number} answered
 * @property {boolean} complete
 */

/**
 * A stretch of the text.
 * @typedef {object} Range
 * @property {number} start
 * @property {number} end
 */

/**
 * A run of tokens for the model.
 * @typedef {object} Window
 * @property {number} index
 * @property {number} count
 * @property {number} start
 * @property {number} end
 * @property {Int32Array} ids
 * @property {Int32Array} features `ids.length * featureCount` numbers
 * @property {number} featureCount
 */

/**
 * The tokens of a text, without special tokens. Tokens made from one character
 * share its whole range; a token that stands for nothing has an empty one.
 * @typedef {object} Encoding
 * @property {Int32Array} ids vocabulary ids
 * @property {Int32Array} starts first UTF-16 unit of each
 * @property {Int32Array} ends one past the last
 */

/**
 * One place that was replaced.
 * @typedef {object} Place
 * @property {number} start of the document
 * @property {number} end
 * @property {number} outStart of the output
 * @property {number} outEnd
 * @property {string} label
 * @property {number} number of the numbered placeholder
 */

/**
 * @typedef {object} Output
 * @property {string} text
 * @property {readonly Place[]} map
 * @property {number} unscanned lines hidden as [UNSCANNED]
 */

/**
 * Bytes with a name; the ending says what they are (`.rules`, `.json`).
 * @typedef {object} File
 * @property {string} name
 * @property {string | Uint8Array} data
 */

/**
 * @typedef {object} EngineOptions
 * @property {readonly File[]} [files] packs beside the built-in ones
 * @property {File} [tokenizer]
 * @property {File} [manifest]
 * @property {boolean} [guard] the leak guard's engine, which takes no files
 */

/**
 * What still stands in clear in a text that was scrubbed.
 * @typedef {object} Leak
 * @property {number} start
 * @property {number} end
 * @property {string} label
 */

/**
 * @typedef {object} StartOptions
 * @property {string} [lang] "en", "fr", "en,fr" or "auto"
 * @property {string} [policy] names joined by commas
 * @property {string | object} [known] what the chart knows of the patient, as
 *   JSON or as an object (core/README.md)
 */

/**
 * @typedef {object} ReplaceOptions
 * @property {string} [style] "placeholder" where none is named
 * @property {boolean} [allowPartial]
 * @property {string} [key] secret for `hash` and `consistent`
 * @property {string} [patient]
 */

/**
 * The lists that C hands over (bridge.c, sjw_constants).
 * @typedef {object} Constants
 * @property {readonly string[]} statuses
 * @property {readonly string[]} messages
 * @property {readonly {name: string, group: string}[]} labels
 * @property {readonly string[]} roles
 * @property {readonly string[]} styles
 * @property {readonly string[]} kinds
 * @property {Readonly<Record<string, number>>} langs
 * @property {Readonly<Record<string, number>>} flags
 * @property {Readonly<Record<"span" | "source" | "range" | "coverage" | "window" | "map", number>>} cols
 */

/** @typedef {Record<string, (...args: number[]) => number>} Calls */

export {};
