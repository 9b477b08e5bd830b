/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of what was shown: as much and as long as profile, registration
 * and settings allow, and sealed. */

#include "desk/webhook.h"

#include "cbor/cbor.h"
#include "x509/reader.h"

/* ---- what the desk may ---- */

/* As the authority's list has it; NULL: not in it (yet). */
static const yao_trust_party *find_party(const app_call   *call,
                                         const desk_trust *t)
{
    yao_bytes              leaf = desk_of(call)->reader.der;
    const yao_trust_party *party;
    uint8_t                hash[YAO_SHA256_LEN];

    if (call->crypto->hash(call->crypto->ctx, YAO_SHA256, &leaf, 1, hash) !=
        YAO_OK)
        return NULL;
    for (size_t i = 0; i < t->bundle.list.content.party_count; i++) {
        party = &t->bundle.list.content.parties[i];
        if (yao_bytes_equal(party->hash, (yao_bytes){hash, sizeof hash}))
            return party;
    }
    return NULL;
}

bool desk_may_ask(const app_call *call, const desk_trust *t,
                  const yao_profile *profile)
{
    const desk            *d     = desk_of(call);
    const yao_trust_party *party = find_party(call, t);

    return call->now <= d->reader.not_after &&
           yao_reader_allows(&d->reader, profile->name) &&
           (party == NULL || yao_trust_may_ask(party, profile->name));
}

uint64_t desk_retention_days(const app_call *call, const desk_trust *t,
                             const yao_profile *profile)
{
    const yao_trust_party *party = find_party(call, t);
    uint64_t               days  = profile->retention;

    if (party != NULL && party->retention_days < days)
        days = party->retention_days;
    return days;
}

yao_time desk_retention_end(const app_call *call, const desk_trust *t,
                            const yao_profile *profile)
{
    uint64_t days = desk_retention_days(call, t, profile);

    return days == 0 ? call->now + DESK_GRACE
                     : call->now + (yao_time)days * YAO_TIME_DAY;
}

/* ---- keeping: [json, receipt] ---- */

static yao_status pack(app_call *call, const desk_result *r, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(call->arena);

    yao_cbor_put_array(&w, 2);
    yao_cbor_put_bytes(&w, r->json);
    yao_cbor_put_text(&w, r->receipt);
    return yao_writer_keep(&w, call->arena, ret);
}

/* Results of before receipts were the JSON alone. */
static yao_status unpack(yao_bytes plain, yao_bytes *json, yao_text *receipt)
{
    yao_cbor_reader r = yao_cbor_open(plain);

    *json    = plain;
    *receipt = (yao_text){NULL, 0};
    if (plain.len > 0 && plain.ptr[0] == '{')
        return YAO_OK;
    yao_cbor_get_array(&r, 2);
    *json    = yao_cbor_get_bytes(&r);
    *receipt = yao_cbor_get_text(&r);
    return yao_cbor_close(&r);
}

static yao_status announce(app_call *call, store_change *change,
                           const desk_result *r)
{
    const desk_announcement a = {.id      = r->id,
                                 .client  = r->client,
                                 .event   = r->event,
                                 .profile = r->profile,
                                 .state   = "done",
                                 .verdict = desk_verdict_word(r->verdict)};

    return r->event == NULL ? YAO_OK : desk_announce(call, change, &a);
}

yao_status desk_result_put(app_call *call, store_change *change,
                           const desk_result *r)
{
    const desk     *d = desk_of(call);
    store_judgement j = {.id       = r->id,
                         .client   = r->client,
                         .profile  = r->profile,
                         .verdict  = (int64_t)r->verdict,
                         .made     = call->now,
                         .ends     = r->ends,
                         .evidence = YAO_LIT("")};
    yao_bytes       plain;

    YAO_TRY(pack(call, r, &plain));
    YAO_TRY(desk_seal(d, call->crypto, &(desk_binding){DESK_BOX_RESULT, r->id},
                      plain, call->arena, &j.sealed));
    if (r->evidence.len > 0)
        YAO_TRY(desk_seal(d, call->crypto,
                          &(desk_binding){DESK_BOX_EVIDENCE, r->id},
                          r->evidence, call->arena, &j.evidence));
    store_put_judgement(change, &j);
    return announce(call, change, r);
}

static yao_status get(app_call *call, yao_bytes id, yao_bytes *json,
                      yao_text *receipt)
{
    const desk     *d = desk_of(call);
    store_judgement j;
    yao_bytes       plain;

    YAO_TRY(store_get_judgement(d->store, id, call->now, call->arena, &j));
    if (!yao_bytes_equal(j.client, desk_client_id(call)))
        return YAO_E_NOT_FOUND;
    YAO_TRY(desk_unseal(d, call->crypto, &(desk_binding){DESK_BOX_RESULT, j.id},
                        j.sealed, call->arena, &plain));
    return unpack(plain, json, receipt);
}

/* JSON with NAME: VALUE at its end, and no other NAME. */
static yao_status put_member(app_call *call, yao_bytes json, const char *name,
                             yao_bytes value, yao_bytes *ret)
{
    const yao_json *root;
    bool            first = true;

    YAO_TRY(yao_json_parse(call->arena, json, &root));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    for (const yao_json *m = root->first; m != NULL; m = m->next) {
        if (yao_json_named(m, yao_text_of(name)))
            continue; /* an older one */
        yao_json_put_name_text(&w, &first, m->name);
        yao_json_put_value(&w, m);
    }
    yao_json_put_name(&w, &first, name);
    yao_put_bytes(&w, value);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, call->arena, ret);
}

yao_status desk_result_add(app_call *call, store_change *change, yao_bytes id,
                           const char *name, yao_bytes value)
{
    const desk        *d       = desk_of(call);
    const desk_binding binding = {DESK_BOX_RESULT, id};
    store_judgement    j;
    desk_result        r = {.id = id};
    yao_bytes          plain, before, sealed;

    YAO_TRY(store_get_judgement(d->store, id, call->now, call->arena, &j));
    YAO_TRY(desk_unseal(d, call->crypto, &binding, j.sealed, call->arena,
                        &plain));
    YAO_TRY(unpack(plain, &before, &r.receipt));
    YAO_TRY(put_member(call, before, name, value, &r.json));
    YAO_TRY(pack(call, &r, &plain));
    YAO_TRY(desk_seal(d, call->crypto, &binding, plain, call->arena, &sealed));
    store_seal_judgement(change, id, sealed, j.sealed);
    return YAO_OK;
}

yao_status desk_result_get(app_call *call, yao_bytes id, yao_bytes *ret)
{
    yao_text receipt;

    return get(call, id, ret, &receipt);
}

yao_status desk_result_receipt(app_call *call, yao_bytes id, yao_text *ret)
{
    yao_bytes json;

    return get(call, id, &json, ret);
}

/* A browser that has not come back decides whether there is a result at all. */
yao_status desk_result_done(app_call *call, yao_bytes id)
{
    store_enquiry e;
    yao_status    status =
        store_get_enquiry(desk_of(call)->store, id, call->now, call->arena, &e);

    if (status == YAO_OK)
        return e.state == STORE_ENQUIRY_DONE ? YAO_OK : YAO_E_NOT_FOUND;
    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

yao_status desk_result_evidence(app_call *call, yao_bytes id, yao_bytes *ret)
{
    const desk     *d = desk_of(call);
    store_judgement j;

    YAO_TRY(store_get_judgement(d->store, id, call->now, call->arena, &j));
    if (!yao_bytes_equal(j.client, desk_client_id(call)))
        return YAO_E_NOT_FOUND;
    *ret = j.evidence;
    if (j.evidence.len == 0)
        return YAO_OK;
    return desk_unseal(d, call->crypto,
                       &(desk_binding){DESK_BOX_EVIDENCE, j.id}, j.evidence,
                       call->arena, ret);
}
