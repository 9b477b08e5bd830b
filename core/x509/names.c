/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/parts.h"

/* id-at: 2.5.4 */
enum {
    AT_COMMON_NAME   = 3,
    AT_SERIAL_NUMBER = 5,
    AT_COUNTRY       = 6,
    AT_STATE         = 8,
    AT_ORGANISATION  = 10
};

/* Text without control characters: a NUL in a name has fooled many. The old
 * string types (T61, BMP, universal) are refused: RFC 5280 4.1.2.4 wants them
 * in no new certificate, and two spellings of a name would compare equal
 * elsewhere. */
static yao_status read_string(yao_der_item item, yao_text *ret)
{
    bool ascii = item.tag == YAO_DER_PRINTABLE || item.tag == YAO_DER_IA5;

    if (!ascii && item.tag != YAO_DER_UTF8)
        return YAO_E_MALFORMED;
    for (size_t i = 0; i < item.content.len; i++) {
        uint8_t letter = item.content.ptr[i];
        if (letter < 0x20 || letter == 0x7f || (ascii && letter > 0x7f))
            return YAO_E_MALFORMED;
    }

    return yao_text_check(item.content, ret);
}

static bool two_letters(yao_text country, bool *capital)
{
    if (country.len != 2)
        return false;
    *capital = true;
    for (size_t i = 0; i < 2; i++) {
        uint8_t letter = country.ptr[i];
        if (letter >= 'a' && letter <= 'z')
            *capital = false;
        else if (letter < 'A' || letter > 'Z')
            return false;
    }

    return true;
}

static yao_text *attribute_slot(yao_certificate *c, yao_bytes oid)
{
    if (oid.len != 3 || oid.ptr[0] != 0x55 || oid.ptr[1] != 0x04)
        return NULL;
    switch (oid.ptr[2]) {
    case AT_COMMON_NAME:   return &c->common_name;
    case AT_SERIAL_NUMBER: return &c->serial_number;
    case AT_COUNTRY:       return &c->country;
    case AT_STATE:         return &c->state;
    case AT_ORGANISATION:  return &c->organisation;
    default:               return NULL;
    }
}

/* AttributeTypeAndValue. One that we act upon stands once, and is not empty:
 * else it would depend on the reader which country it is. */
static yao_status read_attribute(yao_der_reader *set, yao_certificate *subject)
{
    yao_der_reader pair  = yao_der_enter(set, YAO_DER_SEQUENCE);
    yao_bytes      oid   = yao_der_get(&pair, YAO_DER_OID);
    yao_der_item   value = yao_der_get_any(&pair);
    yao_text       text;

    yao_der_leave(set, &pair);
    YAO_TRY(set->status);
    YAO_TRY(read_string(value, &text));

    yao_text *slot = subject != NULL ? attribute_slot(subject, oid) : NULL;
    if (slot == NULL)
        return YAO_OK;
    if (slot->ptr != NULL)
        return YAO_E_DUPLICATE;
    if (text.len == 0)
        return YAO_E_PROFILE;

    bool capital = false;
    if (slot == &subject->country) {
        if (!two_letters(text, &capital))
            return YAO_E_PROFILE;
        if (!capital || value.tag != YAO_DER_PRINTABLE)
            subject->deviations |= YAO_DEV_COUNTRY_ENCODING;
    }

    *slot = text;
    return YAO_OK;
}

yao_status yao_x509_read_name(yao_bytes name, yao_certificate *subject)
{
    yao_der_reader r    = yao_der_open(name);
    yao_der_reader rdns = yao_der_enter(&r, YAO_DER_SEQUENCE);

    if (rdns.status == YAO_OK && rdns.rest.len == 0)
        return YAO_E_PROFILE;
    while (yao_der_peek(&rdns) != 0) {
        yao_der_reader set = yao_der_enter(&rdns, YAO_DER_SET);
        do {
            YAO_TRY(read_attribute(&set, subject));
        } while (yao_der_peek(&set) != 0);
        yao_der_leave(&rdns, &set);
    }
    yao_der_leave(&r, &rdns);

    return yao_der_close(&r);
}

/* OtherName: { OID, [0] EXPLICIT any }, where any is a string to us. */
static yao_status check_other_name(yao_bytes content)
{
    yao_der_reader r = yao_der_open(content);
    yao_text       text;

    yao_der_get(&r, YAO_DER_OID);
    yao_der_reader value = yao_der_enter(&r, YAO_DER_EXPLICIT(0));
    yao_der_item   item  = yao_der_get_any(&value);
    yao_der_leave(&r, &value);
    YAO_TRY(yao_der_close(&r));

    return read_string(item, &text);
}

static yao_status check_general_name(yao_der_item item)
{
    switch (item.tag) {
    case YAO_DER_EXPLICIT(0):
        return check_other_name(item.content);
    case YAO_DER_EXPLICIT(4):
        return yao_x509_read_name(item.content, NULL);
    case YAO_DER_CONTEXT(1): /* rfc822Name */
    case YAO_DER_CONTEXT(2): /* dNSName */
    case YAO_DER_CONTEXT(6): /* URI */
        item.tag = YAO_DER_IA5;
        return read_string(item, &(yao_text){NULL, 0});
    case YAO_DER_CONTEXT(7): /* iPAddress */
        return item.content.len == 4 || item.content.len == 16
                   ? YAO_OK
                   : YAO_E_MALFORMED;
    default: /* X.400, EDI and registered names do not occur */
        return YAO_E_MALFORMED;
    }
}

yao_status yao_x509_check_names(yao_bytes content)
{
    yao_der_reader r = yao_der_open(content);

    do {
        yao_der_item item = yao_der_get_any(&r);
        YAO_TRY(r.status);
        YAO_TRY(check_general_name(item));
    } while (r.rest.len > 0);

    return yao_der_close(&r);
}

/* ---- who speaks in whose name ---- */

/* What stands for the host in an https URI; empty for all else. A user or a
 * port is left in it, and no certificate has a name like that. */
static yao_bytes host_of(yao_text iss)
{
    yao_bytes prefix = YAO_LIT("https://"), rest = yao_text_bytes(iss);

    if (!yao_bytes_starts(rest, prefix))
        return (yao_bytes){NULL, 0};
    rest.ptr += prefix.len;
    rest.len -= prefix.len;
    return (yao_bytes){rest.ptr, yao_bytes_find(rest, '/')};
}

bool yao_x509_names_issuer(yao_bytes san, yao_text iss)
{
    yao_der_reader r    = yao_der_open(san);
    yao_bytes      host = host_of(iss);

    while (r.status == YAO_OK && r.rest.len > 0) {
        yao_der_item name = yao_der_get_any(&r); /* tag 0 when it fails */

        if (name.tag == YAO_DER_CONTEXT(6) &&
            yao_bytes_equal(name.content, yao_text_bytes(iss)))
            return true;
        if (name.tag == YAO_DER_CONTEXT(2) && host.len != 0 &&
            yao_bytes_equal(name.content, host))
            return true;
    }
    return false;
}

bool yao_x509_names_host(yao_bytes san, yao_text host)
{
    yao_der_reader r = yao_der_open(san);

    while (r.status == YAO_OK && r.rest.len > 0 && host.len > 0) {
        yao_der_item name = yao_der_get_any(&r); /* tag 0 when it fails */

        if (name.tag == YAO_DER_CONTEXT(2) &&
            yao_bytes_equal(name.content, yao_text_bytes(host)))
            return true;
    }
    return false;
}
