-- SPDX-License-Identifier: Apache-2.0
-- What a program is told by itself: that there is a result. BODY has the id,
-- the profile and the verdict, and nothing of anybody. ID is the result's: told
-- twice it is the same. DUE: when it is tried next.

CREATE TABLE announcement (
    id     BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    client BLOB   NOT NULL CHECK (length(client) = 16),
    body   TEXT   NOT NULL,
    made   BIGINT NOT NULL,
    due    BIGINT NOT NULL,
    tries  BIGINT NOT NULL CHECK (tries >= 0),
    ends   BIGINT NOT NULL CHECK (ends > made)
);
CREATE INDEX announcement_by_due ON announcement (due);
CREATE INDEX announcement_by_end ON announcement (ends);
