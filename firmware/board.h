/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_FIRMWARE_BOARD_H
#define YAO_FIRMWARE_BOARD_H

/**
 * What the verifier asks of a board: a serial line, and how much stack was
 * used. Another board is another board_*.c and another linker script.
 */

#include <stddef.h>
#include <stdint.h>

/** Make the serial line ready. */
void board_open(void);

/** The next byte of the line, when it has come; and one sent. */
uint8_t board_get(void);
void    board_put(uint8_t byte);

/** The most bytes of stack that were in use since the start, and how many
 *  there are (start.c paints them before main() runs). */
size_t board_stack_used(void);
size_t board_stack_size(void);

/** Bytes of variables that are initialised, and that begin as zero. */
size_t board_data_size(void);
size_t board_zero_size(void);

#endif
