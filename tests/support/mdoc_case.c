/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc_case.h"

#include <stdio.h>

/* PATH with the digestID of the first item for '#'. */
static const char *fill_in(const char *path, yao_bytes response)
{
    const char *mark = strchr(path, '#');

    if (mark == NULL)
        return path;

    yao_cbor_reader r =
        yao_cbor_open_foreign(cbor_at(response, MDOC_ITEMS "/0/*/digestID"));
    char *full = yao_arena_take(test_arena(), strlen(path) + 24);
    snprintf(full, strlen(path) + 24, "%.*s%llu%s", (int)(mark - path), path,
             (unsigned long long)yao_cbor_get_uint(&r), mark + 1);
    return full;
}

yao_bytes mdoc_case_make(const mdoc_case *row, yao_bytes response)
{
    yao_bytes message = response;

    for (size_t i = 0; i < COUNT(row->changes); i++) {
        const mdoc_change *c = &row->changes[i];
        const char        *path =
            c->path != NULL ? fill_in(c->path, response) : NULL;

        if (c->edit == MDOC_SET)
            message = cbor_set(message, path, c->item);
        if (c->edit == MDOC_REMOVE)
            message = cbor_remove(message, path);
        if (c->edit == MDOC_ADD)
            message = cbor_add(message, path, c->item);
    }
    if (row->again & MDOC_REDIGEST)
        message = mdoc_fixture_redigest(message);
    if (row->again & MDOC_RESIGN)
        message = mdoc_fixture_resign(message);
    if (row->again & MDOC_RESIGN_DEVICE)
        message = mdoc_fixture_resign_device(
            message, mdoc_fixture_transcript("1"), DEVICE_KEY);
    return message;
}

void mdoc_case_once(const mdoc_judged *judged)
{
    const yao_report *report = &judged->report;

    for (size_t i = 0; i < report->count; i++)
        for (size_t k = 0; k < i; k++)
            if (report->rows[i].check == report->rows[k].check &&
                report->rows[i].document == report->rows[k].document)
                fail_msg("two rows of %s",
                         yao_check_name(report->rows[i].check));
}

void mdoc_case_expect(const mdoc_judged *judged, yao_check check,
                      yao_status why, bool unknown)
{
    yao_report_row row = mdoc_judged_row(judged, 0, check);

    assert_status(judged->parsed, YAO_OK);
    assert_status(judged->begun, YAO_OK);
    assert_false(judged->report.full);
    mdoc_case_once(judged);
    for (size_t i = 0; i < judged->report.count; i++) {
        const yao_report_row *r = &judged->report.rows[i];

        if (r->document == 0 && r->check != check &&
            (r->outcome == YAO_OUTCOME_FAIL ||
             r->outcome == YAO_OUTCOME_UNKNOWN))
            fail_msg("%s is %s: %s", yao_check_name(r->check),
                     yao_outcome_name(r->outcome), yao_status_name(r->why));
    }
    assert_status(judged->documents[0], why);
    if (check == YAO_CHECK_NONE)
        return;
    assert_string_equal(yao_outcome_name(row.outcome),
                        unknown ? "unknown" : "fail");
    assert_status(row.why, why);
}

void mdoc_case_run(void **state)
{
    const mdoc_case        *row = *state;
    yao_mdoc_verify_options o   = mdoc_fixture_options();

    o.now += row->now;
    o.skew   = row->skew;
    o.strict = row->strict;
    mdoc_judged j =
        mdoc_fixture_judge(mdoc_case_make(row, mdoc_fixture_signed()), &o);

    if (row->parsed != YAO_OK) {
        assert_status(j.parsed, row->parsed);
        return;
    }
    mdoc_case_expect(&j, row->check, row->why, row->unknown);
}
