/* SPDX-License-Identifier: Apache-2.0 */

/* A code on paper at a counter instead of a link: whose counter it is and where
 * it stands is said before anything is fetched; then its desk opens a session,
 * whose link goes the usual way. The session must be asked by the key that the
 * registrar named in the code, for the profile that stands there. */

#include "wallet/presenting.h"

#include <string.h>
#include <unistd.h>

#include "app/value.h"
#include "json/json.h"
#include "trust/standing.h"
#include "wallet/web.h"

struct yao_presenting_standing {
    yao_standing           code;
    const yao_trust_party *party;
};

/* ---- who signed it ------------------------------------------------------ */

static yao_status check(yao_presenting *s, yao_presenting_standing *at)
{
    const yao_vp_terms      *terms = &s->options.terms;
    const yao_standing_terms whom  = {s->crypto, terms->anchors,
                                      terms->anchor_count, s->now};
    yao_signature_check      check;

    YAO_TRY(yao_standing_read(&s->arena, s->options.link, &at->code));
    YAO_TRY(yao_standing_check(&s->arena, &at->code, &whom, &check));
    YAO_TRY(s->crypto->verify(s->crypto->ctx, &check, 1));
    YAO_TRY(yao_standing_conclude(&at->code, &check, terms->parties,
                                  &at->party));
    if (!yao_given(s->call, "local") &&
        !yao_bytes_starts(yao_text_bytes(at->code.url), YAO_LIT("https://")))
        return YAO_E_VALUE;
    return YAO_OK;
}

static yao_words why(yao_status status)
{
    switch (status) {
    case YAO_E_UNTRUSTED:
    case YAO_E_BAD_SIGNATURE:
        return WORDS("the registrar did not sign this code",
                     "该立牌码不是登记机关签发的");
    case YAO_E_EXPIRED:
        return WORDS("this code is over", "该立牌码已过期");
    case YAO_E_NOT_FOUND:
        return WORDS("its party is not on the list of relying parties, or has "
                     "another certificate now",
                     "其所属单位不在依赖方名单中，或证书已更换");
    case YAO_E_SUSPENDED:
        return WORDS("its party was suspended", "其所属单位已被暂停");
    case YAO_E_NOT_AUTHORISED:
        return WORDS("its party did not register what is asked here",
                     "其所属单位未登记此项请求");
    case YAO_E_NET:
        return WORDS("the desk could not be reached", "无法连接核验台");
    case YAO_E_REFUSED:
        return WORDS("the desk opens no session for this code",
                     "核验台未为该立牌码开启会话");
    default:
        return (yao_words){NULL, NULL};
    }
}

static int tell(const yao_presenting *s, yao_status status)
{
    yao_status class_ = status == YAO_E_NOT_FOUND ? YAO_E_NOT_AUTHORISED
                                                  : status;

    return yao_fail(class_, s->what, "YS1", why(status),
                    WORDS("nothing was shown; ask at the counter for another "
                          "way, and tell the registrar",
                          "未出示任何内容；请在柜台改用其他方式，并告知登记机关"));
}

/* ---- name and place ----------------------------------------------------- */

static bool confirm(const yao_presenting          *s,
                    const yao_presenting_standing *at)
{
    char answer[16];

    yao_value_print(stderr, yao_language_get() == YAO_EN &&
                                    at->party->name_en.len > 0
                                ? at->party->name_en
                                : at->party->name);
    fputs(yao_say(WORDS("\n  place: ", "\n  地点：")), stderr);
    yao_value_print(stderr, at->code.place);
    fputc('\n', stderr);
    if (yao_given(s->call, "yes"))
        return true;
    if (!isatty(STDIN_FILENO))
        return false;
    fputs(yao_say(WORDS("Do you stand there? [y/N] ", "您在此处吗？[y/N] ")),
          stderr);
    fflush(stderr);
    return fgets(answer, sizeof answer, stdin) != NULL &&
           (answer[0] == 'y' || answer[0] == 'Y' ||
            strncmp(answer, "是", strlen("是")) == 0);
}

/* ---- the session -------------------------------------------------------- */

static yao_status fetch(yao_presenting *s, const yao_presenting_standing *at,
                        net_answer *ret)
{
    yao_writer w    = yao_writer_in(&s->arena);
    net_call   call = {.method = "POST"};
    yao_bytes  url;

    yao_put_bytes(&w, yao_text_bytes(at->code.url));
    yao_put_text(&w, "/standing/");
    yao_put_hex(&w, at->code.id);
    YAO_TRY(yao_writer_keep(&w, &s->arena, &url));
    call.url = (yao_text){url.ptr, url.len};
    YAO_TRY(yao_wallet_allow(s->client, call.url));
    YAO_TRY(net_client_fetch(s->client, &call, &s->arena, ret));
    return ret->status == 201 ? YAO_OK : YAO_E_REFUSED;
}

static bool is_number(yao_text n)
{
    return n.len == 2 && n.ptr[0] >= '1' && n.ptr[0] <= '9' &&
           n.ptr[1] >= '0' && n.ptr[1] <= '9';
}

static yao_status open_session(yao_presenting                *s,
                               const yao_presenting_standing *at)
{
    net_answer      answer;
    const yao_json *root;
    yao_text        request;

    YAO_TRY(fetch(s, at, &answer));
    YAO_TRY(yao_json_parse(&s->arena, answer.body, &root));
    YAO_TRY(
        yao_json_string(yao_json_get(root, "request"), &s->arena, &request));
    YAO_TRY(
        yao_json_string(yao_json_get(root, "number"), &s->arena, &s->number));
    if (!is_number(s->number))
        return YAO_E_MALFORMED;
    s->options.link = yao_text_bytes(request);
    return YAO_OK;
}

int yao_presenting_scan(yao_presenting *s)
{
    yao_presenting_standing *at;

    if (!yao_standing_is(s->options.link))
        return 0;
    at = yao_arena_take(&s->arena, sizeof *at);
    if (at == NULL)
        return yao_fail_memory();
    yao_status status = check(s, at);
    if (status != YAO_OK)
        return tell(s, status);
    s->standing = at;
    if (!confirm(s, at))
        return yao_fail(YAO_E_REFUSED, s->what, NULL,
                        WORDS("you did not agree", "您没有同意"),
                        WORDS("nothing was shown", "未出示任何内容"));
    status = open_session(s, at);
    return status == YAO_OK ? 0 : tell(s, status);
}

yao_status yao_presenting_check_standing(const yao_presenting *s)
{
    uint8_t hash[YAO_SHA256_LEN];

    if (s->standing == NULL)
        return YAO_OK;
    if (!s->request->is_signed)
        return YAO_E_MISMATCH;
    YAO_TRY(s->crypto->hash(s->crypto->ctx, YAO_SHA256, &s->request->leaf, 1,
                            hash));
    if (!yao_bytes_equal(s->standing->code.reader,
                         (yao_bytes){hash, sizeof hash}))
        return YAO_E_MISMATCH;
    return s->profile != NULL && yao_text_equal(s->profile->name,
                                                s->standing->code.profile)
               ? YAO_OK
               : YAO_E_NOT_AUTHORISED;
}

void yao_presenting_put_standing(yao_writer *w, bool *first,
                                 const yao_presenting *s)
{
    if (s->standing == NULL)
        return;
    yao_json_put_member(w, first, "place", s->standing->code.place);
    yao_json_put_member(w, first, "number", s->number);
}
