/* SPDX-License-Identifier: Apache-2.0 */

/* Each row is a whole token, signed by the right issuer and bound by the right
 * holder: only what the row says is wrong, and only that check fails. */

#include "sdtoken.h"

#define D2    "\"_sd\":[\"#0\",\"#1\"]"
#define NAMES {"[\"s0\",\"given_name\",\"Xiaoming\"]", \
               "[\"s1\",\"family_name\",\"Zhang\"]"}
#define BARE "\"vct\":\"urn:yaopai:specimen:1\",\"cnf\":{\"jwk\":@K}"
#define WITH_CNF(cnf) \
    "{\"vct\":\"urn:yaopai:specimen:1\",\"exp\":1800000000,\"cnf\":" cnf "}"
#define KB(rest) "{\"iat\":1795000000,\"aud\":\"https://verifier.example\"," \
                 "\"nonce\":\"n-0S6\"," rest "}"
#define KB_AUD(aud) "{\"iat\":1795000000,\"nonce\":\"n-0S6\"," aud \
                    "\"sd_hash\":\"#H\"}"
#define KB_NONCE(nonce) "{\"iat\":1795000000,\"aud\":" \
                        "\"https://verifier.example\"," nonce \
                        "\"sd_hash\":\"#H\"}"
#define KB_IAT(iat) "{" iat "\"aud\":\"https://verifier.example\"," \
                    "\"nonce\":\"n-0S6\",\"sd_hash\":\"#H\"}"

/* Wrong by another spelling of disclosure or digest, at the right place. */
static const struct row {
    const char *name;
    sd_token    token;
    yao_check   check; /* NONE: accepted */
    yao_status  why;
} rows[] = {
    {"accepts a token without disclosures", {0}, 0, YAO_OK},
    {"accepts two disclosures",
     {.payload = "{" SD_CLAIMS "," D2 "}", .disclosures = NAMES}, 0, YAO_OK},
    {"accepts decoys and what is withheld",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\",\"decoy\",\"another\"]}",
      .disclosures = {"[\"s\",\"a\",1]"}}, 0, YAO_OK},
    {"accepts sha-384",
     {.payload = "{" SD_CLAIMS ",\"_sd_alg\":\"sha-384\"," D2 "}",
      .disclosures = NAMES}, 0, YAO_OK},
    {"accepts sha-512",
     {.payload = "{" SD_CLAIMS ",\"_sd_alg\":\"sha-512\"," D2 "}",
      .disclosures = NAMES}, 0, YAO_OK},
    {"accepts a disclosed item of an array",
     {.payload = "{" SD_CLAIMS ",\"a\":[1,{\"...\":\"#0\"},"
                 "{\"...\":\"gone\"}]}",
      .disclosures = {"[\"s\",\"DE\"]"}}, 0, YAO_OK},
    {"accepts a disclosure inside a disclosure",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"address\",{\"_sd\":[\"#1\"],\"plain\":1}]",
                      "[\"t\",\"city\",\"Tianjin\"]"}}, 0, YAO_OK},
    {"accepts disclosures in any order",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#1\"],\"a\":{\"_sd\":[\"#0\"]}}",
      .disclosures = {"[\"s\",\"x\",1]", "[\"t\",\"y\",2]"}}, 0, YAO_OK},
    {"accepts a salt, a name and a value with escapes",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"\\u0041\",\"n\\u0061me\",\"\\n\"]"}}, 0, YAO_OK},

    /* group D: SD-JWT and JOSE */
    {"N053: refuses a missing typ", {.header = "{\"alg\":\"ES256\"}"},
     YAO_CHECK_TYPE_HEADER, YAO_E_MISSING},
    {"N053: refuses typ JWT", {.header = "{\"alg\":\"ES256\",\"typ\":\"JWT\"}"},
     YAO_CHECK_TYPE_HEADER, YAO_E_MISMATCH},
    {"N053: refuses typ vc+sd-jwt",
     {.header = "{\"alg\":\"ES256\",\"typ\":\"vc+sd-jwt\"}"},
     YAO_CHECK_TYPE_HEADER, YAO_E_MISMATCH},
    {"N053: refuses typ kb+jwt",
     {.header = "{\"alg\":\"ES256\",\"typ\":\"kb+jwt\"}"},
     YAO_CHECK_TYPE_HEADER, YAO_E_MISMATCH},
    {"N053: refuses typ DC+SD-JWT",
     {.header = "{\"alg\":\"ES256\",\"typ\":\"DC+SD-JWT\"}"},
     YAO_CHECK_TYPE_HEADER, YAO_E_MISMATCH},
    {"N056: refuses a disclosure that nothing points to",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}", .disclosures = NAMES},
     YAO_CHECK_DISCLOSURES, YAO_E_UNREFERENCED},
    {"N056: refuses a disclosure although no digest is there at all",
     {.disclosures = {"[\"s\",\"a\",1]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_UNREFERENCED},
    {"N056: refuses a digest written in another spelling",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0=\"]}",
      .disclosures = {"[\"s\",\"a\",1]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_UNREFERENCED},
    {"N057: refuses the same disclosure twice",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"a\",1]", "[\"s\",\"a\",1]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_DUPLICATE},
    {"N057: refuses a disclosed digest twice",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\",\"#0\"]}",
      .disclosures = {"[\"s\",\"a\",1]"}},
     YAO_CHECK_DIGESTS, YAO_E_DUPLICATE},
    {"N057: refuses a withheld digest twice",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"x\",\"x\"]}"},
     YAO_CHECK_DIGESTS, YAO_E_DUPLICATE},
    {"N057: refuses a digest at two levels",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"x\"],\"a\":[{\"...\":\"x\"}]}"},
     YAO_CHECK_DIGESTS, YAO_E_DUPLICATE},
    {"N057: refuses a digest in the payload and in a disclosure",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\",\"x\"]}",
      .disclosures = {"[\"s\",\"a\",{\"_sd\":[\"x\"]}]"}},
     YAO_CHECK_DIGESTS, YAO_E_DUPLICATE},
    {"N057: refuses a digest twice, one escaped",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"x\",\"\\u0078\"]}"},
     YAO_CHECK_DIGESTS, YAO_E_DUPLICATE},
    {"N058: refuses a disclosed name that is there in plain",
     {.payload = "{" SD_CLAIMS ",\"given_name\":\"A\",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"given_name\",\"B\"]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_DUPLICATE},
    {"N058: refuses a disclosed name that is there in plain, behind",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"],\"given_name\":\"A\"}",
      .disclosures = {"[\"s\",\"given_name\",\"B\"]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_DUPLICATE},
    {"N058: refuses a disclosed name that is there in plain, escaped",
     {.payload = "{" SD_CLAIMS ",\"given_name\":\"A\",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"\\u0067iven_name\",\"B\"]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_DUPLICATE},
    {"N058: refuses two disclosures of one name",
     {.payload = "{" SD_CLAIMS "," D2 "}",
      .disclosures = {"[\"s\",\"a\",1]", "[\"t\",\"a\",1]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_DUPLICATE},
    {"N058: accepts one name at two levels",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"],\"o\":{\"_sd\":[\"#1\"]}}",
      .disclosures = {"[\"s\",\"a\",1]", "[\"t\",\"a\",1]"}}, 0, YAO_OK},
    {"N059: refuses a claim named _sd",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"_sd\",[]]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N059: refuses a claim named _sd, escaped",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"\\u005fsd\",[]]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N059: refuses a claim named ...",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"...\",1]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N059: refuses a claim named _sd_alg",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"_sd_alg\",\"sha-256\"]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N060: refuses two items in _sd",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"DE\"]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N060: refuses three items in an array",
     {.payload = "{" SD_CLAIMS ",\"a\":[{\"...\":\"#0\"}]}",
      .disclosures = {"[\"s\",\"a\",1]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N061: refuses an _sd that is an object",
     {.payload = "{" SD_CLAIMS ",\"_sd\":{}}"},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N061: refuses an _sd that is a string",
     {.payload = "{" SD_CLAIMS ",\"_sd\":\"x\"}"},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N061: refuses an _sd of numbers",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[1]}"},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N061: refuses ... beside another key",
     {.payload = "{" SD_CLAIMS ",\"a\":[{\"...\":\"x\",\"b\":1}]}"},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N061: refuses ... behind another key",
     {.payload = "{" SD_CLAIMS ",\"a\":[{\"b\":1,\"...\":\"x\"}]}"},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N061: refuses ... that is a number",
     {.payload = "{" SD_CLAIMS ",\"a\":[{\"...\":1}]}"},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N061: refuses ... outside of an array",
     {.payload = "{" SD_CLAIMS ",\"a\":{\"...\":\"x\"}}"},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N061: refuses ... at the top",
     {.payload = "{" SD_CLAIMS ",\"...\":\"x\"}"},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N061: refuses a nested _sd_alg",
     {.payload = "{" SD_CLAIMS ",\"a\":{\"_sd_alg\":\"sha-256\"}}"},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N061: refuses an _sd_alg inside a disclosure",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"a\",{\"_sd_alg\":\"sha-256\"}]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED},
    {"N062: refuses md5", {.payload = "{" SD_CLAIMS ",\"_sd_alg\":\"md5\"}"},
     YAO_CHECK_DIGESTS, YAO_E_ALGORITHM},
    {"N062: refuses sha-256-32",
     {.payload = "{" SD_CLAIMS ",\"_sd_alg\":\"sha-256-32\"}"},
     YAO_CHECK_DIGESTS, YAO_E_ALGORITHM},
    {"N062: refuses SHA-256 in capitals",
     {.payload = "{" SD_CLAIMS ",\"_sd_alg\":\"SHA-256\"}"},
     YAO_CHECK_DIGESTS, YAO_E_ALGORITHM},
    {"N062: refuses a number", {.payload = "{" SD_CLAIMS ",\"_sd_alg\":256}"},
     YAO_CHECK_DIGESTS, YAO_E_ALGORITHM},
    {"N062: refuses an empty _sd_alg",
     {.payload = "{" SD_CLAIMS ",\"_sd_alg\":\"\"}"},
     YAO_CHECK_DIGESTS, YAO_E_ALGORITHM},

    {"N063: refuses a withheld vct",
     {.payload = "{\"exp\":1800000000,\"cnf\":{\"jwk\":@K},\"_sd\":[\"x\"]}"},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_MISSING},
    {"N063: refuses a missing vct",
     {.payload = "{\"exp\":1800000000,\"cnf\":{\"jwk\":@K}}"},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_MISSING},
    {"N063: refuses a disclosed vct",
     {.payload = "{\"exp\":1800000000,\"cnf\":{\"jwk\":@K},\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"vct\",\"urn:yaopai:specimen:1\"]"}},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_NOT_AUTHORISED},
    {"N063: refuses a vct that is a number",
     {.payload = "{\"vct\":1,\"cnf\":{\"jwk\":@K}}"},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_VALUE},
    {"N063: refuses an empty vct",
     {.payload = "{\"vct\":\"\",\"cnf\":{\"jwk\":@K}}"},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_VALUE},
    {"N063: refuses a withheld exp",
     {.payload = "{" BARE ",\"_sd\":[\"x\"]}"},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_MISSING},
    {"N063: accepts no exp where nothing is withheld",
     {.payload = "{" BARE "}"}, 0, YAO_OK},
    {"N063: accepts no exp where the status is known",
     {.payload = "{" BARE ",\"status\":{\"status_list\":{\"idx\":1,\"uri\":"
                 "\"https://s.example\"}},\"_sd\":[\"x\"]}"}, 0, YAO_OK},
    {"N063: refuses a disclosed exp",
     {.payload = "{" BARE ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"exp\",1800000000]"}},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_NOT_AUTHORISED},
    {"N063: refuses a disclosed iss",
     {.payload = "{" BARE ",\"exp\":1800000000,\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"iss\",\"https://issuer.example\"]"}},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_NOT_AUTHORISED},
    {"N063: refuses a disclosed nbf",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"nbf\",1]"}},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_NOT_AUTHORISED},
    {"N063: refuses a disclosed status",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"status\",{\"status_list\":{\"idx\":0,"
                      "\"uri\":\"https://s.example\"}}]"}},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_NOT_AUTHORISED},
    {"N063: refuses a disclosed cnf",
     {.payload = "{\"vct\":\"urn:yaopai:specimen:1\",\"_sd\":[\"#0\"],"
                 "\"exp\":1800000000}",
      .disclosures = {"[\"s\",\"cnf\",{\"jwk\":@K}]"}},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_NOT_AUTHORISED},
    {"N063: refuses a disclosed vct#integrity",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"vct#integrity\",\"sha256-x\"]"}},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_NOT_AUTHORISED},
    {"N063: refuses a status with a disclosed part",
     {.payload = "{" SD_CLAIMS ",\"status\":{\"status_list\":{\"uri\":"
                 "\"https://s.example\",\"_sd\":[\"#0\"]}}}",
      .disclosures = {"[\"s\",\"idx\",1]"}},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_NOT_AUTHORISED},
    {"N063: accepts disclosed iat and sub",
     {.payload = "{" SD_CLAIMS "," D2 "}",
      .disclosures = {"[\"s\",\"iat\",1790000000]", "[\"t\",\"sub\",\"x\"]"}},
     0, YAO_OK},

    {"N065: refuses exp one second over",
     {.payload = "{" BARE ",\"exp\":1794999999}"},
     YAO_CHECK_VALIDITY, YAO_E_EXPIRED},
    {"N065: refuses exp now", {.payload = "{" BARE ",\"exp\":1795000000}"},
     YAO_CHECK_VALIDITY, YAO_E_EXPIRED},
    {"N065: accepts exp in a second",
     {.payload = "{" BARE ",\"exp\":1795000001}"}, 0, YAO_OK},
    {"N065: refuses exp as a string",
     {.payload = "{" BARE ",\"exp\":\"1893456000\"}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N065: refuses exp 1e400", {.payload = "{" BARE ",\"exp\":1e400}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N065: refuses exp with a fraction",
     {.payload = "{" BARE ",\"exp\":1800000000.5}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N065: refuses a negative exp", {.payload = "{" BARE ",\"exp\":-1}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N065: refuses exp beyond the year 9999",
     {.payload = "{" BARE ",\"exp\":253402300800}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N065: refuses exp beyond 64 bits",
     {.payload = "{" BARE ",\"exp\":18446744073709551616}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N065: refuses exp null", {.payload = "{" BARE ",\"exp\":null}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N065: refuses exp NaN as text", {.payload = "{" BARE ",\"exp\":\"NaN\"}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"refuses nbf in a second",
     {.payload = "{" SD_CLAIMS ",\"nbf\":1795000001}"},
     YAO_CHECK_VALIDITY, YAO_E_NOT_YET_VALID},
    {"accepts nbf now", {.payload = "{" SD_CLAIMS ",\"nbf\":1795000000}"}, 0,
     YAO_OK},
    {"refuses nbf as a string",
     {.payload = "{" SD_CLAIMS ",\"nbf\":\"1\"}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"refuses iat as a string",
     {.payload = "{" SD_CLAIMS ",\"iat\":\"1\"}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N066: accepts eight levels of disclosures",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"a\",{\"_sd\":[\"#1\"]}]",
                      "[\"s\",\"a\",{\"_sd\":[\"#2\"]}]",
                      "[\"s\",\"a\",{\"_sd\":[\"#3\"]}]",
                      "[\"s\",\"a\",{\"_sd\":[\"#4\"]}]",
                      "[\"s\",\"a\",{\"_sd\":[\"#5\"]}]",
                      "[\"s\",\"a\",{\"_sd\":[\"#6\"]}]",
                      "[\"s\",\"a\",{\"_sd\":[\"#7\"]}]",
                      "[\"s\",\"a\",1]"}}, 0, YAO_OK},
    {"N066: refuses nine levels of disclosures",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"a\",{\"_sd\":[\"#1\"]}]",
                      "[\"s\",\"a\",{\"_sd\":[\"#2\"]}]",
                      "[\"s\",\"a\",{\"_sd\":[\"#3\"]}]",
                      "[\"s\",\"a\",{\"_sd\":[\"#4\"]}]",
                      "[\"s\",\"a\",{\"_sd\":[\"#5\"]}]",
                      "[\"s\",\"a\",{\"_sd\":[\"#6\"]}]",
                      "[\"s\",\"a\",{\"_sd\":[\"#7\"]}]",
                      "[\"s\",\"a\",{\"_sd\":[\"#8\"]}]",
                      "[\"s\",\"a\",1]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_LIMIT},
    {"N066: refuses a tree that is too deep once put together",
     {.payload = "{" SD_CLAIMS ",\"a\":[[[[[[[[[[[{\"...\":\"#0\"}]]]]]]]]]]]}",
      .disclosures = {"[\"s\",[[[[[1]]]]]]"}},
     YAO_CHECK_DISCLOSURES, YAO_E_LIMIT},
    {"N066: accepts a tree that is just not too deep",
     {.payload = "{" SD_CLAIMS ",\"a\":[[[[[[[[[[[{\"...\":\"#0\"}]]]]]]]]]]]}",
      .disclosures = {"[\"s\",[[[[1]]]]]"}}, 0, YAO_OK},
    {"refuses an iss that is a number",
     {.payload = "{" BARE ",\"exp\":1800000000,\"iss\":1}"},
     YAO_CHECK_ISSUER_NAME, YAO_E_VALUE},
    {"refuses another signer", {.issuer = SD_OTHER},
     YAO_CHECK_ISSUER_SIGNATURE, YAO_E_BAD_SIGNATURE},
    {"N083: refuses a signer whose key is in the header",
     {.header = "{\"alg\":\"ES256\",\"typ\":\"dc+sd-jwt\",\"jwk\":@K}",
      .issuer = SD_HOLDER},
     YAO_CHECK_ISSUER_SIGNATURE, YAO_E_BAD_SIGNATURE},
    {"N083: accepts the right signer whatever key is in the header",
     {.header = "{\"alg\":\"ES256\",\"typ\":\"dc+sd-jwt\",\"jwk\":@K}"}, 0,
     YAO_OK},
    {"N052: refuses ES384 where the issuer's key is on P-256",
     {.header = "{\"alg\":\"ES384\",\"typ\":\"dc+sd-jwt\"}",
      .issuer_alg = YAO_ES384},
     YAO_CHECK_ALGORITHM, YAO_E_ALGORITHM},
    {"refuses a signature of the other curve's length",
     {.issuer_alg = YAO_ES384},
     YAO_CHECK_ISSUER_SIGNATURE, YAO_E_MALFORMED},

    /* group E: key binding */
    {"N071: refuses a token whose KB-JWT is gone", {.no_kb = true},
     YAO_CHECK_KB_PRESENT, YAO_E_MISSING},
    {"N073: refuses another holder", {.holder = SD_OTHER},
     YAO_CHECK_KB_SIGNATURE, YAO_E_BAD_SIGNATURE},
    {"N073: refuses the issuer as the holder", {.holder = 3},
     YAO_CHECK_KB_SIGNATURE, YAO_E_BAD_SIGNATURE},
    {"N073: refuses another holder whose key is in the KB header",
     {.kb_header = "{\"alg\":\"ES256\",\"typ\":\"kb+jwt\",\"jwk\":{\"kty\":"
                   "\"EC\"}}", .holder = SD_OTHER},
     YAO_CHECK_KB_SIGNATURE, YAO_E_BAD_SIGNATURE},
    {"N074: refuses a KB-JWT without typ", {.kb_header = "{\"alg\":\"ES256\"}"},
     YAO_CHECK_KB_TYPE, YAO_E_MISSING},
    {"N074: refuses a KB-JWT of typ JWT",
     {.kb_header = "{\"alg\":\"ES256\",\"typ\":\"JWT\"}"},
     YAO_CHECK_KB_TYPE, YAO_E_MISMATCH},
    {"N074: refuses a KB-JWT of typ dc+sd-jwt",
     {.kb_header = "{\"alg\":\"ES256\",\"typ\":\"dc+sd-jwt\"}"},
     YAO_CHECK_KB_TYPE, YAO_E_MISMATCH},
    {"N075: refuses a KB-JWT of ES384 where the key is on P-256",
     {.kb_header = "{\"alg\":\"ES384\",\"typ\":\"kb+jwt\"}"},
     YAO_CHECK_KB_SIGNATURE, YAO_E_ALGORITHM},
    {"N076: refuses another audience",
     {.kb_payload = KB_AUD("\"aud\":\"https://other.example\",")},
     YAO_CHECK_KB_AUDIENCE, YAO_E_MISMATCH},
    {"N076: refuses a list that names us and another",
     {.kb_payload = KB_AUD("\"aud\":[\"https://verifier.example\","
                           "\"https://evil.example\"],")},
     YAO_CHECK_KB_AUDIENCE, YAO_E_MISMATCH},
    {"N076: refuses a list of us alone",
     {.kb_payload = KB_AUD("\"aud\":[\"https://verifier.example\"],")},
     YAO_CHECK_KB_AUDIENCE, YAO_E_MISMATCH},
    {"N076: refuses an audience without its prefix",
     {.kb_payload = KB_AUD("\"aud\":\"verifier.example\",")},
     YAO_CHECK_KB_AUDIENCE, YAO_E_MISMATCH},
    {"N076: refuses an audience with more behind",
     {.kb_payload = KB_AUD("\"aud\":\"https://verifier.example/\",")},
     YAO_CHECK_KB_AUDIENCE, YAO_E_MISMATCH},
    {"N076: refuses a missing audience", {.kb_payload = KB_AUD("")},
     YAO_CHECK_KB_AUDIENCE, YAO_E_MISSING},
    {"N077: refuses the nonce of another transaction",
     {.kb_payload = KB_NONCE("\"nonce\":\"n-0S7\",")},
     YAO_CHECK_KB_NONCE, YAO_E_MISMATCH},
    {"N077: refuses the beginning of the nonce",
     {.kb_payload = KB_NONCE("\"nonce\":\"n-0S\",")},
     YAO_CHECK_KB_NONCE, YAO_E_MISMATCH},
    {"N077: refuses the nonce with more behind",
     {.kb_payload = KB_NONCE("\"nonce\":\"n-0S6\\u0000\",")},
     YAO_CHECK_KB_NONCE, YAO_E_MISMATCH},
    {"N077: refuses an empty nonce",
     {.kb_payload = KB_NONCE("\"nonce\":\"\",")},
     YAO_CHECK_KB_NONCE, YAO_E_MISMATCH},
    {"N077: refuses a number as the nonce",
     {.kb_payload = KB_NONCE("\"nonce\":6,")},
     YAO_CHECK_KB_NONCE, YAO_E_MISMATCH},
    {"N077: refuses a missing nonce", {.kb_payload = KB_NONCE("")},
     YAO_CHECK_KB_NONCE, YAO_E_MISSING},
    {"N078: refuses a KB-JWT of the next year",
     {.kb_payload = KB_IAT("\"iat\":1826536000,")},
     YAO_CHECK_KB_TIME, YAO_E_NOT_YET_VALID},
    {"N078: refuses a KB-JWT of the last year",
     {.kb_payload = KB_IAT("\"iat\":1763464000,")},
     YAO_CHECK_KB_TIME, YAO_E_EXPIRED},
    {"N078: accepts a KB-JWT of five minutes",
     {.kb_payload = KB_IAT("\"iat\":1794999700,")}, 0, YAO_OK},
    {"N078: refuses a KB-JWT of five minutes and a second",
     {.kb_payload = KB_IAT("\"iat\":1794999699,")},
     YAO_CHECK_KB_TIME, YAO_E_EXPIRED},
    {"N078: refuses a KB-JWT of the next second",
     {.kb_payload = KB_IAT("\"iat\":1795000001,")},
     YAO_CHECK_KB_TIME, YAO_E_NOT_YET_VALID},
    {"N078: refuses a missing iat", {.kb_payload = KB_IAT("")},
     YAO_CHECK_KB_TIME, YAO_E_MISSING},
    {"N078: refuses an iat that is a string",
     {.kb_payload = KB_IAT("\"iat\":\"1795000000\",")},
     YAO_CHECK_KB_TIME, YAO_E_VALUE},
    {"refuses a KB-JWT that says it is over",
     {.kb_payload = KB_IAT("\"iat\":1795000000,\"exp\":1795000000,")},
     YAO_CHECK_KB_TIME, YAO_E_EXPIRED},
    {"N079: refuses a wrong sd_hash",
     {.kb_payload = KB("\"sd_hash\":"
                       "\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"")},
     YAO_CHECK_KB_HASH, YAO_E_BAD_DIGEST},
    {"N079: refuses a missing sd_hash", {.kb_payload = KB("\"x\":1")},
     YAO_CHECK_KB_HASH, YAO_E_MISSING},
    {"N079: refuses an sd_hash in another spelling",
     {.kb_payload = KB("\"sd_hash\":\"#H=\"")},
     YAO_CHECK_KB_HASH, YAO_E_BAD_DIGEST},
    {"N079: refuses an sd_hash that is a number",
     {.kb_payload = KB("\"sd_hash\":1")}, YAO_CHECK_KB_HASH,
     YAO_E_BAD_DIGEST},
    {"N080: refuses a missing cnf",
     {.payload = "{\"vct\":\"urn:yaopai:specimen:1\",\"exp\":1800000000}"},
     YAO_CHECK_HOLDER_KEY, YAO_E_MISSING},
    {"N080: refuses a cnf with a private key",
     {.payload = WITH_CNF("{\"jwk\":@P}")}, YAO_CHECK_HOLDER_KEY, YAO_E_KEY},
    {"N080: refuses a cnf of kid only",
     {.payload = WITH_CNF("{\"kid\":\"1\"}")}, YAO_CHECK_HOLDER_KEY,
     YAO_E_KEY},
    {"N080: refuses a cnf that is empty", {.payload = WITH_CNF("{}")},
     YAO_CHECK_HOLDER_KEY, YAO_E_KEY},
    {"N080: refuses a cnf that is a string", {.payload = WITH_CNF("\"x\"")},
     YAO_CHECK_HOLDER_KEY, YAO_E_KEY},
    {"N080: refuses a cnf of two keys",
     {.payload = WITH_CNF("{\"jwk\":[@K,@K]}")}, YAO_CHECK_HOLDER_KEY,
     YAO_E_KEY},
    {"N080: refuses a cnf with jwk and jku",
     {.payload = WITH_CNF("{\"jwk\":@K,\"jku\":\"https://e.example\"}")},
     YAO_CHECK_HOLDER_KEY, YAO_E_KEY},
    {"N080: refuses a cnf with jwk and jwe",
     {.payload = WITH_CNF("{\"jwk\":@K,\"jwe\":\"x\"}")},
     YAO_CHECK_HOLDER_KEY, YAO_E_KEY},
    {"N080: accepts a cnf with a name for its jwk",
     {.payload = WITH_CNF("{\"jwk\":@K,\"kid\":\"1\"}")}, 0, YAO_OK},
};

static void expect(const sd_judged *j, yao_status got, yao_check check,
                   yao_status why)
{
    const yao_report_row *row = sd_row(&j->report, check);

    for (size_t i = 0; i < j->report.count; i++) {
        const yao_report_row *r = &j->report.rows[i];

        assert_int_equal(r->document, 0);
        if ((r->outcome == YAO_OUTCOME_FAIL) != (r->check == check)) {
            sd_print(&j->report);
            fail_msg("%s is %s", yao_check_name(r->check),
                     yao_outcome_name(r->outcome));
        }
    }
    assert_status(got, why);
    if (check != YAO_CHECK_NONE) {
        assert_non_null(row);
        assert_status(row->why, why);
    }
}

static void judged(void **state)
{
    const struct row        *r      = *state;
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    static sd_judged         j;
    yao_sdjwt_verified       zero;

    memset(&zero, 0, sizeof zero);
    yao_status got = sd_judge(sd_text(&r->token), &o, &j);
    expect(&j, got, r->check, r->why);
    if (r->why == YAO_OK) {
        assert_true(j.verified.bound);
        assert_bytes(yao_text_bytes(j.verified.type),
                     YAO_LIT("urn:yaopai:specimen:1"));
    } else {
        assert_memory_equal(&j.verified, &zero, sizeof zero);
    }
}

/* Signed under another name, over other disclosures, or with other times. */

/* ---- what the caller asks ---- */

enum ask {
    PLAIN_SDJWT = 1, NO_BINDING, NO_BINDING_NO_KB, NO_NONCE, NO_AUDIENCE,
    NO_NONCE_NO_KB, NO_ANCHORS, READER_ANCHOR, ZERO_ANCHOR, OTHER_SCOPE,
    RIGHT_SCOPE, TWO_KEYS, TWO_WRONG_KEYS, NINE_KEYS, SKEW_EARLY, SKEW_OVER,
    LONG_AGE, STRICT_NO_CNF, CERT_ANCHOR_ONLY, MIXED_SCOPE
};

static const struct ask_row {
    const char *name;
    enum ask    ask;
    sd_token    token;
    yao_check   check; /* NONE: accepted */
    yao_outcome outcome;
    yao_status  why;
} asks[] = {
    {"N072: never passes a KB-JWT that nobody asked for", NO_BINDING, {0},
     YAO_CHECK_KB_SIGNATURE, YAO_OUTCOME_UNKNOWN, YAO_E_USAGE},
    {"N072: never passes a KB-JWT without an expected nonce", NO_NONCE, {0},
     YAO_CHECK_KB_NONCE, YAO_OUTCOME_UNKNOWN, YAO_E_USAGE},
    {"N072: never passes a KB-JWT without an expected audience", NO_AUDIENCE,
     {0}, YAO_CHECK_KB_AUDIENCE, YAO_OUTCOME_UNKNOWN, YAO_E_USAGE},
    {"N072: refuses a missing KB-JWT also without an expected nonce",
     NO_NONCE_NO_KB, {.no_kb = true}, YAO_CHECK_KB_PRESENT, YAO_OUTCOME_FAIL,
     YAO_E_MISSING},
    {"accepts a token without KB-JWT where no binding is asked for",
     NO_BINDING_NO_KB, {.no_kb = true}, 0, 0, YAO_OK},
    {"accepts no cnf where no binding is asked for", NO_BINDING_NO_KB,
     {.payload = "{\"vct\":\"urn:yaopai:specimen:1\"}", .no_kb = true}, 0, 0,
     YAO_OK},
    {"notes a cnf of kid only where no binding is asked for",
     NO_BINDING_NO_KB, {.payload = WITH_CNF("{\"kid\":\"1\"}"), .no_kb = true},
     0, 0, YAO_OK},
    {"refuses it when strict", STRICT_NO_CNF,
     {.payload = WITH_CNF("{\"kid\":\"1\"}"), .no_kb = true},
     YAO_CHECK_HOLDER_KEY, YAO_OUTCOME_FAIL, YAO_E_KEY},
    {"N099: refuses everybody without anchors", NO_ANCHORS, {0},
     YAO_CHECK_ISSUER_ANCHORS, YAO_OUTCOME_FAIL, YAO_E_UNTRUSTED},
    {"N102: refuses the key of a reader", READER_ANCHOR, {0},
     YAO_CHECK_ISSUER_ANCHORS, YAO_OUTCOME_FAIL, YAO_E_UNTRUSTED},
    {"N099: refuses an anchor that nobody filled in", ZERO_ANCHOR, {0},
     YAO_CHECK_ISSUER_ANCHORS, YAO_OUTCOME_FAIL, YAO_E_UNTRUSTED},
    {"N101: refuses a token without x5c where only certificates are trusted",
     CERT_ANCHOR_ONLY, {0}, YAO_CHECK_ISSUER_CHAIN, YAO_OUTCOME_FAIL,
     YAO_E_UNTRUSTED},
    {"N104: refuses a type that the key may not sign", OTHER_SCOPE, {0},
     YAO_CHECK_ISSUER_SCOPE, YAO_OUTCOME_FAIL, YAO_E_NOT_AUTHORISED},
    {"N068: refuses a vct beside the one that was registered", OTHER_SCOPE,
     {.payload = "{" SD_CLAIMS ",\"vct#integrity\":\"sha256-x\"}"},
     YAO_CHECK_ISSUER_SCOPE, YAO_OUTCOME_FAIL, YAO_E_NOT_AUTHORISED},
    {"N104: accepts the type that the key may sign", RIGHT_SCOPE, {0}, 0, 0,
     YAO_OK},
    {"N104: refuses a key out of scope beside one that may sign it",
     MIXED_SCOPE, {0}, YAO_CHECK_ISSUER_SIGNATURE, YAO_OUTCOME_FAIL,
     YAO_E_BAD_SIGNATURE},
    {"accepts one good key among several", TWO_KEYS, {0}, 0, 0, YAO_OK},
    {"refuses several keys none of which signed", TWO_WRONG_KEYS, {0},
     YAO_CHECK_ISSUER_SIGNATURE, YAO_OUTCOME_FAIL, YAO_E_BAD_SIGNATURE},
    {"refuses more keys than are tried", NINE_KEYS, {0},
     YAO_CHECK_ISSUER_CHAIN, YAO_OUTCOME_FAIL, YAO_E_LIMIT},
    {"forgives the skew at the end", SKEW_OVER,
     {.payload = "{" BARE ",\"exp\":1794999941}"}, 0, 0, YAO_OK},
    {"forgives the skew at the end, not more", SKEW_OVER,
     {.payload = "{" BARE ",\"exp\":1794999940}"}, YAO_CHECK_VALIDITY,
     YAO_OUTCOME_FAIL, YAO_E_EXPIRED},
    {"forgives the skew at the beginning", SKEW_EARLY,
     {.payload = "{" SD_CLAIMS ",\"nbf\":1795000060}"}, 0, 0, YAO_OK},
    {"forgives the skew at the beginning, not more", SKEW_EARLY,
     {.payload = "{" SD_CLAIMS ",\"nbf\":1795000061}"}, YAO_CHECK_VALIDITY,
     YAO_OUTCOME_FAIL, YAO_E_NOT_YET_VALID},
    {"N078: forgives the skew of a KB-JWT", SKEW_EARLY,
     {.kb_payload = KB_IAT("\"iat\":1795000060,")}, 0, 0, YAO_OK},
    {"N078: forgives the skew of a KB-JWT, not more", SKEW_EARLY,
     {.kb_payload = KB_IAT("\"iat\":1795000061,")}, YAO_CHECK_KB_TIME,
     YAO_OUTCOME_FAIL, YAO_E_NOT_YET_VALID},
    {"N078: never forgives the age of a KB-JWT by the skew", SKEW_EARLY,
     {.kb_payload = KB_IAT("\"iat\":1794999699,")}, YAO_CHECK_KB_TIME,
     YAO_OUTCOME_FAIL, YAO_E_EXPIRED},
    {"accepts an older KB-JWT when the caller says so", LONG_AGE,
     {.kb_payload = KB_IAT("\"iat\":1794999000,")}, 0, 0, YAO_OK},
    {"accepts a plain SD-JWT of any typ", PLAIN_SDJWT,
     {.header = "{\"alg\":\"ES256\",\"typ\":\"example+sd-jwt\"}",
      .payload = "{\"cnf\":{\"jwk\":@K},\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"exp\",1800000000]"}}, 0, 0, YAO_OK},
    {"accepts a plain SD-JWT without typ", PLAIN_SDJWT,
     {.header = "{\"alg\":\"ES256\"}",
      .payload = "{\"cnf\":{\"jwk\":@K}}"}, 0, 0, YAO_OK},
    {"refuses a plain SD-JWT of typ kb+jwt", PLAIN_SDJWT,
     {.header = "{\"alg\":\"ES256\",\"typ\":\"kb+jwt\"}"},
     YAO_CHECK_TYPE_HEADER, YAO_OUTCOME_FAIL, YAO_E_MISMATCH},
    {"N064: refuses a disclosed exp that is over", PLAIN_SDJWT,
     {.payload = "{\"cnf\":{\"jwk\":@K},\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"exp\",1700000000]"}},
     YAO_CHECK_VALIDITY, YAO_OUTCOME_FAIL, YAO_E_EXPIRED},
    {"N064: refuses a disclosed nbf that has not come", PLAIN_SDJWT,
     {.payload = "{\"cnf\":{\"jwk\":@K},\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"nbf\",1795000001]"}},
     YAO_CHECK_VALIDITY, YAO_OUTCOME_FAIL, YAO_E_NOT_YET_VALID},
    {"never takes a status that it does not know for none", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":{\"other\":1}}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_UNKNOWN, YAO_E_UNSUPPORTED},
    {"never takes a status with a negative index for none", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":{\"status_list\":{\"idx\":-1,"
                 "\"uri\":\"https://s.example\"}}}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_UNKNOWN, YAO_E_UNSUPPORTED},
    {"never takes a status without uri for none", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":{\"status_list\":{\"idx\":1}}}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_UNKNOWN, YAO_E_UNSUPPORTED},
    {"never takes a status that is null for none", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":null}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_UNKNOWN, YAO_E_UNSUPPORTED},
};

static const yao_text other_types[] = {YAO_INIT("urn:yaopai:other:1")};
static const yao_text right_types[] = {YAO_INIT("urn:yaopai:other:1"),
                                       YAO_INIT("urn:yaopai:specimen:1")};

static void arrange_anchors(enum ask ask, yao_anchor *a,
                            yao_sdjwt_verify_options *o)
{
    if (ask == NO_ANCHORS)
        o->anchor_count = 0;
    if (ask == READER_ANCHOR)
        a[0].role = YAO_ROLE_READER;
    if (ask == ZERO_ANCHOR)
        a[0] = (yao_anchor){.role = YAO_ROLE_NONE};
    if (ask == CERT_ANCHOR_ONLY) {
        a[0].key         = (yao_public_key){.curve = YAO_CURVE_NONE};
        a[0].certificate = YAO_LIT("\x30\x00");
    }
    if (ask == OTHER_SCOPE || ask == MIXED_SCOPE) {
        a[0].types      = other_types;
        a[0].type_count = 1;
    }
    if (ask == RIGHT_SCOPE) {
        a[0].types      = right_types;
        a[0].type_count = 2;
    }
    if (ask == TWO_WRONG_KEYS)
        a[0] = sd_anchor(3);
    if (ask == TWO_KEYS || ask == TWO_WRONG_KEYS || ask == MIXED_SCOPE) {
        a[1]            = a[0];
        a[0]            = sd_anchor(SD_OTHER);
        o->anchor_count = 2;
    }
    if (ask == NINE_KEYS) {
        for (size_t i = 1; i < 9; i++)
            a[i] = sd_anchor(SD_OTHER);
        o->anchor_count = 9;
    }
}

static void arrange(enum ask ask, yao_anchor *a, yao_sdjwt_verify_options *o)
{
    arrange_anchors(ask, a, o);
    if (ask == PLAIN_SDJWT)
        o->vc = false;
    if (ask == NO_BINDING || ask == NO_BINDING_NO_KB || ask == STRICT_NO_CNF)
        o->no_binding = true;
    if (ask == NO_NONCE || ask == NO_NONCE_NO_KB)
        o->nonce.len = 0;
    if (ask == NO_AUDIENCE)
        o->audience.len = 0;
    if (ask == SKEW_EARLY || ask == SKEW_OVER)
        o->skew = 60;
    if (ask == LONG_AGE)
        o->kb_max_age = 1000;
    o->strict = ask == STRICT_NO_CNF;
}

static void asked(void **state)
{
    const struct ask_row    *r = *state;
    yao_anchor               anchors[9] = {sd_anchor(SD_ISSUER)};
    yao_sdjwt_verify_options o = sd_options(anchors);
    static sd_judged         j;

    arrange(r->ask, anchors, &o);
    yao_status got = sd_judge(sd_text(&r->token), &o, &j);
    assert_status(got, r->why);
    if (r->check == YAO_CHECK_NONE)
        return;
    const yao_report_row *row = sd_row(&j.report, r->check);
    assert_non_null(row);
    assert_int_equal(row->outcome, r->outcome);
    assert_status(row->why, r->why);
}

/* ---- the home ---- */

/* A good token whose home gives another answer. */
static const struct home_row {
    const char     *name;
    size_t          check; /* 0 issuer, 1 holder */
    yao_sig_outcome outcome;
    yao_status      want;
    yao_outcome     row;
} homes[] = {
    {"accepts both good", 0, YAO_SIG_GOOD, YAO_OK, YAO_OUTCOME_PASS},
    {"never passes an issuer that was not checked", 0, YAO_SIG_UNCHECKED,
     YAO_E_CRYPTO, YAO_OUTCOME_UNKNOWN},
    {"never fails an issuer whose algorithm the home lacks", 0,
     YAO_SIG_UNSUPPORTED, YAO_E_UNSUPPORTED, YAO_OUTCOME_UNKNOWN},
    {"refuses an issuer that is bad", 0, YAO_SIG_BAD, YAO_E_BAD_SIGNATURE,
     YAO_OUTCOME_FAIL},
    {"never passes a holder that was not checked", 1, YAO_SIG_UNCHECKED,
     YAO_E_CRYPTO, YAO_OUTCOME_UNKNOWN},
    {"never fails a holder whose algorithm the home lacks", 1,
     YAO_SIG_UNSUPPORTED, YAO_E_UNSUPPORTED, YAO_OUTCOME_UNKNOWN},
    {"refuses a holder that is bad", 1, YAO_SIG_BAD, YAO_E_BAD_SIGNATURE,
     YAO_OUTCOME_FAIL},
    {"never passes an answer that does not exist", 0, (yao_sig_outcome)9,
     YAO_E_CRYPTO, YAO_OUTCOME_UNKNOWN},
};

static void home(void **state)
{
    const struct home_row   *r      = *state;
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    static sd_judged         j;

    assert_status(sd_judge(sd_text(&(sd_token){0}), &o, &j), YAO_OK);
    assert_int_equal(j.v.check_count, 2);
    j.report.count = 0;
    assert_status(yao_sdjwt_begin(test_arena(), test_crypto(), &j.input, &o,
                                  &j.v, &j.report),
                  YAO_OK);
    for (size_t i = 0; i < 2; i++)
        j.v.checks[i].outcome = i == r->check ? r->outcome : YAO_SIG_GOOD;
    assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &j.report), r->want);
    const yao_report_row *row =
        sd_row(&j.report, r->check == 0 ? YAO_CHECK_ISSUER_SIGNATURE
                                        : YAO_CHECK_KB_SIGNATURE);
    assert_int_equal(row->outcome, r->row);
}

static yao_status broken_hash(void *ctx, yao_hash_alg alg,
                              const yao_bytes *parts, size_t count,
                              uint8_t *out)
{
    struct {
        int        left;
        yao_status status;
    } *plan = ctx;

    if (plan->left-- == 0)
        return plan->status;
    return test_crypto()->hash(test_crypto()->ctx, alg, parts, count, out);
}

/* The n-th hash fails, for every n; a home without the hash is no verdict. */
static void hash_fails(void **state)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    yao_bytes                text   = sd_text(&(sd_token){
                        .payload = "{" SD_CLAIMS "," D2 "}", .disclosures = NAMES});
    static sd_judged         j;
    struct {
        int        left;
        yao_status status;
    } plan;
    yao_crypto broken = {.ctx = &plan, .hash = broken_hash};

    (void)state;
    for (int n = 0; n < 3; n++) {
        plan.left   = n;
        plan.status = YAO_E_CRYPTO;
        assert_status(yao_sdjwt_parse(test_arena(), text, &j.input), YAO_OK);
        assert_status(yao_sdjwt_begin(test_arena(), &broken, &j.input, &o,
                                      &j.v, &j.report),
                      YAO_E_CRYPTO);
    }
    plan.left      = 0;
    plan.status    = YAO_E_UNSUPPORTED;
    j.report.count = 0;
    assert_status(yao_sdjwt_begin(test_arena(), &broken, &j.input, &o, &j.v,
                                  &j.report),
                  YAO_OK);
    const yao_report_row *row = sd_row(&j.report, YAO_CHECK_DIGESTS);
    assert_int_equal(row->outcome, YAO_OUTCOME_UNKNOWN);
    assert_status(row->why, YAO_E_UNSUPPORTED);
    for (size_t i = 0; i < j.v.check_count; i++)
        j.v.checks[i].outcome = YAO_SIG_GOOD;
    assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &j.report),
                  YAO_E_UNSUPPORTED);
}

/* ---- usage ---- */

static void usage(void **state)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options good   = sd_options(&anchor), o;
    static sd_judged         j;
    yao_bytes                text = sd_text(&(sd_token){0});

    (void)state;
    assert_status(sd_judge(text, &good, &j), YAO_OK);
    assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &j.report),
                  YAO_E_USAGE);

    o     = good;
    o.now = -1;
    assert_status(sd_judge(text, &o, &j), YAO_E_USAGE);
    o.now = YAO_TIME_MAX + 1;
    assert_status(sd_judge(text, &o, &j), YAO_E_USAGE);
    o      = good;
    o.skew = -1;
    assert_status(sd_judge(text, &o, &j), YAO_E_USAGE);
    o.skew = 86401;
    assert_status(sd_judge(text, &o, &j), YAO_E_USAGE);
    o            = good;
    o.kb_max_age = -1;
    assert_status(sd_judge(text, &o, &j), YAO_E_USAGE);

    memset(&j, 0, sizeof j);
    assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &j.report),
                  YAO_E_USAGE);
    assert_status(yao_sdjwt_begin(test_arena(), test_crypto(), &j.input, &good,
                                  &j.v, &j.report),
                  YAO_E_USAGE);
}

static void full_report(void **state)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    static sd_judged         j;

    (void)state;
    memset(&j, 0, sizeof j);
    for (size_t i = 0; i < YAO_MAX_REPORT_ROWS - 3; i++)
        yao_report_add(&j.report, 1, YAO_CHECK_STRUCTURE, YAO_OUTCOME_PASS,
                       YAO_OK);
    assert_status(yao_sdjwt_parse(test_arena(), sd_text(&(sd_token){0}),
                                  &j.input),
                  YAO_OK);
    assert_status(yao_sdjwt_begin(test_arena(), test_crypto(), &j.input, &o,
                                  &j.v, &j.report),
                  YAO_OK);
    for (size_t i = 0; i < j.v.check_count; i++)
        j.v.checks[i].outcome = YAO_SIG_GOOD;
    assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &j.report),
                  YAO_E_LIMIT);
}

/* ---- what comes out ---- */

static void says(void **state)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    yao_public_key           holder = test_public(SD_HOLDER);
    static sd_judged         j;
    sd_token                 t = {
        .payload = "{" SD_CLAIMS ",\"nbf\":1790000000,\"status\":{\"status_list\":"
                   "{\"idx\":412,\"uri\":\"https://s.example/1\"}},"
                   "\"_sd\":[\"#0\",\"x\"],\"a\":[{\"...\":\"y\"},{\"...\":\"#1\"},"
                   "{\"k\":1}],\"_sd_alg\":\"sha-256\"}",
        .disclosures = {"[\"s\",\"o\",{\"_sd\":[\"#2\"]}]", "[\"t\",[true]]",
                        "[\"u\",\"p\",null]"}};
    yao_writer w;
    yao_bytes  text;

    (void)state;
    assert_status(sd_judge(sd_text(&t), &o, &j), YAO_OK);
    assert_int_equal(j.verified.not_before, 1790000000);
    assert_int_equal(j.verified.expires, 1800000000);
    assert_bytes(yao_text_bytes(j.verified.status_uri),
                 YAO_LIT("https://s.example/1"));
    assert_int_equal(j.verified.status_index, 412);
    assert_null(j.verified.signer);
    assert_memory_equal(&j.verified.holder_key, &holder, sizeof holder);
    w = yao_writer_in(test_arena());
    yao_json_put_value(&w, yao_json_get(j.verified.payload, "a"));
    yao_json_put_value(&w, yao_json_get(j.verified.payload, "o"));
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    assert_bytes(text, YAO_LIT("[[true],{\"k\":1}]{\"p\":null}"));
    assert_null(yao_json_get(j.verified.payload, "_sd"));
    assert_null(yao_json_get(j.verified.payload, "_sd_alg"));
}

/* ---- sweeps ---- */

static yao_bytes sample(void)
{
    return sd_text(&(sd_token){.payload     = "{" SD_CLAIMS "," D2 "}",
                               .disclosures = NAMES});
}

static yao_status judge_whole(yao_bytes text, void *context)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    static sd_judged         j;

    (void)context;
    return sd_judge(text, &o, &j);
}

static void every_bit(void **state)
{
    (void)state;
    assert_status(judge_whole(sample(), NULL), YAO_OK);
    test_every_bit(judge_whole, sample(), NULL, NULL);
}

static void every_prefix(void **state)
{
    (void)state;
    test_every_prefix(judge_whole, sample(), NULL);
}

static yao_status take_begin(yao_arena *arena, void *context)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    static sd_judged         j;

    memset(&j, 0, sizeof j);
    YAO_TRY(yao_sdjwt_parse(arena, *(yao_bytes *)context, &j.input));
    return yao_sdjwt_begin(arena, test_crypto(), &j.input, &o, &j.v,
                           &j.report);
}

static void every_arena(void **state)
{
    yao_bytes text = sd_text(&(sd_token){
        .payload = "{\"vct\":\"\\u0075rn:x\",\"iss\":\"\\u0068\",\"cnf\":"
                   "{\"jwk\":@K},\"status\":{\"status_list\":{\"idx\":1,"
                   "\"uri\":\"\\u0068\"}},\"_sd\":[\"#0\",\"\\u0078\"],"
                   "\"_sd_alg\":\"sha-25\\u0036\",\"a\":[{\"...\":\"#1\"}]}",
        .kb_payload = KB_NONCE("\"nonce\":\"\\u006e-0S6\","),
        .disclosures = {"[\"s\",\"\\u0061b\",1]", "[\"s\",{}]"}});

    (void)state;
    test_every_arena(take_begin, &text, 65536);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("verify", rows[i].name, judged, &rows[i]);
    for (size_t i = 0; i < COUNT(asks); i++)
        test_add("verify", asks[i].name, asked, &asks[i]);
    for (size_t i = 0; i < COUNT(homes); i++)
        test_add("conclude", homes[i].name, home, &homes[i]);
    test_add("begin", "gives CRYPTO for every hash that fails, UNKNOWN for one "
                      "that is not there",
             hash_fails, NULL);
    test_add("begin", "gives USAGE for times out of range, conclude once only",
             usage, NULL);
    test_add("conclude", "never accepts a report that lost rows", full_report,
             NULL);
    test_add("conclude", "gives what the token says", says, NULL);
    test_add("verify", "refuses every bit flip", every_bit, NULL);
    test_add("verify", "refuses every proper prefix", every_prefix, NULL);
    test_add("begin", "gives SPACE in every arena that is too small",
             every_arena, NULL);

    return test_run("sdjwt/verify");
}
