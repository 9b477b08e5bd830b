/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/telling.h"

#include "app/files.h"

int gate_take_profile(const yao_invocation *call, yao_words what,
                      const yao_catalogue *catalogue, const yao_profile **ret)
{
    const char *name = yao_argument(call, "profile");

    *ret = NULL;
    if (name == NULL)
        return 0;
    *ret = yao_profile_by_name(catalogue, yao_text_of(name));
    if (*ret != NULL)
        return 0;
    return yao_fail(YAO_E_USAGE, what, name,
                    WORDS("there is no such profile", "没有这个请求配置"),
                    WORDS("see docs/formats/catalogue.md for their names",
                          "名称见 docs/formats/catalogue.md"));
}

int gate_take_asker(const yao_invocation *call, yao_words what,
                    const yao_catalogue *catalogue, app_asker_given *ret)
{
    int code = gate_take_profile(call, what, catalogue, &ret->profile);

    ret->place       = yao_argument(call, "place");
    ret->key         = yao_argument(call, "reader-key");
    ret->certificate = yao_argument(call, "reader-certificate");
    ret->along       = yao_given(call, "with-certificate");
    ret->now         = yao_now();
    if (code != 0)
        return code;
    if (ret->profile == NULL || ret->place == NULL || ret->key == NULL ||
        ret->certificate == NULL)
        return yao_fail(YAO_E_USAGE, what, NULL,
                        WORDS("a challenge needs profile, place, reader key "
                              "and reader certificate",
                              "挑战需要请求配置、地点、读卡私钥与读卡证书"),
                        WORDS("give --profile, --place, --reader-key, "
                              "--reader-certificate",
                              "请给出 --profile、--place、--reader-key、"
                              "--reader-certificate"));
    return 0;
}

int gate_tell_asker(yao_words what, const app_asker_given *given,
                    yao_status status)
{
    switch (status) {
    case YAO_E_USAGE:
        return yao_fail(status, what, "--place",
                        WORDS("not a name of 1 to 64 letters",
                              "名称应为 1 至 64 字"),
                        WORDS("shorten it", "请缩短"));
    case YAO_E_NOT_AUTHORISED:
        return yao_fail(status, what, given->certificate,
                        WORDS("this party did not register the profile",
                              "该依赖方未登记此请求配置"),
                        WORDS("give the certificate of a party that did",
                              "请使用已登记该配置的读卡证书"));
    case YAO_E_MISMATCH:
        return yao_fail(status, what, given->key,
                        WORDS("the key is another certificate's",
                              "密钥与证书不匹配"),
                        WORDS("give both as `party register` wrote them",
                              "请使用 `party register` 写出的一对文件"));
    default:
        return yao_fail(status, what, given->certificate,
                        (yao_words){NULL, NULL},
                        WORDS("give the reader's certificate and its key, "
                              "as PEM",
                              "请给出 PEM 格式的读卡证书与私钥"));
    }
}
