/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/request.h"

#include "csr.h"

static yao_openssl_key *key, *other, *big;

static const struct row {
    const char *name;
    csr_wish    wish; /* keys are filled in: 1 is another one */
    bool        other, big;
    yao_status  want;
    bool        good; /* its signature */
} rows[] = {
    {"accepts a request by its own key", {0}, false, false, YAO_OK, true},
    {"accepts one without attributes", {.bare = true}, false, false, YAO_OK,
     true},
    {"accepts P-384", {0}, false, true, YAO_OK, true},
    {"refuses a signature by another key", {0}, true, false, YAO_OK, false},
    {"refuses a spoiled signature", {.spoil = true}, false, false, YAO_OK,
     false},
    {"refuses another version", {.version = 1}, false, false, YAO_E_PROFILE,
     false},
    {"refuses an algorithm of another curve", {.sha384 = true}, false, false,
     YAO_E_ALGORITHM, false},
    {"refuses a number for a name", {.no_name = true}, false, false,
     YAO_E_MALFORMED, false},
};

static void open_keys(void)
{
    if (key != NULL)
        return;
    assert_status(yao_openssl_key_generate(YAO_ES256, &key), YAO_OK);
    assert_status(yao_openssl_key_generate(YAO_ES256, &other), YAO_OK);
    assert_status(yao_openssl_key_generate(YAO_ES384, &big), YAO_OK);
}

static bool is_good(yao_signature_check *check)
{
    yao_openssl      *openssl = yao_openssl_open();
    const yao_crypto *crypto  = yao_openssl_crypto(openssl);

    assert_status(crypto->verify(crypto->ctx, check, 1), YAO_OK);
    yao_openssl_close(openssl);
    return check->outcome == YAO_SIG_GOOD;
}

static void reads(void **state)
{
    const struct row   *row = *state;
    csr_wish            wish = row->wish;
    yao_public_key      found = {.len = 7};
    yao_signature_check check = {.part_count = 9};
    uint8_t             raw[YAO_MAX_SIGNATURE];

    open_keys();
    wish.key    = row->big ? big : key;
    wish.signer = row->other ? other : NULL;
    assert_status(yao_x509_read_request(csr_make(&wish), &found, &check, raw),
                  row->want);
    if (row->want != YAO_OK) {
        assert_int_equal(found.len, 7); /* not written */
        assert_int_equal(check.part_count, 9);
        return;
    }
    yao_public_key mine = yao_openssl_key_public(wish.key);
    assert_true(yao_public_key_equal(&found, &mine));
    assert_int_equal(is_good(&check), row->good);
}

static void refuses_every_prefix(void **state)
{
    csr_wish            wish = {.key = (open_keys(), key)};
    yao_bytes           der  = csr_make(&wish);
    yao_public_key      found;
    yao_signature_check check;
    uint8_t             raw[YAO_MAX_SIGNATURE];

    (void)state;
    for (size_t len = 0; len < der.len; len++)
        assert_int_not_equal(yao_x509_read_request((yao_bytes){der.ptr, len},
                                                   &found, &check, raw),
                             YAO_OK);
    uint8_t *more = yao_arena_take(test_arena(), der.len + 1);
    memcpy(more, der.ptr, der.len);
    more[der.len] = 0;
    assert_status(yao_x509_read_request((yao_bytes){more, der.len + 1}, &found,
                                        &check, raw),
                  YAO_E_TRAILING);
    assert_status(yao_x509_read_request((yao_bytes){der.ptr, 1}, &found, &check,
                                        raw),
                  YAO_E_TRUNCATED);
    assert_status(yao_x509_read_request(YAO_LIT("\x30\x81\x01\x00"), &found,
                                        &check, raw),
                  YAO_E_NOT_SHORTEST);
}

/* No flipped bit is a good request of the same key. */
static void refuses_every_flip(void **state)
{
    csr_wish            wish = {.key = (open_keys(), key)};
    yao_bytes           der  = csr_make(&wish);
    uint8_t            *copy = yao_arena_take(test_arena(), der.len);
    yao_public_key      found;
    yao_signature_check check;
    uint8_t             raw[YAO_MAX_SIGNATURE];

    (void)state;
    memcpy(copy, der.ptr, der.len);
    for (size_t bit = 0; bit < der.len * 8; bit++) {
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (yao_x509_read_request((yao_bytes){copy, der.len}, &found, &check,
                                  raw) == YAO_OK)
            assert_false(is_good(&check));
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

/* A compressed point: no uncompressed one. */
static void refuses_other_points(void **state)
{
    csr_wish            wish = {.key = (open_keys(), key)};
    yao_bytes           der  = csr_make(&wish);
    uint8_t            *copy = yao_arena_take(test_arena(), der.len);
    yao_public_key      mine = yao_openssl_key_public(key), found;
    yao_signature_check check;
    uint8_t             raw[YAO_MAX_SIGNATURE];
    size_t              at = 0;

    (void)state;
    memcpy(copy, der.ptr, der.len);
    while (memcmp(copy + at, mine.point, mine.len) != 0)
        at++;
    copy[at] = 2;
    assert_status(yao_x509_read_request((yao_bytes){copy, der.len}, &found,
                                        &check, raw),
                  YAO_E_KEY);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("request", rows[i].name, reads, &rows[i]);
    test_add("request", "refuses every prefix, and more", refuses_every_prefix,
             NULL);
    test_add("request", "refuses every flipped bit", refuses_every_flip, NULL);
    test_add("request", "refuses a point of another form",
             refuses_other_points, NULL);
    int code = test_run("core/x509/request");
    yao_openssl_key_close(key);
    yao_openssl_key_close(other);
    yao_openssl_key_close(big);
    return code;
}
