// SPDX-License-Identifier: Apache-2.0
//
// rules_table.h - cells of tables, read as fields under the heads of their
// columns.
#ifndef SJ_RULES_TABLE_H
#define SJ_RULES_TABLE_H

#include "rules.h"

/// Run every rule over the cells of the view's tables, each with its head in
/// front of it. Claims and what a limit leaves undecided are pushed as by
/// sj_rules_run(), which has been over the view before.
sj_status sj_rules_tables(sj_scan *scan,
                          sj_arena *arena,
                          const sj_text *text,
                          const sj_view *view,
                          sj_claims *out,
                          sj_ranges *unscanned);

#endif // SJ_RULES_TABLE_H
