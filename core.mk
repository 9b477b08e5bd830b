# SPDX-License-Identifier: Apache-2.0
# The core alone, from its plain list, without any build system's help:
#
#   make -f core.mk                        with cc, into build/core/
#   make -f core.mk CC="clang --target=wasm32-unknown-unknown" OUT=build/wasm
#
# EXTRA names further C files, such as the packed catalogue.

OUT    ?= build/core
AR     ?= ar
CFLAGS ?= -Os -g
STRICT := -std=c11 -ffreestanding -nostdlib -Wall -Wextra -Wpedantic \
          -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
          -Wvla -Werror -Iinclude -Icore -ffunction-sections -fdata-sections

SOURCES := $(shell cat core/files.txt) $(EXTRA)
OBJECTS := $(SOURCES:%.c=$(OUT)/%.o)

$(OUT)/libyaopai-core.a: $(OBJECTS)
	rm -f $@
	$(AR) rc $@ $(OBJECTS)

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(STRICT) $(CFLAGS) -MMD -c $< -o $@

-include $(OBJECTS:.o=.d)
