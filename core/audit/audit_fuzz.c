/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The first byte says what the rest is: a statement for a page, a note of what
 * was seen, an entry that was opened.
 *
 *   - a statement under a key that nobody has is never good, whatever it says
 *     of itself; with its own keys only when the home found a good signature
 *   - a note that is read is written again so that it is read the same
 *   - an entry that is read commits to nothing here: its key is the fuzzer's,
 *     but its leaf would have to be a hash of it
 */

#include "audit/audit.h"
#include "yaopai/openssl.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { ROOM = 1024 * 1024 };

static _Alignas(max_align_t) uint8_t memory[ROOM];

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "audit: %s\n", what);
        abort();
    }
}

static const yao_crypto *home(void)
{
    static yao_openssl *openssl;

    if (openssl == NULL)
        openssl = yao_openssl_open();
    demand(openssl != NULL, "no home");
    return yao_openssl_crypto(openssl);
}

static bool has_good(const yao_audit_pending *p)
{
    for (size_t i = 0; i < p->note.check_count; i++)
        if (p->note.checks[i].outcome == YAO_SIG_GOOD)
            return true;
    return false;
}

static void statement(yao_bytes input, const yao_audit_page *seen)
{
    yao_arena              arena  = {memory, sizeof memory, 0};
    const yao_audit_wanted wanted = {YAO_TEXT("wallet"), YAO_LIT("{}"), seen};
    yao_audit_pending      p;
    yao_audit_page         page;

    if (yao_audit_page_begin(&arena, home(), input, seen, &p) != YAO_OK)
        return;
    demand(yao_audit_page_conclude(&arena, home(), &p, &wanted, &page) !=
               YAO_OK,
           "good before anybody looked");
    demand(home()->verify(home()->ctx, p.note.checks, p.note.check_count) ==
               YAO_OK,
           "a home that failed");
    bool good = has_good(&p);
    demand(yao_audit_page_conclude(&arena, home(), &p, &wanted, &page) !=
                   YAO_OK ||
               good,
           "good without a signature");
    demand(seen == NULL || !good, "signed by nobody's key");
}

static void note(yao_bytes input)
{
    yao_arena      arena = {memory, sizeof memory, 0};
    yao_audit_page page, again;
    yao_bytes      text;

    if (yao_audit_page_read(&arena, input, &page) != YAO_OK)
        return;
    yao_writer w = yao_writer_in(&arena);
    yao_audit_page_put(&w, &page);
    if (yao_writer_keep(&w, &arena, &text) != YAO_OK)
        return;
    demand(yao_audit_page_read(&arena, text, &again) == YAO_OK,
           "written, and not read");
    demand(again.version == page.version && again.index == page.index &&
               again.at == page.at && again.key_count == page.key_count &&
               yao_text_equal(again.log, page.log) &&
               yao_text_equal(again.page, page.page),
           "written, and read as another");
}

static void opening(yao_bytes input)
{
    yao_arena         arena = {memory, sizeof memory, 0};
    const yao_json   *object;
    yao_audit_opening o;
    yao_audit_said    said;
    uint8_t           commitment[YAO_SHA256_LEN];
    yao_audit_leaf    leaf;

    if (yao_json_parse_object(&arena, input, &object) != YAO_OK ||
        yao_audit_read_opening(&arena, object, &o) != YAO_OK ||
        yao_audit_check(&arena, home(), &o, NULL, &said) != YAO_OK)
        return;
    demand(yao_audit_read_leaf(o.leaf, &leaf) == YAO_OK &&
               yao_audit_commit(home(), o.key.ptr, o.text, commitment) ==
                   YAO_OK &&
               yao_bytes_equal(leaf.commitment,
                               (yao_bytes){commitment, sizeof commitment}),
           "good, and committed to something else");
}

/* A log whose key is made here, and signs nothing. */
static const yao_audit_page *silent_log(void)
{
    static uint8_t        line[512];
    static yao_audit_page seen;
    yao_openssl_key      *secret;
    yao_tlog_key          key;

    if (seen.key_count > 0)
        return &seen;
    demand(yao_openssl_key_generate(YAO_ES256, &secret) == YAO_OK, "no key");
    yao_public_key public = yao_openssl_key_public(secret);
    yao_openssl_key_close(secret);
    seen.log  = YAO_TEXT("authority.localhost:9100/log");
    seen.page = YAO_TEXT("wallet");
    demand(yao_tlog_key_make(home(), seen.log, &public, &key) == YAO_OK,
           "no key of a log");
    yao_writer w = yao_writer_open(line, sizeof line);
    yao_tlog_key_put(&w, &key);
    seen.keys[seen.key_count++] = (yao_text){line, w.len};
    return &seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len < 1)
        return 0;
    yao_bytes rest = {data + 1, len - 1};
    if (data[0] % 4 == 0)
        statement(rest, NULL);
    else if (data[0] % 4 == 1)
        statement(rest, silent_log());
    else if (data[0] % 4 == 2)
        note(rest);
    else
        opening(rest);
    return 0;
}
