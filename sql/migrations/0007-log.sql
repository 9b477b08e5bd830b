-- SPDX-License-Identifier: Apache-2.0
-- The audit log: docs/formats/audit.md. Leaves, the nodes above each 256 of
-- them, and the heads that were signed are only ever added.

CREATE TABLE log_entry (
    idx     BIGINT NOT NULL PRIMARY KEY CHECK (idx >= 0),
    leaf    BLOB   NOT NULL,
    subject BLOB   NOT NULL,
    sealed  BLOB   NOT NULL,
    key_box BLOB   NOT NULL
);
CREATE INDEX log_entry_by_subject ON log_entry (subject, idx);

-- level 1: the root of 256 leaves; level 2: of 65,536; ...
CREATE TABLE log_node (
    level BIGINT NOT NULL CHECK (level > 0),
    idx   BIGINT NOT NULL CHECK (idx >= 0),
    hash  BLOB   NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, idx)
);

CREATE TABLE log_head (
    number BIGINT NOT NULL PRIMARY KEY CHECK (number > 0),
    size   BIGINT NOT NULL CHECK (size >= 0),
    at     BIGINT NOT NULL,
    root   BLOB   NOT NULL CHECK (length(root) = 32),
    note   BLOB   NOT NULL
);
