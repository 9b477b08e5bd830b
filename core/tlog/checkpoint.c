/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/parts.h"

/* ASCII decimal, no zero in front unless it is 0. */
static yao_status read_size(yao_bytes line, uint64_t *ret)
{
    uint64_t size = 0;

    if (line.len == 0 || (line.len > 1 && line.ptr[0] == '0'))
        return YAO_E_MALFORMED;
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] < '0' || line.ptr[i] > '9')
            return YAO_E_MALFORMED;
    for (size_t i = 0; i < line.len; i++) {
        unsigned digit = line.ptr[i] - (unsigned)'0';

        if (size > (YAO_TLOG_MAX_SIZE - digit) / 10)
            return YAO_E_LIMIT;
        size = size * 10 + digit;
    }

    *ret = size;
    return YAO_OK;
}

static yao_status read_root(yao_bytes line, yao_tlog_hash *ret)
{
    yao_tlog_hash hash;
    yao_writer    w = yao_writer_open(hash.bytes, sizeof hash.bytes);

    if (line.len != (sizeof hash.bytes + 2) / 3 * 4)
        return YAO_E_MALFORMED;
    yao_status status = yao_get_base64(line, &w);
    if (status == YAO_E_SPACE || (status == YAO_OK && w.len != w.cap))
        return YAO_E_MALFORMED;
    YAO_TRY(status);

    *ret = hash;
    return YAO_OK;
}

/* Extension lines may say anything but nothing. */
static yao_status check_extra(yao_bytes rest)
{
    yao_bytes line;

    while (rest.len != 0)
        if (!yao_tlog_line(&rest, &line) || line.len == 0)
            return YAO_E_MALFORMED;
    return YAO_OK;
}

yao_status yao_tlog_checkpoint_conclude(const yao_tlog_signed *note,
                                        yao_text               origin,
                                        yao_tlog_checkpoint   *ret)
{
    yao_tlog_checkpoint c;
    yao_bytes           rest, first, size, root;

    YAO_TRY(yao_tlog_note_conclude(note, &rest));
    if (!yao_tlog_line(&rest, &first) || !yao_tlog_line(&rest, &size) ||
        !yao_tlog_line(&rest, &root) || first.len == 0)
        return YAO_E_MALFORMED;
    YAO_TRY(read_size(size, &c.head.size));
    YAO_TRY(read_root(root, &c.head.root));
    YAO_TRY(check_extra(rest));

    c.origin = (yao_text){first.ptr, first.len};
    c.extra  = rest;
    if (!yao_text_equal(c.origin, origin))
        return YAO_E_MISMATCH;

    *ret = c;
    return YAO_OK;
}

void yao_tlog_put_checkpoint(yao_writer *w, yao_text origin,
                             const yao_tlog_head *head)
{
    if (origin.len == 0 || yao_tlog_has_control(yao_text_bytes(origin), 0) ||
        head->size > YAO_TLOG_MAX_SIZE) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }

    yao_put_bytes(w, yao_text_bytes(origin));
    yao_put_byte(w, '\n');
    yao_put_decimal(w, (int64_t)head->size);
    yao_put_byte(w, '\n');
    yao_put_base64(w, (yao_bytes){head->root.bytes, sizeof head->root.bytes});
    yao_put_byte(w, '\n');
}
