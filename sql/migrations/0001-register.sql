-- SPDX-License-Identifier: Apache-2.0
-- The register, the ledger and the relying parties.
--
-- One dialect for SQLite and PostgreSQL (where tools/pack-sql writes BYTEA):
-- no sequences, no engine's own functions. Keys are random or keyed hashes, so
-- that the tables of a person may lie on any shard.

CREATE TABLE fact (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
);

-- People. No column holds a value of a person: see docs/formats/register.md.
CREATE TABLE person (
    id          BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    epoch       BIGINT NOT NULL,
    wrapped_key BLOB   NOT NULL,
    registered  BIGINT NOT NULL
);

CREATE TABLE person_part (
    person BLOB   NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    kind   BIGINT NOT NULL,
    sealed BLOB   NOT NULL,
    PRIMARY KEY (person, kind)
);

-- Look-ups that belong to one person at a time: number, document, plate.
CREATE TABLE person_key (
    kind   BIGINT NOT NULL,
    hash   BLOB   NOT NULL CHECK (length(hash) = 32),
    person BLOB   NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (kind, hash)
);
CREATE INDEX person_key_by_person ON person_key (person);

-- Look-ups that several may share: household, name and birth date.
CREATE TABLE person_group (
    kind   BIGINT NOT NULL,
    hash   BLOB   NOT NULL CHECK (length(hash) = 32),
    person BLOB   NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (kind, hash, person)
);
CREATE INDEX person_group_by_person ON person_group (person);

-- The ledger: what was issued. It outlives the person's rows.
CREATE TABLE document (
    id          BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    holder      BLOB   NOT NULL CHECK (length(holder) = 32),
    name        TEXT   NOT NULL,
    format      TEXT   NOT NULL,
    issued      BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    level       BIGINT NOT NULL,
    signer      BLOB   NOT NULL,
    copies      BIGINT NOT NULL
);
CREATE INDEX document_by_holder ON document (holder);

CREATE TABLE document_copy (
    hash     BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    key_hash BLOB NOT NULL CHECK (length(key_hash) = 32),
    document BLOB NOT NULL REFERENCES document (id)
);
CREATE INDEX document_copy_by_document ON document_copy (document);
CREATE INDEX document_copy_by_key ON document_copy (key_hash);

CREATE TABLE party (
    code           TEXT   NOT NULL PRIMARY KEY,
    name           TEXT   NOT NULL,
    profiles       TEXT   NOT NULL,
    legal_basis    TEXT   NOT NULL,
    retention_days BIGINT NOT NULL,
    state          BIGINT NOT NULL,
    certificate    BLOB   NOT NULL,
    registered     BIGINT NOT NULL,
    changed        BIGINT NOT NULL
);

-- Nonces, codes, used token identifiers: what may be used once.
CREATE TABLE once (
    kind    BIGINT NOT NULL,
    hash    BLOB   NOT NULL,
    expires BIGINT NOT NULL,
    payload BLOB   NOT NULL,
    PRIMARY KEY (kind, hash)
);
CREATE INDEX once_by_expiry ON once (expires);

-- What the audit log will be told, committed with what it tells of.
CREATE TABLE outbox (
    id      BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    at      BIGINT NOT NULL,
    kind    TEXT   NOT NULL,
    subject BLOB   NOT NULL,
    detail  TEXT   NOT NULL
);
CREATE INDEX outbox_by_time ON outbox (at);
