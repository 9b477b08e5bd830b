/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 1. A handle is good for the session it was found in; in another the key is
 *    found again, and must be the same.
 * 2. Nothing of a signature is written to the caller before it was verified
 *    and its r looked up.
 */
#include "pkcs11/token.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/algorithms.h"
#include "der/der.h"

enum { MAX_LABEL = 128, MAX_ID = 64, MAX_PARAMS = 32, MAX_EC_POINT = 128 };

struct yao_pkcs11_key {
    yao_pkcs11_token  *token;
    const yao_sig_row *row;
    yao_public_key     public;
    int                usage;
    CK_OBJECT_HANDLE   private, public_part;
    unsigned           turn;    /* the session both are of */
    unsigned           made_in; /* the session it was made in; 0: found */
    bool               has_label, has_id;
    uint8_t            label[MAX_LABEL], id[MAX_ID];
    size_t             label_len, id_len;
};

/* PKCS #11 does not write to what it is given, but has no word for it. */
static void *loose(const void *constant)
{
    return (void *)(uintptr_t)constant;
}

/* ---- attributes ---- */

static CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const void *value,
                              size_t len)
{
    return (CK_ATTRIBUTE){type, loose(value), (CK_ULONG)len};
}

/* An attribute that is not there is an answer: *len is 0 then. */
static yao_status get(yao_pkcs11_token *t, CK_OBJECT_HANDLE object,
                      CK_ATTRIBUTE_TYPE type, void *out, size_t *len)
{
    CK_ATTRIBUTE asked = {type, out, (CK_ULONG)*len};
    CK_RV code = t->calls->C_GetAttributeValue(t->session, object, &asked, 1);

    if (code == CKR_ATTRIBUTE_TYPE_INVALID || code == CKR_ATTRIBUTE_SENSITIVE ||
        code == CKR_BUFFER_TOO_SMALL)
        asked.ulValueLen = 0;
    else if (code != CKR_OK)
        return yao_pkcs11_gone(t, code);
    if (asked.ulValueLen > *len)
        asked.ulValueLen = 0; /* CK_UNAVAILABLE_INFORMATION, or nonsense */
    *len = asked.ulValueLen;
    return YAO_OK;
}

/* Is TYPE there and WANTED? */
static yao_status check_flag(yao_pkcs11_token *t, CK_OBJECT_HANDLE object,
                             CK_ATTRIBUTE_TYPE type, bool wanted)
{
    CK_BBOOL value = 0;
    size_t   len   = sizeof value;

    YAO_TRY(get(t, object, type, &value, &len));
    if (len != sizeof value || (value != CK_FALSE) != wanted)
        return yao_pkcs11_refuse(t, YAO_E_REFUSED, YAO_PKCS11_KEY_POLICY);
    return YAO_OK;
}

/* A PIN for each signature would have to be kept. A key that says nothing of it
 * doesn't want it. */
static yao_status check_login_once(yao_pkcs11_token *t, CK_OBJECT_HANDLE object)
{
    CK_BBOOL value = CK_FALSE;
    size_t   len   = sizeof value;

    YAO_TRY(get(t, object, CKA_ALWAYS_AUTHENTICATE, &value, &len));
    if (len != 0 && value != CK_FALSE)
        return yao_pkcs11_refuse(t, YAO_E_REFUSED, YAO_PKCS11_KEY_POLICY);
    return YAO_OK;
}

/* What a key must be to be worth a token (N349). */
static yao_status check_policy(yao_pkcs11_token *t, CK_OBJECT_HANDLE object,
                               int usage)
{
    YAO_TRY(check_flag(t, object, CKA_SENSITIVE, true));
    YAO_TRY(check_flag(t, object, CKA_EXTRACTABLE, false));
    YAO_TRY(check_flag(t, object, CKA_TOKEN, true));
    if ((usage & YAO_PKCS11_SIGN) != 0)
        YAO_TRY(check_flag(t, object, CKA_SIGN, true));
    if ((usage & YAO_PKCS11_AGREE) != 0)
        YAO_TRY(check_flag(t, object, CKA_DERIVE, true));
    return check_login_once(t, object);
}

/* ---- the public part ---- */

static const yao_curve_row *read_curve(yao_bytes params)
{
    yao_der_reader r   = yao_der_open(params);
    yao_bytes      oid = yao_der_get(&r, YAO_DER_OID);

    return yao_der_close(&r) == YAO_OK ? yao_curve_by_oid(oid) : NULL;
}

/* PKCS #11 says an OCTET STRING around the point; some tokens leave it away.
 * Both begin with 04, so the length tells which it is. */
static yao_bytes unwrap_point(yao_bytes value, size_t len)
{
    yao_der_reader r = yao_der_open(value);

    if (value.len == len)
        return value;
    yao_bytes inner = yao_der_get(&r, YAO_DER_OCTETS);
    return yao_der_close(&r) == YAO_OK ? inner : value;
}

static bool read_point(yao_bytes value, const yao_curve_row *curve,
                       yao_public_key *ret)
{
    size_t    field = curve->field_len;
    yao_bytes point = unwrap_point(value, 1 + 2 * field);

    return point.len == 1 + 2 * field && point.ptr[0] == 4 &&
           yao_public_key_make(curve->curve, (yao_bytes){point.ptr + 1, field},
                               (yao_bytes){point.ptr + 1 + field, field},
                               ret) == YAO_OK;
}

static yao_status read_public(yao_pkcs11_token *t, CK_OBJECT_HANDLE object,
                              yao_public_key *ret)
{
    uint8_t params[MAX_PARAMS], point[MAX_EC_POINT];
    size_t  params_len = sizeof params, point_len = sizeof point;

    YAO_TRY(get(t, object, CKA_EC_PARAMS, params, &params_len));
    YAO_TRY(get(t, object, CKA_EC_POINT, point, &point_len));
    const yao_curve_row *curve = read_curve((yao_bytes){params, params_len});
    if (curve == NULL ||
        !read_point((yao_bytes){point, point_len}, curve, ret))
        return yao_pkcs11_refuse(t, YAO_E_KEY, YAO_PKCS11_KEY_FORM);
    return YAO_OK;
}

/* ---- finding ---- */

typedef struct search {
    CK_OBJECT_CLASS  class;
    CK_KEY_TYPE      type;
    CK_ATTRIBUTE     list[4];
    CK_ULONG         count;
    CK_OBJECT_HANDLE found[2]; /* one more than may be there */
    CK_ULONG         found_count;
} search;

static yao_status look(yao_pkcs11_token *t, search *s)
{
    CK_RV code = t->calls->C_FindObjectsInit(t->session, s->list, s->count);

    if (code != CKR_OK)
        return yao_pkcs11_gone(t, code);
    for (s->found_count = 0; s->found_count < 2;) {
        CK_ULONG more = 0;

        code = t->calls->C_FindObjects(t->session, s->found + s->found_count,
                                       2 - s->found_count, &more);
        if (code != CKR_OK || more == 0 || more > 2 - s->found_count)
            break;
        s->found_count += more;
    }
    CK_RV end = t->calls->C_FindObjectsFinal(t->session);
    if (code != CKR_OK || end != CKR_OK)
        return yao_pkcs11_gone(t, code != CKR_OK ? code : end);
    return YAO_OK;
}

/* The one EC key of CLASS with the label and id of KEY. */
static yao_status find_one(yao_pkcs11_key *k, CK_OBJECT_CLASS class,
                           CK_OBJECT_HANDLE *ret)
{
    search s = {.class = class, .type = CKK_EC};

    s.list[s.count++] = attribute(CKA_CLASS, &s.class, sizeof s.class);
    s.list[s.count++] = attribute(CKA_KEY_TYPE, &s.type, sizeof s.type);
    if (k->has_label)
        s.list[s.count++] = attribute(CKA_LABEL, k->label, k->label_len);
    if (k->has_id)
        s.list[s.count++] = attribute(CKA_ID, k->id, k->id_len);
    YAO_TRY(look(k->token, &s));
    if (s.found_count == 0)
        return yao_pkcs11_refuse(k->token, YAO_E_NOT_FOUND, YAO_PKCS11_NO_KEY);
    if (s.found_count > 1)
        return yao_pkcs11_refuse(k->token, YAO_E_DUPLICATE, YAO_PKCS11_KEYS);
    *ret = s.found[0];
    return YAO_OK;
}

/* A pair has one id; what was found by its label is held to it as well. */
static yao_status learn_id(yao_pkcs11_key *k)
{
    size_t len = sizeof k->id;

    if (k->has_id)
        return YAO_OK;
    YAO_TRY(get(k->token, k->private, CKA_ID, k->id, &len));
    k->id_len = len;
    k->has_id = len > 0;
    return YAO_OK;
}

/* Find both parts, and see that they are what they were. */
static yao_status locate(yao_pkcs11_key *k)
{
    yao_public_key public = {.curve = YAO_CURVE_NONE};
    yao_pkcs11_token *t   = k->token;

    YAO_TRY(find_one(k, CKO_PRIVATE_KEY, &k->private));
    YAO_TRY(check_policy(t, k->private, k->usage));
    YAO_TRY(learn_id(k));
    yao_status status = find_one(k, CKO_PUBLIC_KEY, &k->public_part);
    if (status == YAO_E_NOT_FOUND)
        return yao_pkcs11_refuse(t, YAO_E_KEY, YAO_PKCS11_KEY_FORM);
    YAO_TRY(status);
    YAO_TRY(read_public(t, k->public_part, &public));
    if (k->public.curve != YAO_CURVE_NONE &&
        !yao_public_key_equal(&public, &k->public))
        return yao_pkcs11_refuse(t, YAO_E_CRYPTO, YAO_PKCS11_KEY_CHANGED);
    k->public = public;
    k->row    = yao_sig_by_curve(public.curve);
    k->turn   = t->turn;
    return k->row != NULL
               ? YAO_OK
               : yao_pkcs11_refuse(t, YAO_E_KEY, YAO_PKCS11_KEY_FORM);
}

static yao_status name_key(yao_pkcs11_key *k, yao_text label, yao_bytes id)
{
    if (label.len > MAX_LABEL || id.len > MAX_ID || label.len + id.len == 0)
        return YAO_E_USAGE;
    k->has_label = label.len > 0;
    k->has_id    = id.len > 0;
    k->label_len = label.len;
    k->id_len    = id.len;
    if (k->has_label)
        memcpy(k->label, label.ptr, label.len);
    if (k->has_id)
        memcpy(k->id, id.ptr, id.len);
    return YAO_OK;
}

static yao_pkcs11_key *new_key(yao_pkcs11_token *t, int usage)
{
    yao_pkcs11_key *k = calloc(1, sizeof *k);

    if (k == NULL)
        return NULL;
    k->token = t;
    k->usage = usage;
    return k;
}

yao_status yao_pkcs11_find(yao_pkcs11_token *t, const yao_pkcs11_uri *uri,
                           int usage, yao_pkcs11_key **ret)
{
    yao_pkcs11_key *k = new_key(t, usage);

    if (k == NULL)
        return YAO_E_SPACE;
    yao_status status = name_key(k, uri->object, uri->id);
    if (status == YAO_OK)
        status = yao_pkcs11_ready(t);
    if (status == YAO_OK)
        status = locate(k);
    if (status == YAO_OK)
        *ret = k;
    else
        free(k);
    return status;
}

/* ---- making ---- */

static yao_status check_free(yao_pkcs11_key *k)
{
    CK_OBJECT_HANDLE there;
    yao_pkcs11_key   by_label = *k;

    by_label.has_id   = false;
    yao_status status = find_one(&by_label, CKO_PRIVATE_KEY, &there);
    if (status == YAO_E_NOT_FOUND) {
        k->token->report = (yao_pkcs11_report){YAO_PKCS11_FINE, 0};
        return YAO_OK;
    }
    if (status == YAO_OK || status == YAO_E_DUPLICATE)
        return yao_pkcs11_refuse(k->token, YAO_E_EXISTS, YAO_PKCS11_KEYS);
    return status;
}

static yao_status make_pair(yao_pkcs11_key *k, yao_bytes params)
{
    const CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    const CK_BBOOL sign  = (k->usage & YAO_PKCS11_SIGN) != 0;
    const CK_BBOOL agree = (k->usage & YAO_PKCS11_AGREE) != 0;
    CK_MECHANISM   how   = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE   public[] = {attribute(CKA_EC_PARAMS, params.ptr, params.len),
                               attribute(CKA_TOKEN, &yes, sizeof yes),
                               attribute(CKA_PRIVATE, &no, sizeof no),
                               attribute(CKA_VERIFY, &sign, sizeof sign),
                               attribute(CKA_LABEL, k->label, k->label_len),
                               attribute(CKA_ID, k->id, k->id_len)};
    CK_ATTRIBUTE   private[] = {attribute(CKA_TOKEN, &yes, sizeof yes),
                                attribute(CKA_PRIVATE, &yes, sizeof yes),
                                attribute(CKA_SENSITIVE, &yes, sizeof yes),
                                attribute(CKA_EXTRACTABLE, &no, sizeof no),
                                attribute(CKA_SIGN, &sign, sizeof sign),
                                attribute(CKA_DERIVE, &agree, sizeof agree),
                                attribute(CKA_DECRYPT, &no, sizeof no),
                                attribute(CKA_UNWRAP, &no, sizeof no),
                                attribute(CKA_LABEL, k->label, k->label_len),
                                attribute(CKA_ID, k->id, k->id_len)};
    yao_pkcs11_token *t      = k->token;
    CK_RV             code   = t->calls->C_GenerateKeyPair(
        t->session, &how, public, sizeof public / sizeof public[0], private,
        sizeof private / sizeof private[0], &k->public_part, &k->private);

    if (code != CKR_OK)
        return yao_pkcs11_gone(t, code);
    k->made_in = t->turn;
    return YAO_OK;
}

/* Both handles are of the session at hand. */
static CK_RV remove_pair(yao_pkcs11_key *k)
{
    yao_pkcs11_token *t       = k->token;
    CK_RV             private = t->calls->C_DestroyObject(t->session,
                                                          k->private);
    CK_RV             public  = t->calls->C_DestroyObject(t->session,
                                                          k->public_part);

    k->turn = 0;
    return private != CKR_OK ? private : public;
}

/* Something failed after the pair was made: look for it in a session that
 * works. When the token is gone, the pair stays. */
static void undo(yao_pkcs11_key *k)
{
    yao_pkcs11_report why  = k->token->report;
    yao_status        gone = yao_pkcs11_ready(k->token);

    if (gone == YAO_OK && k->made_in != k->token->turn)
        gone = find_one(k, CKO_PRIVATE_KEY, &k->private);
    if (gone == YAO_OK && k->made_in != k->token->turn)
        gone = find_one(k, CKO_PUBLIC_KEY, &k->public_part);
    if (gone == YAO_OK)
        (void)remove_pair(k);
    k->token->report = why;
}

static yao_status make_key(yao_pkcs11_key *k, const yao_curve_row *curve)
{
    uint8_t    room[MAX_PARAMS];
    yao_writer w = yao_writer_open(room, sizeof room);
    yao_bytes  params;

    yao_der_put(&w, YAO_DER_OID, curve->oid);
    YAO_TRY(yao_writer_close(&w, &params));
    YAO_TRY(yao_pkcs11_ready(k->token));
    YAO_TRY(check_free(k));
    YAO_TRY(make_pair(k, params));

    yao_status status = locate(k);
    if (status == YAO_OK && k->public.curve != curve->curve)
        status =
            yao_pkcs11_refuse(k->token, YAO_E_KEY, YAO_PKCS11_KEY_FORM);
    if (status != YAO_OK)
        undo(k);
    return status;
}

yao_status yao_pkcs11_generate(yao_pkcs11_token        *t,
                               const yao_pkcs11_wanted *wanted,
                               yao_pkcs11_key         **ret)
{
    const yao_sig_row *row = yao_sig_by_alg(wanted->alg);

    if (row == NULL)
        return YAO_E_UNSUPPORTED;
    if (wanted->label.len == 0 || wanted->id.len == 0 || wanted->usage == 0)
        return YAO_E_USAGE;
    yao_pkcs11_key *k = new_key(t, wanted->usage);
    if (k == NULL)
        return YAO_E_SPACE;
    yao_status status = name_key(k, wanted->label, wanted->id);
    if (status == YAO_OK)
        status = make_key(k, yao_curve_by_id(row->curve));
    if (status == YAO_OK)
        *ret = k;
    else
        free(k);
    return status;
}

/* A session that works, and handles of it. */
static yao_status prepare(yao_pkcs11_key *k)
{
    YAO_TRY(yao_pkcs11_ready(k->token));
    return k->turn == k->token->turn ? YAO_OK : locate(k);
}

yao_status yao_pkcs11_destroy(yao_pkcs11_key *k)
{
    yao_pkcs11_token *t = k->token;

    YAO_TRY(prepare(k));
    CK_RV code = remove_pair(k);
    return code == CKR_OK ? YAO_OK : yao_pkcs11_gone(t, code);
}

void yao_pkcs11_key_close(yao_pkcs11_key *k)
{
    free(k);
}

yao_public_key yao_pkcs11_key_public(const yao_pkcs11_key *k)
{
    return k->public;
}

yao_sig_alg yao_pkcs11_key_alg(const yao_pkcs11_key *k)
{
    return k->row->alg;
}

yao_bytes yao_pkcs11_key_id(const yao_pkcs11_key *k)
{
    return (yao_bytes){k->id, k->id_len};
}

/* ---- signing ---- */

/* One signature by the token: R || S of exactly its length. */
static yao_status ask_signature(yao_pkcs11_key *k, uint8_t *digest, size_t len,
                                uint8_t raw[YAO_MAX_SIGNATURE])
{
    yao_pkcs11_token *t      = k->token;
    CK_MECHANISM      how    = {CKM_ECDSA, NULL, 0};
    CK_ULONG          out    = YAO_MAX_SIGNATURE;
    CK_RV code = t->calls->C_SignInit(t->session, &how, k->private);

    if (code == CKR_OK)
        code = t->calls->C_Sign(t->session, digest, (CK_ULONG)len, raw, &out);
    if (code != CKR_OK)
        return yao_pkcs11_gone(t, code);
    if (out != k->row->signature_len)
        return yao_pkcs11_fail(t, YAO_E_CRYPTO, YAO_PKCS11_WRONG_SIGNATURE, 0);
    return YAO_OK;
}

static yao_status verify(yao_pkcs11_key *k, const yao_sign_wish *wish,
                         yao_bytes signature)
{
    const yao_crypto   *crypto = k->token->crypto;
    yao_signature_check check  = {.alg        = wish->alg,
                                  .key        = k->public,
                                  .part_count = wish->part_count,
                                  .signature  = signature};

    for (size_t i = 0; i < wish->part_count; i++)
        check.parts[i] = wish->parts[i];
    YAO_TRY(crypto->verify(crypto->ctx, &check, 1));
    if (check.outcome != YAO_SIG_GOOD)
        return yao_pkcs11_fail(k->token, YAO_E_CRYPTO,
                               YAO_PKCS11_WRONG_SIGNATURE, 0);
    return YAO_OK;
}

static yao_status check_r(yao_pkcs11_key *k, yao_bytes digest, yao_bytes r)
{
    const yao_crypto *crypto  = k->token->crypto;
    const yao_bytes   parts[] = {digest, {k->public.point, k->public.len}};
    uint8_t           message[YAO_PKCS11_TAG];

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, parts, 2, message));
    if (!yao_pkcs11_may_release(k->token->module, r, message))
        return yao_pkcs11_fail(k->token, YAO_E_CRYPTO,
                               YAO_PKCS11_SIGNER_FAULT, 0);
    return YAO_OK;
}

yao_status yao_pkcs11_sign(yao_pkcs11_key *k, const yao_sign_wish *wish,
                           uint8_t *out, size_t *len)
{
    const yao_crypto *crypto = k->token->crypto;
    uint8_t           digest[YAO_MAX_HASH], raw[YAO_MAX_SIGNATURE];

    if (wish->part_count > YAO_MAX_PARTS)
        return YAO_E_USAGE;
    if (wish->alg != k->row->alg)
        return YAO_E_ALGORITHM;

    size_t digest_len = yao_hash_by_alg(k->row->hash)->len;
    YAO_TRY(prepare(k));
    YAO_TRY(crypto->hash(crypto->ctx, k->row->hash, wish->parts,
                         wish->part_count, digest));
    YAO_TRY(ask_signature(k, digest, digest_len, raw));
    YAO_TRY(verify(k, wish, (yao_bytes){raw, k->row->signature_len}));
    YAO_TRY(check_r(k, (yao_bytes){digest, digest_len},
                    (yao_bytes){raw, k->row->signature_len / 2u}));

    memcpy(out, raw, k->row->signature_len);
    *len = k->row->signature_len;
    return YAO_OK;
}

/* ---- agreeing ---- */

static yao_status derive(yao_pkcs11_key *k, const yao_public_key *peer,
                         CK_OBJECT_HANDLE *ret)
{
    CK_ECDH1_DERIVE_PARAMS parameters = {
        .kdf             = CKD_NULL,
        .ulPublicDataLen = peer->len,
        .pPublicData     = loose(peer->point)};
    CK_MECHANISM      how   = {CKM_ECDH1_DERIVE, &parameters,
                               sizeof parameters};
    CK_OBJECT_CLASS   class = CKO_SECRET_KEY;
    CK_KEY_TYPE       type  = CKK_GENERIC_SECRET;
    const CK_BBOOL    yes = CK_TRUE, no = CK_FALSE;
    CK_ULONG          len  = yao_curve_by_id(peer->curve)->field_len;
    CK_ATTRIBUTE      list[] = {attribute(CKA_CLASS, &class, sizeof class),
                                attribute(CKA_KEY_TYPE, &type, sizeof type),
                                attribute(CKA_TOKEN, &no, sizeof no),
                                attribute(CKA_SENSITIVE, &no, sizeof no),
                                attribute(CKA_EXTRACTABLE, &yes, sizeof yes),
                                attribute(CKA_VALUE_LEN, &len, sizeof len)};
    yao_pkcs11_token *t = k->token;
    CK_RV code = t->calls->C_DeriveKey(t->session, &how, k->private, list,
                                       sizeof list / sizeof list[0], ret);

    return code == CKR_OK ? YAO_OK : yao_pkcs11_gone(t, code);
}

yao_status yao_pkcs11_agree(yao_pkcs11_key *k, const yao_agree_wish *wish,
                            uint8_t *out)
{
    yao_pkcs11_token *t     = k->token;
    size_t            field = yao_curve_by_id(k->row->curve)->field_len;
    uint8_t           secret[48];
    size_t            len = field;
    CK_OBJECT_HANDLE  made;

    if (wish->peer.curve != k->row->curve || wish->peer.len != 1 + 2 * field)
        return YAO_E_KEY;
    YAO_TRY(prepare(k));
    YAO_TRY(derive(k, &wish->peer, &made));
    yao_status status = get(t, made, CKA_VALUE, secret, &len);
    if (status == YAO_OK && len != field)
        status = yao_pkcs11_gone(t, CKR_OK);
    if (t->open)
        (void)t->calls->C_DestroyObject(t->session, made);
    if (status == YAO_OK)
        memcpy(out, secret, field);
    yao_wipe(secret, sizeof secret);
    return status;
}
