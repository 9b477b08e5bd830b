/* SPDX-License-Identifier: Apache-2.0 */

/* How the two met is part of what they sign. */

#include "prox_pair.h"

static const yao_prox_meeting meetings[] = {
    {YAO_PROX_BY_QR, {NULL, 0}, {NULL, 0}, {NULL, 0}},
    {YAO_PROX_BY_NFC, YAO_INIT("select"), {NULL, 0}, {NULL, 0}},
    {YAO_PROX_BY_NFC, YAO_INIT("select"), YAO_INIT("request"), {NULL, 0}},
    {YAO_PROX_BY_NFC, YAO_INIT("selecu"), YAO_INIT("request"), {NULL, 0}},
    {YAO_PROX_BY_WEB, {NULL, 0}, {NULL, 0}, YAO_INIT("\xd8\x18\x41" "a")},
    {YAO_PROX_BY_WEB, {NULL, 0}, {NULL, 0}, YAO_INIT("\xd8\x18\x41" "b")},
};

static yao_bytes transcript_of(const yao_prox_meeting *m)
{
    yao_bytes out = {NULL, 0};

    assert_status(yao_prox_write_transcript(
                      test_arena(), forge_crypto(), m, YAO_LIT("\xa0"),
                      YAO_LIT("\xd8\x18\x41\xa0"), &out),
                  YAO_OK);
    return out;
}

static void all_differ(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(meetings); i++)
        for (size_t n = 0; n < i; n++)
            assert_false(yao_bytes_equal(transcript_of(&meetings[i]),
                                         transcript_of(&meetings[n])));
    assert_bytes(transcript_of(&meetings[0]),
                 test_unhex("83 d81841a0 d81841a0 f6"));
    assert_bytes(cbor_at(transcript_of(&meetings[1]), "2/1"),
                 YAO_LIT("\xf6"));
}

static void incomplete(void **state)
{
    static const yao_prox_meeting bad[] = {{.handover = YAO_PROX_BY_NFC},
                                           {.handover = YAO_PROX_BY_WEB}};
    yao_bytes out;
    yao_arena little = {NULL, 0, 0};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_status(yao_prox_write_transcript(
                          test_arena(), forge_crypto(), &bad[i],
                          YAO_LIT("\xa0"), YAO_LIT("\xa0"), &out),
                      YAO_E_USAGE);
    assert_status(yao_prox_write_transcript(&little, forge_crypto(),
                                            &meetings[0], YAO_LIT("\xa0"),
                                            YAO_LIT("\xa0"), &out),
                  YAO_E_SPACE);
}

static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    (void)ctx;
    (void)alg;
    (void)parts;
    (void)count;
    (void)out;
    return YAO_E_UNSUPPORTED;
}

static void without_hash(void **state)
{
    yao_crypto home = {.hash = no_hash};
    yao_bytes  out;

    (void)state;
    assert_status(yao_prox_write_transcript(test_arena(), &home, &meetings[4],
                                            YAO_LIT("\xa0"), YAO_LIT("\xa0"),
                                            &out),
                  YAO_E_UNSUPPORTED);
}

/* ---- through both machines ---------------------------------------------- */

static const yao_prox_meeting *nfc;

static void hand_over(prox_pair *p, const yao_holder_wish *w,
                      yao_holder_event *e)
{
    (void)p;
    if (w->kind != YAO_HOLDER_SHOW || nfc == NULL)
        return;
    e->select  = nfc->select;
    e->request = nfc->request;
}

/* The wallet met as HOLDER says, the reader as READER says. */
static void meet(prox_pair *p, size_t holder, size_t reader)
{
    pair_open(p);
    p->ho.meeting = meetings[holder];
    p->ro.meeting = meetings[reader];
    nfc           = NULL;
    if (meetings[holder].handover == YAO_PROX_BY_NFC)
        nfc = &meetings[holder]; /* known only when the code is shown */
    p->meddle        = hand_over;
    p->requests[0]   = &pair_first;
    p->request_count = 1;
    pair_run(p);
}

static void both_alike(void **state)
{
    (void)state;
    for (size_t holder = 0; holder < COUNT(meetings); holder++)
        for (size_t reader = 0; reader < COUNT(meetings); reader++) {
            size_t    used = test_arena()->used;
            bool      same = holder == reader;
            prox_pair p;

            meet(&p, holder, reader);
            assert_status(p.hw.status, same ? YAO_OK : YAO_E_SECRET);
            assert_int_equal(p.answers, same);
            assert_int_equal(p.consents, same);
            test_arena()->used = used;
        }
}

/* Another code than the one that is shown: nothing opens. */
static yao_bytes other_letters;

static void other_code(void **state)
{
    prox_pair p, q;

    (void)state;
    pair_open(&q);
    pair_start(&q);
    other_letters = q.letters;
    pair_close(&q);

    pair_open(&p);
    p.requests[0]   = &pair_first;
    p.request_count = 1;
    pair_start(&p);
    p.ro.letters = other_letters;
    p.ra         = pair_arena(PAIR_READER_ARENA);
    assert_status(yao_reader_open(&p.ra, &p.ro, &p.reader), YAO_OK);
    p.re = (yao_reader_event){.kind = YAO_READER_START, .now = PAIR_NOW};
    yao_reader_step(p.reader, &p.re, &p.rw);
    pair_go_on(&p);
    pair_close(&p);
    assert_status(p.hw.status, YAO_E_SECRET);
    assert_int_equal(p.consents, 0);
}

int main(void)
{
    test_add("meeting", "gives each its own transcript", all_differ, NULL);
    test_add("meeting", "refuses what is not complete", incomplete, NULL);
    test_add("meeting", "refuses a home without hashes", without_hash, NULL);
    test_add("meeting", "refuses who met in another way", both_alike, NULL);
    test_add("meeting", "refuses who read another code", other_code, NULL);
    return test_run("proximity/meeting");
}
