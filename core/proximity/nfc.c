/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/nfc.h"

#include "base/copy.h"

/* ISO/IEC 7816-4 5.4: CLA 00, with command chaining 10 */
enum { CLASS = 0x00, CHAINED = 0x10 };
enum { SELECT = 0xa4, ENVELOPE = 0xc3, GET_RESPONSE = 0xc0 };
enum { HEAD = 4, SHORT_DATA = 255, SHORT_EXPECT = 256, EXPECT = 65536 };
enum { OBJECT = 0x53, MAX_OBJECT = 0xffffff };

static const yao_bytes application =
    YAO_INIT("\xa0\x00\x00\x02\x48\x04\x00");

/* ---- reading commands --------------------------------------------------- */

static uint32_t number_of(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

/* 0 means as many as fit. */
static uint32_t or_most(uint32_t said, uint32_t most)
{
    return said == 0 ? most : said;
}

/* What follows the four bytes of the head, in the short form: [Lc data] [Le] */
static yao_status read_short(yao_bytes body, yao_prox_nfc_command *c)
{
    if (body.len == 1) {
        c->expect = or_most(body.ptr[0], SHORT_EXPECT);
        return YAO_OK;
    }

    size_t len = body.ptr[0];
    if (len > body.len - 1)
        return YAO_E_TRUNCATED;
    c->data      = (yao_bytes){body.ptr + 1, len};
    size_t after = body.len - 1 - len;
    if (after > 1)
        return YAO_E_TRAILING;
    if (after == 1)
        c->expect = or_most(body.ptr[1 + len], SHORT_EXPECT);
    return YAO_OK;
}

/* The same in the extended form: 00 [Lc Lc data] [Le Le] */
static yao_status read_extended(yao_bytes body, yao_prox_nfc_command *c)
{
    if (body.len == 3) {
        c->expect = or_most(number_of(body.ptr + 1), EXPECT);
        return YAO_OK;
    }

    size_t len = number_of(body.ptr + 1);
    if (len > body.len - 3)
        return YAO_E_TRUNCATED;
    c->data      = (yao_bytes){body.ptr + 3, len};
    size_t after = body.len - 3 - len;
    if (after == 1)
        return YAO_E_TRUNCATED;
    if (after > 2)
        return YAO_E_TRAILING;
    if (after == 2)
        c->expect = or_most(number_of(body.ptr + 3 + len), EXPECT);
    return YAO_OK;
}

static yao_status read_body(yao_bytes body, yao_prox_nfc_command *c)
{
    if (body.len == 0)
        return YAO_OK;
    if (body.len >= 3 && body.ptr[0] == 0)
        return read_extended(body, c);
    if (body.len == 2 && body.ptr[0] == 0)
        return YAO_E_TRUNCATED; /* of an extended one */
    return read_short(body, c);
}

/* Which command it is, by its head. */
static yao_status name(yao_bytes apdu, yao_prox_nfc_command *c)
{
    bool zero = number_of(apdu.ptr + 2) == 0;

    if (apdu.ptr[0] != CLASS && apdu.ptr[0] != CHAINED)
        return YAO_E_MALFORMED;
    c->more = apdu.ptr[0] == CHAINED;
    switch (apdu.ptr[1]) {
    case SELECT:
        if (!c->more && number_of(apdu.ptr + 2) == 0x0400 &&
            yao_bytes_equal(c->data, application))
            c->kind = YAO_PROX_NFC_SELECT;
        return YAO_OK;
    case ENVELOPE:
        c->kind = YAO_PROX_NFC_ENVELOPE;
        return zero && c->data.len != 0 ? YAO_OK : YAO_E_MALFORMED;
    case GET_RESPONSE:
        c->kind = YAO_PROX_NFC_GET_RESPONSE;
        return zero && !c->more && c->data.len == 0 ? YAO_OK
                                                    : YAO_E_MALFORMED;
    default:
        return YAO_OK;
    }
}

yao_status yao_prox_nfc_read_command(yao_bytes             apdu,
                                     yao_prox_nfc_command *ret)
{
    yao_prox_nfc_command c = {.kind = YAO_PROX_NFC_OTHER};

    if (apdu.len < HEAD)
        return YAO_E_TRUNCATED;
    YAO_TRY(read_body((yao_bytes){apdu.ptr + HEAD, apdu.len - HEAD}, &c));
    YAO_TRY(name(apdu, &c));

    *ret = c;
    return YAO_OK;
}

/* ---- writing commands --------------------------------------------------- */

static void put_head(yao_writer *w, uint8_t class_, uint8_t instruction,
                     uint16_t parameters)
{
    yao_put_byte(w, class_);
    yao_put_byte(w, instruction);
    yao_put_byte(w, (uint8_t)(parameters >> 8));
    yao_put_byte(w, (uint8_t)parameters);
}

static void put_two(yao_writer *w, uint32_t number)
{
    yao_put_byte(w, (uint8_t)(number >> 8));
    yao_put_byte(w, (uint8_t)number);
}

void yao_prox_nfc_put_select(yao_writer *w)
{
    put_head(w, CLASS, SELECT, 0x0400);
    yao_put_byte(w, (uint8_t)application.len);
    yao_put_bytes(w, application);
    yao_put_byte(w, 0);
}

void yao_prox_nfc_put_get_response(yao_writer *w, uint32_t expect)
{
    if (expect == 0 || expect > EXPECT) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    put_head(w, CLASS, GET_RESPONSE, 0);
    if (expect <= SHORT_EXPECT) {
        yao_put_byte(w, (uint8_t)expect);
        return;
    }
    yao_put_byte(w, 0);
    put_two(w, expect);
}

/* ---- a data object going out -------------------------------------------- */

/* ISO/IEC 8825-1 8.1.3: the length in as few bytes as it takes */
static void write_head(yao_prox_nfc_object *o)
{
    size_t     len = o->message.len;
    yao_writer w   = yao_writer_open(o->head, sizeof o->head);

    yao_put_byte(&w, OBJECT);
    if (len > 0xffff) {
        yao_put_byte(&w, 0x83);
        yao_put_byte(&w, (uint8_t)(len >> 16));
        put_two(&w, (uint32_t)len);
    } else if (len > 0xff) {
        yao_put_byte(&w, 0x82);
        put_two(&w, (uint32_t)len);
    } else {
        if (len > 0x7f)
            yao_put_byte(&w, 0x81);
        yao_put_byte(&w, (uint8_t)len);
    }
    o->head_len = w.len;
}

yao_status yao_prox_nfc_begin(yao_bytes message, uint32_t most,
                              yao_prox_nfc_object *ret)
{
    yao_prox_nfc_object o = {.message = message, .most = most};

    if (message.len == 0 || most == 0 || most > 65535)
        return YAO_E_USAGE;
    if (message.len > MAX_OBJECT)
        return YAO_E_LIMIT;

    write_head(&o);
    *ret = o;
    return YAO_OK;
}

static size_t left(const yao_prox_nfc_object *o)
{
    return o->head_len + o->message.len - o->sent;
}

/* The next LEN bytes of head and message. */
static void put_next(yao_prox_nfc_object *o, size_t len, yao_writer *w)
{
    if (o->sent < o->head_len) {
        size_t rest = o->head_len - o->sent;
        size_t part = len < rest ? len : rest;

        yao_put_bytes(w, (yao_bytes){o->head + o->sent, part});
        o->sent += part;
        len -= part;
    }
    if (len == 0)
        return;
    yao_put_bytes(
        w, (yao_bytes){o->message.ptr + (o->sent - o->head_len), len});
    o->sent += len;
}

/* The last one says how much may come back: as much as its form can say. */
bool yao_prox_nfc_put_envelope(yao_prox_nfc_object *object, yao_writer *w)
{
    size_t rest     = left(object);
    bool   more     = rest > object->most;
    size_t len      = more ? object->most : rest;
    bool   extended = object->most > SHORT_DATA;

    if (rest == 0)
        return false;
    put_head(w, more ? CHAINED : CLASS, ENVELOPE, 0);
    if (extended) {
        yao_put_byte(w, 0);
        put_two(w, (uint32_t)len);
    } else
        yao_put_byte(w, (uint8_t)len);
    put_next(object, len, w);
    if (!more)
        yao_put_byte(w, 0);
    if (!more && extended)
        yao_put_byte(w, 0);
    return true;
}

void yao_prox_nfc_put_status(yao_writer *w, uint16_t status)
{
    put_two(w, status);
}

void yao_prox_nfc_put_answer(yao_prox_nfc_object *object, uint32_t expect,
                             yao_writer *w)
{
    size_t rest = left(object);

    if (expect == 0 || rest == 0) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    put_next(object, rest < expect ? rest : expect, w);
    rest = left(object);
    if (rest == 0)
        put_two(w, YAO_PROX_SW_OK);
    else
        put_two(w, YAO_PROX_SW_MORE | (rest > 0xff ? 0 : (uint32_t)rest));
}

/* ---- responses ---------------------------------------------------------- */

yao_status yao_prox_nfc_read_response(yao_bytes              apdu,
                                      yao_prox_nfc_response *ret)
{
    yao_prox_nfc_response r = {.more = false};

    if (apdu.len < 2)
        return YAO_E_TRUNCATED;
    r.data   = (yao_bytes){apdu.ptr, apdu.len - 2};
    r.status = (uint16_t)number_of(apdu.ptr + apdu.len - 2);
    r.more   = (r.status & 0xff00) == YAO_PROX_SW_MORE;
    if (r.more)
        r.remaining = or_most(r.status & 0xff, SHORT_EXPECT);

    *ret = r;
    return YAO_OK;
}

/* ---- a data object coming in -------------------------------------------- */

void yao_prox_nfc_begin_joint(uint8_t *room, size_t cap,
                              yao_prox_nfc_joint *ret)
{
    *ret = (yao_prox_nfc_joint){.room = room, .cap = cap};
}

/* Tag and length at the front of OBJECT. */
static yao_status read_head(yao_bytes object, size_t *head, size_t *len)
{
    if (object.len < 2)
        return YAO_E_TRUNCATED;
    if (object.ptr[0] != OBJECT)
        return YAO_E_MALFORMED;

    size_t more = object.ptr[1] < 0x80 ? 0 : object.ptr[1] & 0x7fu;
    if (object.ptr[1] >= 0x80 && (more == 0 || more > 3))
        return YAO_E_MALFORMED;
    if (object.len < 2 + more)
        return YAO_E_TRUNCATED;

    size_t said = more == 0 ? object.ptr[1] : 0;
    for (size_t i = 0; i < more; i++)
        said = said << 8 | object.ptr[2 + i];
    if (more != 0 && (object.ptr[2] == 0 || said < 0x80))
        return YAO_E_NOT_SHORTEST;
    if (said == 0)
        return YAO_E_MALFORMED;

    *head = 2 + more;
    *len  = said;
    return YAO_OK;
}

static yao_status finish(yao_prox_nfc_joint *j)
{
    size_t head, len;

    YAO_TRY(read_head((yao_bytes){j->room, j->len}, &head, &len));
    if (j->len - head < len)
        return YAO_E_TRUNCATED;
    if (j->len - head > len)
        return YAO_E_TRAILING;

    j->message = (yao_bytes){j->room + head, len};
    j->whole   = true;
    return YAO_OK;
}

static yao_status take(yao_prox_nfc_joint *j, yao_bytes data, bool last)
{
    if (j->broken || j->whole)
        return YAO_E_USAGE;
    if (data.len > j->cap - j->len)
        return YAO_E_LIMIT;
    yao_copy(j->room + j->len, data);
    j->len += data.len;

    return last ? finish(j) : YAO_OK;
}

yao_status yao_prox_nfc_take(yao_prox_nfc_joint *joint, yao_bytes data,
                             bool last)
{
    yao_status status = take(joint, data, last);

    joint->broken = joint->broken || (status != YAO_OK && !joint->whole);
    return status;
}
