/* SPDX-License-Identifier: Apache-2.0 */
/* Members of JSON objects, for the loader. */
#include "document/load.h"

void yao_loader_fail(yao_loader *l, yao_status status, const char *what)
{
    if (l->status != YAO_OK)
        return;
    l->status       = status;
    l->trouble.what = what;
}

void yao_loader_try(yao_loader *l, yao_status status, const char *what)
{
    if (status != YAO_OK)
        yao_loader_fail(l, status, what);
}

void yao_loader_want(yao_loader *l, bool ok, const char *what)
{
    if (!ok)
        yao_loader_fail(l, YAO_E_MALFORMED, what);
}

void *yao_loader_take(yao_loader *l, size_t count, size_t size)
{
    void *memory = NULL;

    if (l->status == YAO_OK && count != 0)
        memory = yao_arena_take_array(l->arena, count, size);
    if (memory == NULL && count != 0)
        yao_loader_fail(l, YAO_E_SPACE, "no room");
    return memory;
}

void yao_loader_only(yao_loader *l, const yao_json *node,
                     const char *const *names)
{
    if (node == NULL || node->kind != YAO_JSON_OBJECT) {
        yao_loader_fail(l, YAO_E_MALFORMED, "not an object");
        return;
    }
    for (const yao_json *m = node->first; m != NULL; m = m->next) {
        const char *const *name = names;

        while (*name != NULL && !yao_json_named(m, yao_text_of(*name)))
            name++;
        yao_loader_want(l, *name != NULL, "unknown member");
    }
}

yao_text yao_loader_text(yao_loader *l, const yao_json *node, const char *name,
                         bool required)
{
    const yao_json *value = yao_json_get(node, name);
    yao_text        text  = {NULL, 0};

    if (value == NULL) {
        yao_loader_want(l, !required, "member is missing");
        return text;
    }
    yao_loader_try(l, yao_json_string(value, l->arena, &text), "not a text");
    yao_loader_want(l, text.len != 0, "text is empty");
    return text;
}

uint32_t yao_loader_number(yao_loader *l, const yao_json *node,
                           const char *name, uint32_t absent)
{
    const yao_json *value  = yao_json_get(node, name);
    int64_t         number = absent;

    if (value != NULL)
        yao_loader_try(l, yao_json_int(value, &number), "not a number");
    if (number < 0 || number > (int64_t)UINT32_MAX) {
        yao_loader_want(l, false, "number out of range");
        return 0;
    }
    return (uint32_t)number;
}

bool yao_loader_bool(yao_loader *l, const yao_json *node, const char *name)
{
    const yao_json *value = yao_json_get(node, name);
    bool            truth = false;

    if (value != NULL)
        yao_loader_try(l, yao_json_bool(value, &truth), "not true or false");
    return truth;
}

yao_label yao_loader_label(yao_loader *l, const yao_json *node,
                           const char *name)
{
    static const char *const languages[] = {"zh", "en", NULL};
    const yao_json          *value       = yao_json_get(node, name);
    yao_label                label;

    yao_loader_only(l, value, languages);
    label.zh = yao_loader_text(l, value, "zh", true);
    label.en = yao_loader_text(l, value, "en", true);
    return label;
}

const yao_json *yao_loader_array(yao_loader *l, const yao_json *node,
                                 const char *name)
{
    const yao_json *value = yao_json_get(node, name);

    if (value != NULL && value->kind != YAO_JSON_ARRAY) {
        yao_loader_want(l, false, "not an array");
        return NULL;
    }
    return value;
}

const yao_text *yao_loader_texts(yao_loader *l, const yao_json *node,
                                 const char *name, size_t *count)
{
    const yao_json *value = yao_loader_array(l, node, name);
    size_t          used  = 0;

    *count = 0;
    if (value == NULL || value->count == 0)
        return NULL;

    yao_text *texts = yao_loader_take(l, value->count, sizeof *texts);
    if (texts == NULL)
        return NULL;
    for (const yao_json *item = value->first; item != NULL; item = item->next) {
        yao_loader_try(l, yao_json_string(item, l->arena, &texts[used]),
                       "not a text");
        yao_loader_want(l, texts[used].len != 0, "text is empty");
        for (size_t i = 0; i < used; i++)
            if (yao_text_equal(texts[i], texts[used]))
                yao_loader_fail(l, YAO_E_DUPLICATE, "text stands there twice");
        used++;
    }
    *count = used;
    return texts;
}

unsigned yao_loader_word(yao_loader *l, const yao_json *node, const char *name,
                         const char *(*name_of)(unsigned), unsigned last,
                         bool required)
{
    yao_text word = yao_loader_text(l, node, name, required);

    if (word.len == 0)
        return 0;
    for (unsigned i = 1; i <= last; i++)
        if (yao_text_equal(word, yao_text_of(name_of(i))))
            return i;
    yao_loader_want(l, false, "no such word");
    return 0;
}
