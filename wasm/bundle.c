/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal's bundle: whom to trust, told by who is trusted already. */
#include "page.h"

#include "trust/trust.h"

static struct {
    yao_trust_unverified   input;
    yao_trust_verification check;
    yao_report             report;
} bundle;

/* What was seen of the list signed by the hand-given root, if it is that. */
static yao_status take_seen(yao_bytes seen, yao_bytes root, yao_trust_seen *ret)
{
    return seen.len == 0 ? YAO_OK
                         : yao_trust_read_seen(seen, root, YAO_TRUST_BUNDLE,
                                               ret);
}

/* What was seen is of one root: of two nobody could say which. */
static yao_status hash_root(uint8_t out[YAO_SHA256_LEN])
{
    const yao_anchor *root = NULL;

    for (size_t i = 0; i < page.options.anchor_count; i++) {
        if (page.anchors[i].role != YAO_ROLE_TRUST)
            continue;
        if (root != NULL)
            return YAO_E_USAGE;
        root = &page.anchors[i];
    }
    if (root == NULL || root->certificate.len == 0)
        return YAO_E_UNTRUSTED;
    return page.crypto->hash(page.crypto->ctx, YAO_SHA256, &root->certificate,
                             1, out);
}

static yao_status judge(yao_bytes input, const yao_trust_options *options)
{
    YAO_TRY(yao_trust_parse(&page.memory, input, options->strict,
                            &bundle.input));
    YAO_TRY(yao_trust_begin(&page.memory, page.crypto, &bundle.input, options,
                            &bundle.check, &bundle.report));
    YAO_TRY(page.crypto->verify(page.crypto->ctx, bundle.check.checks,
                                bundle.check.check_count));
    return yao_trust_conclude(&bundle.check, &page.memory, &page.bundle,
                              &bundle.report);
}

static yao_status take_contents(void)
{
    const yao_trust_verified *b = &page.bundle;

    for (size_t i = 0; i < b->anchor_count; i++)
        YAO_TRY(yao_page_add_anchor(&b->anchors[i]));
    for (size_t i = 0; i < b->content.signer_count; i++)
        YAO_TRY(yao_page_add_signer(b->content.signers[i]));
    return YAO_OK;
}

/* A bundle, signed under the one anchor of role "trust", and what the page kept of
 * the one before (nothing: none was seen). The answer is what to keep now; the
 * bundle's anchors and signers are trusted from here on. */
yao_status EXPORT(read_bundle)(const uint8_t *ptr, size_t len,
                               const uint8_t *seen, size_t seen_len)
{
    yao_trust_options options = {.wanted       = YAO_TRUST_BUNDLE,
                                 .max_age      = YAO_TIME_DAY,
                                 .anchors      = page.options.anchors,
                                 .anchor_count = page.options.anchor_count,
                                 .now          = page.options.now,
                                 .skew         = page.options.skew,
                                 .strict       = page.options.strict};
    uint8_t           root[YAO_SHA256_LEN];
    yao_writer        w;

    if (page.bundle.content.kind != YAO_TRUST_UNKNOWN)
        return YAO_E_USAGE;
    YAO_TRY(hash_root(root));
    YAO_TRY(take_seen(yao_page_bytes(seen, seen_len),
                      (yao_bytes){root, sizeof root}, &options.seen));
    YAO_TRY(judge(yao_page_bytes(ptr, len), &options));
    YAO_TRY(take_contents());

    w = yao_writer_in(&page.memory);
    yao_trust_put_seen(&w, (yao_bytes){root, sizeof root}, YAO_TRUST_BUNDLE,
                       &page.bundle.seen);
    return yao_page_answer(&w);
}

/* Status list tokens in it, for read_list(): how many; one. */
size_t EXPORT(bundle_lists)(void)
{
    return page.bundle.content.list_count;
}

yao_status EXPORT(bundle_list)(size_t index)
{
    if (index >= page.bundle.content.list_count)
        return YAO_E_USAGE;
    page.answer = page.bundle.content.lists[index];
    return YAO_OK;
}

/* Seconds since it was issued; below zero: and its next one is due. */
double EXPORT(bundle_age)(void)
{
    double age = (double)page.bundle.age;

    return page.bundle.stale ? -age - 1 : age;
}
