// SPDX-License-Identifier: Apache-2.0
//
// vault_folder.h - the folder of a vault:
//
//   root.fingerprint   what pages and servers pin; public
//   root.key           Ed25519, sealed to the root passphrase
//   recovery.key       P-256, sealed to the recovery passphrase
//   vault-NAME-V.key   a vault's key, sealed to the recovery key
//   list.json          the list that will be signed next; its serial is the one
//                      to come
//   keylist-N.jws      the lists that were signed
//   member-*.jsonl, rotate-*.jsonl   for the server: {"sub","slot","jwe"} a
//   line
//
// Keys are written once, for their owner alone, and never again.
#ifndef SJ_CLI_VAULT_FOLDER_H
#define SJ_CLI_VAULT_FOLDER_H

#include "../common/keylist.h"
#include "vault.h"
#include "vault_jwe.h"

enum { SJ_VAULT_NEW = 8 };

typedef struct sj_vault {
  const char *folder;
  keylist *list;
  char *made[SJ_VAULT_NEW]; ///< files of this run, to be undone if it fails
  size_t made_count;
} sj_vault;

/// Read the folder's list.json. The caller calls sj_vault_close() in any case.
sj_exit sj_vault_load(sj_vault *vault, const char *folder);

/// Replace list.json by the list as it is now.
sj_exit sj_vault_save(sj_vault *vault);

/// The payload of a list, behind what `out` holds. False where memory is out.
bool sj_vault_put_list(sj_buffer *out, const keylist *list);

/// Free. Unless `keep`, the files that this run made are removed.
void sj_vault_close(sj_vault *vault, bool keep);

/// Write a new file of this folder; one that exists is an error.
sj_exit
sj_vault_write(sj_vault *vault, const char *name, const sj_buffer *data);

/// The file's content behind `out`; a trailing line end is dropped.
sj_exit sj_vault_read(const sj_vault *vault, const char *name, sj_buffer *out);

/// A private key as JSON, sealed: to a passphrase, or to the recovery key of
/// the list. `kid` names the key inside for the former.
sj_exit sj_vault_seal_passphrase(EVP_PKEY *key,
                                 const char *passphrase,
                                 const char *kid,
                                 sj_buffer *out);
sj_exit
sj_vault_seal_to(EVP_PKEY *key, EVP_PKEY *to, const char *kid, sj_buffer *out);

/// Open a private key of the folder that a passphrase seals, after asking for
/// it. `whose` is "root" or "recovery".
sj_exit sj_vault_ask_key(const sj_vault *vault,
                         const char *whose,
                         const char *fd,
                         EVP_PKEY **out);

/// Open a vault's key with the recovery key.
sj_exit sj_vault_key(const sj_vault *vault,
                     const keylist_vault *which,
                     EVP_PKEY *recovery,
                     EVP_PKEY **out);

/// One line for the server.
void sj_vault_put_line(sj_buffer *out,
                       const char *sub,
                       const char *slot,
                       const sj_buffer *jwe);

/// Say what was not possible with OpenSSL or memory.
sj_exit sj_vault_failed(void);

#endif // SJ_CLI_VAULT_FOLDER_H
