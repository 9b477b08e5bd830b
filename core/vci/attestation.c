/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/attestation.h"

#include "vci/parts.h"

#define ATTESTATION_TYPE "key-attestation+jwt"

/* ---- levels ------------------------------------------------------------- */

static const struct {
    unsigned    bit;
    const char *name;
} levels[] = {
    {YAO_VCI_BASIC, "iso_18045_basic"},
    {YAO_VCI_ENHANCED_BASIC, "iso_18045_enhanced-basic"},
    {YAO_VCI_MODERATE, "iso_18045_moderate"},
    {YAO_VCI_HIGH, "iso_18045_high"},
};

enum { LEVELS = sizeof levels / sizeof levels[0] };

static unsigned level_by_name(yao_text name)
{
    for (size_t i = 0; i < LEVELS; i++)
        if (yao_text_equal(name, yao_text_of(levels[i].name)))
            return levels[i].bit;
    return YAO_VCI_OTHER_LEVEL;
}

void yao_vci_put_levels(yao_writer *w, bool *first, const char *name,
                        unsigned bits)
{
    bool item = true;

    if (bits == 0)
        return;
    yao_json_put_name(w, first, name);
    yao_put_byte(w, '[');
    for (size_t i = 0; i < LEVELS; i++) {
        if ((bits & levels[i].bit) == 0)
            continue;
        yao_json_put_next(w, &item);
        yao_json_put_string(w, yao_text_of(levels[i].name));
    }
    yao_put_byte(w, ']');
}

yao_status yao_vci_read_levels(yao_arena *arena, const yao_json *object,
                               const char *name, unsigned *ret)
{
    const yao_json *array;
    unsigned        bits = 0;
    yao_text        word;

    YAO_TRY(yao_vci_child(object, name, YAO_JSON_ARRAY, &array));
    for (const yao_json *i = array != NULL ? array->first : NULL; i != NULL;
         i                 = i->next) {
        YAO_TRY(yao_json_string(i, arena, &word));
        bits |= level_by_name(word);
    }
    *ret = bits;
    return YAO_OK;
}

/* ---- making ------------------------------------------------------------- */

static yao_status write_header(yao_arena                      *arena,
                               const yao_vci_attestation_wish *wish,
                               const yao_sig_row *row, yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "alg", yao_text_of(row->jose));
    yao_json_put_member(&w, &first, "typ", YAO_TEXT(ATTESTATION_TYPE));
    yao_json_put_next(&w, &first);
    yao_jws_put_x5c(&w, wish->chain, wish->chain_count);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

static void put_keys(yao_writer *w, bool *first,
                     const yao_vci_attestation_wish *wish)
{
    bool item = true;

    yao_json_put_name(w, first, "attested_keys");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < wish->key_count; i++) {
        yao_json_put_next(w, &item);
        yao_jwk_put(w, &wish->keys[i]);
    }
    yao_put_byte(w, ']');
}

static yao_status write_payload(yao_arena                      *arena,
                                const yao_vci_attestation_wish *wish,
                                yao_bytes                      *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    put_keys(&w, &first, wish);
    if (wish->expires != YAO_TIME_NONE) {
        yao_json_put_member_int(&w, &first, "exp", wish->expires);
    }
    yao_json_put_member_int(&w, &first, "iat", wish->now);
    yao_vci_put_levels(&w, &first, "key_storage", wish->key_storage);
    if (wish->nonce.len > 0) {
        yao_json_put_member(&w, &first, "nonce", wish->nonce);
    }
    yao_vci_put_levels(&w, &first, "user_authentication",
                       wish->user_authentication);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

yao_status yao_vci_make_attestation(yao_arena                      *arena,
                                    const yao_vci_attestation_wish *wish,
                                    yao_vci_token                  *ret)
{
    const yao_sig_row *row = yao_sig_by_alg(wish->alg);
    yao_bytes          header, payload;

    if (row == NULL || wish->chain_count == 0 ||
        wish->chain_count > YAO_MAX_CHAIN || !yao_vci_moment(wish->now) ||
        wish->key_count == 0 || wish->key_count > YAO_VCI_MAX_BATCH)
        return YAO_E_USAGE;
    if (wish->expires != YAO_TIME_NONE && !yao_vci_moment(wish->expires))
        return YAO_E_USAGE;
    YAO_TRY(write_header(arena, wish, row, &header));
    YAO_TRY(write_payload(arena, wish, &payload));
    return yao_vci_make_token(arena, wish->alg, header, payload, ret);
}

/* ---- reading ------------------------------------------------------------ */

/* Seconds that clocks may be apart. */
static yao_time skew_of(const yao_vci_proof_rules *rules)
{
    return rules->skew > 0 && rules->skew <= YAO_TIME_DAY ? rules->skew
                                                          : YAO_VCI_SKEW;
}

/* A moment of the payload. */
static yao_status read_moment(const yao_json *payload, const char *name,
                              yao_time *ret)
{
    yao_time time;

    YAO_TRY(yao_json_int(yao_json_get(payload, name), &time));
    if (!yao_vci_moment(time))
        return YAO_E_MALFORMED;
    *ret = time;
    return YAO_OK;
}

yao_status yao_vci_read_issued(const yao_json            *payload,
                               const yao_vci_proof_rules *rules, bool fresh,
                               yao_time *ret)
{
    yao_time issued, skew = skew_of(rules);

    YAO_TRY(read_moment(payload, "iat", &issued));
    if (issued > rules->now + skew)
        return YAO_E_NOT_YET_VALID;
    if (fresh && issued < rules->now - skew)
        return YAO_E_EXPIRED;
    *ret = issued;
    return YAO_OK;
}

static yao_status check_dates(const yao_json            *payload,
                              const yao_vci_proof_rules *rules, bool header)
{
    yao_time issued, expires;

    YAO_TRY(yao_vci_read_issued(payload, rules, false, &issued));
    if (yao_json_get(payload, "exp") == NULL)
        return header ? YAO_E_MISSING : YAO_OK;
    YAO_TRY(read_moment(payload, "exp", &expires));
    return rules->now >= expires ? YAO_E_EXPIRED : YAO_OK;
}

static yao_status read_keys(yao_arena *arena, const yao_json *payload,
                            yao_vci_attestation *a)
{
    const yao_json *array;

    YAO_TRY(yao_vci_child(payload, "attested_keys", YAO_JSON_ARRAY, &array));
    if (array == NULL || array->count == 0)
        return YAO_E_MISSING;
    if (array->count > YAO_VCI_MAX_BATCH)
        return YAO_E_LIMIT;
    for (const yao_json *jwk = array->first; jwk != NULL; jwk = jwk->next)
        YAO_TRY(yao_jwk_read(jwk, arena, &a->keys[a->key_count++]));
    return YAO_OK;
}

/* What must be said is said by one of its words; a word that is none of ours
 * is not one of them. */
static yao_status check_levels(yao_arena *arena, const yao_json *payload,
                               const yao_vci_proof_rules *rules)
{
    unsigned storage, authentication;

    YAO_TRY(yao_vci_read_levels(arena, payload, "key_storage", &storage));
    YAO_TRY(yao_vci_read_levels(arena, payload, "user_authentication",
                                &authentication));
    if (rules->key_storage != 0 && (storage & rules->key_storage) == 0)
        return YAO_E_NOT_AUTHORISED;
    if (rules->user_authentication != 0 &&
        (authentication & rules->user_authentication) == 0)
        return YAO_E_NOT_AUTHORISED;
    return YAO_OK;
}

/* Who names a list may have been revoked: who can't look does not accept. */
static yao_status read_status(yao_arena *arena, const yao_json *payload,
                              const yao_vci_proof_rules *rules,
                              yao_vci_attestation       *a)
{
    const yao_json *status = yao_json_get(payload, "status"), *list;
    int64_t         index;

    if (status == NULL)
        return YAO_OK;
    if (!rules->status)
        return YAO_E_UNSUPPORTED;
    if (status->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_vci_child(status, "status_list", YAO_JSON_OBJECT, &list));
    if (list == NULL)
        return YAO_E_UNSUPPORTED;
    YAO_TRY(yao_vci_required(list, "uri", arena, &a->status.uri));
    YAO_TRY(yao_json_int(yao_json_get(list, "idx"), &index));
    if (index < 0)
        return YAO_E_MALFORMED;
    a->status.index = (uint64_t)index;
    return YAO_OK;
}

static yao_status find_path(yao_arena *arena, const yao_vci_proof_rules *rules,
                            yao_vci_attestation *a)
{
    yao_report *report = yao_arena_take(arena, sizeof *report);

    if (report == NULL)
        return YAO_E_SPACE;
    if (a->jws.chain_count == 0)
        return YAO_E_UNTRUSTED; /* a key without a certificate is nobody's */
    return yao_x509_find_path(a->jws.chain, a->jws.chain_count, rules->anchors,
                              rules->anchor_count, YAO_ROLE_ATTEST,
                              YAO_TEXT(""), rules->now, false, &a->path, report,
                              0);
}

yao_status yao_vci_read_attestation(yao_arena *arena, yao_text token,
                                    const yao_vci_proof_rules *rules,
                                    bool header, yao_vci_attestation *a)
{
    a->token = token;
    YAO_TRY(yao_jws_read(arena, yao_text_bytes(token), &a->jws));
    if (!yao_text_equal(a->jws.type, YAO_TEXT(ATTESTATION_TYPE)))
        return YAO_E_HEADER;
    const yao_json *payload = a->jws.payload;
    YAO_TRY(check_dates(payload, rules, header));
    YAO_TRY(yao_vci_optional(payload, "nonce", arena, &a->nonce));
    YAO_TRY(read_keys(arena, payload, a));
    YAO_TRY(check_levels(arena, payload, rules));
    YAO_TRY(read_status(arena, payload, rules, a));
    return find_path(arena, rules, a);
}

yao_status yao_vci_add_attestation_checks(const yao_vci_attestation *a,
                                          yao_signature_check       *checks,
                                          size_t                    *count)
{
    YAO_TRY(yao_jws_check(&a->jws, &a->path.leaf.key, &checks[*count]));
    checks[*count].key_repeats = true;
    *count += 1;
    for (size_t i = 0; i < a->path.check_count; i++)
        checks[(*count)++] = a->path.checks[i];
    return YAO_OK;
}
