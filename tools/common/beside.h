// SPDX-License-Identifier: Apache-2.0
//
// beside.h - files that come with the program, found from where it stands.
#ifndef SJ_TOOLS_BESIDE_H
#define SJ_TOOLS_BESIDE_H

#include <stdbool.h>
#include <stddef.h>

/// Room for any path that sj_beside_find() gives.
enum { SJ_BESIDE_ROOM = 4096 };

/// The first of the paths that can be read, each relative to the program's own
/// folder. False, and an empty string, where none can.
bool sj_beside_find(const char *const *paths,
                    size_t count,
                    char out[SJ_BESIDE_ROOM]);

#endif // SJ_TOOLS_BESIDE_H
