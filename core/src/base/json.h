// SPDX-License-Identifier: Apache-2.0
//
// json.h - a strict JSON reader that gives events and builds no tree, so that
// a vocabulary of a hundred thousand entries costs no more than its keys.
//
//     sj_json json;
//     sj_status status = sj_json_open(&json, allocator, bytes, len);
//     sj_json_event event;
//     while (status == SJ_OK) {
//       status = sj_json_next(&json, &event);
//       if (status != SJ_OK || event.kind == SJ_JSON_END) break;
//       ...
//     }
//     // on failure, json.error says what and where
//     sj_json_close(&json); // wipes what it copied
//
// Beyond RFC 8259 it refuses: invalid UTF-8 (SJ_UTF8), `\u0000`, lone
// surrogates, a key twice in one object, more than 64 levels, numbers that are
// not finite, and anything but blanks behind the value. Keys are compared byte
// by byte: case counts.
//
// This is the one internal header that the tools include as well.
#ifndef SJ_BASE_JSON_H
#define SJ_BASE_JSON_H

#include "scrubjay/scrubjay.h"

#include "base/arena.h"

enum { SJ_JSON_DEPTH = 64 };

typedef enum sj_json_kind {
  SJ_JSON_END, ///< the whole value was read, and nothing follows it
  SJ_JSON_NULL,
  SJ_JSON_FALSE,
  SJ_JSON_TRUE,
  SJ_JSON_NUMBER,
  SJ_JSON_STRING,
  SJ_JSON_KEY, ///< of an object; its value is the next event
  SJ_JSON_ARRAY,
  SJ_JSON_ARRAY_END,
  SJ_JSON_OBJECT,
  SJ_JSON_OBJECT_END
} sj_json_kind;

typedef struct sj_json_event {
  sj_json_kind kind;
  uint32_t depth;   ///< open objects and arrays around it
  size_t at;        ///< its first byte in the input
  const char *text; ///< STRING and KEY, decoded: not NUL-terminated, and good
                    ///< until the next event. NUMBER: as it is written
  size_t len;
  double number;   ///< NUMBER
  bool is_integer; ///< NUMBER, written without fraction or exponent, in range
  int64_t integer;
} sj_json_event;

typedef struct sj_json_frame {
  bool is_object;
  uint8_t want;     ///< what may come next
  uint32_t index;   ///< values begun in it
  size_t first_key; ///< its keys among all that are open
  size_t first_key_byte;
} sj_json_frame;

typedef struct sj_json_key sj_json_key;

/// All fields but `error` are the reader's own.
typedef struct sj_json {
  sj_error error; ///< `where` is the path, such as `$.model.vocab[3]`; it holds
                  ///< keys of the input: show it for configuration only
  const char *bytes;
  size_t len, at;
  bool begun;
  uint32_t depth;
  sj_json_frame frames[SJ_JSON_DEPTH];
  sj_arena arena;
  char *decoded; ///< the last string that held escapes
  size_t decoded_cap;
  char *key_bytes; ///< keys of the open objects, one behind the other
  size_t key_bytes_len, key_bytes_cap;
  sj_json_key *keys;
  size_t key_count, key_cap;
  uint32_t *slots; ///< hash table over `keys`
  size_t slot_count;
} sj_json;

/// `bytes` are borrowed until sj_json_close(), which must be called whatever
/// this returns.
sj_status sj_json_open(sj_json *json,
                       sj_allocator allocator,
                       const char *bytes,
                       size_t len);

/// The next event. After a failure, the same failure again.
sj_status sj_json_next(sj_json *json, sj_json_event *out);

/// Read to the end of the object or array that `event` began; nothing to do
/// for another event, save that a key takes its value with it.
sj_status sj_json_skip(sj_json *json, const sj_json_event *event);

/// Refuse the input for a reason of the caller's (a wrong type, an unknown
/// key) with the reader's position and path. Returns SJ_JSON.
sj_status sj_json_refuse(sj_json *json, const char *what);

void sj_json_close(sj_json *json);

/// Whether a key or string is this word.
bool sj_json_is(const sj_json_event *event, const char *word);

#endif // SJ_BASE_JSON_H
