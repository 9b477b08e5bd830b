/* SPDX-License-Identifier: Apache-2.0 */
#include "app/trusting.h"

#include <string.h>

#include "app/files.h"

static const yao_words what = WORDS_INIT("--trust", "--trust");

typedef struct taking {
    app_trusting         *t;
    const yao_invocation *call;
    const yao_crypto     *crypto;
    yao_arena            *arena;
    yao_verify_options   *options;
} taking;

/* Did a signed list lie at PATH before? Its note is still there. */
static bool was_list(const char *path)
{
    char seen[4096];

    return strcmp(path, "-") != 0 &&
           snprintf(seen, sizeof seen, "%s.seen", path) < (int)sizeof seen &&
           yao_path_exists(seen);
}

/* Lists come by ways that are not trusted, and what is no list is trusted as
 * it is: so a list must not turn into something else. */
static int tell_no_list(const char *path)
{
    return yao_fail(YAO_E_MISMATCH, what, path,
                    WORDS("a signed list is expected here, and this is none",
                          "此处应为签名列表，而该文件不是"),
                    WORDS("fetch the list again; give a certificate that you "
                          "trust by hand under another name, and "
                          "--trust-anchor with lists only",
                          "请重新获取列表；由本人信任的证书请另用文件名，"
                          "且 --trust-anchor 只与列表同用"));
}

/* What PATH is: a list of which kind, or none; unreadable ones are none. */
static yao_trust_kind kind_of(const char *path)
{
    yao_bytes file;

    if (strcmp(path, "-") == 0) /* can be read once only, by who takes it */
        return YAO_TRUST_UNKNOWN;
    if (yao_file_read(path, YAO_MAX_TRUST_LIST, &file) != YAO_OK)
        return YAO_TRUST_UNKNOWN;
    yao_trust_kind kind = yao_trust_kind_of(file);
    yao_file_free(&file);

    return kind;
}

static int take_pem(taking *k, const char *path)
{
    if (was_list(path))
        return tell_no_list(path);
    yao_status status = yao_anchors_add_file(&k->t->given, k->arena, path,
                                             YAO_ROLE_ISSUER);

    if (status == YAO_OK)
        return 0;
    return yao_fail(status, what, path, (yao_words){NULL, NULL},
                    WORDS("give a PEM file with a certificate or a public key, "
                          "a bundle or a VICAL",
                          "请给出含证书或公钥的 PEM 文件、信任包或 VICAL"));
}

static int take_signer(taking *k, const char *path)
{
    yao_anchors *signers = &k->t->signers;
    size_t       before  = signers->count;
    yao_status   status =
        yao_anchors_add_file(signers, k->arena, path, YAO_ROLE_ISSUER);

    for (size_t i = before; i < signers->count && status == YAO_OK; i++)
        if (signers->list[i].certificate.len == 0)
            status = YAO_E_MISSING; /* a bare key has no hash to be named by */
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, WORDS("--signer", "--signer"), path,
                    (yao_words){NULL, NULL},
                    WORDS("give a PEM file with a signer's certificate",
                          "请给出含签发者证书的 PEM 文件"));
}

/* What is used all the same is said aloud. */
static void tell_notes(const app_bundle *b, const char *path)
{
    char age[32];

    if (b->list.stale) {
        fprintf(stderr, "yaopai: %s: %s: ", yao_say(what), path);
        fprintf(stderr,
                yao_say(WORDS("%s old, a newer one is due; fetch it\n",
                              "签发已 %s，应获取更新的列表\n")),
                app_age(b->list.age, age, sizeof age));
    }
    if (b->other_files > 0) {
        fprintf(stderr, "yaopai: %s: %s: ", yao_say(what), path);
        fprintf(stderr,
                yao_say(WORDS("%zu documents or profiles are others than those "
                              "of this program; use the authority's version\n",
                              "%zu 个证件或请求配置与本程序不同；"
                              "请使用与签发机关一致的版本\n")),
                b->other_files);
    }
}

/* With --at lists are judged at that moment too, and no note is left of it. */
static int take_list(taking *k, const char *path)
{
    app_bundle        *b = &k->t->bundles[k->t->count];
    app_bundle_options o = {.path   = path,
                            .anchor = yao_argument(k->call, "trust-anchor"),
                            .seen   = yao_argument(k->call, "trust-seen"),
                            .now    = k->options->now,
                            .skew   = k->options->skew,
                            .strict = k->options->strict,
                            .keep   = !yao_given(k->call, "at"),
                            .packed = k->t->packed};

    if (k->t->count == APP_MAX_BUNDLES)
        return yao_fail(YAO_E_LIMIT, what, path, (yao_words){NULL, NULL},
                        (yao_words){NULL, NULL});
    yao_status status = app_bundle_open(k->crypto, &o, b);
    if (status != YAO_OK)
        return app_bundle_tell(b, &o, status, what);
    k->t->count++;
    if (b->list.content.kind == YAO_TRUST_PARTIES)
        return yao_fail(YAO_E_MISMATCH, what, path,
                        WORDS("a list of relying parties names no issuers",
                              "依赖方名单中没有签发机关"),
                        WORDS("give a bundle or a VICAL",
                              "请给出信任包或 VICAL"));
    tell_notes(b, path);
    return 0;
}

/* ---- together ----------------------------------------------------------- */

static size_t count_anchors(const app_trusting *t)
{
    size_t count = t->given.count;

    for (size_t i = 0; i < t->count; i++)
        count += t->bundles[i].list.anchor_count;

    return count;
}

static yao_status join_anchors(taking *k)
{
    size_t      count = count_anchors(k->t), at = k->t->given.count;
    yao_anchor *all = yao_arena_take_array(k->arena, count + 1, sizeof *all);

    if (all == NULL)
        return YAO_E_SPACE;
    memcpy(all, k->t->given.list, at * sizeof *all);
    for (size_t i = 0; i < k->t->count; i++) {
        const yao_trust_verified *list = &k->t->bundles[i].list;

        for (size_t n = 0; n < list->anchor_count; n++)
            all[at++] = list->anchors[n];
    }
    k->options->anchors      = all;
    k->options->anchor_count = count;

    return YAO_OK;
}

static yao_status join_signers(taking *k)
{
    size_t     count = k->t->signers.count;
    yao_bytes *all;

    for (size_t i = 0; i < k->t->count; i++)
        count += k->t->bundles[i].list.content.signer_count;
    all = yao_arena_take_array(k->arena, count + 1, sizeof *all);
    if (all == NULL)
        return YAO_E_SPACE;
    k->options->signers = all;
    for (size_t i = 0; i < k->t->signers.count; i++)
        all[k->options->signer_count++] = k->t->signers.list[i].certificate;
    for (size_t i = 0; i < k->t->count; i++) {
        const yao_trust_content *c = &k->t->bundles[i].list.content;

        for (size_t n = 0; n < c->signer_count; n++)
            all[k->options->signer_count++] = c->signers[n];
    }

    return YAO_OK;
}

static void copy_lists(app_trusting *t)
{
    size_t at = 0;

    for (size_t i = 0; i < t->count; i++)
        for (size_t n = 0; n < t->bundles[i].list_count; n++)
            t->lists[at++] = t->bundles[i].lists[n];
}

static yao_status join_lists(taking *k)
{
    size_t           count = 0;
    yao_status_list *all;

    for (size_t i = 0; i < k->t->count; i++)
        count += k->t->bundles[i].list_count;
    all = yao_arena_take_array(k->arena, count + 1, sizeof *all);
    if (all == NULL)
        return YAO_E_SPACE;
    k->t->lists            = all;
    k->options->lists      = all;
    k->options->list_count = count;
    copy_lists(k->t);

    return YAO_OK;
}

static yao_status join(taking *k)
{
    YAO_TRY(join_anchors(k));
    YAO_TRY(join_signers(k));
    return join_lists(k);
}

int app_trusting_take(app_trusting *t, const yao_invocation *call,
                      const yao_crypto *crypto, yao_arena *arena,
                      yao_verify_options *options)
{
    taking      k    = {t, call, crypto, arena, options};
    int         code = 0;
    const char *path;

    for (size_t i = 0;
         code == 0 && (path = yao_argument_at(call, "trust", i)) != NULL; i++)
        code = kind_of(path) == YAO_TRUST_UNKNOWN ? take_pem(&k, path)
                                                  : take_list(&k, path);
    if (code == 0 && t->count == 0 && yao_given(call, "trust-anchor") &&
        yao_argument_at(call, "trust", 0) != NULL)
        code = tell_no_list(yao_argument_at(call, "trust", 0));
    for (size_t i = 0;
         code == 0 && (path = yao_argument_at(call, "signer", i)) != NULL; i++)
        code = take_signer(&k, path);
    if (code == 0 && join(&k) != YAO_OK)
        code = yao_fail_memory();

    return code;
}

bool app_trusting_unpack(app_trusting *t, yao_text uri)
{
    bool any = false;

    for (size_t i = 0; i < t->count; i++)
        any = app_bundle_unpack(&t->bundles[i], uri) || any;
    if (any)
        copy_lists(t);
    return any;
}

const yao_catalogue *app_trusting_catalogue(const app_trusting *t)
{
    return t->count > 0 ? &t->bundles[0].catalogue : yao_catalogue_shipped();
}

void app_trusting_close(app_trusting *t)
{
    for (size_t i = 0; i < t->count; i++)
        app_bundle_close(&t->bundles[i]);
    t->count = 0;
}
