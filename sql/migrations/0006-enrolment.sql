-- SPDX-License-Identifier: Apache-2.0
-- Enrolment: kiosks, sessions, devices, codes, limits, cases, guardians.
--
-- No column holds a value of a person: subjects are keyed hashes, what a
-- session knows is sealed under a key that only its token gives.

CREATE TABLE kiosk (
    id         BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name       TEXT   NOT NULL,
    state      BIGINT NOT NULL,
    code       BLOB   NOT NULL,
    code_ends  BIGINT NOT NULL,
    public_key BLOB   NOT NULL,
    added      BIGINT NOT NULL,
    changed    BIGINT NOT NULL
);
CREATE INDEX kiosk_by_code ON kiosk (code);

CREATE TABLE session (
    id      BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    kind    BIGINT NOT NULL,
    owner   BLOB   NOT NULL,
    version BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    sealed  BLOB   NOT NULL
);
CREATE INDEX session_by_owner ON session (owner);
CREATE INDEX session_by_expiry ON session (expires);

CREATE TABLE enrolment (
    id          BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    holder      BLOB   NOT NULL CHECK (length(holder) = 32),
    level       BIGINT NOT NULL,
    factors     BIGINT NOT NULL,
    state       BIGINT NOT NULL,
    replaces    BIGINT NOT NULL,
    device      BLOB   NOT NULL,
    started     BIGINT NOT NULL,
    active_from BIGINT NOT NULL,
    changed     BIGINT NOT NULL
);
CREATE INDEX enrolment_by_holder ON enrolment (holder);
CREATE INDEX enrolment_by_device ON enrolment (device);

CREATE TABLE enrolment_issuance (
    enrolment BLOB NOT NULL REFERENCES enrolment (id),
    issuance  BLOB NOT NULL CHECK (length(issuance) = 16),
    PRIMARY KEY (enrolment, issuance)
);

CREATE TABLE access_code (
    holder   BLOB   NOT NULL PRIMARY KEY CHECK (length(holder) = 32),
    salt     BLOB   NOT NULL CHECK (length(salt) = 16),
    verifier BLOB   NOT NULL CHECK (length(verifier) = 32),
    level    BIGINT NOT NULL,
    changed  BIGINT NOT NULL
);

CREATE TABLE throttle (
    kind    BIGINT NOT NULL,
    subject BLOB   NOT NULL CHECK (length(subject) = 32),
    tries   BIGINT NOT NULL,
    until   BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE INDEX throttle_by_expiry ON throttle (expires);

CREATE TABLE case_file (
    id           BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind         TEXT   NOT NULL,
    subject      BLOB   NOT NULL,
    state        BIGINT NOT NULL,
    opened       BIGINT NOT NULL,
    detail       TEXT   NOT NULL,
    sealed       BLOB   NOT NULL,
    decision     TEXT   NOT NULL,
    decided_by   BLOB   NOT NULL,
    decided_at   BIGINT NOT NULL,
    confirmed_by BLOB   NOT NULL,
    confirmed_at BIGINT NOT NULL
);
CREATE INDEX case_file_by_state ON case_file (state, opened);
CREATE INDEX case_file_by_subject ON case_file (subject);

CREATE TABLE guardian (
    id       BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    child    BLOB   NOT NULL CHECK (length(child) = 32),
    guardian BLOB   NOT NULL CHECK (length(guardian) = 32),
    started  BIGINT NOT NULL,
    ends     BIGINT NOT NULL,
    ended    BIGINT NOT NULL,
    reason   TEXT   NOT NULL
);
CREATE INDEX guardian_by_child ON guardian (child);
CREATE INDEX guardian_by_guardian ON guardian (guardian);
