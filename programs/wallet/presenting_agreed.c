/* SPDX-License-Identifier: Apache-2.0 */

/* To what the person agrees beside showing documents: every field of it has a
 * line, since what is signed is all of it (misuse N215). */

#include "app/value.h"
#include "wallet/presenting.h"

static void say_value(yao_arena *arena, const yao_json *value)
{
    yao_text  text;
    yao_bytes letters;

    if (yao_json_string(value, arena, &text) != YAO_OK) {
        yao_writer w = yao_writer_in(arena);
        yao_json_put_value(&w, value); /* a number, a truth */
        if (yao_writer_keep(&w, arena, &letters) != YAO_OK)
            return;
        text = (yao_text){letters.ptr, letters.len};
    }
    yao_value_print(stderr, text);
}

static void say_field(yao_presenting *s, const yao_vp_field *field,
                      const yao_json *data)
{
    const yao_json *value = yao_json_get_text(data, field->name);

    if (value == NULL)
        return;
    fputs("    ", stderr);
    yao_value_print(stderr, yao_label_in(field->label, yao_language_get()));
    fputs(": ", stderr);
    say_value(&s->arena, value);
    fputc('\n', stderr);
}

static void say_one(yao_presenting *s, const yao_vp_transaction *t)
{
    const yao_vp_terms            *terms = &s->options.terms;
    const yao_vp_transaction_type *kind =
        yao_vp_find_kind(terms->types, terms->type_count, t->type);

    if (kind == NULL)
        return; /* the machine refused it */
    fputs(yao_say(WORDS("  YOU AGREE to ", "  您同意：")), stderr);
    yao_value_print(stderr, yao_label_in(kind->title, yao_language_get()));
    fputc('\n', stderr);
    for (size_t i = 0; i < kind->field_count; i++)
        say_field(s, &kind->fields[i], t->data);
}

void yao_presenting_say_agreed(yao_presenting *s)
{
    for (size_t i = 0; i < s->request->transaction_count; i++)
        say_one(s, &s->request->transactions[i]);
}

/* ---- to be known again --------------------------------------------------- */

/* Across a counter nothing carries it, and by an mdoc neither. */
bool yao_presenting_wants_pseudonym(const yao_presenting *s)
{
    const yao_dcql_query *query = &s->request->query;

    for (size_t i = 0; s->request->pseudonym && i < s->part_count; i++)
        if (query->credentials[s->parts[i].credential].format ==
            YAO_DCQL_SDJWT)
            return true;
    return false;
}

void yao_presenting_say_pseudonym(const yao_presenting *s)
{
    if (!yao_presenting_wants_pseudonym(s))
        return;
    fputs(yao_say(WORDS("  IT WILL KNOW YOU AGAIN: it gets a pseudonym, the "
                        "same each time you show here, and known to nobody "
                        "else\n",
                        "  对方将能再次认出您：每次在此出示都给出同一个假名，该"
                        "假名只有对方知道\n")),
          stderr);
}

bool yao_presenting_can_agree(const yao_presenting *s)
{
    yao_vp_shown shown[YAO_VP_MAX_SHOWN];

    for (size_t i = 0; i < s->part_count; i++)
        shown[i] = (yao_vp_shown){
            .id = s->request->query.credentials[s->parts[i].credential].id};
    return yao_vp_can_agree(s->request, shown, s->part_count);
}
