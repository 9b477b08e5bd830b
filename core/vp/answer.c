/* SPDX-License-Identifier: Apache-2.0 */
#include "vp/answer.h"

#include "vp/parts.h"
#include "vp/pseudonym.h"

/* What a document is to sign, in its format. */
typedef struct piece {
    size_t               credential; /* index in the query */
    yao_mdoc_presenting  mdoc;
    yao_sdjwt_presenting sdjwt;
} piece;

/* What all pieces have in common. */
typedef struct making {
    yao_arena            *arena;
    const yao_crypto     *crypto;
    const yao_vp_request *request;
    yao_text              audience;
    yao_bytes             transcript;
    yao_time              now;
    const yao_vp_shown   *shown;
    size_t                count;
    yao_text              pseudonym;
} making;

/* ---- one document ------------------------------------------------------- */

/* OpenID4VP 1.0 section 5.1: of several documents that could, one alone says
 * that its holder agrees: the first that can. */
static size_t bearer_of(const making *m, const yao_vp_transaction *t)
{
    const yao_dcql_query *query = &m->request->query;

    for (size_t i = 0; i < m->count; i++) {
        size_t at = yao_dcql_find(query, m->shown[i].id);

        if (at != YAO_DCQL_NONE &&
            query->credentials[at].format == YAO_DCQL_SDJWT &&
            yao_vp_transaction_of(t, m->shown[i].id))
            return i;
    }
    return YAO_DCQL_NONE;
}

static yao_vp_borne borne_by(const making *m, const yao_vp_shown *shown)
{
    const yao_vp_request *q     = m->request;
    yao_vp_borne          borne = 0;

    for (size_t i = 0; i < q->transaction_count; i++)
        if (bearer_of(m, &q->transactions[i]) == (size_t)(shown - m->shown))
            borne |= (yao_vp_borne)1 << i;
    return borne;
}

bool yao_vp_can_agree(const yao_vp_request *request, const yao_vp_shown *shown,
                      size_t count)
{
    const making m = {.request = request, .shown = shown, .count = count};

    for (size_t i = 0; i < request->transaction_count; i++)
        if (bearer_of(&m, &request->transactions[i]) == YAO_DCQL_NONE)
            return false;
    return true;
}

/* One document says it: the first that can. */
static bool bears_pseudonym(const making *m, const yao_vp_shown *shown)
{
    const yao_dcql_query *query = &m->request->query;
    size_t                i     = 0;

    while (i < m->count) {
        size_t at = yao_dcql_find(query, m->shown[i].id);

        if (at != YAO_DCQL_NONE &&
            query->credentials[at].format == YAO_DCQL_SDJWT)
            break;
        i++;
    }
    return i == (size_t)(shown - m->shown) && m->pseudonym.len != 0;
}

static yao_status put_more(const making *m, const yao_vp_shown *shown,
                           yao_writer *w)
{
    const yao_vp_request *q = m->request;

    YAO_TRY(yao_vp_put_transaction_hashes(w, m->crypto, q->transactions,
                                          q->transaction_count,
                                          borne_by(m, shown)));
    if (bears_pseudonym(m, shown)) {
        if (w->len > 0)
            yao_put_byte(w, ',');
        yao_vp_put_pseudonym(w, m->pseudonym);
    }
    return w->status;
}

static yao_status begin_sdjwt(const making *m, const yao_vp_shown *shown,
                              piece *p, yao_sign_wish *wish)
{
    const yao_vp_request *q       = m->request;
    yao_sdjwt_showing     showing = {.stored     = shown->stored,
                                     .paths      = shown->paths,
                                     .path_count = shown->path_count,
                                     .nonce      = q->binding.nonce,
                                     .audience   = m->audience,
                                     .now        = m->now,
                                     .alg        = shown->alg};
    yao_writer            w       = yao_writer_in(m->arena);

    YAO_TRY(put_more(m, shown, &w));
    YAO_TRY(yao_writer_keep(&w, m->arena, &showing.more));
    YAO_TRY(yao_sdjwt_show(m->arena, m->crypto, &showing, &p->sdjwt));
    *wish = p->sdjwt.wish;
    return YAO_OK;
}

static yao_status begin_mdoc(const making *m, const yao_vp_shown *shown,
                             piece *p, yao_sign_wish *wish)
{
    if (m->request->query.credentials[p->credential].claim_count == 0)
        YAO_TRY(yao_mdoc_present_bare(m->arena, shown->stored, m->transcript,
                                      &p->mdoc));
    else
        YAO_TRY(yao_mdoc_present(m->arena, shown->stored, shown->selectors,
                                 shown->selector_count, m->transcript,
                                 &p->mdoc));
    *wish = p->mdoc.wish;
    return YAO_OK;
}

static yao_status begin_one(const making *m, const yao_vp_shown *shown,
                            piece *p, yao_sign_wish *wish)
{
    const yao_dcql_query *query = &m->request->query;

    p->credential = yao_dcql_find(query, shown->id);
    if (p->credential == YAO_DCQL_NONE)
        return YAO_E_USAGE;
    switch (query->credentials[p->credential].format) {
    case YAO_DCQL_SDJWT:
        return begin_sdjwt(m, shown, p, wish);
    case YAO_DCQL_MDOC:
        return begin_mdoc(m, shown, p, wish);
    case YAO_DCQL_OTHER:
        break;
    }
    return YAO_E_UNSUPPORTED;
}

/* One for each query, unless it says that it takes several. */
static bool counts_good(const yao_vp_answer *a)
{
    const yao_dcql_query *query  = &a->request->query;
    const piece          *pieces = a->internal;

    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < i; j++)
            if (pieces[i].credential == pieces[j].credential &&
                !query->credentials[pieces[i].credential].multiple)
                return false;
    return true;
}

yao_status yao_vp_begin_answer(yao_arena *arena, const yao_crypto *crypto,
                               const yao_vp_request *request,
                               const yao_vp_choice *choice, yao_vp_answer *ret)
{
    making        m     = {.arena   = arena,
                           .crypto  = crypto,
                           .request = request,
                           .now     = choice->now,
                           .shown   = choice->shown,
                           .count   = choice->count,
                           .pseudonym = choice->pseudonym};
    size_t        count = choice->count;
    yao_vp_answer a = {.request = request, .shown = choice->shown,
                       .count = count};

    if (m.pseudonym.len != 0 &&
        (!request->pseudonym || !yao_vp_is_pseudonym(m.pseudonym)))
        return YAO_E_USAGE;
    if (count == 0 || count > YAO_VP_MAX_SHOWN ||
        !yao_vp_can_agree(request, choice->shown, count))
        return YAO_E_USAGE;
    piece *pieces = yao_arena_take_array(arena, count, sizeof *pieces);
    a.internal    = pieces;
    a.wishes      = yao_arena_take_array(arena, count, sizeof *a.wishes);
    a.signatures  = yao_arena_take_array(arena, count, sizeof *a.signatures);
    if (pieces == NULL || a.wishes == NULL || a.signatures == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_vp_audience(arena, &request->binding, &m.audience));
    YAO_TRY(yao_vp_transcript(arena, crypto, &request->binding,
                              &m.transcript));
    for (size_t i = 0; i < count; i++)
        YAO_TRY(begin_one(&m, &a.shown[i], &pieces[i], &a.wishes[i]));
    if (!counts_good(&a))
        return YAO_E_USAGE;

    *ret = a;
    return YAO_OK;
}

/* ---- the vp_token ------------------------------------------------------- */

static yao_status write_document(yao_arena *arena, const piece *p,
                                 yao_bytes signature, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);

    YAO_TRY(yao_mdoc_put_document_signed(&w, &p->mdoc, signature));
    return yao_writer_keep(&w, arena, ret);
}

/* HAIP 1.0 section 5: each mdoc in a DeviceResponse of its own. */
static yao_status write_mdoc(yao_arena *arena, const piece *p,
                             yao_bytes signature, yao_bytes *ret)
{
    yao_bytes document, response;
    yao_text  letters;

    YAO_TRY(write_document(arena, p, signature, &document));
    yao_writer w = yao_writer_in(arena);
    yao_mdoc_put_response(&w, &document, 1);
    YAO_TRY(yao_writer_keep(&w, arena, &response));
    YAO_TRY(yao_letters_encode(arena, response, &letters));
    *ret = yao_text_bytes(letters);
    return YAO_OK;
}

/* ISO/IEC TS 18013-7 annex C: all of them in one. */
static yao_status write_response(yao_arena *arena, const yao_vp_answer *a,
                                 yao_bytes *ret)
{
    const piece *pieces = a->internal;
    yao_bytes    documents[YAO_VP_MAX_SHOWN];

    for (size_t i = 0; i < a->count; i++)
        YAO_TRY(write_document(arena, &pieces[i], a->signatures[i],
                               &documents[i]));
    yao_writer w = yao_writer_in(arena);
    yao_mdoc_put_response(&w, documents, a->count);
    return yao_writer_keep(&w, arena, ret);
}

static yao_status write_sdjwt(yao_arena *arena, const piece *p,
                              yao_bytes signature, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);

    YAO_TRY(yao_sdjwt_put_presented(&w, &p->sdjwt, signature));
    return yao_writer_keep(&w, arena, ret);
}

/* All of them as letters, which need no escapes in JSON. */
static yao_status write_pieces(yao_arena *arena, const yao_vp_answer *a,
                               yao_bytes *letters)
{
    const yao_dcql_query *query  = &a->request->query;
    const piece          *pieces = a->internal;

    for (size_t i = 0; i < a->count; i++) {
        const piece *p    = &pieces[i];
        bool         mdoc = query->credentials[p->credential].format ==
                    YAO_DCQL_MDOC;

        YAO_TRY((mdoc ? write_mdoc : write_sdjwt)(arena, p, a->signatures[i],
                                                  &letters[i]));
    }
    return YAO_OK;
}

/* The presentations of one query, from its first on. */
static void put_array(yao_writer *w, const yao_vp_answer *a,
                      const yao_bytes *letters, size_t from)
{
    const piece *pieces = a->internal;
    bool         first  = true;

    yao_put_byte(w, '[');
    for (size_t i = from; i < a->count; i++) {
        if (pieces[i].credential != pieces[from].credential)
            continue;
        yao_json_put_next(w, &first);
        yao_put_byte(w, '"');
        yao_put_bytes(w, letters[i]);
        yao_put_byte(w, '"');
    }
    yao_put_byte(w, ']');
}

static bool seen_before(const yao_vp_answer *a, size_t at)
{
    const piece *pieces = a->internal;

    for (size_t i = 0; i < at; i++)
        if (pieces[i].credential == pieces[at].credential)
            return true;
    return false;
}

yao_status yao_vp_write_token(yao_arena *arena, const yao_vp_answer *a,
                              yao_bytes *ret)
{
    yao_bytes  letters[YAO_VP_MAX_SHOWN];
    yao_writer w;
    bool       first = true;

    if (a->request->iso != NULL)
        return write_response(arena, a, ret);
    YAO_TRY(write_pieces(arena, a, letters));
    w = yao_writer_in(arena);
    yao_put_byte(&w, '{');
    for (size_t i = 0; i < a->count; i++) {
        if (seen_before(a, i))
            continue;
        yao_json_put_name_text(&w, &first, a->shown[i].id);
        put_array(&w, a, letters, i);
    }
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

/* ---- encrypting --------------------------------------------------------- */

/* Without iss, aud and exp: nobody signs this (OpenID4VP 1.0 section 8.3). */
static yao_status write_payload(yao_arena *arena, const yao_vp_request *q,
                                yao_bytes token, yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_name(&w, &first, "vp_token");
    yao_put_bytes(&w, token);
    if (!q->binding.dcapi)
        yao_json_put_optional(&w, &first, "state", q->state);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

static yao_status begin_iso(const yao_crypto *crypto, const yao_vp_request *q,
                            yao_bytes response, yao_vp_sealing *s)
{
    s->iso.ephemeral = s->ephemeral;
    YAO_TRY(yao_vp_seal_iso(crypto, q->iso, s->shared, response, &s->iso));
    s->wish = s->iso.wish;
    return YAO_OK;
}

yao_status yao_vp_begin_seal(yao_arena *arena, const yao_crypto *crypto,
                             const yao_vp_request *q, yao_bytes token,
                             yao_vp_sealing *s)
{
    yao_jwe_message message = {.enc       = q->enc,
                               .ephemeral = s->ephemeral,
                               .nonce     = s->nonce,
                               .kid       = q->kid};

    if (!yao_vp_mode_sealed(q->mode))
        return YAO_E_USAGE;
    if (q->iso != NULL)
        return begin_iso(crypto, q, token, s);
    YAO_TRY(write_payload(arena, q, token, &message.plain));
    return yao_jwe_seal(arena, crypto, &message, s->shared, &s->key, &s->wish);
}

void yao_vp_drop_sealing(yao_vp_sealing *sealing)
{
    yao_jwe_wipe(&sealing->key);
    yao_hpke_wipe(&sealing->iso.keys);
}

yao_status yao_vp_write_sealed(yao_arena *arena, const yao_vp_request *q,
                               yao_vp_sealing *s, yao_bytes sealed,
                               yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);

    yao_vp_drop_sealing(s);
    if (!yao_vp_mode_sealed(q->mode))
        return YAO_E_USAGE;
    if (q->iso != NULL) {
        yao_vp_put_iso_answer(&w, &s->iso, sealed);
        return yao_writer_keep(&w, arena, ret);
    }
    yao_put_text(&w, q->binding.dcapi ? "{\"response\":\"" : "response=");
    yao_jwe_put(&w, &s->wish, sealed); /* letters of base64url and dots */
    if (q->binding.dcapi)
        yao_put_text(&w, "\"}");
    return yao_writer_keep(&w, arena, ret);
}

/* ---- not encrypting ----------------------------------------------------- */

yao_status yao_vp_write_plain(yao_arena *arena, const yao_vp_request *q,
                              yao_bytes token, yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;

    if (q->mode == YAO_VP_NO_MODE || yao_vp_mode_sealed(q->mode))
        return YAO_E_USAGE;
    if (q->binding.dcapi) {
        yao_put_text(&w, "{\"vp_token\":");
        yao_put_bytes(&w, token);
        yao_put_byte(&w, '}');
    } else {
        yao_form_put(&w, &first, "vp_token", yao_vp_text_of(token));
        yao_form_put(&w, &first, "state", q->state);
    }
    return yao_writer_keep(&w, arena, ret);
}

void yao_vp_put_refused(yao_writer *w, bool dcapi, yao_oauth_error error,
                        yao_text state)
{
    yao_oauth_refusal refusal = {error, NULL};
    bool              first   = true;

    if (error == YAO_OAUTH_NONE) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    if (dcapi) {
        yao_oauth_put_error(w, &refusal);
        return;
    }
    yao_form_put(w, &first, "error", yao_text_of(yao_oauth_error_name(error)));
    yao_form_put(w, &first, "state", state);
}

/* ---- what a post is answered with --------------------------------------- */

/* A fragment is allowed here: it may carry the response code. */
static bool may_open(yao_text uri, bool loopback)
{
    yao_text place = {uri.ptr, yao_bytes_find(yao_text_bytes(uri), '#')};

    for (size_t i = place.len; i < uri.len; i++)
        if (uri.ptr[i] <= 0x20 || uri.ptr[i] > 0x7e)
            return false;
    return uri.len <= YAO_OAUTH_MAX_URI && yao_oauth_is_url(place, loopback);
}

yao_status yao_vp_read_posted_answer(yao_arena *arena, yao_bytes body,
                                     bool loopback, yao_text *ret)
{
    const yao_json *root, *value;
    yao_text        uri = {NULL, 0};

    YAO_TRY(yao_json_parse_object(arena, body, &root));
    value = yao_json_get(root, "redirect_uri");
    if (value != NULL) {
        YAO_TRY(yao_json_string(value, arena, &uri));
        if (!may_open(uri, loopback))
            return YAO_E_VALUE;
    }
    *ret = uri;
    return YAO_OK;
}

void yao_vp_put_posted_answer(yao_writer *w, yao_text redirect_uri)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_optional(w, &first, "redirect_uri", redirect_uri);
    yao_put_byte(w, '}');
}
