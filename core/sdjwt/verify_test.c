/* SPDX-License-Identifier: Apache-2.0 */

/* Each row is a whole token, signed by the right issuer and bound by the right
 * holder: only what the row says is wrong, and only that check fails. */

#include "sdtoken.h"

#include <stdio.h>

static const struct row {
    const char *name;
    sd_token    token;
    yao_check   check; /* NONE: accepted */
    yao_status  why;
} rows[] = {
    {"accepts a token without disclosures", {0}, 0, YAO_OK},
    {"accepts two disclosures",
     {.payload = "{" SD_CLAIMS "," SD_D2 "}", .disclosures = SD_NAMES}, 0, YAO_OK},
    {"accepts decoys and what is withheld",
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\",\"decoy\",\"another\"]}",
      .disclosures = {"[\"s\",\"a\",1]"}}, 0, YAO_OK},
    {"accepts sha-384",
     {.payload = "{" SD_CLAIMS ",\"_sd_alg\":\"sha-384\"," SD_D2 "}",
      .disclosures = SD_NAMES}, 0, YAO_OK},
    {"accepts sha-512",
     {.payload = "{" SD_CLAIMS ",\"_sd_alg\":\"sha-512\"," SD_D2 "}",
      .disclosures = SD_NAMES}, 0, YAO_OK},
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
     {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}", .disclosures = SD_NAMES},
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
     {.payload = "{" SD_CLAIMS "," SD_D2 "}",
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
     {.payload = "{" SD_BARE ",\"_sd\":[\"x\"]}"},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_MISSING},
    {"N063: accepts no exp where nothing is withheld",
     {.payload = "{" SD_BARE "}"}, 0, YAO_OK},
    {"N063: accepts no exp where the status is known",
     {.payload = "{" SD_BARE ",\"status\":{\"status_list\":{\"idx\":1,\"uri\":"
                 "\"https://s.example\"}},\"_sd\":[\"x\"]}"}, 0, YAO_OK},
    {"N063: refuses a disclosed exp",
     {.payload = "{" SD_BARE ",\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"exp\",1800000000]"}},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_NOT_AUTHORISED},
    {"N063: refuses a disclosed iss",
     {.payload = "{" SD_BARE ",\"exp\":1800000000,\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"iss\",\"https://issuer.example\"]"}},
     YAO_CHECK_REQUIRED_CLAIMS, YAO_E_NOT_AUTHORISED},
    {"N063: refuses a disclosed vct#integrity behind another claim",
     {.payload = "{" SD_CLAIMS "," SD_D2 "}",
      .disclosures = {"[\"s\",\"a\",1]", "[\"t\",\"vct#integrity\",\"x\"]"}},
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
     {.payload = "{" SD_CLAIMS "," SD_D2 "}",
      .disclosures = {"[\"s\",\"iat\",1790000000]", "[\"t\",\"sub\",\"x\"]"}},
     0, YAO_OK},

    {"N065: refuses exp one second over",
     {.payload = "{" SD_BARE ",\"exp\":1794999999}"},
     YAO_CHECK_VALIDITY, YAO_E_EXPIRED},
    {"N065: refuses exp now", {.payload = "{" SD_BARE ",\"exp\":1795000000}"},
     YAO_CHECK_VALIDITY, YAO_E_EXPIRED},
    {"N065: accepts exp in a second",
     {.payload = "{" SD_BARE ",\"exp\":1795000001}"}, 0, YAO_OK},
    {"N065: refuses exp as a string",
     {.payload = "{" SD_BARE ",\"exp\":\"1893456000\"}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N065: refuses exp 1e400", {.payload = "{" SD_BARE ",\"exp\":1e400}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N065: refuses exp with a fraction",
     {.payload = "{" SD_BARE ",\"exp\":1800000000.5}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N065: refuses a negative exp", {.payload = "{" SD_BARE ",\"exp\":-1}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N065: refuses exp beyond the year 9999",
     {.payload = "{" SD_BARE ",\"exp\":253402300800}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N065: refuses exp beyond 64 bits",
     {.payload = "{" SD_BARE ",\"exp\":18446744073709551616}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N065: refuses exp null", {.payload = "{" SD_BARE ",\"exp\":null}"},
     YAO_CHECK_VALIDITY, YAO_E_VALUE},
    {"N065: refuses exp NaN as text", {.payload = "{" SD_BARE ",\"exp\":\"NaN\"}"},
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
     {.payload = "{" SD_BARE ",\"exp\":1800000000,\"iss\":1}"},
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
     {.kb_payload = SD_KB_AUD("\"aud\":\"https://other.example\",")},
     YAO_CHECK_KB_AUDIENCE, YAO_E_MISMATCH},
    {"N076: refuses a list that names us and another",
     {.kb_payload = SD_KB_AUD("\"aud\":[\"https://verifier.example\","
                           "\"https://evil.example\"],")},
     YAO_CHECK_KB_AUDIENCE, YAO_E_MISMATCH},
    {"N076: refuses a list of us alone",
     {.kb_payload = SD_KB_AUD("\"aud\":[\"https://verifier.example\"],")},
     YAO_CHECK_KB_AUDIENCE, YAO_E_MISMATCH},
    {"N076: refuses an audience without its prefix",
     {.kb_payload = SD_KB_AUD("\"aud\":\"verifier.example\",")},
     YAO_CHECK_KB_AUDIENCE, YAO_E_MISMATCH},
    {"N076: refuses an audience with more behind",
     {.kb_payload = SD_KB_AUD("\"aud\":\"https://verifier.example/\",")},
     YAO_CHECK_KB_AUDIENCE, YAO_E_MISMATCH},
    {"N076: refuses a missing audience", {.kb_payload = SD_KB_AUD("")},
     YAO_CHECK_KB_AUDIENCE, YAO_E_MISSING},
    {"N077: refuses the nonce of another transaction",
     {.kb_payload = SD_KB_NONCE("\"nonce\":\"n-0S7\",")},
     YAO_CHECK_KB_NONCE, YAO_E_MISMATCH},
    {"N077: refuses the beginning of the nonce",
     {.kb_payload = SD_KB_NONCE("\"nonce\":\"n-0S\",")},
     YAO_CHECK_KB_NONCE, YAO_E_MISMATCH},
    {"N077: refuses the nonce with more behind",
     {.kb_payload = SD_KB_NONCE("\"nonce\":\"n-0S6\\u0000\",")},
     YAO_CHECK_KB_NONCE, YAO_E_MISMATCH},
    {"N077: refuses an empty nonce",
     {.kb_payload = SD_KB_NONCE("\"nonce\":\"\",")},
     YAO_CHECK_KB_NONCE, YAO_E_MISMATCH},
    {"N077: refuses a number as the nonce",
     {.kb_payload = SD_KB_NONCE("\"nonce\":6,")},
     YAO_CHECK_KB_NONCE, YAO_E_MISMATCH},
    {"N077: refuses a missing nonce", {.kb_payload = SD_KB_NONCE("")},
     YAO_CHECK_KB_NONCE, YAO_E_MISSING},
    {"N078: refuses a KB-JWT of the next year",
     {.kb_payload = SD_KB_IAT("\"iat\":1826536000,")},
     YAO_CHECK_KB_TIME, YAO_E_NOT_YET_VALID},
    {"N078: refuses a KB-JWT of the last year",
     {.kb_payload = SD_KB_IAT("\"iat\":1763464000,")},
     YAO_CHECK_KB_TIME, YAO_E_EXPIRED},
    {"N078: accepts a KB-JWT of five minutes",
     {.kb_payload = SD_KB_IAT("\"iat\":1794999700,")}, 0, YAO_OK},
    {"N078: refuses a KB-JWT of five minutes and a second",
     {.kb_payload = SD_KB_IAT("\"iat\":1794999699,")},
     YAO_CHECK_KB_TIME, YAO_E_EXPIRED},
    {"N078: refuses a KB-JWT of the next second",
     {.kb_payload = SD_KB_IAT("\"iat\":1795000001,")},
     YAO_CHECK_KB_TIME, YAO_E_NOT_YET_VALID},
    {"N078: refuses a missing iat", {.kb_payload = SD_KB_IAT("")},
     YAO_CHECK_KB_TIME, YAO_E_MISSING},
    {"N078: refuses an iat that is a string",
     {.kb_payload = SD_KB_IAT("\"iat\":\"1795000000\",")},
     YAO_CHECK_KB_TIME, YAO_E_VALUE},
    {"refuses a KB-JWT that says it is over",
     {.kb_payload = SD_KB_IAT("\"iat\":1795000000,\"exp\":1795000000,")},
     YAO_CHECK_KB_TIME, YAO_E_EXPIRED},
    {"N079: refuses a wrong sd_hash",
     {.kb_payload = SD_KB_WITH("\"sd_hash\":"
                       "\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"")},
     YAO_CHECK_KB_HASH, YAO_E_BAD_DIGEST},
    {"N079: refuses a missing sd_hash", {.kb_payload = SD_KB_WITH("\"x\":1")},
     YAO_CHECK_KB_HASH, YAO_E_MISSING},
    {"N079: refuses an sd_hash in another spelling",
     {.kb_payload = SD_KB_WITH("\"sd_hash\":\"#H=\"")},
     YAO_CHECK_KB_HASH, YAO_E_BAD_DIGEST},
    {"N079: refuses an sd_hash that is a number",
     {.kb_payload = SD_KB_WITH("\"sd_hash\":1")}, YAO_CHECK_KB_HASH,
     YAO_E_BAD_DIGEST},
    {"N080: refuses a missing cnf",
     {.payload = "{\"vct\":\"urn:yaopai:specimen:1\",\"exp\":1800000000}"},
     YAO_CHECK_HOLDER_KEY, YAO_E_MISSING},
    {"N080: refuses a cnf with a private key",
     {.payload = SD_WITH_CNF("{\"jwk\":@P}")}, YAO_CHECK_HOLDER_KEY, YAO_E_KEY},
    {"N080: refuses a cnf of kid only",
     {.payload = SD_WITH_CNF("{\"kid\":\"1\"}")}, YAO_CHECK_HOLDER_KEY,
     YAO_E_KEY},
    {"N080: refuses a cnf that is empty", {.payload = SD_WITH_CNF("{}")},
     YAO_CHECK_HOLDER_KEY, YAO_E_KEY},
    {"N080: refuses a cnf that is a string", {.payload = SD_WITH_CNF("\"x\"")},
     YAO_CHECK_HOLDER_KEY, YAO_E_KEY},
    {"N080: refuses a cnf of two keys",
     {.payload = SD_WITH_CNF("{\"jwk\":[@K,@K]}")}, YAO_CHECK_HOLDER_KEY,
     YAO_E_KEY},
    {"N080: refuses a cnf with jwk and jku",
     {.payload = SD_WITH_CNF("{\"jwk\":@K,\"jku\":\"https://e.example\"}")},
     YAO_CHECK_HOLDER_KEY, YAO_E_KEY},
    {"N080: refuses a cnf with jwk and jwe",
     {.payload = SD_WITH_CNF("{\"jwk\":@K,\"jwe\":\"x\"}")},
     YAO_CHECK_HOLDER_KEY, YAO_E_KEY},
    {"N080: accepts a cnf with a name for its jwk",
     {.payload = SD_WITH_CNF("{\"jwk\":@K,\"kid\":\"1\"}")}, 0, YAO_OK},
};

/* What is accepted has a row of each check: none was lost on the way; but the
 * status of a token that names its list is the policy's to look up. */
static void every_row(const sd_judged *j)
{
    const yao_report *report = &j->report;
    static const yao_check checks[] = {
        YAO_CHECK_STRUCTURE, YAO_CHECK_ISSUER_ANCHORS, YAO_CHECK_ISSUER_CHAIN,
        YAO_CHECK_CHAIN_SIGNATURE, YAO_CHECK_CHAIN_VALIDITY,
        YAO_CHECK_CHAIN_PROFILE, YAO_CHECK_ISSUER_SCOPE,
        YAO_CHECK_ISSUER_SIGNATURE, YAO_CHECK_ALGORITHM, YAO_CHECK_VALIDITY,
        YAO_CHECK_DIGESTS, YAO_CHECK_TYPE_HEADER, YAO_CHECK_DISCLOSURES,
        YAO_CHECK_REQUIRED_CLAIMS,
        YAO_CHECK_ISSUER_NAME, YAO_CHECK_HOLDER_KEY, YAO_CHECK_KB_PRESENT,
        YAO_CHECK_KB_TYPE, YAO_CHECK_KB_SIGNATURE, YAO_CHECK_KB_AUDIENCE,
        YAO_CHECK_KB_NONCE, YAO_CHECK_KB_TIME, YAO_CHECK_KB_HASH};

    for (size_t i = 0; i < COUNT(checks); i++)
        if (sd_row(report, checks[i]) == NULL)
            fail_msg("no row of %s", yao_check_name(checks[i]));
    assert_int_equal(sd_row(report, YAO_CHECK_CHAIN_SIGNATURE)->outcome,
                     YAO_OUTCOME_ABSENT);
    assert_int_equal(sd_row(report, YAO_CHECK_STATUS) == NULL,
                     j->verified.status_uri.len != 0);
}

/* What another check's failure left nobody to look at is said to be so. */
static void unknown(const sd_judged *j, yao_check check, yao_status why)
{
    const yao_report_row *row = sd_row(&j->report, check);

    assert_non_null(row);
    assert_int_equal(row->outcome, YAO_OUTCOME_UNKNOWN);
    assert_status(row->why, why);
}

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
    if (check == YAO_CHECK_NONE)
        every_row(j);
    if (why == YAO_E_UNREFERENCED) /* those that were referenced are good */
        assert_int_equal(sd_row(&j->report, YAO_CHECK_DIGESTS)->outcome,
                         YAO_OUTCOME_PASS);
    if (check != YAO_CHECK_NONE) {
        assert_non_null(row);
        assert_status(row->why, why);
    }
    if (check == YAO_CHECK_DIGESTS)
        unknown(j, YAO_CHECK_DISCLOSURES, why);
    if (check == YAO_CHECK_DISCLOSURES && why != YAO_E_UNREFERENCED)
        unknown(j, YAO_CHECK_DIGESTS, why);
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

/* ---- what comes out ---- */

static void says(void **state)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    yao_public_key           holder = test_public(SD_HOLDER);
    static sd_judged         j;
    sd_token                 t = {
        .payload = "{" SD_CLAIMS ",\"nbf\":1790000000,\"status\":"
                   "{\"status_list\":{\"idx\":412,\"uri\":\"https://s.example/1\"}},"
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

/* ---- limits ---- */

/* PIECE COUNT times, with a number in it, and a comma between. */
static char *many(const char *piece, size_t count, const char *end)
{
    size_t room = count * (strlen(piece) + 8) + strlen(end) + 1, len = 0;
    char  *text = yao_arena_take(test_arena(), room);

    assert_non_null(text);
    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(text + len, room - len, piece, (unsigned)i,
                                i + 1 < count ? "," : "");
    snprintf(text + len, room - len, "%s", end);
    return text;
}

static char *join(const char *a, const char *b)
{
    size_t len  = strlen(a) + strlen(b) + 1;
    char  *text = yao_arena_take(test_arena(), len);

    assert_non_null(text);
    snprintf(text, len, "%s%s", a, b);
    return text;
}

static void limit(const sd_token *t, yao_status want)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    static sd_judged         j;

    yao_status got = sd_judge(sd_text(t), &o, &j);
    expect(&j, got, want == YAO_OK ? YAO_CHECK_NONE : YAO_CHECK_DISCLOSURES,
           want);
}

static void limits(void **state)
{
    const char *one = "{" SD_CLAIMS ",\"_sd\":[\"#0\"]}";
    char        name[300];

    (void)state;
    for (int len = 256; len <= 257; len++) {
        snprintf(name, sizeof name, "[\"s\",\"%0*d\",1]", len, 7);
        limit(&(sd_token){.payload = one, .disclosures = {name}},
              len == 256 ? YAO_OK : YAO_E_LIMIT);
    }
    for (size_t more = 0; more <= 1; more++) {
        yao_status want    = more == 0 ? YAO_OK : YAO_E_LIMIT;
        char      *members = many("\"m%u\":0%s", 511, "}]");
        char      *digests = many("\"x%u\"%s", 4000, ",\"#0\"]}");
        char      *others  = many("\"y%u\"%s", 95 + more, "]}]");
        sd_token   t       = {.payload = one};

        t.disclosures[0] = join(more == 0
                                    ? "[\"s\",\"o\",{\"_sd\":[\"#1\"],"
                                    : "[\"s\",\"o\",{\"_sd\":[\"#1\",\"#2\"],",
                                members);
        t.disclosures[1] = "[\"t\",\"last\",1]";
        t.disclosures[2] = more == 0 ? NULL : "[\"u\",\"one more\",1]";
        limit(&t, want);

        t.payload        = join("{" SD_CLAIMS ",\"_sd\":[", digests);
        t.disclosures[0] = join("[\"s\",\"o\",{\"_sd\":[", others);
        t.disclosures[1] = NULL;
        limit(&t, want);
    }
}

static yao_bytes sample(void)
{
    return sd_text(&(sd_token){.payload     = "{" SD_CLAIMS "," SD_D2 "}",
                               .disclosures = SD_NAMES});
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

/* Longer than what alignment leaves free. */
#define LONG                                                                   \
    "a.text.of.more.than.sixty-four.letters.so.that.it.never.fits.by.luck"

static yao_status take_begin(yao_arena *arena, void *context)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    static sd_judged         j;

    memset(&j, 0, sizeof j);
    YAO_TRY(yao_sdjwt_parse(arena, *(yao_bytes *)context, &j.input));
    YAO_TRY(yao_sdjwt_begin(arena, test_crypto(), &j.input, &o, &j.v,
                            &j.report));
    for (size_t i = 0; i < j.report.count; i++)
        if (j.report.rows[i].why == YAO_E_SPACE)
            return YAO_E_USAGE; /* our want of room is no fault of the token */
    return YAO_OK;
}

static void every_arena(void **state)
{
    yao_bytes text = sd_text(&(sd_token){
        .payload = "{\"vct\":\"\\u0075rn:" LONG "\","
                   "\"iss\":\"\\u0068" LONG
                   "\",\"cnf\":{\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-25\\u0036"
                   LONG "\"}},\"status\":{\"status_list\":{\"idx\":1,"
                   "\"uri\":\"\\u0068" LONG "\"}},"
                   "\"_sd\":[\"#0\",\"\\u0078" LONG "\"],"
                   "\"_sd_alg\":\"sha-25\\u0036\",\"a\":[{\"...\":\"#1\"}]}",
        .kb_payload = SD_KB_NONCE("\"nonce\":\"\\u006e-0S6\","),
        .disclosures = {"[\"s\",\"\\u0061b\",1]", "[\"s\",{}]"}});

    (void)state;
    test_every_arena(take_begin, &text, 65536);
}

/* A text of 4,000 letters, which needs more room than all the rest. */
#define X100                                                                   \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"                       \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X1000 X100 X100 X100 X100 X100 X100 X100 X100 X100 X100
#define X4000 X1000 X1000 X1000 X1000

/* A plain SD-JWT whose type, or whose list, is long: a token that is begun
 * says both, and is held to the scope of its key by the former. */
static yao_status take_long(yao_arena *arena, void *context)
{
    yao_text                 types[] = {YAO_INIT("a" X4000),
                                        YAO_INIT("urn:short")};
    yao_anchor               anchor  = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o       = sd_options(&anchor);
    static sd_judged         j;

    anchor.types      = types;
    anchor.type_count = COUNT(types);
    o.vc              = false;
    o.no_binding      = true;
    memset(&j, 0, sizeof j);
    YAO_TRY(yao_sdjwt_parse(arena, *(yao_bytes *)context, &j.input));
    YAO_TRY(yao_sdjwt_begin(arena, test_crypto(), &j.input, &o, &j.v,
                            &j.report));
    for (size_t i = 0; i < j.v.check_count; i++)
        j.v.checks[i].outcome = YAO_SIG_GOOD;
    assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &j.report), YAO_OK);
    assert_true(j.verified.status_uri.len != 0);
    return YAO_OK;
}

static void long_texts(void **state)
{
    yao_bytes type = sd_text(&(sd_token){
        .payload = "{\"vct\":\"\\u0061" X4000 "\",\"status\":{"
                   "\"status_list\":{\"idx\":1,\"uri\":\"x\"}}}",
        .no_kb   = true});
    yao_bytes list = sd_text(&(sd_token){
        .payload = "{\"vct\":\"urn:short\",\"status\":{\"status_list\":{"
                   "\"idx\":1,\"uri\":\"\\u0061" X4000 "\"}}}",
        .no_kb   = true});

    (void)state;
    test_every_arena(take_long, &type, 65536);
    test_every_arena(take_long, &list, 65536);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("verify", rows[i].name, judged, &rows[i]);
    test_add("conclude", "gives what the token says", says, NULL);
    test_add("verify", "N066: refuses more digests, members or letters of a "
                       "name than the limit",
             limits, NULL);
    test_add("verify", "refuses every bit flip", every_bit, NULL);
    test_add("verify", "refuses every proper prefix", every_prefix, NULL);
    test_add("begin", "gives SPACE in every arena that is too small",
             every_arena, NULL);
    test_add("begin", "gives SPACE for a type and a list that are long",
             long_texts, NULL);

    return test_run("sdjwt/verify");
}
