-- SPDX-License-Identifier: Apache-2.0
-- A log is only added to, whoever writes. What an entry says may be erased.

CREATE TRIGGER log_entry_same BEFORE UPDATE ON log_entry
WHEN NEW.idx <> OLD.idx OR NEW.leaf <> OLD.leaf
     OR length(NEW.sealed) > 0 OR length(NEW.key_box) > 0
BEGIN SELECT RAISE(ABORT, 'leaves are only added'); END;

CREATE TRIGGER log_entry_kept BEFORE DELETE ON log_entry
BEGIN SELECT RAISE(ABORT, 'leaves are only added'); END;

CREATE TRIGGER log_entry_next BEFORE INSERT ON log_entry
WHEN NEW.idx > 0
     AND NOT EXISTS (SELECT 1 FROM log_entry WHERE idx = NEW.idx - 1)
BEGIN SELECT RAISE(ABORT, 'leaves come one after the other'); END;

CREATE TRIGGER log_node_same BEFORE UPDATE ON log_node
BEGIN SELECT RAISE(ABORT, 'nodes are only added'); END;

CREATE TRIGGER log_node_kept BEFORE DELETE ON log_node
BEGIN SELECT RAISE(ABORT, 'nodes are only added'); END;

CREATE TRIGGER log_head_same BEFORE UPDATE ON log_head
BEGIN SELECT RAISE(ABORT, 'heads are only added'); END;
