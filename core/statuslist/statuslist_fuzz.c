/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A token, or an array, of a stranger's.
 *
 * Properties
 *   1. Every entry is what a naive reader of bits finds, and there is none
 *      behind the last.
 *   2. What was set is there, and nothing else changed.
 *   3. A token that can be parsed and unpacked gives a list only with a good
 *      signature; here every signature is called good, so that all that lies
 *      behind it is reached, and then sub, iat and bits are those of the list.
 */

#include <stdlib.h>

#include "inflate/inflate.h"
#include "statuslist/statuslist.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY = 2 * 1024 * 1024, UNPACKED = 65536 };

static _Alignas(max_align_t) uint8_t memory[MEMORY];

static void require(bool truth)
{
    if (!truth)
        abort();
}

/* ---- 1 and 2: the array ---- */

static unsigned naive(yao_bytes entries, unsigned bits, uint64_t index)
{
    unsigned value = 0;

    for (unsigned i = 0; i < bits; i++) {
        uint64_t at = index * bits + i;

        value |= (entries.ptr[at / 8] >> (at % 8) & 1u) << i;
    }
    return value;
}

static void check_array(yao_bytes entries, uint64_t bits)
{
    yao_status_list list;
    uint8_t         value;

    if (yao_status_of_bytes(entries, bits, &list) != YAO_OK) {
        require(bits != 1 && bits != 2 && bits != 4 && bits != 8);
        return;
    }
    require(list.count == entries.len * 8 / bits);
    for (uint64_t i = 0; i < list.count; i++) {
        require(yao_status_get(&list, i, &value) == YAO_OK);
        require(value == naive(entries, (unsigned)bits, i));
    }
    require(yao_status_get(&list, list.count, &value) == YAO_E_VALUE);
    require(yao_status_get(&list, UINT64_MAX, &value) == YAO_E_VALUE);
}

static void check_set(const uint8_t *data, size_t size)
{
    uint8_t   entries[16] = {0};
    unsigned  bits        = 1u << (data[0] & 3);
    uint64_t  at          = data[1];
    uint8_t   value       = (uint8_t)(data[2] & ((1u << bits) - 1));
    unsigned  count       = 128 / bits;
    yao_bytes all         = {entries, sizeof entries};
    unsigned  before[128];

    for (size_t i = 3; i < size && i < 3 + sizeof entries; i++)
        entries[i - 3] = data[i];
    for (unsigned i = 0; i < count; i++)
        before[i] = naive(all, bits, i);

    yao_status status =
        yao_status_set(entries, sizeof entries, bits, at, value);
    require(status == (at < count ? YAO_OK : YAO_E_VALUE));
    for (unsigned i = 0; i < count; i++)
        require(naive(all, bits, i) == (i == at ? value : before[i]));
}

/* ---- 3: a token ---- */

static yao_public_key key_of(const yao_statuslist_unverified *t)
{
    yao_public_key     key = {.curve = YAO_CURVE_NONE};
    const yao_sig_row *row = t->form == YAO_STATUSLIST_JWT
                                 ? yao_sig_by_alg(t->jws.alg)
                                 : yao_sig_by_cose(t->cose.alg);

    if (row != NULL)
        key.curve = row->curve;
    key.len      = key.curve == YAO_P384 ? 97 : 65;
    key.point[0] = 4;
    return key;
}

static void check_list(yao_statuslist_verification *v, yao_arena *arena,
                       const yao_inflate_wish *wish, yao_report *report)
{
    const yao_statuslist_claims *c       = &v->input->claims;
    yao_inflate_wish             smaller = {wish->input, UNPACKED};
    yao_bytes                    entries = {0};
    yao_status_list              list;

    yao_status said = yao_inflate(&smaller, arena, &entries);
    if (yao_statuslist_conclude(v, said, entries, &list, report) != YAO_OK)
        return;
    require(said == YAO_OK && list.bits == c->bits);
    require(list.issued_at == c->issued_at && list.issued_at >= 0);
    require(list.uri.len != 0 && list.anchor.len != 0);
    require(list.ttl == 0 || (list.ttl >= YAO_STATUS_TTL_MIN &&
                              list.ttl <= YAO_STATUS_TTL_MAX));
    check_array(list.entries, list.bits);
}

static void check_token(yao_bytes token)
{
    static yao_statuslist_unverified   t;
    static yao_statuslist_verification v;
    static yao_report                  report;
    yao_arena                          arena = {memory, sizeof memory, 0};
    yao_inflate_wish                   wish;

    report.count = 0;
    report.full  = false;
    if (yao_statuslist_parse(&arena, token, YAO_STATUSLIST_UNKNOWN, &t) !=
        YAO_OK)
        return;

    yao_anchor anchor = {.key = key_of(&t), .role = YAO_ROLE_STATUS};
    yao_statuslist_options o = {
        .anchors = &anchor, .anchor_count = 1, .now = 1795305600};
    require(yao_statuslist_begin(&arena, &t, &o, &v, &report) == YAO_OK);
    for (size_t i = 0; i < v.check_count; i++)
        v.checks[i].outcome = YAO_SIG_GOOD;
    if (yao_statuslist_unpack(&v, &wish, &report) == YAO_OK)
        check_list(&v, &arena, &wish, &report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size >= 3)
        check_set(data, size);
    if (size >= 1 && size < 4096)
        check_array((yao_bytes){data + 1, size - 1}, data[0] & 15);
    check_token((yao_bytes){data, size});
    return 0;
}
