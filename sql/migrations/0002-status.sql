-- SPDX-License-Identifier: Apache-2.0
-- What became of documents: status lists, an index for every copy, changes.
--
-- States are those of a status list: 0 valid, 1 revoked, 2 suspended. Revoked
-- is for good; the engine's own part of this step (sql/sqlite) refuses every
-- way back, also to who writes to the database by hand.

-- Batches of one document that were made together, one for each format and
-- card: they are revoked together. subject: keyed hash of which document it
-- is, where somebody may have several.
ALTER TABLE document ADD COLUMN issuance BLOB;
ALTER TABLE document ADD COLUMN subject BLOB;
ALTER TABLE document ADD COLUMN profile TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN state BIGINT NOT NULL DEFAULT 0
    CHECK (state BETWEEN 0 AND 2);
UPDATE document SET issuance = id;
CREATE INDEX document_by_issuance ON document (issuance);

CREATE TABLE status_list (
    number    BIGINT NOT NULL PRIMARY KEY CHECK (number > 0),
    role      BIGINT NOT NULL,
    bits      BIGINT NOT NULL CHECK (bits IN (1, 2)),
    size      BIGINT NOT NULL CHECK (size > 0),
    allocated BIGINT NOT NULL CHECK (allocated BETWEEN 0 AND size),
    opened    BIGINT NOT NULL
);
CREATE INDEX status_list_by_role ON status_list (role, bits, number);

-- One row a copy; which copy of the batch it is, nobody has to know.
CREATE TABLE status_entry (
    list     BIGINT NOT NULL REFERENCES status_list (number),
    idx      BIGINT NOT NULL CHECK (idx >= 0),
    document BLOB   NOT NULL REFERENCES document (id),
    state    BIGINT NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 2),
    PRIMARY KEY (list, idx)
);
CREATE INDEX status_entry_by_document ON status_entry (document);
CREATE INDEX status_entry_set ON status_entry (list, idx, state)
    WHERE state <> 0;

CREATE TABLE status_change (
    id       BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    issuance BLOB   NOT NULL,
    at       BIGINT NOT NULL,
    state    BIGINT NOT NULL CHECK (state BETWEEN 0 AND 2),
    reason   TEXT   NOT NULL
);
CREATE INDEX status_change_by_issuance ON status_change (issuance, at);

-- What was last signed of each list. A list is signed anew in order of
-- versions, and never without what the last one had revoked.
CREATE TABLE status_token (
    list      BIGINT NOT NULL PRIMARY KEY REFERENCES status_list (number),
    version   BIGINT NOT NULL CHECK (version > 0),
    signed_at BIGINT NOT NULL,
    expires   BIGINT NOT NULL,
    jwt       BLOB   NOT NULL,
    cwt       BLOB   NOT NULL
);
