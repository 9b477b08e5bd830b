-- SPDX-License-Identifier: Apache-2.0
-- As the authority has it: which group each writer committed last: asked when the answer to a COMMIT
-- was lost with the connection. (SQLite lies in the process and needs none.)

CREATE TABLE commit_turn (
    writer BLOB   NOT NULL PRIMARY KEY CHECK (length(writer) = 16),
    turn   BIGINT NOT NULL
);
