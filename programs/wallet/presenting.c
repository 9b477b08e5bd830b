/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/presenting.h"

#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "app/input.h"
#include "app/wishes.h"
#include "trust/standing.h"

enum { MEMORY = 64 * 1024 * 1024, MOST_LINK = 256 * 1024 };

/* ---- keys --------------------------------------------------------------- */

static void make_key(yao_presenting *s, yao_present_event *e)
{
    yao_key_close(s->once);
    s->once   = NULL;
    e->status = yao_key_generate(YAO_ES256, &s->once);
    if (e->status != YAO_OK)
        return;
    e->kind = YAO_PRESENT_KEY;
    e->key  = yao_key_public(s->once);
}

/* ---- the loop ----------------------------------------------------------- */

static void fulfil(yao_presenting *s, const yao_present_wish *w,
                   yao_present_event *e)
{
    *e = (yao_present_event){.kind = YAO_PRESENT_DONE};
    switch (w->kind) {
    case YAO_PRESENT_FETCH:
        yao_presenting_fetch(s, w, e);
        break;
    case YAO_PRESENT_ASK:
        yao_presenting_ask(s, e);
        break;
    case YAO_PRESENT_SIGN:
        e->status = app_wish_sign(&s->arena, s->parts[w->index].key, &w->sign,
                                  &e->bytes);
        break;
    case YAO_PRESENT_MAKE_KEY:
        make_key(s, e);
        break;
    case YAO_PRESENT_AGREE:
        e->status = app_wish_agree(&s->arena, s->once, &w->agree, &e->bytes);
        break;
    case YAO_PRESENT_AEAD:
        e->status = app_wish_aead(&s->arena, &w->aead, &e->bytes);
        break;
    case YAO_PRESENT_OPEN:
        yao_presenting_open(s, w, e);
        break;
    case YAO_PRESENT_HAND_OVER:
        yao_presenting_hand_over(s, w, e);
        break;
    case YAO_PRESENT_STOP:
        break;
    }
    if (e->status != YAO_OK)
        e->kind = YAO_PRESENT_FAILED;
}

static yao_status drive(yao_presenting *s)
{
    yao_present_event e = {.kind = YAO_PRESENT_START};
    yao_present_wish  w;
    uint8_t           random[YAO_PRESENT_RANDOM];

    YAO_TRY(yao_present_open(&s->arena, &s->options, &s->machine));
    for (;;) {
        YAO_TRY(yao_openssl_random(random, sizeof random));
        e.random = (yao_bytes){random, sizeof random};
        e.now    = yao_wallet_now();
        yao_present_step(s->machine, &e, &w);
        yao_wipe(random, sizeof random);
        if (w.kind == YAO_PRESENT_STOP)
            return w.status;
        fulfil(s, &w, &e);
    }
}

/* ---- the link ----------------------------------------------------------- */

static yao_status keep_link(yao_presenting *s, yao_bytes text)
{
    size_t end = yao_bytes_find(text, '\n');

    text.len = end < text.len ? end : text.len;
    if (yao_standing_is(text)) /* a blank is one of its letters */
        return yao_arena_keep(&s->arena, text, &s->options.link);
    while (text.len != 0 && text.ptr[text.len - 1] <= ' ')
        text.len--;
    if (text.len == 0)
        return YAO_E_MISSING;
    return yao_arena_keep(&s->arena, text, &s->options.link);
}

/* A picture with two codes that differ does not say which is meant. */
static yao_status read_image(yao_presenting *s, const char *path)
{
    yao_inputs read;

    YAO_TRY(yao_input_read_all(path, &s->arena, &read));
    for (size_t i = 1; i < read.count; i++)
        if (!yao_bytes_equal(read.list[i], read.list[0]))
            return YAO_E_DUPLICATE;
    return keep_link(s, read.list[0]);
}

static yao_status read_link(yao_presenting *s, const char *link)
{
    yao_bytes file;

    if (strstr(link, "://") != NULL ||
        yao_standing_is(yao_text_bytes(yao_text_of(link))))
        return keep_link(s, yao_text_bytes(yao_text_of(link)));
    YAO_TRY(yao_file_read(link, MOST_LINK, &file));
    yao_status status = keep_link(s, file);
    yao_file_free(&file);
    return status;
}

/* Before the wallet is opened: a picture is looked at by a child, which has a
 * copy of our memory. */
static int take_link(yao_presenting *s, const char *link, const char *image)
{
    yao_status status = image != NULL ? read_image(s, image)
                                      : read_link(s, link);

    if (status == YAO_OK)
        return 0;
    return yao_fail(status, s->what, image != NULL ? image : link,
                    (yao_words){NULL, NULL},
                    WORDS("give the link of the request, a file with it, or "
                          "with --image a picture of one code",
                          "请给出请求链接、存有它的文件，或用 --image 给出一个二"
                          "维码的图片"));
}

/* ---- beginning and end -------------------------------------------------- */

static int prepare(yao_presenting *s, const char *link, const char *image)
{
    const char *page = yao_argument(s->call, "dc-api");
    int         code = page != NULL ? yao_presenting_take_page(s, page)
                                    : take_link(s, link, image);

    s->options.terms.crypto       = s->crypto;
    s->options.terms.unsigned_too = yao_given(s->call, "unidentified");
    s->options.terms.plain_too    = yao_given(s->call, "unencrypted");
    s->options.terms.loopback     = yao_given(s->call, "local");
    s->options.terms.types =
        yao_vp_shipped_kinds(&s->options.terms.type_count);
    s->options.tell               = yao_given(s->call, "tell");
    if (code == 0)
        code = yao_presenting_take_trust(s);
    if (code == 0)
        code = yao_presenting_connect(s);
    if (code == 0 && yao_presenting_set_terms(s) != YAO_OK)
        code = yao_fail_memory();
    return code == 0 ? yao_presenting_scan(s) : code;
}

void yao_presenting_end(yao_presenting *s)
{
    for (size_t i = 0; i < s->part_count; i++)
        yao_key_close(s->parts[i].key);
    yao_key_close(s->once);
    net_client_close(s->client);
    yao_wallet_close(s->wallet);
    app_trusting_close(&s->trust);
    yao_openssl_close(s->openssl);
    yao_memory_free(&s->arena);
}

yao_status yao_presenting_begin(yao_presenting       *s,
                                const yao_invocation *call, yao_words what,
                                size_t memory)
{
    s->call    = call;
    s->what    = what;
    s->now     = yao_wallet_now();
    s->openssl = yao_openssl_open();
    if (s->openssl == NULL)
        return YAO_E_CRYPTO;
    s->crypto = yao_openssl_crypto(s->openssl);
    return yao_memory_open(memory, &s->arena);
}

int yao_presenting_run(const yao_invocation *call, yao_words what,
                       const char *link, const char *image)
{
    yao_presenting *s = calloc(1, sizeof *s);
    int             code;

    if (s == NULL)
        return yao_fail_memory();
    if (yao_presenting_begin(s, call, what, MEMORY) != YAO_OK) {
        code = yao_fail_memory();
    } else {
        code = prepare(s, link, image);
        if (code == 0)
            code = yao_presenting_tell(s, drive(s));
    }
    yao_presenting_end(s);
    free(s);
    return code;
}
