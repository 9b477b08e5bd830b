/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/world.h"

/* A signer that was never seen: parsing, profile, path, one signature. There
 * are more of them than a home remembers. */
static yao_status check(yao_world *world, yao_bytes signer)
{
    static yao_report report;
    yao_x509_path     path;

    report.count = 0;
    report.full  = false;
    YAO_TRY(yao_x509_find_path(&signer, 1, &world->anchor, 1, YAO_ROLE_ISSUER,
                               YAO_TEXT("org.iso.18013.5.1.mDL"), YAO_BENCH_NOW,
                               true, &path, &report, 0));
    YAO_TRY(world->crypto->verify(world->crypto->ctx, path.checks,
                                  path.check_count));
    return path.check_count == 1 && path.checks[0].outcome == YAO_SIG_GOOD
               ? YAO_OK
               : YAO_E_BAD_SIGNATURE;
}

bool yao_bench_chain_check(void *world, size_t index)
{
    yao_world *w = world;

    return check(w, w->signers[index % YAO_BENCH_SIGNERS]) == YAO_OK;
}
