// SPDX-License-Identifier: Apache-2.0
//
// check_pack.c - see check_pack.h.

#include "check_pack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/files.h"

enum { PACK_LIMIT = 16 * 1024 * 1024 };

static sj_exit show(const sj_report *report) {
  size_t count;
  size_t refused = 0;
  const sj_remark *remarks = sj_report_remarks(report, &count);
  for (size_t i = 0; i < count; i++) {
    const sj_remark *remark = &remarks[i];
    printf("%s: ", remark->refused ? "refused" : "advice");
    if (remark->where[0]) printf("%s:", remark->where);
    if (remark->line > 0) printf("%u:", remark->line);
    printf("%s%s\n", remark->where[0] || remark->line > 0 ? " " : "",
           remark->what);
    refused += remark->refused;
  }
  printf("%zu rules, %zu examples run, %zu refused, %zu advice\n",
         sj_report_rules(report), sj_report_examples(report), refused,
         count - refused);
  return refused > 0 ? SJ_EXIT_MODEL : SJ_EXIT_OK;
}

static sj_exit check(const sj_file *files, size_t count) {
  sj_report *report = NULL;
  const sj_status status = sj_report_new(files, count, &report);
  if (status != SJ_OK) {
    sj_say(sj_status_text(status), NULL);
    return sj_exit_of(status);
  }
  sj_exit exit = show(report);
  sj_report_free(report);
  if (fflush(stdout) == 0 && !ferror(stdout)) return exit;
  sj_say("standard output cannot be written", strerror(errno));
  return SJ_EXIT_INTERNAL;
}

sj_exit sj_check_pack_run(const sj_options *options) {
  const size_t count = options->file_count;
  sj_buffer *bytes = calloc(count, sizeof(*bytes));
  sj_file *files = calloc(count, sizeof(*files));
  sj_exit exit = bytes && files ? SJ_EXIT_OK : SJ_EXIT_INTERNAL;
  for (size_t i = 0; i < count && exit != SJ_EXIT_INTERNAL; i++) {
    const char *name = options->files[i];
    const int error = sj_file_read(name, PACK_LIMIT, &bytes[i]);
    if (error != 0) {
      sj_say_file(name, error, PACK_LIMIT);
      exit = error == ENOMEM ? SJ_EXIT_INTERNAL : SJ_EXIT_INPUT;
    }
    files[i] = (sj_file){name, bytes[i].data, bytes[i].len};
  }
  if (exit == SJ_EXIT_OK) exit = check(files, count);
  for (size_t i = 0; bytes && i < count; i++)
    sj_buffer_free(&bytes[i]);
  free(bytes);
  free(files);
  return exit;
}
