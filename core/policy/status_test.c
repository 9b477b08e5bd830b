/* SPDX-License-Identifier: Apache-2.0 */

/** What lists at hand say of a document: which of them may speak, how old one
 *  may be, and what each value means. */

#include "card_fixture.h"
#include "check.h"
#include "mdoc_fixture.h"
#include "policy/policy.h"
#include "sdtoken.h"
#include "statuslist/statuslist.h"

/* ---- one document, some lists, one row ---- */

#define URI     YAO_INIT("https://authority.example/status/1")
#define OTHER   YAO_INIT("https://authority.example/status/2")
#define ROOT    YAO_INIT("root")
#define FOREIGN YAO_INIT("another root")
#define LICENCE "org.iso.18013.5.1.mDL"
#define CARD    "org.iso.23220.photoid.1"
#define NOW     INT64_C(1795305600)
#define HOUR    INT64_C(3600)

enum { PASS = YAO_OUTCOME_PASS, FAIL = YAO_OUTCOME_FAIL,
       NOTE = YAO_OUTCOME_NOTE, UNKNOWN = YAO_OUTCOME_UNKNOWN };
enum { VALID = YAO_STATE_VALID, INVALID = YAO_STATE_INVALID,
       SUSPENDED = YAO_STATE_SUSPENDED, STRANGE = YAO_STATE_OTHER,
       NOBODY = YAO_STATE_UNKNOWN };

/* A list of two entries of eight bits; index 1 is asked for. */
typedef struct a_list {
    yao_text uri, anchor;
    yao_time age;     /* seconds before NOW that it was issued */
    yao_time expires; /* seconds after NOW; 0: not said */
    int64_t  ttl;
    uint8_t  value;
} a_list;

static const struct row {
    const char *name;
    const char *type;
    a_list      lists[3]; /* ends at one without uri */
    uint64_t    index;
    yao_time    max_age, skew;
    bool        tolerate;
    int         outcome;
    yao_status  why;
    int         state;
    yao_time    age;   /* of the list that was looked at; below 0: none */
    yao_time    until; /* seconds after NOW */
} rows[] = {
    /* which list */
    {"never accepts when no list is at hand", CARD, {{.age = 0}}, .index = 1,
     .outcome = UNKNOWN, .why = YAO_E_NOT_FOUND, .state = NOBODY, .age = -1},
    {"N119: never accepts by a list of another URI", CARD,
     {{OTHER, ROOT, HOUR, 0, 7200, 0}}, .index = 1, .outcome = UNKNOWN,
     .why = YAO_E_NOT_FOUND, .state = NOBODY, .age = -1},
    {"accepts by a list of its URI and root", CARD,
     {{URI, ROOT, HOUR, 0, 7200, 0}}, .index = 1, .outcome = PASS,
     .state = VALID, .age = HOUR, .until = HOUR},
    {"N117: never accepts by a list under another root", CARD,
     {{URI, FOREIGN, HOUR, 0, 7200, 0}}, .index = 1, .outcome = UNKNOWN,
     .why = YAO_E_NOT_AUTHORISED, .state = NOBODY, .age = -1},
    {"N117: never accepts by a list under no root", CARD,
     {{URI, YAO_INIT(""), HOUR, 0, 7200, 0}}, .index = 1, .outcome = UNKNOWN,
     .why = YAO_E_NOT_AUTHORISED, .state = NOBODY, .age = -1},
    {"never takes another root's revocation for its own", CARD,
     {{URI, FOREIGN, HOUR, 0, 7200, 1}}, .index = 1, .outcome = UNKNOWN,
     .why = YAO_E_NOT_AUTHORISED, .state = NOBODY, .age = -1},
    {"accepts by the right one of three", CARD,
     {{OTHER, ROOT, 1, 0, 7200, 1}, {URI, FOREIGN, 1, 0, 7200, 1},
      {URI, ROOT, HOUR, 0, 7200, 0}}, .index = 1, .outcome = PASS,
     .state = VALID, .age = HOUR, .until = HOUR},
    {"refuses by the newer list", CARD,
     {{URI, ROOT, HOUR, 0, 7200, 0}, {URI, ROOT, 60, 0, 7200, 1}}, .index = 1,
     .outcome = FAIL, .why = YAO_E_REVOKED, .state = INVALID, .age = 60,
     .until = 7140},
    {"refuses by the newer list when it comes first", CARD,
     {{URI, ROOT, 60, 0, 7200, 1}, {URI, ROOT, HOUR, 0, 7200, 0}}, .index = 1,
     .outcome = FAIL, .why = YAO_E_REVOKED, .state = INVALID, .age = 60,
     .until = 7140},
    {"accepts again by the newer list", CARD,
     {{URI, ROOT, HOUR, 0, 7200, 2}, {URI, ROOT, 60, 0, 7200, 0}}, .index = 1,
     .outcome = PASS, .state = VALID, .age = 60, .until = 7140},

    {"refuses by the one of two of a second that revokes", CARD,
     {{URI, ROOT, 60, 0, 7200, 0}, {URI, ROOT, 60, 0, 7200, 1},
      {URI, ROOT, 60, 0, 7200, 2}}, .index = 1, .outcome = FAIL,
     .why = YAO_E_REVOKED, .state = INVALID, .age = 60, .until = 7140},
    {"refuses by it when it comes first", CARD,
     {{URI, ROOT, 60, 0, 7200, 1}, {URI, ROOT, 60, 0, 7200, 0}}, .index = 1,
     .outcome = FAIL, .why = YAO_E_REVOKED, .state = INVALID, .age = 60,
     .until = 7140},
    {"refuses by the one that revokes before the one that suspends", CARD,
     {{URI, ROOT, 60, 0, 7200, 2}, {URI, ROOT, 60, 0, 7200, 1}}, .index = 1,
     .outcome = FAIL, .why = YAO_E_REVOKED, .state = INVALID, .age = 60,
     .until = 7140},
    {"refuses by the one of two of a second that suspends", CARD,
     {{URI, ROOT, 60, 0, 7200, 0}, {URI, ROOT, 60, 0, 7200, 2}}, .index = 1,
     .outcome = FAIL, .why = YAO_E_SUSPENDED, .state = SUSPENDED, .age = 60,
     .until = 7140},

    /* age */
    {"accepts a list at the end of its ttl", CARD,
     {{URI, ROOT, HOUR, 0, HOUR, 0}}, .index = 1, .outcome = PASS,
     .state = VALID, .age = HOUR, .until = 0},
    {"never accepts a list a second past its ttl", CARD,
     {{URI, ROOT, HOUR + 1, 0, HOUR, 0}}, .index = 1, .outcome = UNKNOWN,
     .why = YAO_E_EXPIRED, .state = NOBODY, .age = HOUR + 1, .until = -1},
    {"accepts it with a second of skew", CARD,
     {{URI, ROOT, HOUR + 1, 0, HOUR, 0}}, .index = 1, .skew = 1,
     .outcome = PASS, .state = VALID, .age = HOUR + 1, .until = -1},
    {"never takes an old list's revocation for today's", CARD,
     {{URI, ROOT, HOUR + 1, 0, HOUR, 1}}, .index = 1, .outcome = UNKNOWN,
     .why = YAO_E_EXPIRED, .state = NOBODY, .age = HOUR + 1, .until = -1},
    {"accepts a list in the last second before exp", CARD,
     {{URI, ROOT, HOUR, 1, 0, 0}}, .index = 1, .outcome = PASS, .state = VALID,
     .age = HOUR, .until = 0},
    {"N121: never accepts a list at its exp", CARD,
     {{URI, ROOT, HOUR, -1, 0, 0}}, .index = 1, .outcome = UNKNOWN,
     .why = YAO_E_EXPIRED, .state = NOBODY, .age = HOUR, .until = -2},
    {"never accepts a list past exp, whatever age is allowed", CARD,
     {{URI, ROOT, HOUR, -1, 0, 0}}, .index = 1, .max_age = 24 * HOUR,
     .outcome = UNKNOWN, .why = YAO_E_EXPIRED, .state = NOBODY, .age = HOUR,
     .until = -2},
    {"accepts a list of ten days whose exp says so", CARD,
     {{URI, ROOT, 240 * HOUR, HOUR, 0, 0}}, .index = 1, .outcome = PASS,
     .state = VALID, .age = 240 * HOUR, .until = HOUR - 1},
    {"accepts a list of a day that says nothing", CARD,
     {{URI, ROOT, 24 * HOUR, 0, 0, 0}}, .index = 1, .outcome = PASS,
     .state = VALID, .age = 24 * HOUR, .until = 0},
    {"never accepts an older one that says nothing", CARD,
     {{URI, ROOT, 24 * HOUR + 1, 0, 0, 0}}, .index = 1, .outcome = UNKNOWN,
     .why = YAO_E_EXPIRED, .state = NOBODY, .age = 24 * HOUR + 1,
     .until = -1},
    {"takes a ttl below nothing for none", CARD,
     {{URI, ROOT, HOUR, 0, -5, 0}}, .index = 1, .outcome = PASS,
     .state = VALID, .age = HOUR, .until = 23 * HOUR},
    {"accepts beyond the ttl when the caller allows it", CARD,
     {{URI, ROOT, 3 * HOUR, 0, HOUR, 0}}, .index = 1, .max_age = 3 * HOUR,
     .outcome = PASS, .state = VALID, .age = 3 * HOUR, .until = 0},
    {"never accepts what is older than the caller allows", CARD,
     {{URI, ROOT, 61, 0, HOUR, 0}}, .index = 1, .max_age = 60,
     .outcome = UNKNOWN, .why = YAO_E_EXPIRED, .state = NOBODY, .age = 61,
     .until = -1},
    {"accepts any age when the caller allows all there is", CARD,
     {{URI, ROOT, 9000 * HOUR, 0, HOUR, 0}}, .index = 1,
     .max_age = YAO_TIME_MAX, .outcome = PASS, .state = VALID,
     .age = 9000 * HOUR, .until = YAO_TIME_MAX - NOW},
    {"N121: never accepts a list of the future", CARD,
     {{URI, ROOT, -1, 0, HOUR, 0}}, .index = 1, .outcome = UNKNOWN,
     .why = YAO_E_NOT_YET_VALID, .state = NOBODY, .age = -1,
     .until = HOUR + 1},
    {"accepts it with a second of skew", CARD, {{URI, ROOT, -1, 0, HOUR, 0}},
     .index = 1, .skew = 1, .outcome = PASS, .state = VALID, .age = -1,
     .until = HOUR + 1},
    {"accepts by what stood at NOW rather than by the future", CARD,
     {{URI, ROOT, -HOUR, 0, 7200, 1}, {URI, ROOT, 60, 0, 7200, 0},
      {URI, ROOT, -HOUR, 0, 7200, 1}}, .index = 1, .outcome = PASS,
     .state = VALID, .age = 60, .until = 7140},
    {"never takes a list issued at no time", CARD,
     {{URI, ROOT, YAO_TIME_NONE, 0, HOUR, 0}}, .index = 1, .outcome = UNKNOWN,
     .why = YAO_E_NOT_FOUND, .state = NOBODY, .age = -1},
    {"never takes a list issued beyond all time", CARD,
     {{URI, ROOT, YAO_TIME_MAX, 0, HOUR, 0}}, .index = 1, .outcome = UNKNOWN,
     .why = YAO_E_NOT_FOUND, .state = NOBODY, .age = -1},

    /* the entry */
    {"N122: refuses the first index behind the list", CARD,
     {{URI, ROOT, HOUR, 0, 7200, 0}}, .index = 2, .outcome = FAIL,
     .why = YAO_E_VALUE, .state = NOBODY, .age = HOUR, .until = HOUR},
    {"N122: refuses index 2^53 + 1", CARD, {{URI, ROOT, HOUR, 0, 7200, 0}},
     .index = (UINT64_C(1) << 53) + 1, .outcome = FAIL, .why = YAO_E_VALUE,
     .state = NOBODY, .age = HOUR, .until = HOUR},
    {"N127: refuses value 1", CARD, {{URI, ROOT, HOUR, 0, 7200, 1}},
     .index = 1, .outcome = FAIL, .why = YAO_E_REVOKED, .state = INVALID,
     .age = HOUR, .until = HOUR},
    {"N127: refuses value 1 also when suspended would do", CARD,
     {{URI, ROOT, HOUR, 0, 7200, 1}}, .index = 1, .tolerate = true,
     .outcome = FAIL, .why = YAO_E_REVOKED, .state = INVALID, .age = HOUR,
     .until = HOUR},
    {"N127: refuses value 2", CARD, {{URI, ROOT, HOUR, 0, 7200, 2}},
     .index = 1, .outcome = FAIL, .why = YAO_E_SUSPENDED, .state = SUSPENDED,
     .age = HOUR, .until = HOUR},
    {"accepts value 2 with a note where the profile names it", CARD,
     {{URI, ROOT, HOUR, 0, 7200, 2}}, .index = 1, .tolerate = true,
     .outcome = NOTE, .state = SUSPENDED, .age = HOUR, .until = HOUR},
    {"N127: refuses value 3", CARD, {{URI, ROOT, HOUR, 0, 7200, 3}},
     .index = 1, .tolerate = true, .outcome = FAIL, .why = YAO_E_VALUE,
     .state = STRANGE, .age = HOUR, .until = HOUR},
    {"accepts a licence with value 0", LICENCE,
     {{URI, ROOT, HOUR, 0, 7200, 0}}, .index = 1, .outcome = PASS,
     .state = VALID, .age = HOUR, .until = HOUR},
    {"refuses a licence with value 1", LICENCE,
     {{URI, ROOT, HOUR, 0, 7200, 1}}, .index = 1, .outcome = FAIL,
     .why = YAO_E_REVOKED, .state = INVALID, .age = HOUR, .until = HOUR},
    {"refuses a licence with value 2, which it does not know", LICENCE,
     {{URI, ROOT, HOUR, 0, 7200, 2}}, .index = 1, .tolerate = true,
     .outcome = FAIL, .why = YAO_E_VALUE, .state = STRANGE, .age = HOUR,
     .until = HOUR},
};

static uint8_t entries[3][2];

static size_t fill(const struct row *row, yao_status_list *lists)
{
    size_t count = 0;

    for (; count < 3 && row->lists[count].uri.len != 0; count++) {
        const a_list *from = &row->lists[count];

        entries[count][0] = 0xff;
        entries[count][1] = from->value;
        assert_status(yao_status_of_bytes((yao_bytes){entries[count], 2}, 8,
                                          &lists[count]),
                      YAO_OK);
        lists[count].uri    = from->uri;
        lists[count].anchor = yao_text_bytes(from->anchor);
        lists[count].ttl    = from->ttl;
        if (from->age == YAO_TIME_MAX)
            lists[count].issued_at = YAO_TIME_MAX + 1;
        else if (from->age != YAO_TIME_NONE)
            lists[count].issued_at = NOW - from->age;
        if (from->expires != 0)
            lists[count].expires = NOW + from->expires;
    }
    return count;
}

static yao_result_document document_of(const char *type, uint64_t index)
{
    return (yao_result_document){.type         = yao_text_of(type),
                                 .status_uri   = URI,
                                 .status_index = index,
                                 .state_as_of  = YAO_TIME_NONE,
                                 .state_until  = YAO_TIME_NONE};
}

static void one_row(void **state)
{
    const struct row   *row      = *state;
    yao_status_list     lists[3] = {{.bits = 0}};
    yao_report          report   = {.count = 0};
    yao_result_document d        = document_of(row->type, row->index);
    yao_verify_options  o        = {.now                = NOW,
                                    .skew               = row->skew,
                                    .lists              = lists,
                                    .list_count         = fill(row, lists),
                                    .status_max_age     = row->max_age,
                                    .tolerate_suspended = row->tolerate};
    bool looked = row->why != YAO_E_NOT_FOUND &&
                  row->why != YAO_E_NOT_AUTHORISED;

    yao_policy_check_status(&o, YAO_LIT("root"), 7, &d, &report);
    assert_int_equal(report.count, 1);
    assert_int_equal(report.rows[0].check, YAO_CHECK_STATUS);
    assert_int_equal(report.rows[0].document, 7);
    assert_string_equal(yao_outcome_name(report.rows[0].outcome),
                        yao_outcome_name((yao_outcome)row->outcome));
    assert_status(report.rows[0].why, row->why);
    assert_int_equal(d.state, row->state);
    assert_int_equal(d.state_as_of, looked ? NOW - row->age : YAO_TIME_NONE);
    assert_int_equal(d.state_until, looked ? NOW + row->until : YAO_TIME_NONE);
}

/* N127: all 256 values, of both kinds of document, tolerated or not. */
static void every_value(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 256 * 4; i++) {
        struct row row = {.type     = (i & 1) != 0 ? LICENCE : CARD,
                          .lists    = {{URI, ROOT, 0, 0, HOUR,
                                        (uint8_t)(i >> 2)}},
                          .index    = 1,
                          .tolerate = (i & 2) != 0};
        yao_status_list     lists[3] = {{.bits = 0}};
        yao_report          report   = {.count = 0};
        yao_result_document d        = document_of(row.type, 1);
        yao_verify_options  o        = {.now                = NOW,
                                        .lists              = lists,
                                        .list_count         = fill(&row, lists),
                                        .tolerate_suspended = row.tolerate};
        bool noted = i >> 2 == 2 && row.tolerate && (i & 1) == 0;

        yao_policy_check_status(&o, YAO_LIT("root"), 0, &d, &report);
        assert_int_equal(report.rows[0].outcome, i >> 2 == 0 ? PASS
                                                 : noted     ? NOTE
                                                             : FAIL);
    }
}

/* Of two lists of a second one is too short: it is heard, wherever it is. */
static void short_of_a_second(void **state)
{
    static const struct row row = {.lists = {{URI, ROOT, 60, 0, 7200, 0},
                                             {URI, ROOT, 60, 0, 7200, 0}}};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        yao_status_list     lists[3] = {{.bits = 0}};
        yao_report          report   = {.count = 0};
        yao_result_document d        = document_of(CARD, 1);
        yao_verify_options  o        = {.now        = NOW,
                                        .lists      = lists,
                                        .list_count = fill(&row, lists)};

        lists[i].entries.len = 1;
        lists[i].count       = 1;
        yao_policy_check_status(&o, YAO_LIT("root"), 0, &d, &report);
        assert_int_equal(report.rows[0].outcome, FAIL);
        assert_int_equal(d.state, NOBODY);
    }
}

static void no_list_named(void **state)
{
    yao_report          report = {.count = 0};
    yao_verify_options  o      = {.now = NOW};
    yao_result_document d      = document_of(CARD, 0);

    (void)state;
    d.status_uri.len = 0;
    yao_policy_check_status(&o, YAO_LIT("root"), 0, &d, &report);
    assert_int_equal(report.count, 0); /* mdoc and sdjwt have written it */
    assert_int_equal(d.state, YAO_STATE_NONE);
}

/* ---- whole documents ---- */

static yao_status_list list_of(yao_bytes anchor, uint8_t *entry)
{
    yao_status_list list = {.bits = 0};

    assert_status(yao_status_of_bytes((yao_bytes){entry, 1}, 8, &list),
                  YAO_OK);
    list.uri       = (yao_text)URI;
    list.issued_at = MDOC_NOW;
    list.ttl       = HOUR;
    list.anchor    = anchor;
    return list;
}

static yao_result *judge(yao_bytes input, const yao_verify_options *o)
{
    yao_result *result = NULL;

    assert_status(yao_verify(test_arena(), forge_crypto(), input, o, &result),
                  YAO_OK);
    return result;
}

static size_t rows_of(const yao_result *result, yao_check check)
{
    size_t count = 0;

    for (size_t i = 0; i < result->report.count; i++)
        count += result->report.rows[i].check == check;
    return count;
}

static yao_bytes licence(const char *type)
{
    yao_mdoc_issue_request q = mdoc_fixture_request();

    q.doc_type     = yao_text_of(type);
    q.status_uri   = (yao_text)URI;
    q.status_index = 0;
    return mdoc_fixture_issue(&q);
}

static yao_verify_options mdoc_options(const yao_status_list *list)
{
    return (yao_verify_options){.format       = YAO_FORMAT_MDOC_ISSUED,
                                .anchors      = &mdoc_fixture_get()->anchor,
                                .anchor_count = 1,
                                .now          = MDOC_NOW,
                                .lists        = list,
                                .list_count   = list != NULL};
}

static void an_mdoc(void **state)
{
    uint8_t            entry = 0;
    yao_status_list    list  = list_of(mdoc_fixture_get()->root, &entry);
    yao_verify_options o     = mdoc_options(NULL);
    yao_bytes          card  = licence(CARD);
    yao_result        *r     = judge(card, &o);

    (void)state;
    assert_int_equal(r->verdict, YAO_VERDICT_INDETERMINATE);
    assert_true(r->authentic);
    assert_int_equal(r->documents[0].state, YAO_STATE_UNKNOWN);

    o = mdoc_options(&list);
    r = judge(card, &o);
    assert_int_equal(r->verdict, YAO_VERDICT_ACCEPT);
    assert_int_equal(r->documents[0].state, YAO_STATE_VALID);
    assert_int_equal(r->documents[0].state_as_of, MDOC_NOW);
    assert_int_equal(rows_of(r, YAO_CHECK_STATUS), 1);

    entry = 2;
    r     = judge(card, &o);
    assert_int_equal(r->verdict, YAO_VERDICT_REJECT);
    assert_int_equal(r->documents[0].state, YAO_STATE_SUSPENDED);
    assert_true(r->authentic);
    assert_true(r->documents[0].attribute_count > 0);

    o.tolerate_suspended = true;
    r                    = judge(card, &o);
    assert_int_equal(r->verdict, YAO_VERDICT_ACCEPT);
    r = judge(licence(LICENCE), &o);
    assert_int_equal(r->verdict, YAO_VERDICT_REJECT);
    assert_true(r->authentic);
}

/* N128: what a document that is not good names as its list is a stranger's
 * wish: nobody looks, and nothing is said about it. */
static void not_looked_up(void **state)
{
    uint8_t            entry = 1;
    yao_status_list    list  = list_of(mdoc_fixture_get()->root, &entry);
    yao_verify_options o     = mdoc_options(&list);
    yao_anchor         other = mdoc_fixture_get()->anchor;

    (void)state;
    other.certificate = mdoc_fixture_get()->other_root;
    o.anchors         = &other;
    yao_result *r     = judge(licence(CARD), &o);
    assert_int_equal(r->verdict, YAO_VERDICT_REJECT);
    assert_int_equal(r->documents[0].state, YAO_STATE_UNKNOWN);
    assert_int_equal(r->documents[0].status_uri.len, 0);
    assert_int_equal(rows_of(r, YAO_CHECK_STATUS), 0);
}

static void none_named(void **state)
{
    yao_verify_options o = mdoc_options(NULL);
    yao_result        *r = judge(mdoc_fixture_issued(), &o);

    (void)state;
    assert_int_equal(r->verdict, YAO_VERDICT_ACCEPT);
    assert_int_equal(r->documents[0].state, YAO_STATE_NONE);
    assert_int_equal(rows_of(r, YAO_CHECK_STATUS), 1);
}

#define STATUS_1                                                               \
    "\"status\":{\"status_list\":{\"idx\":0,"                                  \
    "\"uri\":\"https://authority.example/status/1\"}}"

/* A token that was signed by the second of two bare keys: lists by that key
 * speak for it, those of the first do not. */
static void a_bare_key(void **state)
{
    yao_anchor         anchors[2] = {sd_anchor(5), sd_anchor(SD_ISSUER)};
    sd_token           token      = {.payload = "{" SD_CLAIMS "," STATUS_1 "}",
                                     .no_kb   = true};
    uint8_t            entry      = 0;
    yao_status_list    list = list_of((yao_bytes){anchors[1].key.point, 65},
                                      &entry);
    yao_verify_options o    = {.format       = YAO_FORMAT_SDJWT_VC,
                               .anchors      = anchors,
                               .anchor_count = 2,
                               .now          = SD_NOW,
                               .no_binding   = true,
                               .lists        = &list,
                               .list_count   = 1};

    (void)state;
    list.issued_at = SD_NOW;
    yao_result *r  = judge(sd_text(&token), &o);
    assert_int_equal(r->verdict, YAO_VERDICT_ACCEPT);
    assert_int_equal(r->documents[0].state, YAO_STATE_VALID);

    list.anchor.ptr = anchors[0].key.point;
    r               = judge(sd_text(&token), &o);
    assert_int_equal(r->verdict, YAO_VERDICT_INDETERMINATE);
}

/* A token whose signer has a certificate: lists under its root speak for it,
 * those of its own key do not. */
static void a_chain(void **state)
{
    yao_bytes  root = mdoc_fixture_get()->root;
    yao_writer w    = yao_writer_in(test_arena());
    yao_bytes  header;
    uint8_t    entry = 0;

    (void)state;
    yao_put_text(&w, "{\"alg\":\"ES256\",\"typ\":\"dc+sd-jwt\",");
    yao_jws_put_x5c(&w, &mdoc_fixture_get()->signer, 1);
    yao_put_text(&w, "}");
    yao_put_byte(&w, 0);
    assert_status(yao_writer_keep(&w, test_arena(), &header), YAO_OK);
    yao_bytes input = sd_text(&(sd_token){
        .header     = (const char *)header.ptr,
        .payload    = "{" SD_BARE ",\"exp\":1800000000," STATUS_1 "}",
        .no_kb      = true,
        .issuer_key = forge_key(SIGNER_KEY)});
    yao_status_list    list = list_of(root, &entry);
    yao_verify_options o    = mdoc_options(&list);
    o.format                = YAO_FORMAT_SDJWT_VC;
    o.no_binding            = true;

    yao_result *r = judge(input, &o);
    assert_int_equal(r->verdict, YAO_VERDICT_ACCEPT);
    assert_int_equal(r->documents[0].state, YAO_STATE_VALID);
    assert_bytes(yao_text_bytes(r->documents[0].issuer),
                 YAO_LIT("SPECIMEN root"));
    assert_bytes(yao_text_bytes(r->documents[0].issuer_country),
                 YAO_LIT("UT"));

    yao_public_key own = yao_openssl_key_public(forge_key(SIGNER_KEY));
    list.anchor        = (yao_bytes){own.point, own.len};
    r                  = judge(input, &o);
    assert_int_equal(r->verdict, YAO_VERDICT_INDETERMINATE);
}

/* Paper that was signed with the second of two keys that were pinned. */
static void paper(void **state)
{
    yao_card_content   c     = card_fixture_content();
    uint8_t            entry = 0;
    yao_anchor         anchors[2];
    yao_status_list    list = list_of(card_fixture_get()->root, &entry);
    yao_verify_options o    = mdoc_options(&list);

    (void)state;
    c.device_key.curve = YAO_CURVE_NONE;
    c.status           = YAO_CARD_STATUS_URI;
    c.status_uri       = (yao_text)URI;
    c.status_index     = 0;
    for (size_t i = 0; i < 2; i++)
        anchors[i] = (yao_anchor){
            .key  = yao_openssl_key_public(
                forge_key(i == 0 ? CARD_OTHER_KEY : CARD_SIGNER_KEY)),
            .role = YAO_ROLE_ISSUER};
    o.format       = YAO_FORMAT_PRINTED_CARD;
    o.anchors      = anchors;
    o.anchor_count = 2;
    o.no_binding   = true;

    yao_bytes input = card_fixture_issue(&c);
    assert_int_equal(judge(input, &o)->verdict, YAO_VERDICT_INDETERMINATE);
    list.anchor = (yao_bytes){anchors[0].key.point, anchors[0].key.len};
    assert_int_equal(judge(input, &o)->verdict, YAO_VERDICT_INDETERMINATE);
    list.anchor = (yao_bytes){anchors[1].key.point, anchors[1].key.len};
    yao_result *r = judge(input, &o);
    assert_int_equal(r->verdict, YAO_VERDICT_ACCEPT);
    assert_int_equal(r->documents[0].state, YAO_STATE_VALID);
    assert_int_equal(r->documents[0].issuer.len, 0);
}

/* N128 for cards: an expired one is looked up nowhere, and says nothing. */
static void card_not_looked_up(void **state)
{
    const card_fixture *f     = card_fixture_get();
    yao_card_content    c     = card_fixture_content();
    uint8_t             entry = 1;
    yao_status_list     list  = list_of(f->root, &entry);
    yao_verify_options  o     = mdoc_options(&list);

    (void)state;
    c.status       = YAO_CARD_STATUS_NUMBER;
    c.status_list  = 1;
    c.status_index = 0;
    c.expires      = CARD_NOW;
    list.uri       = YAO_TEXT(CARD_ISSUER "/statuslists/1");
    o.format       = YAO_FORMAT_CARD;
    o.anchors      = f->anchors;
    o.signers      = &f->signer;
    o.signer_count = 1;
    yao_result *r  = judge(
        card_fixture_show(card_fixture_issue(&c), CARD_NOW), &o);
    assert_int_equal(r->verdict, YAO_VERDICT_REJECT);
    assert_true(r->authentic);
    assert_int_equal(rows_of(r, YAO_CHECK_STATUS), 0);
    assert_int_equal(r->documents[0].state, YAO_STATE_UNKNOWN);
    assert_int_equal(r->documents[0].status_uri.len, 0);
    assert_int_equal(r->documents[0].attribute_count, 0);
}

static void ages(void **state)
{
    yao_verify_options o = mdoc_options(NULL);
    yao_result        *r;

    (void)state;
    o.status_max_age = -1;
    assert_status(yao_verify(test_arena(), forge_crypto(),
                             mdoc_fixture_issued(), &o, &r),
                  YAO_E_USAGE);
    o.status_max_age = YAO_TIME_MAX + 1;
    assert_status(yao_verify(test_arena(), forge_crypto(),
                             mdoc_fixture_issued(), &o, &r),
                  YAO_E_USAGE);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("status", rows[i].name, one_row, &rows[i]);
    test_add("status", "N127 gives each of 256 values its outcome",
             every_value, NULL);
    test_add("status", "refuses by the one of two of a second that is short",
             short_of_a_second, NULL);
    test_add("status", "gives no row where no list is named", no_list_named,
             NULL);
    test_add("verify", "gives an mdoc its state and its verdict", an_mdoc,
             NULL);
    test_add("verify", "N128 never looks up what a bad document names",
             not_looked_up, NULL);
    test_add("verify", "accepts a document that names no list", none_named,
             NULL);
    test_add("verify", "accepts by a list of the very key that signed",
             a_bare_key, NULL);
    test_add("verify", "accepts by a list of the root above a token's signer",
             a_chain, NULL);
    test_add("verify", "accepts paper by a list of the very key that signed",
             paper, NULL);
    test_add("verify", "N128 never looks up what an expired card names",
             card_not_looked_up, NULL);
    test_add("verify", "refuses an age that is no age", ages, NULL);
    return test_run("policy/status");
}
