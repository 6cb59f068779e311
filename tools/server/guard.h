// SPDX-License-Identifier: Apache-2.0
//
// guard.h - the leak guard: does what was submitted as scrubbed still hold an
// identifier that leaves no doubt? The engine's rule packs alone, the same as
// the page's, without lists of names and without a model.
//
// A guard is built once and shared by threads; a session belongs to one.
#ifndef SCRUBJAYD_GUARD_H
#define SCRUBJAYD_GUARD_H

#include <stddef.h>
#include <stdint.h>

typedef struct guard guard;
typedef struct guard_session guard_session;

typedef enum guard_status {
  GUARD_OK,    ///< scanned whole; `count` says what was found
  GUARD_UTF8,  ///< not valid UTF-8: refuse
  GUARD_LIMIT, ///< a limit left part of it unscanned: refuse
  GUARD_NOMEM, ///< refuse
  GUARD_POLICY ///< no such policy: refuse
} guard_status;

/// One finding: what it is and where, never the text.
typedef struct guard_finding {
  const char *name; ///< label, such as "MRN"; constant
  uint32_t start;   ///< first byte of the field as it was sent
  uint32_t end;     ///< one past the last
} guard_finding;

/// GUARD_NOMEM, or GUARD_OK.
guard_status guard_new(guard **out);
void guard_free(guard *self);
guard_status guard_session_new(const guard *of, guard_session **out);
/// Wipes what it last read.
void guard_session_free(guard_session *session);

/// Under which policy the next fields are looked at ("safe-harbor" until this
/// is called, and for NULL): what it leaves in clear is no leak.
guard_status guard_policy(guard_session *session, const char *policy);

/// What was found; at most `room` are written.
typedef struct guard_findings {
  guard_finding *at;
  size_t room;
  size_t count; ///< how many there are, also beyond `room`
} guard_findings;

/// Look through one free-text field. Placeholders (`<PERSON_0>`) are cut out
/// first, and a finding never reaches over one. At most 64 are given. The
/// session's copy of the text is wiped before the call returns.
guard_status guard_scan(guard_session *session,
                        const char *text,
                        size_t len,
                        guard_findings *out);

/// The rules' versions and digests as JSON; lives as long as the guard.
const char *guard_describe(const guard *self);

#endif // SCRUBJAYD_GUARD_H
