/* SPDX-License-Identifier: Apache-2.0 */

/* APDUs: commands, responses, messages in parts. */

#include "proximity/nfc.h"

#include "check.h"

static yao_bytes some(size_t len)
{
    uint8_t *out = yao_arena_take(test_arena(), len + 1);

    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(i * 31 + i / 256);
    return (yao_bytes){out, len};
}

/* ---- commands ----------------------------------------------------------- */

static const struct command_row {
    const char       *name, *apdu;
    yao_status        want;
    yao_prox_nfc_kind kind;
    bool              more;
    size_t            data;
    uint32_t          expect;
} commands[] = {
    {"accepts our application", "00a4040007a000000248040000", YAO_OK,
     YAO_PROX_NFC_SELECT, false, 7, 256},
    {"accepts our application without a length", "00a4040007a0000002480400",
     YAO_OK, YAO_PROX_NFC_SELECT, false, 7, 0},
    {"passes over another application", "00a4040007d276000085010100", YAO_OK,
     YAO_PROX_NFC_OTHER, false, 7, 256},
    {"passes over a longer name", "00a4040008a000000248040001", YAO_OK,
     YAO_PROX_NFC_OTHER, false, 8, 0},
    {"passes over another way to select", "00a4000c02e103", YAO_OK,
     YAO_PROX_NFC_OTHER, false, 2, 0},
    {"passes over another instruction", "00b000000f", YAO_OK,
     YAO_PROX_NFC_OTHER, false, 0, 15},
    {"accepts an envelope", "00c3000003530161ff", YAO_OK,
     YAO_PROX_NFC_ENVELOPE, false, 3, 255},
    {"accepts an envelope that another follows", "10c3000003530261", YAO_OK,
     YAO_PROX_NFC_ENVELOPE, true, 3, 0},
    {"accepts an extended envelope", "00c30000000003530161ffff", YAO_OK,
     YAO_PROX_NFC_ENVELOPE, false, 3, 65535},
    {"accepts an extended envelope for all", "00c300000000035301610000",
     YAO_OK, YAO_PROX_NFC_ENVELOPE, false, 3, 65536},
    {"accepts a request for more", "00c0000010", YAO_OK,
     YAO_PROX_NFC_GET_RESPONSE, false, 0, 16},
    {"accepts an extended request for more", "00c00000000100", YAO_OK,
     YAO_PROX_NFC_GET_RESPONSE, false, 0, 256},
    {"refuses three bytes", "00c300", YAO_E_TRUNCATED, YAO_PROX_NFC_OTHER,
     false, 0, 0},
    {"refuses less than it says", "00c30000045301", YAO_E_TRUNCATED,
     YAO_PROX_NFC_OTHER, false, 0, 0},
    {"refuses less than an extended one says", "00c3000000000553016100",
     YAO_E_TRUNCATED, YAO_PROX_NFC_OTHER, false, 0, 0},
    {"refuses half of an extended length", "00c300000000", YAO_E_TRUNCATED,
     YAO_PROX_NFC_OTHER, false, 0, 0},
    {"refuses half of an extended expectation", "00c3000000000353016100",
     YAO_E_TRUNCATED, YAO_PROX_NFC_OTHER, false, 0, 0},
    {"refuses more than it says", "00c30000035301610000", YAO_E_TRAILING,
     YAO_PROX_NFC_OTHER, false, 0, 0},
    {"refuses more than an extended one says", "00c3000000000353016100000000",
     YAO_E_TRAILING, YAO_PROX_NFC_OTHER, false, 0, 0},
    {"refuses another class", "80c3000003530161", YAO_E_MALFORMED,
     YAO_PROX_NFC_OTHER, false, 0, 0},
    {"refuses an envelope with parameters", "00c3010003530161",
     YAO_E_MALFORMED, YAO_PROX_NFC_OTHER, false, 0, 0},
    {"refuses an empty envelope", "00c30000", YAO_E_MALFORMED,
     YAO_PROX_NFC_OTHER, false, 0, 0},
    {"refuses a request for more with data", "00c0000001aa",
     YAO_E_MALFORMED, YAO_PROX_NFC_OTHER, false, 0, 0},
    {"refuses a request for more that is chained", "10c0000000",
     YAO_E_MALFORMED, YAO_PROX_NFC_OTHER, false, 0, 0},
};

static void case_command(void **state)
{
    const struct command_row *r = *state;
    yao_prox_nfc_command      c, before;

    memset(&c, 0x55, sizeof c);
    before = c;
    assert_status(yao_prox_nfc_read_command(test_unhex(r->apdu), &c), r->want);
    if (r->want != YAO_OK) {
        assert_memory_equal(&c, &before, sizeof c);
        return;
    }
    assert_int_equal(c.kind, r->kind);
    assert_int_equal(c.more, r->more);
    assert_int_equal(c.data.len, r->data);
    assert_int_equal(c.expect, r->expect);
}

static void written(void **state)
{
    uint8_t    room[32];
    yao_writer w = yao_writer_open(room, sizeof room);

    (void)state;
    yao_prox_nfc_put_select(&w);
    assert_bytes(((yao_bytes){room, w.len}),
                 test_unhex("00a4040007a000000248040000"));
    w = yao_writer_open(room, sizeof room);
    yao_prox_nfc_put_get_response(&w, 256);
    assert_bytes(((yao_bytes){room, w.len}), test_unhex("00c0000000"));
    w = yao_writer_open(room, sizeof room);
    yao_prox_nfc_put_get_response(&w, 65536);
    assert_bytes(((yao_bytes){room, w.len}), test_unhex("00c00000000000"));
    w = yao_writer_open(room, sizeof room);
    yao_prox_nfc_put_status(&w, YAO_PROX_SW_NOT_FOUND);
    assert_bytes(((yao_bytes){room, w.len}), test_unhex("6a82"));
    w = yao_writer_count();
    yao_prox_nfc_put_get_response(&w, 0);
    assert_status(w.status, YAO_E_USAGE);
    w = yao_writer_count();
    yao_prox_nfc_put_get_response(&w, 65537);
    assert_status(w.status, YAO_E_USAGE);
}

/* ---- whole conversations ------------------------------------------------ */

/* MESSAGE in envelopes of MOST bytes; gives how many. */
static size_t envelopes(yao_bytes message, uint32_t most)
{
    uint8_t            *room = yao_arena_take(test_arena(), message.len + 5);
    yao_prox_nfc_object out;
    yao_prox_nfc_joint  in;
    size_t              count = 0;

    yao_prox_nfc_begin_joint(room, message.len + 5, &in);
    assert_status(yao_prox_nfc_begin(message, most, &out), YAO_OK);
    for (;; count++) {
        yao_writer           w = yao_writer_in(test_arena());
        yao_bytes            apdu;
        yao_prox_nfc_command c;

        if (!yao_prox_nfc_put_envelope(&out, &w))
            break;
        assert_status(yao_writer_keep(&w, test_arena(), &apdu), YAO_OK);
        assert_status(yao_prox_nfc_read_command(apdu, &c), YAO_OK);
        assert_int_equal(c.kind, YAO_PROX_NFC_ENVELOPE);
        assert_true(c.data.len <= most);
        assert_int_equal(c.expect, c.more       ? 0
                                   : most > 255 ? 65536
                                                : 256);
        assert_status(yao_prox_nfc_take(&in, c.data, !c.more), YAO_OK);
        assert_int_equal(in.whole, !c.more);
    }
    assert_bytes(in.message, message);
    return count;
}

/* The answer, asked for EXPECT bytes at a time. */
static size_t answers(yao_bytes message, uint32_t expect)
{
    uint8_t            *room = yao_arena_take(test_arena(), message.len + 5);
    yao_prox_nfc_object out;
    yao_prox_nfc_joint  in;
    size_t              count = 0;
    bool                more  = true;

    yao_prox_nfc_begin_joint(room, message.len + 5, &in);
    assert_status(yao_prox_nfc_begin(message, 255, &out), YAO_OK);
    for (; more; count++) {
        yao_writer            w = yao_writer_in(test_arena());
        yao_bytes             apdu;
        yao_prox_nfc_response r;

        yao_prox_nfc_put_answer(&out, expect, &w);
        assert_status(yao_writer_keep(&w, test_arena(), &apdu), YAO_OK);
        assert_true(apdu.len <= (size_t)expect + 2);
        assert_status(yao_prox_nfc_read_response(apdu, &r), YAO_OK);
        more = r.more;
        if (!more)
            assert_int_equal(r.status, YAO_PROX_SW_OK);
        else
            assert_in_range(r.remaining, 1, 256);
        assert_status(yao_prox_nfc_take(&in, r.data, !more), YAO_OK);
    }
    assert_bytes(in.message, message);
    yao_writer w = yao_writer_count();
    yao_prox_nfc_put_answer(&out, expect, &w);
    assert_status(w.status, YAO_E_USAGE);
    return count;
}

static const size_t lengths[] = {1,   2,   100,   127,   128,  253, 254,
                                 255, 256, 65535, 65536, 70000};

static void conversations(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(lengths); i++)
        for (uint32_t most = 3; most < 70000; most = most * 3 + 1) {
            size_t used = test_arena()->used;

            if (most <= 65535)
                envelopes(some(lengths[i]), most);
            answers(some(lengths[i]), most);
            test_arena()->used = used;
        }
    assert_int_equal(envelopes(some(253), 255), 2); /* 81 FD: three more */
    assert_int_equal(envelopes(some(252), 255), 1);
    assert_int_equal(answers(some(70000), 65536), 2);
    assert_int_equal(envelopes(some(1), 1), 3);
}

static void unsayable(void **state)
{
    yao_prox_nfc_object o;
    yao_writer          w = yao_writer_count();

    (void)state;
    assert_status(yao_prox_nfc_begin(YAO_LIT(""), 255, &o), YAO_E_USAGE);
    assert_status(yao_prox_nfc_begin(YAO_LIT("a"), 0, &o), YAO_E_USAGE);
    assert_status(yao_prox_nfc_begin(YAO_LIT("a"), 65536, &o), YAO_E_USAGE);
    assert_status(yao_prox_nfc_begin(
                      (yao_bytes){(const uint8_t *)"", 0x1000000}, 255, &o),
                  YAO_E_LIMIT);
    assert_status(yao_prox_nfc_begin(YAO_LIT("a"), 255, &o), YAO_OK);
    yao_prox_nfc_put_answer(&o, 0, &w);
    assert_status(w.status, YAO_E_USAGE);
}

/* ---- coming in ---------------------------------------------------------- */

static const struct object_row {
    const char *name, *first, *last;
    yao_status  want; /* of the last */
} objects[] = {
    {"accepts a short object", "", "530161", YAO_OK},
    {"accepts one in two parts", "5302", "6162", YAO_OK},
    {"accepts one cut in its head", "53", "0161", YAO_OK},
    {"refuses another tag", "", "540161", YAO_E_MALFORMED},
    {"refuses an empty object", "", "5300", YAO_E_MALFORMED},
    {"refuses a length without end", "", "538061", YAO_E_MALFORMED},
    {"refuses a length of four bytes", "", "53840000000161",
     YAO_E_MALFORMED},
    {"refuses a length longer than needed", "", "53810161",
     YAO_E_NOT_SHORTEST},
    {"refuses zeros before a length", "", "53820001" "61",
     YAO_E_NOT_SHORTEST},
    {"refuses half of it", "", "530261", YAO_E_TRUNCATED},
    {"refuses half of its head", "", "5381", YAO_E_TRUNCATED},
    {"refuses nothing", "", "", YAO_E_TRUNCATED},
    {"refuses a byte behind it", "", "53016100", YAO_E_TRAILING},
    {"refuses more than the room", "5306616161616161", "61", YAO_E_LIMIT},
    {"never goes on after an error", "536161616161616161616161", "530161",
     YAO_E_USAGE},
};

static void case_object(void **state)
{
    const struct object_row *r = *state;
    uint8_t                  room[8];
    yao_prox_nfc_joint       in;

    yao_prox_nfc_begin_joint(room, sizeof room, &in);
    if (r->first[0] != '\0') {
        yao_status first = yao_prox_nfc_take(&in, test_unhex(r->first), false);
        assert_int_equal(in.broken, first != YAO_OK);
    }
    assert_status(yao_prox_nfc_take(&in, test_unhex(r->last), true), r->want);
    assert_int_equal(in.whole, r->want == YAO_OK);
    if (r->want == YAO_OK)
        assert_status(yao_prox_nfc_take(&in, YAO_LIT("a"), true), YAO_E_USAGE);
}

static void no_status(void **state)
{
    yao_prox_nfc_response r;

    (void)state;
    assert_status(yao_prox_nfc_read_response(YAO_LIT("\x90"), &r),
                  YAO_E_TRUNCATED);
    assert_status(yao_prox_nfc_read_response(YAO_LIT("\x61\x00"), &r), YAO_OK);
    assert_true(r.more);
    assert_int_equal(r.remaining, 256);
    assert_status(yao_prox_nfc_read_response(YAO_LIT("\x6d\x00"), &r), YAO_OK);
    assert_false(r.more);
    assert_int_equal(r.status, YAO_PROX_SW_COMMAND);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(commands); i++)
        test_add("read_command", commands[i].name, case_command, &commands[i]);
    test_add("commands", "gives what ISO/IEC 7816-4 has", written, NULL);
    test_add("messages", "gives back every message in every size",
             conversations, NULL);
    test_add("messages", "refuses what cannot be said", unsayable, NULL);
    for (size_t i = 0; i < COUNT(objects); i++)
        test_add("take", objects[i].name, case_object, &objects[i]);
    test_add("read_response", "refuses one byte, gives the status", no_status,
             NULL);
    return test_run("proximity/nfc");
}
