// SPDX-License-Identifier: Apache-2.0
//
// log.c - see log.h. A line is built whole and written by one call, so that
// lines of two threads do not mix.

#include "log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_ROOM = 2048, VALUE_MAX = 256 };

static const char *const NAMES[] = {"error", "warn", "info", "debug"};
static atomic_int least = LOG_INFO;

typedef struct line {
  char text[LINE_ROOM];
  size_t len;
} line;

// What does not fit is left out; the three bytes for the end always fit.
static void put(line *out, const char *text, size_t len) {
  if (out->len + len > LINE_ROOM - 3) return;
  memcpy(out->text + out->len, text, len);
  out->len += len;
}

// A JSON string of ASCII alone: whatever is not plain is written as \u00XX,
// byte by byte, so that no value can end a line or steer a terminal.
static void put_string(line *out, const char *value) {
  const size_t len = strnlen(value, VALUE_MAX);
  put(out, "\"", 1);
  for (size_t i = 0; i < len; i++) {
    const unsigned char c = (unsigned char)value[i];
    char escape[8];
    if (c >= ' ' && c < 0x7f && c != '"' && c != '\\')
      put(out, value + i, 1);
    else
      put(out, escape,
          (size_t)snprintf(escape, sizeof(escape), "\\u%04x", (unsigned)c));
  }
  put(out, "\"", 1);
}

static void put_pair(line *out, const char *key, const char *value) {
  // Whole or not at all: a string that is cut is no JSON.
  const size_t worst = 6 * strnlen(value, VALUE_MAX) + strlen(key) + 6;
  if (out->len + worst > LINE_ROOM - 3) return;
  put(out, ",\"", 2);
  put(out, key, strlen(key));
  put(out, "\":", 2);
  put_string(out, value);
}

void log_event(log_level level, const char *event, ...) {
  if ((int)level > atomic_load(&least)) return;
  struct timespec now = {0};
  struct tm utc = {0};
  (void)clock_gettime(CLOCK_REALTIME, &now);
  (void)gmtime_r(&now.tv_sec, &utc);
  line out = {.len = 0};
  char stamp[64];
  const size_t at =
      strftime(stamp, sizeof(stamp), "{\"t\":\"%Y-%m-%dT%H:%M:%S", &utc);
  (void)snprintf(stamp + at, sizeof(stamp) - at, ".%03uZ\"",
                 (unsigned)(now.tv_nsec / 1000000) % 1000U);
  put(&out, stamp, strlen(stamp));
  put_pair(&out, "level", NAMES[level]);
  put_pair(&out, "event", event);

  va_list pairs;
  va_start(pairs, event);
  for (;;) {
    // NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it was started
    const char *key = va_arg(pairs, const char *);
    const char *value = key == NULL ? NULL : va_arg(pairs, const char *);
    if (value == NULL) break;
    put_pair(&out, key, value);
  }
  va_end(pairs);

  memcpy(out.text + out.len, "}\n", 2);
  out.len += 2;
  for (size_t done = 0; done < out.len;) {
    const ssize_t wrote = write(2, out.text + done, out.len - done);
    if (wrote <= 0) return; // nowhere is left to say so
    done += (size_t)wrote;
  }
}

void log_set_level(log_level level) {
  atomic_store(&least, (int)level);
}

bool log_level_from_name(const char *name, log_level *out) {
  for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
    if (strcmp(name, NAMES[i]) == 0) {
      *out = (log_level)i;
      return true;
    }
  return false;
}

const char *log_number(unsigned slot, long long value) {
  static _Thread_local char digits[4][24];
  char *out = digits[slot % 4];
  (void)snprintf(out, sizeof(digits[0]), "%lld", value);
  return out;
}
