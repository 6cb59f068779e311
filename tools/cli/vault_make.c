// SPDX-License-Identifier: Apache-2.0
//
// vault_make.c - init and rotate. A command either does all of its work or
// leaves the folder as it was: new files first, list.json last.

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/jwk.h"
#include "../common/roles.h"
#include "vault_ask.h"
#include "vault_folder.h"

// A fresh key under a fresh passphrase, which is shown.
static sj_exit make_key(sj_vault *vault,
                        const char *whose,
                        sj_jwk_kind kind,
                        const char *fd,
                        EVP_PKEY **out) {
  char passphrase[SJ_PASSPHRASE];
  char kid[SJ_THUMBPRINT];
  char name[32];
  sj_buffer jwe = {0};
  *out = sj_jwk_generate(kind);
  if (!*out || !sj_jwk_thumbprint(*out, kid)) return sj_vault_failed();
  if (!sj_passphrase_make(passphrase)) return SJ_EXIT_INTERNAL;
  (void)snprintf(name, sizeof(name), "%s.key", whose);
  sj_exit exit = sj_vault_seal_passphrase(*out, passphrase, kid, &jwe);
  sj_buffer_put(&jwe, "\n");
  if (exit == SJ_EXIT_OK) exit = sj_vault_write(vault, name, &jwe);
  if (exit == SJ_EXIT_OK && !sj_passphrase_show(whose, passphrase, fd))
    exit = SJ_EXIT_INTERNAL;
  sj_memory_wipe(passphrase, sizeof(passphrase));
  sj_buffer_free(&jwe);
  return exit;
}

// The next version of a vault's key, active, in the spare place of the list,
// and sealed to the recovery key in a file.
static sj_exit
make_vault_key(sj_vault *vault, const char *name, unsigned version) {
  keylist *list = vault->list;
  keylist_vault *fresh = &list->vaults[list->vault_count];
  char file[KEYLIST_KID + 16];
  *fresh = (keylist_vault){.state = KEYLIST_ACTIVE};
  (void)snprintf(fresh->kid, sizeof(fresh->kid), "vault:%.40s:%u", name,
                 version);
  if (!keylist_is_vault_kid(fresh->kid, strlen(fresh->kid))) {
    sj_say("a vault's name has 1 to 32 of a-z, 0-9 and hyphens", name);
    return SJ_EXIT_USAGE;
  }
  fresh->key = sj_jwk_generate(SJ_JWK_P256);
  if (!fresh->key) return sj_vault_failed();
  list->vault_count++;
  sj_buffer jwe = {0};
  sj_exit exit =
      sj_vault_seal_to(fresh->key, list->recovery, list->recovery_kid, &jwe);
  sj_buffer_put(&jwe, "\n");
  (void)snprintf(file, sizeof(file), "vault-%s-%u.key", name, version);
  if (exit == SJ_EXIT_OK) exit = sj_vault_write(vault, file, &jwe);
  sj_buffer_free(&jwe);
  return exit;
}

static sj_exit init_keys(sj_vault *vault, const sj_vault_options *options) {
  char print[SJ_THUMBPRINT];
  sj_buffer text = {0};
  EVP_PKEY *root = NULL;
  keylist *list = vault->list;
  sj_exit exit =
      make_key(vault, "root", SJ_JWK_ED25519, options->show_fd, &root);
  if (exit == SJ_EXIT_OK)
    exit = make_key(vault, "recovery", SJ_JWK_P256, options->show_fd,
                    &list->recovery);
  if (exit == SJ_EXIT_OK) {
    if (!sj_jwk_thumbprint(list->recovery, print)) exit = sj_vault_failed();
    (void)snprintf(list->recovery_kid, sizeof(list->recovery_kid),
                   "recovery:%s", print);
  }
  if (exit == SJ_EXIT_OK)
    exit = make_vault_key(vault, options->vault ? options->vault : "main", 1);
  if (exit == SJ_EXIT_OK && !sj_jwk_fingerprint(root, print))
    exit = sj_vault_failed();
  if (exit == SJ_EXIT_OK) {
    sj_buffer_put(&text, "root:");
    sj_buffer_put(&text, print);
    sj_buffer_put(&text, "\n");
    exit = sj_vault_write(vault, "root.fingerprint", &text);
  }
  if (exit == SJ_EXIT_OK) exit = sj_vault_save(vault);
  if (exit == SJ_EXIT_OK)
    printf("%s: made; its fingerprint, for pages and servers, is\nroot:%s\n",
           vault->folder, print);
  EVP_PKEY_free(root);
  sj_buffer_free(&text);
  return exit;
}

sj_exit sj_vault_init(const sj_vault_options *options) {
  if (mkdir(options->folder, 0700) != 0) {
    const int error = errno;
    sj_say_file(options->folder, error, 0);
    return error == EEXIST || error == ENOENT ? SJ_EXIT_INPUT
                                              : SJ_EXIT_INTERNAL;
  }
  sj_vault vault = {.folder = options->folder};
  vault.list = calloc(1, sizeof(*vault.list));
  sj_exit exit = SJ_EXIT_OK;
  if (vault.list) {
    *vault.list = (keylist){.serial = 1, .issued = 0, .not_after = 1};
    vault.list->vaults = calloc(1, sizeof(*vault.list->vaults));
    vault.list->members = calloc(1, sizeof(*vault.list->members));
  }
  exit = vault.list && vault.list->vaults && vault.list->members
             ? init_keys(&vault, options)
             : sj_vault_failed();
  sj_vault_close(&vault, exit == SJ_EXIT_OK);
  if (exit != SJ_EXIT_OK) (void)rmdir(options->folder);
  return exit;
}

// ---- rotate ----

static unsigned version_of(const keylist_vault *key, const char *name) {
  const size_t len = strlen(name);
  if (strncmp(key->kid + 6, name, len) != 0 || key->kid[6 + len] != ':')
    return 0;
  return (unsigned)strtoul(key->kid + 7 + len, NULL, 10);
}

// The new key, for all who may open records.
static sj_exit hand_out(sj_vault *vault, const keylist_vault *key) {
  sj_buffer lines = {0};
  char file[KEYLIST_KID + 16];
  char kid[SJ_THUMBPRINT];
  size_t count = 0;
  sj_exit exit = SJ_EXIT_OK;
  for (size_t i = 0; i < vault->list->member_count && exit == SJ_EXIT_OK; i++) {
    const keylist_member *member = &vault->list->members[i];
    sj_buffer jwe = {0};
    if (!member->uk ||
        !(member->roles & (ROLE_REIDENTIFIER | ROLE_CUSTODIAN | ROLE_AGENT)))
      continue;
    exit = sj_jwk_thumbprint(member->uk, kid)
               ? sj_vault_seal_to(key->key, member->uk, kid, &jwe)
               : sj_vault_failed();
    sj_vault_put_line(&lines, member->sub, key->kid, &jwe);
    sj_buffer_free(&jwe);
    count++;
  }
  (void)snprintf(file, sizeof(file), "rotate-%s.jsonl", key->kid + 6);
  *strchr(file, ':') = '-';
  if (exit == SJ_EXIT_OK && count > 0)
    exit = sj_vault_write(vault, file, &lines);
  if (exit == SJ_EXIT_OK && count > 0)
    printf("%s/%s: for the server to keep\n", vault->folder, file);
  sj_buffer_free(&lines);
  return exit;
}

static sj_exit next_key(sj_vault *vault, const char *name) {
  keylist *list = vault->list;
  unsigned newest = 0;
  for (size_t i = 0; i < list->vault_count; i++) {
    const unsigned version = version_of(&list->vaults[i], name);
    if (version == 0) continue;
    if (version > newest) newest = version;
    if (list->vaults[i].state == KEYLIST_ACTIVE)
      list->vaults[i].state = KEYLIST_ACCEPT;
  }
  if (newest == 0) {
    sj_say("the list has no vault of this name", name);
    return SJ_EXIT_INPUT;
  }
  if (list->vault_count == KEYLIST_VAULTS) {
    sj_say("the list is full of vault keys", NULL);
    return SJ_EXIT_INPUT;
  }
  sj_exit exit = make_vault_key(vault, name, newest + 1);
  if (exit == SJ_EXIT_OK)
    exit = hand_out(vault, &list->vaults[list->vault_count - 1]);
  return exit;
}

static sj_exit retire(sj_vault *vault, const char *kid) {
  for (size_t i = 0; i < vault->list->vault_count; i++) {
    keylist_vault *key = &vault->list->vaults[i];
    if (strcmp(key->kid, kid) != 0) continue;
    if (key->state == KEYLIST_ACTIVE) {
      sj_say("this key is in use: rotate first, then retire it", kid);
      return SJ_EXIT_INPUT;
    }
    key->state = KEYLIST_RETIRED;
    return SJ_EXIT_OK;
  }
  sj_say("the list has no such key", kid);
  return SJ_EXIT_INPUT;
}

sj_exit sj_vault_rotate(const sj_vault_options *options) {
  if (options->vault && options->retire) {
    sj_say("--vault and --retire do not go together", NULL);
    return SJ_EXIT_USAGE;
  }
  sj_vault vault;
  sj_exit exit = sj_vault_load(&vault, options->folder);
  if (exit == SJ_EXIT_OK)
    exit = options->retire
               ? retire(&vault, options->retire)
               : next_key(&vault, options->vault ? options->vault : "main");
  if (exit == SJ_EXIT_OK) exit = sj_vault_save(&vault);
  if (exit == SJ_EXIT_OK)
    printf("%s/list.json: changed; scrubjay vault sign makes it count\n",
           vault.folder);
  sj_vault_close(&vault, exit == SJ_EXIT_OK);
  return exit;
}
