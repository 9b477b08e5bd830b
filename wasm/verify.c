/* SPDX-License-Identifier: Apache-2.0 */
/* Judging: who is trusted, what was asked, then the document. */
#include "page.h"

#include "cbor/cbor.h"
#include "statuslist/statuslist.h"

/* Seconds since 1970, and how much clocks may differ. */
yao_status EXPORT(set_time)(double now, int skew)
{
    if (!(now >= 0 && now <= (double)YAO_TIME_MAX) || skew < 0 ||
        skew > YAO_TIME_DAY)
        return YAO_E_USAGE;

    page.options.now  = (yao_time)now;
    page.options.skew = skew;
    return YAO_OK;
}

/* FORMAT as yao_format; flags: 1 strict, 2 no holder is asked for, 4 a
 * suspended document will do. */
yao_status EXPORT(set_mode)(int format, unsigned flags)
{
    if (flags > 7)
        return YAO_E_USAGE;

    page.options.format             = (yao_format)format;
    page.options.strict             = (flags & 1) != 0;
    page.options.no_binding         = (flags & 2) != 0;
    page.options.tolerate_suspended = (flags & 4) != 0;
    return YAO_OK;
}

yao_status yao_page_add_anchor(const yao_anchor *anchor)
{
    size_t      count = page.options.anchor_count;
    yao_anchor *list  = yao_page_room(page.anchors, count, &page.anchor_room,
                                      sizeof *list);

    if (list == NULL)
        return YAO_E_SPACE;
    list[count]               = *anchor;
    page.anchors              = list;
    page.options.anchors      = list;
    page.options.anchor_count = count + 1;
    return YAO_OK;
}

yao_status yao_page_add_signer(yao_bytes certificate)
{
    size_t     count = page.options.signer_count;
    yao_bytes *list  = yao_page_room(page.signers, count, &page.signer_room,
                                     sizeof *list);

    if (list == NULL)
        return YAO_E_SPACE;
    list[count]               = certificate;
    page.signers              = list;
    page.options.signers      = list;
    page.options.signer_count = count + 1;
    return YAO_OK;
}

/* ROLE as yao_role; a certificate in DER, or the 65 bytes of a bare key. */
yao_status EXPORT(add_anchor)(int role, const uint8_t *ptr, size_t len)
{
    yao_anchor a = {.role = (yao_role)role};

    if (len == 65 && ptr[0] == 4)
        YAO_TRY(yao_public_key_make(YAO_P256, (yao_bytes){ptr + 1, 32},
                                    (yao_bytes){ptr + 33, 32}, &a.key));
    else
        a.certificate = yao_page_bytes(ptr, len);
    return yao_page_add_anchor(&a);
}

/* A type that the latest anchor may issue; without any it may issue all. */
yao_status EXPORT(add_anchor_type)(const uint8_t *ptr, size_t len)
{
    if (page.options.anchor_count == 0)
        return YAO_E_USAGE;
    if (page.type_count == PAGE_TYPES)
        return YAO_E_LIMIT;

    yao_anchor *a    = &page.anchors[page.options.anchor_count - 1];
    yao_text   *type = &page.types[page.type_count];
    if (a->type_count != 0 && a->types + a->type_count != type)
        return YAO_E_USAGE; /* a bundle's: its types are not ours to add to */
    YAO_TRY(yao_page_text(ptr, len, type));
    if (a->type_count == 0)
        a->types = type;
    a->type_count++;
    page.type_count++;
    return YAO_OK;
}

yao_status EXPORT(set_session)(const uint8_t *ptr, size_t len)
{
    page.options.transcript = yao_page_bytes(ptr, len);
    return YAO_OK;
}

yao_status EXPORT(set_nonce)(const uint8_t *ptr, size_t len)
{
    return yao_page_text(ptr, len, &page.options.nonce);
}

yao_status EXPORT(set_audience)(const uint8_t *ptr, size_t len)
{
    return yao_page_text(ptr, len, &page.options.audience);
}

/* For cards: a document signer, the challenge, the profile that was asked. */
yao_status EXPORT(add_signer)(const uint8_t *ptr, size_t len)
{
    return yao_page_add_signer(yao_page_bytes(ptr, len));
}

yao_status EXPORT(set_challenge)(const uint8_t *ptr, size_t len)
{
    page.options.challenge = yao_page_bytes(ptr, len);
    return YAO_OK;
}

yao_status EXPORT(set_profile)(const uint8_t *ptr, size_t len)
{
    return yao_page_text(ptr, len, &page.options.card_profile);
}

/* One thing that must be shown: docType or vct, namespace, element. */
yao_status EXPORT(add_requirement)(const uint8_t *type, size_t type_len,
                                   const uint8_t *space, size_t space_len,
                                   const uint8_t *element, size_t element_len)
{
    yao_requirement *r = &page.requirements[page.options.required_count];

    if (page.options.required_count == PAGE_REQUIREMENTS)
        return YAO_E_LIMIT;
    YAO_TRY(yao_page_text(type, type_len, &r->type));
    YAO_TRY(yao_page_text(space, space_len, &r->space));
    YAO_TRY(yao_page_text(element, element_len, &r->element));
    page.options.required_count++;
    return YAO_OK;
}

/* Of the latest one: a no will not do. */
yao_status EXPORT(require_yes)(void)
{
    if (page.options.required_count == 0)
        return YAO_E_USAGE;

    page.requirements[page.options.required_count - 1].yes = true;
    return YAO_OK;
}

/* ---- status lists: judged, then unpacked by the host -------------------- */

static struct {
    yao_statuslist_unverified   input;
    yao_statuslist_verification check;
    yao_inflate_wish            wish;
} list;

/* A token; the answer is the zlib stream that the host unpacks, to at most
 * list_max() bytes, and hands back. */
yao_status EXPORT(read_list)(const uint8_t *ptr, size_t len)
{
    yao_statuslist_options options = {
        .anchors      = page.options.anchors,
        .anchor_count = page.options.anchor_count,
        .now          = page.options.now,
        .skew         = page.options.skew,
        .strict       = page.options.strict,
    };

    page.list_report.count = 0;
    page.list_report.full  = false;
    YAO_TRY(yao_statuslist_parse(&page.memory, yao_page_bytes(ptr, len),
                                 YAO_STATUSLIST_UNKNOWN, &list.input));
    YAO_TRY(yao_statuslist_begin(&page.memory, &list.input, &options,
                                 &list.check, &page.list_report));
    YAO_TRY(page.crypto->verify(page.crypto->ctx, list.check.checks,
                                list.check.check_count));
    YAO_TRY(yao_statuslist_unpack(&list.check, &list.wish, &page.list_report));
    page.answer = list.wish.input;
    return YAO_OK;
}

size_t EXPORT(list_max)(void)
{
    return list.wish.max;
}

yao_status EXPORT(add_list)(const uint8_t *ptr, size_t len)
{
    size_t           count = page.options.list_count;
    yao_status_list *lists = yao_page_room(page.lists, count, &page.list_room,
                                           sizeof *lists);

    if (lists == NULL)
        return YAO_E_SPACE;
    page.lists         = lists;
    page.options.lists = lists;
    YAO_TRY(yao_statuslist_conclude(&list.check, YAO_OK,
                                    yao_page_bytes(ptr, len), &lists[count],
                                    &page.list_report));
    page.options.list_count++;
    return YAO_OK;
}

/* ---- the document ------------------------------------------------------- */

/* Judge as far as no secret is needed. */
yao_status EXPORT(verify)(const uint8_t *ptr, size_t len)
{
    yao_verification *v = &page.verification;

    YAO_TRY(yao_verify_begin(&page.memory, page.crypto,
                             yao_page_bytes(ptr, len), &page.options, v));
    return page.crypto->verify(page.crypto->ctx, v->checks, v->check_count);
}

/* What the reader's secret key has to agree on: how often, with whom (the
 * answer is a point), and what came of it. */
size_t EXPORT(agreements)(void)
{
    return page.verification.agreement_count;
}

yao_status EXPORT(agreement)(size_t index)
{
    if (index >= page.verification.agreement_count)
        return YAO_E_USAGE;

    const yao_public_key *peer = &page.verification.agreements[index].peer;
    page.answer                = (yao_bytes){peer->point, peer->len};
    return YAO_OK;
}

yao_status EXPORT(agreed)(size_t index, const uint8_t *ptr, size_t len)
{
    return yao_verify_agreed(&page.verification, index,
                             yao_page_bytes(ptr, len));
}

/* The answer is JSON: docs/formats/verdict-json.md. */
yao_status EXPORT(verdict)(void)
{
    yao_result *result;

    if (page.verification.internal == NULL)
        return YAO_E_USAGE;
    YAO_TRY(yao_verify_finish(&page.verification, &result));

    yao_writer w = yao_writer_in(&page.memory);
    yao_page_put_result(&w, result);
    return yao_page_answer(&w);
}

/* ---- looking, trusting nothing ------------------------------------------ */

/* CBOR in the notation of RFC 8949 section 8. */
yao_status EXPORT(inspect)(const uint8_t *ptr, size_t len)
{
    yao_writer w = yao_writer_in(&page.memory);

    YAO_TRY(yao_cbor_diagnose(yao_page_bytes(ptr, len), true, &w));
    return yao_page_answer(&w);
}
