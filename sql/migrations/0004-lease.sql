-- SPDX-License-Identifier: Apache-2.0
-- Who leads: what needs one writer is done by the process that holds the lease
-- of that name. The row stays when it ends, for its fence only grows.

CREATE TABLE lease (
    name  TEXT   NOT NULL PRIMARY KEY,
    owner BLOB   NOT NULL CHECK (length(owner) = 16),
    until BIGINT NOT NULL,
    fence BIGINT NOT NULL CHECK (fence > 0)
);
