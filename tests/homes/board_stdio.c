/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier's board, played by standard input and output: for sanitizers,
 * which a microcontroller has not. */
#include "board.h"

#include <stdio.h>
#include <stdlib.h>

void board_open(void)
{
}

uint8_t board_get(void)
{
    int byte;

    if (fflush(stdout) != 0 || (byte = getchar()) == EOF)
        exit(0);
    return (uint8_t)byte;
}

void board_put(uint8_t byte)
{
    (void)putchar(byte);
}

size_t board_stack_used(void)
{
    return 0;
}

size_t board_stack_size(void)
{
    return 1;
}

size_t board_data_size(void)
{
    return 0;
}

size_t board_zero_size(void)
{
    return 0;
}
