/* SPDX-License-Identifier: Apache-2.0 */
/* Arm's MPS2 board with the image AN386 (a Cortex-M4), which QEMU plays: its
 * first serial line, an APB UART of the CMSDK (Arm DDI 0479D, section 4.3). */
#include "board.h"

typedef struct uart {
    volatile uint32_t data;
    volatile uint32_t state;
    volatile uint32_t control;
    volatile uint32_t interrupt;
    volatile uint32_t divider;
} uart;

enum { SEND_FULL = 1 << 0, RECEIVED = 1 << 1, SEND = 1 << 0, RECEIVE = 1 << 1 };

#define UART0 ((uart *)0x40004000)

void board_open(void)
{
    UART0->divider = 217; /* 25 MHz / 115,200 */
    UART0->control = SEND | RECEIVE;
}

uint8_t board_get(void)
{
    while ((UART0->state & RECEIVED) == 0)
        ;
    return (uint8_t)UART0->data;
}

void board_put(uint8_t byte)
{
    while ((UART0->state & SEND_FULL) != 0)
        ;
    UART0->data = byte;
}
