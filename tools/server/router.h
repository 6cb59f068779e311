// SPDX-License-Identifier: Apache-2.0
//
// router.h - from a request to its answer. The front (http*.c) makes requests
// and sends answers, the handlers (handle_*.c) turn one into the other; this is
// all that they know of each other.
#ifndef SCRUBJAYD_ROUTER_H
#define SCRUBJAYD_ROUTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/buffer.h"
#include "audit.h"
#include "roles.h"
#include "schema.h"
#include "service.h"
#include "store.h"
#include "token.h"

typedef struct request request;
typedef struct answer answer;

enum { ROUTE_ANY = 1 << 16, ROUTE_PUBLIC = 1 << 17 };

typedef struct route {
  const char *method, *path, *name; ///< NULL method ends the list
  void (*handle)(request *, answer *);
  uint32_t roles;     ///< bits of roles.h, or ROUTE_ANY, ROUTE_PUBLIC
  const schema *body; ///< NULL: none is read
  bool once;          ///< an Idempotency-Key is required
  uint32_t limit;     ///< bytes of the body; 0: the configuration's
  const char *query;  ///< names that are known, by commas
} route;

/// All of them, as openapi.yaml lists them (routes.c is generated).
extern const route ROUTES[];

/// What one thread that handles requests keeps for itself.
typedef struct worker {
  struct guard_session *guard; ///< made when first needed
} worker;

struct request {
  service *service;
  worker *worker;
  const route *route;
  char id[37];           ///< X-Request-Id
  char ip[48];           ///< of the connection
  char param[STORE_KID]; ///< the path's {…}; empty: none
  char query[1024];      ///< behind the `?`, as it came
  char key[37];          ///< Idempotency-Key; empty: none
  char known[80];        ///< If-None-Match
  char *token;           ///< behind "Bearer "; NULL: none
  sj_buffer body;
  int64_t now_ms;
  // filled by the router
  claims who;
  uint32_t roles;
  const char *role; ///< the name under which it is let in
  sj_arena arena;
  const sj_json_node *json; ///< checked against the route's schema
  const char *policy; ///< that the text was scrubbed under; NULL: the strictest
};

struct answer {
  unsigned status;
  const char *type; ///< NULL: application/json
  sj_buffer body;
  unsigned retry_s; ///< Retry-After; 0: none
  char etag[80];
  const char *problem; ///< name of the problem that it is; for the log
};

/// The route of a path and method. NULL with `*known`: the path has others.
/// `param` takes the path's variable part.
const route *route_find(const char *method,
                        const char *path,
                        char param[STORE_KID],
                        bool *known);
/// The methods of a path, as `Allow` wants them.
void route_allow(const char *path, char *out, size_t room);

/// Check and handle; always leaves an answer. The arena is set up and released
/// here, the buffers belong to the caller.
void route_run(request *request, answer *answer);

// ---- for handlers ----

/// A query's value with its escapes undone. False where it is missing, twice,
/// longer than `room`, or broken; `*wrong` tells these from missing.
bool request_query(const request *request,
                   const char *name,
                   char *out,
                   size_t room,
                   bool *wrong);
/// An error for the leak guard's find, or nothing. `field` is a JSON pointer.
bool request_leaks(request *request,
                   answer *answer,
                   const char *field,
                   const char *text,
                   size_t len);
/// SHA-256 of two pieces. False where OpenSSL fails.
bool digest_two(const void *a,
                size_t a_len,
                const void *b,
                size_t b_len,
                uint8_t out[32]);
/// SHA-256 over the Idempotency-Key and the body. False where OpenSSL fails.
bool request_digest(const request *request, uint8_t out[32]);
/// The times of `from` and `to`; all time where they are not given. False where
/// they are wrong.
bool request_span(const request *request, int64_t *from_ms, int64_t *to_ms);
/// The string member of a checked object; "" where it is not there.
const char *request_word(const sj_json_node *object, const char *name);
int64_t request_integer(const sj_json_node *object, const char *name);
/// Milliseconds of an RFC 3339 time; -1 for what is none.
int64_t request_time(const char *text);
/// A time as RFC 3339, UTC, with milliseconds.
void put_time(sj_buffer *out, const char *key, int64_t t_ms);
/// `"receipt":{…}` without a comma.
void put_receipt(sj_buffer *out, const store_receipt *receipt);
/// An entry of the request's own actor, address, id and time.
audit_entry
request_entry(const request *request, const char *action, const char *object);
/// Whether the path's or the body's job may be seen by this one: its owner, or
/// one with any of `roles`. Else, and where it is not there, an answer is made.
bool request_may_see(const request *request,
                     answer *answer,
                     const char *job,
                     uint32_t roles,
                     store_state *state);

#define HANDLER(name) void handle_##name(request *, answer *)
HANDLER(health);
HANDLER(ready);
HANDLER(config);
HANDLER(dev_token);
HANDLER(preview);
HANDLER(submit);
HANDLER(status);
HANDLER(results);
HANDLER(reidentify);
HANDLER(acknowledge);
HANDLER(feedback);
HANDLER(feedback_summary);
HANDLER(feedback_export);
HANDLER(delete_job);
HANDLER(keylist);
HANDLER(put_keylist);
HANDLER(own_keys);
HANDLER(put_own_keys);
HANDLER(vault_key);
HANDLER(put_vault_key);
HANDLER(rewrap);
HANDLER(rotation);
HANDLER(members);
HANDLER(put_member);
HANDLER(audit_events);
HANDLER(checkpoint);
#undef HANDLER

#endif // SCRUBJAYD_ROUTER_H
