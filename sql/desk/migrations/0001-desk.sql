-- SPDX-License-Identifier: Apache-2.0
-- What a relying party's desk keeps: requests that are open, and what came of
-- them for as long as the profile allows. Values of people are sealed with a
-- key that is not here.

CREATE TABLE fact (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
);

-- A request to a wallet. 1 open, 2 answered and waiting for its browser, 3
-- done, 4 refused by the holder. SEALED: the key that the answer is encrypted
-- to, and the letters that nobody may guess.
CREATE TABLE enquiry (
    id      BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    client  BLOB   NOT NULL CHECK (length(client) = 16),
    profile TEXT   NOT NULL,
    choice  TEXT   NOT NULL,
    device  BIGINT NOT NULL CHECK (device BETWEEN 1 AND 3),
    state   BIGINT NOT NULL CHECK (state BETWEEN 1 AND 4),
    nonce   TEXT   NOT NULL,
    back    TEXT   NOT NULL,
    sealed  BLOB   NOT NULL,
    browser BLOB   NOT NULL CHECK (length(browser) IN (0, 32)),
    code    BLOB   NOT NULL CHECK (length(code) IN (0, 32)),
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    ends    BIGINT NOT NULL CHECK (ends >= expires)
);
CREATE INDEX enquiry_by_end ON enquiry (ends);
CREATE UNIQUE INDEX enquiry_by_nonce ON enquiry (nonce);

-- What was shown and what became of it. EVIDENCE: the presentation as it came,
-- where the profile wants it.
CREATE TABLE judgement (
    id       BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    client   BLOB   NOT NULL CHECK (length(client) = 16),
    profile  TEXT   NOT NULL,
    verdict  BIGINT NOT NULL CHECK (verdict BETWEEN 0 AND 2),
    made     BIGINT NOT NULL,
    ends     BIGINT NOT NULL CHECK (ends > made),
    sealed   BLOB   NOT NULL,
    evidence BLOB   NOT NULL
);
CREATE INDEX judgement_by_end ON judgement (ends);

-- Challenges that were shown, and showings that were accepted.
CREATE TABLE once (
    kind    BIGINT NOT NULL,
    hash    BLOB   NOT NULL,
    expires BIGINT NOT NULL,
    payload BLOB   NOT NULL,
    PRIMARY KEY (kind, hash)
);
CREATE INDEX once_by_expiry ON once (expires);

CREATE TABLE lease (
    name  TEXT   NOT NULL PRIMARY KEY,
    owner BLOB   NOT NULL CHECK (length(owner) = 16),
    until BIGINT NOT NULL,
    fence BIGINT NOT NULL CHECK (fence > 0)
);
