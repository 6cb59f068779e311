// SPDX-License-Identifier: Apache-2.0
//
// known_read.c - the chart's JSON: a FHIR R4 Patient, or the plain form that a
// host writes by hand. core/README.md has the contract.
//
// What we read is read strictly: a wrong type is refused with its path. In the
// plain form so is a field that nobody knows, since a misspelt one would leave
// a name in clear. FHIR has many more fields than we look for; they are passed
// over there.

#include "known_parts.h"

#include <stdio.h>

#include "base/json_tree.h"

enum { PEOPLE_MOST = 256, VALUES_MOST = 4000 };

typedef struct reader {
  sj_chart *chart;
  sj_error *error;
  char path[160];
  size_t path_len;
  bool fhir; // of the object being read
  uint64_t person;
  sj_role role;
} reader;

typedef sj_status (*take)(reader *r, const sj_json_node *node);

typedef struct field {
  const char *key;
  take take; // NULL where the field is allowed and means nothing to us
} field;

static sj_status refuse(reader *r, const sj_json_node *node, const char *what) {
  if (r->error != NULL) {
    *r->error = (sj_error){.status = SJ_JSON, .what = what, .at = node->at};
    memcpy(r->error->where, r->path, sizeof(r->path));
  }
  return SJ_JSON;
}

static size_t enter_key(reader *r, const char *key) {
  const size_t old = r->path_len;
  const int more = snprintf(r->path + old, sizeof(r->path) - old, ".%s", key);
  r->path_len += (size_t)more;
  if (r->path_len >= sizeof(r->path)) r->path_len = sizeof(r->path) - 1;
  return old;
}

static size_t enter_item(reader *r, size_t index) {
  const size_t old = r->path_len;
  const int more =
      snprintf(r->path + old, sizeof(r->path) - old, "[%zu]", index);
  r->path_len += (size_t)more;
  if (r->path_len >= sizeof(r->path)) r->path_len = sizeof(r->path) - 1;
  return old;
}

static void leave(reader *r, size_t old) {
  r->path_len = old;
  r->path[old] = '\0';
}

// Values are compared with each other while they are gathered.
static bool is_full(const sj_chart *chart) {
  return chart->name_count > VALUES_MOST || chart->code_count > VALUES_MOST ||
         chart->place_count > VALUES_MOST || chart->date_count > VALUES_MOST;
}

// One value or a list of them; null is nothing.
static sj_status each(reader *r, const sj_json_node *node, take one) {
  if (node->kind == SJ_JSON_NULL) return SJ_OK;
  if (node->kind != SJ_JSON_ARRAY) return one(r, node);
  sj_status status = SJ_OK;
  size_t index = 0;
  for (const sj_json_node *item = node->child; item != NULL && status == SJ_OK;
       item = item->next) {
    const size_t old = enter_item(r, index++);
    if (item->kind != SJ_JSON_NULL) status = one(r, item);
    if (status == SJ_OK && is_full(r->chart))
      status = refuse(r, item, "a chart has at most 4000 values");
    leave(r, old);
  }
  return status;
}

static sj_status read_fields(reader *r,
                             const sj_json_node *node,
                             const field *fields,
                             size_t count) {
  sj_status status = SJ_OK;
  for (const sj_json_node *at = node->child; at != NULL && status == SJ_OK;
       at = at->next) {
    size_t i = 0;
    while (i < count && strcmp(fields[i].key, at->key) != 0)
      i++;
    if (i == count && r->fhir) continue;
    const size_t old = enter_key(r, at->key);
    if (i == count)
      status = refuse(r, at, "a chart has no such field");
    else if (fields[i].take != NULL)
      status = each(r, at, fields[i].take);
    leave(r, old);
  }
  return status;
}
#define READ_FIELDS(r, node, table)                                            \
  read_fields(r, node, table, sizeof(table) / sizeof(*(table)))

static sj_status want(reader *r, const sj_json_node *node, sj_json_kind kind) {
  if (node->kind == kind) return SJ_OK;
  return refuse(r, node,
                kind == SJ_JSON_STRING ? "a string is expected here"
                                       : "an object is expected here");
}

/// A string member, or NULL; a list gives its first.
static const sj_json_node *text_of(const sj_json_node *node, const char *key) {
  const sj_json_node *at = sj_json_tree_get(node, key);
  return at != NULL && at->kind == SJ_JSON_STRING ? at : NULL;
}

// ---------------------------------------------------------------------------
// Names

static sj_status name_part(reader *r, const sj_json_node *node, unsigned part) {
  const sj_status status = want(r, node, SJ_JSON_STRING);
  if (status != SJ_OK) return status;
  return sj_chart_name_words(r->chart, r->person, part, node->text, node->len);
}
static sj_status take_given(reader *r, const sj_json_node *node) {
  return name_part(r, node, SJ_PART_GIVEN);
}
static sj_status take_family(reader *r, const sj_json_node *node) {
  return name_part(r, node, SJ_PART_FAMILY);
}
static sj_status take_full_name(reader *r, const sj_json_node *node) {
  const sj_status status = want(r, node, SJ_JSON_STRING);
  if (status != SJ_OK) return status;
  return sj_chart_name(r->chart, r->person, node->text, node->len);
}
static sj_status take_ignored(reader *r, const sj_json_node *node) {
  return want(r, node, SJ_JSON_STRING);
}

static sj_status take_name(reader *r, const sj_json_node *node) {
  static const field fields[] = {{"given", take_given},
                                 {"family", take_family},
                                 {"text", take_full_name},
                                 {"nickname", take_given},
                                 {"prefix", take_ignored},
                                 {"suffix", take_ignored},
                                 {"use", take_ignored},
                                 {"period", NULL},
                                 {"id", NULL},
                                 {"extension", NULL}};
  if (node->kind == SJ_JSON_STRING) return take_full_name(r, node);
  if (node->kind != SJ_JSON_OBJECT)
    return refuse(r, node, "a name is a string or an object");
  return READ_FIELDS(r, node, fields);
}

// ---------------------------------------------------------------------------
// Dates

static bool all_digits(const char *text, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (text[i] < '0' || text[i] > '9') return false;
  return true;
}

static int number(const char *text, size_t len) {
  int value = 0;
  for (size_t i = 0; i < len; i++)
    value = value * 10 + (text[i] - '0');
  return value;
}

// YYYY, YYYY-MM, YYYY-MM-DD, and a time behind it.
static bool parse_date(const char *text, size_t len, sj_known_date *out) {
  const char *time = memchr(text, 'T', len);
  if (time != NULL) len = (size_t)(time - text);
  if (len != 4 && len != 7 && len != 10) return false;
  if (!all_digits(text, 4)) return false;
  out->year = number(text, 4);
  if (len >= 7) {
    if (text[4] != '-' || !all_digits(text + 5, 2)) return false;
    out->month = number(text + 5, 2);
    if (out->month < 1 || out->month > 12) return false;
  }
  if (len == 10) {
    if (text[7] != '-' || !all_digits(text + 8, 2)) return false;
    out->day = number(text + 8, 2);
    if (out->day < 1 || out->day > 31) return false;
  }
  return true;
}

static sj_status
take_date(reader *r, const sj_json_node *node, sj_known_source from) {
  const sj_status status = want(r, node, SJ_JSON_STRING);
  if (status != SJ_OK || node->len == 0) return status;
  sj_known_date date = {.from = from};
  if (!parse_date(node->text, node->len, &date))
    return refuse(r, node, "a date is written YYYY-MM-DD");
  if (date.month == 0) return SJ_OK; // a year alone identifies nobody
  return sj_chart_date(r->chart, date);
}
static sj_status take_birth(reader *r, const sj_json_node *node) {
  return take_date(r, node, SJ_FROM_BIRTH);
}
static sj_status take_death(reader *r, const sj_json_node *node) {
  if (node->kind == SJ_JSON_TRUE || node->kind == SJ_JSON_FALSE) return SJ_OK;
  return take_date(r, node, SJ_FROM_DEATH);
}

// ---------------------------------------------------------------------------
// Numbers

typedef struct number_kind {
  const char *word; // small, anywhere in the type's or the system's words
  sj_label label;
  const char *subtype;
} number_kind;

// FHIR's codes are those of HL7 table 0203 (MR, SS, NPI, DL, ...).
static const number_kind number_kinds[] = {
    {"ssn", SJ_LABEL_NATIONAL_ID, "us-ssn"},
    {"ss", SJ_LABEL_NATIONAL_ID, "us-ssn"},
    {"nir", SJ_LABEL_NATIONAL_ID, "fr-nir"},
    {"ins", SJ_LABEL_NATIONAL_ID, "fr-nir"},
    {"nh", SJ_LABEL_NATIONAL_ID, ""},
    {"ni", SJ_LABEL_NATIONAL_ID, ""},
    {"nnfra", SJ_LABEL_NATIONAL_ID, "fr-nir"},
    {"national", SJ_LABEL_NATIONAL_ID, ""},
    {"mr", SJ_LABEL_MRN, ""},
    {"mrn", SJ_LABEL_MRN, ""},
    {"ipp", SJ_LABEL_MRN, ""},
    {"nhs", SJ_LABEL_MRN, ""},
    {"pi", SJ_LABEL_MRN, ""},
    {"npi", SJ_LABEL_LICENSE, "npi"},
    {"rpps", SJ_LABEL_LICENSE, "rpps"},
    {"dl", SJ_LABEL_LICENSE, ""},
    {"license", SJ_LABEL_LICENSE, ""},
    {"licence", SJ_LABEL_LICENSE, ""},
    {"md", SJ_LABEL_LICENSE, ""},
    {"account", SJ_LABEL_ACCOUNT, ""},
    {"an", SJ_LABEL_ACCOUNT, ""},
    {"bank", SJ_LABEL_ACCOUNT, ""},
    {"insurance", SJ_LABEL_ACCOUNT, "health-plan"},
    {"member", SJ_LABEL_ACCOUNT, "health-plan"},
    {"subscriber", SJ_LABEL_ACCOUNT, "health-plan"},
    {"mb", SJ_LABEL_ACCOUNT, "health-plan"},
    {"mc", SJ_LABEL_ACCOUNT, "health-plan"},
    {"ma", SJ_LABEL_ACCOUNT, "health-plan"},
    {"sn", SJ_LABEL_ACCOUNT, "health-plan"},
    {"mutuelle", SJ_LABEL_ACCOUNT, "health-plan"},
    {"vehicle", SJ_LABEL_VEHICLE, ""},
    {"plate", SJ_LABEL_VEHICLE, ""},
    {"vin", SJ_LABEL_VEHICLE, ""},
    {"device", SJ_LABEL_DEVICE, ""},
    {"serial", SJ_LABEL_DEVICE, ""},
    {"username", SJ_LABEL_USERNAME, ""},
    {"login", SJ_LABEL_USERNAME, ""},
    {"id", SJ_LABEL_ID, ""},
    {"visit", SJ_LABEL_ID, ""},
    {"vn", SJ_LABEL_ID, ""},
    {"passport", SJ_LABEL_ID, ""},
    {"ppn", SJ_LABEL_ID, ""}};

// The kind that a word of the text names; NULL for none.
static const number_kind *kind_in(const sj_json_node *text) {
  if (text == NULL) return NULL;
  sj_piece word;
  uint32_t at = 0;
  while (sj_piece_next((const uint8_t *)text->text, (uint32_t)text->len, &at,
                       &word))
    for (size_t i = 0; i < sizeof number_kinds / sizeof *number_kinds; i++)
      if (sj_piece_is(&word, number_kinds[i].word)) return &number_kinds[i];
  return NULL;
}

static const number_kind *kind_of(const sj_json_node *node) {
  const sj_json_node *type = sj_json_tree_get(node, "type");
  if (type != NULL && type->kind == SJ_JSON_STRING) return kind_in(type);
  const number_kind *kind = NULL;
  const sj_json_node *codings = sj_json_tree_get(type, "coding");
  const sj_json_node *coding = codings != NULL ? codings->child : NULL;
  for (; coding != NULL && kind == NULL; coding = coding->next)
    kind = kind_in(text_of(coding, "code"));
  if (kind == NULL) kind = kind_in(text_of(type, "text"));
  if (kind == NULL) kind = kind_in(text_of(node, "system"));
  return kind;
}

static sj_status
add_number(reader *r, const sj_json_node *value, const number_kind *kind) {
  sj_known_code how = {
      .label = SJ_LABEL_ID, .from = SJ_FROM_NUMBER, .tail = true};
  if (kind != NULL) {
    how.label = (uint16_t)kind->label;
    how.subtype = sj_known_subtype(r->chart->lists, kind->subtype);
  } else if (r->role == SJ_ROLE_PATIENT) {
    how.label = SJ_LABEL_MRN;
  } else if (r->role == SJ_ROLE_PROVIDER) {
    how.label = SJ_LABEL_LICENSE;
  }
  sj_status status = sj_chart_code(r->chart, how, value->text, value->len);
  // Without the zeros in front.
  size_t zeros = 0;
  while (zeros < value->len && value->text[zeros] == '0')
    zeros++;
  if (status == SJ_OK && zeros > 0 && value->len - zeros >= 6)
    status =
        sj_chart_code(r->chart, how, value->text + zeros, value->len - zeros);
  return status;
}

static sj_status take_identifier(reader *r, const sj_json_node *node) {
  static const field fields[] = {
      {"value", take_ignored}, {"system", take_ignored}, {"use", take_ignored},
      {"type", NULL},          {"period", NULL},         {"assigner", NULL}};
  if (node->kind == SJ_JSON_STRING) return add_number(r, node, NULL);
  if (node->kind != SJ_JSON_OBJECT)
    return refuse(r, node, "a number is a string or an object");
  const sj_status status = READ_FIELDS(r, node, fields);
  const sj_json_node *value = text_of(node, "value");
  if (status != SJ_OK || value == NULL) return status;
  return add_number(r, value, kind_of(node));
}

// ---------------------------------------------------------------------------
// Telecom

static sj_status
add_contact(reader *r, const sj_json_node *value, const sj_json_node *system) {
  const char *kind = system != NULL ? system->text : "";
  const bool mail = memchr(value->text, '@', value->len) != NULL;
  if (strcmp(kind, "email") == 0 || (*kind == '\0' && mail)) {
    const sj_known_code how = {.label = SJ_LABEL_EMAIL, .from = SJ_FROM_EMAIL};
    return sj_chart_code(r->chart, how, value->text, value->len);
  }
  if (strcmp(kind, "url") == 0 || strstr(value->text, "://") != NULL) {
    const sj_known_code how = {.label = SJ_LABEL_URL, .from = SJ_FROM_URL};
    return sj_chart_code(r->chart, how, value->text, value->len);
  }
  const bool fax = strcmp(kind, "fax") == 0;
  return sj_chart_phone(r->chart, fax ? SJ_LABEL_FAX : SJ_LABEL_PHONE,
                        value->text, value->len);
}

static sj_status take_telecom(reader *r, const sj_json_node *node) {
  static const field fields[] = {{"value", take_ignored},
                                 {"system", take_ignored},
                                 {"use", take_ignored},
                                 {"rank", NULL},
                                 {"period", NULL}};
  if (node->kind == SJ_JSON_STRING) return add_contact(r, node, NULL);
  if (node->kind != SJ_JSON_OBJECT)
    return refuse(r, node, "a string or an object is expected here");
  const sj_status status = READ_FIELDS(r, node, fields);
  const sj_json_node *value = text_of(node, "value");
  if (status != SJ_OK || value == NULL) return status;
  return add_contact(r, value, text_of(node, "system"));
}

// ---------------------------------------------------------------------------
// Addresses

static sj_status take_line(reader *r, const sj_json_node *node) {
  const sj_status status = want(r, node, SJ_JSON_STRING);
  if (status != SJ_OK) return status;
  return sj_chart_place(r->chart, SJ_LABEL_ADDRESS, SJ_FROM_ADDRESS, node->text,
                        node->len);
}
static sj_status take_city(reader *r, const sj_json_node *node) {
  const sj_status status = want(r, node, SJ_JSON_STRING);
  if (status != SJ_OK) return status;
  return sj_chart_place(r->chart, SJ_LABEL_CITY, SJ_FROM_CITY, node->text,
                        node->len);
}
static sj_status take_postal(reader *r, const sj_json_node *node) {
  sj_status status = want(r, node, SJ_JSON_STRING);
  if (status != SJ_OK) return status;
  const sj_known_code how = {.label = SJ_LABEL_ZIP, .from = SJ_FROM_POSTAL};
  status = sj_chart_code(r->chart, how, node->text, node->len);
  const char *dash = memchr(node->text, '-', node->len);
  if (status == SJ_OK && dash != NULL && dash - node->text == 5)
    status = sj_chart_code(r->chart, how, node->text, 5);
  return status;
}
static sj_status take_address_text(reader *r, const sj_json_node *node) {
  const sj_status status = want(r, node, SJ_JSON_STRING);
  if (status != SJ_OK) return status;
  return sj_chart_address(r->chart, node->text, node->len);
}

static sj_status take_address(reader *r, const sj_json_node *node) {
  static const field fields[] = {
      {"line", take_line},         {"city", take_city},
      {"district", take_city},     {"postalCode", take_postal},
      {"state", take_ignored},     {"country", take_ignored},
      {"use", take_ignored},       {"type", take_ignored},
      {"text", take_address_text}, {"period", NULL}};
  if (node->kind == SJ_JSON_STRING) return take_address_text(r, node);
  if (node->kind != SJ_JSON_OBJECT)
    return refuse(r, node, "an address is a string or an object");
  return READ_FIELDS(r, node, fields);
}

static sj_status take_organization(reader *r, const sj_json_node *node) {
  if (node->kind == SJ_JSON_OBJECT) { // a reference
    node = text_of(node, "display");
    if (node == NULL) return SJ_OK;
  }
  const sj_status status = want(r, node, SJ_JSON_STRING);
  if (status != SJ_OK) return status;
  return sj_chart_place(r->chart, SJ_LABEL_ORGANIZATION, SJ_FROM_ORGANIZATION,
                        node->text, node->len);
}

// ---------------------------------------------------------------------------
// People

static sj_status take_person(reader *r, const sj_json_node *node, sj_role role);

static sj_status take_relative(reader *r, const sj_json_node *node) {
  return take_person(r, node, SJ_ROLE_OTHER);
}

// A clinician by name, by fields, or by a reference with `display`.
static sj_status take_clinician(reader *r, const sj_json_node *node) {
  const sj_json_node *display = text_of(node, "display");
  if (display == NULL) return take_person(r, node, SJ_ROLE_PROVIDER);
  const sj_json_node *type = text_of(node, "type");
  const sj_json_node *reference = text_of(node, "reference");
  if ((type != NULL && strcmp(type->text, "Organization") == 0) ||
      (reference != NULL && strncmp(reference->text, "Organization/", 13) == 0))
    return take_organization(r, display);
  return take_person(r, display, SJ_ROLE_PROVIDER);
}

static const field person_fields[] = {
    {"resourceType", take_ignored},
    {"name", take_name},
    {"nickname", take_given},
    {"given", take_given},
    {"family", take_family},
    {"additionalName", take_name},
    {"birthDate", take_birth},
    {"deceasedDateTime", take_death},
    {"identifier", take_identifier},
    {"telecom", take_telecom},
    {"phone", take_telecom},
    {"email", take_telecom},
    {"address", take_address},
    {"additionalAddress", take_address},
    {"organization", take_organization},
    {"managingOrganization", take_organization},
    {"contact", take_relative},
    {"generalPractitioner", take_clinician},
    {"relationship", NULL},
    {"gender", NULL}};

static sj_status
take_person(reader *r, const sj_json_node *node, sj_role role) {
  if (node->kind != SJ_JSON_STRING && node->kind != SJ_JSON_OBJECT)
    return refuse(r, node, "a person is a name or an object");
  if (r->chart->person_count >= PEOPLE_MOST)
    return refuse(r, node, "a chart has at most 256 people");
  const reader outer = *r;
  r->person = sj_chart_person(r->chart, role);
  r->role = role;
  r->fhir = r->fhir || sj_json_tree_get(node, "resourceType") != NULL;
  const sj_status status = node->kind == SJ_JSON_STRING
                               ? take_full_name(r, node)
                               : READ_FIELDS(r, node, person_fields);
  r->person = outer.person;
  r->role = outer.role;
  r->fhir = outer.fhir;
  return status;
}

static sj_status take_patient(reader *r, const sj_json_node *node) {
  return take_person(r, node, SJ_ROLE_PATIENT);
}

static sj_status read_root(reader *r, const sj_json_node *root) {
  static const field fields[] = {{"patient", take_patient},
                                 {"relatives", take_relative},
                                 {"clinicians", take_clinician}};
  if (root->kind != SJ_JSON_OBJECT)
    return refuse(r, root, "an object is expected here");
  const sj_json_node *type = sj_json_tree_get(root, "resourceType");
  if (type == NULL) return READ_FIELDS(r, root, fields);
  const size_t old = enter_key(r, "resourceType");
  if (type->kind != SJ_JSON_STRING || strcmp(type->text, "Patient") != 0)
    return refuse(r, type, "the resource is not a Patient");
  leave(r, old);
  return take_patient(r, root);
}

sj_status sj_chart_read(sj_chart *chart, const sj_file *file, sj_error *error) {
  const sj_json_node *root = NULL;
  sj_status status =
      sj_json_tree_parse(chart->arena, file->data, file->len, &root, error);
  if (status == SJ_UTF8) status = SJ_JSON; // SJ_UTF8 speaks of the document
  if (status != SJ_OK) {
    if (error != NULL) error->status = status;
    return status;
  }
  reader r = {.chart = chart, .error = error, .path = "$", .path_len = 1};
  return read_root(&r, root);
}
