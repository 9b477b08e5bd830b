/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/clock.h"

#include "app/bundle.h"
#include "app/files.h"
#include "cbor/cbor.h"
#include "wallet/wallet.h"

enum { VERSION = 1, SKEW = 60, MEMORY = 64 * 1024 * 1024 };

/* Of this process: seconds to be added to the device's clock, never below 0;
 * and whether the person was told. */
static struct {
    yao_time offset;
    bool     told;
} correction;

yao_time yao_wallet_now(void)
{
    yao_time now = yao_now();

    return now <= YAO_TIME_MAX - correction.offset ? now + correction.offset
                                                   : YAO_TIME_MAX;
}

static void tell(yao_time moment)
{
    uint8_t letters[20];
    char    age[32];

    if (correction.told)
        return;
    correction.told = true;
    yao_time_format(moment, letters);
    fprintf(stderr,
            yao_say(WORDS("note: this device's clock is behind by %s or more: "
                          "something was signed at %.20s. The wallet goes by "
                          "that; set the clock.\n",
                          "提示：本设备时钟至少慢了 %s：已有内容签署于 %.20s。"
                          "钱包以此为准；请校正时钟。\n")),
            app_age(correction.offset, age, sizeof age),
            (const char *)letters);
}

/* MOMENT has come, whatever the device says. Forward only. */
static void reach(yao_time moment)
{
    if (moment < 0 || moment > YAO_TIME_MAX ||
        moment <= yao_wallet_now() + SKEW)
        return;
    correction.offset = moment - yao_now();
    tell(moment);
}

/* ---- in the vault ------------------------------------------------------- */

typedef struct seen {
    yao_time moment, offset;
} seen;

static yao_status read_seen(yao_wallet *w, seen *ret)
{
    seen       s = {0, 0};
    yao_bytes  plain;
    yao_status status = yao_vault_read(&w->vault, "clock", &w->arena, &plain);

    *ret = s;
    if (status == YAO_E_NOT_FOUND)
        return YAO_OK;
    YAO_TRY(status);
    yao_cbor_reader r = yao_cbor_open(plain);
    yao_cbor_get_array(&r, 3);
    if (yao_cbor_get_uint(&r) != VERSION)
        yao_cbor_fail(&r, YAO_E_MALFORMED);
    s.moment = yao_cbor_get_int(&r);
    s.offset = yao_cbor_get_int(&r);
    YAO_TRY(yao_cbor_close(&r));
    if (s.moment < 0 || s.moment > YAO_TIME_MAX || s.offset < 0 ||
        s.offset > YAO_TIME_MAX)
        return YAO_E_MALFORMED;
    *ret = s;
    return YAO_OK;
}

static yao_status write_seen(yao_wallet *w, seen s)
{
    uint8_t    plain[32];
    yao_writer out = yao_writer_open(plain, sizeof plain);

    yao_cbor_put_array(&out, 3);
    yao_cbor_put_uint(&out, VERSION);
    yao_cbor_put_int(&out, s.moment);
    yao_cbor_put_int(&out, s.offset);
    YAO_TRY(out.status);
    return yao_vault_write(&w->vault, "clock", (yao_bytes){plain, out.len});
}

/* A clock that was behind goes on being behind by as much; one that was set
 * right meanwhile is not before the moment any more. */
yao_status yao_wallet_open_clock(yao_wallet *w)
{
    yao_time now = yao_now();
    seen     s;

    YAO_TRY(read_seen(w, &s));
    if (now + SKEW >= s.moment)
        return YAO_OK;
    reach(s.moment);
    if (s.offset > correction.offset && s.offset <= YAO_TIME_MAX - now)
        correction.offset = s.offset;
    return YAO_OK;
}

yao_status yao_wallet_see_moment(yao_wallet *w, yao_time moment)
{
    seen s;

    reach(moment);
    YAO_TRY(read_seen(w, &s));
    if (moment <= s.moment)
        return YAO_OK;
    return write_seen(w, (seen){moment, correction.offset});
}

/* ---- lists -------------------------------------------------------------- */

/* When the list in FILE says it was signed; nothing of it is checked. */
static bool says_when(yao_bytes file, yao_arena *arena, yao_time *ret)
{
    yao_trust_unverified list;

    if (yao_trust_parse(arena, file, false, &list) != YAO_OK)
        return false;
    *ret = list.said.issued_at;
    return true;
}

/* Does the anchor vouch for it, if that is when it is now? */
static bool is_signed_then(const yao_invocation *call, const yao_crypto *crypto,
                           const char *path, yao_time moment)
{
    const app_bundle_options o = {.path   = path,
                                  .anchor = yao_argument(call, "trust-anchor"),
                                  .seen   = yao_argument(call, "trust-seen"),
                                  .now    = moment,
                                  .skew   = SKEW,
                                  .packed = true};
    app_bundle               b      = {.list_count = 0};
    yao_status               status = app_bundle_open(crypto, &o, &b);

    app_bundle_close(&b);
    return status == YAO_OK;
}

static void look_at(const yao_invocation *call, const yao_crypto *crypto,
                    const char *path)
{
    yao_arena arena;
    yao_bytes file;
    yao_time  moment = 0;

    if (yao_memory_open(MEMORY, &arena) != YAO_OK)
        return;
    if (yao_file_read(path, YAO_MAX_TRUST_LIST, &file) == YAO_OK) {
        if (says_when(file, &arena, &moment) &&
            moment > yao_wallet_now() + SKEW &&
            is_signed_then(call, crypto, path, moment))
            reach(moment);
        yao_file_free(&file);
    }
    yao_memory_free(&arena);
}

void yao_wallet_look_at_clock(const yao_invocation *call,
                              const yao_crypto     *crypto)
{
    const char *path;

    if (yao_argument(call, "trust-anchor") == NULL)
        return;
    for (size_t i = 0; (path = yao_argument_at(call, "trust", i)) != NULL; i++)
        look_at(call, crypto, path);
}

int yao_wallet_see_lists(yao_wallet *wallet, const app_trusting *trust)
{
    yao_status status = YAO_OK;

    for (size_t i = 0; i < trust->count && status == YAO_OK; i++)
        status = yao_wallet_see_moment(
            wallet, trust->bundles[i].list.content.issued_at);
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, WORDS("wallet", "钱包"), "clock.sealed",
                    (yao_words){NULL, NULL},
                    WORDS("look at the wallet's folder and its permissions",
                          "请检查钱包目录及其权限"));
}
