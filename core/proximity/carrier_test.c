/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/carrier.h"

#include <string.h>

#include "check.h"

enum { ROOM = 8192 };

/* ---- two ends, and what moves chunks ------------------------------------ */

typedef struct pair {
    yao_prox_carrier reader, holder;
    uint8_t          rooms[2][ROOM];
    size_t           chunks; /* that were moved */
} pair;

static void open_pair(pair *p, yao_prox_carriage kind, size_t most)
{
    yao_prox_carriage other = kind == YAO_PROX_CARRY_NFC_READER
                                  ? YAO_PROX_CARRY_NFC_HOLDER
                                  : kind;

    p->chunks = 0;
    assert_status(
        yao_prox_carrier_open(kind, most, p->rooms[0], ROOM, &p->reader),
        YAO_OK);
    assert_status(
        yao_prox_carrier_open(other, most, p->rooms[1], ROOM, &p->holder),
        YAO_OK);
}

/* Move what each has, as a shell does, until neither has any. */
static void move(pair *p, yao_bytes *to_holder, yao_bytes *to_reader)
{
    static uint8_t room[2 * ROOM];
    bool           moved = true;

    *to_holder = *to_reader = (yao_bytes){NULL, 0};
    while (moved) {
        moved = false;
        for (int side = 0; side < 2; side++) {
            yao_prox_carrier *from = side == 0 ? &p->reader : &p->holder;
            yao_prox_carrier *to   = side == 0 ? &p->holder : &p->reader;
            yao_writer        w    = yao_writer_open(room, sizeof room);
            yao_bytes         message;

            if (!yao_prox_carrier_next(from, &w))
                continue;
            assert_status(w.status, YAO_OK);
            moved           = true;
            yao_bytes chunk = {room, w.len};
            p->chunks++;
            do {
                assert_status(yao_prox_carrier_take(to, &chunk, &message),
                              YAO_OK);
                if (message.len > 0)
                    *(side == 0 ? to_holder : to_reader) = message;
            } while (chunk.len > 0);
        }
    }
}

static const struct way {
    const char       *name;
    yao_prox_carriage kind;
    size_t            most;
} ways[] = {
    {"gives both sides their messages, in pieces of two bytes",
     YAO_PROX_CARRY_PIECES, 2},
    {"gives both sides their messages, in pieces of BLE",
     YAO_PROX_CARRY_PIECES, 182},
    {"gives both sides their messages, by a mailbox", YAO_PROX_CARRY_PIECES,
     YAO_PROX_BOX_PIECE},
    {"gives both sides their messages, by a stream", YAO_PROX_CARRY_STREAM, 0},
    {"gives both sides their messages, by NFC in short commands",
     YAO_PROX_CARRY_NFC_READER, 255},
    {"gives both sides their messages, by NFC in long commands",
     YAO_PROX_CARRY_NFC_READER, 4096},
};

/* A question and an answer of each length, twice in one session. */
static void one_way(void **state)
{
    static uint8_t    asked[5000], answered[5000];
    const struct way *way       = *state;
    const size_t      lengths[] = {1, 2, 181, 182, 254, 255, 256, 257, 5000};
    pair              p;
    yao_bytes         to_holder, to_reader;

    memset(asked, 'q', sizeof asked);
    memset(answered, 'a', sizeof answered);
    open_pair(&p, way->kind, way->most);
    for (size_t i = 0; i < COUNT(lengths); i++) {
        const yao_bytes q = {asked, lengths[i]};
        const yao_bytes a = {answered, lengths[COUNT(lengths) - 1 - i]};

        assert_status(yao_prox_carrier_send(&p.reader, q), YAO_OK);
        move(&p, &to_holder, &to_reader);
        assert_true(yao_bytes_equal(to_holder, q));
        assert_status(yao_prox_carrier_send(&p.holder, a), YAO_OK);
        move(&p, &to_holder, &to_reader);
        assert_true(yao_bytes_equal(to_reader, a));
    }
}

/* ---- what is refused ---------------------------------------------------- */

static void openings(void **state)
{
    uint8_t          room[16];
    yao_prox_carrier c;

    (void)state;
    assert_status(
        yao_prox_carrier_open(YAO_PROX_CARRY_NOTHING, 9, room, 16, &c),
        YAO_E_USAGE);
    assert_status(yao_prox_carrier_open(YAO_PROX_CARRY_PIECES, 1, room, 16, &c),
                  YAO_E_USAGE);
    assert_status(
        yao_prox_carrier_open(YAO_PROX_CARRY_NFC_READER, 0, room, 16, &c),
        YAO_E_USAGE);
    assert_status(
        yao_prox_carrier_open(YAO_PROX_CARRY_NFC_READER, 65536, room, 16, &c),
        YAO_E_USAGE);
    assert_status(yao_prox_carrier_open(YAO_PROX_CARRY_STREAM, 0, room, 0, &c),
                  YAO_E_USAGE);
}

static void sending(void **state)
{
    pair      p;
    yao_bytes one = YAO_LIT("one"), none = {NULL, 0};

    (void)state;
    for (size_t i = 0; i < COUNT(ways); i++) {
        open_pair(&p, ways[i].kind, ways[i].most);
        assert_status(yao_prox_carrier_send(&p.reader, none), YAO_E_USAGE);
        assert_status(yao_prox_carrier_send(&p.reader, one), YAO_OK);
        assert_status(yao_prox_carrier_send(&p.reader, one), YAO_E_USAGE);
    }
    open_pair(&p, YAO_PROX_CARRY_NFC_READER, 255);
    assert_status(yao_prox_carrier_send(&p.holder, one), YAO_E_USAGE);
    yao_bytes much = {(const uint8_t *)"", (size_t)1 << 33};
    open_pair(&p, YAO_PROX_CARRY_STREAM, 0);
    assert_status(yao_prox_carrier_send(&p.reader, much), YAO_E_LIMIT);
}

static void taking(void **state)
{
    pair      p;
    yao_bytes message, chunk;

    (void)state;
    open_pair(&p, YAO_PROX_CARRY_PIECES, 16);
    chunk = YAO_LIT("\x02x");
    assert_status(yao_prox_carrier_take(&p.holder, &chunk, &message),
                  YAO_E_MALFORMED);
    open_pair(&p, YAO_PROX_CARRY_NFC_READER, 255);
    chunk = YAO_LIT("\x90\x00"); /* nobody asked */
    assert_status(yao_prox_carrier_take(&p.reader, &chunk, &message),
                  YAO_E_USAGE);
}

/* The shell met a card of somebody else's. */
static void refused(void **state)
{
    uint8_t    room[64];
    yao_writer w = yao_writer_open(room, sizeof room);
    pair       p;
    yao_bytes  message, chunk = YAO_LIT("\x6a\x82");

    (void)state;
    open_pair(&p, YAO_PROX_CARRY_NFC_READER, 255);
    assert_true(yao_prox_carrier_next(&p.reader, &w));
    assert_status(yao_prox_carrier_take(&p.reader, &chunk, &message),
                  YAO_E_REFUSED);
}

/* Commands of which a holder knows nothing are answered, and harm nothing. */
static void foreign(void **state)
{
    static const struct {
        yao_bytes command;
        uint16_t  status;
    } rows[] = {
        {YAO_INIT("\x00\xa4\x04\x00\x02\x3f\x00"), YAO_PROX_SW_NOT_FOUND},
        {YAO_INIT("\x00\xb0\x00\x00\x00"), YAO_PROX_SW_COMMAND},
        {YAO_INIT("\x00\xc0\x00\x00\x00"), YAO_PROX_SW_CONDITION},
        {YAO_INIT("\x00\xc3\x00\x00\x01x\x00"), YAO_PROX_SW_CONDITION},
    };
    pair p;

    (void)state;
    open_pair(&p, YAO_PROX_CARRY_NFC_READER, 255);
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t    room[8];
        yao_writer w     = yao_writer_open(room, sizeof room);
        yao_bytes  chunk = rows[i].command, message;

        assert_status(yao_prox_carrier_take(&p.holder, &chunk, &message),
                      YAO_OK);
        assert_int_equal(message.len, 0);
        assert_true(yao_prox_carrier_next(&p.holder, &w));
        assert_int_equal(room[0] << 8 | room[1], rows[i].status);
    }
}

/* The reader said that it is over: nothing is answered to that. */
static void nothing_to_say(void **state)
{
    pair      p;
    yao_bytes to_holder, to_reader, none = {NULL, 0};

    (void)state;
    open_pair(&p, YAO_PROX_CARRY_NFC_READER, 255);
    assert_status(yao_prox_carrier_send(&p.reader, YAO_LIT("end")), YAO_OK);
    move(&p, &to_holder, &to_reader);
    assert_true(yao_bytes_equal(to_holder, YAO_LIT("end")));
    assert_status(yao_prox_carrier_send(&p.holder, none), YAO_OK);
    move(&p, &to_holder, &to_reader);
    assert_int_equal(to_reader.len, 0);
    assert_status(yao_prox_carrier_send(&p.reader, YAO_LIT("more")), YAO_OK);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(ways); i++)
        test_add("carrier", ways[i].name, one_way, &ways[i]);
    test_add("carrier", "refuses ways that there are not", openings, NULL);
    test_add("carrier", "refuses to send out of turn", sending, NULL);
    test_add("carrier", "refuses chunks of another shape", taking, NULL);
    test_add("carrier", "refuses a card that does not know us", refused, NULL);
    test_add("carrier", "refuses foreign commands, and goes on", foreign, NULL);
    test_add("carrier", "accepts that nothing is answered", nothing_to_say,
             NULL);
    return test_run("proximity/carrier");
}
