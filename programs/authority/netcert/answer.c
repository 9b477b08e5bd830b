/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/netcert/question.h"
#include "authority/netcert/inside.h"

#include "issuance/issuance.h"

#define LABEL "yaopai-netcert-equals-1"

const char *netcert_answer_word(netcert_answer answer)
{
    switch (answer) {
    case NETCERT_UNKNOWN: return "unknown";
    case NETCERT_NO:      return "no";
    case NETCERT_YES:     return "yes";
    default:              return "not_granted";
    }
}

yao_status netcert_equals_hash(const yao_crypto *crypto, yao_bytes salt,
                               yao_text item, yao_text value,
                               uint8_t out[YAO_SHA256_LEN])
{
    const yao_bytes zero    = {(const uint8_t *)"", 1};
    const yao_bytes parts[] = {YAO_LIT(LABEL), zero, yao_text_bytes(item), zero,
                               yao_text_bytes(value)};

    return crypto->hmac(crypto->ctx, YAO_SHA256, salt, parts,
                        sizeof parts / sizeof parts[0], out);
}

/* ---- the value ---- */

/* A claim's path has one step or two. */
static const yao_json *find_claim(const yao_json *claims, yao_text path)
{
    size_t dot = 0;

    while (dot < path.len && path.ptr[dot] != '.')
        dot++;
    claims = yao_json_get_text(claims, (yao_text){path.ptr, dot});
    if (dot == path.len || claims == NULL)
        return claims;
    return yao_json_get_text(
        claims, (yao_text){path.ptr + dot + 1, path.len - dot - 1});
}

/* A document of the one element: nothing else of the record is made, and the
 * rules of the document hold for it (that a licence is one, say). */
static yao_status build(const enrol *e, const people_person *person,
                        const netcert_item *item, int64_t level,
                        yao_issuance_document *ret)
{
    yao_problems   *problems = yao_arena_take(e->arena, sizeof *problems);
    yao_definition *one      = yao_arena_take(e->arena, sizeof *one);

    if (problems == NULL || one == NULL)
        return YAO_E_SPACE;
    *one               = *item->definition;
    one->elements      = item->element;
    one->element_count = 1;
    const yao_issuance_input input = {.catalogue  = e->catalogue,
                                      .definition = one,
                                      .person     = person->record,
                                      .now        = e->now,
                                      .level      = (uint32_t)level,
                                      .demo       = e->demo};
    return yao_issuance_build(e->arena, &input, problems, ret);
}

/* Is it that this person has no such value? */
static bool has_none(yao_status status)
{
    switch (status) {
    case YAO_E_NOT_ENTITLED:
    case YAO_E_VALUE:
    case YAO_E_MISMATCH:
    case YAO_E_LIMIT:
    case YAO_E_MISSING:
    case YAO_E_NOT_FOUND:
        return true;
    default:
        return false;
    }
}

static yao_status text_of(const enrol *e, const yao_json *value, yao_text *ret)
{
    if (value == NULL)
        return YAO_E_MISSING;
    if (value->kind == YAO_JSON_STRING)
        return yao_json_string(value, e->arena, ret);
    if (value->kind != YAO_JSON_NUMBER && value->kind != YAO_JSON_BOOL)
        return YAO_E_MISSING;
    *ret = value->raw;
    if (value->kind == YAO_JSON_BOOL)
        *ret = value->truth ? YAO_TEXT("true") : YAO_TEXT("false");
    return YAO_OK;
}

static yao_status find_value(const enrol *e, const store_netcert *n,
                             const netcert_item *item, yao_text *ret)
{
    people_person         person;
    yao_issuance_document document;

    YAO_TRY(people_find_by(e->a, n->person, e->arena, &person));
    yao_status status = netcert_check_card(e, person.record);
    if (status == YAO_OK)
        status = build(e, &person, item, n->level, &document);
    if (status == YAO_OK)
        status = text_of(e, find_claim(document.claims, item->element->claim),
                         ret);
    people_close(&person);
    return status;
}

/* ---- comparing ---- */

static yao_status compare(const enrol *e, const netcert_question *q,
                          yao_text value, netcert_answer *ret)
{
    uint8_t hash[YAO_SHA256_LEN];
    bool    same;

    if (q->kind == NETCERT_ASKS_IS) {
        same = yao_text_equal(value, YAO_TEXT("true"));
    } else {
        YAO_TRY(netcert_equals_hash(e->a->crypto, q->salt, q->item, value,
                                    hash));
        same = yao_bytes_equal_secret(q->hash, (yao_bytes){hash, sizeof hash});
    }
    *ret = same ? NETCERT_YES : NETCERT_NO;
    return YAO_OK;
}

yao_status netcert_ask_register(const enrol *e, const store_netcert *n,
                                const netcert_question *q, netcert_answer *ret)
{
    netcert_item item;
    yao_text     value;

    YAO_TRY(netcert_find_item(e->catalogue, q->item, &item));
    yao_status status = find_value(e, n, &item, &value);
    if (has_none(status)) {
        *ret = NETCERT_UNKNOWN;
        return YAO_OK;
    }
    YAO_TRY(status);
    return compare(e, q, value, ret);
}
