/* SPDX-License-Identifier: Apache-2.0 */
#include "forge.h"

#include "check.h"

static yao_openssl     *home;
static yao_openssl_key *keys[FORGE_KEYS];

static void close_all(void)
{
    yao_openssl_close(home);
    for (size_t i = 0; i < FORGE_KEYS; i++)
        yao_openssl_key_close(keys[i]);
}

static yao_openssl *get_home(void)
{
    if (home == NULL) {
        home = yao_openssl_open();
        assert_non_null(home);
        atexit(close_all);
    }
    return home;
}

yao_openssl_key *forge_key(int n)
{
    get_home();
    if (keys[n] == NULL)
        assert_status(
            yao_openssl_key_generate(n < 8 ? YAO_ES256 : YAO_ES384, &keys[n]),
            YAO_OK);
    return keys[n];
}

const yao_crypto *forge_crypto(void)
{
    return yao_openssl_crypto(get_home());
}

yao_x509_request forge_request(yao_x509_kind kind, int key,
                               const yao_certificate *issuer)
{
    static uint8_t   serials[8][16];
    static size_t    turn;
    uint8_t         *serial = serials[turn++ % 8];
    yao_x509_request q      = {
             .kind         = kind,
             .country      = YAO_TEXT("UT"),
             .organisation = YAO_TEXT("SPECIMEN Utopia"),
             .issuer_uri   = YAO_TEXT("https://authority.example/"),
             .crl_uri      = YAO_TEXT("https://authority.example/crl"),
             .issuer       = issuer,
             .not_before   = FORGE_NOW - 30 * YAO_TIME_DAY,
             .not_after    = FORGE_NOW + 300 * YAO_TIME_DAY};

    assert_status(yao_openssl_random(serial, 16), YAO_OK);
    q.serial = (yao_bytes){serial, 16};
    q.key    = yao_openssl_key_public(forge_key(key));
    q.alg    = issuer == NULL ? yao_openssl_key_alg(forge_key(key))
                              : yao_sig_by_curve(issuer->key.curve)->alg;
    q.common_name = kind == YAO_X509_ROOT     ? YAO_TEXT("SPECIMEN root")
                    : kind == YAO_X509_SIGNER ? YAO_TEXT("SPECIMEN signer")
                    : kind == YAO_X509_TRUST  ? YAO_TEXT("SPECIMEN trust lists")
                    : kind == YAO_X509_STATUS ? YAO_TEXT("SPECIMEN status")
                                              : YAO_TEXT("SPECIMEN reader");
    if (kind == YAO_X509_ROOT)
        q.not_after = FORGE_NOW + 9 * 365 * YAO_TIME_DAY;
    if (kind == YAO_X509_READER) {
        q.serial_number = YAO_TEXT("91110000SPECIMEN0X");
        q.san_dns       = YAO_TEXT("desk.example");
        q.san_uri       = YAO_TEXT("urn:yaopai:profiles:hotel");
    }
    return q;
}

static yao_bytes keep(yao_writer *w)
{
    yao_bytes out;

    assert_status(yao_writer_keep(w, test_arena(), &out), YAO_OK);
    return out;
}

static yao_bytes sign(yao_bytes tbs, yao_openssl_key *signer)
{
    yao_sig_alg   alg  = yao_openssl_key_alg(signer);
    yao_sign_wish wish = yao_sign_wish_of(alg, tbs);
    uint8_t      *out  = yao_arena_take(test_arena(), YAO_MAX_SIGNATURE);
    size_t        len;

    assert_non_null(out);
    assert_status(yao_openssl_sign(signer, &wish, out, &len), YAO_OK);
    return (yao_bytes){out, len};
}

yao_bytes forge_write(const yao_x509_request *request, int signer)
{
    yao_writer w = yao_writer_in(test_arena());

    assert_status(yao_x509_put_tbs(&w, request, forge_crypto()), YAO_OK);
    yao_bytes tbs       = keep(&w);
    yao_bytes signature = sign(tbs, forge_key(signer));

    w = yao_writer_in(test_arena());
    yao_x509_put_certificate(&w, tbs, request->alg, signature);
    return keep(&w);
}

yao_bytes forge_make(yao_x509_kind kind, int key, yao_bytes issuer, int signer)
{
    yao_certificate from;

    if (issuer.len != 0)
        assert_status(yao_x509_read(issuer, &from), YAO_OK);

    yao_x509_request q =
        forge_request(kind, key, issuer.len != 0 ? &from : NULL);
    return forge_write(&q, issuer.len != 0 ? signer : key);
}

/* ---- taken apart ---- */

static void open_extensions(forge *f, yao_der_reader *list)
{
    while (yao_der_peek(list) != 0 && f->count < FORGE_EXTENSIONS) {
        yao_der_reader   seq = yao_der_enter(list, YAO_DER_SEQUENCE);
        forge_extension *e   = &f->extensions[f->count++];

        *e     = (forge_extension){.critical = {NULL, 0}};
        e->oid = yao_der_get(&seq, YAO_DER_OID);
        if (yao_der_peek(&seq) == YAO_DER_BOOLEAN)
            e->critical = yao_der_get_any(&seq).whole;
        e->value = yao_der_get(&seq, YAO_DER_OCTETS);
        yao_der_leave(list, &seq);
    }
}

bool forge_try(forge *f, yao_bytes certificate)
{
    yao_der_reader r    = yao_der_open(certificate);
    yao_der_reader cert = yao_der_enter(&r, YAO_DER_SEQUENCE);
    yao_der_reader tbs  = yao_der_enter(&cert, YAO_DER_SEQUENCE);

    *f           = (forge){.count = 0};
    f->version   = yao_der_get_any(&tbs).whole;
    f->serial    = yao_der_get_any(&tbs).whole;
    f->algorithm = yao_der_get_any(&tbs).whole;
    f->issuer    = yao_der_get_any(&tbs).whole;
    f->dates     = yao_der_get_any(&tbs).whole;
    f->subject   = yao_der_get_any(&tbs).whole;
    f->key       = yao_der_get_any(&tbs).whole;

    if (yao_der_peek(&tbs) != 0) {
        yao_der_reader outer = yao_der_enter(&tbs, YAO_DER_EXPLICIT(3));
        yao_der_reader list  = yao_der_enter(&outer, YAO_DER_SEQUENCE);
        open_extensions(f, &list);
        yao_der_leave(&outer, &list);
        yao_der_leave(&tbs, &outer);
    }
    yao_der_leave(&cert, &tbs);
    f->outer = yao_der_get_any(&cert).whole;
    yao_der_get_any(&cert);
    yao_der_leave(&r, &cert);
    return yao_der_close(&r) == YAO_OK;
}

void forge_open(forge *f, yao_bytes certificate)
{
    assert_true(forge_try(f, certificate));
}

static void close_extensions(const forge *f, yao_writer *w)
{
    size_t outer = yao_der_begin(w, YAO_DER_EXPLICIT(3));
    size_t list  = yao_der_begin(w, YAO_DER_SEQUENCE);

    for (size_t i = 0; i < f->count; i++) {
        size_t seq = yao_der_begin(w, YAO_DER_SEQUENCE);
        yao_der_put(w, YAO_DER_OID, f->extensions[i].oid);
        yao_put_bytes(w, f->extensions[i].critical);
        yao_der_put(w, YAO_DER_OCTETS, f->extensions[i].value);
        yao_der_end(w, seq);
    }
    yao_der_end(w, list);
    yao_der_end(w, outer);
}

yao_bytes forge_close(const forge *f, yao_openssl_key *signer)
{
    yao_writer w   = yao_writer_in(test_arena());
    size_t     seq = yao_der_begin(&w, YAO_DER_SEQUENCE);

    yao_put_bytes(&w, f->version);
    yao_put_bytes(&w, f->serial);
    yao_put_bytes(&w, f->algorithm);
    yao_put_bytes(&w, f->issuer);
    yao_put_bytes(&w, f->dates);
    yao_put_bytes(&w, f->subject);
    yao_put_bytes(&w, f->key);
    yao_put_bytes(&w, f->further);
    if (f->count != 0)
        close_extensions(f, &w);
    yao_der_end(&w, seq);

    yao_bytes tbs       = keep(&w);
    yao_bytes signature = sign(tbs, signer);

    w          = yao_writer_in(test_arena());
    seq        = yao_der_begin(&w, YAO_DER_SEQUENCE);
    yao_put_bytes(&w, tbs);
    yao_put_bytes(&w, f->outer);
    size_t bits = yao_der_begin(&w, YAO_DER_BIT_STRING);
    yao_put_byte(&w, 0);
    yao_der_put_signature(&w, signature);
    yao_der_end(&w, bits);
    yao_der_end(&w, seq);
    return keep(&w);
}

forge_extension *forge_find(forge *f, uint8_t id)
{
    for (size_t i = 0; i < f->count; i++) {
        yao_bytes oid = f->extensions[i].oid;
        if (oid.len == 3 && oid.ptr[0] == 0x55 && oid.ptr[2] == id)
            return &f->extensions[i];
    }
    return NULL;
}

void forge_drop(forge *f, uint8_t id)
{
    forge_extension *e = forge_find(f, id);

    if (e == NULL)
        return;
    f->count--;
    memmove(e, e + 1, (size_t)(&f->extensions[f->count] - e) * sizeof *e);
}

void forge_add(forge *f, uint8_t id, bool critical, const char *value)
{
    uint8_t oid[3] = {0x55, 0x1d, id};

    assert_true(f->count < FORGE_EXTENSIONS);
    forge_extension *e = &f->extensions[f->count++];
    *e = (forge_extension){.value = test_unhex(value)};
    assert_status(
        yao_arena_keep(test_arena(), (yao_bytes){oid, sizeof oid}, &e->oid),
        YAO_OK);
    if (critical)
        e->critical = YAO_LIT("\x01\x01\xff");
}

void forge_set(forge *f, uint8_t id, const char *value)
{
    forge_extension *e = forge_find(f, id);

    if (e != NULL)
        e->value = test_unhex(value);
    else
        forge_add(f, id, false, value);
}

void forge_critical(forge *f, uint8_t id, bool critical)
{
    forge_extension *e = forge_find(f, id);

    assert_non_null(e);
    e->critical = critical ? YAO_LIT("\x01\x01\xff") : (yao_bytes){NULL, 0};
}

yao_bytes forge_element(uint8_t tag, yao_bytes content)
{
    yao_writer w = yao_writer_in(test_arena());

    yao_der_put(&w, tag, content);
    return keep(&w);
}

yao_bytes forge_dates(yao_time not_before, yao_time not_after)
{
    yao_writer w   = yao_writer_in(test_arena());
    size_t     seq = yao_der_begin(&w, YAO_DER_SEQUENCE);

    yao_der_put_time(&w, not_before);
    yao_der_put_time(&w, not_after);
    yao_der_end(&w, seq);
    return keep(&w);
}

static void put_attribute(yao_writer *w, const char *oid, uint8_t tag,
                          const char *value)
{
    if (value == NULL)
        return;
    size_t set = yao_der_begin(w, YAO_DER_SET);
    size_t seq = yao_der_begin(w, YAO_DER_SEQUENCE);
    yao_der_put(w, YAO_DER_OID, (yao_bytes){(const uint8_t *)oid, 3});
    yao_der_put(w, tag, yao_text_bytes(yao_text_of(value)));
    yao_der_end(w, seq);
    yao_der_end(w, set);
}

yao_bytes forge_name(const char *country, const char *state,
                     const char *common_name)
{
    yao_writer w   = yao_writer_in(test_arena());
    size_t     seq = yao_der_begin(&w, YAO_DER_SEQUENCE);

    put_attribute(&w, "\x55\x04\x06", YAO_DER_PRINTABLE, country);
    put_attribute(&w, "\x55\x04\x08", YAO_DER_UTF8, state);
    put_attribute(&w, "\x55\x04\x03", YAO_DER_UTF8, common_name);
    yao_der_end(&w, seq);
    return keep(&w);
}
