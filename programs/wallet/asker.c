/* SPDX-License-Identifier: Apache-2.0 */

/** Who asks for a showing: by certificate, or by the challenge it shows. */

#include <stdlib.h>

#include "app/files.h"
#include "app/pem.h"
#include "app/trusting.h"
#include "app/value.h"
#include "card/challenge.h"
#include "trust/right.h"
#include "wallet/showing.h"

enum { SKEW = 60 }; /* seconds by which a checker's clock may differ */

#define MEMORY (64u * 1024u * 1024u) /* for a bundle with its lists */

static const yao_words what = WORDS_INIT("wallet present", "出示证件");

/* The chain in a PEM file, leaf first. */
static yao_status read_chain(yao_arena *arena, const char *path,
                             yao_bytes *chain, size_t *count)
{
    yao_anchors read = {.count = 0};

    YAO_TRY(yao_anchors_add_file(&read, arena, path, YAO_ROLE_READER));
    if (read.count > YAO_MAX_CHAIN)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < read.count; i++) {
        if (read.list[i].certificate.len == 0)
            return YAO_E_MISSING;
        chain[i] = read.list[i].certificate;
    }
    *count = read.count;
    return YAO_OK;
}

/* The path to a root that this wallet believes, signatures and all. */
static yao_status verify_reader(yao_showing *s, const yao_bytes *chain,
                                size_t count, yao_x509_path *path)
{
    yao_openssl *openssl = yao_openssl_open();
    yao_report   report  = {.count = 0};
    yao_status   status;

    if (openssl == NULL)
        return YAO_E_CRYPTO;
    status = yao_x509_find_path(chain, count, s->wallet->roots,
                                s->wallet->root_count, YAO_ROLE_READER,
                                YAO_TEXT(""), s->now, false, path, &report, 0);
    if (status == YAO_OK) {
        const yao_crypto *crypto = yao_openssl_crypto(openssl);

        status = crypto->verify(crypto->ctx, path->checks, path->check_count);
    }
    for (size_t i = 0; status == YAO_OK && i < path->check_count; i++)
        if (path->checks[i].outcome != YAO_SIG_GOOD)
            status = YAO_E_BAD_SIGNATURE;
    yao_openssl_close(openssl);
    return status;
}

static yao_text name_of(const yao_certificate *c)
{
    return c->organisation.len > 0 ? c->organisation : c->common_name;
}

/* Who of the party it is, by the number of the service. */
static void tell_officer(const yao_certificate *c)
{
    yao_text number;

    if (!yao_reader_is_officer(c, &number))
        return;
    fputs(yao_say(WORDS("officer: ", "警员编号：")), stderr);
    yao_value_print(stderr, number);
    fputc('\n', stderr);
}

static int refuse(yao_status status, const char *file)
{
    return yao_fail(status, what, file, (yao_words){NULL, NULL},
                    WORDS("show nothing to somebody whom the registrar does "
                          "not know",
                          "不要向登记机关未登记者出示"));
}

/* ---- by the list of relying parties -------------------------------------- */

static const yao_trust_verified *list_of(const app_trusting *trust)
{
    for (size_t i = 0; i < trust->count; i++)
        if (trust->bundles[i].list.content.kind == YAO_TRUST_BUNDLE)
            return &trust->bundles[i].list;
    return NULL;
}

/* Is the party of C on LIST, active, and registered for the profile? */
static yao_status check_party(const yao_showing *s, yao_arena *arena,
                              const yao_crypto         *crypto,
                              const yao_trust_verified *list,
                              const yao_certificate    *c)
{
    const yao_trust_party *party;
    yao_trust_party        may;

    YAO_TRY(yao_trust_find_asker(crypto, list, c, &party));
    if (party->state != YAO_PARTY_ACTIVE)
        return YAO_E_SUSPENDED;
    YAO_TRY(yao_trust_narrow(arena, yao_catalogue_shipped(), party, c, &may));
    return yao_document_lists(may.profiles, may.profile_count, s->profile->name)
               ? YAO_OK
               : YAO_E_NOT_AUTHORISED;
}

/* A certificate lives on for a while after its party was suspended: whoever has
 * the list looks there. */
static int check_listed(const yao_invocation *call, const yao_showing *s,
                        const yao_certificate *c)
{
    yao_verify_options options = {.now = s->now, .skew = SKEW};
    yao_openssl       *openssl = NULL;
    yao_arena          arena   = {NULL, 0, 0};
    app_trusting      *trust;
    int                code;

    if (!yao_given(call, "trust"))
        return 0;
    trust   = calloc(1, sizeof *trust);
    openssl = yao_openssl_open();
    if (trust == NULL || openssl == NULL ||
        yao_memory_open(MEMORY, &arena) != YAO_OK) {
        code = yao_fail_memory();
        goto done;
    }
    const yao_crypto *crypto = yao_openssl_crypto(openssl);
    code = app_trusting_take(trust, call, crypto, &arena, &options);
    if (code == 0) {
        yao_status status = check_party(s, &arena, crypto, list_of(trust), c);

        code = status == YAO_OK
                   ? 0
                   : refuse(status, yao_argument(call, "trust"));
    }
    app_trusting_close(trust);
done:
    yao_memory_free(&arena);
    yao_openssl_close(openssl);
    free(trust);
    return code;
}

/* ---- by the challenge that a checker shows ------------------------------ */

/* The readers whose certificates are at hand: a challenge names one by its
 * hash only. */
typedef struct known {
    yao_bytes readers[YAO_MAX_CHAIN];
    size_t    count;
} known;

static yao_status check_challenge(yao_showing *s, const known *k,
                                  const yao_card_challenge *challenge,
                                  const yao_crypto         *crypto,
                                  yao_card_reader          *ret)
{
    yao_report              report  = {.count = 0};
    yao_card_reader_options options = {.anchors      = s->wallet->roots,
                                       .anchor_count = s->wallet->root_count,
                                       .readers      = k->readers,
                                       .reader_count = k->count,
                                       .now          = s->now,
                                       .skew         = SKEW,
                                       .officer      = s->profile->officer};
    yao_card_reader_check   check;

    YAO_TRY(yao_card_begin_reader(&s->wallet->arena, crypto, challenge,
                                  &options, &check, &report));
    YAO_TRY(crypto->verify(crypto->ctx, check.checks, check.check_count));
    return yao_card_conclude_reader(&check, ret, &report);
}

static int identify_challenger(const yao_invocation *call, yao_showing *s)
{
    const char        *file    = yao_argument(call, "reader");
    const char        *shown   = yao_argument(call, "challenge");
    yao_openssl       *openssl = yao_openssl_open();
    known              k       = {.count = 0};
    yao_card_challenge challenge;
    yao_card_reader    reader;
    yao_status         status = openssl == NULL ? YAO_E_CRYPTO : YAO_OK;

    if (status == YAO_OK && file != NULL)
        status = read_chain(&s->wallet->arena, file, k.readers, &k.count);
    if (status == YAO_OK)
        status = yao_card_read_challenge(s->challenge, &challenge);
    if (status == YAO_OK &&
        !yao_text_equal(challenge.profile, s->profile->name)) {
        status = YAO_E_MISMATCH;
        yao_explain(status,
                    WORDS("the checker asks for another profile",
                          "核验方请求的是另一种配置"),
                    WORDS("look at what it shows, and name that with --profile "
                          "only if you want to show it",
                          "请核对其出示的内容；确愿出示时才用 --profile 指定"));
    }
    if (status == YAO_OK)
        status = check_challenge(s, &k, &challenge, yao_openssl_crypto(openssl),
                                 &reader);
    int code = status == YAO_OK ? check_listed(call, s, reader.certificate)
                                : refuse(status, shown);
    if (code == 0) {
        tell_officer(reader.certificate);
        s->party = name_of(reader.certificate);
        s->place = reader.place;
    }
    yao_openssl_close(openssl);
    return code;
}

/* ---- by certificate ----------------------------------------------------- */

static int identify_reader(const yao_invocation *call, const char *file,
                           yao_showing *s)
{
    yao_bytes     chain[YAO_MAX_CHAIN];
    yao_x509_path path;
    size_t        count;
    yao_status    status = read_chain(&s->wallet->arena, file, chain, &count);

    if (status == YAO_OK)
        status = verify_reader(s, chain, count, &path);
    if (status != YAO_OK)
        return refuse(status, file);
    if (yao_reader_allows(&path.leaf, s->profile->name) &&
        !yao_trust_certified(s->profile, &path.leaf))
        return yao_fail(
            YAO_E_REFUSED, what, file,
            WORDS("only an officer who logged in may ask this",
                  "仅限已登录的执法人员请求"),
            WORDS("ask for the officer's own certificate of today",
                  "请对方出示当班执法人员的证书"));
    if (!yao_reader_allows(&path.leaf, s->profile->name))
        return yao_fail(
            YAO_E_REFUSED, what, file,
            WORDS("it did not register this profile", "对方没有登记此请求配置"),
            WORDS("it may ask for what it registered only",
                  "对方只能请求已登记的内容"));
    int code = check_listed(call, s, &path.leaf);
    if (code != 0)
        return code;
    tell_officer(&path.leaf);
    s->party = name_of(&path.leaf);
    return 0;
}

/* What may stand on an open card may be seen by anyone. */
static bool is_open(const yao_showing *s)
{
    return s->profile->card == YAO_CARD_OPEN &&
           (s->form == YAO_SHOWING_CARD || s->form == YAO_SHOWING_ANIMATED);
}

int yao_asker_identify(const yao_invocation *call, yao_showing *s)
{
    const char *file = yao_argument(call, "reader");

    if (s->challenge.len > 0)
        return identify_challenger(call, s);
    if (file != NULL)
        return identify_reader(call, file, s);
    if (!yao_given(call, "unidentified") && !is_open(s))
        return yao_fail(YAO_E_REFUSED, what, "--reader",
                        WORDS("nobody says who asks", "没有说明由谁请求"),
                        WORDS("give the reader certificate of the relying "
                              "party, or --unidentified if you know it",
                              "请给出依赖方的读卡证书；若您认识对方，可用 "
                              "--unidentified"));
    s->party = YAO_TEXT("?");
    return 0;
}
