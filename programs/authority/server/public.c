/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What everybody may fetch, and nothing of it is about one person: status
 * lists as they were last signed, trust lists as they were last published, root
 * certificates. All of it is signed; what is not signed is a root, which nobody
 * believes because it came from here, and a page that says what there is.
 */
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "app/log.h"
#include "app/pem.h"
#include "app/signpost.h"
#include "authority/keeper/trust.h"
#include "authority/role.h"
#include "authority/server/inside.h"
#include "base/ascii.h"
#include "store/keeper.h"

enum {
    LIST_SECONDS  = 60,   /* a revocation is seen within a minute */
    TRUST_SECONDS = 300,
    ROOT_SECONDS  = 3600,
    MOST_FILE     = 12 * 1024 * 1024 /* of the worker's arena */
};

/* ---- Accept ------------------------------------------------------------- */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static yao_text trim(yao_text t)
{
    while (t.len > 0 && is_blank(*t.ptr)) {
        t.ptr++;
        t.len--;
    }
    while (t.len > 0 && is_blank(t.ptr[t.len - 1]))
        t.len--;
    return t;
}

/* "q=0", "q=0.0": not wanted. */
static bool is_refused(yao_text parameters)
{
    size_t at = yao_bytes_find(yao_text_bytes(parameters), '=');

    if (at == parameters.len || at == 0 ||
        (parameters.ptr[at - 1] | 32) != 'q')
        return false;
    for (size_t i = at + 1; i < parameters.len; i++)
        if (parameters.ptr[i] >= '1' && parameters.ptr[i] <= '9')
            return false;
    return true;
}

/* Which of "TYPE", "application/ *", "* / *" is in LIST: 3, 2, 1; 0: none. */
static int wish_for(yao_text list, const char *type)
{
    int best = 0;

    while (list.len > 0) {
        size_t   end   = yao_bytes_find(yao_text_bytes(list), ',');
        yao_text item  = {list.ptr, end};
        size_t   cut   = yao_bytes_find(yao_text_bytes(item), ';');
        yao_text name  = trim((yao_text){item.ptr, cut});
        yao_text rest  = {item.ptr + cut, item.len - cut};
        int      wish  = yao_ascii_is(name, type)              ? 3
                         : yao_ascii_is(name, "application/*") ? 2
                         : yao_ascii_is(name, "*/*")           ? 1
                                                               : 0;
        if (wish > best && !is_refused(rest))
            best = wish;
        end += end < list.len;
        list = (yao_text){list.ptr + end, list.len - end};
    }
    return best;
}

/* ---- status lists ------------------------------------------------------- */

#define JWT_TYPE "application/statuslist+jwt"
#define CWT_TYPE "application/statuslist+cwt"

/* A number as we write it: no zero before it. */
static bool read_number(yao_text text, int64_t *ret)
{
    int64_t number = 0;

    if (text.len == 0 || text.len > 12 || text.ptr[0] == '0')
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        number = number * 10 + (text.ptr[i] - '0');
    }
    *ret = number;
    return true;
}

static yao_status refuse_types(app_reply *ret)
{
    return app_reply_bytes(ret, 406, "application/json",
                           YAO_LIT("{\"error\":\"not_acceptable\"}"));
}

static yao_status give_status_list(app_call *call, app_reply *ret)
{
    size_t   accepts;
    yao_text accept = net_header_find(call->http, "accept", &accepts);
    int      jwt = accepts == 0 ? 1 : wish_for(accept, JWT_TYPE);
    int      cwt = accepts == 0 ? 0 : wish_for(accept, CWT_TYPE);
    int64_t  number;
    store_status_token token;

    if (!read_number(call->parts[0], &number))
        return YAO_E_NOT_FOUND;
    YAO_TRY(store_get_status_token(server_authority(call)->store, number,
                                   call->arena, &token));
    YAO_TRY(app_reply_header(ret, "Vary", YAO_TEXT("Accept")));
    if (jwt == 0 && cwt == 0)
        return refuse_types(ret);
    if (cwt > jwt)
        YAO_TRY(app_reply_bytes(ret, 200, CWT_TYPE, token.cwt));
    else
        YAO_TRY(app_reply_bytes(ret, 200, JWT_TYPE, token.jwt));
    return app_reply_cache(ret, call, LIST_SECONDS);
}

/* ---- files -------------------------------------------------------------- */

static yao_status give_file(app_call *call, const char *path, const char *type,
                            app_reply *ret)
{
    yao_bytes file, kept = {NULL, 0};

    if (!yao_path_exists(path))
        return YAO_E_NOT_FOUND;
    YAO_TRY(yao_file_read(path, MOST_FILE, &file));
    yao_status status = yao_arena_keep(call->arena, file, &kept);
    yao_file_free(&file);
    YAO_TRY(status);
    YAO_TRY(app_reply_bytes(ret, 200, type, kept));
    return app_reply_cache(ret, call, TRUST_SECONDS);
}

static const struct {
    const char *name, *type;
} trust_lists[] = {{"vical.cbor", "application/cbor"},
                   {"parties.cose", "application/cose"},
                   {"bundle.cose", "application/cose"}};

/* As the register has it; before the first one was signed by a version that
 * keeps it there, as it lies in the folder. */
static yao_status give_list(app_call *call, size_t i, app_reply *ret)
{
    const authority *a = server_authority(call);
    char             path[CONFIG_MAX_PATH];
    store_artefact   artefact;
    yao_status       status = store_get_artefact(
        a->store, yao_text_of(trust_lists[i].name), call->arena, &artefact);

    if (status == YAO_E_NOT_FOUND) {
        YAO_TRY(yao_path_join(config_get(&a->config, SETTING_TRUST_FOLDER),
                              trust_lists[i].name, path, sizeof path));
        return give_file(call, path, trust_lists[i].type, ret);
    }
    YAO_TRY(status);
    YAO_TRY(app_reply_bytes(ret, 200, trust_lists[i].type, artefact.body));
    return app_reply_cache(ret, call, TRUST_SECONDS);
}

/* What a relying party sends along: of its own name only. */
static bool is_statement(yao_text name)
{
    return name.len == KEEPER_STATEMENT_NAME &&
           yao_bytes_starts(yao_text_bytes(name), YAO_LIT("party-"));
}

static yao_status give_statement(app_call *call, app_reply *ret)
{
    store_artefact artefact;

    YAO_TRY(store_get_artefact(server_authority(call)->store, call->parts[0],
                               call->arena, &artefact));
    YAO_TRY(app_reply_bytes(ret, 200, "application/cose", artefact.body));
    return app_reply_cache(ret, call, TRUST_SECONDS);
}

static yao_status give_certificate(app_call *call, const char *path, bool pem,
                                   app_reply *ret);

static yao_status give_trust(app_call *call, app_reply *ret)
{
    const authority *a = server_authority(call);

    for (size_t i = 0; i < sizeof trust_lists / sizeof trust_lists[0]; i++)
        if (yao_text_equal(call->parts[0], yao_text_of(trust_lists[i].name)))
            return give_list(call, i, ret);
    if (is_statement(call->parts[0]))
        return give_statement(call, ret);
    if (yao_text_equal(call->parts[0], YAO_TEXT("trust-root.pem")))
        return give_certificate(
            call, config_get(&a->config, SETTING_TRUST_ROOT), true, ret);
    return YAO_E_NOT_FOUND;
}

/* ---- root certificates -------------------------------------------------- */

static const struct {
    const char    *name;
    config_setting setting;
} roots[] = {{"population", SETTING_POPULATION_ROOT},
             {"traffic", SETTING_TRAFFIC_ROOT},
             {"other", SETTING_OTHER_ROOT},
             {"registrar", SETTING_READER_ROOT},
             {"trust", SETTING_TRUST_ROOT}};

static yao_status give_certificate(app_call *call, const char *path, bool pem,
                                   app_reply *ret)
{
    ca         root = {.key = NULL};
    yao_writer w;
    yao_bytes  out;

    YAO_TRY(ca_open(path, NULL, call->arena, &root));
    if (!pem) {
        YAO_TRY(app_reply_bytes(ret, 200, "application/pkix-cert",
                                root.certificate.der));
        return app_reply_cache(ret, call, ROOT_SECONDS);
    }
    w = yao_writer_in(call->arena);
    yao_pem_put(&w, "CERTIFICATE", root.certificate.der);
    YAO_TRY(yao_writer_keep(&w, call->arena, &out));
    YAO_TRY(app_reply_bytes(ret, 200, "application/x-pem-file", out));
    return app_reply_cache(ret, call, ROOT_SECONDS);
}

/* "population.pem", "population.der" */
static yao_status give_root(app_call *call, app_reply *ret)
{
    yao_text part = call->parts[0];
    size_t   dot  = yao_bytes_find(yao_text_bytes(part), '.');
    yao_text name = {part.ptr, dot}, ending = {part.ptr + dot, part.len - dot};
    bool     pem  = yao_text_equal(ending, YAO_TEXT(".pem"));
    const authority *a = server_authority(call);

    if (!pem && !yao_text_equal(ending, YAO_TEXT(".der")))
        return YAO_E_NOT_FOUND;
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
        if (yao_text_equal(name, yao_text_of(roots[i].name)))
            return give_certificate(
                call, config_get(&a->config, roots[i].setting), pem, ret);
    return YAO_E_NOT_FOUND;
}

/* ---- for commands while the server runs --------------------------------- */

static yao_status nudge(app_call *call, app_reply *ret)
{
    char name[64];

    if (call->parts[0].len >= sizeof name)
        return YAO_E_NOT_FOUND;
    memcpy(name, call->parts[0].ptr, call->parts[0].len);
    name[call->parts[0].len] = '\0';
    server_nudge_call(call, name);
    return app_reply_empty(ret, 204);
}

/* ---- for people who come with a browser --------------------------------- */

static const app_signpost_link links[] = {
    {".well-known/openid-credential-issuer",
     WORDS_INIT("Which documents wallets get here, and how (JSON)",
                "钱包可在此领取的证件及方式（JSON）")},
    {".well-known/oauth-authorization-server",
     WORDS_INIT("How wallets are let in (JSON)", "钱包的授权方式（JSON）")},
    {"trust/bundle.cose",
     WORDS_INIT("The trust bundle for checkers: who issues, what was revoked "
                "(signed CBOR)",
                "供核验者使用的信任包：由谁签发、哪些已撤销（签名的 CBOR）")},
    {"trust/parties.cose",
     WORDS_INIT("The list of relying parties: who may ask for what, and by "
                "which law (signed CBOR)",
                "依赖方名单：谁可以依据何种法律请求什么（签名的 CBOR）")},
    {"trust/vical.cbor",
     WORDS_INIT("The list of issuing authorities, VICAL (ISO/IEC 18013-5)",
                "签发机关名单 VICAL（ISO/IEC 18013-5）")},
    {"trust/trust-root.pem",
     WORDS_INIT("The root under which these lists are signed (PEM); believe "
                "it only when you got it in another way as well",
                "签署上述名单的根证书（PEM）；须通过其他途径核对后再信任")},
    {"health", WORDS_INIT("Is it up?", "运行状态")},
};

static const app_signpost post = {
    .title = WORDS_INIT("The authority's server", "签发机关服务"),
    .text  = WORDS_INIT(
        "It issues electronic identity documents to wallets, and publishes "
        "what anybody needs to check them. It answers programs; people use a "
        "wallet or a kiosk. Yaopai is no official document system.",
        "本服务向钱包签发电子身份证件，并公布核验所需的一切。它供程序调用；"
        "个人请使用钱包或自助终端。腰牌并非官方证件系统。"),
    .links      = links,
    .link_count = sizeof links / sizeof links[0],
    .next       = WORDS_INIT(
        "What a signed list says: <code>yaopai trust show FILE</code>. "
        "Every address: <code>docs/api/authority.json</code>.",
        "查看签名名单的内容：<code>yaopai trust show 文件</code>。全部接口："
        "<code>docs/api/authority.json</code>。"),
};

static yao_status say_what_it_is(app_call *call, app_reply *ret)
{
    return app_signpost_give(call, &post, 200, ret);
}

/* ---- the part ----------------------------------------------------------- */

static const app_route routes[] = {
    {"GET", "/", APP_ANY_WALLET, say_what_it_is, 0, 0},
    {"GET", "/statuslists/{number}", APP_ANY_WALLET, give_status_list, 0, 0},
    {"GET", "/trust/{file}", APP_ANY_WALLET, give_trust, 0, 0},
    {"GET", "/roots/{file}", APP_ANY_WALLET, give_root, 0, 0},
};
static const app_route admin[] = {
    {"POST", "/jobs/{name}", APP_ADMIN, nudge, 0, 0},
};
static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_PUBLIC},
    {admin, sizeof admin / sizeof admin[0], 1u << SERVER_ADMIN},
};

extern const authority_part server_public_part;
const authority_part        server_public_part = {
           .tables = tables, .table_count = sizeof tables / sizeof tables[0]};
