-- SPDX-License-Identifier: Apache-2.0
-- Lines of people that an operator sent: they lie here sealed, under a key of
-- this intake, until they were applied.

-- kind: 1 import, 2 sync. state: 1 receiving, 2 waiting, 3 running, 4 done,
-- 5 ended. done: the line up to which all were looked at.
CREATE TABLE intake (
    id          BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind        BIGINT NOT NULL,
    state       BIGINT NOT NULL,
    sender      BLOB   NOT NULL CHECK (length(sender) = 16),
    epoch       BIGINT NOT NULL,
    wrapped_key BLOB   NOT NULL,
    opened      BIGINT NOT NULL,
    changed     BIGINT NOT NULL,
    lines       BIGINT NOT NULL,
    bytes       BIGINT NOT NULL,
    done        BIGINT NOT NULL,
    applied     BIGINT NOT NULL,
    same        BIGINT NOT NULL,
    older       BIGINT NOT NULL,
    refused     BIGINT NOT NULL,
    why         TEXT   NOT NULL
);
CREATE INDEX intake_by_state ON intake (state, opened);

CREATE TABLE intake_part (
    intake     BLOB   NOT NULL CHECK (length(intake) = 16),
    first_line BIGINT NOT NULL,
    sealed     BLOB   NOT NULL,
    PRIMARY KEY (intake, first_line)
);

-- What was wrong with a line: JSON, without a value of it.
CREATE TABLE intake_told (
    intake BLOB   NOT NULL CHECK (length(intake) = 16),
    line   BIGINT NOT NULL,
    said   TEXT   NOT NULL,
    PRIMARY KEY (intake, line)
);
