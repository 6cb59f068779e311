// SPDX-License-Identifier: Apache-2.0
//
// run_golden.c - the native runner: run_golden [--bless] FILE...
//
// Texts of the corpus are invented, so what differs may be shown.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden_file.h"
#include "marked.h"
#include "scrubjay/scrubjay.h"

typedef struct runner {
  sj_engine *engine;
  sj_session *session;
  FILE *blessed; // NULL where outputs are compared
  const char *path;
  size_t cases, failures;
} runner;

static void say(runner *r, const sj_golden_case *one, const char *what) {
  r->failures++;
  fprintf(stderr, "%s: %.*s: %s\n", r->path, (int)one->title.len, one->title.at,
          what);
}

static char *copy(const char *text, size_t len) {
  char *out = malloc(len + 1);
  if (out == NULL) exit(70);
  if (len > 0) memcpy(out, text, len);
  out[len] = '\0';
  return out;
}

// N copies, a line end behind each where there are several.
static char *copies(const char *text, size_t len, size_t n, size_t *out_len) {
  const size_t one = len + (n > 1);
  char *out = malloc(one * n + 1);
  if (out == NULL) exit(70);
  for (size_t i = 0; i < n; i++) {
    if (len > 0) memcpy(out + i * one, text, len);
    if (n > 1) out[i * one + len] = '\n';
  }
  *out_len = one * n;
  return out;
}

static bool same_span(const runner *r,
                      const sj_span *span,
                      const sj_mark *mark,
                      size_t shift) {
  if (span->start != mark->start + shift || span->end != mark->end + shift)
    return false;
  if (span->label != mark->label) return false;
  if (mark->role >= 0 && span->role != mark->role) return false;
  return mark->subtype[0] == '\0' ||
         strcmp(mark->subtype,
                sj_engine_subtype_name(r->engine, span->subtype)) == 0;
}

static void show_spans(const runner *r, const char *text) {
  size_t count = 0;
  const sj_span *spans = sj_session_spans(r->session, &count);
  for (size_t i = 0; i < count && i < 40; i++)
    fprintf(stderr, "  found [%s.%s.%s:%.*s]\n", sj_label_name(spans[i].label),
            sj_role_name(spans[i].role),
            sj_engine_subtype_name(r->engine, spans[i].subtype),
            (int)(spans[i].end - spans[i].start), text + spans[i].start);
}

static void check_spans(runner *r,
                        const sj_golden_case *one,
                        const sj_marked *marked,
                        const char *text) {
  size_t count = 0;
  const sj_span *spans = sj_session_spans(r->session, &count);
  bool same = count == marked->count * one->repeat;
  for (size_t i = 0; same && i < count; i++)
    same = same_span(r, &spans[i], &marked->marks[i % marked->count],
                     i / marked->count * (marked->len + 1));
  if (same) return;
  say(r, one, "the spans differ");
  show_spans(r, text);
}

static void compare(runner *r,
                    const sj_golden_case *one,
                    size_t index,
                    const sj_output *got) {
  sj_marked want;
  if (!sj_marked_read_plain(one->output[index].at, one->output[index].len,
                            &want)) {
    say(r, one, "an output with a broken escape");
    return;
  }
  size_t len = 0;
  char *all = copies(want.text, want.len, one->repeat, &len);
  if (len != got->len || memcmp(all, got->text, len) != 0) {
    say(r, one, "the output differs");
    fprintf(stderr, "%.*s\n", got->len < 2000 ? (int)got->len : 2000,
            got->text);
  }
  free(all);
  sj_marked_free(&want);
}

static void bless(runner *r,
                  const sj_golden_case *one,
                  size_t index,
                  const sj_output *got) {
  const size_t extra = one->repeat > 1;
  size_t len = 0;
  char *text =
      sj_marked_escape(got->text, got->len / one->repeat - extra, &len);
  if (text == NULL) exit(70);
  fprintf(r->blessed, "--- %.*s\n", (int)one->style[index].len,
          one->style[index].at);
  (void)fwrite(text, 1, len, r->blessed);
  fputc('\n', r->blessed);
  free(text);
}

static void check_outputs(runner *r, const sj_golden_case *one) {
  for (size_t i = 0; i < one->output_count; i++) {
    const int style = sj_style_from_name(one->style[i].at, one->style[i].len);
    const sj_replace_options how = {.style = (sj_style)style};
    sj_output got = {0};
    if (style < 0 ||
        sj_session_replace(r->session, NULL, 0, &how, &got) != SJ_OK)
      say(r, one, "no output in this style");
    else if (r->blessed != NULL)
      bless(r, one, i, &got);
    else
      compare(r, one, i, &got);
  }
}

static bool
start(runner *r, const sj_golden_case *one, const char *text, size_t len) {
  sj_session_options options = {0};
  char *policy = copy(one->policy.at, one->policy.len);
  if (one->policy.len > 0) options.policy = policy;
  const int langs = one->lang.len > 0
                        ? sj_lang_from_name(one->lang.at, one->lang.len)
                        : SJ_LANG_AUTO;
  options.langs = (unsigned)langs;
  const bool started =
      langs >= 0 &&
      sj_session_start(r->session, text, len, &options, NULL) == SJ_OK &&
      sj_session_finish(r->session) == SJ_OK;
  free(policy);
  return started;
}

static void run_case(runner *r, const sj_golden_case *one) {
  r->cases++;
  if (r->blessed != NULL)
    (void)fwrite(one->whole.at, 1, one->whole.len, r->blessed);
  sj_marked marked;
  if (!sj_marked_read(one->text.at, one->text.len, &marked)) {
    say(r, one, "a broken mark or escape");
    return;
  }
  size_t len = 0;
  char *text = copies(marked.text, marked.len, one->repeat, &len);
  if (!start(r, one, text, len)) {
    say(r, one, "the session did not start");
  } else {
    if (!sj_session_coverage(r->session).complete)
      say(r, one, "not everything was scanned");
    check_spans(r, one, &marked, text);
    check_outputs(r, one);
  }
  free(text);
  sj_marked_free(&marked);
}

static char *read_file(const char *path, size_t *len) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  enum { MOST = 4 << 20 };
  char *text = malloc(MOST);
  *len = text != NULL ? fread(text, 1, MOST, file) : 0;
  (void)fclose(file);
  return text;
}

static void run_file(runner *r, const char *path, bool blesses) {
  size_t len = 0;
  char *file = read_file(path, &len);
  r->path = path;
  if (file == NULL || (blesses && (r->blessed = fopen(path, "wb")) == NULL)) {
    fprintf(stderr, "%s: cannot be opened\n", path);
    r->failures++;
    free(file);
    return;
  }
  const char *at = file;
  const char *broken = NULL;
  sj_golden_case one;
  bool first = true;
  while (sj_golden_next(&at, file + len, &one, &broken)) {
    if (!first && r->blessed != NULL) fputc('\n', r->blessed);
    first = false;
    run_case(r, &one);
  }
  if (broken != NULL) {
    say(r, &one, broken);
    if (r->blessed != NULL)
      (void)fwrite(at, 1, (size_t)(file + len - at), r->blessed);
  }
  if (r->blessed != NULL) (void)fclose(r->blessed);
  r->blessed = NULL;
  free(file);
}

int main(int argc, char **argv) {
  const bool blesses = argc > 1 && strcmp(argv[1], "--bless") == 0;
  runner r = {0};
  const sj_engine_config config = {0};
  if (sj_engine_new(&config, &r.engine, NULL) != SJ_OK ||
      sj_session_new(r.engine, &r.session) != SJ_OK) {
    fprintf(stderr, "the engine does not start\n");
    return 70;
  }
  for (int i = blesses ? 2 : 1; i < argc; i++)
    run_file(&r, argv[i], blesses);
  sj_session_free(r.session);
  sj_engine_free(r.engine);
  printf("%zu cases, %zu failures\n", r.cases, r.failures);
  return r.failures == 0 && r.cases > 0 ? 0 : 1;
}
