/* SPDX-License-Identifier: Apache-2.0 */

/** Showing on line: the wallet's command line against a relying party that was
 *  registered by a real authority, with documents that it issued. */

#define _XOPEN_SOURCE 700 /* posix_openpt() */
#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/files.h"
#include "qr/qr.h"
#include "vp_verifier.h"

#define CODE  "91330114MAC000017N"
#define OTHER "91330106MAC0000174"
#define ID    "urn:yaopai:resident_id:1"
#define SPACE "org.iso.23220.1"

#define SD(id, claims)                                                         \
    "{\"id\":\"" id "\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":["   \
    "\"" ID "\"]},\"claims\":[" claims "]}"
#define MDOC(id, claims)                                                       \
    "{\"id\":\"" id "\",\"format\":\"mso_mdoc\",\"meta\":{\"doctype_value\":"  \
    "\"org.iso.23220.photoid.1\"},\"claims\":[" claims "]}"
#define QUERY(list) "{\"credentials\":[" list "]}"
#define NAME        "{\"path\":[\"name\"]},{\"path\":[\"sex\"]}"
#define SEX         "{\"path\":[\"" SPACE "\",\"sex\"]}"

#define ASK_SD   QUERY(SD("id", NAME))
#define ASK_MDOC QUERY(MDOC("id", SEX))
#define ASK_BOTH QUERY(SD("id", NAME) "," MDOC("doc", SEX))

static verifier party;

/* ---- the world ---------------------------------------------------------- */

static void register_party(const char *authority, const char *code,
                           const char *out)
{
    char line[300];

    snprintf(line, sizeof line,
             "party register -C @/%s --code %s --name SPECIMEN-inn --host "
             "inn.example --profile hotel --profile age --out @/%s",
             authority, code, out);
    test_must(line, 0);
}

static void issue(void)
{
    char number[64], line[200];

    test_keep_number("people.jsonl", number, sizeof number);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 6 --cards 0 "
             "--person %s",
             number);
    test_must(line, 0);
}

static void prepare(void **state)
{
    (void)state;
    test_write("passphrase", YAO_LIT("correct horse battery\n"));
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
    setenv("LC_ALL", "C", 1);
    test_must("authority init --demo -C @/a", 0);
    test_must("authority init --demo -C @/b", 0);
    test_must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl",
              0);
    test_must("person generate -C @/a --count 1 --seed 7", 0);
    register_party("a", CODE, "inn");
    register_party("b", CODE, "stranger");
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must("wallet init -C @/empty --registrar "
              "@/a/certificates/reader-root.pem",
              0);
    issue();
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must("trust publish -C @/a --output @/t", 0);
    register_party("a", OTHER, "unlisted");
}

#define PRESENT                                                                \
    "wallet present --local --trust @/t/bundle.cose --trust-anchor "           \
    "@/t/trust-root.pem "

static const test_output *present(const char *more, const char *link)
{
    char *line = yao_arena_take(test_arena(), 16384);

    snprintf(line, 16384, PRESENT "%s '%s'", more, link);
    return test_type(line);
}

/* ---- rows --------------------------------------------------------------- */

typedef struct row {
    const char *name;
    unsigned    flags;
    const char *query;
    const char *from, *to; /* in the request's payload */
    const char *folder;    /* of the party; NULL: that which is registered */
    const char *more;      /* options; NULL: the full wallet, agreeing */
    int         code;
    const char *says;      /* NULL: anything */
    size_t      posts, fetches;
    bool        accepted;  /* what was posted */
} row;

#define YES     "-C @/w --yes "
#define SHOWN   .code = 0, .posts = 1, .fetches = 1, .accepted = true
#define REFUSED(n) .code = 3, .posts = 0, .fetches = (n)

static const row rows[] = {
    {"accepts an SD-JWT", 0, ASK_SD, .says = "asks on line", SHOWN},
    {"accepts an mdoc", 0, ASK_MDOC, .says = "SPECIMEN-inn", SHOWN},
    {"accepts both at once", 0, ASK_BOTH, .says = "legal basis", SHOWN},
    {"accepts A128GCM", VER_A128, ASK_BOTH, SHOWN},
    {"accepts A256GCM", VER_A256, ASK_BOTH, SHOWN},
    {"accepts to fetch by POST, with a nonce", VER_POST, ASK_SD, SHOWN},
    {"accepts a request by value", VER_BY_VALUE, ASK_SD, .code = 0, .posts = 1,
     .accepted = true},
    {"accepts an answer in clear where the person says so", VER_CLEAR, ASK_BOTH,
     .more = YES "--unencrypted ", SHOWN},
    {"accepts nobody's request where the person says so", VER_UNSIGNED, ASK_SD,
     .more = YES "--unidentified --unencrypted ", .code = 0, .posts = 1,
     .says = "NOBODY SIGNED", .accepted = true},
    {"accepts to be sent on, and says where", VER_FURTHER, ASK_SD,
     .says = "Go on at: https://inn.example/done#response_code=c1", SHOWN},

    /* the person */
    {"refuses without a yes", 0, ASK_SD, .more = "-C @/w ", .code = 3,
     .says = "you did not agree", .posts = 1, .fetches = 1},
    {"refuses N216: what is not in the wallet", 0, ASK_SD,
     .more = "-C @/empty --yes ", .code = 7, .says = "does not hold",
     .posts = 1, .fetches = 1},
    {"refuses N214: a value that nobody has, as if it was not there", 0,
     QUERY(SD("id", "{\"path\":[\"name\"],\"values\":[\"SPECIMEN nobody\"]}")),
     .code = 7, .says = "does not hold", .posts = 1, .fetches = 1},
    {"refuses to choose what is not asked", 0, ASK_SD,
     .more = YES "--choose other ", .code = 1, .says = "--choose",
     .posts = 0, .fetches = 1},
    {"refuses to choose the document of who has none", 0, ASK_SD,
     .more = YES "--choose 'id:SPECIMEN nobody' ", .code = 1,
     .says = "--choose", .posts = 0, .fetches = 1},
    {"refuses another person's document than was named", 0, ASK_SD,
     .more = YES "--of 'SPECIMEN nobody' ", .code = 7, .posts = 1,
     .fetches = 1},

    /* who asks */
    {"refuses N205: a signature that is none", VER_FORGED, ASK_SD,
     .says = "the signature is not good", REFUSED(1)},
    {"refuses N206: one whom no registrar knows", 0, ASK_SD,
     .folder = "stranger", .says = "nobody whom the registrar knows",
     REFUSED(1)},
    {"refuses N232: one who is in no list", 0, ASK_SD, .folder = "unlisted",
     .says = "not registered", REFUSED(1)},
    {"refuses N217: what was not registered", 0,
     QUERY(SD("id", "{\"path\":[\"ethnicity\"]}")),
     .says = "did not register", REFUSED(1)},
    {"refuses N217: one thing more than was registered", 0,
     QUERY(SD("id", NAME ",{\"path\":[\"ethnicity\"]}")),
     .says = "did not register", REFUSED(1)},
    {"refuses N207: another client than the link named", VER_OTHER_ID, ASK_SD,
     REFUSED(1)},
    {"refuses N210: an answer to another host than the certificate's", VER_SAN,
     ASK_SD, REFUSED(1)},
    {"refuses N210: an address that a wallet does not speak with", 0, ASK_SD,
     "\"response_uri\":\"http://127.0.0.1", "\"response_uri\":\"http://10.0.0.1",
     REFUSED(1)},
    {"refuses nobody's request", VER_UNSIGNED, ASK_SD,
     .more = YES "--unencrypted ", .says = "did not sign", REFUSED(0)},

    /* what it says */
    {"refuses N208: no nonce", 0, ASK_SD, "\"nonce\":\"" VP_NONCE "\"",
     "\"x\":1", .says = "nonce is missing", REFUSED(1)},
    {"refuses N209: redirect_uri beside response_uri", 0, ASK_SD, "{\"client",
     "{\"redirect_uri\":\"https://x.example\",\"client", .code = 2,
     .fetches = 1},
    {"refuses N212: a request made for another fetch", VER_POST | VER_NO_ECHO,
     ASK_SD, REFUSED(1)},
    {"refuses N234: a request of yesterday", VER_OVER, ASK_SD,
     .says = "it is over", REFUSED(1)},
    {"refuses N213: an answer in clear", VER_CLEAR, ASK_SD, REFUSED(1)},
    {"refuses N213: to encrypt to no key", 0, ASK_SD, "\"kty\":\"EC\"",
     "\"kty\":\"XX\"", REFUSED(1)},
    {"refuses N215: a transaction that nobody knows", 0, ASK_SD, "{\"client",
     "{\"transaction_data\":[\"eyJ0eXBlIjoieCIsImNyZWRlbnRpYWxfaWRzIjpbImlkIl19"
     "\"],\"client", REFUSED(1)},

    /* how it behaves */
    {"refuses N211: to follow where the request is", VER_AWAY, ASK_SD,
     .code = 2, .fetches = 1},
    {"refuses N211: to follow where the answer goes", VER_ON, ASK_SD,
     .code = 2, .posts = 1, .fetches = 1, .accepted = true},
    {"refuses a request without end", VER_LONG, ASK_SD, .code = 4,
     .fetches = 1},
    {"refuses to wait for ever", VER_SLOW, ASK_SD, /* but for the request */
     .more = YES "--patience 8 ", .code = 7, .says = "may have arrived",
     .posts = 1, .fetches = 1, .accepted = true},
    {"refuses an answer without end", VER_HUGE, ASK_SD, .code = 4, .posts = 1,
     .fetches = 1, .accepted = true},
    {"refuses what the verifier refuses, in letters that stand still",
     VER_REFUSES, ASK_SD, .code = 3, .says = "gone", .posts = 1, .fetches = 1,
     .accepted = true},
};

static void begin(const row *r)
{
    party = (verifier){.flags = r->flags, .from = r->from, .to = r->to};
    ver_be(&party, r->folder != NULL ? r->folder : "inn");
    ver_start(&party);
    ver_ask(&party, r->query);
}

static bool was_accepted(void)
{
    yao_vp_verdict verdict;

    return party.posted.len != 0 &&
           ver_judge(&party, "t", &verdict) == YAO_OK &&
           verdict.verdict == YAO_VERDICT_ACCEPT;
}

static void one_row(void **state)
{
    const row *r = *state;

    begin(r);
    const test_output *o =
        present(r->more != NULL ? r->more : YES, ver_link(&party));
    bool accepted = was_accepted();
    ver_stop(&party);
    if (o->code != r->code || accepted != r->accepted)
        print_message("# %s\n", o->out);
    assert_int_equal(o->code, r->code);
    assert_int_equal(party.fetches, r->fetches);
    assert_int_equal(party.posts, r->posts);
    assert_int_equal(accepted, r->accepted);
    assert_int_equal(party.was_post, ver_flag(&party, VER_POST));
    if (r->says != NULL)
        test_says(r->says);
    assert_null(strchr(o->out, '\x1b'));
}

/* ---- what the other side sees of a no ----------------------------------- */

static yao_bytes posted_by(const char *more)
{
    static const row asked = {.query = ASK_SD};

    begin(&asked);
    present(more, ver_link(&party));
    ver_stop(&party);
    assert_int_equal(party.posts, 1);
    return party.posted;
}

static void same_bytes(void **state)
{
    yao_bytes no      = posted_by("-C @/w ");
    yao_bytes nothing = posted_by("-C @/empty --yes ");

    (void)state;
    assert_bytes(no, nothing);
    assert_bytes(no, YAO_LIT("error=access_denied&state=" VP_STATE));
}

/* ---- copies ------------------------------------------------------------- */

/* The last letters of the issuer's signature, before the first "~". */
static yao_bytes signed_by_issuer(yao_bytes body)
{
    size_t end = 0;

    while (end < body.len && body.ptr[end] != '~' &&
           !yao_bytes_starts((yao_bytes){body.ptr + end, body.len - end},
                             YAO_LIT("%7E")))
        end++;
    assert_true(end > 40 && end < body.len);
    return (yao_bytes){body.ptr + end - 40, 40};
}

/* No two showings have a copy in common while there are fresh ones; then it is
 * said. */
static void spends(void **state)
{
    static const row asked  = {.query = QUERY(SD("id", "{\"path\":[\"sex\"]}")),
                               .flags = VER_CLEAR};
    static yao_bytes seen[10];
    bool             again = false;
    size_t           count = 0;

    (void)state;
    issue();
    for (; count < 10 && !again; count++) {
        begin(&asked);
        const test_output *o =
            present(YES "--unencrypted ", ver_link(&party));
        ver_stop(&party);
        assert_int_equal(o->code, 0);
        again       = test_said("shown before");
        seen[count] = party.posted;
    }
    assert_int_equal(count, 7);
    for (size_t i = 0; i < count - 1; i++)
        for (size_t n = 0; n < i; n++)
            assert_false(yao_bytes_equal(signed_by_issuer(seen[i]),
                                         signed_by_issuer(seen[n])));
}

/* ---- choices ------------------------------------------------------------ */

#define SETS                                                                   \
    "{\"credentials\":[" SD("id", NAME) "," MDOC("doc", SEX)                   \
    "],\"credential_sets\":[{\"options\":[[\"id\"]]},{\"options\":[[\"doc\"]]," \
    "\"required\":false}]}"

static size_t shown_by(const char *more)
{
    static const row asked = {.query = SETS};
    yao_vp_verdict   verdict;

    begin(&asked);
    const test_output *o = present(more, ver_link(&party));
    ver_stop(&party);
    if (o->code != 0)
        print_message("# %s\n", o->out);
    assert_int_equal(o->code, 0);
    assert_status(ver_judge(&party, "t", &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_ACCEPT);
    return verdict.count;
}

static void leaves_out(void **state)
{
    (void)state;
    assert_int_equal(shown_by(YES), 1);
    assert_int_equal(shown_by(YES "--choose doc "), 2);
    test_says("[doc]");
}

/* ---- what is said, what is kept ----------------------------------------- */

static void remembers(void **state)
{
    static const row asked = {.query = ASK_SD, .flags = VER_FURTHER};
    const yao_json  *root;

    (void)state;
    begin(&asked);
    const test_output *o = present(YES "--json ", ver_link(&party));
    ver_stop(&party);
    const char *json = strstr(o->out, "{\"outcome\"");
    assert_non_null(json);
    assert_status(yao_json_parse(test_arena(),
                                 (yao_bytes){(const uint8_t *)json,
                                             strcspn(json, "\n")},
                                 &root),
                  YAO_OK);
    assert_true(yao_json_is(yao_json_get(root, "outcome"), "taken"));
    assert_true(yao_json_is(yao_json_get(root, "profile"), "hotel"));
    assert_true(yao_json_is(yao_json_get(root, "redirect_uri"),
                            "https://inn.example/done#response_code=c1"));
    test_must("wallet history -C @/w --json", 0);
    test_says("\"profile\":\"hotel\",\"document\":\"resident_id\"");
    test_says("\"elements\":\"full_name sex\",\"request\":\"");
    test_says("\"outcome\":\"taken\"");
    test_must("wallet history -C @/w", 0);
    test_says("on line: taken");
}

/* The page is opened by a command that was named, and by none else. */
static void opens(void **state)
{
    static const row asked = {.query = ASK_SD, .flags = VER_FURTHER};
    char             script[4600], more[4600];

    (void)state;
    snprintf(script, sizeof script, "#!/bin/sh\necho \"$1\" >'%s'\n",
             test_scratch_path("opened"));
    test_write("browser", yao_text_bytes(yao_text_of(script)));
    assert_int_equal(chmod(test_scratch_path("browser"), 0700), 0);
    begin(&asked);
    present(YES, ver_link(&party));
    ver_stop(&party);
    assert_false(yao_path_exists(test_scratch_path("opened")));
    begin(&asked);
    snprintf(more, sizeof more, YES "--open %s ",
             test_scratch_path("browser"));
    present(more, ver_link(&party));
    ver_stop(&party);
    assert_bytes(test_read("opened"),
                 YAO_LIT("https://inn.example/done#response_code=c1\n"));

    begin(&asked);
    const test_output *o = present(YES "--open /none/such ", ver_link(&party));
    ver_stop(&party);
    assert_int_equal(o->code, 0);
    test_says("--open did not work");
    test_says("Go on at:");
}

/* ---- without a list ----------------------------------------------------- */

/* Then what the registrar wrote into the certificate holds. */
static void without_list(void **state)
{
    static const row good = {.query = ASK_SD};
    static const row more = {
        .query = QUERY(SD("id", "{\"path\":[\"ethnicity\"]}"))};
    char line[4096];

    (void)state;
    begin(&good);
    snprintf(line, sizeof line, "wallet present --local " YES "'%s'",
             ver_link(&party));
    int code = test_type(line)->code;
    ver_stop(&party);
    assert_int_equal(code, 0);
    assert_true(was_accepted());

    begin(&more);
    snprintf(line, sizeof line, "wallet present --local " YES "'%s'",
             ver_link(&party));
    code = test_type(line)->code;
    ver_stop(&party);
    assert_int_equal(code, 3);
    test_says("did not register");
    assert_bytes(party.posted,
                 YAO_LIT("error=access_denied&state=" VP_STATE));
}

/* ---- a party that was suspended ----------------------------------------- */

static void suspended(void **state)
{
    static const row asked = {.query = ASK_SD};
    char             line[4096];

    (void)state;
    test_must("party suspend -C @/a " CODE, 0);
    test_must("trust publish -C @/a --output @/t2", 0);
    begin(&asked);
    snprintf(line, sizeof line,
             "wallet present --local --trust @/t2/bundle.cose --trust-anchor "
             "@/t2/trust-root.pem " YES "'%s'",
             ver_link(&party));
    int code = test_type(line)->code;
    ver_stop(&party);
    assert_int_equal(code, 3);
    assert_int_equal(party.posts, 0);
    test_says("was suspended");
}

/* ---- at a terminal ------------------------------------------------------ */

static void at_terminal(int terminal, const char *line)
{
    char  name[] = "yaopai", program[4200];
    char *words[64] = {name};

    setsid();
    int fd = open(ptsname(terminal), O_RDWR); /* which becomes its own */
    dup2(fd, 0);
    dup2(fd, 1);
    dup2(fd, 2);
    (void)test_split(line, words + 1, 62);
    snprintf(program, sizeof program, "%s/yaopai", getenv("YAOPAI_BUILD"));
    execv(program, words);
    _exit(127);
}

/* Run LINE and type ANSWERS; what it said, until its end. */
static int converse(const char *line, const char *answers, char *out,
                    size_t cap)
{
    int     terminal = posix_openpt(O_RDWR | O_NOCTTY), status = 0;
    size_t  len      = 0;
    ssize_t got;

    assert_true(terminal >= 0);
    assert_int_equal(grantpt(terminal), 0);
    assert_int_equal(unlockpt(terminal), 0);
    assert_true(write(terminal, answers, strlen(answers)) > 0);
    pid_t child = fork();
    if (child == 0)
        at_terminal(terminal, line);
    while (len < cap - 1 &&
           (got = read(terminal, out + len, cap - 1 - len)) > 0)
        len += (size_t)got;
    out[len] = '\0';
    close(terminal);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const struct talk {
    const char *name, *folder, *answers, *says;
    int         code;
    size_t      shown;
} talks[] = {
    {"accepts a yes, and a yes to what may be left out", "w", "y\ny\n",
     "Show it too?", 0, 2},
    {"accepts a yes, and leaves out what may be", "w", "n\ny\n", "Full name", 0,
     1},
    {"refuses with a no", "w", "y\nn\n", "you did not agree", 3, 0},
    {"gives N218: a moment to who has nothing, too", "empty", "\n",
     "Press Enter", 7, 0},
};

static void talk_case(void **state)
{
    static const row   asked = {.query = SETS};
    static char        out[16384];
    const struct talk *t = *state;
    char               line[4096];
    yao_vp_verdict     verdict;

    if (getenv("YAOPAI_BUILD") == NULL)
        skip();
    begin(&asked);
    snprintf(line, sizeof line, PRESENT "-C @/%s '%s'", t->folder,
             ver_link(&party));
    int code = converse(line, t->answers, out, sizeof out);
    ver_stop(&party);
    if (code != t->code || strstr(out, t->says) == NULL)
        print_message("# %s\n", out);
    assert_int_equal(code, t->code);
    assert_non_null(strstr(out, t->says));
    assert_int_equal(party.posts, 1);
    if (t->shown == 0)
        return;
    assert_status(ver_judge(&party, "t", &verdict), YAO_OK);
    assert_int_equal(verdict.count, t->shown);
}

/* ---- a picture, a file -------------------------------------------------- */

static void from_file(void **state)
{
    static const row asked = {.query = ASK_SD};

    (void)state;
    begin(&asked);
    test_write("link.txt", yao_text_bytes(yao_text_of(ver_link(&party))));
    int code = test_type(PRESENT YES "@/link.txt")->code;
    ver_stop(&party);
    assert_int_equal(code, 0);
    assert_true(was_accepted());
}

static void write_picture(const char *name, const char *text)
{
    enum { PICTURE = 1 << 20 };
    uint8_t   *room = yao_arena_take(test_arena(), PICTURE);
    yao_writer w    = yao_writer_open(room, PICTURE);
    qr_code    code;

    assert_status(qr_encode(yao_text_bytes(yao_text_of(text)), QR_LEVEL_L,
                            test_arena(), &code),
                  YAO_OK);
    assert_status(qr_write_png(&code, &w), YAO_OK);
    test_write(name, (yao_bytes){room, w.len});
}

static void from_picture(void **state)
{
    static const row asked = {.query = ASK_SD};

    (void)state;
    begin(&asked);
    write_picture("link.png", ver_link(&party));
    int code = test_type(PRESENT YES "--image @/link.png")->code;
    ver_stop(&party);
    assert_int_equal(code, 0);
    assert_true(was_accepted());

    test_must(PRESENT YES "--image @/passphrase", 2);
    test_must(PRESENT YES "--image @/link.png --profile hotel", 1);
    test_says("is enough");
    test_must(PRESENT YES, 1);
    test_says("neither a link nor a profile");
}

int main(void)
{
    test_add("present", "accepts what an authority issues", prepare, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("present", rows[i].name, one_row, &rows[i]);
    test_add("present", "gives N218: the same bytes for no and for nothing",
             same_bytes, NULL);
    test_add("present", "never shows what may be left out, unasked",
             leaves_out, NULL);
    test_add("present", "gives what became of it, to keep", remembers, NULL);
    test_add("present", "never opens a page by itself", opens, NULL);
    test_add("present", "accepts a link in a file", from_file, NULL);
    test_add("present", "accepts a picture of a link", from_picture, NULL);
    test_add("present", "accepts without a list what the certificate says, "
             "and no more", without_list, NULL);
    for (size_t i = 0; i < COUNT(talks); i++)
        test_add("terminal", talks[i].name, talk_case, &talks[i]);
    test_add("present", "gives each copy away once", spends, NULL);
    test_add("present", "refuses one who was suspended", suspended, NULL);

    int code = test_run("journeys/present");
    test_scratch_remove();
    return code;
}
