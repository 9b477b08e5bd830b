/* SPDX-License-Identifier: Apache-2.0 */
#include "app/result_print.h"

#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/result_status.h"
#include "app/value.h"
#include "document/document.h"
#include "json/json.h"

static bool is_sdjwt(yao_format format)
{
    return format == YAO_FORMAT_SDJWT_VC || format == YAO_FORMAT_SDJWT;
}

/* Who asks for CHECK. A status list is no document of either form. */
static const char *source_of(yao_format format, yao_check check)
{
    bool list = format == YAO_FORMAT_STATUS_LIST_JWT ||
                format == YAO_FORMAT_STATUS_LIST_CWT;
    bool path = check == YAO_CHECK_CHAIN_SIGNATURE ||
                check == YAO_CHECK_CHAIN_VALIDITY ||
                check == YAO_CHECK_CHAIN_PROFILE ||
                check == YAO_CHECK_ISSUER_SCOPE;

    if (list && !path && check < YAO_CHECK_LIST_SUBJECT)
        return "Token Status List 8.3";
    const char *source = yao_check_source(check, is_sdjwt(format));

    if (strcmp(source, "-") == 0 &&
        (format == YAO_FORMAT_CARD || format == YAO_FORMAT_PRINTED_CARD))
        return "docs/formats/card.md";
    return source;
}

int yao_result_exit_code(const yao_judged *judged)
{
    if (judged->result == NULL)
        return yao_exit_code(judged->failure);

    switch (judged->result->verdict) {
    case YAO_VERDICT_ACCEPT: return 0;
    case YAO_VERDICT_REJECT: return 3;
    default:                 return 5;
    }
}

/* What the catalogue knows of an attribute; NULL for a foreign document. */
static const yao_element *element_of(const yao_result_document *d,
                                     const yao_attribute       *a)
{
    const yao_definition *definition =
        yao_document_by_type(yao_catalogue_shipped(), d->type);

    if (definition == NULL)
        return NULL;
    return a->space.len > 0
               ? yao_document_element(definition, a->space, a->name)
               : yao_document_claim(definition, a->name);
}

/* Paper, all of which is good but for who hands it over. */
static bool wants_a_look(const yao_result *result)
{
    for (size_t i = 0; i < result->report.count; i++) {
        const yao_report_row *row = &result->report.rows[i];

        if (row->check == YAO_CHECK_CARD_HOLDER &&
            row->outcome == YAO_OUTCOME_UNKNOWN)
            return result->format == YAO_FORMAT_PRINTED_CARD &&
                   result->verdict != YAO_VERDICT_REJECT;
    }
    return false;
}

/* ---- for programs ------------------------------------------------------- */

static void put_time(yao_writer *w, bool *first, const char *name,
                     yao_time time)
{
    uint8_t letters[20];

    if (time == YAO_TIME_NONE || time < 0 || time > YAO_TIME_MAX)
        return;
    yao_time_format(time, letters);
    yao_json_put_name(w, first, name);
    yao_json_put_string(w, (yao_text){letters, sizeof letters});
}

static void put_label(yao_writer *w, bool *first, const yao_element *element)
{
    bool inner = true;

    if (element == NULL)
        return;
    yao_json_put_name(w, first, "label");
    yao_put_byte(w, '{');
    yao_json_put_name(w, &inner, "en");
    yao_json_put_string(w, element->label.en);
    yao_json_put_name(w, &inner, "zh");
    yao_json_put_string(w, element->label.zh);
    yao_put_byte(w, '}');
}

static void put_attribute(yao_writer *w, const yao_attribute *a,
                          const yao_element *element)
{
    bool first = true;

    yao_put_byte(w, '{');
    if (a->space.len > 0) {
        yao_json_put_name(w, &first, "namespace");
        yao_json_put_string(w, a->space);
    }
    yao_json_put_name(w, &first, "name");
    yao_json_put_string(w, a->name);
    put_label(w, &first, element);
    yao_json_put_name(w, &first, "value");
    if (a->cbor.len > 0)
        yao_value_put_json(w, a->cbor);
    else
        yao_put_bytes(w, yao_text_bytes(a->json));
    if (a->by_device) {
        yao_json_put_name(w, &first, "by_device");
        yao_json_put_bool(w, true);
    }
    yao_put_byte(w, '}');
}

static void put_document(yao_writer *w, const yao_judged *judged,
                         const yao_result_document *d)
{
    bool first = true, next = true;

    yao_put_byte(w, '{');
    yao_json_put_name(w, &first, "type");
    yao_json_put_string(w, d->type);
    yao_json_put_name(w, &first, "authentic");
    yao_json_put_bool(w, d->authentic);
    yao_json_put_name(w, &first, "bound");
    yao_json_put_bool(w, d->bound);
    put_time(w, &first, "valid_from", d->valid_from);
    put_time(w, &first, "valid_until", d->valid_until);
    if (d->issuer.len > 0) {
        yao_json_put_name(w, &first, "issuer");
        yao_json_put_string(w, d->issuer);
    }
    yao_status_put_json(w, &first, judged, d);
    yao_json_put_name(w, &first, "attributes");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < d->attribute_count; i++) {
        if (judged->tells != NULL &&
            !judged->tells(judged->asked, d, &d->attributes[i]))
            continue;
        yao_json_put_next(w, &next);
        put_attribute(w, &d->attributes[i],
                      element_of(d, &d->attributes[i]));
    }
    yao_put_text(w, "]}");
}

static void put_check(yao_writer *w, const yao_report_row *row,
                      yao_format format)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_name(w, &first, "check");
    yao_json_put_string(w, yao_text_of(yao_check_name(row->check)));
    yao_json_put_name(w, &first, "outcome");
    yao_json_put_string(w, yao_text_of(yao_outcome_name(row->outcome)));
    yao_json_put_name(w, &first, "source");
    yao_json_put_string(w, yao_text_of(source_of(format, row->check)));
    if (row->why != YAO_OK) {
        yao_json_put_name(w, &first, "why");
        yao_json_put_string(w, yao_text_of(yao_status_name(row->why)));
    }
    if (row->document >= 0) {
        yao_json_put_name(w, &first, "document");
        yao_json_put_int(w, row->document);
    }
    yao_put_byte(w, '}');
}

/* A name that is not UTF-8 can't stand in JSON: its other letters are lost. */
static void put_file(yao_writer *w, bool *first, const char *file)
{
    yao_text text = yao_text_of(file), ok;
    size_t   mark;

    yao_json_put_name(w, first, "file");
    mark = w->len;
    yao_json_put_string(w, text);
    if (yao_text_check(yao_text_bytes(text), &ok) == YAO_OK || w->ptr == NULL)
        return;
    for (size_t i = mark; i < w->len && w->status == YAO_OK; i++)
        if (w->ptr[i] >= 0x80)
            w->ptr[i] = '?';
}

static void put_head(yao_writer *w, bool *first, const yao_judged *judged,
                     yao_verdict verdict, bool authentic)
{
    yao_json_put_name(w, first, "verdict");
    yao_json_put_string(w, yao_text_of(yao_verdict_name(verdict)));
    yao_json_put_name(w, first, "authentic");
    yao_json_put_bool(w, authentic);
    yao_json_put_name(w, first, "format");
    yao_json_put_string(w, yao_text_of(yao_format_name(
                               judged->result ? judged->result->format
                                              : judged->format)));
    put_file(w, first, judged->file);
}

/* Bytes of no shape at all are refused; what could not be read or held in
 * memory was not judged. */
static void put_failure(yao_writer *w, const yao_judged *judged)
{
    bool           first   = true;
    bool           refused = judged->failure / 100 == 2;
    yao_report_row row     = {.check    = YAO_CHECK_STRUCTURE,
                              .outcome  = refused ? YAO_OUTCOME_FAIL
                                                  : YAO_OUTCOME_UNKNOWN,
                              .why      = judged->failure,
                              .document = -1};

    put_head(w, &first, judged,
             refused ? YAO_VERDICT_REJECT : YAO_VERDICT_INDETERMINATE, false);
    yao_put_text(w, ",\"documents\":[],\"checks\":[");
    put_check(w, &row, judged->format);
    yao_put_byte(w, ']');
}

void yao_result_print_json(const yao_judged *judged, yao_writer *w)
{
    const yao_result *result = judged->result;
    bool              first = true, next = true;

    yao_put_byte(w, '{');
    if (result == NULL) {
        put_failure(w, judged);
        yao_put_bytes(w, yao_text_bytes(judged->more));
        yao_put_text(w, "}\n");
        return;
    }
    put_head(w, &first, judged, result->verdict, result->authentic);
    yao_json_put_name(w, &first, "documents");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < result->document_count; i++) {
        yao_json_put_next(w, &next);
        put_document(w, judged, &result->documents[i]);
    }
    yao_put_text(w, "]");
    yao_json_put_name(w, &first, "checks");
    yao_put_byte(w, '[');
    next = true;
    for (size_t i = 0; i < result->report.count; i++) {
        yao_json_put_next(w, &next);
        put_check(w, &result->report.rows[i], result->format);
    }
    yao_put_byte(w, ']');
    if (wants_a_look(result))
        yao_put_text(w, ",\"remains\":[\"compare_portrait\"]");
    yao_put_bytes(w, yao_text_bytes(judged->more));
    yao_put_text(w, "}\n");
}

/* ---- for people --------------------------------------------------------- */

static yao_words verdict_words(yao_verdict verdict)
{
    switch (verdict) {
    case YAO_VERDICT_ACCEPT: return WORDS("ACCEPT", "通过");
    case YAO_VERDICT_REJECT: return WORDS("REJECT", "拒绝");
    default: return WORDS("INDETERMINATE", "无法判定");
    }
}

static yao_words outcome_words(yao_outcome outcome)
{
    switch (outcome) {
    case YAO_OUTCOME_PASS:   return WORDS("pass", "通过");
    case YAO_OUTCOME_FAIL:   return WORDS("FAIL", "不通过");
    case YAO_OUTCOME_NOTE:   return WORDS("note", "注意");
    case YAO_OUTCOME_ABSENT: return WORDS("absent", "无此项");
    default:                 return WORDS("unknown", "未能核验");
    }
}

/* A string of JSON as it is meant: many write Chinese as \u escapes. */
static void put_json_plain(yao_writer *w, yao_text json)
{
    uint8_t         memory[4096];
    yao_arena       arena = {memory, sizeof memory, 0};
    const yao_json *value;
    yao_text        text;

    if (yao_json_parse(&arena, yao_text_bytes(json), &value) == YAO_OK &&
        yao_json_string(value, &arena, &text) == YAO_OK)
        json = text;
    yao_value_put_text(w, json);
}

/* The value as a text: what it is, or how long when it is too long. */
static yao_text value_of(const yao_attribute *a, uint8_t *buffer, size_t cap)
{
    yao_writer w = yao_writer_open(buffer, cap);

    if (a->cbor.len > 0)
        yao_value_put_plain(&w, a->cbor);
    else
        put_json_plain(&w, a->json);
    if (w.status == YAO_OK)
        return (yao_text){w.ptr, w.len};

    int len = snprintf((char *)buffer, cap, "(%zu bytes)",
                       a->cbor.len + a->json.len);
    return (yao_text){buffer, len > 0 ? (size_t)len : 0};
}

/* " (male)" behind a code, from its list. */
static void print_meaning(const yao_element *element, yao_text value)
{
    yao_code code;

    if (element == NULL || element->codes == NULL ||
        !yao_code_find(element->codes, value, &code))
        return;
    yao_text label = yao_label_in(code.label, yao_language_get());
    printf("  (%.*s)", (int)label.len, (const char *)label.ptr);
}

/* Words of a document that may be anybody's: none moves the cursor and writes
 * a verdict of its own. */
static void print_text(yao_text text)
{
    enum { LONGEST = 512 };

    yao_value_print(stdout, text.len <= LONGEST ? text : YAO_TEXT("(...)"));
}

static void print_attribute(const yao_attribute *a, const yao_element *element)
{
    enum { COLUMN = 30 };
    uint8_t  buffer[512];
    yao_text value = value_of(a, buffer, sizeof buffer), label = a->name;

    if (element != NULL)
        label = yao_label_in(element->label, yao_language_get());

    int pad = COLUMN - yao_value_columns(label);
    fputs("    ", stdout);
    print_text(label);
    printf("%*s %.*s", pad > 0 ? pad : 0, "", (int)value.len,
           (const char *)value.ptr);
    print_meaning(element, value);
    if (a->by_device)
        fputs(yao_say(WORDS("  (said by the device)", "（由设备声明）")),
              stdout);
    putchar('\n');
}

/* What the row STATUS of document INDEX says of why it is not known. */
static yao_status why_of(const yao_result *result, size_t index)
{
    for (size_t i = 0; i < result->report.count; i++) {
        const yao_report_row *row = &result->report.rows[i];

        if (row->check == YAO_CHECK_STATUS && row->document == (int32_t)index)
            return row->why;
    }
    return YAO_OK;
}

static void print_document(const yao_judged *judged, size_t index)
{
    const yao_result_document *d = &judged->result->documents[index];

    if (d->type.len > 0 || d->issuer.len > 0) {
        fputs("  ", stdout);
        print_text(d->type);
        if (d->issuer.len > 0) {
            fputs("  (", stdout);
            print_text(d->issuer);
            putchar(')');
        }
        putchar('\n');
    }
    for (size_t i = 0; i < d->attribute_count; i++)
        print_attribute(&d->attributes[i], element_of(d, &d->attributes[i]));
    yao_status_print(judged, d, why_of(judged->result, index));
}

static void print_row(const yao_result *result, const yao_report_row *row)
{
    printf("    %-18s %-8s %s", yao_check_name(row->check),
           yao_say(outcome_words(row->outcome)),
           source_of(result->format, row->check));
    if (result->document_count > 1 && row->document >= 0)
        printf("  #%d", (int)row->document + 1);
    if (row->why != YAO_OK)
        printf("  [%s: %s]", yao_status_name(row->why),
               yao_status_words(row->why));
    putchar('\n');
}

void yao_result_print(const yao_judged *judged)
{
    const yao_result *result = judged->result;

    if (result == NULL) {
        print_text(yao_text_of(judged->file));
        printf(": %s\n",
               yao_say(verdict_words(judged->failure / 100 == 2
                                         ? YAO_VERDICT_REJECT
                                         : YAO_VERDICT_INDETERMINATE)));
        yao_fail(judged->failure, (yao_words){judged->file, NULL}, NULL,
                 (yao_words){NULL, NULL},
                 WORDS("look at it with `yaopai inspect`",
                       "可用 `yaopai inspect` 查看其结构"));
        return;
    }

    print_text(yao_text_of(judged->file));
    printf(": %s", yao_say(verdict_words(result->verdict)));
    if (result->verdict != YAO_VERDICT_ACCEPT && result->authentic)
        printf("  (%s)", yao_say(WORDS("authentic, but not acceptable now",
                                       "真实，但目前不可接受")));
    printf("  %s\n", yao_format_name(result->format));
    for (size_t i = 0; i < result->document_count; i++)
        print_document(judged, i);
    if (wants_a_look(result))
        printf("  %s\n",
               yao_say(WORDS("to be done by you: compare the portrait on the "
                             "paper with the person; then --compared",
                             "请您完成：将纸上相片与本人比对，然后加 "
                             "--compared")));
    printf("  %s\n", yao_say(WORDS("checks", "核验项")));
    for (size_t i = 0; i < result->report.count; i++)
        print_row(result, &result->report.rows[i]);
}
