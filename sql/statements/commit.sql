-- SPDX-License-Identifier: Apache-2.0
-- Which group a writer committed last.

-- name: open_turns
INSERT INTO commit_turn (writer, turn) VALUES ($1, 0) ON CONFLICT DO NOTHING;

-- name: put_turn
UPDATE commit_turn SET turn = $1 WHERE writer = $2;

-- Waits for who holds the row: after it, the answer can't change any more.
-- name: ask_turn
UPDATE commit_turn SET turn = turn WHERE writer = $1 RETURNING turn;

-- name: close_turns
DELETE FROM commit_turn WHERE writer = $1;
