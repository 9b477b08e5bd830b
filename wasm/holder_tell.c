/* SPDX-License-Identifier: Apache-2.0 */
/* What proximity/holder.h wishes, as JSON. */
#include "holder.h"

static const char *const names[] = {"stop", "make_key", "show", "wait", "agree",
                                    "aead", "ask",      "sign", "send"};

static const char *const roles[] = {"", "session", "document"};

static const char *const readers[] = {"absent", "good", "bad", "unknown"};

/* ---- who asks what ------------------------------------------------------ */

static void put_elements(yao_writer *w, const yao_mdoc_doc_request *q)
{
    bool next = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < q->element_count; i++) {
        yao_json_put_next(w, &next);
        yao_put_byte(w, '[');
        yao_json_put_string(w, q->elements[i].name_space);
        yao_put_byte(w, ',');
        yao_json_put_string(w, q->elements[i].element);
        yao_put_byte(w, ',');
        yao_json_put_bool(w, q->elements[i].retain);
        yao_put_byte(w, ']');
    }
    yao_put_byte(w, ']');
}

static void put_who(yao_writer *w, bool *first, const yao_holder_asked *a)
{
    const yao_trust_party *party       = a->party;
    const yao_certificate *certificate = a->reader.certificate;

    if (party != NULL) {
        yao_json_put_optional(w, first, "name", party->name);
        yao_json_put_optional(w, first, "name_en", party->name_en);
        yao_json_put_optional(w, first, "code", party->code);
        yao_json_put_optional(w, first, "legal_basis", party->legal_basis);
        yao_json_put_member_int(w, first, "retention_days",
                                (int64_t)party->retention_days);
    } else if (certificate != NULL) {
        yao_json_put_optional(w, first, "name", certificate->common_name);
        yao_json_put_optional(w, first, "organisation",
                              certificate->organisation);
    }
}

static void put_asked(yao_writer *w, const yao_holder_asked *a)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "type", a->request->doc_type);
    yao_json_put_member(w, &first, "reader",
                        yao_text_of(readers[a->reader.state]));
    yao_json_put_member(w, &first, "allowed",
                        yao_text_of(yao_status_name(a->status)));
    if (a->profile != NULL)
        yao_json_put_optional(w, &first, "profile", a->profile->name);
    put_who(w, &first, a);
    yao_json_put_name(w, &first, "elements");
    put_elements(w, a->request);
    yao_put_byte(w, '}');
}

static void put_all(yao_page_wish *ret, const yao_holder *machine)
{
    size_t                  count;
    const yao_holder_asked *asked = yao_holder_asked_for(machine, &count);
    bool                    next  = true;

    yao_json_put_name(&ret->w, &ret->first, "asked");
    yao_put_byte(&ret->w, '[');
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(&ret->w, &next);
        put_asked(&ret->w, &asked[i]);
    }
    yao_put_byte(&ret->w, ']');
}

/* ---- wishes ------------------------------------------------------------- */

static void put_end(yao_page_wish *ret, const yao_holder *machine,
                    yao_status status)
{
    yao_wish_status(ret, status);
    yao_wish_int(ret, "said", (int64_t)yao_holder_said(machine));
    yao_wish_int(ret, "answered", (int64_t)yao_holder_answered(machine));
}

static void put_secret(yao_page_wish *ret, const yao_holder_wish *wish)
{
    yao_wish_word(ret, "role", roles[wish->role]);
    yao_wish_int(ret, "index", (int64_t)wish->index);
    if (wish->kind == YAO_HOLDER_SIGN)
        yao_wish_sign(ret, &wish->sign);
    else
        yao_wish_agree(ret, &wish->agree);
}

static void put_wish(yao_page_wish *ret, const yao_holder *machine,
                     const yao_holder_wish *wish)
{
    switch (wish->kind) {
    case YAO_HOLDER_STOP:
        put_end(ret, machine, wish->status);
        break;
    case YAO_HOLDER_MAKE_KEY:
        break;
    case YAO_HOLDER_SHOW:
        yao_wish_text(ret, "text", wish->text);
        yao_wish_bytes(ret, "body", wish->bytes);
        break;
    case YAO_HOLDER_WAIT:
        yao_wish_int(ret, "deadline", wish->deadline);
        break;
    case YAO_HOLDER_AGREE:
    case YAO_HOLDER_SIGN:
        put_secret(ret, wish);
        break;
    case YAO_HOLDER_AEAD:
        yao_wish_aead(ret, &wish->aead);
        break;
    case YAO_HOLDER_ASK:
        yao_wish_int(ret, "deadline", wish->deadline);
        put_all(ret, machine);
        break;
    case YAO_HOLDER_SEND:
        yao_wish_bytes(ret, "body", wish->bytes);
        yao_wish_flag(ret, "last", wish->last);
        break;
    }
}

yao_status yao_holder_tell(const yao_holder      *machine,
                           const yao_holder_wish *wish, yao_page_wish *ret)
{
    yao_wish_open(ret, names[wish->kind]);
    put_wish(ret, machine, wish);
    return yao_wish_close(ret);
}
