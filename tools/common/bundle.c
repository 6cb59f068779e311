// SPDX-License-Identifier: Apache-2.0
//
// bundle.c - see bundle.h.

#include "bundle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_tree.h"
#include "base/sha256.h"
#include "files.h"

static const size_t MANIFEST_LIMIT = (size_t)1024 * 1024;
static const size_t FILE_LIMIT = (size_t)256 * 1024 * 1024;

static bool path_of(const char *folder, const char *name, char out[4096]) {
  const int len = snprintf(out, 4096, "%s/%s", folder, name);
  return len > 0 && len < 4096;
}

sj_exit sj_bundle_refuse(const sj_bundle *bundle,
                         const char *file,
                         const char *what,
                         const char *field) {
  char path[4096];
  const bool fits = path_of(bundle->folder, file, path);
  sj_say_at((sj_place){.file = fits ? path : file}, what, field);
  return SJ_EXIT_MODEL;
}

static sj_exit
read_file(const char *folder, const char *name, size_t limit, sj_buffer *out) {
  char path[4096];
  if (!path_of(folder, name, path)) {
    sj_say_file(folder, ENAMETOOLONG, limit);
    return SJ_EXIT_MODEL;
  }
  const int error = sj_file_read(path, limit, out);
  if (error != 0) sj_say_file(path, error, limit);
  if (error == ENOMEM) return SJ_EXIT_INTERNAL;
  return error == 0 ? SJ_EXIT_OK : SJ_EXIT_MODEL;
}

// ---------------------------------------------------------------------------
// What the manifest says
// ---------------------------------------------------------------------------

static const char MANIFEST[] = "manifest.json";

static sj_exit
refuse(const sj_bundle *bundle, const char *what, const char *field) {
  return sj_bundle_refuse(bundle, MANIFEST, what, field);
}

static const sj_json_node *
get(const sj_json_node *at, const char *key, sj_json_kind kind) {
  const sj_json_node *found = sj_json_tree_get(at, key);
  return found != NULL && found->kind == kind ? found : NULL;
}

static void hex_of(const sj_buffer *bytes, char out[2 * SJ_SHA256_BYTES + 1]) {
  uint8_t digest[SJ_SHA256_BYTES];
  sj_sha256 sha;
  sj_sha256_start(&sha);
  sj_sha256_add(&sha, bytes->data, bytes->len);
  sj_sha256_end(&sha, digest);
  for (size_t i = 0; i < sizeof(digest); i++)
    snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

// A file of the bundle against what the manifest says of it.
static sj_exit check_file(const sj_bundle *bundle,
                          const sj_json_node *root,
                          const char *name,
                          const sj_buffer *bytes) {
  char field[64];
  const sj_json_node *said =
      get(get(root, "files", SJ_JSON_OBJECT), name, SJ_JSON_OBJECT);
  const sj_json_node *size = get(said, "bytes", SJ_JSON_NUMBER);
  const sj_json_node *hash = get(said, "sha256", SJ_JSON_STRING);
  snprintf(field, sizeof(field), "files.%s", name);
  if (size == NULL || !size->is_integer || hash == NULL)
    return refuse(bundle, "bytes and sha256 of a file are missing", field);
  snprintf(field, sizeof(field), "files.%s.bytes", name);
  if (size->integer != (int64_t)bytes->len)
    return sj_bundle_refuse(
        bundle, name, "the file is not as long as the manifest says", field);
  char found[2 * SJ_SHA256_BYTES + 1];
  hex_of(bytes, found);
  snprintf(field, sizeof(field), "files.%s.sha256", name);
  if (strcmp(found, hash->text) != 0)
    return sj_bundle_refuse(
        bundle, name, "the file is not the one that the manifest names", field);
  return SJ_EXIT_OK;
}

// A string of the manifest, copied; NULL where it is not there or empty.
static char *copy(const sj_json_node *at, const char *key) {
  const sj_json_node *found = get(at, key, SJ_JSON_STRING);
  return found == NULL || found->len == 0 ? NULL : strdup(found->text);
}

static sj_exit read_tensors(sj_bundle *out, const sj_json_node *root) {
  const sj_json_node *inputs = get(root, "inputs", SJ_JSON_OBJECT);
  const sj_json_node *features = sj_json_tree_get(root, "features");
  if (features != NULL && features->kind == SJ_JSON_ARRAY)
    out->feature_count = features->len;
  out->ids = copy(inputs, "ids");
  out->features = copy(inputs, "features");
  out->output = copy(root, "output");
  if (out->ids == NULL)
    return refuse(out, "the name of an input is missing", "inputs.ids");
  if (out->feature_count > 0 && out->features == NULL)
    return refuse(out, "the name of an input is missing", "inputs.features");
  if (out->output == NULL)
    return refuse(out, "the name of the output is missing", "output");
  return SJ_EXIT_OK;
}

static sj_exit read_canary(sj_bundle *out, const sj_json_node *root) {
  const sj_json_node *canary = get(root, "canary", SJ_JSON_OBJECT);
  const sj_json_node *labels = get(canary, "labels", SJ_JSON_ARRAY);
  out->canary = copy(canary, "text");
  if (out->canary == NULL)
    return refuse(out, "the text that tries the model is missing",
                  "canary.text");
  for (const sj_json_node *at = labels == NULL ? NULL : labels->child;
       at != NULL; at = at->next) {
    const int label =
        at->kind == SJ_JSON_STRING ? sj_label_from_name(at->text, at->len) : -1;
    if (label < 0) return refuse(out, "no such label", "canary.labels");
    out->canary_labels |= 1u << label;
  }
  if (out->canary_labels == 0)
    return refuse(out, "the labels that the model must find are missing",
                  "canary.labels");
  return SJ_EXIT_OK;
}

static sj_exit read_manifest(sj_bundle *out, const sj_json_node *root) {
  const sj_json_node *format = get(root, "format", SJ_JSON_NUMBER);
  if (format == NULL || !format->is_integer || format->integer < 1)
    return refuse(out, "the number of its format is missing", "format");
  if (format->integer > 1)
    return refuse(out, "a newer format than this version reads", "format");
  sj_exit exit = check_file(out, root, "tokenizer.json", &out->tokenizer);
  if (exit == SJ_EXIT_OK)
    exit = check_file(out, root, "model.onnx", &out->model);
  if (exit == SJ_EXIT_OK) exit = read_tensors(out, root);
  return exit == SJ_EXIT_OK ? read_canary(out, root) : exit;
}

static sj_exit parse_manifest(sj_bundle *out) {
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  const sj_json_node *root = NULL;
  sj_error error = {0};
  const sj_status status = sj_json_tree_parse(&arena, out->manifest.data,
                                              out->manifest.len, &root, &error);
  sj_exit exit = SJ_EXIT_INTERNAL;
  if (status == SJ_OK)
    exit = read_manifest(out, root);
  else if (status != SJ_NOMEM)
    exit =
        refuse(out, error.what == NULL ? sj_status_text(SJ_JSON) : error.what,
               error.where);
  sj_arena_release(&arena);
  return exit;
}

sj_exit sj_bundle_read(const char *folder, sj_bundle *out) {
  *out = (sj_bundle){.folder = strdup(folder)};
  if (out->folder == NULL) return SJ_EXIT_INTERNAL;
  sj_exit exit = read_file(folder, MANIFEST, MANIFEST_LIMIT, &out->manifest);
  if (exit == SJ_EXIT_OK)
    exit = read_file(folder, "tokenizer.json", FILE_LIMIT, &out->tokenizer);
  if (exit == SJ_EXIT_OK)
    exit = read_file(folder, "model.onnx", FILE_LIMIT, &out->model);
  return exit == SJ_EXIT_OK ? parse_manifest(out) : exit;
}

void sj_bundle_free(sj_bundle *bundle) {
  free(bundle->folder);
  free(bundle->ids);
  free(bundle->features);
  free(bundle->output);
  free(bundle->canary);
  sj_buffer_free(&bundle->manifest);
  sj_buffer_free(&bundle->tokenizer);
  sj_buffer_free(&bundle->model);
  *bundle = (sj_bundle){.folder = NULL};
}
