/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static X509 *parse(yao_bytes der)
{
    const uint8_t *p    = der.ptr;
    X509          *x    = d2i_X509(NULL, &p, (long)der.len);
    bool           tail = x != NULL && p != der.ptr + der.len;

    ERR_clear_error();
    if (!tail)
        return x;
    X509_free(x);
    return NULL;
}

static bool same_name(const X509_NAME *name, yao_bytes want)
{
    const unsigned char *der;
    size_t               len;

    return X509_NAME_get0_der(name, &der, &len) == 1 &&
           yao_bytes_equal((yao_bytes){der, len}, want);
}

static bool same_serial(const X509 *x, yao_bytes want)
{
    const ASN1_INTEGER *n = X509_get0_serialNumber(x);
    yao_bytes           got = {ASN1_STRING_get0_data(n),
                               (size_t)ASN1_STRING_length(n)};

    if (want.len > 1 && want.ptr[0] == 0) {
        want.ptr++;
        want.len--;
    }
    return ASN1_STRING_type(n) == V_ASN1_INTEGER && yao_bytes_equal(got, want);
}

static bool same_key(const X509 *x, const yao_public_key *want)
{
    const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr(x);
    yao_bytes              got  = {ASN1_STRING_get0_data(bits),
                                   (size_t)ASN1_STRING_length(bits)};

    return yao_bytes_equal(got, (yao_bytes){want->point, want->len});
}

/* Our bits are numbered as RFC 5280 numbers them, theirs from the top of each
 * byte. */
static uint32_t their_usage(X509 *x)
{
    uint32_t theirs = X509_get_key_usage(x), ours = 0;

    if (theirs == UINT32_MAX)
        return 0;
    for (uint32_t i = 0; i < 8; i++)
        ours |= (theirs >> (7 - i) & 1) << i;
    return ours | (theirs >> 15 & 1) << 8;
}

static bool same(X509 *x, const yao_certificate *c)
{
    uint32_t flags = X509_get_extension_flags(x);

    if ((flags & (EXFLAG_INVALID | EXFLAG_CRITICAL)) != 0)
        return false;
    return X509_get_version(x) == X509_VERSION_3 &&
           same_serial(x, c->serial) && same_key(x, &c->key) &&
           same_name(X509_get_subject_name(x), c->subject) &&
           same_name(X509_get_issuer_name(x), c->issuer) &&
           ASN1_TIME_cmp_time_t(X509_get0_notBefore(x),
                                (time_t)c->not_before) == 0 &&
           ASN1_TIME_cmp_time_t(X509_get0_notAfter(x),
                                (time_t)c->not_after) == 0 &&
           ((flags & EXFLAG_CA) != 0) == c->ca &&
           X509_get_pathlen(x) == c->path_len && their_usage(x) == c->key_usage;
}

bool peer_agrees(const yao_certificate *c)
{
    X509 *x      = parse(c->der);
    bool  agrees = x != NULL && same(x, c);

    X509_free(x);
    return agrees;
}

bool peer_knows_key(const yao_certificate *c)
{
    X509 *x     = parse(c->der);
    bool  knows = x != NULL && X509_get0_pubkey(x) != NULL;

    X509_free(x);
    ERR_clear_error();
    return knows;
}

/* ---- paths ---- */

static bool let_pass(X509_STORE_CTX *ctx, const peer_question *q)
{
    switch (X509_STORE_CTX_get_error(ctx)) {
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY:
        return q->unsigned_;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return ASN1_TIME_cmp_time_t(
                   X509_get0_notAfter(X509_STORE_CTX_get_current_cert(ctx)),
                   (time_t)q->now) == 0;
    default:
        return false;
    }
}

static int on_error(int ok, X509_STORE_CTX *ctx)
{
    const peer_question *q = X509_STORE_CTX_get_app_data(ctx);

    return ok || let_pass(ctx, q);
}

static bool run(X509_STORE_CTX *ctx, const peer_question *q, X509 *anchor,
                const char **why)
{
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
    bool root = (X509_get_extension_flags(anchor) & EXFLAG_SS) != 0;
    unsigned long      flags = (q->strict ? X509_V_FLAG_X509_STRICT : 0) |
                          (root ? 0 : X509_V_FLAG_PARTIAL_CHAIN);

    X509_VERIFY_PARAM_set_flags(param, flags);
    X509_VERIFY_PARAM_set_time(param, (time_t)q->now);
    X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY);
    X509_STORE_CTX_set_app_data(ctx, (void *)(uintptr_t)q);
    X509_STORE_CTX_set_verify_cb(ctx, on_error);
    bool ok = X509_verify_cert(ctx) == 1;
    if (!ok && why != NULL)
        *why =
            X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx));
    return ok;
}

static STACK_OF(X509) *parse_above(const peer_question *q)
{
    STACK_OF(X509) *above = sk_X509_new_null();

    for (size_t i = 1; i < q->count; i++) {
        X509 *x = parse(q->chain[i]);
        if (x != NULL)
            sk_X509_push(above, x);
    }
    return above;
}

bool peer_accepts(const peer_question *q, const char **why)
{
    X509           *leaf   = q->count != 0 ? parse(q->chain[0]) : NULL;
    X509           *anchor = parse(q->anchor);
    X509_STORE     *store  = X509_STORE_new();
    X509_STORE_CTX *ctx    = X509_STORE_CTX_new();
    STACK_OF(X509) *above  = parse_above(q);
    bool            ok     = false;

    if (why != NULL)
        *why = "not readable";
    if (leaf != NULL && anchor != NULL &&
        X509_STORE_add_cert(store, anchor) == 1 &&
        X509_STORE_CTX_init(ctx, store, leaf, above) == 1)
        ok = run(ctx, q, anchor, why);

    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    sk_X509_pop_free(above, X509_free);
    X509_free(anchor);
    X509_free(leaf);
    ERR_clear_error();
    return ok;
}
