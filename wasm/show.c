/* SPDX-License-Identifier: Apache-2.0 */
/* Showing: mdoc and SD-JWT. Each show_...() answers with what the device key
 * signs, and its ..._signed() takes the signature (r || s). */
#include "page.h"

static struct {
    yao_mdoc_selector    elements[PAGE_ELEMENTS];
    size_t               element_count;
    yao_mdoc_presenting  mdoc;
    yao_bytes            documents[PAGE_DOCUMENTS];
    size_t               document_count;
    yao_text             steps[PAGE_STEPS];
    size_t               step_count;
    yao_sdjwt_path       paths[PAGE_ELEMENTS];
    size_t               path_count;
    yao_sdjwt_presenting sdjwt;
} show;

/* An element of the mdoc that is shown next. */
yao_status EXPORT(add_element)(const uint8_t *space, size_t space_len,
                               const uint8_t *element, size_t element_len)
{
    yao_mdoc_selector *s = &show.elements[show.element_count];

    if (show.element_count == PAGE_ELEMENTS)
        return YAO_E_LIMIT;
    YAO_TRY(yao_page_text(space, space_len, &s->name_space));
    YAO_TRY(yao_page_text(element, element_len, &s->element));
    show.element_count++;
    return YAO_OK;
}

/* An IssuerSigned, as it was issued, over the session of set_session(). */
yao_status EXPORT(show_mdoc)(const uint8_t *ptr, size_t len)
{
    size_t count       = show.element_count;
    show.element_count = 0;

    if (page.options.transcript.len == 0)
        return YAO_E_USAGE;
    YAO_TRY(yao_mdoc_present(&page.memory, yao_page_bytes(ptr, len),
                             show.elements, count, page.options.transcript,
                             &show.mdoc));
    return yao_page_answer_wish(&show.mdoc.wish);
}

static yao_status keep_document(yao_writer *w)
{
    if (show.document_count == PAGE_DOCUMENTS)
        return YAO_E_LIMIT;
    YAO_TRY(yao_page_answer(w));
    show.documents[show.document_count++] = page.answer;
    return YAO_OK;
}

yao_status EXPORT(show_mdoc_signed)(const uint8_t *ptr, size_t len)
{
    yao_writer w = yao_writer_in(&page.memory);

    YAO_TRY(
        yao_mdoc_put_document_signed(&w, &show.mdoc, yao_page_bytes(ptr, len)));
    return keep_document(&w);
}

/* Instead, by the secret that device key and reader key agreed on. */
yao_status EXPORT(show_mdoc_agreed)(const uint8_t *ptr, size_t len)
{
    yao_writer w = yao_writer_in(&page.memory);

    YAO_TRY(yao_mdoc_put_document_maced(&w, &show.mdoc, page.crypto,
                                        yao_page_bytes(ptr, len),
                                        page.options.transcript));
    return keep_document(&w);
}

/* The answer is a DeviceResponse of all that was shown. */
yao_status EXPORT(show_response)(void)
{
    yao_writer w = yao_writer_in(&page.memory);

    if (show.document_count == 0)
        return YAO_E_USAGE;
    yao_mdoc_put_response(&w, show.documents, show.document_count);
    return yao_page_answer(&w);
}

/* A step of a path to a claim: DEEPER than the one before, or the first. */
yao_status EXPORT(add_claim)(const uint8_t *ptr, size_t len, int deeper)
{
    if (deeper != 0 && show.path_count == 0)
        return YAO_E_USAGE;
    if (show.step_count == PAGE_STEPS ||
        (deeper == 0 && show.path_count == PAGE_ELEMENTS))
        return YAO_E_LIMIT;

    yao_text *step = &show.steps[show.step_count];
    YAO_TRY(yao_page_text(ptr, len, step));
    if (deeper == 0)
        show.paths[show.path_count++] = (yao_sdjwt_path){step, 0};
    show.paths[show.path_count - 1].step_count++;
    show.step_count++;
    return YAO_OK;
}

/* An SD-JWT, as it was issued, for set_nonce() and set_audience(). */
yao_status EXPORT(show_sdjwt)(const uint8_t *ptr, size_t len)
{
    YAO_TRY(yao_sdjwt_present(
        &page.memory, page.crypto, yao_page_bytes(ptr, len), show.paths,
        show.path_count, page.options.nonce, page.options.audience,
        page.options.now, YAO_ES256, &show.sdjwt));
    return yao_page_answer_wish(&show.sdjwt.wish);
}

yao_status EXPORT(show_sdjwt_signed)(const uint8_t *ptr, size_t len)
{
    yao_writer w = yao_writer_in(&page.memory);

    YAO_TRY(yao_sdjwt_put_presented(&w, &show.sdjwt, yao_page_bytes(ptr, len)));
    return yao_page_answer(&w);
}
