/* SPDX-License-Identifier: Apache-2.0 */
/* A verdict as docs/formats/verdict-json.md has it, without labels: a page
 * has the catalogue as JSON. */
#include "page.h"

#include "policy/value.h"

static void put_words(yao_writer *w, bool *first, const char *name,
                      const char *value)
{
    yao_json_put_name(w, first, name);
    yao_json_put_string(w, yao_text_of(value));
}

static void put_time(yao_writer *w, bool *first, const char *name,
                     yao_time time)
{
    uint8_t letters[20];

    if (time < 0 || time > YAO_TIME_MAX)
        return;
    yao_time_format(time, letters);
    yao_json_put_optional(w, first, name, (yao_text){letters, sizeof letters});
}

void yao_page_put_attribute(yao_writer *w, const yao_attribute *a)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_optional(w, &first, "namespace", a->space);
    yao_json_put_name(w, &first, "name");
    yao_json_put_string(w, a->name);
    yao_json_put_name(w, &first, "value");
    if (a->cbor.len > 0)
        yao_value_put_json(w, a->cbor);
    else
        yao_put_bytes(w, yao_text_bytes(a->json));
    if (a->by_device)
        yao_json_put_member_bool(w, &first, "by_device", true);
    yao_put_byte(w, '}');
}

static void put_document(yao_writer *w, const yao_result_document *d)
{
    bool first = true, next = true;

    yao_put_byte(w, '{');
    yao_json_put_name(w, &first, "type");
    yao_json_put_string(w, d->type);
    yao_json_put_member_bool(w, &first, "authentic", d->authentic);
    yao_json_put_member_bool(w, &first, "bound", d->bound);
    put_time(w, &first, "valid_from", d->valid_from);
    put_time(w, &first, "valid_until", d->valid_until);
    yao_json_put_optional(w, &first, "issuer", d->issuer);
    yao_json_put_optional(w, &first, "status_uri", d->status_uri);
    put_words(w, &first, "state", yao_status_state_name(d->state));
    put_time(w, &first, "state_as_of", d->state_as_of);
    yao_json_put_name(w, &first, "attributes");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < d->attribute_count; i++) {
        yao_json_put_next(w, &next);
        yao_page_put_attribute(w, &d->attributes[i]);
    }
    yao_put_text(w, "]}");
}

static void put_check(yao_writer *w, const yao_report_row *row, bool sdjwt)
{
    bool first = true;

    yao_put_byte(w, '{');
    put_words(w, &first, "check", yao_check_name(row->check));
    put_words(w, &first, "outcome", yao_outcome_name(row->outcome));
    put_words(w, &first, "source", yao_check_source(row->check, sdjwt));
    if (row->why != YAO_OK)
        put_words(w, &first, "why", yao_status_name(row->why));
    if (row->document >= 0) {
        yao_json_put_name(w, &first, "document");
        yao_json_put_int(w, row->document);
    }
    yao_put_byte(w, '}');
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

void yao_page_put_result(yao_writer *w, const yao_result *result)
{
    bool first = true, next = true;
    bool sdjwt = result->format == YAO_FORMAT_SDJWT_VC ||
                 result->format == YAO_FORMAT_SDJWT;

    yao_put_byte(w, '{');
    put_words(w, &first, "verdict", yao_verdict_name(result->verdict));
    yao_json_put_member_bool(w, &first, "authentic", result->authentic);
    put_words(w, &first, "format", yao_format_name(result->format));
    if (result->replayable) {
        yao_json_put_name(w, &first, "replay_key");
        yao_put_byte(w, '"');
        yao_put_hex(w,
                    (yao_bytes){result->replay_key, sizeof result->replay_key});
        yao_put_byte(w, '"');
    }
    yao_json_put_name(w, &first, "documents");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < result->document_count; i++) {
        yao_json_put_next(w, &next);
        put_document(w, &result->documents[i]);
    }
    yao_put_byte(w, ']');
    yao_json_put_name(w, &first, "checks");
    yao_put_byte(w, '[');
    next = true;
    for (size_t i = 0; i < result->report.count; i++) {
        yao_json_put_next(w, &next);
        put_check(w, &result->report.rows[i], sdjwt);
    }
    yao_put_byte(w, ']');
    if (wants_a_look(result))
        yao_put_text(w, ",\"remains\":[\"compare_portrait\"]");
    yao_put_byte(w, '}');
}
