// SPDX-License-Identifier: Apache-2.0
//
// bundle.h - model bundles on disk.
#ifndef SJ_TOOLS_BUNDLE_H
#define SJ_TOOLS_BUNDLE_H

#include "say.h"

/// Look at a bundle's files and say what stands in the way of using it. This
/// build has no model runtime, so the answer is never SJ_EXIT_OK: a run that
/// was asked to use a model must not quietly go without.
sj_exit sj_bundle_check(const char *folder);

#endif // SJ_TOOLS_BUNDLE_H
