/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader.h"

#define PREFIX "urn:yaopai:profiles:"

/* RFC 5280 section 4.2.1.6: uniformResourceIdentifier [6] IA5String. */
enum { URI = 6 };

void yao_reader_put_profiles(yao_writer *w, const yao_text *profiles,
                             size_t count)
{
    yao_put_text(w, PREFIX);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            yao_put_byte(w, ',');
        yao_put_bytes(w, yao_text_bytes(profiles[i]));
    }
}

/* Is NAME one of the names between commas in LIST? */
static bool lists(yao_bytes list, yao_bytes name)
{
    while (list.len > 0) {
        size_t len = 0;

        while (len < list.len && list.ptr[len] != ',')
            len++;
        if (yao_bytes_equal((yao_bytes){list.ptr, len}, name))
            return true;
        size_t used = len + (len < list.len);
        list.ptr += used;
        list.len -= used;
    }
    return false;
}

bool yao_reader_allows(const yao_certificate *certificate, yao_text profile)
{
    static const size_t prefix = sizeof PREFIX - 1;
    yao_der_reader      r      = yao_der_open(certificate->san);
    bool                found  = false;

    /* the field holds the names with or without their SEQUENCE */
    if (yao_der_peek(&r) == YAO_DER_SEQUENCE)
        r = yao_der_enter(&r, YAO_DER_SEQUENCE);
    while (r.status == YAO_OK && r.rest.len > 0) {
        yao_der_item item = yao_der_get_any(&r);

        if (item.tag == YAO_DER_CONTEXT(URI) &&
            yao_bytes_starts(item.content, YAO_LIT(PREFIX)))
            found = found || lists((yao_bytes){item.content.ptr + prefix,
                                               item.content.len - prefix},
                                   yao_text_bytes(profile));
    }
    return r.status == YAO_OK && found;
}
