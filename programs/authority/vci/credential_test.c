/* SPDX-License-Identifier: Apache-2.0 */
/* The credential endpoint, as a wallet meets it. */

#include "ci_world.h"

#include "sdjwt/sdjwt.h"

#include <pthread.h>

/* ---- what is given ------------------------------------------------------ */

static yao_vci_response response_of(const as_answer *a, yao_vci_format format,
                                    size_t asked)
{
    yao_vci_response got;

    assert_int_equal(a->reply.status, 200);
    assert_status(yao_vci_read_response(test_arena(), a->reply.body, format,
                                        asked, &got),
                  YAO_OK);
    return got;
}

static bool same_key(const yao_public_key *a, yao_openssl_key *b)
{
    const yao_public_key other = yao_openssl_key_public(b);

    return yao_public_key_equal(a, &other);
}

static void gives_sdjwt(void **state)
{
    (void)state;
    ci_open();
    ci_session           s = ci_login("resident_id_sdjwt");
    ci_ask               q = ci_new_ask(&s, 1);
    as_answer            a = ci_fetch(&s, &q);
    yao_vci_response     r = response_of(&a, YAO_VCI_SDJWT, 1);
    yao_sdjwt_unverified got;

    assert_int_equal(r.count, 1);
    assert_true(r.notification_id.len > 0);
    assert_status(yao_sdjwt_parse(test_arena(), r.credentials[0], &got),
                  YAO_OK);
    assert_true(yao_text_equal(got.issuer.type, YAO_TEXT("dc+sd-jwt")));
    assert_int_equal(got.issuer.chain_count, 1);
    yao_public_key bound;
    assert_status(
        yao_jwk_read(yao_json_get(yao_json_get(got.issuer.payload, "cnf"),
                                  "jwk"),
                     test_arena(), &bound),
        YAO_OK);
    assert_true(same_key(&bound, q.keys[0]));
    ci_forget(&q);
    as_close();
}

/* Each copy for its own key, with its own index of one list, of one day. */
static void gives_batch(void **state)
{
    int64_t indexes[20];

    (void)state;
    ci_open();
    ci_session       s = ci_login("resident_id_sdjwt");
    ci_ask           q = ci_new_ask(&s, 20);
    as_answer        a = ci_fetch(&s, &q);
    yao_vci_response r = response_of(&a, YAO_VCI_SDJWT, 20);

    assert_int_equal(r.count, 20);
    for (size_t i = 0; i < r.count; i++) {
        yao_sdjwt_unverified got;
        yao_time             iat;
        assert_status(yao_sdjwt_parse(test_arena(), r.credentials[i], &got),
                      YAO_OK);
        const yao_json *p      = got.issuer.payload;
        const yao_json *status = yao_json_get(
            yao_json_get(p, "status"), "status_list");
        assert_status(yao_json_int(yao_json_get(status, "idx"), &indexes[i]),
                      YAO_OK);
        assert_status(yao_json_int(yao_json_get(p, "iat"), &iat), YAO_OK);
        assert_int_equal(iat % YAO_TIME_DAY, 0);
        for (size_t j = 0; j < i; j++)
            assert_true(indexes[i] != indexes[j]);
    }
    ci_forget(&q);
    as_close();
}

static void gives_mdoc(void **state)
{
    (void)state;
    ci_open();
    ci_session       s = ci_login("driving_licence_mdoc");
    ci_ask           q = ci_new_ask(&s, 2);
    as_answer        a = ci_fetch(&s, &q);
    yao_vci_response r = response_of(&a, YAO_VCI_MDOC, 2);

    assert_int_equal(r.count, 2);
    assert_true(r.credentials[0].len > 1000);
    assert_int_equal(r.credentials[0].ptr[0], 0xa2); /* IssuerSigned */
    ci_forget(&q);
    as_close();
}

static void gives_card(void **state)
{
    (void)state;
    ci_open();
    ci_session       s = ci_login("resident_id_card.age.age_over_18");
    ci_ask           q = ci_new_ask(&s, 2);
    as_answer        a = ci_fetch(&s, &q);
    yao_vci_response r = response_of(&a, YAO_VCI_CARD, 2);

    assert_int_equal(r.count, 2);
    assert_int_equal(r.credentials[0].ptr[0], 0xd2); /* COSE_Sign1, tag 18 */
    ci_forget(&q);
    as_close();
}

/* The connection broke: the same bytes, also with a new nonce; once. */
static void gives_again_as(const char *configuration)
{
    ci_session s     = ci_login(configuration);
    ci_ask     q     = ci_new_ask(&s, 2);
    as_answer  first = ci_fetch(&s, &q);
    assert_int_equal(first.reply.status, 200);
    uint64_t  before = store_get_counts(as_first.store).members;
    as_answer second = ci_fetch(&s, &q);
    assert_bytes(second.reply.body, first.reply.body);

    yao_text nonce = ci_nonce();
    for (size_t i = 0; i < q.count; i++) {
        yao_vci_proof_wish wish = ci_wish(q.keys[i], nonce);
        q.request.proofs[i]     = ci_prove(q.keys[i], &wish);
    }
    as_answer third = ci_fetch(&s, &q);
    assert_bytes(third.reply.body, first.reply.body);
    uint64_t after = store_get_counts(as_first.store).members;
    assert_int_equal(after - before, 2); /* proofs of the token, no more */
    ci_forget(&q);
}

static void gives_again(void **state)
{
    static const char *const all[] = {"resident_id_sdjwt",
                                      "driving_licence_mdoc",
                                      "resident_id_card.age.age_over_18"};

    (void)state;
    ci_open();
    for (size_t i = 0; i < COUNT(all); i++)
        gives_again_as(all[i]);
    as_close();
}

static yao_key **open_signer(void)
{
    server_signing *signing = as_server.workers[0].signing;

    for (size_t i = 0; i <= YAO_SIGNING_OTHER; i++)
        if (signing[i].signer.open)
            return &signing[i].signer.ca.key;
    return NULL;
}

/* Nothing but what was signed then is given: another signer is the shortest
 * way to something else. The nonce says to begin anew. */
static void refuses_again_otherwise(void **state)
{
    yao_key *other;

    (void)state;
    ci_open();
    ci_session s     = ci_login("pass_sdjwt");
    ci_ask     q     = ci_new_ask(&s, 1);
    as_answer  first = ci_fetch(&s, &q);
    assert_int_equal(first.reply.status, 200);
    yao_key **signer = open_signer();
    assert_non_null(signer);
    yao_key *good = *signer;
    assert_status(yao_key_generate(YAO_ES256, &other), YAO_OK);
    *signer = other;
    as_expect(ci_fetch(&s, &q), 400, "invalid_nonce");
    *signer          = good;
    as_answer second = ci_fetch(&s, &q);
    assert_bytes(second.reply.body, first.reply.body);
    yao_key_close(other);
    ci_forget(&q);
    as_close();
}

#define OTHER_NUMBER "120119199202299025"

/* Whose document is suspended since has no right to its bytes either. */
static void refuses_again_suspended(void **state)
{
    (void)state;
    ci_open();
    ci_session s = ci_offered(OTHER_NUMBER, "resident_id_sdjwt", (vci_note){0});
    ci_ask     q = ci_new_ask(&s, 1);
    assert_int_equal(ci_fetch(&s, &q).reply.status, 200);
    assert_int_equal(ci_fetch(&s, &q).reply.status, 200);
    as_close();
    assert_int_equal(
        test_type("document suspend -C @/as --document resident_id "
                  "--reason lost --person " OTHER_NUMBER)
            ->code,
        0);
    ci_open();
    as_expect(ci_fetch(&s, &q), 400, "credential_request_denied");
    ci_forget(&q);
    as_close();
}

/* ---- what is refused ---------------------------------------------------- */

/* A request that is broken by TURN is refused with ERROR, and uses nothing up:
 * the good one is answered then (N172). */
typedef struct broken {
    const char *name;
    void (*turn)(const ci_session *s, ci_ask *q);
    int         status;
    const char *error;
} broken;

static void again(ci_ask *q, void (*change)(yao_vci_proof_wish *wish))
{
    yao_vci_proof_wish wish = ci_wish(q->keys[0], q->nonce);

    change(&wish);
    q->request.proofs[0] = ci_prove(q->keys[0], &wish);
}

#define WISH(name, statement)                                                  \
    static void name##_(yao_vci_proof_wish *wish)                              \
    {                                                                          \
        statement;                                                             \
    }                                                                          \
    static void name(const ci_session *s, ci_ask *q)                           \
    {                                                                          \
        (void)s;                                                               \
        again(q, name##_);                                                     \
    }

WISH(no_nonce, wish->nonce = YAO_TEXT(""))
WISH(random_nonce,
     wish->nonce =
         YAO_TEXT("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))
WISH(short_nonce, wish->nonce = YAO_TEXT("n"))
WISH(other_audience, wish->audience = YAO_TEXT("https://other.example"))
WISH(other_client, wish->client_id = YAO_TEXT("suite-wallet-2"))
WISH(old_proof, wish->now -= 601)
WISH(early_proof, wish->now += 601)

static void bad_signature(const ci_session *s, ci_ask *q)
{
    yao_text  proof = q->request.proofs[0];
    uint8_t  *copy  = yao_arena_take(test_arena(), proof.len);

    (void)s;
    memcpy(copy, proof.ptr, proof.len);
    copy[proof.len - 10] = copy[proof.len - 10] == 'A' ? 'B' : 'A';
    q->request.proofs[0] = (yao_text){copy, proof.len};
}

static void no_proofs(const ci_session *s, ci_ask *q)
{
    (void)s;
    q->request.type = YAO_VCI_NO_PROOF;
}

static void same_key_twice(const ci_session *s, ci_ask *q)
{
    (void)s;
    q->request.proof_count = 2;
    q->request.proofs[1]   = q->request.proofs[0];
}

static void unknown_configuration(const ci_session *s, ci_ask *q)
{
    (void)s;
    q->request.identifier    = YAO_TEXT("");
    q->request.configuration = YAO_TEXT("nothing_mdoc");
}

static void unknown_identifier(const ci_session *s, ci_ask *q)
{
    (void)s;
    q->request.configuration = YAO_TEXT("");
    q->request.identifier    = YAO_TEXT("driving_licence_mdoc");
}

static void other_configuration(const ci_session *s, ci_ask *q)
{
    (void)s;
    q->request.identifier    = YAO_TEXT("");
    q->request.configuration = YAO_TEXT("driving_licence_mdoc");
}

static void plain_encryption(const ci_session *s, ci_ask *q)
{
    (void)s;
    q->request.encryption.enc = YAO_A256GCM;
    q->request.encryption.key = yao_openssl_key_public(q->keys[0]);
}

static const broken breaks[] = {
    {"refuses N170: a proof without nonce", no_nonce, 400, "invalid_proof"},
    {"refuses N169: a nonce that is none of ours", random_nonce, 400,
     "invalid_nonce"},
    {"refuses N169: a nonce of one letter", short_nonce, 400,
     "invalid_nonce"},
    {"refuses N176: a proof for another issuer", other_audience, 400,
     "invalid_proof"},
    {"refuses N176: a proof of another client", other_client, 400,
     "invalid_proof"},
    {"refuses N176: a proof of ten minutes ago", old_proof, 400,
     "invalid_proof"},
    {"refuses N176: a proof of ten minutes ahead", early_proof, 400,
     "invalid_proof"},
    {"refuses N175: another signature, after which N172: the nonce is good",
     bad_signature, 400,
     "invalid_proof"},
    {"refuses N173: no proofs", no_proofs, 400, "invalid_proof"},
    {"refuses N179: one key twice", same_key_twice, 400, "invalid_proof"},
    {"refuses N180: a configuration that is none", unknown_configuration, 400,
     "unknown_credential_configuration"},
    {"refuses N180: a configuration that was not granted",
     other_configuration, 403, "insufficient_scope"},
    {"refuses N181: an identifier of somebody else", unknown_identifier, 400,
     "unknown_credential_identifier"},
    {"refuses N183: encryption asked for where anybody could", plain_encryption,
     400, "invalid_encryption_parameters"},
};

static void refused(void **state)
{
    const broken *b = *state;

    ci_open();
    ci_session s    = ci_login("resident_id_sdjwt");
    ci_ask     q    = ci_new_ask(&s, 1);
    ci_ask     good = q;
    b->turn(&s, &q);
    as_expect(ci_fetch(&s, &q), b->status, b->error);
    as_answer a = ci_fetch(&s, &good);
    assert_int_equal(a.reply.status, 200);
    ci_forget(&good);
    as_close();
}

/* N171: by another token, and by the same for other keys. */
static void refuses_nonce_twice(void **state)
{
    (void)state;
    ci_open();
    ci_session s = ci_login("resident_id_sdjwt");
    ci_ask     q = ci_new_ask(&s, 1);
    ci_ask     p = ci_new_ask(&s, 1);
    as_answer  a = ci_fetch(&s, &q);
    assert_int_equal(a.reply.status, 200);
    yao_vci_proof_wish wish = ci_wish(p.keys[0], q.nonce);
    p.request.proofs[0]     = ci_prove(p.keys[0], &wish);
    as_expect(ci_fetch(&s, &p), 400, "invalid_nonce");
    ci_session t = ci_login("resident_id_sdjwt");
    as_expect(ci_fetch(&t, &q), 400, "invalid_nonce");
    ci_forget(&q);
    ci_forget(&p);
    as_close();
}

static void refuses_old_nonce(void **state)
{
    (void)state;
    ci_open();
    ci_session s = ci_login("resident_id_sdjwt");
    ci_ask     q = ci_new_ask(&s, 1);
    as_now += 599; /* ten minutes, and the token lives as long */
    as_answer late = ci_fetch(&s, &q);
    as_expect(late, 400, "invalid_proof"); /* iat */
    yao_vci_proof_wish wish = ci_wish(q.keys[0], q.nonce);
    q.request.proofs[0]     = ci_prove(q.keys[0], &wish);
    as_answer a             = ci_fetch(&s, &q);
    assert_true(a.reply.status == 200 || a.reply.status == 400);
    ci_forget(&q);
    as_close();
}

/* N179: bound before, to whomever. */
static void refuses_bound_key(void **state)
{
    (void)state;
    ci_open();
    ci_session s = ci_login("resident_id_sdjwt");
    ci_session t = ci_login("driving_licence_mdoc");
    ci_ask     q = ci_new_ask(&s, 1);
    ci_ask     p = ci_new_ask(&t, 1);
    as_answer  a = ci_fetch(&s, &q);
    assert_int_equal(a.reply.status, 200);
    yao_vci_proof_wish wish = ci_wish(q.keys[0], p.nonce);
    ci_ask             bad  = p;
    bad.request.proofs[0]   = ci_prove(q.keys[0], &wish);
    as_expect(ci_fetch(&t, &bad), 400, "invalid_proof");
    as_answer b = ci_fetch(&t, &p);
    assert_int_equal(b.reply.status, 200);
    ci_forget(&q);
    ci_forget(&p);
    as_close();
}

/* N182 */
static void refuses_who_may_not(void **state)
{
    (void)state;
    ci_open();
    ci_session s = ci_login("health_card_mdoc");
    ci_ask     q = ci_new_ask(&s, 1);
    as_answer  a = ci_fetch(&s, &q);

    if (a.reply.status != 200) /* who has none */
        as_expect(a, 400, "credential_request_denied");
    ci_session t = ci_login("residence_permit_mdoc");
    ci_ask     p = ci_new_ask(&t, 1);
    as_expect(ci_fetch(&t, &p), 400, "credential_request_denied");
    ci_forget(&q);
    ci_forget(&p);
    as_close();
}

/* ---- N171: many at once ------------------------------------------------- */

typedef struct runner {
    const ci_session *s;
    as_request        request;
    as_answer         answer;
    yao_arena         arena;
} runner;

static void *run(void *ctx)
{
    runner *r = ctx;

    r->answer = ci_send(&r->request);
    return NULL;
}

enum { RUNNERS = 32 };

static void gives_one_of_many(void **state)
{
    static runner runners[RUNNERS];
    pthread_t     threads[RUNNERS];
    size_t        given = 0;
    yao_bytes     first = {NULL, 0};

    (void)state;
    ci_open();
    ci_session s = ci_login("resident_id_sdjwt");
    ci_ask     q = ci_new_ask(&s, 1);
    for (unsigned i = 0; i < RUNNERS; i++) {
        s.wallet.worker          = i + 1;
        runners[i].arena         = (yao_arena){malloc(8u << 20), 8u << 20, 0};
        runners[i].request       = ci_post(&s, "/credential",
                                           ci_body(&q, test_arena()));
        runners[i].request.arena = &runners[i].arena;
    }
    for (unsigned i = 0; i < RUNNERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run, &runners[i]),
                         0);
    for (unsigned i = 0; i < RUNNERS; i++)
        pthread_join(threads[i], NULL);
    for (unsigned i = 0; i < RUNNERS; i++) {
        as_answer *a = &runners[i].answer;
        if (a->reply.status != 200) {
            as_expect(*a, 400, "invalid_nonce");
            continue;
        }
        given++;
        if (first.ptr == NULL)
            first = a->reply.body;
        assert_bytes(a->reply.body, first);
    }
    assert_true(given >= 1);
    for (unsigned i = 0; i < RUNNERS; i++)
        free(runners[i].arena.base);
    ci_forget(&q);
    as_close();
}

/* ---- what fails outside ------------------------------------------------ */

/* The n-th call of the home fails, for every n: nothing is half issued, and
 * nothing is used up. */
static struct failing {
    yao_crypto        crypto;
    const yao_crypto *real;
    int               left; /* calls that succeed */
} failing;

static bool fails(void)
{
    return failing.left-- == 0;
}

static yao_status fail_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                            size_t count, uint8_t *out)
{
    (void)ctx;
    return fails() ? YAO_E_CRYPTO
                   : failing.real->hash(failing.real->ctx, alg, parts, count,
                                        out);
}

static yao_status fail_hmac(void *ctx, yao_hash_alg alg, yao_bytes key,
                            const yao_bytes *parts, size_t count, uint8_t *out)
{
    (void)ctx;
    return fails() ? YAO_E_CRYPTO
                   : failing.real->hmac(failing.real->ctx, alg, key, parts,
                                        count, out);
}

static yao_status fail_hkdf(void *ctx, yao_hash_alg alg, yao_bytes secret,
                            yao_bytes salt, yao_bytes info, uint8_t *out,
                            size_t len)
{
    (void)ctx;
    return fails() ? YAO_E_CRYPTO
                   : failing.real->hkdf(failing.real->ctx, alg, secret, salt,
                                        info, out, len);
}

static yao_status fail_verify(void *ctx, yao_signature_check *checks,
                              size_t count)
{
    (void)ctx;
    return fails() ? YAO_E_CRYPTO
                   : failing.real->verify(failing.real->ctx, checks, count);
}

static uint64_t ledger(void)
{
    uint8_t         holder[STORE_HASH_LEN];
    store_document *documents;
    size_t          count;

    assert_status(seal_hash(as_first.crypto, &as_first.keys,
                            SEAL_LEDGER_HOLDER, YAO_LIT(CI_NUMBER), holder),
                  YAO_OK);
    assert_status(store_list_documents(as_first.store,
                                       (yao_bytes){holder, sizeof holder},
                                       test_arena(), &documents, &count),
                  YAO_OK);
    return count;
}

/* Invariants I1, I2, I6 of what an answer and the ledger say. */
static void gives_all_or_nothing(void **state)
{
    authority *a;
    int        n = 0;

    (void)state;
    ci_open();
    ci_session s = ci_login("pass_sdjwt");
    as_request nobody = {.method = "POST", .path = "/nonce"};
    (void)ci_send(&nobody); /* the worker is there */
    ci_ask   q      = ci_new_ask(&s, 2);
    uint64_t before = ledger();
    a               = &as_server.workers[0].authority;
    failing.real    = a->crypto;
    failing.crypto  = (yao_crypto){NULL, fail_hash, fail_hmac, fail_hkdf,
                                   fail_verify};
    for (;; n++) {
        size_t     mark = test_arena()->used;
        as_request r = ci_post(&s, "/credential", ci_body(&q, test_arena()));
        a->crypto    = &failing.crypto;
        failing.left = n;
        as_answer got = ci_send(&r);
        a->crypto     = failing.real;
        if (got.reply.status == 200)
            break;
        assert_true(got.reply.status >= 500);
        assert_int_equal(ledger(), before);
        test_arena()->used = mark;
        assert_true(n < 1000);
    }
    assert_true(n > 10);
    assert_int_equal(ledger(), before + 1);
    ci_forget(&q);
    as_close();
}

/* ---- the signer --------------------------------------------------------- */

/* It was good when the worker opened it; servers run for months, and clocks
 * jump. */
static void refuses_signer_over(void **state)
{
    (void)state;
    ci_open();
    ci_session s = ci_login("pass_sdjwt");
    ci_ask     q = ci_new_ask(&s, 1), p = ci_new_ask(&s, 1);
    assert_int_equal(ci_fetch(&s, &q).reply.status, 200);
    uint64_t         before  = ledger();
    server_signing  *signing = as_server.workers[0].signing;
    yao_certificate *open = NULL;
    for (size_t i = 0; i <= YAO_SIGNING_OTHER; i++)
        if (signing[i].signer.open)
            open = &signing[i].signer.ca.certificate;
    assert_non_null(open);
    yao_certificate good = *open;
    open->not_after      = yao_now() - 1;
    assert_int_equal(ci_fetch(&s, &p).reply.status, 503);
    *open            = good;
    open->not_before = yao_now() + 60;
    assert_int_equal(ci_fetch(&s, &p).reply.status, 503);
    assert_int_equal(ledger(), before);
    *open = good;
    assert_int_equal(ci_fetch(&s, &p).reply.status, 200);
    ci_forget(&q);
    ci_forget(&p);
    as_close();
}

/* ---- a door ------------------------------------------------------------- */

static void refuses_strangers(void **state)
{
    (void)state;
    ci_open();
    ci_session s = ci_login("resident_id_sdjwt");
    ci_ask     q = ci_new_ask(&s, 1);
    as_request r = ci_post(&s, "/credential", ci_body(&q, test_arena()));
    as_answer  a = ci_send(&r);
    assert_int_equal(a.reply.status, 200);
    /* the same proof of the token again */
    as_answer b = ci_send(&r);
    assert_int_equal(b.reply.status, 401);
    r.headers[0].value = YAO_TEXT("DPoP nothing");
    as_answer c        = ci_send(&r);
    assert_int_equal(c.reply.status, 401);
    ci_forget(&q);
    as_close();
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"gives an SD-JWT VC that is bound to the proof's key", gives_sdjwt},
    {"gives twenty copies, each its own index, of one day", gives_batch},
    {"gives an mdoc", gives_mdoc},
    {"gives cards", gives_card},
    {"gives N186: the same bytes again, and no second document", gives_again},
    {"refuses N186: again, when it would be something else by now",
     refuses_again_otherwise},
    {"refuses N186: again, when it was suspended since",
     refuses_again_suspended},
    {"refuses N171: a nonce that was used", refuses_nonce_twice},
    {"refuses N169: a nonce that is over", refuses_old_nonce},
    {"refuses N179: a key that another document is bound to",
     refuses_bound_key},
    {"refuses N182: who has no right to it", refuses_who_may_not},
    {"gives N171: one document to 32 who bring one proof", gives_one_of_many},
    {"gives all or nothing, whichever call of the home fails",
     gives_all_or_nothing},
    {"refuses to sign when the signer's certificate is over, or ahead",
     refuses_signer_over},
    {"refuses a token without its proof, and a proof twice",
     refuses_strangers},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("credential", rows[i].name, rows[i].run, NULL);
    for (size_t i = 0; i < COUNT(breaks); i++)
        test_add("credential", breaks[i].name, refused, &breaks[i]);
    int code = test_run("vci/credential");
    test_scratch_remove();
    return code;
}
