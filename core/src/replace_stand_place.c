// SPDX-License-Identifier: Apache-2.0
//
// replace_stand_place.c - stand-ins for streets, towns, rooms and
// organizations: what says the kind of place (Street, rue, Hospital, CHU, Room)
// stays, numbers become other numbers, and each run of other words becomes one
// name of the list.

#include <stdio.h>
#include <string.h>

#include "base/fold.h"
#include "base/utf8.h"
#include "replace_stand.h"

// Folded words that say what a place is. The joints between them are kept only
// beside them.
static const char kinds[] =
    " street st avenue ave road rd drive dr lane ln boulevard blvd court ct "
    "place pl square way circle terrace highway hwy route rte suite ste apt "
    "apartment unit floor fl box po p o bp cs cedex rue allee impasse quai "
    "chemin cours bis ter appartement batiment bat etage residence "
    "hospital clinic clinique hopital hopitaux chu chru chr ch centre center "
    "medical medicine health university universite universitaire hospitalier "
    "hospitaliere pharmacy pharmacie laboratory laboratoire lab labs group "
    "groupe cabinet maison ehpad institute institut school ecole college lycee "
    "church eglise insurance assurance mutuelle nursing home hospice "
    "foundation fondation regional general memorial community associates "
    "association department service services company inc llc ltd sa sarl "
    "room rm bed ward wing bay chambre lit aile secteur salle building tower "
    "county township north south east west nord sud est ouest n s e w ";
static const char joints[] = " of the de du des la le les d l and et at a au "
                             "aux en for sur sous ";

typedef struct word {
  size_t at, end;
  uint64_t hash;
  bool kind, joint, number;
} word;

static bool among(const char *list, const char *folded) {
  char padded[24];
  const size_t len = strlen(folded);
  if (len == 0 || len > 20) return false;
  snprintf(padded, sizeof padded, " %s ", folded);
  return strstr(list, padded) != NULL;
}

static bool is_word(uint32_t code) {
  return sj_utf8_is_alnum(code) || sj_utf8_kind_of(code) == SJ_UTF8_MARK;
}

static bool next_word(const uint8_t *bytes, size_t *at, size_t end, word *out) {
  size_t from = *at;
  for (size_t next = from; next < end; from = next)
    if (is_word(sj_utf8_next(bytes, &next))) break;
  if (from >= end) return false;
  size_t past = from;
  while (past < end) {
    size_t next = past;
    if (!is_word(sj_utf8_next(bytes, &next))) break;
    past = next;
  }
  *out = (word){.at = from, .end = past, .hash = SJ_FOLD_SEED};
  char folded[24];
  size_t len = 0;
  sj_fold fold = {.bytes = bytes, .at = from, .end = past};
  for (uint32_t c = sj_fold_next(&fold); c != 0; c = sj_fold_next(&fold)) {
    out->hash = sj_fold_hash(out->hash, c);
    out->number = out->number || (c >= '0' && c <= '9');
    if (len < sizeof folded) folded[len++] = (char)(c < 0x80 ? c : '?');
  }
  if (len < sizeof folded) {
    folded[len] = '\0';
    out->kind = among(kinds, folded);
    out->joint = among(joints, folded);
  }
  *at = past;
  return true;
}

static void put_number(sj_stand *stand, const word *one, sj_stand_text *out) {
  const uint8_t *bytes = stand->in->text->bytes;
  uint8_t drawn[32];
  sj_stand_draw(stand, "house", one->hash, 0, drawn);
  for (size_t i = one->at; i < one->end; i++) {
    char next = (char)bytes[i];
    const uint8_t byte = drawn[(i - one->at) % 32];
    if (next >= '0' && next <= '9') // no number begins with 0
      next = (char)(i == one->at ? '1' + byte % 9 : '0' + byte % 10);
    sj_stand_put(out, &next, 1);
  }
}

// The run of name words [at, end), which may begin with joints.
static bool put_name(sj_stand *stand,
                     const sj_place *place,
                     size_t at,
                     size_t end,
                     uint64_t hash,
                     sj_stand_text *out) {
  const uint8_t *bytes = stand->in->text->bytes;
  const bool street = place->label == SJ_LABEL_ADDRESS;
  const char *name =
      sj_stand_pick(stand, street ? SJ_POOL_STREET : SJ_POOL_TOWN, hash,
                    sj_stand_vowel(bytes, at, end));
  if (name == NULL) return false;
  const sj_stand_case how = sj_stand_case_of(bytes, at, end) == SJ_STAND_UPPER
                                ? SJ_STAND_UPPER
                                : SJ_STAND_AS_IS;
  sj_stand_put_word(out, name, how, false);
  return true;
}

// Where every word is of a kind (Memorial Hospital, Clinique du Centre): a name
// beside the word that leads, the last in English, the first in French.
static void
put_bare(sj_stand *stand, const sj_place *place, sj_stand_text *out) {
  const uint8_t *bytes = stand->in->text->bytes;
  size_t at = place->start;
  uint64_t hash = SJ_FOLD_SEED;
  size_t count = 0;
  word lead = {0};
  word one;
  for (; next_word(bytes, &at, place->end, &one); count++) {
    if (count == 0 || stand->lang == SJ_STAND_EN) lead = one;
    hash ^= one.hash + (hash << 6) + (hash >> 2);
  }
  const bool leads = count > 1;
  if (leads && stand->lang == SJ_STAND_FR) {
    sj_stand_put(out, bytes + lead.at, lead.end - lead.at);
    sj_stand_put(out, " ", 1);
  }
  if (!put_name(stand, place, place->start, place->end, hash, out)) {
    out->len = 0;
    return;
  }
  if (leads && stand->lang == SJ_STAND_EN) {
    sj_stand_put(out, " ", 1);
    sj_stand_put(out, bytes + lead.at, lead.end - lead.at);
  }
}

// A run of words that one name stands for.
typedef struct run {
  size_t at, end;
  uint64_t hash;
  bool open;
  bool named; ///< it holds more than joints
} run;

// Whether the word belongs to a run of names, and if so, take it in. A joint
// counts only where a name follows it; a French street's own joints are part of
// its name: rue [des Tilleuls].
static bool
take(const sj_stand *stand, const sj_place *place, const word *one, run *now) {
  const bool town = place->label == SJ_LABEL_CITY;
  const bool street =
      place->label == SJ_LABEL_ADDRESS && stand->lang == SJ_STAND_FR;
  const bool name = !one->number && (town || (!one->kind && !one->joint));
  const bool joint = one->joint && !town && (street || now->named);
  if (!name && !joint) return false;
  if (!now->open) *now = (run){.at = one->at, .hash = SJ_FOLD_SEED};
  now->open = true;
  if (!name) return true;
  now->named = true;
  now->end = one->end;
  now->hash ^= one->hash + (now->hash << 6) + (now->hash >> 2);
  return true;
}

// Write what stands before the run, and a name for it.
static bool put_run(sj_stand *stand,
                    const sj_place *place,
                    const run *now,
                    size_t *kept,
                    sj_stand_text *out) {
  sj_stand_put(out, stand->in->text->bytes + *kept, now->at - *kept);
  *kept = now->end;
  return put_name(stand, place, now->at, now->end, now->hash, out);
}

void sj_stand_where(sj_stand *stand,
                    const sj_place *place,
                    sj_stand_text *out) {
  const uint8_t *bytes = stand->in->text->bytes;
  size_t at = place->start;
  size_t kept = at;
  run now = {0};
  bool more = true;
  while (more) {
    word one = {0};
    more = next_word(bytes, &at, place->end, &one);
    if (more && take(stand, place, &one, &now)) continue;
    if (now.named && !put_run(stand, place, &now, &kept, out)) {
      out->len = 0;
      return;
    }
    now = (run){0};
    if (!one.number) continue;
    sj_stand_put(out, bytes + kept, one.at - kept);
    put_number(stand, &one, out);
    kept = one.end;
  }
  if (kept == place->start)
    put_bare(stand, place, out);
  else
    sj_stand_put(out, bytes + kept, place->end - kept);
}
