/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/x509.h"

#include "check.h"
#include "forge.h"

/* ---- a scene: what is shown, whom we trust, what for, when ---- */

enum { MAX_ANCHORS = 5, MAX_SHOWN = YAO_MAX_CHAIN + 1 };
enum { ROOT = 0, LEAF = 1, MIDDLE = 2, OTHER = 3, BIG = 8 };

typedef struct scene {
    yao_bytes  chain[MAX_SHOWN];
    size_t     count;
    yao_anchor anchors[MAX_ANCHORS];
    size_t     anchor_count;
    yao_role   role;
    yao_text   type;
    yao_time   now;
    bool       strict;
} scene;

static const yao_text mdl      = YAO_INIT("org.iso.18013.5.1.mDL");
static const yao_text photo[1] = {YAO_INIT("org.iso.23220.photoid.1")};
static const yao_text both[2]  = {YAO_INIT("org.iso.23220.photoid.1"),
                                  YAO_INIT("org.iso.18013.5.1.mDL")};

static void trust(scene *s, yao_bytes certificate, yao_role role)
{
    s->anchors[s->anchor_count++] =
        (yao_anchor){.certificate = certificate, .role = role};
}

typedef void (*change)(forge *f);
typedef void (*turn)(scene *s);

/* Re-make CERTIFICATE with CHANGE, signed by key SIGNER. */
static yao_bytes changed(yao_bytes certificate, change how, int signer)
{
    forge f;

    if (how == NULL)
        return certificate;
    forge_open(&f, certificate);
    how(&f);
    return forge_close(&f, forge_key(signer));
}

static void set_scene(scene *s, yao_role role, change leaf, change root)
{
    bool      reader = role == YAO_ROLE_READER;
    yao_bytes top    = forge_make(YAO_X509_ROOT, ROOT, (yao_bytes){NULL, 0}, 0);
    yao_bytes end = forge_make(reader ? YAO_X509_READER : YAO_X509_SIGNER, LEAF,
                               top, ROOT);

    *s = (scene){.count = 1, .role = role, .type = mdl, .now = FORGE_NOW};
    s->chain[0] = changed(end, leaf, ROOT);
    trust(s, changed(top, root, ROOT), role);
}

/* Everything, the signatures included. */
static yao_status walk(scene *s, yao_x509_path *path, yao_report *report)
{
    const yao_crypto *crypto = forge_crypto();

    *report           = (yao_report){.count = 0};
    yao_status status = yao_x509_find_path(
        s->chain, s->count, s->anchors, s->anchor_count, s->role, s->type,
        s->now, s->strict, path, report, 7);

    if (status != YAO_OK)
        return status;
    if (path->check_count == 0)
        return YAO_OK;
    assert_status(
        crypto->verify(crypto->ctx, path->checks, path->check_count), YAO_OK);
    for (size_t i = 0; i < path->check_count; i++)
        if (path->checks[i].outcome != YAO_SIG_GOOD)
            return YAO_E_BAD_SIGNATURE;
    return YAO_OK;
}

static void issuer_path(void **state)
{
    scene         s;
    yao_x509_path path;
    yao_report    report;

    (void)state;
    set_scene(&s, YAO_ROLE_ISSUER, NULL, NULL);
    s.strict = true;
    assert_status(walk(&s, &path, &report), YAO_OK);
    assert_int_equal(path.check_count, 1);
    assert_int_equal(path.deviations, 0);
    assert_int_equal(report.count, 5);
    set_scene(&s, YAO_ROLE_READER, NULL, NULL);
    s.strict = true;
    assert_status(walk(&s, &path, &report), YAO_OK);
    assert_int_equal(path.check_count, 1);
    assert_int_equal(path.deviations, 0);
}

static void annex_d(void **state)
{
    scene         s = {.count = 1, .now = 1601510400 + 86400};
    yao_x509_path path;
    yao_report    report;

    (void)state;
    if (!test_have_vectors())
        skip();
    s.chain[0] = test_vector("iso18013-5-annexD-multipaz/ds_cert.der");
    s.role     = YAO_ROLE_ISSUER;
    trust(&s, s.chain[0], YAO_ROLE_ISSUER);
    assert_status(walk(&s, &path, &report), YAO_OK);
    assert_int_equal(path.check_count, 0);
    assert_int_equal(path.deviations, 0);

    s.chain[0]     = test_vector("iso18013-5-annexD-multipaz/reader_cert.der");
    s.role         = YAO_ROLE_READER;
    s.anchor_count = 0;
    trust(&s, s.chain[0], YAO_ROLE_READER);
    assert_status(walk(&s, &path, &report), YAO_OK);
}

int main(void)
{
    (void)both; (void)photo;
    test_add("path", "accepts a signer and a reader under their roots", issuer_path, NULL);
    test_add("path", "accepts the signer of annex D when pinned", annex_d, NULL);
    return test_run("x509/path");
}
