/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/tlog.h"

#include "token.h"

#define DASH "\xe2\x80\x94 "

/* ---- what public logs published ----------------------------------------- */

#define SUMDB                                                                  \
    "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
#define REKOR                                                                  \
    "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtm"    \
    "PtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22"     \
    "Ni4Qt9DPfkWLc="

static const struct published {
    const char *name, *key, *text, *signature, *origin;
    uint64_t    size;
    const char *extra;
} published[] = {
    {"accepts a checkpoint of the Go checksum database (Ed25519)", SUMDB,
     "go.sum database tree\n31700353\n"
     "qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n",
     DASH "sum.golang.org Az3grnmrIUEDFqHzAElIQCPNoRFRAAdFo47fooyWKMHb89k11GJh"
          "5zHIfNCOBmwn/C3YI8oW9/C8DJ87F61QqspBYwM=\n",
     "go.sum database tree", 31700353, ""},
    {"accepts a checkpoint of Rekor (ECDSA)", REKOR,
     "rekor.sigstore.dev - 2605736670972794746\n93750551\n"
     "KgKiXoOl8rM5d4y6Xlbm2QLftvj/FYvTs6z7dJlNO60=\n",
     DASH "rekor.sigstore.dev wNI9ajBEAiBkLzdjY8A9HReU7rmtjwZ+JpSuYtEr9SmvSwUI"
          "W7FBjgIgKo+vhkW3tqc+gc8fw9gza3xLoncA8a+MTaJYCaLGA9c=\n",
     "rekor.sigstore.dev - 2605736670972794746", 93750551, ""},
    {"accepts one of Rekor that says more", REKOR,
     "rekor.sigstore.dev - 2605736670972794746\n21428036\n"
     "rxnoKyFZlJ7/R6bMh/d3lcqwKqAy5CL1LcNBJP17kgQ=\n"
     "Timestamp: 1688058656037355364\n",
     DASH "rekor.sigstore.dev wNI9ajBFAiEAuDk7uu5Ae8Own/MjhSZNuVzbLuYH2jBMxbSA"
          "0WaNDNACIDV4reKpYiOpkwtvazCClnpUuduF2o/th2xR3gRZAUU4\n",
     "rekor.sigstore.dev - 2605736670972794746", 21428036,
     "Timestamp: 1688058656037355364\n"},
};

static yao_bytes bytes_of(const char *string)
{
    return yao_text_bytes(yao_text_of(string));
}

/* Read, asked of the home, concluded, for one key. */
static yao_status judge(yao_bytes input, const yao_tlog_key *keys, size_t count,
                        yao_text origin, yao_tlog_checkpoint *ret)
{
    yao_tlog_note   note;
    yao_tlog_signed made;

    YAO_TRY(yao_tlog_note_read(test_arena(), input, &note));
    YAO_TRY(yao_tlog_note_begin(test_arena(), &note, keys, count, &made));
    YAO_TRY(test_crypto()->verify(test_crypto()->ctx, made.checks,
                                  made.check_count));
    return yao_tlog_checkpoint_conclude(&made, origin, ret);
}

typedef struct judged {
    const yao_tlog_key *key;
    yao_text            origin;
} judged;

static yao_status judge_swept(yao_bytes input, void *context)
{
    const judged       *j    = context;
    size_t              mark = test_arena()->used;
    yao_tlog_checkpoint c;
    yao_status          status = judge(input, j->key, 1, j->origin, &c);

    test_arena()->used = mark;
    return status;
}

static void case_published(void **state)
{
    const struct published *p = *state;
    yao_bytes               whole =
        test_join((yao_bytes[]){bytes_of(p->text), YAO_LIT("\n"),
                                bytes_of(p->signature), {0}});
    yao_tlog_key        key;
    yao_tlog_checkpoint c;
    yao_writer          w = yao_writer_in(test_arena());
    yao_bytes           again;

    assert_status(yao_tlog_key_read(test_crypto(), bytes_of(p->key), &key),
                  YAO_OK);
    yao_tlog_key_put(&w, &key);
    assert_status(yao_writer_keep(&w, test_arena(), &again), YAO_OK);
    assert_bytes(again, bytes_of(p->key));

    judged j = {&key, yao_text_of(p->origin)};
    assert_status(judge(whole, &key, 1, j.origin, &c), YAO_OK);
    assert_int_equal(c.head.size, p->size);
    assert_bytes(yao_text_bytes(c.origin), bytes_of(p->origin));
    assert_bytes(c.extra, bytes_of(p->extra));

    test_every_prefix(judge_swept, whole, &j);
    test_every_bit(judge_swept, whole, &j, NULL);
}

/* ---- notes of any shape ------------------------------------------------- */

#define SIG4 "AAAAAA=="         /* a key id and nothing behind it */
#define SIG5 "AAAAAAA="         /* one byte behind it */
#define LINE DASH "log " SIG5 "\n"

static const struct shape {
    const char *name;
    yao_bytes   input;
    yao_status  want;
} shapes[] = {
    {"accepts a text and a signature", YAO_INIT("text\n\n" LINE), YAO_OK},
    {"accepts empty lines in the text", YAO_INIT("a\n\n\nb\n\n" LINE), YAO_OK},
    {"accepts a text of one empty line", YAO_INIT("\n\n" LINE), YAO_OK},
    {"accepts a text that looks like a signature",
     YAO_INIT(LINE "\n" LINE), YAO_OK},
    {"accepts several signatures", YAO_INIT("text\n\n" LINE LINE LINE), YAO_OK},
    {"accepts a name of other letters",
     YAO_INIT("text\n\n" DASH "\xe6\x97\xa5\xe5\xbf\x97/log-1 " SIG5 "\n"),
     YAO_OK},

    {"refuses nothing", YAO_INIT(""), YAO_E_MALFORMED},
    {"refuses no signature", YAO_INIT("text\n"), YAO_E_MALFORMED},
    {"refuses no signature behind an empty line", YAO_INIT("text\n\n"),
     YAO_E_MALFORMED},
    {"refuses a signature without a text", YAO_INIT(LINE), YAO_E_MALFORMED},
    {"refuses no empty line", YAO_INIT("text\n" LINE), YAO_E_MALFORMED},
    {"refuses a last line without end",
     YAO_INIT("text\n\n" DASH "log " SIG5), YAO_E_MALFORMED},
    {"refuses an empty line behind the signatures",
     YAO_INIT("text\n\n" LINE "\n"), YAO_E_MALFORMED},
    {"refuses text behind the signatures", YAO_INIT("text\n\n" LINE "more\n"),
     YAO_E_MALFORMED},
    {"refuses a hyphen for the dash", YAO_INIT("text\n\n- log " SIG5 "\n"),
     YAO_E_MALFORMED},
    {"refuses a dash without space",
     YAO_INIT("text\n\n\xe2\x80\x94log " SIG5 "\n"), YAO_E_MALFORMED},
    {"refuses a line without signature", YAO_INIT("text\n\n" DASH "log\n"),
     YAO_E_MALFORMED},
    {"refuses an empty signature", YAO_INIT("text\n\n" DASH "log \n"),
     YAO_E_MALFORMED},
    {"refuses a key id alone", YAO_INIT("text\n\n" DASH "log " SIG4 "\n"),
     YAO_E_MALFORMED},
    {"refuses an empty name", YAO_INIT("text\n\n" DASH " " SIG5 "\n"),
     YAO_E_MALFORMED},
    {"refuses a name with a plus", YAO_INIT("text\n\n" DASH "a+b " SIG5 "\n"),
     YAO_E_MALFORMED},
    {"refuses a name with a space",
     YAO_INIT("text\n\n" DASH "a b " SIG5 "\n"), YAO_E_BASE64},
    {"refuses a name with a no-break space",
     YAO_INIT("text\n\n" DASH "a\xc2\xa0z " SIG5 "\n"), YAO_E_MALFORMED},
    {"refuses a name with a next line",
     YAO_INIT("text\n\n" DASH "a\xc2\x85z " SIG5 "\n"), YAO_E_MALFORMED},
    {"refuses a name with an ideographic space",
     YAO_INIT("text\n\n" DASH "a\xe3\x80\x80z " SIG5 "\n"), YAO_E_MALFORMED},
    {"refuses a name with a thin space",
     YAO_INIT("text\n\n" DASH "a\xe2\x80\x89z " SIG5 "\n"), YAO_E_MALFORMED},
    {"refuses a name with a line separator",
     YAO_INIT("text\n\n" DASH "a\xe2\x80\xa8 " SIG5 "\n"), YAO_E_MALFORMED},
    {"accepts a name with a letter next to them",
     YAO_INIT("text\n\n" DASH "a\xe2\x80\x8b\xe2\x80\xa7\xc2\xa1 " SIG5 "\n"),
     YAO_OK},
    {"refuses base64 without padding",
     YAO_INIT("text\n\n" DASH "log AAAAAAA\n"), YAO_E_BASE64},
    {"refuses stray bits", YAO_INIT("text\n\n" DASH "log AAAAAAB=\n"),
     YAO_E_BASE64},
    {"refuses base64url", YAO_INIT("text\n\n" DASH "log __--AAA=\n"),
     YAO_E_BASE64},
    {"refuses a space behind the signature",
     YAO_INIT("text\n\n" DASH "log " SIG5 " \n"), YAO_E_BASE64},
    {"refuses a carriage return", YAO_INIT("text\r\n\n" LINE),
     YAO_E_MALFORMED},
    {"refuses a tab", YAO_INIT("te\txt\n\n" LINE), YAO_E_MALFORMED},
    {"refuses NUL", YAO_INIT("te\0xt\n\n" LINE), YAO_E_MALFORMED},
    {"refuses what is not UTF-8", YAO_INIT("te\xffxt\n\n" LINE), YAO_E_UTF8},
    {"refuses half a letter at the end", YAO_INIT("text\n\n" LINE "\xe2\x80"),
     YAO_E_UTF8},
};

static void case_shape(void **state)
{
    const struct shape *s = *state;
    yao_tlog_note       note, before;

    memset(&note, 0xa5, sizeof note);
    before = note;
    assert_status(yao_tlog_note_read(test_arena(), s->input, &note), s->want);
    if (s->want != YAO_OK)
        assert_memory_equal(&note, &before, sizeof note);
}

static void limits(void **state)
{
    yao_tlog_note note;

    (void)state;
    for (size_t count = 16; count <= 17; count++) {
        yao_writer w = yao_writer_in(test_arena());
        yao_bytes  text;

        yao_put_text(&w, "text\n\n");
        for (size_t i = 0; i < count; i++)
            yao_put_text(&w, LINE);
        assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
        assert_status(yao_tlog_note_read(test_arena(), text, &note),
                      count == 16 ? YAO_OK : YAO_E_LIMIT);
    }
    uint8_t *big = yao_arena_take(test_arena(), YAO_MAX_MESSAGE + 1);
    memset(big, 'a', YAO_MAX_MESSAGE + 1);
    assert_status(yao_tlog_note_read(test_arena(),
                                     (yao_bytes){big, YAO_MAX_MESSAGE + 1},
                                     &note),
                  YAO_E_LIMIT);
    assert_status(yao_tlog_note_read(test_arena(),
                                     (yao_bytes){big, YAO_MAX_MESSAGE}, &note),
                  YAO_E_MALFORMED);
}

/* ---- who signed --------------------------------------------------------- */

enum { LOG, OTHER, ECDSA, KEYS };

static yao_openssl_key *secrets[KEYS];
static yao_tlog_key     keys[KEYS];

static void open_keys(void)
{
    static const yao_sig_alg algs[KEYS] = {YAO_ED25519, YAO_ED25519, YAO_ES256};

    for (size_t i = 0; i < KEYS; i++) {
        if (secrets[i] == NULL)
            assert_status(yao_openssl_key_generate(algs[i], &secrets[i]),
                          YAO_OK);
        yao_public_key public = yao_openssl_key_public(secrets[i]);
        assert_status(yao_tlog_key_make(test_crypto(), YAO_TEXT("log.example"),
                                        &public, &keys[i]),
                      YAO_OK);
        assert_int_equal(keys[i].alg, algs[i]);
    }
}

static yao_bytes sign_text(size_t key, yao_bytes text)
{
    yao_sign_wish wish = yao_sign_wish_of(keys[key].alg, text);

    return test_sign(secrets[key], wish);
}

/* TEXT, signed by each of WHO; ends at the first that is no key. */
static yao_bytes signed_by(yao_bytes text, const size_t *who)
{
    yao_bytes  signatures[4], whole;
    size_t     count = 0;
    yao_writer w;

    for (; who[count] < KEYS; count++)
        signatures[count] = sign_text(who[count], text);
    w = yao_writer_in(test_arena());
    yao_put_bytes(&w, text);
    yao_put_byte(&w, '\n');
    for (size_t i = 0; i < count; i++)
        yao_tlog_put_signature(&w, &keys[who[i]], signatures[i]);
    assert_status(yao_writer_keep(&w, test_arena(), &whole), YAO_OK);
    return whole;
}

#define ORIGIN YAO_TEXT("log.example/SPECIMEN")
#define ROOT64 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define TEXT   "log.example/SPECIMEN\n7\n" ROOT64 "\n"

static const struct signer {
    const char *name;
    size_t      by[4];    /* who signs */
    size_t      trust[2]; /* whose keys are asked for */
    yao_status  want;
} signers[] = {
    {"accepts the log's", {LOG, KEYS}, {LOG, KEYS}, YAO_OK},
    {"accepts ECDSA", {ECDSA, KEYS}, {ECDSA, KEYS}, YAO_OK},
    {"accepts both", {LOG, ECDSA, KEYS}, {LOG, ECDSA}, YAO_OK},
    {"accepts one of two that are asked for", {ECDSA, KEYS}, {LOG, ECDSA},
     YAO_OK},
    {"accepts it beside a stranger's", {OTHER, LOG, KEYS}, {LOG, KEYS}, YAO_OK},
    {"accepts it twice", {LOG, LOG, KEYS}, {LOG, KEYS}, YAO_OK},
    {"refuses a stranger's of the same name", {OTHER, KEYS}, {LOG, KEYS},
     YAO_E_UNTRUSTED},
    {"refuses any when no key is asked for", {LOG, KEYS}, {KEYS, KEYS},
     YAO_E_UNTRUSTED},
};

static void case_signer(void **state)
{
    const struct signer *s = *state;
    yao_tlog_key         trusted[2];
    size_t               count = 0;
    yao_tlog_checkpoint  c;

    open_keys();
    trusted[0] = trusted[1] = keys[LOG]; /* behind their end as well */
    for (size_t i = 0; i < 2 && s->trust[i] < KEYS; i++)
        trusted[count++] = keys[s->trust[i]];
    assert_status(judge(signed_by(YAO_LIT(TEXT), s->by), trusted, count, ORIGIN,
                        &c),
                  s->want);
}

/* A signature that claims to be a known key's must be one, also beside a good
 * one; the same name or the same id alone claims nothing. */
static void claimed(void **state)
{
    const size_t by[] = {OTHER, LOG, KEYS};
    yao_tlog_key mine[2], names[2];

    (void)state;
    open_keys();
    yao_tlog_checkpoint c;
    mine[0] = keys[LOG];
    mine[1] = keys[OTHER];
    memcpy(mine[1].key.point, keys[LOG].key.point, 32);
    assert_status(judge(signed_by(YAO_LIT(TEXT), by), mine, 2, ORIGIN, &c),
                  YAO_E_BAD_SIGNATURE);
    names[0]      = keys[LOG];
    names[1]      = mine[1];
    names[1].name = YAO_TEXT("log2.example");
    assert_status(judge(signed_by(YAO_LIT(TEXT), by), names, 2, ORIGIN, &c),
                  YAO_OK);
    /* of the right key, of another length */
    mine[0]     = keys[LOG];
    mine[0].alg = YAO_ES256;
    assert_status(judge(signed_by(YAO_LIT(TEXT), by), mine, 1, ORIGIN, &c),
                  YAO_E_BAD_SIGNATURE);
    /* and before a home is asked */
    yao_tlog_note   note;
    yao_tlog_signed made;
    assert_status(yao_tlog_note_read(test_arena(),
                                     signed_by(YAO_LIT(TEXT), by), &note),
                  YAO_OK);
    assert_status(yao_tlog_note_begin(test_arena(), &note, mine, 1, &made),
                  YAO_E_BAD_SIGNATURE);
    const size_t ecdsa[] = {ECDSA, KEYS};
    mine[0]              = keys[ECDSA];
    mine[0].alg          = YAO_ED25519;
    assert_status(judge(signed_by(YAO_LIT(TEXT), ecdsa), mine, 1, ORIGIN, &c),
                  YAO_E_BAD_SIGNATURE);
}

/* ---- what the home answered --------------------------------------------- */

#define G YAO_SIG_GOOD
#define B YAO_SIG_BAD
#define U YAO_SIG_UNSUPPORTED
#define N YAO_SIG_UNCHECKED

static const struct answer {
    const char     *name;
    size_t          count;
    yao_sig_outcome outcomes[2];
    yao_status      want;
} answers[] = {
    {"accepts good", 1, {G, N}, YAO_OK},
    {"accepts good and good", 2, {G, G}, YAO_OK},
    {"accepts good beside what this home lacks", 2, {U, G}, YAO_OK},
    {"refuses bad", 1, {B, N}, YAO_E_BAD_SIGNATURE},
    {"refuses bad behind good", 2, {G, B}, YAO_E_BAD_SIGNATURE},
    {"refuses bad behind what was not looked at", 2, {N, B},
     YAO_E_BAD_SIGNATURE},
    {"refuses what was not looked at", 1, {N, N}, YAO_E_CRYPTO},
    {"refuses good beside what was not looked at", 2, {G, N}, YAO_E_CRYPTO},
    {"refuses what this home lacks", 2, {U, U}, YAO_E_UNSUPPORTED},
    {"refuses no check at all", 0, {G, G}, YAO_E_UNTRUSTED},
    {"refuses an answer that is none", 1, {(yao_sig_outcome)9, N},
     YAO_E_CRYPTO},
};

static void case_answer(void **state)
{
    const struct answer *a         = *state;
    yao_signature_check  checks[2] = {{.outcome = a->outcomes[0]},
                                      {.outcome = a->outcomes[1]}};
    yao_tlog_signed      note = {YAO_LIT(TEXT), checks, a->count};
    yao_bytes            text = {0};
    yao_tlog_checkpoint  c;

    assert_status(yao_tlog_note_conclude(&note, &text), a->want);
    assert_int_equal(text.ptr != NULL, a->want == YAO_OK);
    assert_status(yao_tlog_checkpoint_conclude(&note, ORIGIN, &c), a->want);
}

/* ---- checkpoints -------------------------------------------------------- */

#define ROOT ROOT64 "\n"

static const struct text {
    const char *name, *text;
    yao_status  want;
} texts[] = {
    {"accepts the three lines", "log.example/SPECIMEN\n7\n" ROOT, YAO_OK},
    {"accepts an empty tree", "log.example/SPECIMEN\n0\n" ROOT, YAO_OK},
    {"accepts the largest tree",
     "log.example/SPECIMEN\n9223372036854775807\n" ROOT, YAO_OK},
    {"accepts further lines", "log.example/SPECIMEN\n7\n" ROOT "x\ny\n",
     YAO_OK},
    {"refuses another log's", "log.example/OTHER\n7\n" ROOT, YAO_E_MISMATCH},
    {"refuses a longer origin", "log.example/SPECIMEN2\n7\n" ROOT,
     YAO_E_MISMATCH},
    {"refuses an empty origin", "\n7\n" ROOT, YAO_E_MALFORMED},
    {"refuses nothing", "\n", YAO_E_MALFORMED},
    {"refuses an origin alone", "log.example/SPECIMEN\n", YAO_E_MALFORMED},
    {"refuses no root", "log.example/SPECIMEN\n7\n", YAO_E_MALFORMED},
    {"refuses no size", "log.example/SPECIMEN\n\n" ROOT, YAO_E_MALFORMED},
    {"refuses a zero in front", "log.example/SPECIMEN\n07\n" ROOT,
     YAO_E_MALFORMED},
    {"refuses two zeros", "log.example/SPECIMEN\n00\n" ROOT, YAO_E_MALFORMED},
    {"refuses a sign", "log.example/SPECIMEN\n+7\n" ROOT, YAO_E_MALFORMED},
    {"refuses a size below zero", "log.example/SPECIMEN\n-7\n" ROOT,
     YAO_E_MALFORMED},
    {"refuses a space", "log.example/SPECIMEN\n7 \n" ROOT, YAO_E_MALFORMED},
    {"refuses hex", "log.example/SPECIMEN\n7f\n" ROOT, YAO_E_MALFORMED},
    {"refuses one leaf more than the largest tree",
     "log.example/SPECIMEN\n9223372036854775808\n" ROOT, YAO_E_LIMIT},
    {"refuses a size that would wrap",
     "log.example/SPECIMEN\n18446744073709551623\n" ROOT, YAO_E_LIMIT},
    {"refuses a size of many letters",
     "log.example/SPECIMEN\n99999999999999999999999999999999\n" ROOT,
     YAO_E_LIMIT},
    {"refuses a root of 31 bytes",
     "log.example/SPECIMEN\n7\n"
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\n", YAO_E_MALFORMED},
    {"refuses a root of 33 bytes",
     "log.example/SPECIMEN\n7\n"
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", YAO_E_MALFORMED},
    {"refuses a root without padding",
     "log.example/SPECIMEN\n7\n"
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", YAO_E_MALFORMED},
    {"refuses stray bits in the root",
     "log.example/SPECIMEN\n7\n"
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n", YAO_E_BASE64},
    {"refuses an empty further line",
     "log.example/SPECIMEN\n7\n" ROOT "\nx\n", YAO_E_MALFORMED},
};

static void case_text(void **state)
{
    const struct text  *t    = *state;
    const size_t        by[] = {LOG, KEYS};
    yao_tlog_checkpoint c, before;

    open_keys();
    memset(&c, 0xa5, sizeof c);
    before = c;
    assert_status(judge(signed_by(bytes_of(t->text), by), &keys[LOG], 1, ORIGIN,
                        &c),
                  t->want);
    if (t->want != YAO_OK)
        assert_memory_equal(&c, &before, sizeof c);
}

typedef struct written {
    yao_text      origin;
    yao_tlog_head head;
} written;

static yao_status write_text(yao_writer *w, void *context)
{
    const written *x = context;

    yao_tlog_put_checkpoint(w, x->origin, &x->head);
    return w->status;
}

static void round_trip(void **state)
{
    static const uint64_t sizes[] = {0, 1, 20852163, YAO_TLOG_MAX_SIZE};
    const size_t          by[]    = {LOG, ECDSA, KEYS};

    (void)state;
    open_keys();
    for (size_t i = 0; i < COUNT(sizes); i++) {
        written             x = {ORIGIN, {sizes[i], {{1, 2, (uint8_t)i}}}};
        yao_writer          w = yao_writer_in(test_arena());
        yao_bytes           text;
        yao_tlog_checkpoint c;

        assert_status(write_text(&w, &x), YAO_OK);
        assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
        assert_status(judge(signed_by(text, by), keys, KEYS, ORIGIN, &c),
                      YAO_OK);
        assert_int_equal(c.head.size, sizes[i]);
        assert_memory_equal(&c.head.root, &x.head.root, 32);
        assert_int_equal(c.extra.len, 0);
        test_every_room(write_text, &x);
    }
}

static const struct unwritten {
    const char *name;
    yao_text    origin;
    uint64_t    size;
} unwritten[] = {
    {"refuses an empty origin", {NULL, 0}, 1},
    {"refuses an origin of two lines", YAO_INIT("a\nb"), 1},
    {"refuses a size above the limit", YAO_INIT("a"), YAO_TLOG_MAX_SIZE + 1},
};

static void case_unwritten(void **state)
{
    const struct unwritten *u = *state;
    written                 x = {u->origin, {.size = u->size}};
    yao_writer              w = yao_writer_count();

    assert_status(write_text(&w, &x), YAO_E_USAGE);
    assert_int_equal(w.len, 0);
}

/* ---- keys --------------------------------------------------------------- */

static const struct key_row {
    const char *name, *text;
    yao_status  want;
} key_rows[] = {
    {"accepts Ed25519", SUMDB, YAO_OK},
    {"accepts ECDSA", REKOR, YAO_OK},
    {"refuses nothing", "", YAO_E_MALFORMED},
    {"refuses no id", "log+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
     YAO_E_MALFORMED},
    {"refuses an id of three bytes",
     "sum.golang.org+033de0+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
     YAO_E_MALFORMED},
    {"refuses an id of other letters",
     "sum.golang.org+033de0ag+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
     YAO_E_BASE64},
    {"refuses another id",
     "sum.golang.org+033de0af+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
     YAO_E_MISMATCH},
    {"refuses the id under another name",
     "sum.golang.net+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
     YAO_E_MISMATCH},
    {"refuses an empty name",
     "+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8", YAO_E_VALUE},
    {"refuses a name with a space",
     "sum golang+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
     YAO_E_VALUE},
    {"refuses a name with a line end",
     "sum\ngolang+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
     YAO_E_VALUE},
    {"refuses a name that is not UTF-8",
     "sum\xff+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
     YAO_E_UTF8},
    {"refuses no key", "log+033de0ae+", YAO_E_MALFORMED},
    {"refuses a type alone", "log+033de0ae+AQ==", YAO_E_KEY},
    {"refuses a key of 31 bytes",
     "log+033de0ae+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", YAO_E_KEY},
    {"refuses a cosigner's type",
     "log+033de0ae+BM4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
     YAO_E_MALFORMED},
    {"refuses stray bits", "log+033de0ae+AR==", YAO_E_BASE64},
    {"refuses ECDSA with a bare point", "log+033de0ae+AgQAAAAAAAAAAAAA",
     YAO_E_MALFORMED},
    {"refuses ECDSA without its point",
     "log+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA", YAO_E_KEY},
    {"refuses a key that never ends",
     "log+033de0ae+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
     YAO_E_MALFORMED},
};

static void case_key(void **state)
{
    const struct key_row *k = *state;
    yao_tlog_key          key, before;

    memset(&key, 0xa5, sizeof key);
    before = key;
    assert_status(yao_tlog_key_read(test_crypto(), bytes_of(k->text), &key),
                  k->want);
    if (k->want != YAO_OK)
        assert_memory_equal(&key, &before, sizeof key);
}

static yao_status fail_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                            size_t count, uint8_t *out)
{
    (void)alg;
    (void)parts;
    (void)count;
    (void)out;
    return *(const yao_status *)ctx;
}

static void key_misuse(void **state)
{
    const yao_sig_alg p384  = YAO_ES384;
    yao_public_key    point = test_public(0), other;
    yao_tlog_key      key;
    yao_status        whats[] = {YAO_E_CRYPTO, YAO_E_UNSUPPORTED};

    (void)state;
    open_keys();
    other          = point;
    other.len      = 33;
    other.point[0] = 2;
    assert_status(yao_tlog_key_make(test_crypto(), ORIGIN, &other, &key),
                  YAO_E_KEY);
    other.len = 32;
    assert_status(yao_tlog_key_make(test_crypto(), ORIGIN, &other, &key),
                  YAO_E_KEY);
    other          = point;
    other.point[0] = 6;
    assert_status(yao_tlog_key_make(test_crypto(), ORIGIN, &other, &key),
                  YAO_E_KEY);
    other = yao_openssl_key_public(test_key(0, p384));
    assert_status(yao_tlog_key_make(test_crypto(), ORIGIN, &other, &key),
                  YAO_E_KEY);
    assert_status(yao_tlog_key_make(test_crypto(), YAO_TEXT("a b"), &point,
                                    &key),
                  YAO_E_VALUE);
    for (size_t i = 0; i < 2; i++) {
        yao_crypto home = {.ctx = &whats[i], .hash = fail_hash};

        assert_status(yao_tlog_key_make(&home, ORIGIN, &point, &key), whats[i]);
        assert_status(yao_tlog_key_make(&home, ORIGIN, &keys[LOG].key, &key),
                      whats[i]);
    }
}

/* ---- rooms -------------------------------------------------------------- */

static yao_status read_in(yao_arena *arena, void *context)
{
    const yao_bytes *whole = context;
    yao_tlog_note    note;
    yao_tlog_signed  made;

    YAO_TRY(yao_tlog_note_read(arena, *whole, &note));
    return yao_tlog_note_begin(arena, &note, keys, KEYS, &made);
}

static yao_status write_line(yao_writer *w, void *context)
{
    yao_tlog_put_signature(w, &keys[ECDSA], *(const yao_bytes *)context);
    return w->status;
}

static yao_status write_key(yao_writer *w, void *context)
{
    yao_tlog_key_put(w, context);
    return w->status;
}

static void rooms(void **state)
{
    const size_t by[] = {ECDSA, LOG, KEYS};

    (void)state;
    open_keys();
    yao_bytes whole     = signed_by(YAO_LIT(TEXT), by);
    yao_bytes signature = sign_text(ECDSA, YAO_LIT(TEXT));

    test_every_arena(read_in, &whole, 8192);
    test_every_room(write_line, &signature);
    test_every_room(write_key, &keys[ECDSA]);
    yao_writer w = yao_writer_count();
    signature.len--;
    assert_status(write_line(&w, &signature), YAO_E_USAGE);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(published); i++)
        test_add("published", published[i].name, case_published, &published[i]);
    for (size_t i = 0; i < COUNT(shapes); i++)
        test_add("note", shapes[i].name, case_shape, &shapes[i]);
    test_add("note", "refuses too many signatures, and too much", limits, NULL);
    for (size_t i = 0; i < COUNT(signers); i++)
        test_add("signer", signers[i].name, case_signer, &signers[i]);
    test_add("signer", "refuses what claims a known key and is not its",
             claimed, NULL);
    for (size_t i = 0; i < COUNT(answers); i++)
        test_add("answer", answers[i].name, case_answer, &answers[i]);
    for (size_t i = 0; i < COUNT(texts); i++)
        test_add("checkpoint", texts[i].name, case_text, &texts[i]);
    test_add("checkpoint", "gives what it wrote", round_trip, NULL);
    for (size_t i = 0; i < COUNT(unwritten); i++)
        test_add("write", unwritten[i].name, case_unwritten, &unwritten[i]);
    for (size_t i = 0; i < COUNT(key_rows); i++)
        test_add("key", key_rows[i].name, case_key, &key_rows[i]);
    test_add("key", "refuses other curves, names, and homes that fail",
             key_misuse, NULL);
    test_add("rooms", "refuses those that are too small", rooms, NULL);

    int failed = test_run("tlog/note");
    for (size_t i = 0; i < KEYS; i++)
        yao_openssl_key_close(secrets[i]);
    return failed;
}
