-- SPDX-License-Identifier: Apache-2.0
-- Numbers of many, never of one.

-- name: count_documents_since
SELECT name, format, COUNT(*), CAST(SUM(copies) AS BIGINT) FROM document WHERE issued >= $1
GROUP BY name, format ORDER BY name, format;

-- name: count_enrolments_since
SELECT state, level, COUNT(*), COUNT(*) FROM enrolment WHERE started >= $1
GROUP BY state, level ORDER BY state, level;
