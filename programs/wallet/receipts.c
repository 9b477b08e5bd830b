/* SPDX-License-Identifier: Apache-2.0 */

/* A receipt that was scanned: of a card that was shown to a checker, who shows
 * it as a code. It goes to the showing whose challenge it names. */

#include <stdlib.h>

#include "app/files.h"
#include "app/input.h"
#include "app/pem.h"
#include "app/value.h"
#include "vp/receipt.h"
#include "vp/request.h"
#include "wallet/presenting.h"

static const yao_words what = WORDS_INIT("wallet history", "出示记录");

typedef struct taking {
    yao_wallet       *wallet;
    yao_openssl      *openssl;
    const yao_crypto *crypto;
    yao_bytes         letters;
    yao_certificate   reader; /* whose it should be */
    yao_wallet_event *event;
} taking;

/* Of somebody whom the registrar knows. */
static yao_status believe(taking *t, yao_bytes leaf)
{
    const yao_wallet *w      = t->wallet;
    yao_report        report = {.count = 0};
    yao_x509_path     path;

    YAO_TRY(yao_x509_find_path(&leaf, 1, w->roots, w->root_count,
                               YAO_ROLE_READER, YAO_TEXT(""), yao_now(), false,
                               &path, &report, 0));
    YAO_TRY(t->crypto->verify(t->crypto->ctx, path.checks, path.check_count));
    t->reader = path.leaf;
    return yao_oauth_answers(path.checks, path.check_count);
}

static yao_status read_reader(taking *t, const char *file)
{
    yao_anchors read = {.count = 0};

    YAO_TRY(
        yao_anchors_add_file(&read, &t->wallet->arena, file, YAO_ROLE_READER));
    if (read.count == 0 || read.list[0].certificate.len == 0)
        return YAO_E_MISSING;
    return believe(t, read.list[0].certificate);
}

static yao_status read_letters(taking *t, const char *file)
{
    yao_inputs read;

    YAO_TRY(yao_input_read_all(file, &t->wallet->arena, &read));
    if (read.count != 1)
        return YAO_E_DUPLICATE;
    t->letters = read.list[0];
    while (t->letters.len > 0 && t->letters.ptr[t->letters.len - 1] <= ' ')
        t->letters.len--;
    return YAO_OK;
}

/* The newest showing that answered what BOUND is the hash of. */
static yao_status find_event(taking *t, yao_bytes bound)
{
    yao_wallet *w   = t->wallet;
    yao_writer  out = yao_writer_in(&w->arena);
    yao_bytes   hex;

    if (bound.len == 0)
        return YAO_E_MISSING;
    yao_put_hex(&out, bound);
    YAO_TRY(yao_writer_keep(&out, &w->arena, &hex));
    for (size_t i = w->event_count; i-- > 0;)
        if (yao_bytes_equal(yao_text_bytes(w->events[i].request), hex)) {
            t->event = &w->events[i];
            return YAO_OK;
        }
    return YAO_E_NOT_FOUND;
}

static yao_status verify(taking *t)
{
    yao_receipt_terms      terms = {.key = t->reader.key};
    yao_receipt_unverified r;
    yao_signature_check    check;

    YAO_TRY(yao_receipt_read(&t->wallet->arena, t->letters, &r));
    YAO_TRY(yao_vp_make_client_id(&t->wallet->arena, t->crypto, t->reader.der,
                                  &terms.issuer));
    YAO_TRY(yao_receipt_check(&r, &terms, &check));
    YAO_TRY(t->crypto->verify(t->crypto->ctx, &check, 1));
    YAO_TRY(yao_oauth_answers(&check, 1));
    return find_event(t, r.said.bound);
}

static yao_status take(taking *t, const char *file, const char *reader)
{
    yao_bytes kept;

    t->openssl = yao_openssl_open();
    if (t->openssl == NULL)
        return YAO_E_CRYPTO;
    t->crypto = yao_openssl_crypto(t->openssl);
    YAO_TRY(read_letters(t, file));
    YAO_TRY(read_reader(t, reader));
    YAO_TRY(verify(t));
    YAO_TRY(yao_arena_keep(&t->wallet->arena, t->letters, &kept));
    t->event->receipt    = (yao_text){kept.ptr, kept.len};
    t->event->receipt_is = YAO_TEXT(YAO_RECEIPT_VERIFIED);
    return yao_wallet_save(t->wallet);
}

static yao_words why(yao_status status)
{
    switch (status) {
    case YAO_E_NOT_FOUND:
        return WORDS("this wallet answered no such challenge",
                     "本钱包未应答过该挑战");
    case YAO_E_MISSING:
        return WORDS("it answers nobody: of an open card there is nothing that "
                     "says whose showing it was",
                     "该回执不对应任何出示（公开码）");
    case YAO_E_MISMATCH:
        return WORDS("it is not of this reader", "不是该读卡方的回执");
    case YAO_E_BAD_SIGNATURE:
        return WORDS("its signature is wrong", "签名错误");
    case YAO_E_UNTRUSTED:
        return WORDS("the registrar does not know this reader",
                     "登记机关未登记该读卡方");
    default:
        return (yao_words){NULL, NULL};
    }
}

int yao_wallet_take_receipt(const yao_invocation *call, yao_wallet *wallet)
{
    taking      t      = {.wallet = wallet};
    const char *file   = yao_argument(call, "receipt");
    const char *reader = yao_argument(call, "reader");

    if (reader == NULL)
        return yao_fail(
            YAO_E_USAGE, what, "--reader",
            WORDS("nobody says whose receipt it is", "未说明是谁的回执"),
            WORDS("give the reader certificate of who scanned you",
                  "请给出核验方的读卡证书"));
    yao_status status = take(&t, file, reader);
    yao_openssl_close(t.openssl);
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, what, file, why(status),
                    WORDS("nothing was kept; scan it again, or ask who gave it",
                          "未保存；请重新扫描或询问提供者"));
}
