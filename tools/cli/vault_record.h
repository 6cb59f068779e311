// SPDX-License-Identifier: Apache-2.0
//
// vault_record.h - one released record: read, believed, opened. Nothing is
// given of a record that is not wholly right: list, signature, job, text, keys.
#ifndef SJ_CLI_VAULT_RECORD_H
#define SJ_CLI_VAULT_RECORD_H

#include "../common/keylist.h"
#include "base/json_tree.h"
#include "vault_jwe.h"

/// Borrowed from the arena of sj_vault_record_read().
typedef struct sj_vault_record {
  const sj_json_node *job, *text;                ///< of the release
  const sj_json_node *salt, *data, *sig, *wraps; ///< of its "vault"
  const sj_json_node *ctx, *commit;              ///< of the data's header
  const keylist_vault *key;                      ///< that the wrap is for
  const sj_json_node *wrap;
  uint8_t share[32]; ///< wipe it
} sj_vault_record;

/// Why a record is not opened: a constant, NULL where it is. `where` is a
/// constant too, or NULL.
typedef struct sj_refusal {
  const char *what, *where;
} sj_refusal;

/// {"job_id","scrubbed_text","vault":{"text_salt","data","wraps","sig"},
/// "share"}; other members are passed over.
sj_refusal sj_vault_record_read(sj_arena *arena,
                                const char *json,
                                size_t len,
                                sj_vault_record *out);

/// Job, text, submitter's signature, and a wrap to a key of the list.
sj_refusal sj_vault_record_check(sj_arena *arena,
                                 const keylist *list,
                                 sj_vault_record *record);

/// Open a record that was checked with the vault's private key: the map's JSON
/// behind `out`, which the caller wipes.
sj_refusal sj_vault_record_open(const sj_vault_record *record,
                                EVP_PKEY *secret,
                                sj_buffer *out);

/// HKDF-SHA-256 of a record's two secrets, as the page does it.
bool sj_vault_hkdf(const uint8_t cek[32],
                   const uint8_t share[32],
                   const char *info,
                   uint8_t out[32]);

/// What the submitter signs.
void sj_vault_put_signed(sj_buffer *out,
                         const char *job,
                         const char *sth,
                         const char *sub,
                         const char *dh);

/// base64url(SHA-256(a || b)).
bool sj_vault_digest(sj_bytes a, sj_bytes b, char out[44]);

#endif // SJ_CLI_VAULT_RECORD_H
