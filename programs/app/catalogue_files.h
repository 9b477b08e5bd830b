/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_CATALOGUE_FILES_H
#define YAO_APP_CATALOGUE_FILES_H

/** The files of the catalogue that this program was built with, by path
 *  (bytewise), and those that a bundle brings. */

#include "app/bundle.h"

typedef struct app_catalogue_file {
    yao_text  path; /* "profiles/hotel.json" */
    yao_bytes hash; /* SHA-256 */
} app_catalogue_file;

/** Written by tools/pack-hashes. */
extern const app_catalogue_file app_catalogue_files[];
extern const size_t             app_catalogue_file_count;

/** The file of PATH, or NULL. */
const app_catalogue_file *app_catalogue_file_find(yao_text path);

/**
 * Compare B's files with those of this program; load those it does not have.
 *
 * Out     B  catalogue, other_files
 * Errors  those of yao_document_load(); YAO_E_LIMIT, YAO_E_SPACE
 */
YAO_MUST_USE yao_status app_bundle_open_files(app_bundle *b);

/**
 * Read FOLDER's documents/ and profiles/ as files for a bundle, and add those
 * of this program that are not there, by hash alone.
 *
 * Out     ret    in ARENA, by path
 * Errors  YAO_E_FILE   a folder or a file cannot be read
 *         YAO_E_LIMIT  more than YAO_MAX_TRUST_FILES, or one above
 *                      YAO_MAX_MESSAGE
 *         those of yao_document_load(): what a terminal could not use is not
 *         given out;  YAO_E_SPACE
 */
YAO_MUST_USE yao_status app_catalogue_gather(const char      *folder,
                                             yao_arena       *arena,
                                             yao_trust_file **ret,
                                             size_t          *count);

/**
 * The catalogue of this program with FOLDER's documents/ and profiles/ added:
 * for an issuer of further documents.
 *
 * Out     ret  lives as long as ARENA
 * Errors  as app_catalogue_gather()
 */
YAO_MUST_USE yao_status app_catalogue_load(const char          *folder,
                                           yao_arena           *arena,
                                           const yao_catalogue **ret);

#endif
