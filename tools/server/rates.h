// SPDX-License-Identifier: Apache-2.0
//
// rates.h - how often somebody may do something: buckets in memory, of this
// process. A bucket is forgotten when it is full again.
#ifndef SCRUBJAYD_RATES_H
#define SCRUBJAYD_RATES_H

#include <stdbool.h>
#include <stdint.h>

typedef enum rate {
  RATE_SUBMIT,
  RATE_RELEASE,
  RATE_AUTH_FAILURE,
  RATE_COUNT
} rate;

typedef struct rates rates;

/// A bucket of each kind holds `burst` and gains `per` in `seconds`.
typedef struct rate_rule {
  int64_t burst, per, seconds;
} rate_rule;

/// NULL when memory is out.
rates *rates_new(const rate_rule rules[RATE_COUNT]);
void rates_free(rates *rates);

/// Take one. False where there is none, with the seconds until there is.
bool rates_take(rates *rates,
                rate kind,
                const char *who,
                int64_t now_ms,
                unsigned *wait_s);
/// Whether there is one, without taking it.
bool rates_peek(rates *rates, rate kind, const char *who, int64_t now_ms);

#endif // SCRUBJAYD_RATES_H
