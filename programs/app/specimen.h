/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_SPECIMEN_H
#define YAO_APP_SPECIMEN_H

/**
 * Drawn placeholder portraits by their file names: "specimen-07.jpg" is face 7,
 * "specimen-07-old.jpg" the same with grey hair, "specimen-07-child.jpg" with
 * a smaller head. Odd faces have short hair, even ones long hair.
 */

#include "yaopai/arena.h"

#define YAO_MAX_SPECIMEN_NAME 32

/** The file name of face WHICH (1..24) of somebody AGE years old. */
void yao_specimen_name(unsigned which, int age,
                       char out[YAO_MAX_SPECIMEN_NAME]);

/**
 * Draw the portrait of a file name.
 *
 * Out     ret  in ARENA, a JPEG of 358 x 441
 * Errors  YAO_E_NOT_FOUND  no such name
 *         YAO_E_SPACE      the arena is full; 4 MB are enough
 */
YAO_MUST_USE yao_status yao_specimen_draw(yao_text name, yao_arena *arena,
                                          yao_bytes *ret);

/**
 * Draw every portrait that TEXT (records of people) names, as files in FOLDER.
 *
 * Errors  YAO_E_FILE; those of yao_specimen_draw()
 */
YAO_MUST_USE yao_status yao_specimens_write(const char *folder, yao_bytes text,
                                            yao_arena *arena);

#endif
