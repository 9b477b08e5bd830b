/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_PERSON_H
#define YAO_TEST_PERSON_H

/**
 * The record of a fictitious person who has every document, with every member
 * of docs/formats/register.md that is a value. No document is expired, and
 * nothing lies in the future, on 2026-06-01 and on 2026-11-22.
 *
 *     const yao_json *r = person_changed("\"sex\":1", "\"sex\":2");
 */

#include <stdio.h>

#include "check.h"
#include "json/json.h"

static const char person_record[] =
    "{\"number\":\"12011919880808901X\",\"name\":\"李示例\","
    "\"family_name\":\"李\",\"given_name\":\"示例\","
    "\"family_name_latin\":\"LI\",\"given_name_latin\":\"SHILI\","
    "\"sex\":1,\"ethnicity\":\"01\",\"birth_date\":\"1988-08-08\","
    "\"nationality\":\"CN\",\"address\":\"天津市蓟州区示例路1号\","
    "\"division\":\"120119\",\"portrait\":\"pictures/1.jpg\","
    "\"mobile\":\"13900000000\","
    "\"identity_card\":{\"document_number\":\"R0001\","
    "\"issue_date\":\"2020-01-01\",\"expiry_date\":\"2040-01-01\","
    "\"long_term\":false,\"authority\":\"天津市公安局蓟州分局\","
    "\"fingerprint\":true},"
    "\"licence\":{\"document_number\":\"D0001\",\"classes\":\"C1D\","
    "\"first_issue_date\":\"2010-05-01\",\"issue_date\":\"2020-05-01\","
    "\"expiry_date\":\"2030-05-01\",\"long_term\":false,"
    "\"authority\":\"天津市公安局交通警察总队\","
    "\"file_number\":\"120100000001\",\"restrictions\":\"无\","
    "\"record\":\"样本\",\"state\":\"A\"},"
    "\"vehicles\":[{\"plate\":\"津AD12345\",\"plate_kind\":\"52\","
    "\"type\":\"K33\",\"use\":\"A\",\"brand_model\":\"示例牌EX1\","
    "\"vin\":\"LTEST1A02R0000017\",\"engine_number\":\"E0001\","
    "\"register_date\":\"2022-03-01\",\"issue_date\":\"2022-03-01\","
    "\"file_number\":\"120100000002\",\"seats\":5,\"gross_mass\":1900,"
    "\"kerb_mass\":1500,\"load_mass\":0,\"length\":4665,\"width\":1815,"
    "\"height\":1476,\"tow_mass\":0,\"fuel\":\"C\",\"colour\":\"A\","
    "\"scrap_date\":\"2037-03-01\",\"remarks\":\"样本\","
    "\"inspection_valid_until\":\"2028-03-31\","
    "\"certificate_serial\":\"S0001\","
    "\"authority\":\"天津市公安局交通警察总队\",\"state\":\"A\"}],"
    "\"residence\":{\"permit_number\":\"P0001\","
    "\"address\":\"杭州市临平区示例街2号\",\"division\":\"330113\","
    "\"authority\":\"杭州市公安局临平分局\",\"issue_date\":\"2024-02-01\","
    "\"endorsed_until\":\"2027-02-01\",\"basis\":\"employment\","
    "\"state\":\"valid\"},"
    "\"household\":{\"number\":\"H0001\",\"kind\":\"10\","
    "\"head_name\":\"李示例\",\"address\":\"天津市蓟州区示例路1号\","
    "\"division\":\"120119\",\"relation\":\"02\",\"former_name\":\"李例\","
    "\"birth_place\":\"天津\",\"native_place\":\"天津\","
    "\"religion\":\"无\",\"height\":175,\"blood_type\":\"3\","
    "\"education\":\"21\",\"marital_status\":\"20\","
    "\"military_service\":\"1\",\"employer\":\"示例公司\","
    "\"occupation\":\"示例\",\"moved_to_city\":\"无\","
    "\"moved_to_address\":\"无\",\"register_date\":\"2016-09-01\","
    "\"issued\":\"2016-09-01\"},"
    "\"health_card\":{\"card_id\":\"HC1\",\"authority\":\"示例医院\","
    "\"issue_date\":\"2024-01-01\"},"
    "\"pass\":{\"pass_id\":\"P1\",\"authority\":\"示例公司\","
    "\"issue_date\":\"2024-01-01\",\"expiry_date\":\"2027-01-01\"}}";

/** Arguments of person_changed(): with what an authority adds to it, a net
 *  certificate. */
#define PERSON_WITH_NET                                                        \
    "\"health_card\"",                                                         \
        "\"net_certificate\":{\"number\":\"23456789ABCDEFGHJKLMNPQR\","         \
        "\"authority\":\"示例机关\",\"issue_date\":\"2026-01-01\","            \
        "\"expiry_date\":\"2029-01-01\"},\"health_card\""

/** The record in which the first FROM became TO; a TO of "}" ends it there. */
static inline const yao_json *person_changed(const char *from, const char *to)
{
    const char     *at   = strstr(person_record, from);
    size_t          len  = sizeof person_record + strlen(to);
    char           *copy = yao_arena_take(test_arena(), len);
    const yao_json *root = NULL;

    assert_non_null(at);
    assert_non_null(copy);
    snprintf(copy, len, "%.*s%s%s", (int)(at - person_record), person_record,
             to, strcmp(to, "}") == 0 ? "" : at + strlen(from));
    assert_status(yao_json_parse(test_arena(),
                                 yao_text_bytes(yao_text_of(copy)), &root),
                  YAO_OK);
    return root;
}

#endif
