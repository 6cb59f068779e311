// SPDX-License-Identifier: Apache-2.0
//
// The JSON reader: what it gives, what it refuses and where, and the tree.

#include "check.h"

#include <string.h>

#include "base/json_tree.h"
#include "failing_alloc.h"

static const sj_allocator USUAL = {0};

// The events as one letter each, a blank where the reading failed.
static sj_status read_all(sj_json *json, char *shape, size_t size) {
  static const char letters[] = ".nft#\"k[]{}";
  sj_json_event event;
  size_t len = 0;
  sj_status status = json->error.status;
  while (status == SJ_OK && len + 1 < size) {
    status = sj_json_next(json, &event);
    if (status == SJ_OK) shape[len++] = letters[event.kind];
    if (status != SJ_OK || event.kind == SJ_JSON_END) break;
  }
  shape[len] = '\0';
  return status;
}

static bool shows(const char *text, const char *shape) {
  sj_json json;
  char got[4096];
  (void)sj_json_open(&json, USUAL, text, strlen(text));
  const sj_status status = read_all(&json, got, sizeof(got));
  sj_json_close(&json);
  return status == SJ_OK && strcmp(got, shape) == 0;
}

static bool refuses(const char *text, size_t at, const char *path) {
  sj_json json;
  char got[4096];
  (void)sj_json_open(&json, USUAL, text, strlen(text));
  const sj_status status = read_all(&json, got, sizeof(got));
  const bool right = status == SJ_JSON && json.error.at == at &&
                     strcmp(json.error.where, path) == 0;
  if (!right)
    fprintf(stderr, "%s at %zu in %s\n", sj_status_name(status), json.error.at,
            json.error.where);
  sj_json_event event;
  CHECK(sj_json_next(&json, &event) == status); // it stays refused
  sj_json_close(&json);
  return right;
}

static void gives_events_in_order(void) {
  CHECK(shows("null", "n."));
  CHECK(shows(" [] ", "[]."));
  CHECK(shows("{\"a\":[1,true,false],\"A\":{\"a\":\"\"}}", "{k[#tf]k{k\"}}."));
  CHECK(shows("[{\"a\":1},{\"a\":1}]", "[{k#}{k#}]."));
}

static void refuses_what_is_not_json(void) {
  CHECK(refuses("", 0, "$"));
  CHECK(refuses("[1,]", 3, "$[1]"));
  CHECK(refuses("{\"a\":1,}", 7, "$.a"));
  CHECK(refuses("{\"a\" 1}", 5, "$.a"));
  CHECK(refuses("{\"a\":{\"b\":[0,tru]}}", 13, "$.a.b[1]"));
  CHECK(refuses("1 2", 2, "$"));
  CHECK(refuses("[01]", 1, "$[0]"));
  CHECK(refuses("[1.]", 1, "$[0]"));
  CHECK(refuses("[+1]", 1, "$[0]"));
  CHECK(refuses("[NaN]", 1, "$[0]"));
  CHECK(refuses("\"a\nb\"", 2, "$"));
  CHECK(refuses("\"a", 2, "$"));
  CHECK(refuses("\"\\x\"", 2, "$"));
  CHECK(refuses("\xEF\xBB\xBF{}", 0, "$"));
}

static void refuses_what_json_leaves_open(void) {
  CHECK(refuses("{\"a\":1,\"a\":2}", 10, "$.a"));
  CHECK(refuses("{\"a\":1,\"\\u0061\":2}", 15, "$.a"));
  CHECK(refuses("\"\\u0000\"", 3, "$"));
  CHECK(refuses("\"\\ud800x\"", 3, "$"));
  CHECK(refuses("\"\\udc00\"", 3, "$"));
  CHECK(refuses("[1e999]", 1, "$[0]"));
  sj_json json;
  CHECK(sj_json_open(&json, USUAL, "\"a\xFF\"", 4) == SJ_UTF8);
  CHECK(json.error.at == 2);
  sj_json_close(&json);
}

static void takes_64_levels_and_no_more(void) {
  char text[200];
  for (size_t depth = 64; depth <= 65; depth++) {
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    sj_json json;
    char shape[200];
    CHECK(sj_json_open(&json, USUAL, text, depth * 2) == SJ_OK);
    const sj_status status = read_all(&json, shape, sizeof(shape));
    CHECK(status == (depth == 64 ? SJ_OK : SJ_JSON));
    sj_json_close(&json);
  }
}

static void tells_a_key_that_comes_twice_among_many(void) {
  static char text[400000];
  size_t len = 1;
  text[0] = '{';
  for (int i = 0; i < 20000; i++)
    len += (size_t)snprintf(text + len, sizeof(text) - len,
                            "\"k%d\":{\"k\":0},", i);
  len += (size_t)snprintf(text + len, sizeof(text) - len, "\"k777\":0}");
  sj_json json;
  sj_json_event event = {0};
  sj_status status = sj_json_open(&json, USUAL, text, len);
  while (status == SJ_OK && (event.depth > 0 || event.at == 0))
    status = sj_json_next(&json, &event);
  CHECK(status == SJ_JSON && json.error.at == len - 3);
  sj_json_close(&json);
}

static void decodes_strings_and_numbers(void) {
  const char text[] = "{\"\\u00e9\\ud83d\\ude00\\n\":-12, \"f\":2.5e-1}";
  sj_arena arena;
  sj_arena_init(&arena, USUAL);
  const sj_json_node *root = NULL;
  CHECK(sj_json_tree_parse(&arena, text, strlen(text), &root, NULL) == SJ_OK);
  const sj_json_node *first = sj_json_tree_get(root, "é😀\n");
  CHECK(first != NULL && first->is_integer && first->integer == -12);
  const sj_json_node *second = sj_json_tree_get(root, "f");
  CHECK(second != NULL && !second->is_integer && second->number == 0.25);
  CHECK(sj_json_tree_get(root, "F") == NULL && root->len == 2);
  sj_arena_release(&arena);
}

static sj_status build_tree(sj_allocator allocator, void *ctx) {
  sj_arena arena;
  sj_arena_init(&arena, allocator);
  const sj_json_node *root = NULL;
  sj_error error;
  const sj_status status =
      sj_json_tree_parse(&arena, ctx, strlen(ctx), &root, &error);
  CHECK(status == error.status && (status == SJ_OK) == (root != NULL));
  sj_arena_release(&arena);
  return status;
}

static void every_failed_allocation_is_a_status_and_all_is_wiped(void) {
  char text[] = "{\"name\":\"Perpetua \\u0051uill\",\"of\":[1,{}]}";
  CHECK(sj_test_each_fails(build_tree, text, "Perpetua Quill") > 2);
}

static void skipping_takes_the_whole_value(void) {
  const char text[] = "{\"a\":[1,{\"b\":[]}],\"c\":3}";
  sj_json json;
  sj_json_event event;
  CHECK(sj_json_open(&json, USUAL, text, strlen(text)) == SJ_OK);
  CHECK(sj_json_next(&json, &event) == SJ_OK);
  CHECK(sj_json_next(&json, &event) == SJ_OK && sj_json_is(&event, "a"));
  CHECK(sj_json_skip(&json, &event) == SJ_OK);
  CHECK(sj_json_next(&json, &event) == SJ_OK && sj_json_is(&event, "c"));
  sj_json_close(&json);
}

int main(void) {
  RUN(gives_events_in_order);
  RUN(refuses_what_is_not_json);
  RUN(refuses_what_json_leaves_open);
  RUN(takes_64_levels_and_no_more);
  RUN(tells_a_key_that_comes_twice_among_many);
  RUN(decodes_strings_and_numbers);
  RUN(every_failed_allocation_is_a_status_and_all_is_wiped);
  RUN(skipping_takes_the_whole_value);
  return CHECK_DONE();
}
