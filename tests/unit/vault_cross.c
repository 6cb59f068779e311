// SPDX-License-Identifier: Apache-2.0
//
// vault_cross.c - the C side of what page and command line must agree on, for
// tests/cli/test_vault.py and for records that cross from one to the other.
//
//   vault_cross seal                       lines {"kid","to","device","job",
//                                          "sub","text","map"} to records
//   vault_cross open LIST FINGERPRINT KEY  records to maps, one a line, or
//                                          {"refused":"..."}
//   vault_cross unwrap FILE                a JWE to its private key, by the
//                                          passphrase in FILE

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/cli/vault_record.h"
#include "../../tools/common/b64.h"
#include "../../tools/common/files.h"
#include "../../tools/common/json_write.h"
#include "../../tools/common/jwk.h"
#include "../../tools/common/jws.h"

enum { STEP = 1024, LIMIT = 1 << 20 };

static void must(bool holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "vault_cross: %s\n", what);
  exit(3);
}

static const sj_json_node *
parse(sj_arena *arena, const char *json, size_t len) {
  const sj_json_node *node = NULL;
  must(sj_json_tree_parse(arena, json, len, &node, NULL) == SJ_OK, "no JSON");
  return node;
}

static const char *word(const sj_json_node *node, const char *key) {
  const sj_json_node *at = sj_json_text(node, key);
  must(at != NULL, key);
  return at->text;
}

static void put_b64(sj_buffer *out, const void *data, size_t len) {
  must(sj_buffer_reserve(out, SJ_B64_ROOM(len)), "memory");
  sj_b64_encode(data, len, out->data + out->len);
  out->len += strlen(out->data + out->len);
}

static void ended(sj_buffer *text) {
  sj_buffer_add(text, "", 1);
  must(!text->failed, "memory");
  text->len--;
}

// The detached signature of a device.
static void sign(sj_buffer *out, EVP_PKEY *device, const sj_buffer *payload) {
  char kid[SJ_THUMBPRINT];
  uint8_t sig[64];
  sj_buffer header = {0};
  sj_buffer input = {0};
  must(sj_jwk_thumbprint(device, kid), "device");
  sj_buffer_put(&header, "{\"alg\":\"ES256\",\"kid\":\"");
  sj_buffer_put(&header, kid);
  sj_buffer_put(&header, "\"}");
  put_b64(&input, header.data, header.len);
  sj_buffer_put(&input, ".");
  put_b64(&input, payload->data, payload->len);
  must(sj_jws_sign(device, (sj_part){input.data, input.len}, sig), "sign");
  put_b64(out, header.data, header.len);
  sj_buffer_put(out, "..");
  put_b64(out, sig, sizeof sig);
  ended(out);
  sj_buffer_free(&header);
  sj_buffer_free(&input);
}

typedef struct secrets {
  uint8_t cek[32], share[32], salt[16];
} secrets;

static void seal_data(const sj_json_node *line,
                      const secrets *made,
                      const char *sth,
                      sj_buffer *out) {
  uint8_t key[32];
  char commit[44];
  sj_buffer header = {0};
  sj_buffer map = {0};
  must(sj_vault_hkdf(made->cek, made->share, "scrubjay commit v1", key),
       "hkdf");
  sj_b64_encode(key, sizeof key, commit);
  must(sj_vault_hkdf(made->cek, made->share, "scrubjay map v1", key), "hkdf");
  sj_buffer_put(&header, "{\"alg\":\"dir\",\"enc\":\"A256GCM\","
                         "\"typ\":\"scrubjay-map+jwe\",\"ctx\":{\"fmt\":1,");
  sj_put_pair(&header, "job", word(line, "job"));
  sj_put_pair(&header, "sth", sth);
  sj_put_pair(&header, "sub", word(line, "sub"));
  sj_put_end(&header, '}');
  sj_buffer_put(&header, ",");
  sj_put_pair(&header, "commit", commit);
  sj_put_end(&header, '}');
  ended(&header);
  sj_buffer_put(&map, word(line, "map"));
  while (map.len == 0 || map.len % STEP != 0)
    sj_buffer_put(&map, " ");
  must(sj_jwe_seal_direct((sj_bytes){map.data, map.len}, key, header.data,
                          out) == SJ_JWE_OK,
       "seal");
  ended(out);
  sj_buffer_free(&header);
  sj_buffer_free(&map);
}

static void seal(const sj_json_node *line) {
  secrets made;
  char sth[44];
  char dh[44];
  sj_buffer data = {0};
  sj_buffer wrap = {0};
  sj_buffer payload = {0};
  sj_buffer sig = {0};
  sj_buffer out = {0};
  char more[128];
  EVP_PKEY *to = sj_jwk_read(sj_json_tree_get(line, "to"));
  EVP_PKEY *device = sj_jwk_read_private(sj_json_tree_get(line, "device"));
  must(to && device, "keys");
  must(RAND_bytes((uint8_t *)&made, sizeof made) == 1, "random");
  const char *text = word(line, "text");
  must(sj_vault_digest((sj_bytes){made.salt, 16},
                       (sj_bytes){text, strlen(text)}, sth),
       "hash");
  seal_data(line, &made, sth, &data);
  must(sj_vault_digest((sj_bytes){data.data, data.len}, (sj_bytes){"", 0}, dh),
       "hash");
  snprintf(more, sizeof more, ",\"typ\":\"scrubjay-wrap+jwe\",\"dh\":\"%s\"",
           dh);
  must(sj_jwe_seal_key((sj_bytes){made.cek, 32}, to, word(line, "kid"), more,
                       &wrap) == SJ_JWE_OK,
       "wrap");
  ended(&wrap);
  sj_vault_put_signed(&payload, word(line, "job"), sth, word(line, "sub"), dh);
  sign(&sig, device, &payload);

  sj_buffer_put(&out, "{");
  sj_put_pair(&out, "job_id", word(line, "job"));
  sj_put_pair(&out, "scrubbed_text", text);
  sj_buffer_put(&out, "\"vault\":{\"fmt\":1,\"text_salt\":\"");
  put_b64(&out, made.salt, sizeof made.salt);
  sj_buffer_put(&out, "\",");
  sj_put_pair(&out, "data", data.data);
  sj_buffer_put(&out, "\"wraps\":[");
  sj_put_string(&out, wrap.data, wrap.len);
  sj_buffer_put(&out, "],");
  sj_put_pair(&out, "sig", sig.data);
  sj_put_end(&out, '}');
  sj_buffer_put(&out, ",\"share\":\"");
  put_b64(&out, made.share, sizeof made.share);
  sj_buffer_put(&out, "\"}\n");
  must(!out.failed && fwrite(out.data, 1, out.len, stdout) == out.len, "write");
  EVP_PKEY_free(to);
  EVP_PKEY_free(device);
  sj_buffer *all[] = {&data, &wrap, &payload, &sig, &out};
  for (size_t i = 0; i < 5; i++)
    sj_buffer_free(all[i]);
}

static void open_one(sj_arena *arena,
                     const keylist *list,
                     EVP_PKEY *key,
                     const char *line,
                     size_t len) {
  sj_vault_record record;
  sj_buffer map = {0};
  sj_refusal refusal = sj_vault_record_read(arena, line, len, &record);
  if (!refusal.what) refusal = sj_vault_record_check(arena, list, &record);
  if (!refusal.what) refusal = sj_vault_record_open(&record, key, &map);
  while (map.len > 0 && map.data[map.len - 1] == ' ')
    map.len--;
  if (refusal.what)
    printf("{\"refused\":\"%s\"}\n", refusal.what);
  else
    printf("%.*s\n", (int)map.len, map.data);
  sj_buffer_free(&map);
}

static void read_file(const char *name, sj_buffer *out) {
  must(sj_file_read(name, LIMIT, out) == 0, name);
  while (out->len > 0 && out->data[out->len - 1] == '\n')
    out->len--;
}

typedef struct opener {
  keylist *list;
  EVP_PKEY *key;
} opener;

static opener load(char **names) {
  opener with = {NULL, NULL};
  sj_buffer list = {0};
  sj_buffer key = {0};
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  read_file(names[0], &list);
  read_file(names[2], &key);
  must(keylist_verify(list.data, list.len, names[1], KEYLIST_EVER, &with.list,
                      NULL) == KEYLIST_OK,
       "the list does not verify");
  with.key = sj_jwk_read_private(parse(&arena, key.data, key.len));
  must(with.key != NULL, "the key");
  sj_arena_release(&arena);
  sj_buffer_free(&list);
  sj_buffer_free(&key);
  return with;
}

static int unwrap(const char *file) {
  sj_buffer jwe = {0};
  sj_buffer passphrase = {0};
  sj_buffer out = {0};
  read_file("-", &jwe);
  read_file(file, &passphrase);
  must(sj_jwe_open_passphrase((sj_bytes){jwe.data, jwe.len},
                              (sj_bytes){passphrase.data, passphrase.len},
                              &out) == SJ_JWE_OK,
       "does not open");
  printf("%.*s\n", (int)out.len, out.data);
  sj_buffer_free(&jwe);
  sj_buffer_free(&passphrase);
  sj_buffer_free(&out);
  return 0;
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  if (strcmp(what, "unwrap") == 0 && argc == 3) return unwrap(argv[2]);
  const bool opens = strcmp(what, "open") == 0 && argc == 5;
  must(opens || (strcmp(what, "seal") == 0 && argc == 2), "usage");
  const opener with = opens ? load(argv + 2) : (opener){NULL, NULL};
  char *line = NULL;
  size_t room = 0;
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  for (ssize_t len; (len = getline(&line, &room, stdin)) > 0;) {
    if (opens)
      open_one(&arena, with.list, with.key, line, (size_t)len);
    else
      seal(parse(&arena, line, (size_t)len));
    sj_arena_reset(&arena);
  }
  free(line);
  sj_arena_release(&arena);
  keylist_free(with.list);
  EVP_PKEY_free(with.key);
  return 0;
}
