/* SPDX-License-Identifier: Apache-2.0 */
#include "base/copy.h"
#include "trust/trust.h"

#define MAGIC YAO_TEXT("yaopai-seen-1")

void yao_trust_put_seen(yao_writer *w, yao_bytes root, yao_trust_kind kind,
                        const yao_trust_seen *seen)
{
    yao_cbor_put_array(w, 7);
    yao_cbor_put_text(w, MAGIC);
    yao_cbor_put_bytes(w, root);
    yao_cbor_put_uint(w, kind);
    yao_cbor_put_uint(w, seen->version);
    yao_cbor_put_uint(w, (uint64_t)seen->issued_at);
    yao_cbor_put_bytes(w, (yao_bytes){seen->hash, sizeof seen->hash});
    yao_cbor_put_uint(w, (uint64_t)seen->moment);
}

static yao_time get_time(yao_cbor_reader *r)
{
    uint64_t seconds = yao_cbor_get_uint(r);

    if (seconds > (uint64_t)YAO_TIME_MAX) {
        yao_cbor_fail(r, YAO_E_MALFORMED);
        return 0;
    }

    return (yao_time)seconds;
}

yao_status yao_trust_read_seen(yao_bytes input, yao_bytes root,
                               yao_trust_kind kind, yao_trust_seen *ret)
{
    yao_cbor_reader r    = yao_cbor_open(input);
    yao_trust_seen  seen = {.any = true};

    yao_cbor_get_array(&r, 7);
    if (!yao_text_equal(yao_cbor_get_text(&r), MAGIC))
        yao_cbor_fail(&r, YAO_E_MALFORMED);
    yao_bytes its_root = yao_cbor_get_bytes(&r);
    uint64_t  its_kind = yao_cbor_get_uint(&r);
    seen.version       = yao_cbor_get_uint(&r);
    seen.issued_at     = get_time(&r);
    yao_bytes hash     = yao_cbor_get_bytes(&r);
    seen.moment        = get_time(&r);
    if (hash.len != sizeof seen.hash)
        yao_cbor_fail(&r, YAO_E_MALFORMED);
    YAO_TRY(yao_cbor_close(&r));
    if (!yao_bytes_equal(its_root, root))
        return YAO_E_MISMATCH;
    if (its_kind != (uint64_t)kind)
        return YAO_E_USAGE;

    yao_copy(seen.hash, hash);
    *ret = seen;
    return YAO_OK;
}
