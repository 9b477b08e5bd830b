-- SPDX-License-Identifier: Apache-2.0
-- Epochs whose key-encryption key is destroyed: nobody comes under one of them
-- any more, also not by a process that has not heard of it.

CREATE TABLE closed_epoch (
    epoch BIGINT NOT NULL PRIMARY KEY,
    at    BIGINT NOT NULL
);
CREATE INDEX person_by_epoch ON person (epoch);
