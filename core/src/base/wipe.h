// SPDX-License-Identifier: Apache-2.0
//
// wipe.h - overwrite memory so that the compiler may not leave it out.
#ifndef SJ_BASE_WIPE_H
#define SJ_BASE_WIPE_H

#include <stddef.h>

/// Set `size` bytes to zero. `ptr` may be NULL where `size` is 0.
void sj_wipe(void *ptr, size_t size);

/// Set to zero what calls that have returned left on the stack: words that were
/// folded there, for instance. As deep as the core's own calls go.
void sj_wipe_stack(void);

#endif // SJ_BASE_WIPE_H
