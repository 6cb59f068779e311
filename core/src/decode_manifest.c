// SPDX-License-Identifier: Apache-2.0
//
// decode_manifest.c - read what the decoder needs of a manifest.json.

#include "decode_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json_tree.h"

// `key` is a member of the field, such as a type; NULL for the field itself.
static sj_status refuse_member(sj_error *error,
                               size_t at,
                               const char *field,
                               const char *key,
                               const char *what) {
  if (error == NULL) return SJ_MODEL;
  *error = (sj_error){.status = SJ_MODEL, .what = what, .at = at};
  (void)snprintf(error->where, sizeof(error->where), "manifest: %s%s%.64s",
                 field, key == NULL ? "" : ".", key == NULL ? "" : key);
  return SJ_MODEL;
}

static sj_status
refuse(sj_error *error, size_t at, const char *field, const char *what) {
  return refuse_member(error, at, field, NULL, what);
}

static bool place_of(char letter, sj_place *out) {
  static const char letters[] = "BIESLU"; // BILOU says L and U for E and S
  static const sj_place places[] = {SJ_PLACE_BEGIN, SJ_PLACE_INSIDE,
                                    SJ_PLACE_END,   SJ_PLACE_SINGLE,
                                    SJ_PLACE_END,   SJ_PLACE_SINGLE};
  const char *hit = letter == '\0' ? NULL : strchr(letters, letter);
  if (hit == NULL) return false;
  *out = places[hit - letters];
  return true;
}

// "labels": {"PATIENT": {"label": "NAME", "role": "patient"}, "TOWN": "CITY"};
// a type that is not there is the name of a label itself.
static bool meaning(const sj_json_node *labels, const char *type, sj_tag *tag) {
  const sj_json_node *at = sj_json_tree_get(labels, type);
  const sj_json_node *role = sj_json_tree_get(at, "role");
  const sj_json_node *name = at != NULL && at->kind == SJ_JSON_OBJECT
                                 ? sj_json_tree_get(at, "label")
                                 : at;
  if (at != NULL && (name == NULL || name->kind != SJ_JSON_STRING))
    return false;
  const char *text = name == NULL ? type : name->text;
  const int label = sj_label_from_name(text, strlen(text));
  const int known = role == NULL || role->kind != SJ_JSON_STRING
                        ? 0
                        : sj_role_from_name(role->text, role->len);
  if (label < 0 || known < 0) return false;
  tag->label = (uint16_t)label;
  tag->role = (uint8_t)known;
  return true;
}

static void link_tags(sj_decoder *d) {
  for (size_t i = 0; i < d->tag_count; i++) {
    sj_tag *tag = &d->tags[i];
    tag->begin = SJ_TAGS_MOST;
    tag->inside = SJ_TAGS_MOST;
    for (size_t k = 0; k < d->tag_count; k++) {
      const sj_tag *other = &d->tags[k];
      if (other->type != tag->type) continue;
      if (other->place == SJ_PLACE_BEGIN) tag->begin = (uint8_t)k;
      if (other->place == SJ_PLACE_INSIDE) tag->inside = (uint8_t)k;
    }
    if (tag->place == SJ_PLACE_END) d->has_ends = true;
  }
}

static sj_status read_tag(sj_decoder *d,
                          const sj_json_node *at,
                          const sj_json_node *labels,
                          const sj_json_node *first,
                          sj_error *error) {
  sj_tag *tag = &d->tags[d->tag_count];
  if (at->kind != SJ_JSON_STRING || d->tag_count == SJ_TAGS_MOST)
    return refuse(error, at->at, "tags",
                  "a tag is no string, or there are too many");
  if (strcmp(at->text, "O") == 0) {
    if (d->outside != SJ_TAGS_MOST)
      return refuse(error, at->at, "tags", "the tag O stands there twice");
    d->outside = d->tag_count++;
    return SJ_OK;
  }
  if (at->len < 3 || at->text[1] != '-' || !place_of(at->text[0], &tag->place))
    return refuse_member(error, at->at, "tags", at->text,
                         "a tag that means nothing here");
  if (!meaning(labels, at->text + 2, tag))
    return refuse_member(error, at->at, "labels", at->text + 2,
                         "a type without a label that this version knows");
  tag->type = 0; // that of O, and of nobody yet
  size_t number = 0;
  for (const sj_json_node *old = first; old != at; old = old->next, number++)
    if (old->len > 2 && strcmp(old->text + 2, at->text + 2) == 0) {
      tag->type = d->tags[number].type;
      break;
    }
  if (tag->type == 0) tag->type = (uint8_t)++d->type_count;
  d->tag_count++;
  return SJ_OK;
}

// "bias": {"PATIENT": 0.4}, by type: above 0, more of it is claimed.
// Whether any tag is of the type.
static bool set_bias(sj_decoder *d,
                     const sj_json_node *tags,
                     const char *type,
                     float bias) {
  bool used = false;
  size_t number = 0;
  for (const sj_json_node *tag = tags; tag != NULL; tag = tag->next, number++) {
    if (tag->len < 3 || strcmp(tag->text + 2, type) != 0) continue;
    d->tags[number].bias = bias;
    used = true;
  }
  return used;
}

static sj_status read_biases(sj_decoder *d,
                             const sj_json_node *root,
                             const sj_json_node *tags,
                             sj_error *error) {
  const sj_json_node *biases = sj_json_tree_get(root, "bias");
  if (biases == NULL) return SJ_OK;
  if (biases->kind != SJ_JSON_OBJECT)
    return refuse(error, biases->at, "bias", "bias is no object");
  for (const sj_json_node *at = biases->child; at != NULL; at = at->next) {
    if (at->kind != SJ_JSON_NUMBER || at->number < -10 || at->number > 10)
      return refuse_member(error, at->at, "bias", at->key,
                           "a bias is out of range");
    if (!set_bias(d, tags, at->key, (float)at->number))
      return refuse_member(error, at->at, "bias", at->key,
                           "a bias of a type that no tag has");
  }
  return SJ_OK;
}

static sj_status
read_tags(sj_decoder *d, const sj_json_node *root, sj_error *error) {
  const sj_json_node *tags = sj_json_tree_get(root, "tags");
  const sj_json_node *labels = sj_json_tree_get(root, "labels");
  if (tags == NULL || tags->kind != SJ_JSON_ARRAY || tags->len == 0)
    return refuse(error, 0, "tags", "the manifest has no tags");
  d->outside = SJ_TAGS_MOST;
  for (const sj_json_node *at = tags->child; at != NULL; at = at->next) {
    const sj_status status = read_tag(d, at, labels, tags->child, error);
    if (status != SJ_OK) return status;
  }
  if (d->outside == SJ_TAGS_MOST)
    return refuse(error, tags->at, "tags", "the tag O is missing");
  link_tags(d);
  return read_biases(d, root, tags->child, error);
}

static bool read_count(const sj_json_node *root,
                       const char *key,
                       uint32_t least,
                       uint32_t *out) {
  const sj_json_node *at = sj_json_tree_get(root, key);
  if (at == NULL || at->kind != SJ_JSON_NUMBER || !at->is_integer ||
      at->integer < least || at->integer > 65536)
    return false;
  *out = (uint32_t)at->integer;
  return true;
}

// A share from `least` to 0.999; what is not there stays as it is.
static bool read_share(const sj_json_node *root,
                       const char *key,
                       double least,
                       float *out) {
  const sj_json_node *at = sj_json_tree_get(root, key);
  if (at == NULL) return true;
  if (at->kind != SJ_JSON_NUMBER || at->number < least || at->number > 0.999)
    return false;
  *out = (float)at->number;
  return true;
}

static sj_status
read_all(sj_decoder *d, const sj_json_node *root, sj_error *error) {
  uint32_t format = 0;
  if (!read_count(root, "format", 1, &format) || format != 1)
    return refuse(error, 0, "format",
                  "the manifest is of another format; this version reads 1");
  if (!read_count(root, "window", 16, &d->window) ||
      !read_count(root, "overlap", 0, &d->overlap) ||
      d->overlap > d->window / 2)
    return refuse(error, 0, "window, overlap",
                  "one is missing or out of range");
  d->threshold = 0.5F;
  if (!read_share(root, "threshold", 0.001, &d->threshold))
    return refuse(error, 0, "threshold", "the threshold is out of range");
  if (!read_share(root, "doubt", 0, &d->doubt))
    return refuse(error, 0, "doubt", "the doubt is out of range");
  return read_tags(d, root, error);
}

sj_status sj_decoder_new(const sj_file *manifest,
                         sj_names *names,
                         sj_allocator allocator,
                         sj_decoder **out,
                         sj_error *error) {
  *out = NULL;
  sj_decoder *d = sj_alloc(allocator, sizeof(*d));
  if (d == NULL) return SJ_NOMEM;
  d->allocator = allocator;
  sj_arena scratch;
  sj_arena_init(&scratch, allocator);
  const sj_json_node *root = NULL;
  sj_error inner = {0};
  sj_status status = sj_json_tree_parse(&scratch, manifest->data, manifest->len,
                                        &root, &inner);
  if (status != SJ_OK && status != SJ_NOMEM)
    status =
        refuse(error, inner.at, "JSON",
               inner.what == NULL ? "the manifest is no JSON" : inner.what);
  if (status == SJ_OK) status = read_all(d, root, error);
  if (status == SJ_OK) status = sj_names_intern(names, "model", 5, &d->source);
  sj_arena_release(&scratch);
  if (status == SJ_OK)
    *out = d;
  else
    sj_free(allocator, d);
  return status;
}

void sj_decoder_free(sj_decoder *d) {
  if (d == NULL) return;
  const sj_allocator allocator = d->allocator;
  sj_free(allocator, d);
}

size_t sj_decoder_tag_count(const sj_decoder *d) {
  return d == NULL ? 0 : d->tag_count;
}

uint32_t sj_decoder_window(const sj_decoder *d) {
  return d->window;
}

uint32_t sj_decoder_overlap(const sj_decoder *d) {
  return d->overlap;
}
