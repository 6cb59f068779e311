// SPDX-License-Identifier: Apache-2.0
//
// vault_member.c - enrol: a person's keys and place on the list.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/files.h"
#include "../common/jwk.h"
#include "../common/roles.h"
#include "vault_ask.h"
#include "vault_folder.h"

static const unsigned OPENERS = ROLE_REIDENTIFIER | ROLE_CUSTODIAN | ROLE_AGENT;

static sj_exit read_public(const char *file, EVP_PKEY **out) {
  sj_buffer text = {0};
  sj_arena arena;
  sj_arena_init(&arena, (sj_allocator){0});
  const sj_json_node *node = NULL;
  const int error = sj_file_read(file, 4096, &text);
  if (error != 0) {
    sj_say_file(file, error, 4096);
  } else if (sj_json_tree_parse(&arena, text.data, text.len, &node, NULL) ==
             SJ_OK) {
    *out = sj_jwk_read(node);
  }
  const bool good = *out && sj_jwk_kind_of(*out) == SJ_JWK_P256;
  if (error == 0 && !good)
    sj_say_at((sj_place){.file = file}, "no public JWK on P-256", NULL);
  sj_arena_release(&arena);
  sj_buffer_free(&text);
  return good ? SJ_EXIT_OK : SJ_EXIT_INPUT;
}

// One of the person's keys, sealed to the passphrase and to recovery.
static sj_exit make_own(const sj_vault *vault,
                        const char *sub,
                        const char *slot,
                        const char *passphrase,
                        EVP_PKEY **out,
                        sj_buffer *lines) {
  char kid[SJ_THUMBPRINT];
  char name[32];
  sj_buffer jwe = {0};
  *out = sj_jwk_generate(SJ_JWK_P256);
  if (!*out || !sj_jwk_thumbprint(*out, kid)) return sj_vault_failed();
  sj_exit exit = sj_vault_seal_passphrase(*out, passphrase, kid, &jwe);
  (void)snprintf(name, sizeof(name), "%s.passphrase", slot);
  sj_vault_put_line(lines, sub, name, &jwe);
  sj_buffer_clear(&jwe, 4096);
  if (exit == SJ_EXIT_OK)
    exit = sj_vault_seal_to(*out, vault->list->recovery,
                            vault->list->recovery_kid, &jwe);
  (void)snprintf(name, sizeof(name), "%s.recovery", slot);
  sj_vault_put_line(lines, sub, name, &jwe);
  sj_buffer_free(&jwe);
  return exit;
}

// Every key of the vault that still opens something, sealed to the person.
static sj_exit give_keys(const sj_vault *vault,
                         const char *sub,
                         EVP_PKEY *uk,
                         const char *fd,
                         sj_buffer *lines) {
  char kid[SJ_THUMBPRINT];
  EVP_PKEY *recovery = NULL;
  if (!sj_jwk_thumbprint(uk, kid)) return sj_vault_failed();
  sj_exit exit = sj_vault_ask_key(vault, "recovery", fd, &recovery);
  for (size_t i = 0; i < vault->list->vault_count && exit == SJ_EXIT_OK; i++) {
    const keylist_vault *key = &vault->list->vaults[i];
    EVP_PKEY *secret = NULL;
    sj_buffer jwe = {0};
    if (key->state == KEYLIST_RETIRED) continue;
    exit = sj_vault_key(vault, key, recovery, &secret);
    if (exit == SJ_EXIT_OK) exit = sj_vault_seal_to(secret, uk, kid, &jwe);
    if (exit == SJ_EXIT_OK) sj_vault_put_line(lines, sub, key->kid, &jwe);
    sj_buffer_free(&jwe);
    EVP_PKEY_free(secret);
  }
  EVP_PKEY_free(recovery);
  return exit;
}

static sj_exit make_keys(const sj_vault *vault,
                         const sj_vault_options *options,
                         keylist_member *member,
                         char passphrase[SJ_PASSPHRASE],
                         sj_buffer *lines) {
  EVP_PKEY *device = NULL;
  sj_exit exit = SJ_EXIT_OK;
  if (options->uk) {
    exit = read_public(options->uk, &member->uk);
    if (exit == SJ_EXIT_OK && options->device)
      exit = read_public(options->device, &device);
  } else {
    if (!sj_passphrase_make(passphrase)) return SJ_EXIT_INTERNAL;
    exit = make_own(vault, member->sub, "user", passphrase, &member->uk, lines);
    if (exit == SJ_EXIT_OK)
      exit = make_own(vault, member->sub, "device", passphrase, &device, lines);
  }
  if (device && exit == SJ_EXIT_OK) {
    member->device[member->devices++] = device;
    device = NULL;
  }
  EVP_PKEY_free(device);
  if (exit == SJ_EXIT_OK && (member->roles & OPENERS))
    exit = give_keys(vault, member->sub, member->uk, options->passphrase_fd,
                     lines);
  return exit;
}

static sj_exit write_lines(sj_vault *vault,
                           const keylist_member *member,
                           const sj_buffer *lines) {
  char file[64];
  char kid[SJ_THUMBPRINT];
  if (lines->len == 0) return SJ_EXIT_OK;
  if (!sj_jwk_thumbprint(member->uk, kid)) return sj_vault_failed();
  (void)snprintf(file, sizeof(file), "member-%lld-%.16s.jsonl",
                 (long long)vault->list->serial, kid);
  const sj_exit exit = sj_vault_write(vault, file, lines);
  if (exit == SJ_EXIT_OK)
    printf("%s/%s: for the server to keep\n", vault->folder, file);
  return exit;
}

static sj_exit
put_on(sj_vault *vault, const sj_vault_options *options, keylist_member *old) {
  char passphrase[SJ_PASSPHRASE] = "";
  char whose[160];
  sj_buffer lines = {0};
  keylist_member fresh = {.roles = options->roles};
  memcpy(fresh.sub, options->sub, strlen(options->sub) + 1);
  if (old) { // what their devices signed stays good
    // The oldest makes room for a new one.
    const size_t first = old->devices == KEYLIST_DEVICES ? 1 : 0;
    for (size_t i = first; i < old->devices; i++) {
      fresh.device[fresh.devices++] = old->device[i];
      (void)EVP_PKEY_up_ref(old->device[i]);
    }
  }
  sj_exit exit = make_keys(vault, options, &fresh, passphrase, &lines);
  if (exit == SJ_EXIT_OK) exit = write_lines(vault, &fresh, &lines);
  (void)snprintf(whose, sizeof(whose), "member %s", options->sub);
  if (exit == SJ_EXIT_OK && passphrase[0] &&
      !sj_passphrase_show(whose, passphrase, options->show_fd))
    exit = SJ_EXIT_INTERNAL;
  keylist_member *place =
      old ? old : &vault->list->members[vault->list->member_count];
  const keylist_member before = *place;
  *place = fresh;
  if (!old) vault->list->member_count++;
  if (exit == SJ_EXIT_OK) exit = sj_vault_save(vault);
  if (old) { // the list frees the new ones
    EVP_PKEY_free(before.uk);
    for (size_t i = 0; i < before.devices; i++)
      EVP_PKEY_free(before.device[i]);
  }
  sj_memory_wipe(passphrase, sizeof(passphrase));
  sj_buffer_free(&lines);
  return exit;
}

static sj_exit take_off(sj_vault *vault, keylist_member *member) {
  keylist *list = vault->list;
  EVP_PKEY_free(member->uk);
  for (size_t i = 0; i < member->devices; i++)
    EVP_PKEY_free(member->device[i]);
  const size_t after =
      list->member_count - (size_t)(member - list->members) - 1;
  memmove(member, member + 1, after * sizeof(*member));
  list->member_count--;
  return sj_vault_save(vault);
}

static sj_exit check(const sj_vault_options *options) {
  const char *wrong = NULL;
  const char *detail = NULL;
  if (!options->sub) {
    wrong = "enrol wants --sub SUB";
  } else if (!keylist_is_sub(options->sub, strlen(options->sub))) {
    wrong = "--sub wants 1 to 128 printable characters";
    detail = options->sub;
  } else if (options->remove && (options->roles || options->uk ||
                                 options->device || options->replace)) {
    wrong = "--remove goes with --sub alone";
  } else if (!options->remove && !options->roles) {
    wrong = "enrol wants --role ROLE";
  } else if (options->device && !options->uk) {
    wrong = "--device goes with --uk";
  }
  if (wrong) sj_say(wrong, detail);
  return wrong ? SJ_EXIT_USAGE : SJ_EXIT_OK;
}

sj_exit sj_vault_enrol(const sj_vault_options *options) {
  sj_exit exit = check(options);
  if (exit != SJ_EXIT_OK) return exit;
  sj_vault vault;
  exit = sj_vault_load(&vault, options->folder);
  keylist_member *old = NULL;
  for (size_t i = 0; exit == SJ_EXIT_OK && i < vault.list->member_count; i++)
    if (strcmp(vault.list->members[i].sub, options->sub) == 0)
      old = &vault.list->members[i];
  if (exit == SJ_EXIT_OK) {
    const char *wrong = NULL;
    if (old && !options->replace && !options->remove)
      wrong = "already on the list; --replace gives new keys and roles";
    if (!old && (options->replace || options->remove))
      wrong = "not on the list";
    if (!old && vault.list->member_count == KEYLIST_MEMBERS)
      wrong = "the list is full of members";
    if (wrong) {
      sj_say(wrong, options->sub);
      exit = SJ_EXIT_INPUT;
    } else {
      exit = options->remove ? take_off(&vault, old)
                             : put_on(&vault, options, old);
    }
  }
  if (exit == SJ_EXIT_OK)
    printf("%s/list.json: changed; scrubjay vault sign makes it count\n",
           vault.folder);
  sj_vault_close(&vault, exit == SJ_EXIT_OK);
  return exit;
}
