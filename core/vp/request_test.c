/* SPDX-License-Identifier: Apache-2.0 */
/* Requests as a wallet reads them: one that is good, with one thing changed in
 * each row and signed again. */
#include "vp/request.h"

#include "check.h"
#include "vp_world.h"

/* What else is so, as bits. */
enum {
    HEADER    = 1 << 0, /* the change is in the header */
    PLAIN_OK  = 1 << 1, /* answers that are not encrypted will do */
    DCAPI     = 1 << 2, /* through the browser's API */
    SAN       = 1 << 3, /* x509_san_dns */
    OTHER_KEY_SIGNS = 1 << 4,
    NO_ANCHOR = 1 << 5,
    POSTED    = 1 << 6, /* a nonce of the wallet was posted */
    LOCAL     = 1 << 7, /* this machine will do */
    LATER     = 1 << 8, /* read an hour later */
    NAMED     = 1 << 9, /* we have a name of our own */
    UNTOLD    = 1 << 10, /* the refusal may not be told to anybody */
    LINKED    = 1 << 11, /* the link said another client_id */
    TOMORROW  = 1 << 12,
    SIGNER    = 1 << 13, /* the certificate is a document signer's */
    WITH_ROOT = 1 << 14, /* the root stands in x5c */
    PLAIN     = 1 << 15  /* direct_post, dc_api */
};

typedef struct row {
    const char     *name;
    unsigned        flags;
    const char     *from, *to; /* NULL: unchanged */
    yao_status      want;
    yao_oauth_error error;
} row;

#define BAD YAO_OAUTH_INVALID_REQUEST
#define WHO YAO_OAUTH_INVALID_CLIENT

#define JWKS_AT "\"jwks\":{\"keys\":[{"
#define NONCE   "\"nonce\":\"" VP_NONCE "\""
#define STATE   "\"state\":\"" VP_STATE "\""
#define REPLY   "\"response_uri\":\"" VP_REPLY "\""
#define MODE    "\"response_mode\":\"direct_post.jwt\""
#define AUD     "\"aud\":\"https://self-issued.me/v2\""
#define TX(json) "\"transaction_data\":[" json "],\"aud\""

/* {"type":"payment","credential_ids":["sd"],"amount":"7"} and others */
#define PAY                                                                    \
    "\"eyJ0eXBlIjoicGF5bWVudCIsImNyZWRlbnRpYWxfaWRzIjpbInNkIl0sImFtb3VudCI6Ij" \
    "cifQ\""
/* "type":"loan" */
#define LOAN                                                                   \
    "\"eyJ0eXBlIjoibG9hbiIsImNyZWRlbnRpYWxfaWRzIjpbInNkIl19\""
/* "fee":"9" beside what is known */
#define FEE                                                                    \
    "\"eyJ0eXBlIjoicGF5bWVudCIsImNyZWRlbnRpYWxfaWRzIjpbInNkIl0sImZlZSI6IjkifQ\""
/* "credential_ids":["x"] */
#define NOBODYS                                                                \
    "\"eyJ0eXBlIjoicGF5bWVudCIsImNyZWRlbnRpYWxfaWRzIjpbIngiXX0\""
/* no credential_ids */
#define NO_IDS "\"eyJ0eXBlIjoicGF5bWVudCJ9\""
/* "transaction_data_hashes_alg":["sha-512"] */
#define OTHER_HASH                                                             \
    "\"eyJ0eXBlIjoicGF5bWVudCIsImNyZWRlbnRpYWxfaWRzIjpbInNkIl0sInRyYW5zYWN0aW" \
    "9uX2RhdGFfaGFzaGVzX2FsZyI6WyJzaGEtNTEyIl19\""

/* "transaction_data_hashes_alg":[] */
#define NO_HASH                                                                \
    "\"eyJ0eXBlIjoicGF5bWVudCIsImNyZWRlbnRpYWxfaWRzIjpbInNkIl0sInRyYW5zYWN0aW" \
    "9uX2RhdGFfaGFzaGVzX2FsZyI6W119\""
/* "credential_ids":["mdl"] */
#define BY_MDOC                                                                \
    "\"eyJ0eXBlIjoicGF5bWVudCIsImNyZWRlbnRpYWxfaWRzIjpbIm1kbCJdfQ\""
/* "amount":{"cny":"7"} */
#define IN_PARTS                                                               \
    "\"eyJ0eXBlIjoicGF5bWVudCIsImNyZWRlbnRpYWxfaWRzIjpbInNkIl0sImFtb3VudCI6ey" \
    "JjbnkiOiI3In19\""

/*
 * What a wallet refuses, and where a row of it is; "here" is this table.
 *
 *   OpenID4VP 1.0
 *   5      request and request_uri; in the request       link_test; here
 *   5.1    a query missing, scope, both                  here
 *   5.1    transaction_data: type, field, hash, document here
 *   5.1    verifier_info of another shape                here
 *          ours, of others, over, forged                 statement_test
 *   5.1    client_metadata: keys, encryption, formats    here
 *   5.2    nonce missing, short, other letters           here
 *   5.3    state: letters; missing without a proof       here
 *   5.4    response_type, response_mode                  here
 *   5.7    redirect_uri beside response_uri              here
 *   5.8    aud missing, another                          here
 *   5.9    client_id: outside and inside, none           here
 *   5.9.3  prefixes: none, unknown, origin:,
 *          redirect_uri: signed, the hash, the names     here
 *          redirect_uri: unsigned                        link_test
 *   5.9.3  response_uri of another host, address         here; link_test
 *   5.10   typ; x5c; chain; root in it; signature        here
 *   5.10   request_uri_method; without request_uri       link_test
 *   5.10   wallet_nonce missing, another, unasked        here; present_test
 *   5.10   a redirect of request_uri, another type       present_test
 *   8.2    a redirect of response_uri, its redirect_uri  present_test
 *   8.3    an answer that would not be encrypted         here
 *   8.5    nothing is told before it is known to whom    present_test
 *   A.2    response_mode of links, and of pages          here
 *   A.3.1  unsigned, where a signature is wanted         link_test
 *   A.3.2  expected_origins missing, another, too many   here
 *   A.3.2  several signatures                            link_test
 *   B.2.1  a transaction that only an mdoc could bear    here; agreed_test
 *   TS 18013-7 annex C, reader authentication            iso_asked_test
 *   HAIP 1.0: x509_hash, encryption; registration        here; registered_test
 *   RFC 9101 6.1, RFC 7519: exp, nbf, iat                here
 */
static const row rows[] = {
    {"accepts a good request", 0, NULL, NULL, YAO_OK, 0},
    {"accepts one for this wallet by its name", NAMED, AUD,
     "\"aud\":\"https://wallet.example\"", YAO_OK, 0},
    {"accepts aud in an array of one", 0, AUD,
     "\"aud\":[\"https://self-issued.me/v2\"]", YAO_OK, 0},
    {"accepts x509_san_dns", SAN, NULL, NULL, YAO_OK, 0},
    {"accepts a parameter that nobody knows, and another iss", 0, "{\"client",
     "{\"x\":[1],\"iss\":\"https://other.example\",\"client", YAO_OK, 0},
    {"accepts that there is no state", 0, STATE ",", "", YAO_OK, 0},
    {"accepts that there are no dates", 0,
     ",\"iat\":1795305600,\"exp\":1795305900", "", YAO_OK, 0},
    {"accepts a wallet_nonce that was posted", POSTED, "{\"client",
     "{\"wallet_nonce\":\"ours-ours-ours\",\"client", YAO_OK, 0},
    {"accepts a response_uri of this machine where that will do", LOCAL, REPLY,
     "\"response_uri\":\"http://desk.localhost:8442/r\"", YAO_OK, 0},
    {"accepts an answer in clear where that will do", PLAIN | PLAIN_OK, NULL,
     NULL, YAO_OK, 0},
    {"accepts one through the browser", DCAPI, NULL, NULL, YAO_OK, 0},
    {"accepts one through the browser, in clear",
     DCAPI | PLAIN | PLAIN_OK, NULL, NULL, YAO_OK, 0},

    /* who signed */
    {"refuses N205: the signature of another key", OTHER_KEY_SIGNS | UNTOLD,
     NULL, NULL, YAO_E_BAD_SIGNATURE, WHO},
    {"refuses N205: alg none", HEADER | UNTOLD, "\"ES256\"", "\"none\"",
     YAO_E_ALGORITHM, BAD},
    {"refuses N205: alg HS256", HEADER | UNTOLD, "\"ES256\"", "\"HS256\"",
     YAO_E_ALGORITHM, BAD},
    {"refuses N205: an algorithm of another curve than the key's",
     HEADER | UNTOLD, "\"ES256\"", "\"ES384\"", YAO_E_ALGORITHM, WHO},
    {"refuses another typ", HEADER | UNTOLD, "oauth-authz-req+jwt", "JWT",
     YAO_E_HEADER, BAD},
    {"refuses no typ", HEADER | UNTOLD, "\"typ\":\"oauth-authz-req+jwt\",", "",
     YAO_E_HEADER, BAD},
    {"refuses typ in other letters", HEADER | UNTOLD, "oauth-authz-req+jwt",
     "OAuth-authz-req+jwt", YAO_E_HEADER, BAD},
    {"refuses no x5c", HEADER | UNTOLD, "\"x5c\"", "\"x\"", YAO_E_MISSING,
     WHO},
    {"refuses N206: nobody is trusted", NO_ANCHOR | UNTOLD, NULL, NULL,
     YAO_E_UNTRUSTED, WHO},
    {"refuses N206: the root in the chain", WITH_ROOT | UNTOLD, NULL, NULL,
     YAO_E_UNTRUSTED, WHO},
    {"refuses N206: a certificate that is no reader's", SIGNER | UNTOLD, NULL,
     NULL, YAO_E_UNTRUSTED, WHO},
    {"refuses N206: the hash of another certificate", UNTOLD, "x509_hash:",
     "x509_hash:A", YAO_E_MISMATCH, WHO},
    {"refuses N206: a name of another certificate", SAN | UNTOLD,
     "x509_san_dns:desk", "x509_san_dns:task", YAO_E_MISMATCH, WHO},
    {"refuses N207: the prefix dropped", UNTOLD, "x509_hash:", "",
     YAO_E_VALUE, BAD},
    {"refuses N207: origin:", UNTOLD, "x509_hash:", "origin:", YAO_E_VALUE,
     BAD},
    {"refuses N207: an unknown prefix", UNTOLD, "x509_hash:", "did:",
     YAO_E_VALUE, BAD},
    {"refuses N207: nothing behind the prefix", UNTOLD,
     "\"client_id\":\"x509_hash:", "\"client_id\":\"x509_hash:\",\"x\":\"",
     YAO_E_VALUE, BAD},
    {"refuses N207: redirect_uri:, signed", UNTOLD, "x509_hash:",
     "redirect_uri:", YAO_E_REFUSED, WHO},
    {"refuses N207: another client_id than the link's", LINKED | UNTOLD, NULL,
     NULL, YAO_E_MISMATCH, BAD},
    {"refuses no client_id", UNTOLD, "client_id", "client", YAO_E_MISSING,
     WHO},
    {"refuses client_id that is a number", UNTOLD, "\"client_id\":\"",
     "\"client_id\":7,\"x\":\"", YAO_E_MALFORMED, WHO},

    /* how it is answered */
    {"refuses no response_type", UNTOLD, "response_type", "x", YAO_E_MISSING,
     BAD},
    {"refuses another response_type", UNTOLD, "\"vp_token\"",
     "\"vp_token id_token\"", YAO_E_VALUE,
     YAO_OAUTH_UNSUPPORTED_RESPONSE_TYPE},
    {"refuses no response_mode", UNTOLD, "response_mode", "x", YAO_E_MISSING,
     BAD},
    {"refuses fragment", UNTOLD, MODE, "\"response_mode\":\"fragment\"",
     YAO_E_VALUE, BAD},
    {"refuses dc_api.jwt in a link", UNTOLD, MODE,
     "\"response_mode\":\"dc_api.jwt\"", YAO_E_VALUE, BAD},
    {"refuses N213: an answer in clear", UNTOLD, MODE,
     "\"response_mode\":\"direct_post\"", YAO_E_REFUSED, BAD},
    {"refuses direct_post.jwt through the browser", DCAPI | UNTOLD,
     "\"dc_api.jwt\"", "\"direct_post.jwt\"", YAO_E_VALUE, BAD},
    {"refuses no response_uri", UNTOLD, "response_uri", "x", YAO_E_MISSING,
     BAD},
    {"refuses N210: response_uri by http", UNTOLD, "https://desk.example/r",
     "http://desk.example/r", YAO_E_VALUE, BAD},
    {"refuses N210: response_uri with a user", UNTOLD, "https://desk.example",
     "https://u@desk.example", YAO_E_VALUE, BAD},
    {"refuses N210: response_uri by an address", UNTOLD,
     "https://desk.example", "https://10.0.0.7", YAO_E_VALUE, BAD},
    {"refuses N210: response_uri with a fragment", UNTOLD, "reply/1",
     "reply#1", YAO_E_VALUE, BAD},
    {"refuses N210: response_uri of another host than the client's",
     SAN | UNTOLD, "https://desk.example", "https://thief.example",
     YAO_E_MISMATCH, BAD},
    {"refuses N210: response_uri of a host below the client's", SAN | UNTOLD,
     "https://desk.example", "https://a.desk.example", YAO_E_MISMATCH, BAD},
    {"refuses N210: this machine, in the world", UNTOLD,
     "https://desk.example", "https://localhost", YAO_E_VALUE, BAD},
    {"refuses N209: redirect_uri beside response_uri", 0, "{\"client",
     "{\"redirect_uri\":\"https://desk.example/b\",\"client",
     YAO_E_DUPLICATE, BAD},
    {"refuses a request in the request", 0, "{\"client",
     "{\"request_uri\":\"https://desk.example/b\",\"client",
     YAO_E_DUPLICATE, BAD},

    /* nonce, state */
    {"refuses N208: no nonce", 0, NONCE, "\"x\":1", YAO_E_MISSING, BAD},
    {"refuses N208: an empty nonce", 0, NONCE, "\"nonce\":\"\"",
     YAO_E_MALFORMED, BAD},
    {"refuses N208: a nonce of five letters", 0, NONCE, "\"nonce\":\"abcde\"",
     YAO_E_VALUE, BAD},
    {"refuses N208: a nonce of other letters", 0, NONCE,
     "\"nonce\":\"n\xc3\xb6nceN0nceN0nceN\"", YAO_E_VALUE, BAD},
    {"refuses a nonce with a blank", 0, NONCE,
     "\"nonce\":\"n0nce N0nceN0nce\"", YAO_E_VALUE, BAD},
    {"refuses a nonce that is a number", 0, NONCE,
     "\"nonce\":1234567890123456", YAO_E_MALFORMED, BAD},
    {"refuses state with other letters", 0, STATE, "\"state\":\"a&b=c\"",
     YAO_E_VALUE, BAD},
    {"refuses state that is an array", 0, STATE, "\"state\":[\"a\"]",
     YAO_E_MALFORMED, BAD},
    {"refuses no state where a document comes without a proof", 0,
     STATE ",\"dcql_query\":{\"credentials\":[{",
     "\"dcql_query\":{\"credentials\":[{"
     "\"require_cryptographic_holder_binding\":false,",
     YAO_E_MISSING, BAD},

    /* for whom, when */
    {"refuses N212: no aud", 0, AUD ",", "", YAO_E_MISSING, BAD},
    {"refuses N212: another aud", 0, AUD, "\"aud\":\"https://w.example\"",
     YAO_E_MISMATCH, BAD},
    {"refuses N212: aud of us and another", 0, AUD,
     "\"aud\":[\"https://self-issued.me/v2\",\"https://w.example\"]",
     YAO_E_MISMATCH, BAD},
    {"refuses N234: a request that is over", LATER, NULL, NULL, YAO_E_EXPIRED,
     BAD},
    {"refuses N234: an old one without an end", TOMORROW,
     ",\"exp\":1795305900", "", YAO_E_EXPIRED, BAD},
    {"refuses a request of tomorrow", 0, "\"iat\":1795305600",
     "\"iat\":1795392000", YAO_E_NOT_YET_VALID, BAD},
    {"refuses nbf that lies ahead", 0, "\"iat\":", "\"nbf\":1795392000,\"iat\":",
     YAO_E_NOT_YET_VALID, BAD},
    {"refuses exp that is no number", 0, "\"exp\":", "\"exp\":\"x\",\"x\":",
     YAO_E_MALFORMED, BAD},
    {"refuses exp before time began", 0, "\"exp\":", "\"exp\":-1,\"x\":",
     YAO_E_MALFORMED, BAD},
    {"refuses exp beyond the end of time", 0, "\"exp\":",
     "\"exp\":253402300800,\"x\":", YAO_E_MALFORMED, BAD},
    {"refuses iat with a fraction", 0, "\"iat\":", "\"iat\":1.5,\"x\":",
     YAO_E_MALFORMED, BAD},
    {"refuses N212: no wallet_nonce where one was posted", POSTED, NULL, NULL,
     YAO_E_MISSING, BAD},
    {"refuses N212: another wallet_nonce", POSTED, "{\"client",
     "{\"wallet_nonce\":\"another-nonce\",\"client", YAO_E_MISMATCH, BAD},
    {"refuses N212: a wallet_nonce where none was posted", 0, "{\"client",
     "{\"wallet_nonce\":\"ours-ours-ours\",\"client", YAO_E_MISMATCH, BAD},
    {"refuses no expected_origins", DCAPI | UNTOLD, "expected_origins", "x",
     YAO_E_MISSING, BAD},
    {"refuses empty expected_origins", DCAPI | UNTOLD,
     "[\"https://other.example\",\"https://desk.example\"]", "[]",
     YAO_E_MISSING, BAD},
    {"refuses expected_origins without this page", DCAPI | UNTOLD,
     "\"https://desk.example\"", "\"https://desk.example/\"", YAO_E_MISMATCH,
     BAD},
    {"refuses seventeen expected_origins", DCAPI | UNTOLD,
     "[\"https://other.example\"",
     "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,\"https://other.example\"",
     YAO_E_LIMIT, BAD},
    {"refuses expected_origins that are one string", DCAPI | UNTOLD,
     "[\"https://other.example\",\"https://desk.example\"]",
     "\"https://desk.example\"", YAO_E_MALFORMED, BAD},
    {"refuses expected_origins with a number", DCAPI | UNTOLD,
     "[\"https://other.example\"", "[7", YAO_E_MALFORMED, BAD},

    /* what */
    {"refuses N214: no dcql_query", 0, "dcql_query", "x", YAO_E_MISSING, BAD},
    {"refuses N214: scope beside it", 0, "{\"client",
     "{\"scope\":\"id\",\"client", YAO_E_DUPLICATE, BAD},
    {"refuses N214: scope in its place", 0, "\"dcql_query\":{",
     "\"scope\":\"id\",\"x\":{", YAO_E_UNSUPPORTED, YAO_OAUTH_INVALID_SCOPE},
    {"refuses N214: an id twice", 0, "\"id\":\"mdl\"", "\"id\":\"sd\"",
     YAO_E_DUPLICATE, BAD},
    {"refuses dcql_query that is a string", 0, "\"dcql_query\":{",
     "\"dcql_query\":\"\",\"x\":{", YAO_E_MALFORMED, BAD},

    /* client_metadata */
    {"refuses no client_metadata where a key is needed", 0, "client_metadata",
     "x", YAO_E_MISSING, BAD},
    {"refuses no jwks", 0, "\"jwks\"", "\"x\"", YAO_E_MISSING, BAD},
    {"refuses N213: no key that we can use", 0, "\"kty\":\"EC\"",
     "\"kty\":\"AKP\"", YAO_E_MISSING, BAD},
    {"accepts N213: a key that we can use behind one that we cannot", 0,
     JWKS_AT, JWKS_AT "\"kty\":\"AKP\",\"kid\":\"q\",\"alg\":\"ML-KEM-768\","
     "\"pub\":\"AAAA\"},{", YAO_OK, 0},
    {"accepts a key without use", 0, "\"use\":\"enc\",", "", YAO_OK, 0},
    {"refuses a key without a name", 0, "\"kid\"", "\"x5t\"", YAO_E_MISSING,
     BAD},
    {"refuses a key for signatures", 0, "\"use\":\"enc\"", "\"use\":\"sig\"",
     YAO_E_MISSING, BAD},
    {"refuses a key for another agreement", 0, "\"ECDH-ES\"",
     "\"ECDH-ES+A128KW\"", YAO_E_MISSING, BAD},
    {"refuses keys that are no array", 0, "\"keys\":[", "\"keys\":7,\"x\":[",
     YAO_E_MALFORMED, BAD},
    {"accepts A128GCM alone", 0, "[\"A128GCM\",\"A256GCM\"]", "[\"A128GCM\"]",
     YAO_OK, 0},
    {"accepts A128GCM where nothing is said", 0,
     "\"encrypted_response_enc_values_supported\"", "\"x\"", YAO_OK, 0},
    {"refuses encryption that we do not have", 0, "[\"A128GCM\",\"A256GCM\"]",
     "[\"A128CBC-HS256\"]", YAO_E_UNSUPPORTED, BAD},
    {"refuses encryptions that are no array", 0, "[\"A128GCM\",\"A256GCM\"]",
     "\"A256GCM\"", YAO_E_MALFORMED, BAD},
    {"accepts that no formats are said", 0, "\"vp_formats_supported\"",
     "\"x\"", YAO_OK, 0},
    {"refuses formats that we do not have", 0,
     "\"vp_formats_supported\":{", "\"vp_formats_supported\":{\"ldp_vc\":{}},"
     "\"x\":{", YAO_E_UNSUPPORTED, YAO_OAUTH_VP_FORMATS_NOT_SUPPORTED},
    {"refuses formats that are no object", 0, "\"vp_formats_supported\":{",
     "\"vp_formats_supported\":[],\"x\":{", YAO_E_MALFORMED, BAD},

    /* transactions */
    {"accepts a transaction that we know", 0, "\"aud\"", TX(PAY), YAO_OK, 0},
    {"refuses N215: one of an unknown type", 0, "\"aud\"", TX(LOAN),
     YAO_E_NOT_AUTHORISED, YAO_OAUTH_INVALID_TRANSACTION_DATA},
    {"refuses N215: one with an unknown field", 0, "\"aud\"", TX(FEE),
     YAO_E_NOT_AUTHORISED, YAO_OAUTH_INVALID_TRANSACTION_DATA},
    {"refuses N215: a known one and an unknown one", 0, "\"aud\"",
     TX(PAY "," LOAN), YAO_E_NOT_AUTHORISED,
     YAO_OAUTH_INVALID_TRANSACTION_DATA},
    {"refuses a transaction for a document that nobody asks for", 0,
     "\"aud\"", TX(NOBODYS), YAO_E_MISMATCH,
     YAO_OAUTH_INVALID_TRANSACTION_DATA},
    {"refuses a transaction for no document", 0, "\"aud\"", TX(NO_IDS),
     YAO_E_MISSING, YAO_OAUTH_INVALID_TRANSACTION_DATA},
    {"refuses a transaction with another hash", 0, "\"aud\"", TX(OTHER_HASH),
     YAO_E_UNSUPPORTED, YAO_OAUTH_INVALID_TRANSACTION_DATA},
    {"refuses a transaction with no hash to choose from", 0, "\"aud\"",
     TX(NO_HASH), YAO_E_MALFORMED, YAO_OAUTH_INVALID_TRANSACTION_DATA},
    {"refuses a transaction by an mdoc, whose key may not sign for it", 0,
     "\"aud\"", TX(BY_MDOC), YAO_E_UNSUPPORTED,
     YAO_OAUTH_INVALID_TRANSACTION_DATA},
    {"refuses N215: a field that no line can show", 0, "\"aud\"",
     TX(IN_PARTS), YAO_E_NOT_AUTHORISED, YAO_OAUTH_INVALID_TRANSACTION_DATA},
    {"refuses a transaction that is not base64url", 0, "\"aud\"", TX("\"=\""),
     YAO_E_BASE64, YAO_OAUTH_INVALID_TRANSACTION_DATA},
    {"refuses a transaction that is no object", 0, "\"aud\"", TX("\"W10\""),
     YAO_E_MALFORMED, YAO_OAUTH_INVALID_TRANSACTION_DATA},
    {"refuses transactions that are no array", 0, "\"aud\"",
     "\"transaction_data\":" PAY ",\"aud\"", YAO_E_MALFORMED,
     YAO_OAUTH_INVALID_TRANSACTION_DATA},
    {"refuses no transactions in the array", 0, "\"aud\"", TX(""),
     YAO_E_MALFORMED, YAO_OAUTH_INVALID_TRANSACTION_DATA},
    {"refuses nine transactions", 0, "\"aud\"",
     TX(PAY "," PAY "," PAY "," PAY "," PAY "," PAY "," PAY "," PAY "," PAY),
     YAO_E_LIMIT, YAO_OAUTH_INVALID_TRANSACTION_DATA},

    /* verifier_info */
    {"accepts what a verifier says of itself", 0, "\"aud\"",
     "\"verifier_info\":[{\"format\":\"jwt\",\"data\":\"x\","
     "\"credential_ids\":[\"sd\"]}],\"aud\"", YAO_OK, 0},
    {"refuses verifier_info without a format", 0, "\"aud\"",
     "\"verifier_info\":[{\"data\":\"x\"}],\"aud\"", YAO_E_MISSING, BAD},
    {"refuses verifier_info without data", 0, "\"aud\"",
     "\"verifier_info\":[{\"format\":\"jwt\"}],\"aud\"", YAO_E_MALFORMED,
     BAD},
    {"refuses verifier_info that is an object", 0, "\"aud\"",
     "\"verifier_info\":{\"format\":\"jwt\",\"data\":\"x\"},\"aud\"",
     YAO_E_MALFORMED, BAD},
    {"refuses verifier_info for a document that nobody asks for", 0,
     "\"aud\"", "\"verifier_info\":[{\"format\":\"jwt\",\"data\":\"x\","
     "\"credential_ids\":[\"y\"]}],\"aud\"", YAO_E_MISMATCH, BAD},
    {"refuses nine of them", 0, "\"aud\"",
     "\"verifier_info\":[1,1,1,1,1,1,1,1,1],\"aud\"", YAO_E_LIMIT, BAD},
};

/* ---- making what a row says --------------------------------------------- */

static yao_vp_mode mode_of(const row *r)
{
    bool plain = (r->flags & PLAIN) != 0;

    if ((r->flags & DCAPI) != 0)
        return plain ? YAO_VP_DC_API : YAO_VP_DC_API_JWT;
    return plain ? YAO_VP_DIRECT_POST : YAO_VP_DIRECT_POST_JWT;
}

static yao_bytes make(const vp_world *world, const row *r)
{
    yao_vp_ask         ask      = vp_ask(world, mode_of(r));
    const mdoc_fixture *m       = mdoc_fixture_get();
    yao_bytes          chain[2] = {world->reader, world->root};
    yao_oauth_unsigned token;
    int                key = VP_READER_KEY;

    if ((r->flags & SAN) != 0)
        ask.client_id = YAO_TEXT("x509_san_dns:" VP_HOST);
    if ((r->flags & SIGNER) != 0) {
        chain[0] = m->signer;
        key      = SIGNER_KEY;
    }
    assert_status(yao_vp_make_request(test_arena(), &ask, YAO_ES256, chain,
                                      (r->flags & WITH_ROOT) != 0 ? 2 : 1,
                                      &token),
                  YAO_OK);
    if ((r->flags & OTHER_KEY_SIGNS) != 0)
        key = OTHER_KEY;
    return vp_change_token(
        test_join((yao_bytes[]){token.text, YAO_LIT("."), {0}}),
        (r->flags & HEADER) != 0, r->from, r->to, key);
}

static yao_vp_terms terms_of(const vp_world *world, const row *r)
{
    yao_vp_terms t = vp_terms(world);

    if ((r->flags & NO_ANCHOR) != 0)
        t.anchor_count = 0;
    if ((r->flags & POSTED) != 0)
        t.wallet_nonce = YAO_TEXT("ours-ours-ours");
    if ((r->flags & LATER) != 0)
        t.now += YAO_VP_LIFETIME + YAO_VP_SKEW;
    if ((r->flags & TOMORROW) != 0)
        t.now += 86400;
    if ((r->flags & NAMED) != 0)
        t.audience = YAO_TEXT("https://wallet.example");
    if ((r->flags & LINKED) != 0)
        t.client_id = YAO_TEXT("x509_hash:other");
    if ((r->flags & DCAPI) != 0)
        t.origin = YAO_TEXT(VP_ORIGIN);
    t.plain_too = (r->flags & PLAIN_OK) != 0;
    t.loopback  = (r->flags & LOCAL) != 0;
    return t;
}

static yao_status read_token(yao_bytes token, const yao_vp_terms *terms,
                             yao_vp_request *ret, yao_vp_refusal *refusal)
{
    yao_vp_signed s;
    yao_bytes     data = test_join(
        (yao_bytes[]){YAO_LIT("{\"request\":\""), token, YAO_LIT("\"}"), {0}});

    if (terms->origin.len == 0)
        return vp_read(token, terms, ret, refusal);
    YAO_TRY(yao_vp_begin_dcapi(test_arena(), YAO_VP_SIGNED, data, terms, &s,
                               refusal));
    YAO_TRY(test_crypto()->verify(test_crypto()->ctx, s.checks,
                                  s.check_count));
    return yao_vp_conclude_request(test_arena(), &s, terms, ret, refusal);
}

static void check_refusal(const row *r, const yao_vp_refusal *refusal)
{
    bool told = refusal->tell.len != 0;

    assert_string_equal(yao_oauth_error_name(refusal->error),
                        yao_oauth_error_name(r->error));
    assert_true(refusal->why[0] != '\0');
    assert_int_equal(told, (r->flags & UNTOLD) == 0);
}

static void read_row(void **state)
{
    const row      *r     = *state;
    const vp_world *world = vp_world_make();
    yao_vp_terms    terms = terms_of(world, r);
    yao_vp_refusal  refusal;
    yao_vp_request  q, before;

    memset(&q, 0x5a, sizeof q);
    before = q;
    assert_status(read_token(make(world, r), &terms, &q, &refusal), r->want);
    if (r->want != YAO_OK) {
        assert_memory_equal(&q, &before, sizeof q);
        check_refusal(r, &refusal);
        return;
    }
    assert_true(q.is_signed);
    assert_bytes(q.leaf, world->reader);
    assert_true(yao_text_equal(q.binding.nonce, YAO_TEXT(VP_NONCE)));
    assert_int_equal(q.query.credential_count, 2);
    assert_int_equal(q.binding.sealed, (r->flags & PLAIN) == 0);
    if ((r->flags & PLAIN) == 0)
        assert_true(yao_text_equal(q.kid, YAO_TEXT(VP_KID)));
}

/* ---- sweeps ------------------------------------------------------------- */

typedef struct sweep {
    const vp_world *world;
    yao_vp_terms    terms;
} sweep;

static yao_status sweep_read(yao_bytes input, void *context)
{
    const sweep   *s = context;
    yao_vp_request q;

    return vp_read(input, &s->terms, &q, NULL);
}

static sweep open_sweep(void)
{
    sweep s = {.world = vp_world_make()};

    s.terms = vp_terms(s.world);
    return s;
}

static void every_prefix(void **state)
{
    sweep      s   = open_sweep();
    yao_vp_ask ask = vp_ask(s.world, YAO_VP_DIRECT_POST_JWT);

    (void)state;
    test_every_prefix(sweep_read, vp_sign(s.world, &ask), &s);
}

static void every_bit(void **state)
{
    sweep      s   = open_sweep();
    yao_vp_ask ask = vp_ask(s.world, YAO_VP_DIRECT_POST_JWT);

    (void)state;
    test_every_bit(sweep_read, vp_sign(s.world, &ask), &s, NULL);
}

/* ---- parties ------------------------------------------------------------ */

static yao_status read_with(const vp_world *world, const yao_vp_terms *terms,
                            yao_vp_request *q, yao_vp_refusal *refusal)
{
    yao_vp_ask ask = vp_ask(world, YAO_VP_DIRECT_POST_JWT);

    return vp_read(vp_sign(world, &ask), terms, q, refusal);
}

static void knows_parties(void **state)
{
    const vp_world    *world = vp_world_make();
    yao_vp_terms       terms = vp_terms(world);
    uint8_t            hash[32];
    yao_trust_party    party = {.code  = YAO_TEXT("91120000SPECIMEN00"),
                                .state = YAO_PARTY_ACTIVE,
                                .hash  = {hash, sizeof hash}};
    yao_trust_verified list  = {
         .content = {.parties = &party, .party_count = 1}};
    yao_vp_request     q;
    yao_vp_refusal     refusal;

    (void)state;
    assert_status(test_crypto()->hash(test_crypto()->ctx, YAO_SHA256,
                                      &world->reader, 1, hash),
                  YAO_OK);
    terms.registered = true;
    assert_status(read_with(world, &terms, &q, &refusal),
                  YAO_E_NOT_AUTHORISED); /* there is no list */
    terms.parties = &list;
    assert_status(read_with(world, &terms, &q, &refusal), YAO_OK);
    assert_ptr_equal(q.party, &party);
    party.state = YAO_PARTY_SUSPENDED;
    assert_status(read_with(world, &terms, &q, &refusal), YAO_E_SUSPENDED);
    assert_int_equal(refusal.tell.len, 0);
    party.state = YAO_PARTY_UNKNOWN;
    assert_status(read_with(world, &terms, &q, &refusal), YAO_E_SUSPENDED);
    party.state = YAO_PARTY_ACTIVE;
    hash[31] ^= 1;
    assert_status(read_with(world, &terms, &q, &refusal),
                  YAO_E_NOT_AUTHORISED);
    assert_int_equal(refusal.error, YAO_OAUTH_INVALID_CLIENT);
    terms.registered = false;
    assert_status(read_with(world, &terms, &q, &refusal), YAO_OK);
    assert_null(q.party);
}

/* ---- what nobody looked at ---------------------------------------------- */

static void never_without_answers(void **state)
{
    const vp_world *world = vp_world_make();
    yao_vp_terms    terms = vp_terms(world);
    yao_vp_ask      ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_request  q;
    yao_vp_signed   s;

    (void)state;
    assert_status(yao_vp_begin_request(test_arena(), vp_sign(world, &ask),
                                       &terms, &s, NULL),
                  YAO_OK);
    assert_int_equal(s.check_count, 2);
    assert_status(yao_vp_conclude_request(test_arena(), &s, &terms, &q, NULL),
                  YAO_E_CRYPTO);
    s.checks[0].outcome = YAO_SIG_GOOD; /* the chain was not looked at */
    assert_status(yao_vp_conclude_request(test_arena(), &s, &terms, &q, NULL),
                  YAO_E_CRYPTO);
    s.checks[1].outcome = YAO_SIG_UNSUPPORTED;
    assert_status(yao_vp_conclude_request(test_arena(), &s, &terms, &q, NULL),
                  YAO_E_UNSUPPORTED);
    s.checks[1].outcome = YAO_SIG_BAD;
    assert_status(yao_vp_conclude_request(test_arena(), &s, &terms, &q, NULL),
                  YAO_E_BAD_SIGNATURE);
    s.checks[1].outcome = YAO_SIG_GOOD;
    assert_status(yao_vp_conclude_request(test_arena(), &s, &terms, &q, NULL),
                  YAO_OK);
    s.candidate_count = 0;
    assert_status(yao_vp_conclude_request(test_arena(), &s, &terms, &q, NULL),
                  YAO_E_MISSING);
    terms.now = -1;
    assert_status(yao_vp_begin_request(test_arena(), vp_sign(world, &ask),
                                       &terms, &s, NULL),
                  YAO_E_USAGE);
}

/* A home whose N-th hash fails. */
typedef struct failing {
    const yao_crypto *good;
    size_t            left;
} failing;

static yao_status fail_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                            size_t count, uint8_t *out)
{
    failing *f = ctx;

    if (f->left == 0)
        return YAO_E_CRYPTO;
    f->left--;
    return f->good->hash(f->good->ctx, alg, parts, count, out);
}

static void every_hash(void **state)
{
    const vp_world    *world = vp_world_make();
    yao_vp_terms       terms = vp_terms(world);
    yao_vp_ask         ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_bytes          token = vp_sign(world, &ask);
    failing            f     = {test_crypto(), 0};
    yao_crypto         home  = {.ctx = &f, .hash = fail_hash};
    yao_trust_verified list  = {.content = {.party_count = 0}};
    yao_vp_request     q;
    yao_status         status = YAO_E_CRYPTO;
    size_t             calls  = 0;

    (void)state;
    terms.crypto  = &home;
    terms.parties = &list;
    for (; status != YAO_OK && calls < 9; calls++) {
        f.left = calls;
        status = vp_read(token, &terms, &q, NULL);
        if (status != YAO_OK)
            assert_status(status, YAO_E_CRYPTO);
    }
    assert_int_equal(calls, 4); /* client_id, party, thumbprint */
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("read", rows[i].name, read_row, &rows[i]);
    test_add("read", "refuses every prefix", every_prefix, NULL);
    test_add("read", "refuses every bit flip", every_bit, NULL);
    test_add("read", "refuses parties that are not registered, or suspended",
             knows_parties, NULL);
    test_add("read", "refuses when a hash fails", every_hash, NULL);
    test_add("read", "never gives what was not checked", never_without_answers,
             NULL);
    return test_run("vp/request");
}
