/* SPDX-License-Identifier: Apache-2.0 */
#include "der/der.h"

yao_der_reader yao_der_open(yao_bytes input)
{
    return (yao_der_reader){.rest = input, .offset = 0, .status = YAO_OK};
}

yao_status yao_der_close(const yao_der_reader *r)
{
    if (r->status != YAO_OK)
        return r->status;

    return r->rest.len == 0 ? YAO_OK : YAO_E_TRAILING;
}

void yao_der_fail(yao_der_reader *r, yao_status failure)
{
    if (r->status == YAO_OK)
        r->status = failure;
}

uint8_t yao_der_peek(const yao_der_reader *r)
{
    if (r->status != YAO_OK || r->rest.len == 0)
        return 0;

    return r->rest.ptr[0];
}

/* X.690 8.1.3, 10.1: the definite form of as few bytes as possible. HEAD gets
 * the bytes of tag and length, CONTENT the length itself. */
static yao_status get_head(yao_bytes in, size_t *head, size_t *content)
{
    if (in.len < 2)
        return YAO_E_TRUNCATED;
    if ((in.ptr[0] & 0x1f) == 0x1f || in.ptr[0] == 0)
        return YAO_E_MALFORMED;

    uint8_t first = in.ptr[1];
    *head         = 2;
    *content      = first;
    if (first < 0x80)
        return YAO_OK;
    if (first == 0x80 || first == 0xff)
        return YAO_E_MALFORMED;

    size_t count = first & 0x7f;
    if (count > in.len - 2)
        return YAO_E_TRUNCATED;
    if (in.ptr[2] == 0)
        return YAO_E_NOT_SHORTEST;
    if (count > 4) /* more than any input has */
        return YAO_E_TRUNCATED;

    uint32_t len = 0;
    for (size_t i = 0; i < count; i++)
        len = len << 8 | in.ptr[2 + i];
    *head    = 2 + count;
    *content = len;
    return len < 0x80 ? YAO_E_NOT_SHORTEST : YAO_OK;
}

/* X.690 8.3.2 */
static yao_status check_integer(yao_bytes n)
{
    if (n.len == 0)
        return YAO_E_MALFORMED;
    if (n.len == 1)
        return YAO_OK;

    bool negative = n.ptr[1] >= 0x80;
    return n.ptr[0] == (negative ? 0xff : 0x00) ? YAO_E_NOT_SHORTEST : YAO_OK;
}

/* X.690 8.6.2, 11.2.1: unused bits are zero, and none in an empty string. */
static yao_status check_bits(yao_bytes bits)
{
    if (bits.len == 0 || bits.ptr[0] > 7)
        return YAO_E_MALFORMED;
    if (bits.len == 1)
        return bits.ptr[0] == 0 ? YAO_OK : YAO_E_MALFORMED;

    uint32_t unused = (1u << bits.ptr[0]) - 1;
    return (bits.ptr[bits.len - 1] & unused) == 0 ? YAO_OK : YAO_E_MALFORMED;
}

/* X.690 8.19.2: each number ends, and none begins with a zero digit. */
static yao_status check_oid(yao_bytes oid)
{
    bool begins = true;

    if (oid.len == 0)
        return YAO_E_MALFORMED;
    for (size_t i = 0; i < oid.len; i++) {
        if (begins && oid.ptr[i] == 0x80)
            return YAO_E_NOT_SHORTEST;
        begins = oid.ptr[i] < 0x80;
    }

    return begins ? YAO_OK : YAO_E_MALFORMED;
}

/* What X.690 says about the content of the types that occur. */
static yao_status check_content(uint8_t tag, yao_bytes content)
{
    switch (tag) {
    case YAO_DER_BOOLEAN:
        if (content.len == 1 && (content.ptr[0] == 0 || content.ptr[0] == 0xff))
            return YAO_OK;
        return YAO_E_MALFORMED;
    case YAO_DER_INTEGER:
        return check_integer(content);
    case YAO_DER_BIT_STRING:
        return check_bits(content);
    case YAO_DER_NULL:
        return content.len == 0 ? YAO_OK : YAO_E_MALFORMED;
    case YAO_DER_OID:
        return check_oid(content);
    default:
        return YAO_OK;
    }
}

/* X.690 10.2: of the universal types, sequences and sets are constructed and
 * all others are not. (EXTERNAL and its like do not occur here.) */
static bool has_form(uint8_t tag)
{
    bool constructed = (tag & 0x20) != 0;
    bool list        = (tag & 0x1f) == 16 || (tag & 0x1f) == 17;

    return (tag & 0xc0) != 0 || constructed == list;
}

yao_der_item yao_der_get_any(yao_der_reader *r)
{
    yao_der_item none = {0, {NULL, 0}, {NULL, 0}};
    size_t       head, len;

    if (r->status != YAO_OK)
        return none;

    yao_status status = get_head(r->rest, &head, &len);
    if (status == YAO_OK && len > r->rest.len - head)
        status = YAO_E_TRUNCATED;
    if (status == YAO_OK && !has_form(r->rest.ptr[0]))
        status = YAO_E_MALFORMED;

    yao_der_item item = none;
    if (status == YAO_OK) {
        item = (yao_der_item){r->rest.ptr[0],
                              {r->rest.ptr, head + len},
                              {r->rest.ptr + head, len}};
        status = check_content(item.tag, item.content);
    }
    if (status != YAO_OK) {
        yao_der_fail(r, status);
        return none;
    }

    r->rest.ptr += item.whole.len;
    r->rest.len -= item.whole.len;
    r->offset += item.whole.len;
    return item;
}

yao_bytes yao_der_get(yao_der_reader *r, uint8_t tag)
{
    if (r->status == YAO_OK && r->rest.len > 0 && r->rest.ptr[0] != tag)
        yao_der_fail(r, YAO_E_MALFORMED);

    return yao_der_get_any(r).content;
}

yao_der_reader yao_der_enter(yao_der_reader *r, uint8_t tag)
{
    yao_bytes      content = yao_der_get(r, tag);
    yao_der_reader inner   = yao_der_open(content);

    inner.offset = r->offset - content.len;
    inner.status = r->status;
    return inner;
}

void yao_der_leave(yao_der_reader *r, const yao_der_reader *inner)
{
    yao_status status = yao_der_close(inner);

    if (r->status != YAO_OK || status == YAO_OK)
        return;
    r->offset = inner->offset;
    yao_der_fail(r, status);
}

bool yao_der_get_bool(yao_der_reader *r)
{
    yao_bytes content = yao_der_get(r, YAO_DER_BOOLEAN);

    return content.len == 1 && content.ptr[0] == 0xff;
}

uint32_t yao_der_get_small(yao_der_reader *r)
{
    yao_bytes content = yao_der_get(r, YAO_DER_INTEGER);
    uint32_t  value   = 0;

    if (r->status != YAO_OK)
        return 0;
    if (content.len > 4 || content.ptr[0] >= 0x80) {
        yao_der_fail(r, YAO_E_MALFORMED);
        return 0;
    }
    for (size_t i = 0; i < content.len; i++)
        value = value << 8 | content.ptr[i];

    return value;
}

yao_bytes yao_der_get_bits(yao_der_reader *r, uint8_t *unused)
{
    yao_bytes content = yao_der_get(r, YAO_DER_BIT_STRING);

    if (r->status != YAO_OK)
        return (yao_bytes){NULL, 0};
    if (unused == NULL && content.ptr[0] != 0) {
        yao_der_fail(r, YAO_E_MALFORMED);
        return (yao_bytes){NULL, 0};
    }
    if (unused != NULL)
        *unused = content.ptr[0];

    return (yao_bytes){content.ptr + 1, content.len - 1};
}

/* RFC 5280 4.1.2.5: to the second, in UTC; years of two digits mean 1950 to
 * 2049, and years of four digits are only for those that two cannot say. */
static yao_status read_time(uint8_t tag, yao_bytes in, yao_time *ret)
{
    uint8_t    text[20];
    yao_writer w     = yao_writer_open(text, sizeof text);
    size_t     years = tag == YAO_DER_TIME ? 4 : 2;

    if (in.len != years + 11)
        return YAO_E_MALFORMED;
    if (years == 2)
        yao_put_text(&w, in.ptr[0] >= '5' ? "19" : "20");
    yao_put_bytes(&w, (yao_bytes){in.ptr, years});
    for (size_t i = 0; i < 5; i++) {
        yao_put_byte(&w, (uint8_t) "--T::"[i]);
        yao_put_bytes(&w, (yao_bytes){in.ptr + years + 2 * i, 2});
    }
    yao_put_byte(&w, in.ptr[in.len - 1]);

    yao_time time;
    YAO_TRY(yao_time_parse((yao_bytes){text, sizeof text}, &time));
    if (time < 0 || (years == 4 && yao_date_of_time(time).year < 2050))
        return YAO_E_MALFORMED;

    *ret = time;
    return YAO_OK;
}

yao_time yao_der_get_time(yao_der_reader *r)
{
    uint8_t  tag  = yao_der_peek(r);
    yao_time time = YAO_TIME_NONE;

    yao_bytes text =
        yao_der_get(r, tag == YAO_DER_TIME ? tag : YAO_DER_UTC_TIME);
    if (r->status == YAO_OK) {
        yao_status status = read_time(tag, text, &time);
        if (status != YAO_OK)
            yao_der_fail(r, status);
    }

    return time;
}

/* The digits of a number that is not negative, without the sign byte. */
static yao_bytes get_unsigned(yao_der_reader *r, size_t max)
{
    yao_bytes n = yao_der_get(r, YAO_DER_INTEGER);

    if (r->status != YAO_OK)
        return n;
    if (n.ptr[0] >= 0x80)
        yao_der_fail(r, YAO_E_MALFORMED);
    if (n.ptr[0] == 0) {
        n.ptr++;
        n.len--;
    }
    if (n.len > max)
        yao_der_fail(r, YAO_E_MALFORMED);

    return n;
}

static void put_padded(yao_writer *w, yao_bytes n, size_t len)
{
    for (size_t i = n.len; i < len; i++)
        yao_put_byte(w, 0);
    yao_put_bytes(w, n);
}

yao_status yao_der_get_signature(yao_bytes der, size_t field_len, uint8_t *raw)
{
    yao_der_reader r   = yao_der_open(der);
    yao_der_reader seq = yao_der_enter(&r, YAO_DER_SEQUENCE);

    yao_bytes first  = get_unsigned(&seq, field_len);
    yao_bytes second = get_unsigned(&seq, field_len);
    yao_der_leave(&r, &seq);
    YAO_TRY(yao_der_close(&r));

    yao_writer w = yao_writer_open(raw, 2 * field_len);
    put_padded(&w, first, field_len);
    put_padded(&w, second, field_len);
    return w.status;
}
