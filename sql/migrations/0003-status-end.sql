-- SPDX-License-Identifier: Apache-2.0
-- Until when a list is asked for: as long as the last of its copies is valid.
-- 0: nothing is known of it, and it is signed for ever.

ALTER TABLE status_list ADD COLUMN ends BIGINT NOT NULL DEFAULT 0;
