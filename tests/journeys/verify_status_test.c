/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai verify` and status lists: at hand, missing, old, of others; and a
 *  list judged as the document that it is. */

#include "check.h"

#include <stdio.h>

#include "app/files.h"
#include "app/pem.h"
#include "list_token.h"
#include "mdoc_fixture.h"
#include "journey.h"

#define AT    "--at 2026-11-22T00:00:00Z "
#define TRUST "--trust @/root.pem "
#define CARD  "verify --format mdoc-issuer-signed " AT TRUST
#define LIST_JWT "verify --format status-list-jwt " AT TRUST
#define LIST_CWT "verify --format status-list-cwt " AT TRUST

static const struct {
    const char *name;
    const char *line;
    int         code;
    const char *says;
} lines[] = {
    {"never accepts without the list",
     CARD "@/card3.cbor", 5, "not known\n      its list is not at hand; get it "
                             "and give it with --status: " LIST_URI},
    {"accepts what the list calls valid", CARD "--status @/list.jwt @/card3.cbor",
     0, "status: valid, as of 2026-11-21 23:50 UTC, 10 min old, good for 12 h"},
    {"accepts by the CWT too", CARD "--status @/list.cwt @/card3.cbor", 0,
     "status: valid"},
    {"accepts by a list with a line's end behind it",
     CARD "--status @/line.jwt @/card3.cbor", 0, "status: valid"},
    {"tells the caller's own limit",
     CARD "--status-max-age 24h --status @/list.jwt @/card3.cbor", 0,
     "status: valid, as of 2026-11-21 23:50 UTC, 10 min old, your limit 24 h"},
    {"refuses what the list calls revoked",
     CARD "--status @/list.jwt @/card0.cbor", 3, "status: REVOKED, as of"},
    {"calls it authentic all the same",
     CARD "--status @/list.jwt @/card0.cbor", 3,
     "authentic, but not acceptable now"},
    {"refuses what the list calls suspended",
     CARD "--status @/list.jwt @/card1.cbor", 3, "SUSPENDED"},
    {"refuses a value that we do not know",
     CARD "--status @/list.jwt @/card2.cbor", 3, "NOT VALID"},
    {"refuses an index beyond the list",
     CARD "--status @/list.jwt @/card99.cbor", 3,
     "does not know this document; refuse it:"},
    {"never accepts by a list that is too old",
     CARD "--status-max-age 5min --status @/list.jwt @/card3.cbor", 5,
     "not known, as of 2026-11-21 23:50 UTC, 10 min old, your limit 5 min\n"
     "      the list at hand is too old; get a newer one: "},
    {"never accepts by the list of another root",
     CARD "--trust @/other.pem --status @/other.jwt @/card3.cbor", 5,
     "signed under another root"},
    {"never uses a list whose root is not trusted",
     CARD "--status @/other.jwt @/card3.cbor", 5,
     "other.jwt: issuer_chain: the issuer is not among those trusted; the list "
     "is not used"},
    {"never uses a list that was changed",
     CARD "--status @/changed.cwt @/card3.cbor", 5,
     "changed.cwt: issuer_signature:"},
    {"accepts by the good one of two", CARD "--status @/changed.cwt "
     "--status @/list.jwt @/card3.cbor", 0, "ACCEPT"},
    {"refuses by the newer of two",
     CARD "--status @/list.jwt --status @/newer.jwt @/card3.cbor", 3,
     "status: REVOKED, as of 2026-11-21 23:59 UTC"},
    {"never uses what is no list", CARD "--status @/card3.cbor @/card3.cbor", 5,
     "--status"},
    {"refuses a list that is not there",
     CARD "--status @/nothing.jwt @/card3.cbor", 7, "--status"},
    {"accepts a card that names no list", CARD "@/plain.cbor", 0, "ACCEPT"},
    {"speaks Chinese", "verify --lang zh --format mdoc-issuer-signed " AT TRUST
     "--status-max-age 24h --status @/list.jwt @/card0.cbor", 3,
     "状态: 已吊销，截至 2026-11-21 23:50 UTC，距今 10 分钟，您的时限 24 小时"},
    {"gives programs the state and its age",
     CARD "--json --status @/list.jwt @/card0.cbor", 3,
     "\"status\":{\"state\":\"revoked\",\"as_of\":\"2026-11-21T23:50:00Z\","
     "\"until\":\"2026-11-22T11:50:00Z\",\"age\":600}"},
    {"gives programs what nobody knows", CARD "--json @/card3.cbor", 5,
     "\"status\":{\"state\":\"unknown\"}"},
    {"gives programs that there is none", CARD "--json @/plain.cbor", 0,
     "\"status\":{\"state\":\"none\"}"},

    {"refuses an age without unit that is none",
     CARD "--status-max-age soon @/card3.cbor", 1, "write 90s"},
    {"refuses an age of nothing", CARD "--status-max-age 0h @/card3.cbor", 1,
     "write 90s"},
    {"refuses an age beyond all time",
     CARD "--status-max-age 999999999999999999d @/card3.cbor", 1, "write 90s"},
    {"refuses an age of an endless number",
     CARD "--status-max-age 99999999999999999999 @/card3.cbor", 1,
     "write 90s"},
    {"accepts an age in seconds",
     CARD "--status-max-age 600 --status @/list.jwt @/card3.cbor", 0,
     "your limit 10 min"},
    {"accepts an age in days",
     CARD "--status-max-age 7d --status @/list.jwt @/card3.cbor", 0,
     "your limit 7 d"},
    {"refuses --idx for a document", CARD "--idx 3 @/card3.cbor", 1,
     "it asks a status list"},
    {"refuses --uri for a document", CARD "--uri x @/card3.cbor", 1,
     "it asks a status list"},

    {"accepts a list as JWT", LIST_JWT "@/list.jwt", 0,
     "ACCEPT  status-list-jwt"},
    {"accepts a list as CWT", LIST_CWT "@/list.cwt", 0,
     "ACCEPT  status-list-cwt"},
    {"refuses a JWT as CWT", LIST_CWT "@/list.jwt", 2, "REJECT"},
    {"refuses a CWT as JWT", LIST_JWT "@/list.cwt", 2, "REJECT"},
    {"refuses a card as list", LIST_CWT "@/card3.cbor", 2, "REJECT"},
    {"gives the value of an entry",
     LIST_JWT "--uri " LIST_URI " --idx 1 @/list.jwt", 0,
     "status: SUSPENDED, as of 2026-11-21 23:50 UTC, 10 min old"},
    {"gives the value of an entry to programs",
     LIST_CWT "--json --idx 2 @/list.cwt", 0,
     "{\"name\":\"idx\",\"value\":2},{\"name\":\"value\",\"value\":3}"},
    {"N122 refuses the first index behind the list",
     LIST_JWT "--idx 16 @/list.jwt", 3, "list_index"},
    {"N122 refuses index -1", LIST_JWT "--idx -1 @/list.jwt", 1,
     "write the idx"},
    {"N122 refuses index 1.5", LIST_JWT "--idx 1.5 @/list.jwt", 1,
     "write the idx"},
    {"N122 refuses index 2^53 + 1", LIST_JWT "--idx 9007199254740993 "
     "@/list.jwt", 3, "list_index"},
    {"N119 refuses a list of another URI",
     LIST_JWT "--uri https://authority.example/status/2 @/list.jwt", 3,
     "list_subject       FAIL     Token Status List 8.3"},
    {"N117 refuses a list whose root is not trusted", LIST_JWT "@/other.jwt", 3,
     "issuer_chain       FAIL     Token Status List 8.3"},
    {"N118 refuses a list when nobody is trusted",
     "verify --format status-list-jwt " AT "@/list.jwt", 3, "issuer_anchors"},
    {"N121 refuses a list whose time is over",
     "verify --format status-list-jwt --at 2026-11-23T00:02:00Z " TRUST
     "@/list.jwt", 3, "EXPIRED"},
};

static void one_line(void **state)
{
    size_t             i   = *(const size_t *)*state;
    const test_output *out = test_type(lines[i].line);

    if (out->code != lines[i].code || !test_said(lines[i].says))
        fail_msg("exit code %d\n%s", out->code, out->out);
}

/* ---- the files ---- */

static void keep_pem(const char *name, yao_bytes der)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  pem = {0};

    yao_pem_put(&w, "CERTIFICATE", der);
    assert_status(yao_writer_keep(&w, test_arena(), &pem), YAO_OK);
    test_write(name, pem);
}

static void keep_card(const char *name, uint64_t index)
{
    yao_mdoc_issue_request q = mdoc_fixture_request();

    q.doc_type     = YAO_TEXT("org.iso.23220.photoid.1");
    q.status_uri   = YAO_TEXT(LIST_URI);
    q.status_index = index;
    test_write(name, mdoc_fixture_issue(&q));
}

/* A scene under the root that signs the cards. */
static list_scene scene_of_cards(void)
{
    list_scene s = list_scene_of(YAO_X509_STATUS);

    s.root     = mdoc_fixture_get()->root;
    s.chain[0] = forge_make(YAO_X509_STATUS, LIST_SIGNER, s.root, LIST_ROOT);
    return s;
}

/* One of the same names, with a key of its own. */
static list_scene scene_of_another(void)
{
    list_scene s = list_scene_of(YAO_X509_STATUS);

    s.root     = forge_make(YAO_X509_ROOT, LIST_OTHER, (yao_bytes){0}, 0);
    s.chain[0] = forge_make(YAO_X509_STATUS, LIST_SIGNER, s.root, LIST_OTHER);
    return s;
}

static void keep_lists(const list_scene *s)
{
    yao_bytes jwt = list_token(s, YAO_STATUSLIST_JWT);
    yao_bytes cwt = list_token(s, YAO_STATUSLIST_CWT);

    test_write("list.jwt", jwt);
    test_write("list.cwt", cwt);
    test_write("line.jwt", test_join((yao_bytes[]){jwt, YAO_LIT("\n"), {0}}));

    uint8_t *changed = yao_arena_take(test_arena(), cwt.len);
    assert_non_null(changed);
    memcpy(changed, cwt.ptr, cwt.len);
    changed[cwt.len - 1] ^= 1;
    test_write("changed.cwt", (yao_bytes){changed, cwt.len});

    yao_statuslist_request q = list_request(s, YAO_STATUSLIST_JWT);
    q.issued_at              = LIST_NOW - 60;
    q.compressed             = list_packed(YAO_LIT("\x79\x00\x00\x00"));
    test_write("newer.jwt", list_made(s, &q));
}

static void make_files(void)
{
    list_scene cards = scene_of_cards();
    list_scene other = scene_of_another();

    keep_pem("root.pem", cards.root);
    keep_pem("other.pem", other.root);
    keep_lists(&cards);
    test_write("other.jwt", list_token(&other, YAO_STATUSLIST_JWT));
    keep_card("card0.cbor", 0);
    keep_card("card1.cbor", 1);
    keep_card("card2.cbor", 2);
    keep_card("card3.cbor", 3);
    keep_card("card99.cbor", 99);
    test_write("plain.cbor", mdoc_fixture_issued());
}

int main(void)
{
    static size_t numbers[COUNT(lines)];

    make_files();
    for (size_t i = 0; i < COUNT(lines); i++) {
        numbers[i] = i;
        test_add("verify", lines[i].name, one_line, &numbers[i]);
    }
    int code = test_run("journeys/verify_status");
    test_scratch_remove();
    return code;
}
