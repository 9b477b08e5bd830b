/* SPDX-License-Identifier: Apache-2.0 */
#include "wycheproof.h"

#include "der/der.h"

#include <stdio.h>

#include "check.h"

const yao_crypto *wycheproof_home;

/* ---- finding the cases ---- */

yao_bytes wycheproof_hex(const yao_json *object, const char *name)
{
    uint8_t   *out = yao_arena_take(test_arena(), 70000);
    yao_text   text;
    yao_writer w = yao_writer_open(out, 70000);

    assert_status(
        yao_json_string(yao_json_get(object, name), test_arena(), &text),
        YAO_OK);
    assert_status(yao_get_hex(yao_text_bytes(text), &w), YAO_OK);
    return (yao_bytes){out, w.len};
}

int64_t wycheproof_number(const yao_json *object, const char *name)
{
    int64_t n;

    assert_status(yao_json_int(yao_json_get(object, name), &n), YAO_OK);
    return n;
}

/* The next {...} of AT, at the level where it starts. The files hold more
 * values than our reader takes at once, so they are read group by group. */
static yao_bytes next_object(const uint8_t **at, const uint8_t *end)
{
    const uint8_t *start  = NULL;
    size_t         depth  = 0;
    bool           quoted = false;

    for (const uint8_t *p = *at; p < end; p++) {
        if (quoted) {
            p += *p == '\\';
            quoted = *p != '"';
        } else if (*p == '"') {
            quoted = true;
        } else if (*p == '{') {
            start = depth++ == 0 ? p : start;
        } else if (*p == '}' && --depth == 0) {
            *at = p + 1;
            return (yao_bytes){start, (size_t)(*at - start)};
        }
    }
    return (yao_bytes){NULL, 0};
}

static size_t run_group(const wycheproof_file *f, const yao_json *group)
{
    const yao_json *tests = yao_json_get(group, "tests");
    size_t          count = 0;

    assert_non_null(tests);
    for (const yao_json *t = tests->first; t != NULL; t = t->next) {
        wycheproof v    = {group, t};
        size_t     mark = test_arena()->used;
        bool       want = !yao_json_is(yao_json_get(t, "result"), "invalid");

        if (f->accepts(&v) != want)
            fail_msg("%s: case %d should be %s", f->name,
                     (int)wycheproof_number(t, "tcId"),
                     want ? "accepted" : "refused");
        test_arena()->used = mark;
        count++;
    }
    return count;
}

void wycheproof_case(void **state)
{
    static const char      groups[] = "\"testGroups\"";
    const wycheproof_file *f        = *state;
    char                   path[128];
    size_t                 count = 0;

    if (!test_have_vectors())
        skip();
    snprintf(path, sizeof path, "wycheproof/%s_test.json", f->name);
    yao_bytes      text = test_vector(path);
    const uint8_t *end  = text.ptr + text.len;
    const uint8_t *at   = text.ptr;

    while (memcmp(at, groups, sizeof groups - 1) != 0)
        at++;
    for (yao_bytes one; (one = next_object(&at, end)).len > 0;) {
        const yao_json *group;
        size_t          mark = test_arena()->used;

        assert_status(yao_json_parse(test_arena(), one, &group), YAO_OK);
        count += run_group(f, group);
        test_arena()->used = mark;
    }
    assert_int_equal(count, f->count);
}

/* ---- one file each ---- */

static yao_public_key group_key(const wycheproof *v, yao_curve curve)
{
    yao_public_key key = {.curve = curve};
    yao_bytes      point =
        wycheproof_hex(yao_json_get(v->group, "publicKey"), "uncompressed");

    assert_true(point.len <= sizeof key.point);
    memcpy(key.point, point.ptr, point.len);
    key.len = (uint8_t)point.len;
    return key;
}

/* With and without memory, twice: the answers must be one. */
static bool verifies(const wycheproof *v, yao_sig_alg alg, yao_bytes signature)
{
    yao_signature_check check = {
        .alg        = alg,
        .key        = group_key(v, alg == YAO_ES256 ? YAO_P256 : YAO_P384),
        .parts      = {wycheproof_hex(v->test, "msg")},
        .part_count = 1,
        .signature  = signature};
    yao_signature_check checks[] = {check, check, check};

    checks[1].repeats = checks[2].repeats = true;
    assert_status(wycheproof_home->verify(wycheproof_home->ctx, checks, 3),
                  YAO_OK);
    for (size_t i = 1; i < 3; i++)
        assert_int_equal(checks[i].outcome, checks[0].outcome);
    return checks[0].outcome == YAO_SIG_GOOD;
}

bool wycheproof_es256(const wycheproof *v)
{
    return verifies(v, YAO_ES256, wycheproof_hex(v->test, "sig"));
}

bool wycheproof_es384(const wycheproof *v)
{
    return verifies(v, YAO_ES384, wycheproof_hex(v->test, "sig"));
}

bool wycheproof_es256_der(const wycheproof *v)
{
    uint8_t raw[64];

    return yao_der_get_signature(wycheproof_hex(v->test, "sig"), 32, raw) ==
               YAO_OK &&
           verifies(v, YAO_ES256, (yao_bytes){raw, sizeof raw});
}

bool wycheproof_hmac(const wycheproof *v)
{
    uint8_t   out[YAO_SHA256_LEN];
    yao_bytes message = wycheproof_hex(v->test, "msg");
    yao_bytes tag     = wycheproof_hex(v->test, "tag");

    assert_status(wycheproof_home->hmac(wycheproof_home->ctx, YAO_SHA256,
                                        wycheproof_hex(v->test, "key"),
                                        &message, 1, out),
                  YAO_OK);
    assert_int_equal(tag.len * 8, wycheproof_number(v->group, "tagSize"));
    return yao_bytes_equal_secret(tag, (yao_bytes){out, tag.len});
}

bool wycheproof_hkdf(const wycheproof *v)
{
    static uint8_t out[70000];
    size_t         len    = (size_t)wycheproof_number(v->test, "size");
    yao_status     status = wycheproof_home->hkdf(
        wycheproof_home->ctx, YAO_SHA256, wycheproof_hex(v->test, "ikm"),
        wycheproof_hex(v->test, "salt"), wycheproof_hex(v->test, "info"), out,
        len);

    return status == YAO_OK && yao_bytes_equal(wycheproof_hex(v->test, "okm"),
                                               (yao_bytes){out, len});
}
