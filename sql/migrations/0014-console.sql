-- SPDX-License-Identifier: Apache-2.0
-- Who looks at a case at the moment: so that two do not do the same work.

CREATE TABLE case_taken (
    id       BLOB   NOT NULL PRIMARY KEY REFERENCES case_file (id),
    operator BLOB   NOT NULL CHECK (length(operator) = 16),
    taken    BIGINT NOT NULL
);
CREATE INDEX case_file_by_kind ON case_file (kind, state, opened);

-- What the dashboard counts, without looking at all that ever was.

CREATE INDEX document_by_time ON document (issued);
CREATE INDEX enrolment_by_time ON enrolment (started);
