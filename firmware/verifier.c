/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A verifier on a serial line: what a door or a handheld reader does, without
 * the reader. README.md has the frames.
 *
 * All memory is counted here: what was told stays in `told`, a message in
 * `message`, everything about its verdict in `session`, which is emptied for
 * the next. Nothing else is static but the few words below.
 */
#include "board.h"

#include "crypto_small/small.h"
#include "yaopai/verify.h"
#include "yaopai/writer.h"

enum {
    TOLD    = 1536, /* anchor, signer, transcript, challenge */
    MESSAGE = 3072, /* a DeviceResponse of five elements has about 2,400 */
    SESSION = sizeof(yao_report) + 1216 * sizeof(void *)
};

static _Alignas(8) uint8_t told[TOLD], session[SESSION];
static uint8_t message[MESSAGE];
static size_t  session_used; /* the most so far */

typedef struct verifier {
    const yao_crypto  *crypto;
    yao_arena          memory; /* told */
    yao_anchor         anchor;
    yao_bytes          signer;
    yao_verify_options options;
} verifier;

/* ---- the line ---- */

static void say(const char *text)
{
    while (*text != 0)
        board_put((uint8_t)*text++);
}

static void say_number(size_t number)
{
    uint8_t    digits[20];
    yao_writer w = yao_writer_open(digits, sizeof digits);

    yao_put_decimal(&w, (int64_t)number);
    for (size_t i = 0; i < w.len; i++)
        board_put(digits[i]);
}

static size_t get_length(void)
{
    size_t high = board_get();

    return high << 8 | board_get();
}

/* LEN bytes into OUT; what does not fit into CAP is read and dropped. */
static bool get_bytes(uint8_t *out, size_t cap, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = board_get();

        if (i < cap)
            out[i] = byte;
    }
    return len <= cap;
}

/* A frame's content that stays. */
static yao_status keep(verifier *v, size_t len, yao_bytes *ret)
{
    size_t   left = v->memory.cap - v->memory.used;
    uint8_t *room = len <= left ? yao_arena_take(&v->memory, len) : NULL;

    if (!get_bytes(room, room != NULL ? len : 0, len))
        return YAO_E_SPACE;
    *ret = (yao_bytes){room, len};
    return YAO_OK;
}

/* ---- a verdict ---- */

static void say_row(const yao_report_row *row)
{
    say(" ");
    say(yao_check_name(row->check));
    say("=");
    say(yao_outcome_name(row->outcome));
    if (row->why != YAO_OK) {
        say("/");
        say(yao_status_name(row->why));
    }
}

/* "accept mdoc-device-response 5", and each row that is not a pass. */
static void say_result(const yao_result *result)
{
    size_t shown = 0;

    for (size_t i = 0; i < result->document_count; i++)
        shown += result->documents[i].attribute_count;
    say(yao_verdict_name(result->verdict));
    say(" ");
    say(yao_format_name(result->format));
    say(" ");
    say_number(shown);
    for (size_t i = 0; i < result->report.count; i++)
        if (result->report.rows[i].outcome != YAO_OUTCOME_PASS &&
            result->report.rows[i].outcome != YAO_OUTCOME_ABSENT)
            say_row(&result->report.rows[i]);
    say("\n");
}

static yao_status judge(verifier *v, size_t len)
{
    yao_arena   arena = {session, sizeof session, 0};
    yao_result *result;

    if (!get_bytes(message, sizeof message, len))
        return YAO_E_SPACE;

    v->options.anchors      = &v->anchor;
    v->options.anchor_count = v->anchor.certificate.len != 0;
    v->options.signers      = &v->signer;
    v->options.signer_count = v->signer.len != 0;
    yao_status status = yao_verify(&arena, v->crypto, (yao_bytes){message, len},
                                   &v->options, &result);
    if (arena.used > session_used)
        session_used = arena.used;
    if (status == YAO_OK)
        say_result(result);
    return status;
}

/* ---- frames ---- */

static yao_status set_time(verifier *v, size_t len)
{
    uint8_t letters[20];

    if (!get_bytes(letters, sizeof letters, len))
        return YAO_E_MALFORMED;
    return yao_time_parse((yao_bytes){letters, len}, &v->options.now);
}

static void say_memory(void)
{
    say("memory data ");
    say_number(board_data_size());
    say(" zero ");
    say_number(board_zero_size());
    say(" session ");
    say_number(session_used);
    say(" of ");
    say_number(sizeof session);
    say(" stack ");
    say_number(board_stack_used());
    say(" of ");
    say_number(board_stack_size());
    say("\n");
}

static void forget(verifier *v)
{
    const yao_crypto *crypto = v->crypto;

    *v = (verifier){.crypto = crypto,
                    .memory = {told, sizeof told, 0},
                    .anchor = {.role = YAO_ROLE_ISSUER}};
}

static yao_status answer(verifier *v, uint8_t kind, size_t len)
{
    switch (kind) {
    case 'n':
        forget(v);
        return get_bytes(NULL, 0, len) ? YAO_OK : YAO_E_USAGE;
    case 't':
        return set_time(v, len);
    case 'a':
        return keep(v, len, &v->anchor.certificate);
    case 'd':
        return keep(v, len, &v->signer);
    case 's':
        return keep(v, len, &v->options.transcript);
    case 'c':
        return keep(v, len, &v->options.challenge);
    case 'v':
        return judge(v, len);
    case 'm':
        say_memory();
        return get_bytes(NULL, 0, len) ? YAO_OK : YAO_E_USAGE;
    default:
        (void)get_bytes(NULL, 0, len);
        return YAO_E_USAGE;
    }
}

int main(void);
int main(void)
{
    yao_small small;
    verifier  v = {.crypto = yao_small_open(&small, NULL)};

    board_open();
    forget(&v);
    say("yaopai verifier\n");
    for (;;) {
        uint8_t    kind   = board_get();
        yao_status status = answer(&v, kind, get_length());

        if (status != YAO_OK) {
            say("error ");
            say(yao_status_name(status));
            say("\n");
        } else if (kind != 'v' && kind != 'm') {
            say("ok\n");
        }
    }
}
