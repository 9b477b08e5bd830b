/* SPDX-License-Identifier: Apache-2.0 */

/** Who may sign a list, the steps from its bytes to its entries, and that no
 *  flipped bit and no answer of the home leads around one. */

#include "list_token.h"

static list_judged judged;

/* ---- who signed, and who is trusted ---- */

static void by_document_signer(list_scene *s)
{
    *s = list_scene_of(YAO_X509_SIGNER);
}

static void by_reader(list_scene *s)
{
    *s = list_scene_of(YAO_X509_READER);
}

static void by_trust_signer(list_scene *s)
{
    *s = list_scene_of(YAO_X509_TRUST);
}

static void by_other_key(list_scene *s)
{
    s->key = LIST_OTHER;
}

static void by_root(list_scene *s)
{
    s->chain[0] = s->root;
    s->key      = LIST_ROOT;
}

static void no_anchor(list_scene *s)
{
    s->anchor_count = 0;
}

static void issuers_only(list_scene *s)
{
    s->anchors[0].role = YAO_ROLE_ISSUER;
}

static void readers_only(list_scene *s)
{
    s->anchors[0].role = YAO_ROLE_READER;
}

static void other_root(list_scene *s)
{
    s->anchors[0].certificate =
        forge_make(YAO_X509_ROOT, LIST_OTHER, (yao_bytes){0}, 0);
}

static void both_roles(list_scene *s)
{
    s->anchors[1]      = s->anchors[0];
    s->anchors[0].role = YAO_ROLE_ISSUER;
    s->anchor_count    = 2;
}

static void pinned_signer(list_scene *s)
{
    s->anchors[0].certificate = s->chain[0];
}

static void no_certificate(list_scene *s)
{
    s->chain[0] = YAO_LIT("SPECIMEN");
}

static void bare_key(list_scene *s)
{
    s->chain_count = 0;
    s->anchors[0]  = (yao_anchor){
         .key  = yao_openssl_key_public(forge_key(LIST_SIGNER)),
         .role = YAO_ROLE_STATUS};
}

static void second_key(list_scene *s)
{
    bare_key(s);
    s->anchors[1]     = s->anchors[0];
    s->anchors[0].key = yao_openssl_key_public(forge_key(LIST_OTHER));
    s->anchor_count   = 2;
}

static void wrong_key(list_scene *s)
{
    bare_key(s);
    s->key = LIST_OTHER;
}

static void issuers_key(list_scene *s)
{
    bare_key(s);
    s->anchors[0].role = YAO_ROLE_ISSUER;
}

static void key_of_other_curve(list_scene *s)
{
    bare_key(s);
    s->anchors[0].key = yao_openssl_key_public(forge_key(8));
}

static void no_key(list_scene *s)
{
    bare_key(s);
    s->anchors[0].key.curve = YAO_CURVE_NONE;
}

static void eight_keys(list_scene *s)
{
    bare_key(s);
    s->anchor_count = 8;
    for (size_t i = 1; i < 8; i++)
        s->anchors[i] = s->anchors[0];
    for (size_t i = 0; i < 7; i++)
        s->anchors[i].key = yao_openssl_key_public(forge_key(LIST_OTHER));
}

static void nine_keys(list_scene *s)
{
    eight_keys(s);
    s->anchors[8]   = s->anchors[0];
    s->anchor_count = 9;
}

static void chain_and_key(list_scene *s)
{
    second_key(s);
    s->chain_count = 1;
}

static void root_without_chain(list_scene *s)
{
    s->chain_count = 0;
}

static const struct signer_row {
    const char *name;
    void (*how)(list_scene *s);
    yao_check  check;
    yao_status why;
} signers[] = {
    {"accepts the document signer of the root", by_document_signer,
     YAO_CHECK_NONE, YAO_OK},
    {"N117: refuses a reader of the same root", by_reader,
     YAO_CHECK_CHAIN_PROFILE, YAO_E_PROFILE},
    {"N117: refuses a signer of trust lists", by_trust_signer,
     YAO_CHECK_CHAIN_PROFILE, YAO_E_PROFILE},
    {"N117: refuses the root itself", by_root, YAO_CHECK_ISSUER_CHAIN,
     YAO_E_UNTRUSTED},
    {"N117: refuses the signature of another", by_other_key,
     YAO_CHECK_ISSUER_SIGNATURE, YAO_E_BAD_SIGNATURE},
    {"N117: refuses a signer under another root of that name", other_root,
     YAO_CHECK_ISSUER_CHAIN, YAO_E_UNTRUSTED},
    {"refuses a certificate that is none", no_certificate,
     YAO_CHECK_ISSUER_CHAIN, YAO_E_MALFORMED},
    {"N118: refuses everybody without anchors", no_anchor,
     YAO_CHECK_ISSUER_ANCHORS, YAO_E_UNTRUSTED},
    {"N117: refuses a root that is trusted for documents only", issuers_only,
     YAO_CHECK_ISSUER_ANCHORS, YAO_E_UNTRUSTED},
    {"N117: refuses a root that is trusted for readers only", readers_only,
     YAO_CHECK_ISSUER_ANCHORS, YAO_E_UNTRUSTED},
    {"accepts a root that is trusted for both", both_roles, YAO_CHECK_NONE,
     YAO_OK},
    {"accepts a signer that was pinned", pinned_signer, YAO_CHECK_NONE,
     YAO_OK},
    {"accepts a bare key", bare_key, YAO_CHECK_NONE, YAO_OK},
    {"accepts the second of two bare keys", second_key, YAO_CHECK_NONE,
     YAO_OK},
    {"accepts the eighth of eight bare keys", eight_keys, YAO_CHECK_NONE,
     YAO_OK},
    {"refuses nine bare keys", nine_keys, YAO_CHECK_ISSUER_CHAIN,
     YAO_E_LIMIT},
    {"refuses the signature of another than the bare key", wrong_key,
     YAO_CHECK_ISSUER_SIGNATURE, YAO_E_BAD_SIGNATURE},
    {"N117: refuses a bare key of an issuer of documents", issuers_key,
     YAO_CHECK_ISSUER_ANCHORS, YAO_E_UNTRUSTED},
    {"refuses a bare key of another curve", key_of_other_curve,
     YAO_CHECK_ISSUER_CHAIN, YAO_E_UNTRUSTED},
    {"N118: refuses an anchor without key", no_key, YAO_CHECK_ISSUER_CHAIN,
     YAO_E_UNTRUSTED},
    {"refuses a chain where only bare keys are trusted", chain_and_key,
     YAO_CHECK_ISSUER_ANCHORS, YAO_E_UNTRUSTED},
    {"refuses a token without chain where only a root is trusted",
     root_without_chain, YAO_CHECK_ISSUER_CHAIN, YAO_E_UNTRUSTED},
};

/* A token without chain is not what we write. */
static yao_bytes any_token(const list_scene *s, yao_statuslist_form form)
{
    list_scene written = *s;
    yao_bytes  header, claims;

    if (form == YAO_STATUSLIST_JWT && s->chain_count != 0)
        return list_jwt(s, NULL, NULL, list_packed(YAO_LIT("\x39\0\0\0")));
    if (form == YAO_STATUSLIST_JWT)
        return list_jwt(s, "{\"alg\":\"ES256\",\"typ\":\"statuslist+jwt\"}",
                      NULL, list_packed(YAO_LIT("\x39\0\0\0")));
    if (s->chain_count != 0)
        return list_token(s, form);
    written.chain_count = 1;
    list_parts(list_token(&written, form), &header, &claims);
    return list_cwt(cbor_remove(header, "33"), claims, s->key);
}

static yao_bytes speaker(const list_scene *s)
{
    const yao_anchor *a = &s->anchors[s->anchor_count - 1];

    if (a->certificate.len != 0)
        return a->certificate;
    return (yao_bytes){a->key.point, a->key.len};
}

static void one_signer(void **state)
{
    const struct signer_row *row = *state;

    for (int form = YAO_STATUSLIST_JWT; form <= YAO_STATUSLIST_CWT; form++) {
        list_scene s = list_scene_of(YAO_X509_STATUS);

        row->how(&s);
        yao_statuslist_options o = list_options(&s);
        list_judge(any_token(&s, (yao_statuslist_form)form), &o, &judged);
        list_expect(&judged, row->check, row->why, true);
        if (row->check == YAO_CHECK_NONE)
            assert_bytes(judged.list.anchor, speaker(&s));
        assert_non_null(list_row(&judged, YAO_CHECK_ALGORITHM));
        assert_non_null(list_row(&judged, YAO_CHECK_ISSUER_SIGNATURE));
    }
}

/* ---- the index that was asked for ---- */

static const struct index_row {
    const char *name;
    uint64_t    index;
    yao_status  want;
    uint8_t     value;
} indexes[] = {
    {"gives value 1", 0, YAO_OK, 1},
    {"gives value 2", 1, YAO_OK, 2},
    {"gives value 3", 2, YAO_OK, 3},
    {"gives value 0", 3, YAO_OK, 0},
    {"gives the last value", 15, YAO_OK, 0},
    {"N122: refuses the first index behind the last", 16, YAO_E_VALUE, 0},
    {"N122: refuses index 2^31", UINT64_C(1) << 31, YAO_E_VALUE, 0},
    {"N122: refuses index 2^53 + 1", (UINT64_C(1) << 53) + 1, YAO_E_VALUE, 0},
    {"N122: refuses the greatest index", UINT64_MAX, YAO_E_VALUE, 0},
};

static void one_index(void **state)
{
    const struct index_row *row   = *state;
    list_scene              s     = list_scene_of(YAO_X509_STATUS);
    yao_statuslist_options  o     = list_options(&s);
    uint8_t                 value = 0;

    o.asks  = true;
    o.index = row->index;
    list_judge(list_token(&s, YAO_STATUSLIST_JWT), &o, &judged);
    if (row->want != YAO_OK) {
        list_expect(&judged, YAO_CHECK_LIST_INDEX, row->want, false);
        return;
    }
    list_expect(&judged, YAO_CHECK_NONE, YAO_OK, false);
    assert_int_equal(list_row(&judged, YAO_CHECK_LIST_INDEX)->outcome,
                     YAO_OUTCOME_PASS);
    assert_status(yao_status_get(&judged.list, row->index, &value), YAO_OK);
    assert_int_equal(value, row->value);
}

/* ---- rows: what is accepted has one of each check ---- */

static void every_row(void **state)
{
    static const yao_check checks[] = {
        YAO_CHECK_STRUCTURE,        YAO_CHECK_ISSUER_ANCHORS,
        YAO_CHECK_ISSUER_CHAIN,     YAO_CHECK_CHAIN_SIGNATURE,
        YAO_CHECK_CHAIN_VALIDITY,   YAO_CHECK_CHAIN_PROFILE,
        YAO_CHECK_ISSUER_SCOPE,     YAO_CHECK_ALGORITHM,
        YAO_CHECK_ISSUER_SIGNATURE, YAO_CHECK_TYPE_HEADER,
        YAO_CHECK_REQUIRED_CLAIMS,  YAO_CHECK_VALIDITY,
        YAO_CHECK_LIST_SUBJECT,     YAO_CHECK_LIST_CONTENT,
        YAO_CHECK_LIST_INDEX};
    void (*const hows[])(list_scene *s) = {both_roles, pinned_signer,
                                           bare_key};

    (void)state;
    for (size_t h = 0; h < COUNT(hows); h++) {
        list_scene s = list_scene_of(YAO_X509_STATUS);

        hows[h](&s);
        yao_statuslist_options o = list_options(&s);
        list_judge(any_token(&s, YAO_STATUSLIST_CWT), &o, &judged);
        list_expect(&judged, YAO_CHECK_NONE, YAO_OK, false);
        assert_int_equal(judged.report.count, COUNT(checks));
        for (size_t i = 0; i < COUNT(checks); i++)
            if (list_row(&judged, checks[i]) == NULL)
                fail_msg("no row of %s", yao_check_name(checks[i]));
    }
}

/* ---- strictness, other notes ---- */

static void strictly(void **state)
{
    list_scene             s = list_scene_of(YAO_X509_STATUS);
    yao_statuslist_options o = list_options(&s);
    forge                  f;

    (void)state;
    o.strict = true;
    list_judge(list_token(&s, YAO_STATUSLIST_CWT), &o, &judged);
    list_expect(&judged, YAO_CHECK_NONE, YAO_OK, false);

    forge_open(&f, s.chain[0]);
    forge_drop(&f, FORGE_CRL_POINTS);
    s.chain[0] = forge_close(&f, forge_key(LIST_ROOT));
    list_judge(list_token(&s, YAO_STATUSLIST_CWT), &o, &judged);
    list_expect(&judged, YAO_CHECK_CHAIN_PROFILE, YAO_E_PROFILE, false);
    o.strict = false;
    list_judge(list_token(&s, YAO_STATUSLIST_CWT), &o, &judged);
    list_expect(&judged, YAO_CHECK_NONE, YAO_OK, false);
}

/* ---- the steps, out of order or badly answered ---- */

static void clocks(void **state)
{
    static const yao_time bad[][2] = {
        {-1, 0}, {YAO_TIME_MAX + 1, 0}, {LIST_NOW, -1},
        {LIST_NOW, YAO_TIME_DAY + 1}, {YAO_TIME_NONE, 0}};
    list_scene                s = list_scene_of(YAO_X509_STATUS);
    yao_statuslist_unverified t;

    (void)state;
    assert_status(yao_statuslist_parse(test_arena(),
                                       list_token(&s, YAO_STATUSLIST_JWT),
                                       YAO_STATUSLIST_JWT, &t),
                  YAO_OK);
    for (size_t i = 0; i < COUNT(bad); i++) {
        yao_statuslist_options o = list_options(&s);

        o.now  = bad[i][0];
        o.skew = bad[i][1];
        judged.report.count = 0;
        assert_status(yao_statuslist_begin(test_arena(), &t, &o, &judged.v,
                                           &judged.report),
                      YAO_E_USAGE);
        assert_int_equal(judged.report.count, 0);
    }
}

/* Begins with a good token; the home has not answered yet. */
static void begun(const list_scene *s, list_judged *j)
{
    yao_statuslist_options o = list_options(s);

    memset(j, 0, sizeof *j);
    assert_status(yao_statuslist_parse(test_arena(),
                                       list_token(s, YAO_STATUSLIST_JWT),
                                       YAO_STATUSLIST_JWT, &j->input),
                  YAO_OK);
    assert_status(yao_statuslist_begin(test_arena(), &j->input, &o, &j->v,
                                       &j->report),
                  YAO_OK);
}

/* Whatever the home says to one of the two signatures. */
static void answers(void **state)
{
    static const struct {
        yao_sig_outcome chain, signer;
        yao_status      want;
    } said[] = {
        {YAO_SIG_GOOD, YAO_SIG_GOOD, YAO_OK},
        {YAO_SIG_BAD, YAO_SIG_GOOD, YAO_E_BAD_SIGNATURE},
        {YAO_SIG_GOOD, YAO_SIG_BAD, YAO_E_BAD_SIGNATURE},
        {YAO_SIG_UNSUPPORTED, YAO_SIG_GOOD, YAO_E_UNSUPPORTED},
        {YAO_SIG_GOOD, YAO_SIG_UNSUPPORTED, YAO_E_UNSUPPORTED},
        {YAO_SIG_UNCHECKED, YAO_SIG_GOOD, YAO_E_CRYPTO},
        {YAO_SIG_GOOD, YAO_SIG_UNCHECKED, YAO_E_CRYPTO},
        {YAO_SIG_UNCHECKED, YAO_SIG_BAD, YAO_E_BAD_SIGNATURE},
    };
    list_scene s = list_scene_of(YAO_X509_STATUS);

    (void)state;
    for (size_t i = 0; i < COUNT(said); i++) {
        begun(&s, &judged);
        assert_int_equal(judged.v.check_count, 2);
        judged.v.checks[0].outcome = said[i].chain;
        judged.v.checks[1].outcome = said[i].signer;
        judged.wish.max            = 77;
        assert_status(yao_statuslist_unpack(&judged.v, &judged.wish,
                                            &judged.report),
                      said[i].want);
        assert_int_equal(judged.wish.max, said[i].want == YAO_OK
                                              ? YAO_MAX_STATUS_LIST
                                              : 77);
    }
}

/* Of a longer chain the worst answer counts, wherever it stands. */
static void answers_of_chain(void **state)
{
    static const struct {
        yao_sig_outcome first, second;
        yao_status      want;
    } said[] = {
        {YAO_SIG_GOOD, YAO_SIG_GOOD, YAO_OK},
        {YAO_SIG_BAD, YAO_SIG_GOOD, YAO_E_BAD_SIGNATURE},
        {YAO_SIG_GOOD, YAO_SIG_BAD, YAO_E_BAD_SIGNATURE},
        {YAO_SIG_BAD, YAO_SIG_UNSUPPORTED, YAO_E_BAD_SIGNATURE},
        {YAO_SIG_UNSUPPORTED, YAO_SIG_BAD, YAO_E_BAD_SIGNATURE},
        {YAO_SIG_UNSUPPORTED, YAO_SIG_GOOD, YAO_E_UNSUPPORTED},
        {YAO_SIG_UNCHECKED, YAO_SIG_UNSUPPORTED, YAO_E_CRYPTO},
    };
    list_scene s = list_scene_of(YAO_X509_STATUS);

    (void)state;
    for (size_t i = 0; i < COUNT(said); i++) {
        begun(&s, &judged);
        judged.v.checks[2]         = judged.v.checks[1];
        judged.v.checks[1]         = judged.v.checks[0];
        judged.v.check_count       = 3;
        judged.v.chain_checks      = 2;
        judged.v.checks[0].outcome = said[i].first;
        judged.v.checks[1].outcome = said[i].second;
        judged.v.checks[2].outcome = YAO_SIG_GOOD;
        assert_status(yao_statuslist_unpack(&judged.v, &judged.wish,
                                            &judged.report),
                      said[i].want);
    }
}

/* Bare keys: one good is enough, and one that could not be tried may have been
 * the one. */
static void answers_of_keys(void **state)
{
    static const struct {
        yao_sig_outcome first, second;
        yao_status      want;
        size_t          who;
    } said[] = {
        {YAO_SIG_GOOD, YAO_SIG_BAD, YAO_OK, 0},
        {YAO_SIG_GOOD, YAO_SIG_GOOD, YAO_OK, 0},
        {YAO_SIG_BAD, YAO_SIG_GOOD, YAO_OK, 1},
        {YAO_SIG_BAD, YAO_SIG_BAD, YAO_E_BAD_SIGNATURE, 0},
        {YAO_SIG_UNSUPPORTED, YAO_SIG_BAD, YAO_E_UNSUPPORTED, 0},
        {YAO_SIG_BAD, YAO_SIG_UNCHECKED, YAO_E_CRYPTO, 0},
        {YAO_SIG_UNCHECKED, YAO_SIG_GOOD, YAO_OK, 1},
    };
    list_scene s = list_scene_of(YAO_X509_STATUS);

    (void)state;
    second_key(&s);
    yao_statuslist_options o     = list_options(&s);
    yao_bytes              token = any_token(&s, YAO_STATUSLIST_JWT);
    for (size_t i = 0; i < COUNT(said); i++) {
        memset(&judged, 0, sizeof judged);
        assert_status(yao_statuslist_parse(test_arena(), token,
                                           YAO_STATUSLIST_JWT, &judged.input),
                      YAO_OK);
        assert_status(yao_statuslist_begin(test_arena(), &judged.input, &o,
                                           &judged.v, &judged.report),
                      YAO_OK);
        judged.v.checks[0].outcome = said[i].first;
        judged.v.checks[1].outcome = said[i].second;
        assert_status(yao_statuslist_unpack(&judged.v, &judged.wish,
                                            &judged.report),
                      said[i].want);
        if (said[i].want == YAO_OK)
            assert_ptr_equal(judged.v.keys[0], &s.anchors[said[i].who]);
    }
}

/* A signature of another length is none that a home could check. */
static void cut_signature(void **state)
{
    list_scene             s     = list_scene_of(YAO_X509_STATUS);
    yao_statuslist_options o     = list_options(&s);
    yao_bytes              token = list_token(&s, YAO_STATUSLIST_JWT);

    (void)state;
    token.len -= 2; /* the last of its 64 bytes */
    list_judge(token, &o, &judged);
    assert_status(judged.parsed, YAO_OK);
    list_expect(&judged, YAO_CHECK_ISSUER_SIGNATURE, YAO_E_MALFORMED, false);
    assert_int_equal(judged.v.check_count, judged.v.chain_checks);
}

static void rows_lost(void **state)
{
    list_scene s = list_scene_of(YAO_X509_STATUS);

    (void)state;
    begun(&s, &judged);
    judged.report.full         = true;
    judged.v.checks[0].outcome = YAO_SIG_GOOD;
    judged.v.checks[1].outcome = YAO_SIG_GOOD;
    assert_status(yao_statuslist_unpack(&judged.v, &judged.wish,
                                        &judged.report),
                  YAO_E_LIMIT);
}

/* Somebody else's rows in the same report change nothing. */
static void other_rows(void **state)
{
    list_scene             s = list_scene_of(YAO_X509_STATUS);
    yao_statuslist_options o = list_options(&s);

    (void)state;
    begun(&s, &judged);
    judged.report.count = 0;
    yao_report_add(&judged.report, 0, YAO_CHECK_DIGESTS, YAO_OUTCOME_FAIL,
                   YAO_E_BAD_DIGEST);
    assert_status(yao_statuslist_begin(test_arena(), &judged.input, &o,
                                       &judged.v, &judged.report),
                  YAO_OK);
    judged.v.checks[0].outcome = YAO_SIG_GOOD;
    judged.v.checks[1].outcome = YAO_SIG_GOOD;
    assert_status(yao_statuslist_unpack(&judged.v, &judged.wish,
                                        &judged.report),
                  YAO_OK);
}

/* What failed stays failed, although the caller brings an empty report. */
static void other_report(void **state)
{
    list_scene             s = list_scene_of(YAO_X509_STATUS);
    yao_statuslist_options o = list_options(&s);

    (void)state;
    begun(&s, &judged);
    for (size_t i = 0; i < 2; i++) {
        yao_report first = {.count = 0}, empty = {.count = 0};

        if (i == 0) /* over */
            o.now += 365 * YAO_TIME_DAY;
        else /* good, but behind a row of somebody else */
            yao_report_add(&first, 0, YAO_CHECK_DIGESTS, YAO_OUTCOME_PASS,
                           YAO_OK);
        assert_status(yao_statuslist_begin(test_arena(), &judged.input, &o,
                                           &judged.v, &first),
                      YAO_OK);
        judged.v.checks[0].outcome = YAO_SIG_GOOD;
        judged.v.checks[1].outcome = YAO_SIG_GOOD;
        assert_status(yao_statuslist_unpack(&judged.v, &judged.wish, &empty),
                      i == 0 ? YAO_E_EXPIRED : YAO_E_USAGE);
        o = list_options(&s);
    }
}

static void inflated(void **state)
{
    static const struct {
        yao_status said, want;
        int        row; /* outcome of LIST_CONTENT; below 0: none */
    } answers[] = {
        {YAO_E_MALFORMED, YAO_E_MALFORMED, YAO_OUTCOME_FAIL},
        {YAO_E_TRAILING, YAO_E_TRAILING, YAO_OUTCOME_FAIL},
        {YAO_E_LIMIT, YAO_E_LIMIT, YAO_OUTCOME_FAIL},
        {YAO_E_UNSUPPORTED, YAO_E_UNSUPPORTED, YAO_OUTCOME_UNKNOWN},
        {YAO_E_SPACE, YAO_E_SPACE, -1},
        {YAO_OK, YAO_OK, YAO_OUTCOME_PASS},
    };
    list_scene      s = list_scene_of(YAO_X509_STATUS);
    yao_status_list list;

    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        begun(&s, &judged);
        assert_status(yao_statuslist_conclude(&judged.v, YAO_OK, YAO_LIT("x"),
                                              &list, &judged.report),
                      YAO_E_USAGE); /* not unpacked yet */
        judged.v.checks[0].outcome = YAO_SIG_GOOD;
        judged.v.checks[1].outcome = YAO_SIG_GOOD;
        assert_status(yao_statuslist_unpack(&judged.v, &judged.wish,
                                            &judged.report),
                      YAO_OK);
        assert_status(yao_statuslist_conclude(&judged.v, answers[i].said,
                                              YAO_LIT("x"), &list,
                                              &judged.report),
                      answers[i].want);
        const yao_report_row *row = list_row(&judged, YAO_CHECK_LIST_CONTENT);
        assert_int_equal(row != NULL ? (int)row->outcome : -1, answers[i].row);
    }
}

/* A home that unpacks more than it was allowed to. */
static void too_much(void **state)
{
    list_scene      s = list_scene_of(YAO_X509_STATUS);
    yao_bytes       entries = {yao_arena_take(test_arena(),
                                              YAO_MAX_STATUS_LIST + 1),
                               YAO_MAX_STATUS_LIST + 1};
    yao_status_list list;

    (void)state;
    begun(&s, &judged);
    judged.v.checks[0].outcome = YAO_SIG_GOOD;
    judged.v.checks[1].outcome = YAO_SIG_GOOD;
    assert_status(yao_statuslist_unpack(&judged.v, &judged.wish,
                                        &judged.report),
                  YAO_OK);
    assert_status(yao_statuslist_conclude(&judged.v, YAO_OK, entries, &list,
                                          &judged.report),
                  YAO_E_LIMIT);
}

static void bombs(void **state)
{
    list_scene             s = list_scene_of(YAO_X509_STATUS);
    yao_statuslist_options o = list_options(&s);
    yao_bytes              zeros = {yao_arena_take(test_arena(),
                                                   YAO_MAX_STATUS_LIST + 1),
                                    YAO_MAX_STATUS_LIST + 1};

    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        yao_statuslist_request q = list_request(&s, YAO_STATUSLIST_CWT);

        q.compressed = list_packed(
            (yao_bytes){zeros.ptr, YAO_MAX_STATUS_LIST + over});
        assert_true(q.compressed.len < 6000);
        list_judge(list_made(&s, &q), &o, &judged);
        list_expect(&judged,
                    over == 0 ? YAO_CHECK_NONE : YAO_CHECK_LIST_CONTENT,
                    over == 0 ? YAO_OK : YAO_E_LIMIT, false);
    }
    assert_int_equal(judged.entries.len, 0);
}

/* ---- sweeps ---- */

typedef struct sweep {
    list_scene s;
    yao_bytes  good;
} sweep;

static yao_status whole_way(yao_bytes token, void *context)
{
    const sweep           *c = context;
    yao_statuslist_options o = list_options(&c->s);

    list_judge(token, &o, &judged);
    return judged.parsed != YAO_OK     ? judged.parsed
           : judged.unpacked != YAO_OK ? judged.unpacked
                                       : judged.concluded;
}

static void every_bit(void **state)
{
    static sweep c;

    (void)state;
    for (int form = YAO_STATUSLIST_JWT; form <= YAO_STATUSLIST_CWT; form++) {
        c.s    = list_scene_of(YAO_X509_STATUS);
        c.good = list_token(&c.s, (yao_statuslist_form)form);
        assert_status(whole_way(c.good, &c), YAO_OK);
        test_every_prefix(whole_way, c.good, &c);
        test_every_bit(whole_way, c.good, &c, NULL);
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(signers); i++)
        test_add("signer", signers[i].name, one_signer, &signers[i]);
    for (size_t i = 0; i < COUNT(indexes); i++)
        test_add("index", indexes[i].name, one_index, &indexes[i]);
    test_add("rows", "gives one of each check", every_row, NULL);
    test_add("rows", "refuses, strictly, what else gets a note", strictly,
             NULL);
    test_add("begin", "refuses clocks outside of time", clocks, NULL);
    test_add("unpack", "never unpacks before both signatures are good",
             answers, NULL);
    test_add("unpack", "refuses by the worst answer of a chain",
             answers_of_chain, NULL);
    test_add("unpack", "accepts one good signature of several keys",
             answers_of_keys, NULL);
    test_add("unpack", "refuses a signature of another length", cut_signature,
             NULL);
    test_add("unpack", "never unpacks when rows were lost", rows_lost, NULL);
    test_add("unpack", "accepts beside the rows of others", other_rows, NULL);
    test_add("unpack", "refuses whatever report it is handed", other_report,
             NULL);
    test_add("conclude", "gives what the home said of the stream", inflated,
             NULL);
    test_add("conclude", "refuses more than was allowed", too_much, NULL);
    test_add("conclude", "N125 refuses a bomb, accepts 4 MiB", bombs, NULL);
    test_add("sweep", "refuses every prefix and every flipped bit", every_bit,
             NULL);
    return test_run("statuslist/verify");
}
