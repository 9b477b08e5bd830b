-- SPDX-License-Identifier: Apache-2.0
-- Revoked is for good, whoever writes.

CREATE TRIGGER document_final BEFORE UPDATE ON document
WHEN OLD.state = 1 AND NEW.state <> 1
BEGIN SELECT RAISE(ABORT, 'a revocation is final'); END;

CREATE TRIGGER document_kept BEFORE DELETE ON document
WHEN OLD.state = 1
BEGIN SELECT RAISE(ABORT, 'a revocation is final'); END;

CREATE TRIGGER status_entry_final BEFORE UPDATE ON status_entry
WHEN (OLD.state = 1 AND NEW.state <> 1) OR NEW.list <> OLD.list
     OR NEW.idx <> OLD.idx OR NEW.document <> OLD.document
BEGIN SELECT RAISE(ABORT, 'a revocation is final, an index is for good'); END;

CREATE TRIGGER status_entry_kept BEFORE DELETE ON status_entry
WHEN OLD.state = 1
BEGIN SELECT RAISE(ABORT, 'a revocation is final'); END;

CREATE TRIGGER status_change_same BEFORE UPDATE ON status_change
BEGIN SELECT RAISE(ABORT, 'changes are only added'); END;

CREATE TRIGGER status_change_kept BEFORE DELETE ON status_change
BEGIN SELECT RAISE(ABORT, 'changes are only added'); END;

CREATE TRIGGER status_token_forward BEFORE UPDATE ON status_token
WHEN NEW.version <> OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'versions go forward'); END;
