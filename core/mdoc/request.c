/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/request.h"

#include "mdoc/parts.h"

static void want(yao_cbor_reader *r, bool holds, yao_status status)
{
    if (!holds)
        yao_cbor_fail(r, status);
}

/* ---- elements ----------------------------------------------------------- */

const yao_mdoc_wanted *yao_mdoc_find_wanted(const yao_mdoc_doc_request *request,
                                            yao_text name_space,
                                            yao_text element)
{
    for (size_t i = 0; i < request->element_count; i++)
        if (yao_text_equal(request->elements[i].element, element) &&
            yao_text_equal(request->elements[i].name_space, name_space))
            return &request->elements[i];

    return NULL;
}

yao_status yao_mdoc_find_statement(const yao_mdoc_doc_request *request,
                                   yao_bytes                  *ret)
{
    yao_cbor_reader r     = yao_cbor_open_foreign(request->info);
    yao_bytes       found = {NULL, 0};

    *ret = found;
    if (request->info.len == 0)
        return YAO_OK;
    uint64_t pairs = yao_cbor_get_map(&r);
    for (uint64_t i = 0; i < pairs && r.status == YAO_OK; i++) {
        yao_cbor_reader name = r;

        (void)yao_cbor_get_any(&r);
        if (yao_text_equal(yao_cbor_get_text(&name),
                           YAO_TEXT(YAO_MDOC_STATEMENT)))
            found = yao_cbor_get_bytes(&r);
        else
            (void)yao_cbor_get_any(&r);
    }
    YAO_TRY(r.status);
    *ret = found;
    return YAO_OK;
}

/* One namespace, after those that are in DOC already. */
static void get_space(yao_cbor_reader *r, yao_mdoc_doc_request *doc)
{
    yao_text name  = yao_cbor_get_text(r);
    uint64_t pairs = yao_cbor_get_map(r);

    for (size_t i = 0; i < doc->element_count; i++)
        want(r, !yao_text_equal(doc->elements[i].name_space, name),
             YAO_E_DUPLICATE);
    want(r, pairs != 0, YAO_E_MALFORMED);

    for (; pairs > 0 && r->status == YAO_OK; pairs--) {
        yao_mdoc_wanted wanted = {.name_space = name};

        wanted.element = yao_cbor_get_text(r);
        wanted.retain  = yao_cbor_get_bool(r);
        if (r->status != YAO_OK)
            return;
        want(r, yao_mdoc_find_wanted(doc, name, wanted.element) == NULL,
             YAO_E_DUPLICATE);
        doc->elements[doc->element_count++] = wanted;
    }
}

/* nameSpaces: {+ NameSpace => {+ DataElementIdentifier => IntentToRetain}} */
static void get_wanted(yao_mdoc_parser *p, yao_cbor_reader *r,
                       yao_mdoc_doc_request *doc)
{
    yao_cbor_reader ahead = *r;
    size_t          count = yao_mdoc_count_pairs(&ahead, true);

    if (ahead.status != YAO_OK) {
        *r = ahead;
        return;
    }
    want(r, count <= YAO_MAX_ELEMENTS, YAO_E_LIMIT);
    if (r->status == YAO_OK)
        doc->elements = yao_arena_take_array(p->arena, count,
                                             sizeof *doc->elements);
    want(r, doc->elements != NULL, YAO_E_SPACE);

    uint64_t spaces = yao_cbor_get_map(r);
    want(r, spaces != 0, YAO_E_MALFORMED);
    want(r, spaces <= YAO_MAX_NAMESPACES, YAO_E_LIMIT);
    for (; spaces > 0 && r->status == YAO_OK; spaces--)
        get_space(r, doc);
}

/* ---- documents ---------------------------------------------------------- */

/* A map that is nobody's concern here. */
static yao_bytes get_info(yao_cbor_reader *r)
{
    want(r, yao_cbor_peek(r) == YAO_CBOR_MAP, YAO_E_MALFORMED);
    return yao_cbor_get_any(r);
}

/* ItemsRequest: {"docType": tstr, "nameSpaces": ..., ? "requestInfo": map} */
static void get_items(yao_mdoc_parser *p, yao_cbor_reader *r,
                      yao_mdoc_doc_request *doc)
{
    static const yao_text names[] = {YAO_INIT("docType"),
                                     YAO_INIT("nameSpaces"),
                                     YAO_INIT("requestInfo")};
    yao_cbor_wrapped bytes = yao_cbor_get_wrapped(r);
    yao_mdoc_fields  f;

    if (r->status != YAO_OK)
        return;
    yao_cbor_reader inner = yao_mdoc_open(p, bytes.inner);

    doc->items = bytes.whole;
    yao_mdoc_enter(&f, &inner, names, 3);
    for (int key; (key = yao_mdoc_next(&f, &inner)) >= 0;) {
        if (key == 0)
            doc->doc_type = yao_cbor_get_text(&inner);
        else if (key == 1)
            get_wanted(p, &inner, doc);
        else
            doc->info = get_info(&inner);
    }
    yao_mdoc_require(&f, &inner, 1u << 0 | 1u << 1);
    yao_mdoc_leave(p, r, &inner);
}

/* COSE_Sign1, not tagged; what it signs is never inside (9.1.4.4). */
static void get_auth(yao_cbor_reader *r, yao_cose_message *auth)
{
    yao_cose_get_message(r, 0, auth);
    if (r->status == YAO_OK)
        want(r, auth->detached, YAO_E_MALFORMED);
}

/* DocRequest: {"itemsRequest": ItemsRequestBytes, ? "readerAuth": ...} */
static void get_doc_request(yao_mdoc_parser *p, yao_cbor_reader *r,
                            yao_mdoc_doc_request *doc)
{
    static const yao_text names[] = {YAO_INIT("itemsRequest"),
                                     YAO_INIT("readerAuth")};
    yao_mdoc_fields       f;

    yao_mdoc_enter(&f, r, names, 2);
    for (int key; (key = yao_mdoc_next(&f, r)) >= 0;) {
        if (key == 0)
            get_items(p, r, doc);
        else
            get_auth(r, &doc->auth);
    }
    yao_mdoc_require(&f, r, 1u << 0);
    doc->has_auth = yao_mdoc_has(&f, 1);
}

static void get_doc_requests(yao_mdoc_parser *p, yao_cbor_reader *r,
                             yao_mdoc_request *ret)
{
    uint64_t count = yao_cbor_get_items(r);

    want(r, count != 0, YAO_E_MALFORMED);
    want(r, count <= YAO_MAX_DOCUMENTS, YAO_E_LIMIT);
    if (r->status != YAO_OK)
        return;
    ret->documents = yao_arena_take_array(p->arena, (size_t)count,
                                          sizeof *ret->documents);
    want(r, ret->documents != NULL, YAO_E_SPACE);
    for (uint64_t i = 0; i < count && r->status == YAO_OK; i++)
        get_doc_request(p, r, &ret->documents[i]);
    ret->document_count = (size_t)count;
}

/* ---- DeviceRequest ------------------------------------------------------ */

static void get_all(yao_mdoc_parser *p, yao_cbor_reader *r,
                    yao_mdoc_request *ret)
{
    uint64_t count = yao_cbor_get_items(r);

    want(r, count != 0, YAO_E_MALFORMED);
    want(r, count <= YAO_MAX_READER_AUTHS, YAO_E_LIMIT);
    if (r->status != YAO_OK)
        return;
    ret->all = yao_arena_take_array(p->arena, (size_t)count, sizeof *ret->all);
    want(r, ret->all != NULL, YAO_E_SPACE);
    for (uint64_t i = 0; i < count && r->status == YAO_OK; i++)
        get_auth(r, &ret->all[i]);
    ret->all_count = (size_t)count;
}

/* DeviceRequestInfoBytes: #6.24(bstr .cbor {* any}) */
static void get_device_info(yao_mdoc_parser *p, yao_cbor_reader *r,
                            yao_mdoc_request *ret)
{
    yao_cbor_wrapped bytes = yao_cbor_get_wrapped(r);

    if (r->status != YAO_OK)
        return;
    yao_cbor_reader inner = yao_mdoc_open(p, bytes.inner);

    (void)get_info(&inner);
    yao_mdoc_leave(p, r, &inner);
    ret->info = bytes.whole;
}

/* "1.0", or a later minor version; is it a later one? */
static bool get_version(yao_cbor_reader *r)
{
    yao_bytes text = yao_text_bytes(yao_cbor_get_text(r));
    bool      good = text.len >= 3 && text.len <= 5 &&
                yao_bytes_starts(text, YAO_LIT("1."));

    for (size_t i = 2; i < text.len; i++)
        good = good && text.ptr[i] >= '0' && text.ptr[i] <= '9';
    want(r, good, YAO_E_MALFORMED);
    return good && !yao_bytes_equal(text, YAO_LIT("1.0"));
}

static void get_request(yao_mdoc_parser *p, yao_cbor_reader *r,
                        yao_mdoc_request *ret)
{
    static const yao_text names[] = {YAO_INIT("version"),
                                     YAO_INIT("docRequests"),
                                     YAO_INIT("deviceRequestInfo"),
                                     YAO_INIT("readerAuthAll")};
    yao_mdoc_fields       f;
    bool                  later = false;

    yao_mdoc_enter(&f, r, names, 4);
    for (int key; (key = yao_mdoc_next(&f, r)) >= 0;)
        switch (key) {
        case 0:  later = get_version(r); break;
        case 1:  get_doc_requests(p, r, ret); break;
        case 2:  get_device_info(p, r, ret); break;
        default: get_all(p, r, ret); break;
        }
    yao_mdoc_require(&f, r, 1u << 0 | 1u << 1);
    /* a holder of the first edition would have passed them over */
    want(r, later || (!yao_mdoc_has(&f, 2) && !yao_mdoc_has(&f, 3)),
         YAO_E_MALFORMED);
}

yao_status yao_mdoc_parse_request(yao_arena *arena, yao_bytes input,
                                  bool strict, yao_mdoc_request *ret)
{
    yao_mdoc_parser  p       = {arena, strict, false};
    yao_cbor_reader  r       = yao_mdoc_open(&p, input);
    yao_mdoc_request request = {0};

    if (input.len > YAO_MAX_MESSAGE)
        return YAO_E_LIMIT;
    get_request(&p, &r, &request);
    YAO_TRY(yao_cbor_close(&r));

    request.longer = p.longer || r.longer;
    *ret           = request;
    return YAO_OK;
}
