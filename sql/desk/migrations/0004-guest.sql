-- SPDX-License-Identifier: Apache-2.0
-- The guest register of a hotel. ID is that of the result which the entry was
-- made of: one gives one entry. ARRIVAL: a day, days since 1970; what else is
-- said of the guest is sealed.

CREATE TABLE guest (
    id      BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    client  BLOB   NOT NULL CHECK (length(client) = 16),
    arrival BIGINT NOT NULL,
    made    BIGINT NOT NULL,
    ends    BIGINT NOT NULL CHECK (ends > made),
    sealed  BLOB   NOT NULL
);
CREATE INDEX guest_by_arrival ON guest (client, arrival, id);
CREATE INDEX guest_by_end ON guest (ends);
