-- SPDX-License-Identifier: Apache-2.0
-- A device key is bound to one copy in its life: who binds it again could
-- join what was kept apart, or hold a document of another person.

DROP INDEX document_copy_by_key;
CREATE UNIQUE INDEX document_copy_by_key ON document_copy (key_hash);
