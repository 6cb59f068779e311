// SPDX-License-Identifier: Apache-2.0
//
// scrubjay.h - the whole public interface of the engine.
//
// An engine holds what every document shares (rules, lists, policies,
// tokenizer, label map) and never changes once built; threads may share it. A
// session carries one document at a time through the stages, and belongs to
// one thread:
//
//     text -> view -> words -> rules -> evidence -> known -> tokenize
//          -> feature -> (infer) -> decode -> veto -> echo -> strict -> veto
//          -> merge -> replace
//
//     sj_engine_new(&config, &engine, &error);
//     sj_session_new(engine, &session);
//     sj_session_start(session, text, len, &options, &error);
//     // sj_session_spans() already gives what the rules found.
//     while (sj_session_next(session, &window))      // only with a model
//       sj_session_answer(session, infer(&window), window.len, cols);
//     sj_session_finish(session);
//     sj_session_spans(session, &count);             // settled
//     sj_session_replace(session, NULL, 0, &how, &output);
//     sj_session_free(session);                      // wipes the document
//
// Four rules of ownership, bent nowhere without a word: sj_x_new pairs with
// sj_x_free, which takes NULL; arguments are borrowed until the call returns;
// what a session returns belongs to it and lives until the next call that
// takes the session (not const queries); nobody calls free() on our memory.
//
// Offsets are UTF-8 bytes of the document as it was given, half open, always
// on a character boundary. No function prints, aborts, sets errno, reads a
// file, or puts document text into an error.
#ifndef SCRUBJAY_H
#define SCRUBJAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef SJ_API
#define SJ_API
#endif

/// The largest document a session takes, in bytes.
#define SJ_TEXT_MAX (16u * 1024u * 1024u)

// ---------------------------------------------------------------------------
// 1. How calls end
// ---------------------------------------------------------------------------

/// Every way a call can end. Written once: the enum, the names, the messages
/// and the JavaScript constants all come from this list.
#define SJ_STATUS_MAP(X)                                                       \
  X(OK, 0, "success")                                                          \
  X(NOMEM, 1, "out of memory")                                                 \
  X(UTF8, 2, "the text is not valid UTF-8")                                    \
  X(TOO_LARGE, 3, "the document is larger than 16 MB")                         \
  X(PACK, 4, "a pack does not load")                                           \
  X(JSON, 5, "not the JSON that was expected")                                 \
  X(TOKENIZER, 6, "the tokenizer file does not load")                          \
  X(MODEL, 7, "the model's manifest or answer cannot be used")                 \
  X(STATE, 8, "the call came out of order")                                    \
  X(ARGUMENT, 9, "an argument is out of range or unknown")                     \
  X(INCOMPLETE, 10, "part of the text was not scanned")

typedef enum sj_status {
#define X(name, code, text) SJ_##name = (code),
  SJ_STATUS_MAP(X)
#undef X
} sj_status;

/// `SJ_UTF8` and so on; "SJ_UNKNOWN" for a number that is no status.
SJ_API const char *sj_status_name(sj_status status);
/// One plain sentence without a full stop.
SJ_API const char *sj_status_text(sj_status status);

/// Where a loader or a call failed. Filled only on failure, and only if the
/// caller passed one. Nothing in it comes from a document: `where` holds a
/// pack's name and rule id, an option's name, or the path of a JSON key in a
/// file of configuration.
typedef struct sj_error {
  sj_status status;
  const char *what; ///< a constant sentence; never NULL on failure
  size_t at;        ///< byte in the named input (for SJ_UTF8: of the text)
  uint32_t line;    ///< line in the named input, from 1; 0 where none applies
  char where[160];  ///< NUL-terminated; may be empty
} sj_error;

/// The version of the library, such as "0.1.0".
SJ_API const char *sj_version(void);

// ---------------------------------------------------------------------------
// 2. Labels, roles, languages, styles
// ---------------------------------------------------------------------------

/// What a span is: name, number, colour group, placeholder, stem of the
/// numbered placeholder. NAME is numbered PERSON, or PROVIDER by its role;
/// a subtype of NATIONAL_ID gives its own word ([SSN], <NIR_0>).
#define SJ_LABEL_MAP(X)                                                        \
  X(NAME, 0, "PERSON", "NAME", "PERSON")                                       \
  X(DATE, 1, "DATE", "DATE", "DATE")                                           \
  X(AGE, 2, "DATE", "AGE", "AGE")                                              \
  X(PHONE, 3, "PHONE", "PHONE", "PHONE")                                       \
  X(FAX, 4, "PHONE", "FAX", "FAX")                                             \
  X(EMAIL, 5, "EMAIL", "EMAIL", "EMAIL")                                       \
  X(URL, 6, "EMAIL", "URL", "URL")                                             \
  X(IP, 7, "EMAIL", "IP", "IP")                                                \
  X(NATIONAL_ID, 8, "MRN", "NATIONAL_ID", "NATIONAL_ID")                       \
  X(MRN, 9, "MRN", "MRN", "MRN")                                               \
  X(ACCOUNT, 10, "MRN", "ACCOUNT", "ACCOUNT")                                  \
  X(LICENSE, 11, "MRN", "LICENSE", "LICENSE")                                  \
  X(VEHICLE, 12, "MRN", "VEHICLE", "VEHICLE")                                  \
  X(DEVICE, 13, "MRN", "DEVICE", "DEVICE")                                     \
  X(BIOMETRIC, 14, "MRN", "BIOMETRIC", "BIOMETRIC")                            \
  X(PHOTO, 15, "MRN", "PHOTO", "PHOTO")                                        \
  X(ADDRESS, 16, "LOCATION", "LOCATION", "LOCATION")                           \
  X(CITY, 17, "LOCATION", "LOCATION", "LOCATION")                              \
  X(ZIP, 18, "LOCATION", "LOCATION", "LOCATION")                               \
  X(LOCATION, 19, "LOCATION", "LOCATION", "LOCATION")                          \
  X(ORGANIZATION, 20, "LOCATION", "ORGANIZATION", "ORGANIZATION")              \
  X(USERNAME, 21, "MRN", "USERNAME", "USERNAME")                               \
  X(ID, 22, "MRN", "ID", "ID")

typedef enum sj_label {
#define X(name, code, group, placeholder, stem) SJ_LABEL_##name = (code),
  SJ_LABEL_MAP(X)
#undef X
      SJ_LABEL_COUNT
} sj_label;

/// Whose name. Only NAME carries a role.
#define SJ_ROLE_MAP(X)                                                         \
  X(NONE, 0, "")                                                               \
  X(PATIENT, 1, "patient")                                                     \
  X(PROVIDER, 2, "provider")                                                   \
  X(OTHER, 3, "other")

typedef enum sj_role {
#define X(name, code, text) SJ_ROLE_##name = (code),
  SJ_ROLE_MAP(X)
#undef X
} sj_role;

/// Languages that packs may be written for; bits of a mask. 0 lets the engine
/// decide by document and passage; where it doubts, all of them run.
typedef enum sj_lang {
  SJ_LANG_AUTO = 0,
  SJ_LANG_EN = 1,
  SJ_LANG_FR = 2,
  SJ_LANG_ALL = 3
} sj_lang;

/// What stands in the place of a span: `[NAME]`, `<PERSON_0>`, `[REDACTED]`,
/// eight blocks whatever the length, `[NAME_a1b2c3d4]` by a keyed hash, or a
/// stand-in of the same kind, consistent under a key.
#define SJ_STYLE_MAP(X)                                                        \
  X(PLACEHOLDER, 0, "placeholder")                                             \
  X(NUMBERED, 1, "numbered")                                                   \
  X(PLAIN, 2, "plain")                                                         \
  X(REDACT, 3, "redact")                                                       \
  X(HASH, 4, "hash")                                                           \
  X(CONSISTENT, 5, "consistent")

typedef enum sj_style {
#define X(name, code, text) SJ_STYLE_##name = (code),
  SJ_STYLE_MAP(X)
#undef X
} sj_style;

/// The names above, for hosts; NULL for a number that is none.
SJ_API const char *sj_label_name(unsigned label);
SJ_API const char *sj_label_group(unsigned label);
SJ_API const char *sj_role_name(unsigned role);
SJ_API const char *sj_style_name(unsigned style);
/// And back: -1 where the name is none. Case counts.
SJ_API int sj_label_from_name(const char *name, size_t len);
SJ_API int sj_role_from_name(const char *name, size_t len);
SJ_API int sj_style_from_name(const char *name, size_t len);
/// "en", "fr", "en,fr" or "auto" to a mask of sj_lang; -1 where unknown.
SJ_API int sj_lang_from_name(const char *name, size_t len);

// ---------------------------------------------------------------------------
// 3. The engine
// ---------------------------------------------------------------------------

/// Bytes with a name: a pack, a list, a policy, a tokenizer, a manifest. The
/// name appears in errors, and its ending says what the file is: `.rules`,
/// `.lexicon`, `.list`, `.evidence`, `.names`, `.policy`, `.json`.
typedef struct sj_file {
  const char *name;
  const char *data;
  size_t len;
} sj_file;

/// Memory for an engine and its sessions, realloc-like: `ptr` NULL allocates,
/// `size` 0 frees. NULL for `resize` means the C library. Threads that share
/// an engine call it at the same time.
typedef struct sj_allocator {
  void *(*resize)(void *ctx, void *ptr, size_t size);
  void *ctx;
} sj_allocator;

/// What an engine is made of. Start from `{0}`: the built-in packs, no model.
typedef struct sj_engine_config {
  const sj_file *files; ///< packs, lists and policies beside the built-in ones
  size_t file_count;
  bool no_builtin;   ///< leave the built-in packs, lists and policies out
  bool rules_only;   ///< what the rules claim, merged, and no other stage
  sj_file tokenizer; ///< tokenizer.json; len 0 for no model
  sj_file manifest;  ///< manifest.json of the model bundle; needs a tokenizer
  sj_allocator allocator;
} sj_engine_config;

typedef struct sj_engine sj_engine;

/// Build an engine. Files are read and may be freed after the call. On failure
/// `*out` is NULL and `*error`, if given, names file, line and rule.
SJ_API sj_status sj_engine_new(const sj_engine_config *config,
                               sj_engine **out,
                               sj_error *error);
SJ_API void sj_engine_free(sj_engine *engine);

/// The files compiled into this library, in name order.
SJ_API const sj_file *sj_builtin_files(size_t *count);

/// Name of a rule, list, policy or other source of evidence, by the id that
/// an sj_source carries; NULL for none. Lives as long as the engine.
SJ_API const char *sj_engine_source_name(const sj_engine *engine, uint32_t id);
/// Name of a subtype ("us-ssn"), "" for 0, NULL for a number that is none.
SJ_API const char *sj_engine_subtype_name(const sj_engine *engine,
                                          uint32_t subtype);
/// Number of a subtype by name; -1 where no pack names it.
SJ_API int sj_engine_subtype_from_name(const sj_engine *engine,
                                       const char *name,
                                       size_t len);
/// How many rules run, for banners and benchmarks.
SJ_API size_t sj_engine_rule_count(const sj_engine *engine);
/// Width of an answer's rows; 0 for an engine without a model.
SJ_API size_t sj_engine_tag_count(const sj_engine *engine);
/// Versions and digests of packs and model, as JSON, for reports. Lives as
/// long as the engine.
SJ_API const char *sj_engine_describe(const sj_engine *engine);

// ---------------------------------------------------------------------------
// 4. A session: one document through the stages
// ---------------------------------------------------------------------------

/// How to read one document. Start from `{0}`.
typedef struct sj_session_options {
  unsigned langs;     ///< mask of sj_lang; 0 lets the engine decide
  const char *policy; ///< names joined by commas; NULL for "safe-harbor"
  sj_file known;      ///< what the chart knows of the patient: a FHIR R4
                      ///< Patient, or {"patient", "relatives", "clinicians"},
                      ///< as core/README.md says; len 0 for none
} sj_session_options;

typedef struct sj_session sj_session;

/// A session for this thread. Reuse it over documents: it keeps compiled
/// scratch (never text), which makes the next document fast.
SJ_API sj_status sj_session_new(const sj_engine *engine, sj_session **out);

/// Wipe the document and release the session.
SJ_API void sj_session_free(sj_session *session);

/// Wipe the document and keep the session for the next one.
SJ_API void sj_session_reset(sj_session *session);

/// Take a document (copied; the former one is wiped), build its view, run the
/// rules and the known-patient match. SJ_UTF8 with the byte of the first
/// error, SJ_TOO_LARGE over SJ_TEXT_MAX, SJ_JSON for a chart that cannot be
/// used, with its path (keys, never values) in `error->where`. NUL bytes and
/// empty texts are fine.
SJ_API sj_status sj_session_start(sj_session *session,
                                  const char *text,
                                  size_t len,
                                  const sj_session_options *options,
                                  sj_error *error);

/// A run of tokens for the model. All arrays hold `len` entries (features:
/// `len * feature_count`) and include the model's special tokens.
typedef struct sj_window {
  uint32_t index;          ///< 0, 1, ...
  uint32_t count;          ///< how many windows the document has
  uint32_t len;            ///< tokens in this one
  uint32_t start, end;     ///< bytes of the text it scores
  const int32_t *ids;      ///< vocabulary ids
  const int32_t *features; ///< what the engine knows of each token
  uint32_t feature_count;  ///< columns of `features`; 0 where unused
} sj_window;

/// The next window to score. False when all are answered, and always without
/// a model. Asking twice without an answer gives the same window.
SJ_API bool sj_session_next(sj_session *session, sj_window *out);

/// The model's answer to the window last handed out: `rows` tokens by `cols`
/// tags. SJ_MODEL for a wrong shape or a number that is not finite; the window
/// then counts as not scanned.
SJ_API sj_status sj_session_answer(sj_session *session,
                                   const float *logits,
                                   size_t rows,
                                   size_t cols);

/// Decode, echo, veto, merge. Without a model, a session ends by rules alone.
/// Windows that were never answered leave the coverage incomplete; that is no
/// error here, but replace refuses.
SJ_API sj_status sj_session_finish(sj_session *session);

// ---------------------------------------------------------------------------
// 5. What was found
// ---------------------------------------------------------------------------

/// Properties of a span; bits of sj_span.flags.
typedef enum sj_flag {
  SJ_FLAG_UNCERTAIN = 1, ///< hidden, but to be looked at first
  SJ_FLAG_VALIDATED = 2, ///< a check digit or range confirmed it
  SJ_FLAG_LABELLED = 4,  ///< a label introduces it (`MRN:`, `né le`)
  SJ_FLAG_KNOWN = 8,     ///< the chart gave it
  SJ_FLAG_MANUAL = 16    ///< a person added it
} sj_flag;

/// One stretch of text to hide.
typedef struct sj_span {
  uint32_t start;        ///< first byte
  uint32_t end;          ///< one past the last byte
  uint16_t label;        ///< sj_label
  uint16_t score;        ///< confidence in thousandths
  uint16_t subtype;      ///< for sj_engine_subtype_name(); 0 for none
  uint8_t role;          ///< sj_role
  uint8_t flags;         ///< bits of sj_flag
  uint32_t source;       ///< first of its sources
  uint32_t source_count; ///< how many
} sj_span;

/// Where evidence comes from.
#define SJ_KIND_MAP(X)                                                         \
  X(RULE, 0, "rule")                                                           \
  X(LIST, 1, "list")                                                           \
  X(KNOWN, 2, "known")                                                         \
  X(MODEL, 3, "model")                                                         \
  X(ECHO, 4, "echo")                                                           \
  X(VETO, 5, "veto")                                                           \
  X(MANUAL, 6, "manual")                                                       \
  X(CHECK, 7, "check")                                                         \
  X(CONTEXT, 8, "context")

typedef enum sj_kind {
#define X(name, code, text) SJ_KIND_##name = (code),
  SJ_KIND_MAP(X)
#undef X
} sj_kind;

SJ_API const char *sj_kind_name(unsigned kind);

/// One piece of evidence for (or, for VETO, against) a span: ids and numbers
/// only, never text.
typedef struct sj_source {
  uint32_t id;   ///< for sj_engine_source_name()
  int16_t score; ///< thousandths; what it added, or took away
  uint8_t kind;  ///< sj_kind
  uint8_t spare;
} sj_source;

/// The spans, ordered, never overlapping. After start: what rules and chart
/// found so far. After finish: settled.
SJ_API const sj_span *sj_session_spans(const sj_session *session,
                                       size_t *count);
/// All sources of all spans; a span names its share of them.
SJ_API const sj_source *sj_session_sources(const sj_session *session,
                                           size_t *count);

/// What came close to being hidden and stays in clear: words that the model
/// gives a third of the chance at which it would claim them, and claims that a
/// veto dropped whole. Ordered; they overlap neither each other nor a span.
/// For a host to ask a person about; replace knows nothing of them. None
/// before finish.
SJ_API const sj_span *sj_session_near(const sj_session *session, size_t *count);
/// All sources of what came close, as above; a veto is among them.
SJ_API const sj_source *sj_session_near_sources(const sj_session *session,
                                                size_t *count);

/// The labels that makers of one kind claimed anywhere in the document, by
/// themselves, whatever became of it: a bit for each (1 << sj_label). How a
/// host sees that its model works.
SJ_API uint32_t sj_session_claimed(const sj_session *session, sj_kind kind);

/// The languages that the document was read in, as a mask of sj_lang, never 0:
/// those that a passage of it is of beyond doubt, both where none is, and those
/// of the options where they name any. From start on.
SJ_API unsigned sj_session_langs(const sj_session *session);

/// A stretch of the text, in bytes.
typedef struct sj_range {
  uint32_t start, end;
} sj_range;

/// Proof of law 1: what was looked at. `complete` is true when every letter
/// and digit was seen by the rules and, where there is a model, lay in a
/// window that was answered.
typedef struct sj_coverage {
  uint32_t chars;   ///< letters and digits in the text, in code points
  uint32_t scanned; ///< how many of them were scanned
  uint32_t windows; ///< windows cut for the model
  uint32_t answered;
  bool complete;
} sj_coverage;

SJ_API sj_coverage sj_session_coverage(const sj_session *session);
/// The whole lines that were not scanned; none where coverage is complete.
SJ_API const sj_range *sj_session_unscanned(const sj_session *session,
                                            size_t *count);

// ---------------------------------------------------------------------------
// 6. Replacement
// ---------------------------------------------------------------------------

/// How to write the scrubbed text. Start from `{0}`: placeholders.
typedef struct sj_replace_options {
  sj_style style;
  bool allow_partial; ///< hide unscanned lines whole instead of refusing
  sj_file key;        ///< secret for `hash` and `consistent`
  sj_file patient;    ///< under which dates and stand-ins are consistent
} sj_replace_options;

/// One place that was replaced, in order of the text. Joined places (an
/// address of several spans) make one entry.
typedef struct sj_replacement {
  uint32_t start, end;         ///< bytes of the document
  uint32_t out_start, out_end; ///< bytes of the output
  uint16_t label;
  uint16_t spare;
  uint32_t number; ///< of the numbered placeholder
} sj_replacement;

typedef struct sj_output {
  const char *text; ///< UTF-8, not NUL-terminated
  size_t len;
  const sj_replacement *map;
  size_t map_count;
  size_t unscanned; ///< lines hidden as [UNSCANNED]
} sj_output;

/// Write the scrubbed text. `spans` NULL takes the session's own; a host whose
/// user changed them passes hers, in any order: overlaps become their union.
/// SJ_INCOMPLETE where coverage is not complete and allow_partial is not set;
/// SJ_ARGUMENT for a span that is out of the text or splits a character, or a
/// style that wants a key and has none.
SJ_API sj_status sj_session_replace(sj_session *session,
                                    const sj_span *spans,
                                    size_t count,
                                    const sj_replace_options *options,
                                    sj_output *out);

/// What one placeholder stands for, in order of the text. (Of an sj_file, data
/// and len count.)
typedef struct sj_original {
  sj_file placeholder;
  const sj_file *originals;
  size_t count;
} sj_original;

typedef struct sj_restored sj_restored;

/// Put the originals back. Each occurrence of a placeholder takes the next of
/// its originals; where none is left, it stays. SJ_ARGUMENT for an empty
/// placeholder or one that the map names twice.
SJ_API sj_status sj_restored_new(const sj_file *scrubbed,
                                 const sj_original *map,
                                 size_t count,
                                 sj_restored **out);
SJ_API const char *sj_restored_text(const sj_restored *restored, size_t *len);
/// Wipes the text.
SJ_API void sj_restored_free(sj_restored *restored);

// ---------------------------------------------------------------------------
// 7. Checking packs
// ---------------------------------------------------------------------------

/// What `scrubjay check-pack` has to say of one place in one file.
typedef struct sj_remark {
  bool refused;     ///< the pack would not load; else advice
  const char *what; ///< a constant sentence
  uint32_t line;
  char where[160]; ///< file and rule id
} sj_remark;

typedef struct sj_report sj_report;

/// Load the files as an engine would, run every rule's own examples, and lint
/// the patterns. SJ_OK also where remarks refuse something: read them.
SJ_API sj_status sj_report_new(const sj_file *files,
                               size_t count,
                               sj_report **out);
SJ_API const sj_remark *sj_report_remarks(const sj_report *report,
                                          size_t *count);
/// Examples that were run, and rules that were read.
SJ_API size_t sj_report_examples(const sj_report *report);
SJ_API size_t sj_report_rules(const sj_report *report);
SJ_API void sj_report_free(sj_report *report);

// ---------------------------------------------------------------------------
// 8. The tokenizer alone
// ---------------------------------------------------------------------------

typedef struct sj_tokenizer sj_tokenizer;

/// Read a Hugging Face tokenizer.json. Whatever it holds that is not supported
/// is refused: `error->where` is the JSON path. The tokenizer is immutable and
/// may be shared by threads.
SJ_API sj_status sj_tokenizer_new(const sj_file *file,
                                  const sj_allocator *allocator,
                                  sj_tokenizer **out,
                                  sj_error *error);
SJ_API void sj_tokenizer_free(sj_tokenizer *tokenizer);

/// The tokens of a text, without special tokens. `start[i]`, `end[i]` are the
/// bytes of the original text that token i came from.
typedef struct sj_tokens {
  const int32_t *ids;
  const uint32_t *start;
  const uint32_t *end;
  size_t len;
} sj_tokens;

typedef struct sj_encoding sj_encoding;

/// Tokenize valid UTF-8. `*out` owns the arrays that sj_encoding_tokens()
/// shows; freeing wipes them.
SJ_API sj_status sj_encoding_new(const sj_tokenizer *tokenizer,
                                 const char *text,
                                 size_t len,
                                 sj_encoding **out,
                                 sj_error *error);
SJ_API sj_tokens sj_encoding_tokens(const sj_encoding *encoding);
SJ_API void sj_encoding_free(sj_encoding *encoding);

// ---------------------------------------------------------------------------
// 9. The leak guard
// ---------------------------------------------------------------------------

/// An engine of the built-in policies and of those built-in rules that leave no
/// doubt, with no names, no weights and no model: small enough for a server,
/// and all that sj_guard_scan() needs. `allocator` NULL means the C library.
SJ_API sj_status sj_guard_engine_new(const sj_allocator *allocator,
                                     sj_engine **out,
                                     sj_error *error);

/// What still stands in clear in a text that was scrubbed.
typedef struct sj_leak {
  uint32_t start, end; ///< bytes
  uint32_t label;      ///< sj_label
} sj_leak;

/// A text to be looked through.
typedef struct sj_guard_text {
  char *at; ///< changed: its numbered placeholders are blotted out first
  size_t len;
  const char *policy; ///< what may stand in clear; NULL for "safe-harbor"
} sj_guard_text;

/// Where leaks are written to.
typedef struct sj_leaks {
  sj_leak *at;
  size_t room;
  size_t count; ///< how many there are, also beyond `room`
} sj_leaks;

/// Look for identifiers that leave no doubt: introduced by a label, confirmed
/// by a check digit, or of a form that is nothing else. The session, which is
/// one of `engine`, is reset before this returns. SJ_INCOMPLETE where a limit
/// kept the rules from a part.
SJ_API sj_status sj_guard_scan(const sj_engine *engine,
                               sj_session *session,
                               const sj_guard_text *text,
                               sj_leaks *out);

#ifdef __cplusplus
}
#endif

#endif // SCRUBJAY_H
