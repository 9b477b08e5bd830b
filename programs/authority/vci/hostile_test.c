/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that were good, with something of them changed at random: none of
 * them is our failure, and none whose signed part was touched is accepted. */

#include "ci_world.h"

#include <stdlib.h>

static uint64_t dice = 88172645463325252u;

/* xorshift64: the same changes in each run. */
static size_t throw(size_t sides)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (size_t)(dice % sides);
}

/* ---- one change --------------------------------------------------------- */

static const uint8_t odd[] = {0,   '"', '{', '}', '[', ']', ',', ':', '.',
                              '~', '%', '&', '=', '+', '-', '_', '/', '\\',
                              ' ', 'A', '0', 0x7f, 0x80, 0xff};

static yao_bytes changed(yao_bytes in, yao_arena *arena)
{
    uint8_t *out  = yao_arena_take(arena, 2 * in.len + 2);
    size_t   at   = throw(in.len), some = 1 + throw(in.len - at);
    size_t   len  = in.len;
    uint8_t  byte = odd[throw(sizeof odd)];

    memcpy(out, in.ptr, in.len);
    switch (throw(5)) {
    case 0: out[at] ^= (uint8_t)(1u << throw(8)); break;
    case 1: out[at] = byte; break;
    case 2: /* cut out */
        memmove(out + at, out + at + some, in.len - at - some);
        len -= some;
        break;
    case 3: /* twice */
        memcpy(out + at + some, in.ptr + at, in.len - at);
        len += some;
        break;
    default: /* put in */
        memcpy(out + at + 1, in.ptr + at, in.len - at);
        out[at] = byte;
        len++;
    }
    return (yao_bytes){out, len};
}

static bool is_signed(yao_text name)
{
    return yao_text_equal(name, YAO_TEXT("dpop")) ||
           yao_text_equal(name, YAO_TEXT("oauth-client-attestation")) ||
           yao_text_equal(name, YAO_TEXT("oauth-client-attestation-pop"));
}

/* Change R in one place; true: where it was signed. (The scheme of a token may
 * be spelt as one likes.) */
static bool change(as_request *r)
{
    size_t    which = throw(r->header_count + 2);
    yao_bytes before;

    if (which >= r->header_count) {
        before  = r->body;
        r->body = changed(before, test_arena());
        return false;
    }
    net_header *h = &r->headers[which];
    before        = yao_text_bytes(h->value);
    yao_bytes now = changed(before, test_arena());
    h->value      = (yao_text){now.ptr, now.len};
    return is_signed(h->name) && !yao_bytes_equal(before, now);
}

static void judge(const as_answer *a, bool touched)
{
    assert_true(a->reply.status >= 200 && a->reply.status < 500);
    assert_false(touched && a->reply.status < 300);
}

/* ---- where -------------------------------------------------------------- */

enum { ROUNDS = 400 };

static void holds_par(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    ci_open();
    for (int i = 0; i < ROUNDS; i++) {
        size_t                      mark = test_arena()->used;
        const yao_authorize_request q    = as_wanted(&w);
        as_request r     = as_post(&w, "/par", AS_URL "/par");
        yao_writer form  = yao_writer_in(w.arena);
        bool       first = true;
        yao_authorize_put(&form, &first, &q);
        r.body         = as_keep(&form, w.arena);
        bool      hurt = change(&r);
        as_answer a    = as_send(&r);
        judge(&a, hurt);
        test_arena()->used = mark;
    }
    as_close();
}

static void holds_token(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    ci_open();
    for (int i = 0; i < ROUNDS; i++) {
        size_t                  mark = test_arena()->used;
        const yao_token_request q    = as_for_code(&w, as_code(&w));
        as_request r     = as_post(&w, "/token", AS_URL "/token");
        yao_writer form  = yao_writer_in(w.arena);
        bool       first = true;
        yao_token_request_put(&form, &first, &q);
        r.body         = as_keep(&form, w.arena);
        bool      hurt = change(&r);
        as_answer a    = as_send(&r);
        judge(&a, hurt);
        test_arena()->used = mark;
    }
    as_close();
}

static void holds_page(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    ci_open();
    for (int i = 0; i < ROUNDS; i++) {
        size_t     mark   = test_arena()->used;
        as_answer  pushed = as_push(&w);
        as_request r      = {.method = "POST", .path = "/authorize"};
        yao_writer form   = yao_writer_in(w.arena);
        bool       first  = true;
        yao_form_put(&form, &first, "client_id", yao_text_of(w.client));
        yao_form_put(&form, &first, "request_uri",
                     as_member(&pushed, "request_uri"));
        yao_form_put(&form, &first, "answer", YAO_TEXT("allow"));
        r.body = as_keep(&form, w.arena);
        (void)change(&r);
        as_answer a = as_send(&r);
        judge(&a, false);
        test_arena()->used = mark;
    }
    as_close();
}

static void holds_credential(void **state)
{
    (void)state;
    ci_open();
    ci_session s = ci_login("pass_sdjwt");
    for (int i = 0; i < ROUNDS; i++) {
        size_t     mark = test_arena()->used;
        ci_ask     q    = ci_new_ask(&s, 1);
        as_request r =
            ci_post(&s, "/credential", ci_body(&q, s.wallet.arena));
        bool       hurt = change(&r);
        as_answer  a    = ci_send(&r);
        judge(&a, hurt);
        ci_forget(&q);
        test_arena()->used = mark;
    }
    as_close();
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"refuses changed requests to push", holds_par},
    {"refuses changed requests for tokens", holds_token},
    {"refuses changed forms of the page", holds_page},
    {"refuses changed requests for documents", holds_credential},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("hostile", rows[i].name, rows[i].run, NULL);
    int code = test_run("vci/hostile");
    test_scratch_remove();
    return code;
}
