/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes with an access token, and who does not get in. */

#include "as_world.h"

typedef struct visit {
    as_wallet w;
    yao_text  token, other; /* OTHER: of another grant */
} visit;

typedef as_request (*approach)(const visit *v);

#define APPROACH(name)                                                         \
    static as_request name(const visit *v)                                     \
    {                                                                          \
        as_request r = as_resource(&v->w, v->token);

#define DONE                                                                   \
    return r;                                                                  \
    }

static void set_header(as_request *r, const char *name, yao_bytes value)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (yao_text_equal(r->headers[i].name, yao_text_of(name))) {
            r->headers[i].value = (yao_text){value.ptr, value.len};
            return;
        }
    as_header(r, name, value);
}

static yao_bytes join(const char *before, yao_text text)
{
    yao_writer w = yao_writer_in(test_arena());

    yao_put_text(&w, before);
    yao_put_bytes(&w, yao_text_bytes(text));
    return as_keep(&w, test_arena());
}

APPROACH(as_it_should_be)
DONE

APPROACH(small_scheme)
    set_header(&r, "authorization", join("dpop ", v->token));
DONE

APPROACH(capital_scheme)
    set_header(&r, "authorization", join("DPOP ", v->token));
DONE

APPROACH(unknown_query)
    r.query = YAO_TEXT("a=b");
DONE

APPROACH(as_bearer)
    set_header(&r, "authorization", join("Bearer ", v->token));
DONE

static as_request bearer_alone(const visit *v)
{
    as_request r = {.method = "POST", .path = "/credential",
                    .arena  = test_arena()};

    as_header(&r, "authorization", join("Bearer ", v->token));
    return r;
}

APPROACH(without_proof)
    r.header_count--;
DONE

static as_request without_token(const visit *v)
{
    as_request r = {.method = "POST", .path = "/credential",
                    .arena  = test_arena()};

    as_prove(&r, &v->w, AS_URL "/credential", v->token);
    return r;
}

APPROACH(in_query)
    r.query = (yao_text){NULL, 0};
    yao_bytes text = join("x=1&access_token=", v->token);
    r.query = (yao_text){text.ptr, text.len};
DONE

static as_request in_query_alone(const visit *v)
{
    as_request r    = without_token(v);
    yao_bytes  text = join("access_token=", v->token);

    r.query = (yao_text){text.ptr, text.len};
    return r;
}

static as_request in_form(const visit *v)
{
    as_request r = without_token(v);

    as_header(&r, "content-type",
              YAO_LIT("application/x-www-form-urlencoded"));
    r.body = join("access_token=", v->token);
    return r;
}

APPROACH(two_authorizations)
    as_header(&r, "authorization", join("DPoP ", v->token));
DONE

APPROACH(two_proofs)
    as_prove(&r, &v->w, AS_URL "/credential", v->token);
DONE

APPROACH(other_key)
    as_wallet w = v->w;
    w.dpop = 3;
    r.header_count--;
    as_prove(&r, &w, AS_URL "/credential", v->token);
DONE

APPROACH(other_ath)
    r.header_count--;
    as_prove(&r, &v->w, AS_URL "/credential", v->other);
DONE

APPROACH(no_ath)
    r.header_count--;
    as_prove(&r, &v->w, AS_URL "/credential", (yao_text){NULL, 0});
DONE

APPROACH(other_place)
    r.header_count--;
    as_prove(&r, &v->w, AS_URL "/token", v->token);
DONE

APPROACH(other_spelling)
    r.header_count--;
    as_prove(&r, &v->w, "HTTPS://Authority.Example:443/issuer1/cred%65ntial",
             v->token);
DONE

APPROACH(other_method)
    as_request get = {.method = "GET"};
    r.header_count--;
    as_prove(&get, &v->w, AS_URL "/credential", v->token);
    as_header(&r, "dpop", yao_text_bytes(get.headers[0].value));
DONE

APPROACH(hour_late)
    r.header_count--;
    as_now -= 3600;
    as_prove(&r, &v->w, AS_URL "/credential", v->token);
    as_now += 3600;
DONE

APPROACH(hour_ahead)
    r.header_count--;
    as_now += 3600;
    as_prove(&r, &v->w, AS_URL "/credential", v->token);
    as_now -= 3600;
DONE

APPROACH(ten_seconds_ahead)
    r.header_count--;
    as_now += 10;
    as_prove(&r, &v->w, AS_URL "/credential", v->token);
    as_now -= 10;
DONE

APPROACH(ten_seconds_late)
    r.header_count--;
    as_now -= 10;
    as_prove(&r, &v->w, AS_URL "/credential", v->token);
    as_now += 10;
DONE

APPROACH(unknown_token)
    set_header(&r, "authorization",
               YAO_LIT("DPoP 0123456789012345678901234567890123456789012"));
DONE

APPROACH(empty_token)
    set_header(&r, "authorization", YAO_LIT("DPoP "));
DONE

/* A bit of the signature. */
APPROACH(flipped)
    yao_text  proof = r.headers[r.header_count - 1].value;
    yao_bytes copy;
    assert_status(
        yao_arena_keep(test_arena(), yao_text_bytes(proof), &copy), YAO_OK);
    uint8_t *letter = test_arena()->base +
                      (copy.ptr - test_arena()->base) + copy.len - 40;
    *letter = *letter == 'A' ? 'B' : 'A';
    set_header(&r, "dpop", copy);
DONE

static const struct row {
    const char *name;
    approach    come;
    const char *error; /* NULL: is let in */
} rows[] = {
    {"accepts token and proof", as_it_should_be, NULL},
    {"accepts the scheme in small letters", small_scheme, NULL},
    {"accepts the scheme in capitals", capital_scheme, NULL},
    {"accepts a query that says something else", unknown_query, NULL},
    {"accepts another spelling of the address", other_spelling, NULL},
    {"accepts a clock ten seconds ahead", ten_seconds_ahead, NULL},
    {"accepts a clock ten seconds late", ten_seconds_late, NULL},
    {"N192 refuses the token as Bearer", as_bearer, "invalid_token"},
    {"N192 refuses Bearer without a proof", bearer_alone, "invalid_token"},
    {"N191 refuses no proof", without_proof, "invalid_dpop_proof"},
    {"refuses no token", without_token, "invalid_token"},
    {"refuses an empty token", empty_token, "invalid_token"},
    {"refuses a token of nobody", unknown_token, "invalid_token"},
    {"N166 refuses a token in the query too", in_query, "invalid_token"},
    {"N166 refuses a token in the query", in_query_alone, "invalid_token"},
    {"N166 refuses a token in a form", in_form, "invalid_token"},
    {"N191 refuses two Authorization headers", two_authorizations,
     "invalid_token"},
    {"N191 refuses two proofs", two_proofs, "invalid_dpop_proof"},
    {"N199 refuses a proof of another key", other_key, "invalid_dpop_proof"},
    {"N199 refuses a proof for another token", other_ath,
     "invalid_dpop_proof"},
    {"N191 refuses a proof for no token", no_ath, "invalid_dpop_proof"},
    {"N191 refuses a proof for another address", other_place,
     "invalid_dpop_proof"},
    {"N191 refuses a proof for another method", other_method,
     "invalid_dpop_proof"},
    {"N191 refuses a proof an hour old", hour_late, "invalid_dpop_proof"},
    {"N191 refuses a proof an hour ahead", hour_ahead, "invalid_dpop_proof"},
    {"N191 refuses a wrong signature", flipped, "invalid_dpop_proof"},
};

static visit make_visit(void)
{
    visit     v     = {.w = as_new_wallet("suite-wallet-1", 2)};
    as_answer one   = as_take_offer(&v.w, as_offer(NULL), NULL);
    as_answer other = as_take_offer(&v.w, as_offer(NULL), NULL);

    v.token = as_member(&one, "access_token");
    v.other = as_member(&other, "access_token");
    return v;
}

static void come(void **state)
{
    const struct row *row = *state;

    as_open();
    visit      v   = make_visit();
    as_request r   = row->come(&v);
    as_visit   got = as_knock(&r);
    assert_int_equal(got.open, row->error == NULL);
    if (row->error != NULL) {
        as_expect(got.answer, 401, row->error);
        assert_true(yao_bytes_starts(
            yao_text_bytes(as_reply_header(&got.answer, "WWW-Authenticate")),
            YAO_LIT("DPoP error=\"")));
    }
    as_close();
}

/* ---- once ---- */

static void refuses_twice(void **state)
{
    (void)state;
    as_open();
    visit      v = make_visit();
    as_request r = as_resource(&v.w, v.token);
    assert_true(as_knock(&r).open);
    as_visit again = as_knock(&r);
    assert_false(again.open);
    as_expect(again.answer, 401, "invalid_dpop_proof");
    as_close();
}

/* A proof from the future is good for longer, and so remembered for longer. */
static void refuses_twice_at_edge(void **state)
{
    (void)state;
    as_open();
    as_set(SETTING_ACCESS_SECONDS, "3600");
    visit v = make_visit();
    as_now += 60;
    as_request r = as_resource(&v.w, v.token);
    as_now -= 60;
    assert_true(as_knock(&r).open);
    for (int64_t at = 0; at <= 60 + VCI_PROOF_WINDOW + 60 + 2; at++) {
        store_change forget = store_change_open(test_arena());
        as_now++;
        if (at % 30 != 0 && at < 60 + VCI_PROOF_WINDOW + 55)
            continue;
        store_forget_once(&forget, as_now);
        assert_status(store_commit(as_first.store, &forget), YAO_OK);
        assert_false(as_knock(&r).open);
    }
    as_close();
}

/* Somebody else's key and the same jti: both get in. */
static void gives_same_jti_of_other(void **state)
{
    yao_oauth_unsigned token;
    as_wallet          thief = as_new_wallet("suite-wallet-2", 3);

    (void)state;
    as_open();
    visit     v      = make_visit();
    as_answer theirs = as_take_offer(&thief, as_offer(NULL), NULL);
    for (int key = 3; key >= 2; key--) {
        yao_text   own = key == 3 ? as_member(&theirs, "access_token")
                                  : v.token;
        as_request r   = {.method = "POST", .path = "/credential",
                          .arena  = test_arena()};
        const yao_dpop_request q = {
            .alg    = YAO_ES256,
            .key    = yao_openssl_key_public(forge_key(key)),
            .method = YAO_TEXT("POST"),
            .uri    = YAO_TEXT(AS_URL "/credential"),
            .jti    = YAO_TEXT("the same"),
            .iat    = as_now,
            .token  = own};
        assert_status(yao_dpop_make(test_arena(), &q, forge_crypto(), &token),
                      YAO_OK);
        as_header(&r, "authorization", join("DPoP ", own));
        as_header(&r, "dpop", as_finish(test_arena(), &token, key));
        assert_true(as_knock(&r).open);
    }
    as_close();
}

static void refuses_other_persons(void **state)
{
    as_wallet thief = as_new_wallet("suite-wallet-2", 3);

    (void)state;
    as_open();
    visit    v   = make_visit();
    as_visit got = as_visit_with(&thief, v.token);
    as_expect(got.answer, 401, "invalid_dpop_proof");
    as_close();
}

static const struct {
    const char        *group, *name;
    CMUnitTestFunction run;
} others[] = {
    {"proof", "N193, N236 refuses the same proof again", refuses_twice},
    {"proof", "N194 refuses one from the future for as long as it is good",
     refuses_twice_at_edge},
    {"proof", "N195 accepts a jti that somebody else used up",
     gives_same_jti_of_other},
    {"proof", "N199 refuses another wallet's token", refuses_other_persons},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("access", rows[i].name, come, &rows[i]);
    for (size_t i = 0; i < COUNT(others); i++)
        test_add(others[i].group, others[i].name, others[i].run, NULL);
    int code = test_run("authority/vci/access");
    test_scratch_remove();
    return code;
}
