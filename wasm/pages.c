/* SPDX-License-Identifier: Apache-2.0 */
/* The page itself: is it the one that an authority vouches for in its log?
 * docs/formats/page-bundle.md. */
#include "page.h"

#include "audit/audit.h"

static yao_status judge(yao_bytes statement, const yao_audit_wanted *wanted,
                        yao_audit_page *ret)
{
    yao_audit_pending p;

    YAO_TRY(yao_audit_page_begin(&page.memory, page.crypto, statement,
                                 wanted->seen, &p));
    YAO_TRY(page.crypto->verify(page.crypto->ctx, p.note.checks,
                                p.note.check_count));
    return yao_audit_page_conclude(&page.memory, page.crypto, &p, wanted, ret);
}

static struct {
    yao_audit_wanted wanted;
    yao_audit_page   seen;
} pages;

/* Which page is to be vouched for: its name and its cache.json. */
yao_status EXPORT(want_page)(const uint8_t *name, size_t name_len,
                             const uint8_t *list, size_t list_len)
{
    pages.wanted = (yao_audit_wanted){.list = yao_page_bytes(list, list_len)};
    return yao_page_text(name, name_len, &pages.wanted.page);
}

/* What was kept of the statement before: only its log is believed from here on,
 * and nothing older. */
yao_status EXPORT(seen_page)(const uint8_t *ptr, size_t len)
{
    YAO_TRY(yao_audit_page_read(&page.memory, yao_page_bytes(ptr, len),
                                &pages.seen));
    pages.wanted.seen = &pages.seen;
    return YAO_OK;
}

/* A statement. The answer is what to keep of it. */
yao_status EXPORT(read_page)(const uint8_t *ptr, size_t len)
{
    yao_audit_page said;
    yao_writer     w;

    if (pages.wanted.page.len == 0)
        return YAO_E_USAGE;
    YAO_TRY(judge(yao_page_bytes(ptr, len), &pages.wanted, &said));
    w = yao_writer_in(&page.memory);
    yao_audit_page_put(&w, &said);
    return yao_page_answer(&w);
}
