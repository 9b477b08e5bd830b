/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai trust show: what a trust list says, verified or not. */

#include "authority/commands.h"

#include "app/bundle.h"
#include "app/files.h"
#include "app/value.h"
#include "json/json.h"
#include "statuslist/statuslist.h"
#include "yaopai/openssl.h"

#include <inttypes.h>
#include <stdio.h>

/* The list, what is read of it, and the JSON. */
#define MEMORY ((size_t)96 * 1024 * 1024)

static const yao_words what = WORDS_INIT("trust show", "显示信任列表");

typedef struct showing {
    const yao_invocation    *call;
    const yao_crypto        *crypto;
    yao_arena                arena;
    const yao_trust_content *content;
    const app_bundle        *bundle; /* NULL: not verified */
} showing;

static const char *role_name(unsigned role)
{
    return role == YAO_ROLE_ISSUER   ? "issuer"
           : role == YAO_ROLE_READER ? "reader"
                                     : "status";
}

static yao_words role_words(unsigned role)
{
    return role == YAO_ROLE_ISSUER   ? WORDS("issuer", "签发")
           : role == YAO_ROLE_READER ? WORDS("reader", "查验")
                                     : WORDS("status", "状态");
}

static const char *state_name(yao_party_state state)
{
    return state == YAO_PARTY_ACTIVE ? "active" : "suspended";
}

/* ---- JSON --------------------------------------------------------------- */

static void put_number(yao_writer *w, bool *first, const char *name,
                       uint64_t value)
{
    yao_json_put_member_int(w, first, name,
                            value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

static void put_time(yao_writer *w, bool *first, const char *name,
                     yao_time time)
{
    uint8_t letters[20];

    if (time == YAO_TIME_NONE)
        return;
    yao_time_format(time, letters);
    yao_json_put_member(w, first, name, (yao_text){letters, sizeof letters});
}

static void put_texts(yao_writer *w, bool *first, const char *name,
                      const yao_text *texts, size_t count)
{
    bool inner = true;

    yao_json_put_name(w, first, name);
    yao_put_byte(w, '[');
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(w, &inner);
        yao_json_put_string(w, texts[i]);
    }
    yao_put_byte(w, ']');
}

static void put_hash(const showing *s, yao_writer *w, bool *first,
                     yao_bytes certificate)
{
    uint8_t hash[YAO_SHA256_LEN];

    if (s->crypto->hash(s->crypto->ctx, YAO_SHA256, &certificate, 1, hash) !=
        YAO_OK) {
        yao_writer_fail(w, YAO_E_CRYPTO);
        return;
    }
    yao_json_put_member_hex(w, first, "sha256", (yao_bytes){hash, sizeof hash});
}

/* The name of a certificate; empty when it cannot be read. */
static yao_text name_of(yao_bytes der)
{
    yao_certificate c;

    return yao_x509_read(der, &c) == YAO_OK ? c.common_name : YAO_TEXT("");
}

static void put_root(const showing *s, yao_writer *w, const yao_trust_root *r)
{
    bool first = true, inner = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "name", name_of(r->certificate));
    put_hash(s, w, &first, r->certificate);
    yao_json_put_name(w, &first, "roles");
    yao_put_byte(w, '[');
    for (unsigned role = YAO_ROLE_ISSUER; role <= YAO_ROLE_STATUS; role++) {
        if (((r->roles >> role) & 1u) == 0)
            continue;
        yao_json_put_next(w, &inner);
        yao_json_put_string(w, yao_text_of(role_name(role)));
    }
    yao_put_byte(w, ']');
    put_texts(w, &first, "types", r->types, r->type_count);
    if (s->bundle != NULL)
        yao_json_put_member_bool(w, &first, "usable", !r->unusable);
    yao_put_byte(w, '}');
}

static void put_party(const showing *s, yao_writer *w, const yao_trust_party *p)
{
    bool first = true;

    (void)s;
    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "code", p->code);
    yao_json_put_member(w, &first, "name", p->name);
    if (p->name_en.len != 0)
        yao_json_put_member(w, &first, "name_en", p->name_en);
    yao_json_put_member(w, &first, "state", yao_text_of(state_name(p->state)));
    put_texts(w, &first, "profiles", p->profiles, p->profile_count);
    yao_json_put_member(w, &first, "legal_basis", p->legal_basis);
    put_number(w, &first, "retention_days", p->retention_days);
    put_hash(s, w, &first, p->certificate);
    yao_put_byte(w, '}');
}

static void put_list(yao_writer *w, const yao_status_list *list)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "uri", list->uri);
    put_number(w, &first, "entries", list->count);
    put_time(w, &first, "issued", list->issued_at);
    put_time(w, &first, "expires", list->expires);
    yao_put_byte(w, '}');
}

static void put_head(const showing *s, yao_writer *w, bool *first)
{
    const yao_trust_content *c = s->content;

    yao_json_put_member(w, first, "kind",
                        yao_text_of(yao_trust_kind_name(c->kind)));
    yao_json_put_member_bool(w, first, "verified", s->bundle != NULL);
    yao_json_put_member(w, first, "name", c->name);
    yao_json_put_member(w, first, "url", c->url);
    put_number(w, first, "version", c->version);
    put_time(w, first, "issued", c->issued_at);
    put_time(w, first, "next", c->next_update);
    put_time(w, first, "expires", c->expires);
    if (s->bundle != NULL) {
        put_number(w, first, "age_seconds", (uint64_t)s->bundle->list.age);
        yao_json_put_member_bool(w, first, "stale", s->bundle->list.stale);
    }
}

static void put_roots(const showing *s, yao_writer *w, bool *first)
{
    bool inner = true;

    yao_json_put_name(w, first, "roots");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < s->content->root_count; i++) {
        yao_json_put_next(w, &inner);
        put_root(s, w, &s->content->roots[i]);
    }
    yao_put_byte(w, ']');
}

static void put_parties(const showing *s, yao_writer *w, bool *first)
{
    bool inner = true;

    yao_json_put_name(w, first, "parties");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < s->content->party_count; i++) {
        yao_json_put_next(w, &inner);
        put_party(s, w, &s->content->parties[i]);
    }
    yao_put_byte(w, ']');
}

/* Verified lists with what they say; of others only how many there are. */
static void put_lists(const showing *s, yao_writer *w, bool *first)
{
    bool inner = true;

    put_number(w, first, "status_lists", s->content->list_count);
    if (s->bundle == NULL)
        return;
    yao_json_put_name(w, first, "lists");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < s->bundle->list_count; i++) {
        yao_json_put_next(w, &inner);
        put_list(w, &s->bundle->lists[i]);
    }
    yao_put_byte(w, ']');
}

static yao_status show_json(showing *s)
{
    yao_writer w     = yao_writer_in(&s->arena);
    bool       first = true;
    yao_bytes  out;

    yao_put_byte(&w, '{');
    put_head(s, &w, &first);
    if (s->content->kind != YAO_TRUST_PARTIES)
        put_roots(s, &w, &first);
    if (s->content->kind != YAO_TRUST_VICAL)
        put_parties(s, &w, &first);
    if (s->content->kind == YAO_TRUST_BUNDLE) {
        put_number(&w, &first, "signers", s->content->signer_count);
        put_lists(s, &w, &first);
        put_number(&w, &first, "files", s->content->file_count);
    }
    yao_put_text(&w, "}\n");
    YAO_TRY(yao_writer_keep(&w, &s->arena, &out));
    fwrite(out.ptr, 1, out.len, stdout);
    return YAO_OK;
}

/* ---- for people --------------------------------------------------------- */

/* What a stranger wrote must not steer a terminal. */
static void say(yao_text text)
{
    yao_value_print(stdout, text);
}

static void print_time(yao_words label, yao_time time)
{
    uint8_t letters[20];

    if (time == YAO_TIME_NONE)
        return;
    yao_time_format(time, letters);
    printf("  %s%.20s\n", yao_say(label), (const char *)letters);
}

static void print_kind(const showing *s)
{
    static const yao_words kinds[] = {
        WORDS_INIT("VICAL", "VICAL"),
        WORDS_INIT("Relying parties", "依赖方名单"),
        WORDS_INIT("Bundle", "信任包"),
    };

    printf("%s: ", yao_say(kinds[s->content->kind - YAO_TRUST_VICAL]));
    say(s->content->name);
    if (s->content->url.len != 0) {
        fputs(" <", stdout);
        say(s->content->url);
        fputs(">", stdout);
    }
    fputc('\n', stdout);
}

static void print_verified(const showing *s)
{
    char age[32];

    if (s->bundle == NULL) {
        yao_print(WORDS("  NOT VERIFIED: anybody may have written it; give "
                        "--trust-anchor\n",
                        "  未经核验：任何人都可能编写；请给出 "
                        "--trust-anchor\n"));
        return;
    }
    app_age(s->bundle->list.age, age, sizeof age);
    yao_print(WORDS("  verified, %s old%s\n", "  已核验，签发已 %s%s\n"), age,
              s->bundle->list.stale
                  ? yao_say(WORDS("; a newer one is due",
                                  "；应获取更新的列表"))
                  : "");
}

static void print_texts(const yao_text *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fputs(i > 0 ? ", " : "", stdout);
        say(texts[i]);
    }
    fputc('\n', stdout);
}

static void print_root(const yao_trust_root *r)
{
    yao_print(WORDS("  root ", "  根证书 "));
    say(name_of(r->certificate));
    fputs(":", stdout);
    for (unsigned role = YAO_ROLE_ISSUER; role <= YAO_ROLE_STATUS; role++)
        if (((r->roles >> role) & 1u) != 0)
            printf(" %s", yao_say(role_words(role)));
    if (r->unusable)
        yao_print(WORDS(" (an algorithm that is not known here)",
                        "（此处不支持其算法）"));
    fputc('\n', stdout);
    if (r->type_count == 0)
        return;
    fputs("    ", stdout);
    print_texts(r->types, r->type_count);
}

static void print_party(const yao_trust_party *p)
{
    fputs("  ", stdout);
    say(p->code);
    printf("  %s  ", p->state == YAO_PARTY_ACTIVE
                         ? yao_say(WORDS("active", "有效"))
                         : yao_say(WORDS("suspended", "暂停")));
    say(p->name);
    if (p->name_en.len != 0) {
        fputs(" / ", stdout);
        say(p->name_en);
    }
    fputs("\n    ", stdout);
    print_texts(p->profiles, p->profile_count);
    yao_print(WORDS("    kept %" PRIu64 " days; ", "    保存 %" PRIu64 " 天；"),
              p->retention_days);
    say(p->legal_basis);
    fputc('\n', stdout);
}

static void print_list(const yao_status_list *list)
{
    yao_print(WORDS("  status list ", "  状态列表 "));
    say(list->uri);
    yao_print(WORDS(", %" PRIu64 " entries\n", "，%" PRIu64 " 项\n"),
              list->count);
}

static void show_plain(const showing *s)
{
    const yao_trust_content *c = s->content;

    print_kind(s);
    print_verified(s);
    yao_print(WORDS("  version   %" PRIu64 "\n", "  版本      %" PRIu64 "\n"),
              c->version);
    print_time(WORDS("issued    ", "签发      "), c->issued_at);
    print_time(WORDS("next by   ", "下次更新  "), c->next_update);
    print_time(WORDS("until     ", "有效期至  "), c->expires);
    for (size_t i = 0; i < c->root_count; i++)
        print_root(&c->roots[i]);
    for (size_t i = 0; i < c->party_count; i++)
        print_party(&c->parties[i]);
    if (s->bundle == NULL && c->list_count > 0)
        yao_print(WORDS("  %zu status lists\n", "  状态列表 %zu 个\n"),
                  c->list_count);
    for (size_t i = 0; s->bundle != NULL && i < s->bundle->list_count; i++)
        print_list(&s->bundle->lists[i]);
    if (c->signer_count > 0 || c->file_count > 0)
        yao_print(WORDS("  %zu document signers, %zu files\n",
                        "  证件签名证书 %zu 张，文件 %zu 个\n"),
                  c->signer_count, c->file_count);
}

static int show(showing *s)
{
    yao_status status = YAO_OK;

    if (s->call->json)
        status = show_json(s);
    else
        show_plain(s);
    return status == YAO_OK ? 0
                            : yao_fail(status, what, s->call->operands[0],
                                       (yao_words){NULL, NULL},
                                       (yao_words){NULL, NULL});
}

/* ---- the file ----------------------------------------------------------- */

static int show_unverified(showing *s)
{
    yao_bytes            file = {NULL, 0};
    yao_trust_unverified u;
    const char          *path = s->call->operands[0];

    yao_status status = yao_file_read(path, YAO_MAX_TRUST_LIST, &file);
    if (status == YAO_OK)
        status = yao_trust_parse(&s->arena, file, false, &u);

    int code;
    if (status == YAO_OK) {
        s->content = &u.said;
        code       = show(s);
    } else {
        code = yao_fail(status, what, path, (yao_words){NULL, NULL},
                        WORDS("give a VICAL, a list of relying parties or a "
                              "bundle",
                              "请给出 VICAL、依赖方名单或信任包"));
    }
    yao_file_free(&file);
    return code;
}

static int show_verified(showing *s)
{
    static app_bundle  bundle;
    app_bundle_options o = {.path   = s->call->operands[0],
                            .anchor = yao_argument(s->call, "trust-anchor"),
                            .seen   = yao_argument(s->call, "trust-seen"),
                            .now    = yao_now(),
                            .skew   = 60};

    yao_status status = app_bundle_open(s->crypto, &o, &bundle);
    if (status != YAO_OK)
        return app_bundle_tell(&bundle, &o, status, what);
    s->bundle  = &bundle;
    s->content = &bundle.list.content;
    int code   = show(s);
    app_bundle_close(&bundle);
    return code;
}

static int run(const yao_invocation *call)
{
    showing      s       = {.call = call};
    yao_openssl *openssl = yao_openssl_open();

    if (openssl == NULL || yao_memory_open(MEMORY, &s.arena) != YAO_OK) {
        yao_openssl_close(openssl);
        return yao_fail_memory();
    }
    s.crypto = yao_openssl_crypto(openssl);
    int code = yao_given(call, "trust-anchor") ? show_verified(&s)
                                               : show_unverified(&s);
    yao_memory_free(&s.arena);
    yao_openssl_close(openssl);
    return code;
}

static const yao_option options[] = {
    {"trust-anchor", "PEM", 0,
     WORDS_INIT("the trust root, given by hand: verify the list with it; or "
                "sha256: and its fingerprint, trust-root.pem lying beside",
                "人工取得的信任根证书，用于核验；或 sha256: 加指纹，"
                "此时 trust-root.pem 须在同一目录")},
    {"trust-seen", "FILE", 0,
     WORDS_INIT("the note of what was accepted last (default: the list's name "
                "with .seen); it is read, not changed",
                "上次接受内容的记录，缺省为列表文件名加 .seen；只读不改")},
};

const yao_command yao_trust_show = {
    .noun    = "trust",
    .verb    = "show",
    .summary = WORDS_INIT("print a VICAL, a list of relying parties or a "
                          "bundle",
                          "显示 VICAL、依赖方名单或信任包"),
    .text    = WORDS_INIT(
        "Says whether the list was verified, how old it is, and what stands in "
           "it. Without --trust-anchor nothing is verified: what is printed is "
           "what somebody wrote.",
        "显示列表是否经过核验、签发已多久，以及其内容。"
           "不给 --trust-anchor 则不作核验：所示只是有人写下的内容。"),
    .operands     = "FILE",
    .least        = 1,
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai trust show var/trust/bundle.cose --trust-anchor "
                    "var/trust/trust-root.pem",
    .json         = true,
    .run          = run,
};
