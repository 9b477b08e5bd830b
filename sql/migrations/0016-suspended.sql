-- SPDX-License-Identifier: Apache-2.0
-- What is suspended: looked up with each issuance, and empty as a rule. By
-- holder alone everything that a person was ever issued would be read.

CREATE INDEX document_suspended_of ON document (holder, name, subject)
    WHERE state = 2;
