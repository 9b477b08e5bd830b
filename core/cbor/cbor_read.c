/* SPDX-License-Identifier: Apache-2.0 */
#include "cbor/cbor_head.h"

/* A failing call takes nothing, so `offset` stays at the item that failed. */

yao_cbor_reader yao_cbor_open(yao_bytes input)
{
    return (yao_cbor_reader){.rest = input, .status = YAO_OK};
}

yao_cbor_reader yao_cbor_open_foreign(yao_bytes input)
{
    return (yao_cbor_reader){.rest = input, .status = YAO_OK, .foreign = true};
}

yao_status yao_cbor_close(const yao_cbor_reader *r)
{
    if (r->status != YAO_OK)
        return r->status;

    return r->rest.len == 0 ? YAO_OK : YAO_E_TRAILING;
}

void yao_cbor_fail(yao_cbor_reader *r, yao_status failure)
{
    if (r->status == YAO_OK)
        r->status = failure;
}

/* Step over LEN bytes that are there. */
static inline void advance(yao_cbor_reader *r, size_t len)
{
    if (len == 0)
        return;
    r->rest.ptr += len;
    r->rest.len -= len;
    r->offset += len;
}

/* Look at a head of major type WANT without taking it. */
static inline bool look(yao_cbor_reader *r, enum yao_cbor_major want,
                        yao_cbor_head *ret)
{
    if (r->status != YAO_OK)
        return false;

    yao_status status = yao_cbor_read_head(r->rest.ptr, r->rest.len, ret);
    if (status == YAO_OK && ret->major != want)
        status = YAO_E_MALFORMED;
    if (status == YAO_OK && ret->longer && !r->foreign)
        status = YAO_E_NOT_SHORTEST;

    r->status = status;
    return status == YAO_OK;
}

/* Take a head that look() showed. */
static inline uint64_t take(yao_cbor_reader *r, const yao_cbor_head *head)
{
    r->longer = r->longer || head->longer;
    advance(r, head->len);
    return head->value;
}

static uint64_t get_head(yao_cbor_reader *r, enum yao_cbor_major want)
{
    yao_cbor_head head;

    return look(r, want, &head) ? take(r, &head) : 0;
}

/* What the first byte says; RFC 8949 section 3.3 for major type 7. */
yao_cbor_kind yao_cbor_peek(const yao_cbor_reader *r)
{
    static const uint8_t kinds[8] = {
        YAO_CBOR_UINT,  YAO_CBOR_NINT, YAO_CBOR_BYTES, YAO_CBOR_TEXT,
        YAO_CBOR_ARRAY, YAO_CBOR_MAP,  YAO_CBOR_TAG,   YAO_CBOR_OTHER};

    if (r->status != YAO_OK || r->rest.len == 0)
        return YAO_CBOR_END;

    switch (r->rest.ptr[0]) {
    case 0xf4:
    case 0xf5:
        return YAO_CBOR_BOOL;
    case 0xf6:
        return YAO_CBOR_NULL;
    default:
        return (yao_cbor_kind)kinds[r->rest.ptr[0] >> 5];
    }
}

uint64_t yao_cbor_get_uint(yao_cbor_reader *r)
{
    return get_head(r, YAO_MAJOR_UINT);
}

int64_t yao_cbor_get_int(yao_cbor_reader *r)
{
    bool          negative = yao_cbor_peek(r) == YAO_CBOR_NINT;
    yao_cbor_head head;

    if (!look(r, negative ? YAO_MAJOR_NINT : YAO_MAJOR_UINT, &head))
        return 0;
    if (head.value > INT64_MAX) {
        yao_cbor_fail(r, YAO_E_MALFORMED);
        return 0;
    }

    int64_t value = (int64_t)take(r, &head);
    return negative ? -1 - value : value;
}

/* Look at a string without taking it: all of it is there. */
static bool look_string(yao_cbor_reader *r, enum yao_cbor_major want,
                        yao_cbor_head *head, yao_bytes *ret)
{
    if (!look(r, want, head))
        return false;
    if (head->value > r->rest.len - head->len) {
        yao_cbor_fail(r, YAO_E_TRUNCATED);
        return false;
    }

    *ret = (yao_bytes){r->rest.ptr + head->len, (size_t)head->value};
    return true;
}

yao_bytes yao_cbor_get_bytes(yao_cbor_reader *r)
{
    yao_cbor_head head;
    yao_bytes     string;

    if (!look_string(r, YAO_MAJOR_BYTES, &head, &string))
        return (yao_bytes){0};

    (void)take(r, &head);
    advance(r, string.len);
    return string;
}

yao_text yao_cbor_get_text(yao_cbor_reader *r)
{
    yao_cbor_head head;
    yao_bytes     string;
    yao_text      text = {0};

    if (!look_string(r, YAO_MAJOR_TEXT, &head, &string))
        return text;
    yao_cbor_fail(r, yao_text_check(string, &text));
    if (r->status != YAO_OK)
        return text;

    (void)take(r, &head);
    advance(r, string.len);
    return text;
}

bool yao_cbor_get_bool(yao_cbor_reader *r)
{
    if (yao_cbor_peek(r) != YAO_CBOR_BOOL) {
        yao_cbor_fail(r, r->rest.len == 0 ? YAO_E_TRUNCATED : YAO_E_MALFORMED);
        return false;
    }

    return get_head(r, YAO_MAJOR_SIMPLE) == 21;
}

void yao_cbor_get_null(yao_cbor_reader *r)
{
    if (yao_cbor_peek(r) == YAO_CBOR_NULL)
        advance(r, 1);
    else
        yao_cbor_fail(r, r->rest.len == 0 ? YAO_E_TRUNCATED : YAO_E_MALFORMED);
}

/* The number of entries, which must have room in what is left. */
static uint64_t get_count(yao_cbor_reader *r, enum yao_cbor_major want)
{
    yao_cbor_head head;

    if (!look(r, want, &head))
        return 0;

    yao_status status = yao_cbor_check_count(
        head.value, want == YAO_MAJOR_MAP ? 2 : 1, r->rest.len - head.len);
    if (status != YAO_OK) {
        yao_cbor_fail(r, status);
        return 0;
    }

    return take(r, &head);
}

void yao_cbor_get_array(yao_cbor_reader *r, uint64_t count)
{
    yao_cbor_head head;

    if (!look(r, YAO_MAJOR_ARRAY, &head))
        return;
    if (head.value != count)
        yao_cbor_fail(r, YAO_E_MALFORMED);
    else
        (void)get_count(r, YAO_MAJOR_ARRAY);
}

uint64_t yao_cbor_get_items(yao_cbor_reader *r)
{
    return get_count(r, YAO_MAJOR_ARRAY);
}

uint64_t yao_cbor_get_map(yao_cbor_reader *r)
{
    return get_count(r, YAO_MAJOR_MAP);
}

void yao_cbor_get_tag(yao_cbor_reader *r, uint64_t tag)
{
    yao_cbor_head head;

    if (!look(r, YAO_MAJOR_TAG, &head))
        return;
    if (head.value != tag)
        yao_cbor_fail(r, YAO_E_MALFORMED);
    else
        (void)take(r, &head);
}

uint64_t yao_cbor_get_any_tag(yao_cbor_reader *r)
{
    return get_head(r, YAO_MAJOR_TAG);
}

yao_bytes yao_cbor_get_any(yao_cbor_reader *r)
{
    size_t    end  = 0;
    yao_bytes item = r->rest;

    if (r->status != YAO_OK)
        return (yao_bytes){0};

    r->status = yao_cbor_walk(r->rest, 0, r->foreign, &end, &r->longer);
    advance(r, end);
    if (r->status != YAO_OK)
        return (yao_bytes){0};

    item.len = end;
    return item;
}

yao_cbor_wrapped yao_cbor_get_wrapped(yao_cbor_reader *r)
{
    yao_cbor_wrapped wrapped = {.whole = r->rest};

    yao_cbor_get_tag(r, YAO_CBOR_TAG_WRAPPED);
    wrapped.inner = yao_cbor_get_bytes(r);
    if (r->status != YAO_OK)
        return (yao_cbor_wrapped){0};

    wrapped.whole.len -= r->rest.len;
    return wrapped;
}

yao_time yao_cbor_get_tdate(yao_cbor_reader *r)
{
    yao_time time = YAO_TIME_NONE;

    yao_cbor_get_tag(r, YAO_CBOR_TAG_TDATE);
    yao_text text = yao_cbor_get_text(r);
    if (r->status == YAO_OK)
        yao_cbor_fail(r, yao_time_parse(yao_text_bytes(text), &time));

    return time;
}

yao_date yao_cbor_get_full_date(yao_cbor_reader *r)
{
    yao_date day = {0};

    yao_cbor_get_tag(r, YAO_CBOR_TAG_FULL_DATE);
    yao_text text = yao_cbor_get_text(r);
    if (r->status == YAO_OK)
        yao_cbor_fail(r, yao_date_parse(yao_text_bytes(text), &day));

    return day;
}
