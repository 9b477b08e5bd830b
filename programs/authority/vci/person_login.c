/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/person_login.h"

#include "authority/enrol/limit.h"
#include "authority/enrol/passkey.h"
#include "authority/people.h"
#include "authority/server/server.h"

#include <string.h>

/* One wallet is few people's: it does not try a thousand numbers, and a login
 * that succeeds gives it no new tries. */
static yao_status count_wallet(const enrol *e, yao_bytes instance)
{
    uint8_t hash[STORE_HASH_LEN];
    int64_t wait;

    YAO_TRY(seal_hash(e->a->crypto, &e->a->keys, SEAL_LEDGER_KEY, instance,
                      hash));
    return enrol_try(e, ENROL_LIMIT_WALLET, (yao_bytes){hash, sizeof hash},
                     &wait);
}

static yao_status by_code(const enrol *e, const vci_login *login,
                          enrol_person *who)
{
    int64_t    wait;
    yao_status status = YAO_OK;

    if (login->wallet.len != 0)
        YAO_TRY(count_wallet(e, login->wallet));
    status = enrol_log_in(e, login->number, login->code, who, &wait);

    if (status == YAO_E_LIMIT)
        return status;
    /* a number that is none is a wrong one */
    return (int)status >= 200 && (int)status < 400 ? YAO_E_REFUSED : status;
}

static yao_status by_passkey(const enrol *e, yao_text url, yao_text passkey,
                             enrol_person *who)
{
    const yao_json *json;

    if (yao_json_parse(e->arena, yao_text_bytes(passkey), &json) != YAO_OK)
        return YAO_E_REFUSED;
    return enrol_show_passkey(e, url, json, who);
}

yao_status vci_person_login(app_call *call, const vci_login *login,
                            vci_person *ret)
{
    const enrol  e = {.a         = server_authority(call),
                      .catalogue = server_catalogue(call),
                      .arena     = call->arena,
                      .now       = call->now,
                      .demo      = server_demo(call)};
    enrol_person who;

    if (login->passkey.len != 0)
        YAO_TRY(by_passkey(&e, server_url(call), login->passkey, &who));
    else
        YAO_TRY(by_code(&e, login, &who));
    memcpy(ret->lookup, who.lookup, STORE_HASH_LEN);
    memcpy(ret->holder, who.holder, STORE_HASH_LEN);
    ret->level = who.level;
    yao_wipe(&who, sizeof who);
    return YAO_OK;
}

yao_status vci_demo_person(app_call *call, vci_person *ret)
{
    authority *a = server_authority(call);
    yao_text   typed =
        yao_text_of(config_get(&a->config, SETTING_DEMO_PERSON));
    yao_text number;

    if (!server_demo(call) || typed.len == 0)
        return YAO_E_NOT_FOUND;
    YAO_TRY(people_number(typed, call->arena, &number));
    YAO_TRY(seal_hash(a->crypto, &a->keys, STORE_BY_NUMBER,
                      yao_text_bytes(number), ret->lookup));
    YAO_TRY(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_HOLDER,
                      yao_text_bytes(number), ret->holder));
    ret->level = config_number(&a->config, SETTING_LEVEL);
    return YAO_OK;
}
