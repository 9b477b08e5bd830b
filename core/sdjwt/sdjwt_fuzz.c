/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The first byte chooses the options and, by its two highest bits, what the
 * rest is:
 *   00  a token
 *   10  the lines of one, spelled out: header, payload, disclosures, and a
 *       KB-JWT's payload where a line begins with K
 *   01  claims to be issued, then a path to what is disclosable on each line
 *   11  the names of a certificate, and on the last line an iss
 *
 * #0 to #9 in a line stand for the digest of that disclosure, #H for that of
 * all before the KB-JWT.
 *
 * Nothing is accepted whose signatures nobody found good. What is processed
 * has no carrier of digests in it. What a holder shows of a stored token is a
 * part of it, and can be processed again. What is issued and shown whole has
 * each claim again; shown without a wish, nothing that was disclosable.
 *
 * Digests of a real hash would keep the fuzzer from ever hitting a disclosure,
 * so the hash is a short one, spelled in letters that it can learn.
 */

#include "sdjwt/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(max_align_t) uint8_t memory[8 * 1024 * 1024];

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "sdjwt: %s\n", what);
        abort();
    }
}

/* A digest of zeros but for its first byte: the sum of the letters. */
static yao_status weak_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                            size_t count, uint8_t *out)
{
    uint8_t sum = 0;

    (void)ctx;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < parts[i].len; k++)
            sum = (uint8_t)(sum + parts[i].ptr[k]);
    memset(out, 0, yao_hash_by_alg(alg)->len);
    out[0] = sum;
    return YAO_OK;
}

static const yao_crypto weak = {.hash = weak_hash};

static void no_carriers(const yao_json *value)
{
    for (const yao_json *c = value->first; c != NULL; c = c->next) {
        if (value->kind == YAO_JSON_OBJECT)
            demand(!yao_sdjwt_is_reserved(c, true), "a carrier is left");
        no_carriers(c);
    }
}

static void no_name_twice(const yao_json *value)
{
    for (const yao_json *a = value->first; a != NULL; a = a->next) {
        for (const yao_json *b = a->next;
             value->kind == YAO_JSON_OBJECT && b != NULL; b = b->next)
            demand(!yao_json_same_name(a, b), "a name twice");
        no_name_twice(a);
    }
}

static void check_processed(const yao_json *payload)
{
    yao_writer w = yao_writer_count();

    no_carriers(payload);
    no_name_twice(payload);
    yao_json_put_value(&w, payload);
    demand(w.status == YAO_OK, "too deep to be written");
}

/* ---- judging ---- */

/* One bare key; or none; or one of some types and one of the other curve. */
static yao_sdjwt_verify_options options_of(uint8_t    choice,
                                           yao_anchor anchors[2])
{
    static const yao_text types[] = {YAO_INIT("urn:x"), YAO_INIT("u")};

    anchors[0] = (yao_anchor){
        .key        = {.curve = YAO_P256, .point = {0x04, 1}, .len = 65},
        .role       = YAO_ROLE_ISSUER,
        .types      = types,
        .type_count = (choice & 32) != 0 ? 2 : 0};
    anchors[1] = (yao_anchor){
        .key  = {.curve = YAO_P384, .point = {0x04, 1}, .len = 97},
        .role = YAO_ROLE_ISSUER};
    return (yao_sdjwt_verify_options){
        .anchors      = anchors,
        .anchor_count = (choice & 1) != 0 ? 0 : (choice & 32) != 0 ? 2 : 1,
        .now          = 1795000000,
        .skew         = 60,
        .vc           = (choice & 2) != 0,
        .no_binding   = (choice & 4) != 0,
        .strict       = (choice & 8) != 0,
        .nonce        = (choice & 16) == 0 ? YAO_TEXT("n") : YAO_TEXT(""),
        .audience     = YAO_TEXT("a")};
}

static yao_status judge(yao_arena *arena, yao_bytes text, uint8_t choice,
                        yao_sig_outcome issuer, yao_sig_outcome holder)
{
    static yao_sdjwt_verification v;
    static yao_report             report;
    yao_sdjwt_unverified          u;
    yao_sdjwt_verified            verified;
    yao_anchor                    anchors[2];
    yao_sdjwt_verify_options      o = options_of(choice, anchors);

    memset(&report, 0, sizeof report);
    YAO_TRY(yao_sdjwt_parse(arena, text, &u));
    YAO_TRY(yao_sdjwt_begin(arena, &weak, &u, &o, &v, &report));
    if (v.payload != NULL)
        check_processed(v.payload);
    for (size_t i = 0; i < v.check_count; i++)
        v.checks[i].outcome =
            i + 1 == v.check_count && u.has_kb ? holder : issuer;

    yao_status status = yao_sdjwt_conclude(&v, &verified, &report);
    if (status == YAO_OK) {
        demand(u.has_kb == verified.bound, "bound without a KB-JWT");
        demand(verified.bound == !o.no_binding, "binding was asked for");
        demand(o.anchor_count != 0, "nobody is trusted");
    }
    return status;
}

static void check_judging(yao_arena *arena, yao_bytes text, uint8_t choice)
{
    static const yao_sig_outcome doubtful[] = {
        YAO_SIG_UNCHECKED, YAO_SIG_BAD, YAO_SIG_UNSUPPORTED};

    for (size_t i = 0; i < 3; i++) {
        arena->used = 0;
        demand(judge(arena, text, choice, doubtful[i], YAO_SIG_GOOD) != YAO_OK,
               "accepted without its issuer");
    }
    arena->used = 0;
    (void)judge(arena, text, choice, YAO_SIG_GOOD, YAO_SIG_GOOD);
}

/* ---- showing ---- */

static bool is_of(const yao_sdjwt_unverified *stored, yao_bytes text)
{
    for (size_t i = 0; i < stored->disclosure_count; i++)
        if (yao_bytes_equal(stored->disclosures[i].text, text))
            return true;
    return false;
}

static void check_showing(yao_arena *arena, yao_bytes text,
                          const yao_sdjwt_path *path)
{
    yao_sdjwt_unverified stored, shown;
    yao_sdjwt_processed  processed;
    yao_sdjwt_presenting p;

    arena->used = 0;
    if (yao_sdjwt_present(arena, &weak, text, path, path == NULL ? 0 : 1,
                          YAO_TEXT("n"), YAO_TEXT("a"), 1795000000, YAO_ES256,
                          &p) != YAO_OK)
        return;
    demand(yao_sdjwt_parse(arena, text, &stored) == YAO_OK, "stored");
    demand(yao_sdjwt_parse(arena, p.shown, &shown) == YAO_OK, "shown");
    demand(!shown.has_kb, "a KB-JWT already");
    demand(shown.disclosure_count <= stored.disclosure_count, "more shown");
    for (size_t i = 0; i < shown.disclosure_count; i++)
        demand(is_of(&stored, shown.disclosures[i].text), "another disclosure");
    demand(path != NULL || shown.disclosure_count == 0, "shown unasked");
    demand(yao_sdjwt_process(arena, &weak, &shown, &processed) == YAO_OK,
           "what is shown does not hang together");
    check_processed(processed.payload);
}

/* ---- spelling ---- */

enum { MAX_LINES = 12 };

typedef struct spelling {
    yao_bytes  lines[MAX_LINES];
    size_t     count;
    yao_bytes  letters[MAX_LINES]; /* of a disclosure */
    yao_bytes  shown;              /* all before the KB-JWT */
    yao_arena *arena;
} spelling;

static void cut_lines(spelling *s, yao_bytes text)
{
    while (s->count < MAX_LINES && text.len > 0) {
        size_t end = yao_bytes_find(text, '\n');

        s->lines[s->count++] = (yao_bytes){text.ptr, end};
        end += end < text.len;
        text.ptr += end;
        text.len -= end;
    }
}

static void put_digest(yao_writer *w, yao_bytes letters)
{
    uint8_t   digest[YAO_MAX_HASH] = {0};
    yao_bytes whole                = {digest, 32};

    demand(weak_hash(NULL, YAO_SHA256, &letters, 1, digest) == YAO_OK, "hash");
    yao_put_base64url(w, whole);
}

/* LINE in base64url, with its digests filled in. */
static yao_bytes spell_line(const spelling *s, yao_bytes line)
{
    yao_writer plain = yao_writer_in(s->arena), letters;
    yao_bytes  text  = {0}, out = {0};

    for (size_t i = 0; i < line.len; i++) {
        uint8_t next = i + 1 < line.len ? line.ptr[i + 1] : 0;

        if (line.ptr[i] == '#' && next >= '0' && next <= '9')
            put_digest(&plain, s->letters[2 + line.ptr[++i] - '0']);
        else if (line.ptr[i] == '#' && next == 'H' && ++i > 0)
            put_digest(&plain, s->shown);
        else
            yao_put_byte(&plain, line.ptr[i]);
    }
    demand(yao_writer_keep(&plain, s->arena, &text) == YAO_OK, "room");
    letters = yao_writer_in(s->arena);
    yao_put_base64url(&letters, text);
    demand(yao_writer_keep(&letters, s->arena, &out) == YAO_OK, "room");
    return out;
}

static void put_jws(yao_writer *w, yao_bytes header, yao_bytes payload)
{
    static const uint8_t zeros[64];

    yao_put_bytes(w, header);
    yao_put_byte(w, '.');
    yao_put_bytes(w, payload);
    yao_jws_put_signature(w, (yao_bytes){zeros, sizeof zeros});
}

static bool is_kb(const spelling *s, size_t i)
{
    return i > 1 && s->lines[i].len > 1 && s->lines[i].ptr[0] == 'K';
}

static yao_bytes spell_shown(const spelling *s)
{
    yao_writer w    = yao_writer_in(s->arena);
    yao_bytes  text = {0};

    put_jws(&w, s->letters[0], s->letters[1]);
    yao_put_byte(&w, '~');
    for (size_t i = 2; i < s->count; i++)
        if (!is_kb(s, i)) {
            yao_put_bytes(&w, s->letters[i]);
            yao_put_byte(&w, '~');
        }
    demand(yao_writer_keep(&w, s->arena, &text) == YAO_OK, "room");
    return text;
}

static yao_bytes spell(yao_arena *arena, yao_bytes input)
{
    spelling  s  = {.arena = arena};
    yao_bytes kb = {0}, header, text = {0};

    cut_lines(&s, input);
    for (size_t i = s.count; i-- > 0;)
        if (!is_kb(&s, i))
            s.letters[i] = spell_line(&s, s.lines[i]);
    s.shown = spell_shown(&s);
    for (size_t i = 0; i < s.count; i++)
        if (is_kb(&s, i))
            kb = spell_line(&s, (yao_bytes){s.lines[i].ptr + 1,
                                            s.lines[i].len - 1});
    if (kb.len == 0)
        return s.shown;

    header = spell_line(&s, YAO_LIT("{\"alg\":\"ES256\",\"typ\":\"kb+jwt\"}"));
    yao_writer w = yao_writer_in(arena);
    yao_put_bytes(&w, s.shown);
    put_jws(&w, header, kb);
    demand(yao_writer_keep(&w, arena, &text) == YAO_OK, "room");
    return text;
}

/* ---- issuing ---- */

/* Well spread, since digests must differ here. */
static yao_status spread_hash(void *ctx, yao_hash_alg alg,
                              const yao_bytes *parts, size_t count,
                              uint8_t *out)
{
    uint64_t mixed = UINT64_C(0xcbf29ce484222325);

    (void)ctx;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < parts[i].len; k++)
            mixed = (mixed ^ parts[i].ptr[k]) * UINT64_C(0x100000001b3);
    for (size_t i = 0; i < yao_hash_by_alg(alg)->len; i++)
        out[i] = (uint8_t)(mixed >> i % 8 * 8);
    return YAO_OK;
}

static const yao_crypto spread = {.hash = spread_hash};

static size_t count_values(const yao_json *value)
{
    size_t count = 1;

    for (const yao_json *c = value->first; c != NULL; c = c->next)
        count += count_values(c);
    return count;
}

static yao_sdjwt_path read_path(yao_arena *arena, yao_bytes line)
{
    yao_text *steps = yao_arena_take_array(arena, YAO_MAX_DEPTH, sizeof *steps);
    size_t    count = 0;

    demand(steps != NULL, "room");
    for (bool more = true; more && count < YAO_MAX_DEPTH;) {
        size_t end     = yao_bytes_find(line, '.');
        steps[count++] = (yao_text){line.ptr, end};
        more           = end < line.len;
        end += more;
        line.ptr += end;
        line.len -= end;
    }
    return (yao_sdjwt_path){steps, count};
}

static size_t values_shown(yao_arena *arena, yao_bytes issued,
                           const yao_sdjwt_path *path)
{
    yao_sdjwt_presenting p;
    yao_sdjwt_unverified u;
    yao_sdjwt_processed  processed;

    demand(yao_sdjwt_present(arena, &spread, issued, path, path != NULL,
                             YAO_TEXT("n"), YAO_TEXT("a"), 1, YAO_ES256,
                             &p) == YAO_OK,
           "what was issued cannot be shown");
    demand(yao_sdjwt_parse(arena, p.shown, &u) == YAO_OK &&
               yao_sdjwt_process(arena, &spread, &u, &processed) == YAO_OK,
           "what is shown cannot be read");
    check_processed(processed.payload);
    return count_values(processed.payload);
}

static void check_issued(yao_arena *arena, const yao_sdjwt_issue_request *q,
                         const yao_sdjwt_issuing *issuing)
{
    static const uint8_t zeros[64];
    yao_sdjwt_path       whole = {NULL, 0};
    yao_writer           w     = yao_writer_in(arena);
    yao_bytes            text;

    demand(yao_sdjwt_put_issued(&w, issuing, (yao_bytes){zeros, 64}) == YAO_OK,
           "cannot be written");
    demand(yao_writer_keep(&w, arena, &text) == YAO_OK, "room");
    size_t all = count_values(q->claims);
    demand(values_shown(arena, text, &whole) == all, "a claim is lost");
    demand(values_shown(arena, text, NULL) + q->disclosable_count <= all,
           "something is shown unasked");
}

static void check_issuing(yao_arena *arena, yao_bytes input, uint8_t choice)
{
    static uint8_t          random[16384];
    spelling                s = {.arena = arena};
    yao_sdjwt_path          paths[MAX_LINES];
    yao_sdjwt_issue_request q = {.disclosable = paths,
                                 .decoys      = choice & 7,
                                 .alg         = YAO_ES256};
    yao_entropy             entropy = {{random, sizeof random}};
    yao_sdjwt_issuing       issuing;

    for (size_t i = 0; i < sizeof random; i++)
        random[i] = (uint8_t)(i % 16 < 2 ? i / 16 >> i % 16 * 8 : i);
    q.type = (choice & 8) != 0 ? YAO_TEXT("dc+sd-jwt") : YAO_TEXT("x");
    cut_lines(&s, input);
    if (s.count == 0 || yao_json_parse(arena, s.lines[0], &q.claims) != YAO_OK)
        return;
    for (size_t i = 1; i < s.count; i++)
        paths[q.disclosable_count++] = read_path(arena, s.lines[i]);
    if (yao_sdjwt_issue(arena, &spread, &q, &entropy, &issuing) == YAO_OK)
        check_issued(arena, &q, &issuing);
}

/* ---- names ---- */

static bool contains(yao_bytes text, yao_bytes piece)
{
    for (; text.len >= piece.len; text.ptr++, text.len--)
        if (yao_bytes_starts(text, piece))
            return true;
    return false;
}

/* A name is covered only if it, or its host, stands in the certificate. */
static void check_names(yao_bytes input)
{
    spelling  s     = {.count = 0};
    yao_bytes https = YAO_LIT("https://");

    cut_lines(&s, input);
    if (s.count < 2)
        return;
    yao_bytes iss = s.lines[1], san = s.lines[0];
    if (!yao_x509_names_issuer(san, (yao_text){iss.ptr, iss.len}) ||
        contains(san, iss))
        return;
    demand(yao_bytes_starts(iss, https), "covered without being there");
    yao_bytes host = {iss.ptr + https.len, iss.len - https.len};
    host.len       = yao_bytes_find(host, '/');
    demand(host.len != 0 && contains(san, host), "another host");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static _Alignas(max_align_t) uint8_t more[4 * 1024 * 1024];

    yao_arena             spelled = {more, sizeof more, 0};
    static const yao_text steps[] = {YAO_INIT("a"), YAO_INIT("0")};
    yao_sdjwt_path        paths[] = {{steps, 0}, {steps, 1}, {steps, 2}};
    yao_arena             arena   = {memory, sizeof memory, 0};
    uint8_t               choice  = len > 0 ? data[0] : 0;
    yao_bytes             text    = {data + (len > 0), len - (len > 0)};

    if (text.len > 64 * 1024)
        return 0;
    if ((choice & 0xc0) == 0xc0)
        check_names(text);
    if ((choice & 0xc0) == 0x40)
        check_issuing(&arena, text, choice);
    if ((choice & 0x40) != 0)
        return 0;
    if ((choice & 0x80) != 0)
        text = spell(&spelled, text);
    check_judging(&arena, text, choice);
    check_showing(&arena, text, NULL);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        check_showing(&arena, text, &paths[i]);
    return 0;
}
