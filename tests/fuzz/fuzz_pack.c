// SPDX-License-Identifier: Apache-2.0
//
// fuzz_pack.c - any bytes as a site's rules. A pack loads and runs, or is
// refused with a reason; check-pack has an answer to it either way.

#include <stdlib.h>
#include <string.h>

#include "scrubjay/scrubjay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds) {
  if (!holds) abort();
}

static void run(const sj_engine *engine) {
  static const char text[] =
      "Seen on 03/04/2021 by Dr. Ottokar, MRN: 4411-207.";
  sj_session *session = NULL;
  must(sj_session_new(engine, &session) == SJ_OK);
  const sj_status status =
      sj_session_start(session, text, sizeof(text) - 1, NULL, NULL);
  if (status == SJ_OK) must(sj_session_finish(session) == SJ_OK);
  sj_session_free(session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sj_file file = {"site.rules", (const char *)data, size};
  const sj_engine_config config = {
      .files = &file, .file_count = 1, .no_builtin = true};
  sj_engine *engine = NULL;
  sj_error error = {0};
  const sj_status status = sj_engine_new(&config, &engine, &error);
  must((status == SJ_OK) == (engine != NULL));
  if (engine)
    run(engine);
  else
    must(error.what != NULL && error.status == status);
  sj_engine_free(engine);

  sj_report *report = NULL;
  if (sj_report_new(&file, 1, &report) == SJ_OK) {
    size_t count;
    const sj_remark *remarks = sj_report_remarks(report, &count);
    for (size_t i = 0; i < count; i++)
      must(remarks[i].what != NULL);
  }
  sj_report_free(report);
  return 0;
}
