/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/parts.h"

yao_cbor_reader yao_mdoc_open(const yao_mdoc_parser *p, yao_bytes input)
{
    return p->strict ? yao_cbor_open(input) : yao_cbor_open_foreign(input);
}

void yao_mdoc_leave(yao_mdoc_parser *p, yao_cbor_reader *r,
                    const yao_cbor_reader *inner)
{
    yao_status status = yao_cbor_close(inner);

    p->longer = p->longer || inner->longer;
    if (status != YAO_OK)
        yao_cbor_fail(r, status);
}

/* ---- items -------------------------------------------------------------- */

/* IssuerSignedItem: {"digestID": uint, "random": bstr,
 * "elementIdentifier": tstr, "elementValue": any} */
static void get_item(yao_mdoc_parser *p, yao_cbor_reader *r,
                     yao_mdoc_item *item)
{
    static const yao_text names[] = {
        YAO_INIT("digestID"), YAO_INIT("random"),
        YAO_INIT("elementIdentifier"), YAO_INIT("elementValue")};
    yao_cbor_wrapped bytes = yao_cbor_get_wrapped(r);
    yao_mdoc_fields  f;

    if (r->status != YAO_OK)
        return;
    yao_cbor_reader inner = yao_mdoc_open(p, bytes.inner);

    item->whole = bytes.whole;
    yao_mdoc_enter(&f, &inner, names, 4);
    for (int key; (key = yao_mdoc_next(&f, &inner)) >= 0;)
        switch (key) {
        case 0:  item->digest_id = yao_cbor_get_uint(&inner); break;
        case 1:  item->random = yao_cbor_get_bytes(&inner); break;
        case 2:  item->element = yao_cbor_get_text(&inner); break;
        default: item->value = yao_cbor_get_any(&inner); break;
        }
    yao_mdoc_require(&f, &inner, 0xf);
    yao_mdoc_leave(p, r, &inner);
}

/* One element, one meaning: neither a name nor a digestID comes twice in a
 * namespace (ISO/IEC 18013-5 8.3.2.1.2.2). */
static void refuse_repeats(yao_cbor_reader *r, const yao_mdoc_item *items,
                           size_t count, bool by_id)
{
    const yao_mdoc_item *last = &items[count - 1];

    for (size_t i = 0; i + 1 < count; i++)
        if (yao_text_equal(items[i].element, last->element) ||
            (by_id && items[i].digest_id == last->digest_id))
            yao_cbor_fail(r, YAO_E_DUPLICATE);
}

/* How many items the nameSpaces map ahead holds. */
static size_t count_items(yao_cbor_reader *r)
{
    uint64_t spaces = yao_cbor_get_map(r), total = 0;

    for (uint64_t i = 0; i < spaces && r->status == YAO_OK; i++) {
        yao_cbor_get_text(r);
        uint64_t items = yao_cbor_get_items(r);
        for (uint64_t j = 0; j < items && r->status == YAO_OK; j++)
            yao_cbor_get_wrapped(r);
        total += items;
    }

    return (size_t)total;
}

/* The name that comes next, which none of the SPACES before it may have. */
static yao_text get_space(yao_cbor_reader *r, yao_text *spaces, uint64_t at)
{
    yao_text name = yao_cbor_get_text(r);

    for (uint64_t i = 0; i < at; i++)
        if (yao_text_equal(spaces[i], name))
            yao_cbor_fail(r, YAO_E_DUPLICATE);
    spaces[at] = name;

    return name;
}

/* Room for the items that COUNT finds ahead in R. It walks on a copy; where
 * that fails, R fails as well, at the same place. */
static yao_mdoc_item *take_items(yao_mdoc_parser *p, yao_cbor_reader *r,
                                 size_t (*count)(yao_cbor_reader *))
{
    yao_cbor_reader ahead = *r;
    size_t          items = count(&ahead);
    yao_mdoc_item  *taken = NULL;

    if (ahead.status != YAO_OK)
        *r = ahead;
    else if (items > YAO_MAX_ELEMENTS)
        yao_cbor_fail(r, YAO_E_LIMIT);
    else if ((taken = yao_arena_take_array(p->arena, items,
                                           sizeof(yao_mdoc_item))) == NULL)
        yao_cbor_fail(r, YAO_E_SPACE);

    return taken;
}

/* nameSpaces: { + NameSpace => [ + IssuerSignedItemBytes ] } */
static void get_name_spaces(yao_mdoc_parser *p, yao_cbor_reader *r,
                            yao_mdoc_issuer_signed *issuer)
{
    yao_text       spaces[YAO_MAX_NAMESPACES];
    size_t         used  = 0;
    yao_mdoc_item *items = take_items(p, r, count_items);
    uint64_t       count = yao_cbor_get_map(r);

    if (count > YAO_MAX_NAMESPACES)
        yao_cbor_fail(r, YAO_E_LIMIT);

    for (uint64_t i = 0; i < count && r->status == YAO_OK; i++) {
        yao_text       name  = get_space(r, spaces, i);
        uint64_t       left  = yao_cbor_get_items(r);
        yao_mdoc_item *first = items + used;

        for (; left > 0 && r->status == YAO_OK; left--) {
            yao_mdoc_item *item = &items[used++];

            item->name_space = name;
            get_item(p, r, item);
            if (r->status == YAO_OK)
                refuse_repeats(r, first, (size_t)(item - first) + 1, true);
        }
    }
    if (r->status != YAO_OK)
        return;

    issuer->items      = items;
    issuer->item_count = used;
}

/* ---- IssuerSigned ------------------------------------------------------- */

/* issuerAuth: COSE_Sign1, not tagged, whose payload is
 * MobileSecurityObjectBytes: #6.24(bstr .cbor MobileSecurityObject) */
static void get_issuer_auth(yao_mdoc_parser *p, yao_cbor_reader *r,
                            yao_mdoc_issuer_signed *issuer)
{
    const uint8_t *start = r->rest.ptr;

    yao_cose_get_message(r, 0, &issuer->auth);
    if (r->status == YAO_OK && issuer->auth.detached)
        yao_cbor_fail(r, YAO_E_MALFORMED);
    if (r->status != YAO_OK)
        return;
    issuer->auth_whole = (yao_bytes){start, (size_t)(r->rest.ptr - start)};

    yao_cbor_reader  payload = yao_mdoc_open(p, issuer->auth.payload);
    yao_cbor_wrapped bytes   = yao_cbor_get_wrapped(&payload);
    yao_cbor_reader  inner   = yao_mdoc_open(p, bytes.inner);

    if (payload.status == YAO_OK) {
        yao_mdoc_get_mso(p, &inner, &issuer->mso);
        yao_mdoc_leave(p, r, &inner);
    }
    yao_mdoc_leave(p, r, &payload);
}

/* IssuerSigned: {? "nameSpaces": ..., "issuerAuth": COSE_Sign1} */
static void get_issuer_signed(yao_mdoc_parser *p, yao_cbor_reader *r,
                              yao_mdoc_issuer_signed *ret)
{
    static const yao_text names[] = {YAO_INIT("nameSpaces"),
                                     YAO_INIT("issuerAuth")};
    yao_mdoc_fields       f;

    yao_mdoc_enter(&f, r, names, 2);
    for (int key; (key = yao_mdoc_next(&f, r)) >= 0;) {
        if (key == 0)
            get_name_spaces(p, r, ret);
        else
            get_issuer_auth(p, r, ret);
    }
    yao_mdoc_require(&f, r, 1u << 1);
}

/* ---- DeviceSigned ------------------------------------------------------- */

static size_t count_device_items(yao_cbor_reader *r)
{
    return yao_mdoc_count_pairs(r, false);
}

/* DeviceNameSpaces: { * NameSpace => { + DataElementIdentifier => any } } */
static void get_device_items(yao_mdoc_parser *p, yao_cbor_reader *r,
                             yao_mdoc_document *doc)
{
    yao_text       spaces[YAO_MAX_NAMESPACES];
    size_t         used  = 0;
    yao_mdoc_item *items = take_items(p, r, count_device_items);
    uint64_t       count = yao_cbor_get_map(r);

    if (count > YAO_MAX_NAMESPACES)
        yao_cbor_fail(r, YAO_E_LIMIT);

    for (uint64_t i = 0; i < count && r->status == YAO_OK; i++) {
        yao_text       name  = get_space(r, spaces, i);
        uint64_t       left  = yao_cbor_get_map(r);
        yao_mdoc_item *first = items + used;

        for (; left > 0 && r->status == YAO_OK; left--) {
            yao_mdoc_item *item = &items[used++];

            item->name_space = name;
            item->element    = yao_cbor_get_text(r);
            item->value      = yao_cbor_get_any(r);
            if (r->status == YAO_OK)
                refuse_repeats(r, first, (size_t)(item - first) + 1, false);
        }
    }
    if (r->status != YAO_OK)
        return;

    doc->device_items      = items;
    doc->device_item_count = used;
}

static void get_device_spaces(yao_mdoc_parser *p, yao_cbor_reader *r,
                              yao_mdoc_document *doc)
{
    yao_cbor_wrapped bytes = yao_cbor_get_wrapped(r);
    yao_cbor_reader  inner = yao_mdoc_open(p, bytes.inner);

    if (r->status != YAO_OK)
        return;
    doc->device_spaces = bytes.whole;
    get_device_items(p, &inner, doc);
    yao_mdoc_leave(p, r, &inner);
}

/* DeviceAuth: {"deviceSignature": COSE_Sign1 // "deviceMac": COSE_Mac0}; one
 * of the two, nothing else beside it. */
static void get_device_auth(yao_cbor_reader *r, yao_mdoc_document *doc)
{
    yao_text key;

    if (yao_cbor_get_map(r) != 1)
        yao_cbor_fail(r, YAO_E_MALFORMED);
    key = yao_cbor_get_text(r);
    if (yao_text_equal(key, YAO_TEXT("deviceSignature")))
        doc->device_auth = YAO_MDOC_AUTH_SIGNATURE;
    else if (yao_text_equal(key, YAO_TEXT("deviceMac")))
        doc->device_auth = YAO_MDOC_AUTH_MAC;
    else
        yao_cbor_fail(r, YAO_E_MALFORMED);

    yao_cose_get_message(r, 0, &doc->device);
    if (r->status == YAO_OK && !doc->device.detached)
        yao_cbor_fail(r, YAO_E_MALFORMED);
}

/* DeviceSigned: {"nameSpaces": DeviceNameSpacesBytes, "deviceAuth": ...}.
 * A missing deviceAuth is not the parser's but the verifier's to refuse. */
static void get_device_signed(yao_mdoc_parser *p, yao_cbor_reader *r,
                              yao_mdoc_document *doc)
{
    static const yao_text names[] = {YAO_INIT("nameSpaces"),
                                     YAO_INIT("deviceAuth")};
    yao_mdoc_fields       f;

    yao_mdoc_enter(&f, r, names, 2);
    for (int key; (key = yao_mdoc_next(&f, r)) >= 0;) {
        if (key == 0)
            get_device_spaces(p, r, doc);
        else
            get_device_auth(r, doc);
    }
    yao_mdoc_require(&f, r, 1u << 0);
}

/* ---- DeviceResponse ----------------------------------------------------- */

/* Document: {"docType": tstr, "issuerSigned": IssuerSigned,
 * "deviceSigned": DeviceSigned, ? "errors": ...} */
static void get_document(yao_mdoc_parser *p, yao_cbor_reader *r,
                         yao_mdoc_document *doc)
{
    static const yao_text names[] = {YAO_INIT("docType"),
                                     YAO_INIT("issuerSigned"),
                                     YAO_INIT("deviceSigned")};
    yao_mdoc_fields       f;

    yao_mdoc_enter(&f, r, names, 3);
    for (int key; (key = yao_mdoc_next(&f, r)) >= 0;) {
        if (key == 0)
            doc->doc_type = yao_cbor_get_text(r);
        else if (key == 1)
            get_issuer_signed(p, r, &doc->issuer);
        else
            get_device_signed(p, r, doc);
    }
    yao_mdoc_require(&f, r, 1u << 0 | 1u << 1);
}

static void get_documents(yao_mdoc_parser *p, yao_cbor_reader *r,
                          yao_mdoc_unverified *ret)
{
    uint64_t count = yao_cbor_get_items(r);

    if (count > YAO_MAX_DOCUMENTS)
        yao_cbor_fail(r, YAO_E_LIMIT);
    if (r->status != YAO_OK)
        return;
    ret->documents = yao_arena_take_array(p->arena, (size_t)count,
                                          sizeof(yao_mdoc_document));
    if (ret->documents == NULL)
        yao_cbor_fail(r, YAO_E_SPACE);
    for (uint64_t i = 0; i < count && r->status == YAO_OK; i++)
        get_document(p, r, &ret->documents[i]);
    if (r->status == YAO_OK)
        ret->document_count = (size_t)count;
}

/* "1.0", or a later minor version, which may add but not change. */
static void get_version(yao_cbor_reader *r)
{
    yao_bytes text = yao_text_bytes(yao_cbor_get_text(r));
    bool      good = text.len >= 3 && text.len <= 5 &&
                yao_bytes_starts(text, YAO_LIT("1."));

    for (size_t i = 2; i < text.len; i++)
        good = good && text.ptr[i] >= '0' && text.ptr[i] <= '9';
    if (!good)
        yao_cbor_fail(r, YAO_E_MALFORMED);
}

/* DeviceResponse: {"version": tstr, ? "documents": [+ Document], ?
 * "documentErrors": ..., "status": uint} */
static void get_response(yao_mdoc_parser *p, yao_cbor_reader *r,
                         yao_mdoc_unverified *ret)
{
    static const yao_text names[] = {YAO_INIT("version"), YAO_INIT("documents"),
                                     YAO_INIT("status")};
    yao_mdoc_fields       f;

    yao_mdoc_enter(&f, r, names, 3);
    for (int key; (key = yao_mdoc_next(&f, r)) >= 0;) {
        if (key == 0)
            get_version(r);
        else if (key == 1)
            get_documents(p, r, ret);
        else
            ret->status = yao_cbor_get_uint(r);
    }
    yao_mdoc_require(&f, r, 1u << 0 | 1u << 2);
}

static yao_status finish(const yao_mdoc_parser *p, const yao_cbor_reader *r,
                         const yao_mdoc_unverified *parsed,
                         yao_mdoc_unverified       *ret)
{
    YAO_TRY(yao_cbor_close(r));

    *ret        = *parsed;
    ret->longer = p->longer || r->longer;
    return YAO_OK;
}

yao_status yao_mdoc_parse_response(yao_arena *arena, yao_bytes input,
                                   bool strict, yao_mdoc_unverified *ret)
{
    yao_mdoc_parser     p      = {arena, strict, false};
    yao_cbor_reader     r      = yao_mdoc_open(&p, input);
    yao_mdoc_unverified parsed = {0};

    if (input.len > YAO_MAX_MESSAGE)
        return YAO_E_LIMIT;
    get_response(&p, &r, &parsed);

    return finish(&p, &r, &parsed, ret);
}

yao_status yao_mdoc_parse_issuer_signed(yao_arena *arena, yao_bytes input,
                                        bool strict, yao_mdoc_unverified *ret)
{
    yao_mdoc_parser    p   = {arena, strict, false};
    yao_cbor_reader    r   = yao_mdoc_open(&p, input);
    yao_mdoc_document *doc = yao_arena_take(arena, sizeof *doc);

    if (doc == NULL)
        return YAO_E_SPACE;
    if (input.len > YAO_MAX_MESSAGE)
        return YAO_E_LIMIT;
    get_issuer_signed(&p, &r, &doc->issuer);
    doc->doc_type = doc->issuer.mso.doc_type;

    yao_mdoc_unverified parsed = {doc, 1, 0, true, false};
    return finish(&p, &r, &parsed, ret);
}
