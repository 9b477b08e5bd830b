/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WASM_MACHINE_H
#define YAO_WASM_MACHINE_H

/**
 * The core's machines for a page: what machine.c and those that it runs share.
 *
 * A machine is told in JSON and wishes in JSON. Bytes never stand in it: a
 * member that is bytes is [pointer, length], into memory that take() gave or,
 * in a wish, where the core has them. A message to be signed is a list of such.
 * Whatever a pointer says, nothing outside of memory is touched.
 *
 * Files: machine.c (begin, step, end), told.c (reading), wish.c (writing),
 * receive.c and receive_tell.c, present.c, present_hold.c and present_ask.c,
 * holder.c, holder_tell.c, reader.c, cards.c, card_show.c, card_check.c.
 */

#include "json/json.h"
#include "page.h"

/* ---- what a page tells -------------------------------------------------- */

/** An object, read member by member. What is absent is empty, false or 0; the
 *  first that is of another type, or points nowhere, stays in `status`. */
typedef struct yao_told {
    const yao_json *object;
    yao_status      status;
} yao_told;

yao_text  yao_told_text(yao_told *t, const char *name);
yao_bytes yao_told_bytes(yao_told *t, const char *name);
bool      yao_told_bool(yao_told *t, const char *name);
int64_t   yao_told_int(yao_told *t, const char *name);

/** The bytes of a text in base64url. */
yao_bytes yao_told_base64url(yao_told *t, const char *name);

/** The place of a word in WORDS, which end in NULL; a word that is not there
 *  is YAO_E_VALUE. Absent: 0. */
unsigned yao_told_word(yao_told *t, const char *name, const char *const *words);

/** 65 bytes: a point of P-256, uncompressed; several of them. */
yao_public_key        yao_told_key(yao_told *t, const char *name);
const yao_public_key *yao_told_keys(yao_told *t, const char *name,
                                    size_t *count);

/** An array; its items follow by ->first, ->next. NULL: none. */
const yao_json *yao_told_array(yao_told *t, const char *name);

/** Arrays of one kind. NULL: none. */
const yao_text  *yao_told_texts(yao_told *t, const char *name, size_t *count);
const yao_bytes *yao_told_list(yao_told *t, const char *name, size_t *count);

/** Room for COUNT things; fails T when there is none. */
void *yao_told_room(yao_told *t, size_t count, size_t size);

/** Record a failure, unless one stands. */
void yao_told_fail(yao_told *t, yao_status status);

/* ---- what a machine wishes ---------------------------------------------- */

typedef struct yao_page_wish {
    yao_writer w;
    bool       first;
    bool       over; /* nothing follows */
} yao_page_wish;

/** {"do": WHAT ... }. Between the two nothing may be taken of page.memory. */
void yao_wish_open(yao_page_wish *w, const char *what);
YAO_MUST_USE yao_status yao_wish_close(yao_page_wish *w);

/** Members; an empty text is left out. */
void yao_wish_word(yao_page_wish *w, const char *name, const char *value);
void yao_wish_text(yao_page_wish *w, const char *name, yao_text value);
void yao_wish_int(yao_page_wish *w, const char *name, int64_t value);
void yao_wish_flag(yao_page_wish *w, const char *name, bool value);
void yao_wish_bytes(yao_page_wish *w, const char *name, yao_bytes value);

/** What is signed, agreed on, sealed or opened, in members of their own. */
void yao_wish_sign(yao_page_wish *w, const yao_sign_wish *wish);
void yao_wish_agree(yao_page_wish *w, const yao_agree_wish *wish);
void yao_wish_aead(yao_page_wish *w, const yao_aead_wish *wish);

/** It is over with STATUS. */
void yao_wish_status(yao_page_wish *w, yao_status status);

/** [pointer, length] and nothing else, for what lies deeper. */
void yao_page_put_place(yao_writer *w, yao_bytes value);

/* ---- the machines ------------------------------------------------------- */

typedef struct yao_page_machine {
    yao_status (*open)(yao_told *options);
    yao_status (*step)(yao_told *event, yao_page_wish *ret);
    void (*wipe)(void); /* what it has outside of page.memory; NULL: nothing
                           that is secret */
} yao_page_machine;

extern const yao_page_machine yao_page_receive, yao_page_present,
    yao_page_holder, yao_page_reader, yao_page_card_show, yao_page_card_check;

/** Memory of their own for those that wind it back. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_page_part(size_t len, yao_arena *ret);

#endif
