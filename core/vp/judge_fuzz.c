/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A stranger's answer. The first byte says what the rest is: a form, what a
 * page hands over, what was in an encrypted answer, or in one by org-iso-mdoc.
 *
 * What is read belongs to the request: its state, ids that were asked for, no
 * more of each than was. Without a single good signature nothing of it is ever
 * used, whatever it is, and no value of it reaches anybody.
 */

#include "vp/judge.h"

#include "tape.h"
#include "vp_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { FORM, PAGE, OPENED, RESPONSE, KINDS };

static void check_judgement(const vp_world *world, const yao_vp_awaited *a,
                            const yao_vp_presentations *came, bool bad)
{
    yao_verify_options options = vp_options(world);
    yao_vp_judging     judging;
    yao_vp_verdict     verdict;

    if (yao_vp_begin_judging(test_arena(), test_crypto(), a, came, &options,
                             &judging) != YAO_OK)
        return;
    for (size_t i = 0; i < judging.check_count; i++)
        judging.checks[i].outcome = bad ? YAO_SIG_BAD : YAO_SIG_UNCHECKED;
    if (yao_vp_finish_judging(&judging, &verdict) != YAO_OK)
        return;
    must(verdict.verdict != YAO_VERDICT_ACCEPT && verdict.answered == 0);
    must(!bad || verdict.verdict == YAO_VERDICT_REJECT);
    must(verdict.count == came->count);
    for (size_t i = 0; i < verdict.count; i++) {
        const yao_vp_judged *j = &verdict.items[i];

        must(!j->used && j->why != YAO_OK);
        for (size_t d = 0; j->result != NULL && d < j->result->document_count;
             d++)
            must(j->result->documents[d].attribute_count == 0);
    }
}

static void check_presentations(const vp_world *world, const yao_vp_awaited *a,
                                const yao_vp_presentations *came)
{
    must(came->count >= 1 && came->count <= YAO_VP_MAX_SHOWN);
    for (size_t i = 0; i < came->count; i++) {
        const yao_vp_presentation *p = &came->items[i];

        must(yao_dcql_find(&a->query, p->id) == p->credential);
        for (size_t j = 0; j < i; j++)
            must(came->items[j].credential != p->credential ||
                 a->query.credentials[p->credential].multiple);
    }
    check_judgement(world, a, came, true);
    check_judgement(world, a, came, false);
}

static void check_posted(const vp_world *world, const yao_vp_awaited *a,
                         yao_status status, const yao_vp_posted *posted)
{
    yao_vp_presentations came;

    if (status != YAO_OK)
        return;
    must(posted->kind != YAO_VP_NOTHING);
    for (size_t i = 0; i < posted->failure.description.len; i++)
        must(posted->failure.description.ptr[i] >= ' ' &&
             posted->failure.description.ptr[i] <= '~' &&
             posted->failure.description.ptr[i] != '"');
    status = yao_vp_check_posted(a, posted);
    if (status == YAO_OK && posted->kind != YAO_VP_SEALED)
        must(a->state.len == 0 || yao_text_equal(posted->state, a->state));
    if (status == YAO_OK && posted->kind == YAO_VP_SEALED)
        must(yao_text_equal(posted->jwe.kid, a->kid));
    if (yao_vp_read_plain(test_arena(), a, posted, &came) != YAO_OK)
        return;
    must(!yao_vp_mode_sealed(a->mode));
    check_presentations(world, a, &came);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const vp_world *world;
    static size_t          mark;
    yao_vp_awaited         awaited;
    yao_vp_posted          posted;
    yao_vp_presentations   came;

    if (len < 2 || len > 64 * 1024)
        return 0;
    if (world == NULL) {
        world = vp_world_make();
        mark  = test_arena()->used;
    }
    test_arena()->used = mark;

    bool        page = data[0] % KINDS == PAGE, clear = (data[1] & 1) != 0;
    yao_bytes   rest = {data + 2, len - 2};
    yao_vp_mode mode = page ? YAO_VP_DC_API_JWT : YAO_VP_DIRECT_POST_JWT;
    if (clear && data[0] % KINDS < OPENED)
        mode = page ? YAO_VP_DC_API : YAO_VP_DIRECT_POST;
    yao_vp_ask ask = vp_ask(world, mode);
    must(yao_vp_await(test_arena(), test_crypto(), &ask, YAO_TEXT(VP_ORIGIN),
                      &awaited) == YAO_OK);

    if (data[0] % KINDS == RESPONSE) {
        if (yao_vp_read_iso_opened(test_arena(), &awaited, rest, &came) ==
            YAO_OK)
            check_presentations(world, &awaited, &came);
        return 0;
    }
    if (data[0] % KINDS == OPENED) {
        if (yao_vp_read_opened(test_arena(), &awaited, rest, &came) == YAO_OK)
            check_presentations(world, &awaited, &came);
        return 0;
    }
    check_posted(world, &awaited,
                 (page ? yao_vp_read_dcapi_posted : yao_vp_read_posted)(
                     test_arena(), rest, &posted),
                 &posted);
    return 0;
}
