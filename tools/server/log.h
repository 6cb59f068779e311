// SPDX-License-Identifier: Apache-2.0
//
// log.h - one JSON line for each event, on standard error.
//
//     log_event(LOG_INFO, "submit", "request_id", id, "job", job, NULL);
//     {"t":"2026-01-31T12:00:00.000Z","level":"info","event":"submit",...}
//
// Values are ids, names of ours and numbers. Bodies, tokens, headers, query
// strings and anything else that a client chose freely are never passed here.
// A value that is not UTF-8 or longer than 256 bytes is cut, never refused.
#ifndef SCRUBJAYD_LOG_H
#define SCRUBJAYD_LOG_H

#include <stdbool.h>
#include <stddef.h>

typedef enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG } log_level;

#if defined(__GNUC__)
#define LOG_PAIRS __attribute__((sentinel))
#else
#define LOG_PAIRS
#endif

/// Keys and values in turn, then NULL. A NULL value ends the list.
void log_event(log_level level, const char *event, ...) LOG_PAIRS;

/// Less grave events than `level` are left out. LOG_INFO until it is called.
void log_set_level(log_level level);
/// "error", "warn", "info", "debug".
bool log_level_from_name(const char *name, log_level *out);

/// Decimal digits of a number, for a value; good until the next call of the
/// same thread with the same `slot` (0 to 3).
const char *log_number(unsigned slot, long long value);

#endif // SCRUBJAYD_LOG_H
