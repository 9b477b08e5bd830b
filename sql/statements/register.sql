-- SPDX-License-Identifier: Apache-2.0
-- People and what they are looked up by.

-- name: put_person
INSERT INTO person (id, epoch, wrapped_key, registered)
SELECT $1, $2, $3, $4
WHERE NOT EXISTS (SELECT 1 FROM closed_epoch WHERE epoch = $2)
ON CONFLICT DO NOTHING;

-- name: put_person_part
INSERT INTO person_part (person, kind, sealed) VALUES ($1, $2, $3);

-- name: put_person_key
INSERT INTO person_key (kind, hash, person) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- name: put_person_group
INSERT INTO person_group (kind, hash, person) VALUES ($1, $2, $3);

-- name: find_person_by_key
SELECT p.id, p.epoch, p.wrapped_key, p.registered
FROM person_key k JOIN person p ON p.id = k.person
WHERE k.kind = $1 AND k.hash = $2;

-- name: find_persons_by_group
SELECT p.id, p.epoch, p.wrapped_key, p.registered
FROM person_group g JOIN person p ON p.id = g.person
WHERE g.kind = $1 AND g.hash = $2
ORDER BY p.registered, p.id;

-- name: get_person_part
SELECT sealed FROM person_part WHERE person = $1 AND kind = $2;

-- name: count_persons
SELECT COUNT(*) FROM person;

-- name: walk_persons
SELECT id, epoch, wrapped_key, registered FROM person ORDER BY id;

-- name: rewrap_person
UPDATE person SET epoch = $1, wrapped_key = $2 WHERE id = $3 AND epoch = $4;

-- name: list_persons_of_epoch
SELECT id, epoch, wrapped_key, registered FROM person
WHERE epoch = $1 AND length(wrapped_key) > $2 ORDER BY id LIMIT $3;

-- name: close_epoch
INSERT INTO closed_epoch (epoch, at)
SELECT $1, $2
WHERE NOT EXISTS (SELECT 1 FROM person
                  WHERE epoch = $1 AND length(wrapped_key) > $3)
ON CONFLICT DO NOTHING;

-- name: open_epoch
DELETE FROM closed_epoch WHERE epoch = $1;
