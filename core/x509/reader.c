/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/reader.h"

#define PREFIX  "urn:yaopai:profiles:"
#define OFFICER "urn:yaopai:officer:"

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

void yao_reader_put_officer(yao_writer *w, yao_text number)
{
    yao_put_text(w, OFFICER);
    yao_put_bytes(w, yao_text_bytes(number));
}

/* ---- the names ---------------------------------------------------------- */

/* The field holds the names with or without their SEQUENCE. */
static yao_der_reader open_names(const yao_certificate *certificate)
{
    yao_der_reader r = yao_der_open(certificate->san);

    return yao_der_peek(&r) == YAO_DER_SEQUENCE
               ? yao_der_enter(&r, YAO_DER_SEQUENCE)
               : r;
}

/* What stands behind PREFIX in the next URI that begins so; false: no more. */
static bool next_uri(yao_der_reader *r, yao_bytes prefix, yao_bytes *ret)
{
    while (r->status == YAO_OK && r->rest.len > 0) {
        yao_der_item item = yao_der_get_any(r); /* tag 0 when it fails */

        if (item.tag != YAO_DER_CONTEXT(URI) ||
            !yao_bytes_starts(item.content, prefix))
            continue;
        *ret = (yao_bytes){item.content.ptr + prefix.len,
                           item.content.len - prefix.len};
        return true;
    }
    return false;
}

/* ---- profiles ----------------------------------------------------------- */

/* Is NAME one of the names between commas in LIST? */
static bool lists(yao_bytes list, yao_bytes name)
{
    while (list.len > 0) {
        size_t len  = yao_bytes_find(list, ',');
        size_t used = len < list.len ? len + 1 : len;

        if (yao_bytes_equal((yao_bytes){list.ptr, len}, name))
            return true;
        list.ptr += used;
        list.len -= used;
    }
    return false;
}

bool yao_reader_allows(const yao_certificate *certificate, yao_text profile)
{
    yao_der_reader r     = open_names(certificate);
    bool           found = false;
    yao_bytes      list;

    while (next_uri(&r, YAO_LIT(PREFIX), &list))
        found = found || lists(list, yao_text_bytes(profile));
    return r.status == YAO_OK && found;
}

/* ---- officers ----------------------------------------------------------- */

bool yao_reader_is_number(yao_text number)
{
    for (size_t i = 0; i < number.len; i++) {
        uint8_t c = number.ptr[i];

        if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') &&
            !(c >= 'a' && c <= 'z') && c != '-')
            return false;
    }
    return number.len >= 1 && number.len <= YAO_OFFICER_NUMBER;
}

bool yao_reader_is_officer(const yao_certificate *certificate, yao_text *ret)
{
    yao_der_reader r     = open_names(certificate);
    yao_text       found = {NULL, 0};
    size_t         count = 0;
    yao_bytes      number;

    while (next_uri(&r, YAO_LIT(OFFICER), &number)) {
        found = (yao_text){number.ptr, number.len};
        count++;
    }
    if (r.status != YAO_OK || count != 1 || !yao_reader_is_number(found) ||
        certificate->not_after - certificate->not_before > YAO_OFFICER_LIFE)
        return false;
    if (ret != NULL)
        *ret = found;
    return true;
}
