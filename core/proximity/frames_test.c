/* SPDX-License-Identifier: Apache-2.0 */

/* Messages cut into pieces and put together again. */

#include "proximity/frames.h"

#include "check.h"

static yao_bytes some(size_t len)
{
    uint8_t *out = yao_arena_take(test_arena(), len + 1);

    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(i * 31 + i / 256);
    return (yao_bytes){out, len};
}

/* ---- pieces ------------------------------------------------------------- */

static const struct mtu_row {
    uint32_t mtu;
    size_t   want;
} mtus[] = {{0, 0},     {22, 0},    {23, 20},         {185, 182},
            {514, 511}, {515, 512}, {UINT32_MAX, 512}};

static void piece_of_mtu(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(mtus); i++)
        assert_int_equal(yao_prox_piece_of_mtu(mtus[i].mtu), mtus[i].want);
}

/* Cut into pieces of MOST and put together; gives how many there were. */
static size_t there_and_back(yao_bytes message, size_t most)
{
    uint8_t        *room = yao_arena_take(test_arena(), message.len + 1);
    yao_prox_pieces pieces;
    yao_prox_joint  joint;
    size_t          count = 0;

    yao_prox_begin_joint(room, message.len, most, &joint);
    assert_status(yao_prox_begin_pieces(message, most, &pieces), YAO_OK);
    for (;; count++) {
        yao_writer w   = yao_writer_in(test_arena());
        yao_bytes  piece;

        if (!yao_prox_put_piece(&pieces, &w))
            break;
        assert_status(yao_writer_keep(&w, test_arena(), &piece), YAO_OK);
        assert_true(piece.len <= most);
        assert_int_equal(yao_prox_joined(&joint).len, 0);
        assert_status(yao_prox_take_piece(&joint, piece), YAO_OK);
    }
    assert_bytes(yao_prox_joined(&joint), message);
    return count;
}

static void all_sizes(void **state)
{
    (void)state;
    for (size_t len = 1; len < 60; len++)
        for (size_t most = 2; most < 25; most++) {
            size_t used = test_arena()->used;

            assert_int_equal(there_and_back(some(len), most),
                             (len + most - 2) / (most - 1));
            test_arena()->used = used;
        }
    assert_int_equal(there_and_back(some(100000), YAO_PROX_BOX_PIECE), 2);
}

static void uncuttable(void **state)
{
    yao_prox_pieces p;

    (void)state;
    assert_status(yao_prox_begin_pieces(YAO_LIT(""), 20, &p), YAO_E_USAGE);
    assert_status(yao_prox_begin_pieces(YAO_LIT("a"), 1, &p), YAO_E_USAGE);
}

static const struct joint_row {
    const char *name;
    yao_bytes   pieces[3];
    yao_status  want; /* of the last that there is */
} joints[] = {
    {"accepts one piece", {YAO_INIT("\0abc")}, YAO_OK},
    {"accepts two pieces", {YAO_INIT("\1abc"), YAO_INIT("\0def")}, YAO_OK},
    {"accepts another message after the last piece",
     {YAO_INIT("\0abcdef"), YAO_INIT("\1abc"), YAO_INIT("\0def")}, YAO_OK},
    {"refuses another first byte", {YAO_INIT("\2abc")}, YAO_E_MALFORMED},
    {"refuses an empty piece", {YAO_INIT("\0")}, YAO_E_MALFORMED},
    {"refuses a longer piece", {YAO_INIT("\0abcdefg")}, YAO_E_LIMIT},
    {"refuses more than there is room for",
     {YAO_INIT("\1abcdef"), YAO_INIT("\0g")}, YAO_E_LIMIT},
    {"never goes on after an error", {YAO_INIT("\2abc"), YAO_INIT("\0abc")},
     YAO_E_USAGE},
};

static void case_joint(void **state)
{
    const struct joint_row *r = *state;
    uint8_t                 room[6];
    yao_prox_joint          j;
    yao_status              status = YAO_E_MISSING;

    yao_prox_begin_joint(room, sizeof room, 7, &j);
    for (size_t i = 0; i < COUNT(r->pieces) && r->pieces[i].len != 0; i++)
        status = yao_prox_take_piece(&j, r->pieces[i]);
    assert_status(status, r->want);
    assert_bytes(yao_prox_joined(&j),
                 r->want != YAO_OK      ? YAO_LIT("")
                 : r->pieces[1].len == 0 ? YAO_LIT("abc")
                                         : YAO_LIT("abcdef"));
}

static void nothing(void **state)
{
    uint8_t        room[6];
    yao_prox_joint j;

    (void)state;
    yao_prox_begin_joint(room, sizeof room, 7, &j);
    assert_status(yao_prox_take_piece(&j, YAO_LIT("")), YAO_E_MALFORMED);
}

/* ---- streams ------------------------------------------------------------ */

/* How many messages IN completes, which are those from FIRST on. */
static size_t feed(yao_prox_stream *s, yao_bytes in, const yao_bytes *first)
{
    size_t    found = 0;
    yao_bytes out;

    while (in.len != 0) {
        assert_status(yao_prox_take_stream(s, &in, &out), YAO_OK);
        if (out.len != 0)
            assert_bytes(out, first[found++]);
    }
    return found;
}

/* Two messages, given in parts of STEP bytes. */
static void all_steps(void **state)
{
    yao_bytes  messages[2] = {some(5), some(300)}, stream;
    uint8_t    room[300];
    yao_writer w = yao_writer_in(test_arena());

    (void)state;
    yao_prox_put_framed(&w, messages[0]);
    yao_prox_put_framed(&w, messages[1]);
    assert_status(yao_writer_keep(&w, test_arena(), &stream), YAO_OK);
    for (size_t step = 1; step <= stream.len; step++) {
        yao_prox_stream s;
        size_t          found = 0;

        yao_prox_begin_stream(room, sizeof room, &s);
        for (size_t at = 0; at < stream.len; at += step) {
            size_t    rest = stream.len - at;
            yao_bytes in   = {stream.ptr + at, rest < step ? rest : step};

            found += feed(&s, in, messages + found);
        }
        assert_int_equal(found, 2);
    }
}

static const struct stream_row {
    const char *name;
    yao_bytes   input;
    yao_status  want;
} streams[] = {
    {"accepts a message that fills the room", YAO_INIT("\0\0\0\4abcd"), YAO_OK},
    {"refuses a length of 0", YAO_INIT("\0\0\0\0abcd"), YAO_E_MALFORMED},
    {"refuses a length above the room", YAO_INIT("\0\0\0\5abcde"),
     YAO_E_LIMIT},
    {"refuses a length of 4 GiB", YAO_INIT("\xff\xff\xff\xff" "abcd"),
     YAO_E_LIMIT},
};

static void case_stream(void **state)
{
    const struct stream_row *r = *state;
    uint8_t                  room[4];
    yao_prox_stream          s;
    yao_bytes                in = r->input, out = {NULL, 0};

    yao_prox_begin_stream(room, sizeof room, &s);
    assert_status(yao_prox_take_stream(&s, &in, &out), r->want);
    if (r->want == YAO_OK) {
        assert_bytes(out, YAO_LIT("abcd"));
        return;
    }
    assert_int_equal(in.len, r->input.len);
    in = YAO_LIT("\0\0\0\1a");
    assert_status(yao_prox_take_stream(&s, &in, &out), YAO_E_USAGE);
}

static void unframable(void **state)
{
    yao_writer w = yao_writer_count();

    (void)state;
    yao_prox_put_framed(&w, YAO_LIT(""));
    assert_status(w.status, YAO_E_USAGE);
    w = yao_writer_count();
    yao_prox_put_framed(&w, (yao_bytes){(const uint8_t *)"", 0x80000000u});
    assert_status(w.status, YAO_E_USAGE);
}

/* ---- names -------------------------------------------------------------- */

static void uuids(void **state)
{
    uint8_t out[YAO_PROX_UUID];

    (void)state;
    yao_prox_gatt_uuid(YAO_PROX_GATT_READER_IDENT, out);
    assert_bytes(((yao_bytes){out, sizeof out}),
                 test_unhex("00000008a12348ce896b4c76973373e6"));
    yao_prox_gatt_uuid(YAO_PROX_GATT_HOLDER_L2CAP, out);
    assert_int_equal(out[3], 0x0a);
}

static void boxes(void **state)
{
    yao_text  url = YAO_TEXT("https://provider.example/mailboxes");
    yao_bytes id  = YAO_LIT("0123456789abcdef"), out;

    (void)state;
    yao_writer w = yao_writer_in(test_arena());
    yao_prox_put_box_post(&w, url, id);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_bytes(out, YAO_LIT("https://provider.example/mailboxes/"
                              "MDEyMzQ1Njc4OWFiY2RlZg"));
    w = yao_writer_in(test_arena());
    yao_prox_put_box_get(&w, url, id, 3, 25);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_bytes(out, YAO_LIT("https://provider.example/mailboxes/"
                              "MDEyMzQ1Njc4OWFiY2RlZg?after=3&wait=25"));
    w = yao_writer_count();
    yao_prox_put_box_post(&w, YAO_TEXT("http://provider.example/m"), id);
    assert_status(w.status, YAO_E_USAGE);
    w = yao_writer_count();
    yao_prox_put_box_post(&w, url, YAO_LIT("short"));
    assert_status(w.status, YAO_E_USAGE);
}

int main(void)
{
    test_add("pieces", "gives their length for an MTU", piece_of_mtu, NULL);
    test_add("pieces", "gives back every message in every size", all_sizes,
             NULL);
    test_add("pieces", "refuses to cut nothing, or into nothing", uncuttable,
             NULL);
    for (size_t i = 0; i < COUNT(joints); i++)
        test_add("take_piece", joints[i].name, case_joint, &joints[i]);
    test_add("take_piece", "refuses nothing", nothing, NULL);
    test_add("stream", "gives back messages in steps of every size", all_steps,
             NULL);
    for (size_t i = 0; i < COUNT(streams); i++)
        test_add("take_stream", streams[i].name, case_stream, &streams[i]);
    test_add("put_framed", "refuses nothing, and too much", unframable, NULL);
    test_add("BLE", "gives the names of characteristics", uuids, NULL);
    test_add("mailbox", "gives addresses, refuses what is none", boxes, NULL);
    return test_run("proximity/frames");
}
