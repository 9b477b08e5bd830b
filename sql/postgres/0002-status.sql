-- SPDX-License-Identifier: Apache-2.0
-- Revoked is for good, whoever writes; the twin of sql/sqlite/0002-status.sql.
-- (YugabyteDB understands this; CockroachDB from 24.3, but for the triggers
-- on TRUNCATE.)

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = '23001';
END $$;

CREATE TRIGGER document_final BEFORE UPDATE ON document
FOR EACH ROW WHEN (OLD.state = 1 AND NEW.state <> 1)
EXECUTE FUNCTION refuse('a revocation is final');

CREATE TRIGGER document_kept BEFORE DELETE ON document
FOR EACH ROW WHEN (OLD.state = 1)
EXECUTE FUNCTION refuse('a revocation is final');

CREATE TRIGGER document_all_kept BEFORE TRUNCATE ON document
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a revocation is final');

CREATE TRIGGER status_entry_final BEFORE UPDATE ON status_entry
FOR EACH ROW WHEN ((OLD.state = 1 AND NEW.state <> 1) OR NEW.list <> OLD.list
                   OR NEW.idx <> OLD.idx OR NEW.document <> OLD.document)
EXECUTE FUNCTION refuse('a revocation is final, an index is for good');

CREATE TRIGGER status_entry_kept BEFORE DELETE ON status_entry
FOR EACH ROW WHEN (OLD.state = 1)
EXECUTE FUNCTION refuse('a revocation is final');

CREATE TRIGGER status_entry_all_kept BEFORE TRUNCATE ON status_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a revocation is final');

CREATE TRIGGER status_change_same BEFORE UPDATE OR DELETE ON status_change
FOR EACH ROW EXECUTE FUNCTION refuse('changes are only added');

CREATE TRIGGER status_change_kept BEFORE TRUNCATE ON status_change
FOR EACH STATEMENT EXECUTE FUNCTION refuse('changes are only added');

CREATE TRIGGER status_token_forward BEFORE UPDATE ON status_token
FOR EACH ROW WHEN (NEW.version <> OLD.version + 1)
EXECUTE FUNCTION refuse('versions go forward');
