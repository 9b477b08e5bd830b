-- SPDX-License-Identifier: Apache-2.0
-- What has to be signed again, and what was signed.

-- Changes of state that the list does not show yet: gone with the list that
-- was signed after them.
CREATE TABLE status_dirty (
    list   BIGINT NOT NULL,
    change BLOB   NOT NULL,
    PRIMARY KEY (list, change)
);
INSERT INTO status_dirty (list, change)
SELECT e.list, c.id
FROM status_change c
JOIN document d ON d.issuance = c.issuance
JOIN status_entry e ON e.document = d.id
GROUP BY e.list, c.id;

-- Lists for everybody, as they were last signed: the VICAL, the relying
-- parties, the bundle. inputs: a hash of what they were made from.
CREATE TABLE artefact (
    name      TEXT   NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL CHECK (version > 0),
    signed_at BIGINT NOT NULL,
    expires   BIGINT NOT NULL,
    inputs    BLOB   NOT NULL,
    body      BLOB   NOT NULL
);
