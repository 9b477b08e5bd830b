/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/form.h"

#include "check.h"

static const struct row {
    const char *name, *input;
    yao_status  want;
    const char *a; /* the value of "a"; NULL: absent */
} rows[] = {
    {"accepts nothing at all", "", YAO_OK, NULL},
    {"accepts one field", "a=b", YAO_OK, "b"},
    {"accepts several", "x=1&a=b&y=2", YAO_OK, "b"},
    {"accepts a plus as a blank", "a=b+c", YAO_OK, "b c"},
    {"accepts escapes", "a=%62%2B%e4%b8%ad", YAO_OK, "b+\xe4\xb8\xad"},
    {"accepts an escaped name", "%61=b", YAO_OK, "b"},
    {"accepts a value with an equals sign escaped", "a=b%3Dc", YAO_OK, "b=c"},
    {"accepts an empty value as absent", "a=&b=c", YAO_OK, NULL},
    {"accepts letters that browsers leave alone", "a=!$'()*,/:;?@-._~", YAO_OK,
     "!$'()*,/:;?@-._~"},
    {"refuses a name twice", "a=b&a=c", YAO_E_DUPLICATE, NULL},
    {"refuses a name twice, once escaped", "a=b&%61=c", YAO_E_DUPLICATE, NULL},
    {"refuses a name twice, once empty", "a=&a=c", YAO_E_DUPLICATE, NULL},
    {"refuses no equals sign", "a", YAO_E_MALFORMED, NULL},
    {"refuses an equals sign in a value", "a=b=c", YAO_E_MALFORMED, NULL},
    {"refuses an empty name", "=b", YAO_E_MALFORMED, NULL},
    {"refuses an empty field", "a=b&&c=d", YAO_E_MALFORMED, NULL},
    {"refuses an end with &", "a=b&", YAO_E_MALFORMED, NULL},
    {"refuses half an escape", "a=%4", YAO_E_MALFORMED, NULL},
    {"refuses an escape of other letters", "a=%zz", YAO_E_MALFORMED, NULL},
    {"refuses a NUL", "a=%00", YAO_E_MALFORMED, NULL},
    {"refuses a line end", "a=%0d%0a", YAO_E_MALFORMED, NULL},
    {"refuses DEL", "a=%7f", YAO_E_MALFORMED, NULL},
    {"refuses a blank", "a=b c", YAO_E_MALFORMED, NULL},
    {"refuses a quote", "a=\"b\"", YAO_E_MALFORMED, NULL},
    {"refuses letters above ASCII that are not escaped", "a=\xe4\xb8\xad",
     YAO_E_MALFORMED, NULL},
    {"refuses what is no UTF-8", "a=%ff", YAO_E_UTF8, NULL},
    {"refuses a surrogate", "a=%ed%a0%80", YAO_E_UTF8, NULL},
};

static void read_row(void **state)
{
    const struct row *row = *state;
    yao_form          form;

    assert_status(yao_form_read(test_arena(),
                                yao_text_bytes(yao_text_of(row->input)), &form),
                  row->want);
    if (row->want != YAO_OK)
        return;
    const yao_text *a = yao_form_get(&form, "a");
    assert_int_equal(a == NULL, row->a == NULL);
    if (a != NULL)
        assert_bytes(yao_text_bytes(*a), yao_text_bytes(yao_text_of(row->a)));
    assert_int_equal(yao_form_text(&form, "no").len, 0);
}

static void limits(void **state)
{
    char     text[YAO_OAUTH_MAX_FIELDS * 8 + 16];
    size_t   len = 0;
    yao_form form;

    (void)state;
    for (int i = 0; i <= YAO_OAUTH_MAX_FIELDS; i++) {
        yao_status want = i == YAO_OAUTH_MAX_FIELDS ? YAO_E_LIMIT : YAO_OK;
        text[len++]     = i == 0 ? 'n' : '&';
        if (i != 0)
            text[len++] = 'n';
        text[len++] = (char)('0' + i / 10);
        text[len++] = (char)('0' + i % 10);
        text[len++] = '=';
        text[len++] = 'v';
        assert_status(
            yao_form_read(test_arena(), (yao_bytes){(uint8_t *)text, len},
                          &form),
            want);
    }
}

static yao_status write(yao_writer *w, void *context)
{
    bool first = true;

    (void)context;
    yao_form_put(w, &first, "a", YAO_TEXT("b c&d=\xe4\xb8\xad"));
    yao_form_put(w, &first, "nothing", YAO_TEXT(""));
    yao_form_put(w, &first, "e", YAO_TEXT("-._~"));
    return w->status;
}

static void gives_back(void **state)
{
    uint8_t    room[128];
    yao_writer w = yao_writer_open(room, sizeof room);
    yao_form   form;

    (void)state;
    assert_status(write(&w, NULL), YAO_OK);
    assert_bytes(((yao_bytes){room, w.len}),
                 YAO_LIT("a=b%20c%26d%3D%E4%B8%AD&e=-._~"));
    assert_status(yao_form_read(test_arena(), (yao_bytes){room, w.len}, &form),
                  YAO_OK);
    assert_true(yao_text_equal(yao_form_text(&form, "a"),
                               YAO_TEXT("b c&d=\xe4\xb8\xad")));
    test_every_room(write, NULL);
}

static yao_status take(yao_arena *arena, void *context)
{
    yao_form form;

    (void)context;
    return yao_form_read(arena, YAO_LIT("a=%62&c=d+e"), &form);
}

static void refuses_rooms(void **state)
{
    (void)state;
    test_every_arena(take, NULL, 4096);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("read", rows[i].name, read_row, &rows[i]);
    test_add("read", "refuses more fields than there may be", limits, NULL);
    test_add("write", "gives back what was written", gives_back, NULL);
    test_add("read", "refuses every arena that is too small", refuses_rooms,
             NULL);
    return test_run("oauth/form");
}
