/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "check.h"

void scene_trust(scene *s, yao_bytes certificate, yao_role role)
{
    s->anchors[s->anchor_count++] =
        (yao_anchor){.certificate = certificate, .role = role};
}

yao_bytes scene_changed(yao_bytes certificate, scene_change how, int signer)
{
    forge f;

    if (how == NULL)
        return certificate;
    forge_open(&f, certificate);
    how(&f);
    return forge_close(&f, forge_key(signer));
}

void scene_set(scene *s, yao_role role, scene_change leaf, scene_change root)
{
    yao_x509_kind kind =
        role == YAO_ROLE_READER ? YAO_X509_READER : YAO_X509_SIGNER;
    yao_bytes top = forge_make(YAO_X509_ROOT, ROOT, (yao_bytes){NULL, 0}, 0);
    yao_bytes end = forge_make(kind, LEAF, top, ROOT);

    *s = (scene){.count = 1,
                 .role  = role,
                 .type  = YAO_TEXT("org.iso.18013.5.1.mDL"),
                 .now   = FORGE_NOW};
    s->chain[0] = scene_changed(end, leaf, ROOT);
    scene_trust(s, scene_changed(top, root, ROOT), role);
}

/* Everything, the signatures included. */
yao_status scene_walk(scene *s, yao_x509_path *path, yao_report *report)
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

yao_outcome scene_outcome(const yao_report *report, int check)
{
    for (size_t i = 0; i < report->count; i++)
        if ((int)report->rows[i].check == check)
            return report->rows[i].outcome;

    return YAO_OUTCOME_ABSENT;
}

static void check_report(const scene_row *row, const yao_report *report,
                         const yao_x509_path *path)
{
    bool noted = path->deviations != 0 || path->check_count == 0;

    for (size_t i = 0; i < report->count; i++) {
        bool fails = report->rows[i].outcome == YAO_OUTCOME_FAIL;
        assert_int_equal(report->rows[i].document, 7);
        assert_int_equal(fails, (int)report->rows[i].check == row->failed);
        if (fails)
            assert_status(report->rows[i].why, row->want);
    }
    if (row->failed != YAO_CHECK_NONE) {
        assert_int_equal(scene_outcome(report, row->failed), YAO_OUTCOME_FAIL);
        return;
    }
    assert_int_equal(report->count, 5);
    assert_int_equal(scene_outcome(report, YAO_CHECK_CHAIN_PROFILE),
                     noted ? YAO_OUTCOME_NOTE : YAO_OUTCOME_PASS);
}

static void one_path(void **state)
{
    const scene_row *row = *state;
    scene             s;
    yao_x509_path     path;
    yao_report        report;

    scene_set(&s, (yao_role)row->role, row->leaf, row->root);
    if (row->turn != NULL)
        row->turn(&s);
    assert_status(scene_walk(&s, &path, &report), row->want);
    assert_int_equal(path.deviations, row->deviations);
    check_report(row, &report, &path);
    if (row->want == YAO_OK) {
        assert_non_null(path.anchor);
        assert_bytes(path.leaf.der, s.chain[0]);
        assert_bytes(path.anchor_certificate.der, path.anchor->certificate);
    }
}

void scene_add(const char *group, const scene_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        test_add(group, rows[i].name, one_path, &rows[i]);
}
