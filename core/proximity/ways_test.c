/* SPDX-License-Identifier: Apache-2.0 */

/* Whole conversations over each way: in pieces, as a stream, by NFC. */

#include "prox_pair.h"
#include "proximity/frames.h"
#include "proximity/nfc.h"

static void by_pieces(prox_pair *p, bool to_holder, yao_bytes *message)
{
    size_t          most = to_holder ? yao_prox_piece_of_mtu(23)
                                     : YAO_PROX_BOX_PIECE;
    uint8_t        *room = yao_arena_take(test_arena(), message->len);
    yao_prox_pieces cut;
    yao_prox_joint  joint;

    (void)p;
    yao_prox_begin_joint(room, message->len, most, &joint);
    assert_status(yao_prox_begin_pieces(*message, most, &cut), YAO_OK);
    for (;;) {
        yao_writer w = yao_writer_in(test_arena());
        yao_bytes  piece;

        if (!yao_prox_put_piece(&cut, &w))
            break;
        assert_status(yao_writer_keep(&w, test_arena(), &piece), YAO_OK);
        assert_status(yao_prox_take_piece(&joint, piece), YAO_OK);
    }
    *message = yao_prox_joined(&joint);
}

static void by_stream(prox_pair *p, bool to_holder, yao_bytes *message)
{
    uint8_t        *room = yao_arena_take(test_arena(), message->len);
    yao_writer      w    = yao_writer_in(test_arena());
    yao_prox_stream s;
    yao_bytes       in;

    (void)p;
    (void)to_holder;
    yao_prox_put_framed(&w, *message);
    assert_status(yao_writer_keep(&w, test_arena(), &in), YAO_OK);
    yao_prox_begin_stream(room, message->len, &s);
    assert_status(yao_prox_take_stream(&s, &in, message), YAO_OK);
}

/* The reader's in ENVELOPE commands, the wallet's by GET RESPONSE. */
static void by_nfc(prox_pair *p, bool to_holder, yao_bytes *message)
{
    size_t              cap  = message->len + 5;
    uint8_t            *room = yao_arena_take(test_arena(), cap);
    yao_prox_nfc_object out;
    yao_prox_nfc_joint  in;

    (void)p;
    yao_prox_nfc_begin_joint(room, cap, &in);
    assert_status(yao_prox_nfc_begin(*message, 255, &out), YAO_OK);
    while (!in.whole) {
        yao_writer            w = yao_writer_in(test_arena());
        yao_bytes             apdu;
        yao_prox_nfc_command  c;
        yao_prox_nfc_response r;

        if (to_holder)
            assert_true(yao_prox_nfc_put_envelope(&out, &w));
        else
            yao_prox_nfc_put_answer(&out, 256, &w);
        assert_status(yao_writer_keep(&w, test_arena(), &apdu), YAO_OK);
        if (to_holder) {
            assert_status(yao_prox_nfc_read_command(apdu, &c), YAO_OK);
            assert_status(yao_prox_nfc_take(&in, c.data, !c.more), YAO_OK);
        } else {
            assert_status(yao_prox_nfc_read_response(apdu, &r), YAO_OK);
            assert_status(yao_prox_nfc_take(&in, r.data, !r.more), YAO_OK);
        }
    }
    *message = in.message;
}

static const struct way {
    const char *name;
    void (*tap)(prox_pair *p, bool to_holder, yao_bytes *message);
} ways[] = {
    {"gives a conversation in pieces", by_pieces},
    {"gives a conversation in a stream", by_stream},
    {"gives a conversation by NFC", by_nfc},
};

static void case_way(void **state)
{
    const struct way *way = *state;
    prox_pair         p;

    pair_open(&p);
    p.tap           = way->tap;
    p.mac[1]        = true;
    p.requests[0]   = &pair_both;
    p.requests[1]   = &pair_second;
    p.request_count = 2;
    pair_run(&p);
    assert_status(p.hw.status, YAO_OK);
    assert_int_equal(p.answers, 2);
    assert_int_equal(p.verdicts[0], YAO_VERDICT_ACCEPT);
    assert_int_equal(p.verdicts[1], YAO_VERDICT_ACCEPT);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(ways); i++)
        test_add("ways", ways[i].name, case_way, &ways[i]);
    return test_run("proximity/ways");
}
