// SPDX-License-Identifier: Apache-2.0
//
// audit_sql.c - the audit's tables and the statements that read them.

#include <stdio.h>
#include <string.h>

#include "audit.h"

// The body holds every field again, so that the columns are only an index.
// The view has the columns of the requirements' audit_log; whether an act was
// authorized stands there as a string, as their example asks for it.
const char AUDIT_SCHEMA[] =
    "CREATE TABLE audit_row("
    " stream INTEGER NOT NULL, seq INTEGER NOT NULL, t_ms INTEGER NOT NULL,"
    " actor TEXT NOT NULL, action TEXT NOT NULL, outcome TEXT NOT NULL,"
    " object TEXT, body TEXT, salt BLOB, body_digest BLOB NOT NULL,"
    " row_hash BLOB NOT NULL, PRIMARY KEY(stream, seq)) STRICT;"
    "CREATE INDEX audit_row_actor ON audit_row(actor, t_ms);"
    "CREATE INDEX audit_row_action ON audit_row(action, t_ms);"
    "CREATE INDEX audit_row_object ON audit_row(object, t_ms);"
    "CREATE INDEX audit_row_time ON audit_row(t_ms);"
    "CREATE TRIGGER audit_row_keep BEFORE DELETE ON audit_row BEGIN"
    " SELECT RAISE(ABORT, 'audit_row is append only'); END;"
    "CREATE TRIGGER audit_row_fixed BEFORE UPDATE ON audit_row"
    " WHEN NEW.body IS NOT NULL OR NEW.salt IS NOT NULL"
    " OR NEW.stream <> OLD.stream OR NEW.seq <> OLD.seq"
    " OR NEW.t_ms <> OLD.t_ms OR NEW.actor <> OLD.actor"
    " OR NEW.action <> OLD.action OR NEW.outcome <> OLD.outcome"
    " OR NEW.object IS NOT OLD.object"
    " OR NEW.body_digest <> OLD.body_digest OR NEW.row_hash <> OLD.row_hash"
    " BEGIN SELECT RAISE(ABORT, 'audit_row is append only'); END;"
    "CREATE TABLE audit_checkpoint("
    " stream INTEGER NOT NULL, size INTEGER NOT NULL, note TEXT NOT NULL,"
    " anchored_ms INTEGER, PRIMARY KEY(stream, size)) STRICT;"
    "CREATE TRIGGER audit_checkpoint_keep BEFORE DELETE ON audit_checkpoint"
    " BEGIN SELECT RAISE(ABORT, 'audit_checkpoint is append only'); END;"
    "CREATE TRIGGER audit_checkpoint_fixed BEFORE UPDATE ON audit_checkpoint"
    " WHEN NEW.stream <> OLD.stream OR NEW.size <> OLD.size"
    " OR NEW.note <> OLD.note"
    " BEGIN SELECT RAISE(ABORT, 'audit_checkpoint is append only'); END;"
    "CREATE VIEW audit_log(id, user_id, action, phi_vault_id, ip_address,"
    " timestamp, metadata) AS SELECT stream || '-' || seq, actor, action,"
    " object, json_extract(body, '$.ip'),"
    " strftime('%Y-%m-%d %H:%M:%f', t_ms / 1000.0, 'unixepoch'),"
    " json_object('authorized',"
    "  CASE outcome WHEN 'denied' THEN 'false' ELSE 'true' END,"
    "  'outcome', outcome, 'role', json_extract(body, '$.role'),"
    "  'purpose', json_extract(body, '$.purpose'),"
    "  'request_id', json_extract(body, '$.request_id'),"
    "  'detail', json(json_extract(body, '$.detail'))) FROM audit_row;";

typedef struct writer {
  char *sql;
  size_t len;
  audit_param *params;
  size_t count;
} writer;

static void add(writer *to, const char *sql) {
  const size_t len = strlen(sql);
  if (to->len + len >= AUDIT_QUERY_ROOM) return; // never: the pieces are ours
  memcpy(to->sql + to->len, sql, len + 1);
  to->len += len;
}

static void add_text(writer *to, const char *sql, const char *value) {
  if (value == NULL) return;
  add(to, sql);
  to->params[to->count++] = (audit_param){.text = value};
}

static void add_number(writer *to, const char *sql, int64_t value) {
  add(to, sql);
  to->params[to->count++] = (audit_param){.number = value};
}

void audit_query(const audit_filter *filter,
                 // NOLINTNEXTLINE(readability-non-const-parameter): written to
                 char sql[AUDIT_QUERY_ROOM],
                 audit_param params[AUDIT_PARAMS],
                 size_t *count) {
  writer to = {.sql = sql, .params = params};
  add(&to, "SELECT stream, seq, t_ms, actor, action, outcome, object, body,"
           " row_hash FROM audit_row WHERE (stream, seq) > (");
  add_number(&to, "?", filter->after_stream);
  add_number(&to, ", ?)", filter->after_seq);
  add_text(&to, " AND actor = ?", filter->actor);
  add_text(&to, " AND action = ?", filter->action);
  add_text(&to, " AND outcome = ?", filter->outcome);
  add_text(&to, " AND object = ?", filter->object);
  if (filter->from_ms != 0) add_number(&to, " AND t_ms >= ?", filter->from_ms);
  if (filter->to_ms != 0) add_number(&to, " AND t_ms < ?", filter->to_ms);
  add(&to, " ORDER BY stream, seq");
  add_number(&to, " LIMIT ?", filter->limit > 0 ? filter->limit : 100);
  *count = to.count;
}
