# SPDX-License-Identifier: Apache-2.0
"""The endpoint of the requirements as a minimal FastAPI service: the same
members checked by Pydantic, the same rows in SQLite with the same durability
(WAL, synchronous=FULL, one transaction a submission, an audit row in it). No
tokens, no roles, no leak guard: it does less than scrubjayd does.

    uvicorn --app-dir tests/bench/peers fastapi_submit:app --port N
"""
import hashlib
import json
import os
import sqlite3
import threading
import time
from typing import Annotated, Literal

from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel, ConfigDict, Field

app = FastAPI()
lock = threading.Lock()


def connect():
    db = sqlite3.connect(os.environ["STORE"], check_same_thread=False,
                         isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    return db


writer = connect()
readers = threading.local()
writer.executescript("""
CREATE TABLE IF NOT EXISTS procedure_data(id TEXT PRIMARY KEY, document_type TEXT,
  specialty TEXT, policy TEXT, lang TEXT, scrubbed_text TEXT, entities TEXT,
  attestation TEXT, engine TEXT, status TEXT, submitted_by TEXT, created_ms INT,
  updated_ms INT);
CREATE TABLE IF NOT EXISTS job(id TEXT PRIMARY KEY, run_ms INT);
CREATE TABLE IF NOT EXISTS idempotency(key TEXT PRIMARY KEY, digest BLOB,
  answer TEXT);
CREATE TABLE IF NOT EXISTS audit_log(id INTEGER PRIMARY KEY, user_id TEXT,
  action TEXT, object TEXT, t_ms INT, metadata TEXT);
""")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Entity(Strict):
    placeholder: Annotated[str, Field(pattern=r"^<[A-Z_]+_[0-9]+>$")]
    type: str
    source: Literal["manual", "known", "rule", "model", "unscanned"]
    count: Annotated[int, Field(ge=1)]


class Counts(Strict):
    confirmed: int
    unflagged: int
    added: int


class Reviewer(Strict):
    role: str


class Attestation(Strict):
    statement_id: str
    reviewed_at: str
    reviewer: Reviewer
    counts: Counts


class Engine(Strict):
    ruleset: str
    model: str
    version: str


class Submit(Strict):
    document_type: str
    specialty: str
    policy: str
    lang: str
    style: Literal["numbered"]
    scrubbed_text: Annotated[str, Field(min_length=1, max_length=262144)]
    entities: list[Entity]
    attestation: Attestation
    engine: Engine


@app.post("/v1/coder/submit", status_code=202)
def submit(body: Submit, idempotency_key: Annotated[str, Header()]):
    now = int(time.time() * 1000)
    text = body.model_dump_json()
    answer = {"job_id": idempotency_key, "status": "queued",
              "message": "Job queued for processing.",
              "phi_entities_secured": 0,
              "scrubbed_text_preview": body.scrubbed_text[:200],
              "status_url": f"/v1/coder/status/{idempotency_key}"}
    with lock:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute(
            "INSERT INTO procedure_data VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (idempotency_key, body.document_type, body.specialty, body.policy,
             body.lang, body.scrubbed_text,
             json.dumps([e.model_dump() for e in body.entities]),
             body.attestation.model_dump_json(), body.engine.model_dump_json(),
             "queued", "somebody", now, now))
        writer.execute("INSERT INTO job VALUES(?,?)", (idempotency_key, now))
        writer.execute("INSERT INTO idempotency VALUES(?,?,?)",
                       (idempotency_key, hashlib.sha256(text.encode()).digest(),
                        json.dumps(answer)))
        writer.execute("INSERT INTO audit_log VALUES(NULL,?,?,?,?,?)",
                       ("somebody", "PHI_CREATED", idempotency_key, now, "{}"))
        writer.execute("COMMIT")
    return answer


@app.get("/v1/coder/status/{job_id}")
def status(job_id: str):
    if not hasattr(readers, "db"):
        readers.db = connect()
    row = readers.db.execute(
        "SELECT status, created_ms, updated_ms FROM procedure_data WHERE id=?",
        (job_id,)).fetchone()
    if row is None:
        raise HTTPException(404)
    return {"job_id": job_id, "status": row[0], "vault": "none",
            "created_at": row[1], "updated_at": row[2], "attempts": 0}
