-- SPDX-License-Identifier: Apache-2.0
-- A log is only added to, whoever writes; the twin of sql/sqlite/0007-log.sql.

CREATE FUNCTION refuse_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.idx > 0
       AND NOT EXISTS (SELECT 1 FROM log_entry WHERE idx = NEW.idx - 1) THEN
        RAISE EXCEPTION 'leaves come one after the other'
            USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER log_entry_same BEFORE UPDATE ON log_entry
FOR EACH ROW WHEN (NEW.idx <> OLD.idx OR NEW.leaf <> OLD.leaf
                   OR length(NEW.sealed) > 0 OR length(NEW.key_box) > 0)
EXECUTE FUNCTION refuse('leaves are only added');

CREATE TRIGGER log_entry_kept BEFORE DELETE ON log_entry
FOR EACH ROW EXECUTE FUNCTION refuse('leaves are only added');

CREATE TRIGGER log_entry_all_kept BEFORE TRUNCATE ON log_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse('leaves are only added');

CREATE TRIGGER log_entry_next BEFORE INSERT ON log_entry
FOR EACH ROW EXECUTE FUNCTION refuse_gap();

CREATE TRIGGER log_node_same BEFORE UPDATE OR DELETE ON log_node
FOR EACH ROW EXECUTE FUNCTION refuse('nodes are only added');

CREATE TRIGGER log_node_kept BEFORE TRUNCATE ON log_node
FOR EACH STATEMENT EXECUTE FUNCTION refuse('nodes are only added');

CREATE TRIGGER log_head_same BEFORE UPDATE ON log_head
FOR EACH ROW EXECUTE FUNCTION refuse('heads are only added');
