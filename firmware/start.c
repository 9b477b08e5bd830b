/* SPDX-License-Identifier: Apache-2.0 */
/* From reset to main() on a Cortex-M: the vector table, the variables, and a
 * painted stack, so that its deepest use can be read afterwards. */
#include "board.h"

/* cortex-m4.ld */
extern uint32_t stack_bottom[], stack_top[];
extern uint32_t data_begin[], data_end[], data_in_flash[];
extern uint32_t zero_begin[], zero_end[];

enum { PAINT = 0x79616f70 };

int  main(void);
void start(void);
void fault(void);

/* Armv7-M B1.5.3: the stack pointer, then where each exception goes. Nothing
 * here enables an interrupt, so the core's own sixteen are all. */
__attribute__((section(".vectors"),
               used)) static const uintptr_t vectors[16] = {
    (uintptr_t)stack_top,
    (uintptr_t)start,
    (uintptr_t)fault,
    (uintptr_t)fault,
    (uintptr_t)fault,
    (uintptr_t)fault,
    (uintptr_t)fault,
    0,
    0,
    0,
    0,
    (uintptr_t)fault,
    (uintptr_t)fault,
    0,
    (uintptr_t)fault,
    (uintptr_t)fault};

/* The stack is empty still: nothing was called yet, nothing is returned to. */
void start(void)
{
    uint32_t *here = __builtin_frame_address(0);

    for (volatile uint32_t *at = stack_bottom; at < here - 16; at++)
        *at = PAINT;
    for (size_t i = 0; data_begin + i < data_end; i++)
        data_begin[i] = data_in_flash[i];
    for (volatile uint32_t *at = zero_begin; at < zero_end; at++)
        *at = 0;
    (void)main();
    fault();
}

/* Stay here, so that a debugger shows from where; a stack that overflows ends
 * here too, since below it there is no memory. */
void fault(void)
{
    for (;;)
        __asm volatile("wfi");
}

size_t board_stack_size(void)
{
    return (size_t)((uintptr_t)stack_top - (uintptr_t)stack_bottom);
}

size_t board_stack_used(void)
{
    const volatile uint32_t *at = stack_bottom;

    while (at < stack_top && *at == PAINT)
        at++;
    return (size_t)((uintptr_t)stack_top - (uintptr_t)at);
}

size_t board_data_size(void)
{
    return (size_t)((uintptr_t)data_end - (uintptr_t)data_begin);
}

size_t board_zero_size(void)
{
    return (size_t)((uintptr_t)zero_end - (uintptr_t)zero_begin);
}
