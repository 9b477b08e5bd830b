/* SPDX-License-Identifier: Apache-2.0 */
/* proximity/holder.h for a page: what it is told. */
#include "holder.h"

enum { MEMORY = 2 << 20 };

static struct {
    yao_arena          memory; /* the machine winds it back */
    yao_holder        *machine;
    yao_holder_options options;
} holder;

/* ---- beginning ---------------------------------------------------------- */

/* A mailbox, where there is one; else the page knows how messages travel. */
static void take_methods(yao_told *t, yao_prox_engagement *ret)
{
    yao_prox_mailbox box = {.url       = yao_told_text(t, "mailbox"),
                            .to_holder = yao_told_base64url(t, "to_holder"),
                            .to_reader = yao_told_base64url(t, "to_reader")};

    if (t->status != YAO_OK || box.url.len == 0)
        return;
    ret->methods[0] =
        (yao_prox_method){.way = YAO_PROX_MAILBOX, .mailbox = box};
    ret->method_count = 1;
}

static void take_meeting(yao_told *t, yao_prox_meeting *ret)
{
    ret->reader = yao_told_bytes(t, "reader_engagement");
    if (ret->reader.len != 0)
        ret->handover = YAO_PROX_BY_WEB;
}

static yao_status begin(yao_told *t)
{
    yao_holder_options *o      = &holder.options;
    bool                listed = page.bundle.content.kind == YAO_TRUST_BUNDLE;

    o->crypto          = page.crypto;
    o->catalogue       = &page.catalogue;
    o->readers         = page.options.anchors;
    o->reader_count    = page.options.anchor_count;
    o->parties         = listed ? &page.bundle : NULL;
    o->first_wait      = yao_told_int(t, "first_wait");
    o->idle_wait       = yao_told_int(t, "idle_wait");
    o->only_registered = yao_told_bool(t, "only_registered");
    o->strict          = yao_told_bool(t, "strict");
    take_methods(t, &o->engagement);
    take_meeting(t, &o->meeting);
    YAO_TRY(t->status);
    YAO_TRY(yao_page_part(MEMORY, &holder.memory));
    return yao_holder_open(&holder.memory, o, &holder.machine);
}

/* ---- what is shown ------------------------------------------------------ */

/* All that is asked for; what the copy has not is left out, and an age that it
 * has not is answered by the nearest. */
static yao_status choose_all(const yao_mdoc_doc_request *q,
                             yao_holder_choice          *ret)
{
    yao_mdoc_selector *list = yao_arena_take_array(
        &page.memory, q->element_count, sizeof *list);

    if (list == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < q->element_count; i++)
        list[i] = (yao_mdoc_selector){q->elements[i].name_space,
                                      q->elements[i].element};
    ret->elements      = list;
    ret->element_count = q->element_count;
    return YAO_OK;
}

/* [[namespace, element], ...] */
static void take_elements(yao_told *t, const yao_json *list,
                          yao_holder_choice *ret)
{
    yao_mdoc_selector *s = yao_told_room(t, list->count, sizeof *s);

    ret->elements = s;
    for (const yao_json *item = list->first;
         t->status == YAO_OK && item != NULL; item = item->next, s++) {
        if (item->kind != YAO_JSON_ARRAY || item->count != 2) {
            yao_told_fail(t, YAO_E_MALFORMED);
            return;
        }
        yao_told_fail(t, yao_json_string(item->first, &page.memory,
                                         &s->name_space));
        yao_told_fail(t, yao_json_string(item->first->next, &page.memory,
                                         &s->element));
        ret->element_count++;
    }
}

static yao_status take_choice(const yao_json *item, yao_holder_choice *ret)
{
    yao_told                t = {item, YAO_OK};
    size_t                  count;
    const yao_holder_asked *asked = yao_holder_asked_for(holder.machine,
                                                         &count);
    const yao_json *elements = yao_told_array(&t, "elements");
    int64_t         request  = yao_told_int(&t, "request");

    *ret = (yao_holder_choice){.mac     = yao_told_bool(&t, "mac"),
                               .despite = yao_told_bool(&t, "despite"),
                               .issuer_signed = yao_told_bytes(&t, "issued")};
    if (request < 0 || (uint64_t)request >= count)
        yao_told_fail(&t, YAO_E_USAGE);
    YAO_TRY(t.status);
    ret->request = (size_t)request;
    if (elements == NULL)
        return choose_all(asked[request].request, ret);
    take_elements(&t, elements, ret);
    return t.status;
}

static yao_status take_consent(yao_told *t, yao_holder_event *e)
{
    const yao_json    *list    = yao_told_array(t, "choices");
    size_t             count   = list != NULL ? list->count : 0, i = 0;
    yao_holder_choice *choices = yao_told_room(t, count, sizeof *choices);

    YAO_TRY(t->status);
    if (count == 0)
        return YAO_E_USAGE;
    for (const yao_json *item = list->first; item != NULL; item = item->next)
        YAO_TRY(take_choice(item, &choices[i++]));
    e->choices      = choices;
    e->choice_count = count;
    return YAO_OK;
}

/* ---- stepping ----------------------------------------------------------- */

static const char *const kinds[] = {"start",   "key",     "done",
                                    "message", "consent", "refused",
                                    "failed",  "tick",    "end", NULL};

static yao_status take_event(yao_told *t, yao_holder_event *e)
{
    e->kind    = (yao_holder_event_kind)yao_told_word(t, "event", kinds);
    e->now     = yao_told_int(t, "now");
    e->key     = yao_told_key(t, "key");
    e->bytes   = yao_told_bytes(t, "bytes");
    e->status  = (yao_status)yao_told_int(t, "why");
    if (e->kind == YAO_HOLDER_FAILED && e->status == YAO_OK)
        e->status = YAO_E_CRYPTO;
    YAO_TRY(t->status);
    return e->kind == YAO_HOLDER_CONSENT ? take_consent(t, e) : YAO_OK;
}

static yao_status step(yao_told *t, yao_page_wish *ret)
{
    yao_holder_event e = {.kind = YAO_HOLDER_START};
    yao_holder_wish  wish;

    YAO_TRY(take_event(t, &e));
    yao_holder_step(holder.machine, &e, &wish);
    return yao_holder_tell(holder.machine, &wish, ret);
}

const yao_page_machine yao_page_holder = {begin, step, NULL};
