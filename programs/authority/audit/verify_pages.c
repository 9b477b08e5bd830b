/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/verify_pages.h"

#include <stdio.h>
#include <string.h>

/* ---- what the log has --------------------------------------------------- */

yao_status audit_pages_seen_begin(yao_arena *arena, audit_pages_seen *ret)
{
    ret->count = 0;
    ret->at = yao_arena_take_array(arena, AUDIT_MAX_PAGES, sizeof *ret->at);
    return ret->at != NULL ? YAO_OK : YAO_E_SPACE;
}

yao_status audit_pages_see(void *ctx, uint64_t index, yao_bytes leaf)
{
    audit_pages_seen *seen = ctx;
    yao_audit_leaf    read;

    if (yao_audit_read_leaf(leaf, &read) != YAO_OK ||
        !yao_text_equal(read.kind, YAO_AUDIT_PAGE_KIND))
        return YAO_OK;
    if (seen->count == AUDIT_MAX_PAGES)
        return YAO_E_LIMIT;
    audit_page_seen *one = &seen->at[seen->count++];
    *one = (audit_page_seen){.index = index, .len = leaf.len};
    memcpy(one->leaf, leaf.ptr, leaf.len);
    return YAO_OK;
}

/* ---- what is shown ------------------------------------------------------ */

static audit_page_seen *find(const audit_pages_seen *seen,
                             const yao_audit_opening *opening)
{
    for (size_t i = 0; i < seen->count; i++)
        if (seen->at[i].index == opening->index &&
            yao_bytes_equal((yao_bytes){seen->at[i].leaf, seen->at[i].len},
                            opening->leaf))
            return &seen->at[i];
    return NULL;
}

static void hide(audit_result *result, uint64_t index)
{
    result->finding = AUDIT_PAGE_HIDDEN;
    result->index   = index;
}

/* Each line opens a leaf of the log. What is shown beyond the checkpoint came
 * after it. */
static yao_status compare_lines(const audit_check *check,
                                audit_pages_seen *seen, yao_bytes lines,
                                yao_arena *arena, audit_result *result)
{
    audit_page_line line;
    size_t          mark = arena->used;

    while (lines.len > 0) {
        yao_status status =
            audit_pages_next(check->crypto, arena, &lines, &line);
        if (status == YAO_E_SPACE || status == YAO_E_CRYPTO)
            return status;
        if (status != YAO_OK) {
            hide(result, 0);
            return YAO_OK;
        }
        audit_page_seen *one = find(seen, &line.opening);
        if (one != NULL) {
            one->shown = true;
            one->page  = line.page;
            snprintf(one->name, sizeof one->name, "%.*s",
                     (int)line.page.page.len,
                     (const char *)line.page.page.ptr);
        } else if (line.opening.index < result->head.size) {
            hide(result, line.opening.index);
            return YAO_OK;
        }
        arena->used = mark;
    }
    return YAO_OK;
}

static yao_status fetch(const audit_check *check, yao_arena *arena,
                        yao_bytes *ret, bool *missing)
{
    yao_status status =
        check->source.fetch(check->source.ctx, "pages", arena, ret);

    *missing = status == YAO_E_NOT_FOUND || status == YAO_E_NET ||
               status == YAO_E_FILE;
    return *missing ? YAO_OK : status;
}

yao_status audit_verify_pages(const audit_check *check,
                              audit_pages_seen *seen, yao_arena *arena,
                              audit_result *result)
{
    yao_bytes lines;
    bool      missing = false;

    snprintf(result->path, sizeof result->path, "pages");
    YAO_TRY(fetch(check, arena, &lines, &missing));
    if (missing && seen->count == 0)
        return YAO_OK; /* nothing is to be shown */
    if (missing) {
        result->finding = AUDIT_MISSING;
        result->why     = YAO_E_NOT_FOUND;
        return YAO_OK;
    }
    YAO_TRY(compare_lines(check, seen, lines, arena, result));
    for (size_t i = 0; i < seen->count; i++)
        if (!seen->at[i].shown && result->finding == AUDIT_RIGHT)
            hide(result, seen->at[i].index);
    return YAO_OK;
}

/* ---- telling ------------------------------------------------------------ */

static void print_one(const audit_page_seen *one, bool json, bool first)
{
    const yao_audit_page *p = &one->page;
    uint8_t               hex[2 * YAO_SHA256_LEN], at[20];
    yao_writer            w = yao_writer_open(hex, sizeof hex);

    yao_put_hex(&w, (yao_bytes){p->hash, sizeof p->hash});
    yao_time_format(p->at, at);
    printf(json ? "%s{\"page\":\"%s\",\"version\":%llu,\"index\":%llu,"
                  "\"at\":\"%.20s\",\"hash\":\"%.64s\"}"
                : "%s%s %llu  %llu  %.20s  %.64s\n",
           json && !first ? "," : "", one->name,
           (unsigned long long)p->version,
           (unsigned long long)one->index, (const char *)at,
           (const char *)hex);
}

void audit_pages_print(const audit_pages_seen *seen, bool json)
{
    bool first = true;

    if (json)
        printf(",\"pages\":[");
    for (size_t i = 0; i < seen->count; i++)
        if (seen->at[i].shown) {
            print_one(&seen->at[i], json, first);
            first = false;
        }
    if (json)
        putchar(']');
}
