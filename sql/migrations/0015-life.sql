-- SPDX-License-Identifier: Apache-2.0
-- Life cycle: what keeps documents from a person for a time, what people are
-- told, and which version of a person the bureau's register last sent.

-- While a bar stands, nothing that it names is issued to the holder, and what
-- was issued is suspended. name: '' every document; subject: empty, or which
-- of several; ends: 0 is without an end of its own; ended: 0 is standing.
CREATE TABLE bar (
    id      BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    holder  BLOB   NOT NULL CHECK (length(holder) = 32),
    lookup  BLOB   NOT NULL CHECK (length(lookup) = 32),
    kind    BIGINT NOT NULL,
    name    TEXT   NOT NULL,
    subject BLOB   NOT NULL,
    reason  TEXT   NOT NULL,
    basis   TEXT   NOT NULL,
    author  TEXT   NOT NULL,
    started BIGINT NOT NULL,
    ends    BIGINT NOT NULL,
    ended   BIGINT NOT NULL,
    receipt TEXT   NOT NULL
);
CREATE INDEX bar_by_holder ON bar (holder);
CREATE INDEX bar_by_lookup ON bar (lookup);
CREATE INDEX bar_by_end ON bar (ended, ends);

-- Why an issuance is suspended; it may be so for several reasons at once, and
-- is valid again when the last of them is gone. bar: the issuance itself where
-- an operator suspended it.
CREATE TABLE suspension (
    issuance BLOB NOT NULL CHECK (length(issuance) = 16),
    bar      BLOB NOT NULL CHECK (length(bar) = 16),
    PRIMARY KEY (issuance, bar)
);
CREATE INDEX suspension_by_bar ON suspension (bar);
INSERT INTO suspension (issuance, bar)
SELECT DISTINCT issuance, issuance FROM document WHERE state = 2;
CREATE INDEX document_suspended ON document (issuance) WHERE state = 2;
CREATE INDEX document_by_end ON document (valid_until);

-- about: what one notice is given about once.
CREATE TABLE notice (
    id     BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    holder BLOB   NOT NULL CHECK (length(holder) = 32),
    kind   TEXT   NOT NULL,
    about  BLOB   NOT NULL,
    at     BIGINT NOT NULL,
    detail TEXT   NOT NULL,
    seen   BIGINT NOT NULL
);
CREATE UNIQUE INDEX notice_once ON notice (holder, kind, about);

-- Outlives the person: else an old line would bring back who was erased.
CREATE TABLE sync_version (
    person  BLOB   NOT NULL PRIMARY KEY CHECK (length(person) = 32),
    version BIGINT NOT NULL,
    content BLOB   NOT NULL CHECK (length(content) = 32)
);
