/* SPDX-License-Identifier: Apache-2.0 */
/* Values that are made of the record, of the issuer's input, or of both. */
#include "issuance/making.h"

static yao_making_value absent(void)
{
    return (yao_making_value){0};
}

static yao_making_value text_value(yao_text text)
{
    yao_making_value v = {0};

    v.present = text.len != 0;
    v.text    = text;
    return v;
}

static yao_making_value number_value(uint64_t number)
{
    yao_making_value v = {0};

    v.present = true;
    v.number  = number;
    return v;
}

static yao_making_value image_value(yao_bytes image)
{
    yao_making_value v = {0};

    v.present = image.len != 0;
    v.image   = image;
    return v;
}

/* ---- ages ---- */

static yao_making_value make_age(yao_making *m, const yao_element *e,
                                 const yao_json *record)
{
    yao_making_value v = {0};
    yao_date         birth;

    if (!yao_making_day(m, yao_making_find(m, record, e->from), &birth))
        return absent();

    int32_t age = yao_date_age(birth, m->today);
    if (e->derive == YAO_DERIVE_BIRTH_YEAR)
        return number_value((uint64_t)birth.year);
    if (e->derive == YAO_DERIVE_AGE_YEARS)
        return number_value((uint64_t)age);
    v.present = true;
    v.truth   = (uint32_t)age >= e->argument;
    return v;
}

/* ---- divisions ---- */

static const yao_code_list *list(const yao_making *m, const char *name)
{
    return yao_codes_by_name(m->input->catalogue, yao_text_of(name));
}

static yao_making_value make_subdivision(yao_making *m, const yao_element *e,
                                         const yao_json *record)
{
    yao_text division;
    yao_code province;

    if (!yao_making_text(m, yao_making_find(m, record, e->from), &division) ||
        division.len != 6 ||
        !yao_code_find(list(m, "province"), (yao_text){division.ptr, 2},
                       &province))
        return absent();
    return text_value(province.mapped);
}

/* The label of the first LEN digits of DIVISION, filled up with zeros. */
static yao_text label_of(const yao_making *m, yao_text division, size_t len)
{
    uint8_t  code[6];
    yao_code row;

    for (size_t i = 0; i < 6; i++)
        code[i] = i < len ? division.ptr[i] : '0';
    if (!yao_code_find(list(m, "division"), (yao_text){code, 6}, &row))
        return (yao_text){NULL, 0};
    return row.label.zh;
}

/* The prefecture; the province where it only says "districts of the city" (
 * Beijing, Tianjin, Shanghai, Chongqing) or "directly governed". */
static yao_making_value make_city(yao_making *m, const yao_element *e,
                                  const yao_json *record)
{
    yao_text division;

    if (!yao_making_text(m, yao_making_find(m, record, e->from), &division) ||
        division.len != 6)
        return absent();

    yao_text city = label_of(m, division, 4);
    if (city.len == 0 || yao_text_equal(city, YAO_TEXT("市辖区")) ||
        yao_text_equal(city, YAO_TEXT("县")) ||
        division.ptr[2] == '9') /* 90: directly governed */
        city = label_of(m, division, 2);
    return text_value(city);
}

/* ---- codes ---- */

static yao_making_value make_mapped(yao_making *m, const yao_element *e,
                                    const yao_json *record)
{
    yao_text code;
    yao_code row;

    if (!yao_making_text(m, yao_making_find(m, record, e->from), &code) ||
        !yao_code_find(e->codes, code, &row))
        return absent();
    return text_value(row.mapped);
}

/* ---- driving privileges ---- */

/* One category once; without code 78 when any class gives it so. */
static void add_privilege(yao_making_privilege *table, size_t *count,
                          yao_text category, bool automatic)
{
    for (size_t i = 0; i < *count; i++)
        if (yao_text_equal(table[i].category, category)) {
            table[i].automatic = table[i].automatic && automatic;
            return;
        }
    if (*count < YAO_MAKING_PRIVILEGES)
        table[(*count)++] = (yao_making_privilege){category, automatic};
}

/* The item of a list "a|b|c" at *AT, which moves on. */
static bool next_item(yao_text text, size_t *at, yao_text *ret)
{
    size_t start = *at, end = start;

    if (start >= text.len)
        return false;
    while (end < text.len && text.ptr[end] != '|')
        end++;
    *ret = (yao_text){text.ptr + start, end - start};
    *at  = end + 1;
    return true;
}

/* The categories that CLASS is mapped to, "B:78|C". */
static void add_class(const yao_element    *e, yao_text class,
                      yao_making_privilege *table, size_t *count)
{
    yao_code row;
    yao_text item;
    size_t   at = 0;

    if (!yao_code_find(e->codes, class, &row))
        return;
    while (next_item(row.mapped, &at, &item)) {
        bool automatic = item.len > 3 && item.ptr[item.len - 3] == ':';

        if (automatic)
            item.len -= 3;
        add_privilege(table, count, item, automatic);
    }
}

/* A licence shows only the highest classes; a foreign reader knows nothing of
 * what they cover, so the covered ones are mapped too. */
static void add_covered(const yao_making *m, const yao_element *e,
                        yao_text class, yao_making_privilege   *table,
                        size_t *count)
{
    yao_code row;
    yao_text item;
    size_t   at = 0;

    if (!yao_code_find(list(m, "driving_class_covers"), class, &row))
        return;
    while (next_item(row.mapped, &at, &item))
        add_class(e, item, table, count);
}

static yao_text parent_of(yao_text path)
{
    while (path.len != 0 && path.ptr[path.len - 1] != '.')
        path.len--;
    path.len -= path.len != 0 ? 1 : 0;
    return path;
}

static yao_making_value make_privileges(yao_making *m, const yao_element *e,
                                        const yao_json *record)
{
    yao_making_value      v = {0};
    yao_making_privilege *table;
    yao_text              classes;
    yao_code class;
    size_t offset = 0;

    if (!yao_making_text(m, yao_making_find(m, record, e->from), &classes) ||
        !yao_making_day(
            m,
            yao_json_get(yao_making_find(m, record, parent_of(e->from)),
                         "first_issue_date"),
            &v.first_issue) ||
        !yao_making_last_day(m, record, &v.expiry))
        return absent();
    table =
        yao_arena_take_array(m->arena, YAO_MAKING_PRIVILEGES, sizeof *table);
    if (table == NULL) {
        m->status = m->status == YAO_OK ? YAO_E_SPACE : m->status;
        return absent();
    }

    while (yao_class_next(m->input->catalogue, classes, &offset, &class)) {
        add_class(e, class.code, table, &v.privilege_count);
        add_covered(m, e, class.code, table, &v.privilege_count);
    }
    v.present    = offset == classes.len;
    v.privileges = table;
    return v;
}

/* ---- the rest ---- */

static yao_making_value make_expiry(yao_making *m, const yao_json *record)
{
    yao_making_value v = {0};

    v.present = yao_making_last_day(m, record, &v.day);
    return v;
}

static yao_making_value make_document_number(yao_making        *m,
                                             const yao_element *e,
                                             const yao_json    *record)
{
    yao_text number;

    if (e->from.len != 0 &&
        yao_making_text(m, yao_making_find(m, record, e->from), &number) &&
        number.len != 0)
        return text_value(number);
    return text_value(m->input->document_number);
}

yao_making_value yao_making_derive(yao_making *m, const yao_element *e,
                                   const yao_json *record)
{
    switch (e->derive) {
    case YAO_DERIVE_CONSTANT:
        return text_value(e->fallback);
    case YAO_DERIVE_SPECIMEN:
        return m->input->demo ? text_value(YAO_TEXT("SPECIMEN")) : absent();
    case YAO_DERIVE_AGE_OVER:
    case YAO_DERIVE_AGE_YEARS:
    case YAO_DERIVE_BIRTH_YEAR:
        return make_age(m, e, record);
    case YAO_DERIVE_PRIVILEGES:
        return make_privileges(m, e, record);
    case YAO_DERIVE_MAPPED:
        return make_mapped(m, e, record);
    case YAO_DERIVE_SUBDIVISION:
        return make_subdivision(m, e, record);
    case YAO_DERIVE_CITY:
        return make_city(m, e, record);
    case YAO_DERIVE_PORTRAIT:
        return image_value(m->input->portrait);
    case YAO_DERIVE_PORTRAIT_SMALL:
        return image_value(m->input->portrait_small);
    case YAO_DERIVE_DOCUMENT_NUMBER:
        return make_document_number(m, e, record);
    case YAO_DERIVE_EXPIRY:
        return make_expiry(m, record);
    case YAO_DERIVE_LEVEL:
        return number_value(m->input->level);
    case YAO_DERIVE_MEMBERS:
        return number_value(m->household);
    case YAO_DERIVE_GUARDED:
        return (yao_making_value){.present = m->input->held_by_guardian,
                                  .truth   = m->input->held_by_guardian};
    case YAO_DERIVE_NONE:
        break;
    }
    return absent();
}
