/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Properties, for any input whose signer is pinned as an anchor:
 *   - what was read of ours is written again as the same bytes; of a VICAL,
 *     writing and reading once more changes nothing;
 *   - a home that answers nothing never makes a list believed;
 *   - what a home that says GOOD to all makes believed is neither past its end
 *     nor before its issue, not older than what was seen, its anchors are CAs
 *     with a role, never that of trust, and an issuer has types;
 *   - a strict reading is accepted only where a lenient one is.
 *
 * The first byte says how the rest is taken. Payloads are put into an envelope
 * here, or nothing inside of one would ever be changed: lengths would not fit.
 */

#include "trust/trust.h"

#include "forge.h"
#include "tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { KINDS = 3, WHOLE = 4, SEEN = 8, LATE = 16 };

static _Alignas(16) uint8_t memory[8 * 1024 * 1024];

/* ---- an envelope -------------------------------------------------------- */

/* A certificate that may sign lists, made once. */
static yao_bytes signer(void)
{
    static yao_bytes made;

    if (made.len == 0)
        made = forge_make(YAO_X509_TRUST, 1,
                          forge_make(YAO_X509_ROOT, 0, (yao_bytes){NULL, 0}, 0),
                          0);
    return made;
}

static yao_bytes enclose(yao_arena *arena, yao_bytes payload, uint8_t how)
{
    static const char *const types[] = {
        NULL, NULL, "application/vnd.yaopai.parties+cose",
        "application/vnd.yaopai.bundle+cose"};
    static const uint8_t signature[64] = {1};
    const char          *type    = types[how & KINDS];
    yao_bytes            chain   = signer();
    yao_cose_headers     headers = {.alg             = YAO_ES256,
                                    .chain           = &chain,
                                    .chain_count     = 1,
                                    .chain_protected = type != NULL,
                                    .type            = yao_text_of(type)};
    yao_writer           w = yao_writer_in(arena);
    yao_bytes            out;

    yao_cose_put_sign1(&w, &headers, &payload,
                       (yao_bytes){signature, sizeof signature});
    must(yao_writer_keep(&w, arena, &out) == YAO_OK);
    return out;
}

/* ---- written again ------------------------------------------------------ */

static yao_bytes payload_of(yao_arena *arena, const yao_trust_content *c)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  out;

    yao_trust_put_payload(&w, c);
    must(yao_writer_keep(&w, arena, &out) == YAO_OK);
    return out;
}

static void check_written(yao_arena *arena, const yao_trust_unverified *u)
{
    yao_bytes            written = payload_of(arena, &u->said);
    yao_trust_unverified again;

    if (u->said.kind != YAO_TRUST_VICAL) {
        must(yao_bytes_equal(written, u->message.payload));
        return;
    }
    must(yao_trust_parse(arena, enclose(arena, written, 1), true, &again) ==
         YAO_OK);
    must(again.said.root_count == u->said.root_count);
    must(yao_bytes_equal(payload_of(arena, &again.said), written));
}

/* ---- believed ----------------------------------------------------------- */

static void answer(yao_trust_verification *v, yao_sig_outcome outcome)
{
    for (size_t i = 0; i < v->check_count; i++)
        v->checks[i].outcome = outcome;
}

static void check_anchors(const yao_trust_verified *list)
{
    for (size_t i = 0; i < list->anchor_count; i++) {
        const yao_anchor *a = &list->anchors[i];
        yao_certificate   c;

        must(a->role == YAO_ROLE_ISSUER || a->role == YAO_ROLE_READER ||
             a->role == YAO_ROLE_STATUS);
        must((a->role == YAO_ROLE_ISSUER) == (a->type_count != 0));
        must(yao_x509_read(a->certificate, &c) == YAO_OK && c.ca);
    }
}

static void check_believed(const yao_trust_verified *list,
                           const yao_trust_options  *o)
{
    const yao_trust_content *c = &list->content;

    must(c->issued_at <= o->now + o->skew);
    must(c->expires == YAO_TIME_NONE || c->expires >= o->now - o->skew);
    must(!o->seen.any ||
         (c->version >= o->seen.version && c->issued_at >= o->seen.issued_at));
    must(list->seen.moment >= c->issued_at && list->age >= 0);
    check_anchors(list);
}

static yao_status judge(yao_arena *arena, yao_bytes input,
                        const yao_trust_options *o, yao_sig_outcome outcome,
                        yao_trust_verified *list)
{
    yao_trust_unverified   u;
    yao_trust_verification v;
    static yao_report      report;

    report.count = 0;
    YAO_TRY(yao_trust_parse(arena, input, o->strict, &u));
    YAO_TRY(yao_trust_begin(arena, forge_crypto(), &u, o, &v, &report));
    answer(&v, outcome);
    return yao_trust_conclude(&v, arena, list, &report);
}

static void check_judged(yao_arena *arena, yao_bytes input,
                         yao_trust_options *o)
{
    yao_trust_verified list;

    must(judge(arena, input, o, YAO_SIG_UNCHECKED, &list) != YAO_OK);
    must(judge(arena, input, o, YAO_SIG_BAD, &list) != YAO_OK);

    bool lenient = judge(arena, input, o, YAO_SIG_GOOD, &list) == YAO_OK;
    if (lenient)
        check_believed(&list, o);
    o->strict = true;
    if (judge(arena, input, o, YAO_SIG_GOOD, &list) == YAO_OK)
        must(lenient);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena            arena = {memory, sizeof memory, 0};
    yao_trust_unverified u;

    if (len == 0 || len > 256 * 1024)
        return 0;

    uint8_t   how   = data[0];
    yao_bytes rest  = {data + 1, len - 1};
    yao_bytes input = (how & WHOLE) != 0 ? rest : enclose(&arena, rest, how);

    (void)yao_trust_kind_of(input);
    if (yao_trust_parse(&arena, input, false, &u) != YAO_OK)
        return 0;
    must(yao_trust_kind_of(input) == u.said.kind);
    check_written(&arena, &u);

    yao_anchor        anchor = {.certificate = u.message.chain[0],
                                .role        = YAO_ROLE_TRUST};
    yao_trust_options o      = {.anchors      = &anchor,
                                .anchor_count = 1,
                                .now  = FORGE_NOW + YAO_TIME_DAY +
                                         ((how & LATE) != 0
                                              ? 8 * YAO_TIME_DAY
                                              : 0),
                                .skew = 60};
    if ((how & SEEN) != 0)
        o.seen = (yao_trust_seen){.any = true, .version = 5, .issued_at = 5,
                                  .moment = FORGE_NOW};
    check_judged(&arena, input, &o);
    return 0;
}
