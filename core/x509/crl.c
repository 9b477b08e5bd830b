/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/crl.h"

#include "x509/parts.h"

enum { LONGEST_DAYS = 90 };

/* id-ce: what a list and its entries may say. */
enum { ID_NUMBER = 20, ID_REASON = 21, ID_AKI = 35 };

static yao_status read_algorithm(yao_der_reader *r, const yao_sig_row **ret)
{
    yao_der_reader seq = yao_der_enter(r, YAO_DER_SEQUENCE);
    yao_bytes      oid = yao_der_get(&seq, YAO_DER_OID);

    YAO_TRY(seq.status);
    *ret = yao_sig_by_oid(oid);
    return *ret != NULL && seq.rest.len == 0 ? YAO_OK : YAO_E_ALGORITHM;
}

/* ---- extensions ---- */

typedef struct extension {
    uint8_t   id; /* the last number below id-ce; 0: another tree */
    bool      critical;
    yao_bytes value;
} extension;

static yao_status read_extension(yao_der_reader *list, extension *ret)
{
    yao_der_reader r   = yao_der_enter(list, YAO_DER_SEQUENCE);
    yao_bytes      oid = yao_der_get(&r, YAO_DER_OID);
    extension      e   = {.id = 0};

    if (yao_der_peek(&r) == YAO_DER_BOOLEAN) {
        e.critical = yao_der_get_bool(&r);
        if (r.status == YAO_OK && !e.critical)
            return YAO_E_MALFORMED; /* a default that is written out */
    }
    e.value = yao_der_get(&r, YAO_DER_OCTETS);
    yao_der_leave(list, &r);
    YAO_TRY(list->status);
    if (oid.len == 3 && oid.ptr[0] == 0x55 && oid.ptr[1] == 0x1d)
        e.id = oid.ptr[2];
    *ret = e;
    return YAO_OK;
}

static yao_status read_aki(yao_bytes value, yao_bytes *ret)
{
    yao_der_reader r   = yao_der_open(value);
    yao_der_reader seq = yao_der_enter(&r, YAO_DER_SEQUENCE);

    if (yao_der_peek(&seq) != YAO_DER_CONTEXT(0))
        return seq.status != YAO_OK ? seq.status : YAO_E_PROFILE;
    *ret = yao_der_get(&seq, YAO_DER_CONTEXT(0));
    while (seq.status == YAO_OK && seq.rest.len > 0)
        yao_der_get_any(&seq);
    yao_der_leave(&r, &seq);
    return yao_der_close(&r);
}

static yao_status read_number(yao_bytes value, yao_bytes *ret)
{
    yao_der_reader r = yao_der_open(value);

    *ret = yao_der_get(&r, YAO_DER_INTEGER);
    YAO_TRY(yao_der_close(&r));
    return ret->ptr[0] < 0x80 && ret->len <= 20 ? YAO_OK : YAO_E_PROFILE;
}

/* Those that would narrow what the list speaks of (28, 27) are critical, and
 * so refused with all others that are. */
static yao_status take_extension(const extension *e, yao_crl *c)
{
    if (e->id == ID_AKI)
        return c->aki.len != 0 ? YAO_E_DUPLICATE : read_aki(e->value, &c->aki);
    if (e->id == ID_NUMBER)
        return c->number.len != 0 ? YAO_E_DUPLICATE
                                  : read_number(e->value, &c->number);
    return e->critical ? YAO_E_PROFILE : YAO_OK;
}

static yao_status read_extensions(yao_der_reader *tbs, yao_crl *c)
{
    yao_der_reader outer = yao_der_enter(tbs, YAO_DER_EXPLICIT(0));
    yao_der_reader list  = yao_der_enter(&outer, YAO_DER_SEQUENCE);
    extension      e;

    while (list.status == YAO_OK && list.rest.len > 0) {
        YAO_TRY(read_extension(&list, &e));
        YAO_TRY(take_extension(&e, c));
    }
    yao_der_leave(&outer, &list);
    yao_der_leave(tbs, &outer);
    return tbs->status;
}

/* ---- entries ---- */

static yao_crl_reason reason_of(uint8_t number)
{
    switch (number) {
    case YAO_CRL_KEY_COMPROMISE:
    case YAO_CRL_SUPERSEDED:
    case YAO_CRL_CEASED: return (yao_crl_reason)number;
    default:             return YAO_CRL_UNSPECIFIED;
    }
}

/* ENUMERATED, of one byte. */
static yao_status read_reason(yao_bytes value, yao_crl_reason *ret)
{
    if (value.len != 3 || value.ptr[0] != 0x0a || value.ptr[1] != 1)
        return YAO_E_MALFORMED;
    *ret = reason_of(value.ptr[2]);
    return YAO_OK;
}

static yao_status read_entry_extensions(yao_der_reader *r, yao_crl_entry *ret)
{
    yao_der_reader list = yao_der_enter(r, YAO_DER_SEQUENCE);
    extension      e;

    while (list.status == YAO_OK && list.rest.len > 0) {
        YAO_TRY(read_extension(&list, &e));
        if (e.id == ID_REASON)
            YAO_TRY(read_reason(e.value, &ret->reason));
        else if (e.critical)
            return YAO_E_PROFILE; /* certificateIssuer: an indirect list */
    }
    yao_der_leave(r, &list);
    return r->status;
}

static yao_status read_entry(yao_der_reader *list, yao_crl_entry *ret)
{
    yao_der_reader r = yao_der_enter(list, YAO_DER_SEQUENCE);
    yao_crl_entry  e = {.reason = YAO_CRL_UNSPECIFIED};

    e.serial = yao_der_get(&r, YAO_DER_INTEGER);
    e.at     = yao_der_get_time(&r);
    YAO_TRY(r.status);
    if (r.rest.len > 0)
        YAO_TRY(read_entry_extensions(&r, &e));
    yao_der_leave(list, &r);
    YAO_TRY(list->status);
    *ret = e;
    return YAO_OK;
}

static yao_status check_entries(yao_bytes entries)
{
    yao_der_reader list = yao_der_open(entries);
    yao_crl_entry  e;

    while (list.status == YAO_OK && list.rest.len > 0)
        YAO_TRY(read_entry(&list, &e));
    return yao_der_close(&list);
}

yao_status yao_crl_next(yao_bytes *rest, yao_crl_entry *ret)
{
    yao_der_reader list = yao_der_open(*rest);

    YAO_TRY(read_entry(&list, ret));
    *rest = list.rest;
    return YAO_OK;
}

bool yao_crl_lists(const yao_crl *crl, yao_bytes serial, yao_crl_entry *entry)
{
    yao_der_reader list = yao_der_open(crl->entries);
    yao_crl_entry  e;

    while (list.rest.len > 0 && read_entry(&list, &e) == YAO_OK)
        if (yao_bytes_equal(e.serial, serial)) {
            if (entry != NULL)
                *entry = e;
            return true;
        }
    return false;
}

/* ---- the list ---- */

static yao_status read_dates(yao_der_reader *r, yao_crl *c)
{
    c->this_update = yao_der_get_time(r);
    uint8_t tag    = yao_der_peek(r);

    YAO_TRY(r->status);
    if (tag != YAO_DER_UTC_TIME && tag != YAO_DER_TIME)
        return YAO_E_PROFILE;
    c->next_update = yao_der_get_time(r);
    YAO_TRY(r->status);
    return c->this_update < c->next_update ? YAO_OK : YAO_E_PROFILE;
}

static yao_status read_tbs(yao_bytes content, yao_crl *c,
                           const yao_sig_row **row)
{
    yao_der_reader r = yao_der_open(content);

    if (yao_der_peek(&r) != YAO_DER_INTEGER)
        return r.rest.len == 0 ? YAO_E_TRUNCATED : YAO_E_PROFILE;
    if (yao_der_get_small(&r) != 1)
        return r.status != YAO_OK ? r.status : YAO_E_PROFILE;
    YAO_TRY(read_algorithm(&r, row));
    c->issuer = yao_der_get_any(&r).whole;
    YAO_TRY(read_dates(&r, c));
    if (yao_der_peek(&r) == YAO_DER_SEQUENCE)
        c->entries = yao_der_get(&r, YAO_DER_SEQUENCE);
    if (r.status == YAO_OK && r.rest.len > 0)
        YAO_TRY(read_extensions(&r, c));
    YAO_TRY(yao_der_close(&r));

    YAO_TRY(yao_x509_read_name(c->issuer, NULL));
    if (c->aki.len == 0 || c->number.len == 0)
        return YAO_E_PROFILE;
    return check_entries(c->entries);
}

yao_status yao_crl_read(yao_bytes der, yao_crl *ret)
{
    const yao_sig_row *inner = NULL, *outer = NULL;
    yao_crl            c = {.alg = YAO_SIG_NONE};

    if (der.len > YAO_MAX_CRL)
        return YAO_E_LIMIT;

    yao_der_reader r    = yao_der_open(der);
    yao_der_reader list = yao_der_enter(&r, YAO_DER_SEQUENCE);
    yao_der_item   tbs  = yao_der_get_any(&list);
    YAO_TRY(list.status);
    if (tbs.tag != YAO_DER_SEQUENCE)
        return YAO_E_MALFORMED;
    YAO_TRY(read_algorithm(&list, &outer));
    yao_bytes signature = yao_der_get_bits(&list, NULL);
    yao_der_leave(&r, &list);
    YAO_TRY(yao_der_close(&r));

    c.tbs = tbs.whole;
    YAO_TRY(read_tbs(tbs.content, &c, &inner));
    if (inner != outer)
        return YAO_E_ALGORITHM;
    YAO_TRY(yao_der_get_signature(signature, outer->signature_len / 2u,
                                  c.signature));
    c.alg           = outer->alg;
    c.signature_len = outer->signature_len;
    *ret            = c;
    return YAO_OK;
}

yao_status yao_crl_check(const yao_crl *crl, const yao_certificate *root,
                         yao_signature_check *ret)
{
    const yao_sig_row *row = yao_sig_by_alg(crl->alg);

    if (!yao_bytes_equal(crl->issuer, root->subject) ||
        !yao_bytes_equal(crl->aki, root->ski))
        return YAO_E_UNTRUSTED;
    if (!root->ca || (root->key_usage & YAO_KU_CRL_SIGN) == 0)
        return YAO_E_PROFILE;
    if (row == NULL || row->curve != root->key.curve)
        return YAO_E_ALGORITHM;
    *ret = (yao_signature_check){
        .alg        = crl->alg,
        .key        = root->key,
        .parts      = {crl->tbs},
        .part_count = 1,
        .signature  = {crl->signature, crl->signature_len},
        .repeats    = true};
    return YAO_OK;
}

yao_status yao_crl_check_dates(const yao_crl *crl, yao_time now)
{
    if (now < crl->this_update)
        return YAO_E_NOT_YET_VALID;
    return now > crl->next_update ? YAO_E_EXPIRED : YAO_OK;
}

/* ---- writing ---- */

static void put_algorithm(yao_writer *w, yao_sig_alg alg)
{
    size_t seq = yao_der_begin(w, YAO_DER_SEQUENCE);

    yao_der_put(w, YAO_DER_OID, yao_sig_by_alg(alg)->oid);
    yao_der_end(w, seq);
}

static void put_extension(yao_writer *w, uint8_t id, yao_bytes value)
{
    uint8_t oid[3] = {0x55, 0x1d, id};
    size_t  seq    = yao_der_begin(w, YAO_DER_SEQUENCE);

    yao_der_put(w, YAO_DER_OID, (yao_bytes){oid, sizeof oid});
    yao_der_put(w, YAO_DER_OCTETS, value);
    yao_der_end(w, seq);
}

static void put_reason(yao_writer *w, yao_crl_reason reason)
{
    uint8_t value[3] = {0x0a, 1, (uint8_t)reason};

    if (reason == YAO_CRL_UNSPECIFIED)
        return; /* RFC 5280 5.3.1: then it is left out */
    size_t seq = yao_der_begin(w, YAO_DER_SEQUENCE);
    put_extension(w, ID_REASON, (yao_bytes){value, sizeof value});
    yao_der_end(w, seq);
}

static void put_entries(yao_writer *w, const yao_crl_request *q)
{
    if (q->entry_count == 0)
        return;
    size_t list = yao_der_begin(w, YAO_DER_SEQUENCE);
    for (size_t i = 0; i < q->entry_count; i++) {
        size_t entry = yao_der_begin(w, YAO_DER_SEQUENCE);

        yao_der_put(w, YAO_DER_INTEGER, q->entries[i].serial);
        yao_der_put_time(w, q->entries[i].at);
        put_reason(w, q->entries[i].reason);
        yao_der_end(w, entry);
    }
    yao_der_end(w, list);
}

static void put_extensions(yao_writer *w, const yao_crl_request *q)
{
    uint8_t    big[8], aki[64], number[12];
    yao_writer inner = yao_writer_open(aki, sizeof aki);

    size_t seq = yao_der_begin(&inner, YAO_DER_SEQUENCE);
    yao_der_put(&inner, YAO_DER_CONTEXT(0), q->issuer->ski);
    yao_der_end(&inner, seq);
    if (inner.status != YAO_OK)
        yao_writer_fail(w, inner.status);

    for (unsigned i = 0; i < 8; i++)
        big[i] = (uint8_t)((uint64_t)q->number >> (56 - 8 * i));
    yao_writer n = yao_writer_open(number, sizeof number);
    yao_der_put_unsigned(&n, (yao_bytes){big, sizeof big});

    size_t outer = yao_der_begin(w, YAO_DER_EXPLICIT(0));
    size_t list  = yao_der_begin(w, YAO_DER_SEQUENCE);
    put_extension(w, ID_AKI, (yao_bytes){aki, inner.len});
    put_extension(w, ID_NUMBER, (yao_bytes){number, n.len});
    yao_der_end(w, list);
    yao_der_end(w, outer);
}

static bool request_good(const yao_crl_request *q)
{
    const yao_sig_row *row = yao_sig_by_alg(q->alg);

    if (row == NULL || q->issuer == NULL || !q->issuer->ca ||
        (q->issuer->key_usage & YAO_KU_CRL_SIGN) == 0 ||
        q->issuer->ski.len == 0 || q->issuer->ski.len > 32 ||
        q->issuer->key.curve != row->curve || q->number < 1)
        return false;
    if (q->this_update < 0 || q->next_update > YAO_TIME_MAX ||
        q->this_update >= q->next_update ||
        q->next_update - q->this_update > LONGEST_DAYS * YAO_TIME_DAY)
        return false;
    for (size_t i = 0; i < q->entry_count; i++)
        if (q->entries[i].serial.len == 0 || q->entries[i].at < 0 ||
            q->entries[i].at > YAO_TIME_MAX)
            return false;

    return true;
}

yao_status yao_crl_put_tbs(yao_writer *w, const yao_crl_request *request)
{
    const yao_crl_request *q = request;

    if (!request_good(q))
        return YAO_E_USAGE;
    size_t seq = yao_der_begin(w, YAO_DER_SEQUENCE);
    yao_der_put(w, YAO_DER_INTEGER, YAO_LIT("\x01"));
    put_algorithm(w, q->alg);
    yao_put_bytes(w, q->issuer->subject);
    yao_der_put_time(w, q->this_update);
    yao_der_put_time(w, q->next_update);
    put_entries(w, q);
    put_extensions(w, q);
    yao_der_end(w, seq);
    return w->status;
}
