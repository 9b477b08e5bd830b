-- SPDX-License-Identifier: Apache-2.0
-- Who leads.

-- $4 is now; $5 an end so far off that no right clock can have given it.
-- name: take_lease
INSERT INTO lease (name, owner, until, fence) VALUES ($1, $2, $3, 1)
ON CONFLICT (name) DO UPDATE
SET owner = excluded.owner, until = excluded.until,
    fence = CASE WHEN lease.owner = excluded.owner THEN lease.fence
                 ELSE lease.fence + 1 END
WHERE lease.owner = excluded.owner OR lease.until <= $4 OR lease.until > $5
RETURNING fence;

-- name: give_lease
UPDATE lease SET until = 0 WHERE name = $1 AND owner = $2;

-- Changes nothing, but holds the row: nobody else takes the lease until this
-- is committed.
-- name: put_fence
UPDATE lease SET fence = fence WHERE name = $1 AND fence = $2;
