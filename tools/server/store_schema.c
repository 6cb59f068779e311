// SPDX-License-Identifier: Apache-2.0
//
// store_schema.c - the tables, as numbered steps. A step that was released is
// never edited: a change is a new step. The statements stay in the subset that
// PostgreSQL and what speaks its protocol take, but for STRICT and the types
// TEXT (uuid there) and BLOB (bytea).

#include "audit.h"
#include "store_sqlite.h"

// A job's row outlives its content: text, salt and digest are NULL once it is
// shredded. `entities` holds types and counts, never what was found.
static const char JOBS[] =
    "CREATE TABLE procedure_data("
    "id TEXT NOT NULL PRIMARY KEY, document_type TEXT NOT NULL,"
    "specialty TEXT NOT NULL, policy TEXT NOT NULL, lang TEXT NOT NULL,"
    "scrubbed_text TEXT, text_salt BLOB, text_digest BLOB,"
    "entities TEXT NOT NULL, attestation TEXT NOT NULL,"
    "ruleset TEXT NOT NULL, model TEXT NOT NULL, engine TEXT NOT NULL,"
    "status TEXT NOT NULL CHECK(status IN('queued','phi_confirmed',"
    "'processing','complete','failed','dead','shredded')),"
    "vault TEXT NOT NULL CHECK(vault IN('none','sealed','shredded')),"
    "submitted_by TEXT NOT NULL, created_ms INTEGER NOT NULL,"
    "updated_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL) STRICT;"
    "CREATE INDEX procedure_expiry ON procedure_data(expires_ms);"
    "CREATE TABLE job("
    "id TEXT NOT NULL PRIMARY KEY, run_ms INTEGER NOT NULL,"
    "lease_ms INTEGER NOT NULL DEFAULT 0, attempt INTEGER NOT NULL DEFAULT 0)"
    " STRICT;"
    "CREATE INDEX job_run ON job(run_ms);"
    "CREATE TABLE coding_result("
    "id TEXT NOT NULL PRIMARY KEY, result TEXT NOT NULL, flags TEXT NOT NULL,"
    "model TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;"
    "CREATE TABLE idempotency("
    "sub TEXT NOT NULL, key TEXT NOT NULL, req_digest BLOB NOT NULL,"
    "answer TEXT, stream INTEGER NOT NULL, seq INTEGER NOT NULL,"
    "row_hash BLOB NOT NULL, expires_ms INTEGER NOT NULL,"
    "PRIMARY KEY(sub,key)) STRICT;"
    "CREATE INDEX idempotency_expiry ON idempotency(expires_ms);";

// data_hash and wrap_hash are of ciphertext. prev_wrap stays until the new
// wrap was opened once.
static const char VAULT[] =
    "CREATE TABLE vault_record("
    "id TEXT NOT NULL PRIMARY KEY, fmt INTEGER NOT NULL, data TEXT NOT NULL,"
    "data_hash BLOB NOT NULL, kid TEXT NOT NULL, wrap TEXT NOT NULL,"
    "wrap_hash BLOB NOT NULL, prev_wrap TEXT, sig TEXT NOT NULL,"
    "expires_ms INTEGER NOT NULL) STRICT;"
    "CREATE INDEX vault_expiry ON vault_record(expires_ms);"
    "CREATE INDEX vault_kid ON vault_record(kid);"
    "CREATE TABLE vault_share("
    "id TEXT NOT NULL PRIMARY KEY, epoch INTEGER NOT NULL,"
    "sealed BLOB NOT NULL) STRICT;"
    "CREATE TABLE keylist("
    "serial INTEGER NOT NULL PRIMARY KEY, jws TEXT NOT NULL) STRICT;"
    "CREATE TABLE key_wrap("
    "sub TEXT NOT NULL, slot TEXT NOT NULL, jwe TEXT NOT NULL,"
    "PRIMARY KEY(sub,slot)) STRICT;"
    "CREATE TABLE member("
    "sub TEXT NOT NULL PRIMARY KEY, roles INTEGER NOT NULL,"
    "active INTEGER NOT NULL) STRICT;";

static const char FEEDBACK[] =
    "CREATE TABLE feedback("
    "id TEXT NOT NULL PRIMARY KEY, job_id TEXT NOT NULL, items TEXT NOT NULL,"
    "confirmed INTEGER NOT NULL, fp INTEGER NOT NULL, fn INTEGER NOT NULL,"
    "created_ms INTEGER NOT NULL) STRICT;"
    "CREATE INDEX feedback_job ON feedback(job_id);"
    "CREATE INDEX feedback_time ON feedback(created_ms);"
    "CREATE TABLE feedback_tally("
    "id TEXT NOT NULL, type TEXT NOT NULL, rule TEXT NOT NULL,"
    "confirmed INTEGER NOT NULL, fp INTEGER NOT NULL, fn INTEGER NOT NULL,"
    "PRIMARY KEY(id,type,rule)) STRICT;";

static const char *const FIRST[] = {JOBS, VAULT, FEEDBACK, AUDIT_SCHEMA, NULL};

const char *const *const STORE_MIGRATIONS[] = {FIRST, NULL};
