/* SPDX-License-Identifier: Apache-2.0 */

/*
 *   START -> OFFER (by reference) -> ISSUER -> SERVER -.
 *      .--------------------------------------------- '
 *      |-> CODE (tx_code) -.
 *      '-------------------+-> CHALLENGE -> ATTEST -.     [post]: DPOP -> POP
 *      .-------------------------------------------'             -> POSTED
 *      |-> [PUSH] -> PAGE -.
 *      '-------------------+-> [TOKEN] -.   a wrong tx_code: back to CODE
 *      .-------------------------------'
 *      v for each document
 *   NONCE -> COPY_KEYS -> KEY_ATTEST -> PROOF (for each copy) -> OPEN_KEY -.
 *      .-------------------------------------------------------------------'
 *      '-> SEAL_KEY -> SEAL_AGREE -> SEALING -> [CREDENTIAL] -.  invalid_nonce:
 *      .------------------------------------------------------'  back to NONCE
 *      '-> UNSEAL_AGREE -> UNSEALING -> verified
 *                                    '-> WAITING -> [DEFERRED] (as CREDENTIAL)
 *   CONFIRM -> STORING -> [NOTIFY] (for each document) -> OVER
 *
 * Invariants
 *  1. Nothing is sent to an origin but the issuer's and the server's, both
 *     looked at before.
 *  2. A document that fails takes none of the others with it; what fails before
 *     documents are asked for ends the session.
 *  3. STORE is wished for after CONFIRM was answered, and for GOOD ones only.
 */

#include "base/ascii.h"
#include "base/letters.h"
#include "vci/receive_parts.h"

/* What may happen when. An empty cell is an event that does not belong. */
static const receive_handler table[RECEIVE_STATES][YAO_RECEIVE_EVENTS] = {
    [RECEIVE_START][YAO_RECEIVE_START]       = yao_receive_on_start,
    [RECEIVE_OFFER][YAO_RECEIVE_ANSWER]      = yao_receive_on_offer,
    [RECEIVE_ISSUER][YAO_RECEIVE_ANSWER]     = yao_receive_on_issuer,
    [RECEIVE_SERVER][YAO_RECEIVE_ANSWER]     = yao_receive_on_server,
    [RECEIVE_CODE][YAO_RECEIVE_DONE]         = yao_receive_on_code,
    [RECEIVE_CHALLENGE][YAO_RECEIVE_ANSWER]  = yao_receive_on_challenge,
    [RECEIVE_ATTEST][YAO_RECEIVE_DONE]       = yao_receive_on_attested,
    [RECEIVE_DPOP][YAO_RECEIVE_DONE]         = yao_receive_on_dpop,
    [RECEIVE_POP][YAO_RECEIVE_DONE]          = yao_receive_on_pop,
    [RECEIVE_POSTED][YAO_RECEIVE_ANSWER]     = yao_receive_on_posted,
    [RECEIVE_PAGE][YAO_RECEIVE_DONE]         = yao_receive_on_page,
    [RECEIVE_NONCE][YAO_RECEIVE_ANSWER]      = yao_receive_on_nonce,
    [RECEIVE_COPY_KEYS][YAO_RECEIVE_KEYS]    = yao_receive_on_keys,
    [RECEIVE_KEY_ATTEST][YAO_RECEIVE_DONE]   = yao_receive_on_keys_attested,
    [RECEIVE_PROOF][YAO_RECEIVE_DONE]        = yao_receive_on_proof,
    [RECEIVE_OPEN_KEY][YAO_RECEIVE_KEYS]     = yao_receive_on_open_key,
    [RECEIVE_SEAL_KEY][YAO_RECEIVE_KEYS]     = yao_receive_on_seal_key,
    [RECEIVE_SEAL_AGREE][YAO_RECEIVE_DONE]   = yao_receive_on_seal_agreed,
    [RECEIVE_SEALING][YAO_RECEIVE_DONE]      = yao_receive_on_sealed,
    [RECEIVE_UNSEAL_AGREE][YAO_RECEIVE_DONE] = yao_receive_on_unseal_agreed,
    [RECEIVE_UNSEALING][YAO_RECEIVE_DONE]    = yao_receive_on_unsealed,
    [RECEIVE_WAITING][YAO_RECEIVE_DONE]      = yao_receive_on_waited,
    [RECEIVE_CONFIRM][YAO_RECEIVE_DONE]      = yao_receive_on_confirmed,
    [RECEIVE_CONFIRM][YAO_RECEIVE_REFUSED]   = yao_receive_on_declined,
    [RECEIVE_STORING][YAO_RECEIVE_DONE]      = yao_receive_on_stored,
    [RECEIVE_STORING][YAO_RECEIVE_FAILED]    = yao_receive_on_not_stored,
};

/* ---- small words -------------------------------------------------------- */

yao_status yao_receive_go(yao_receive *r, receive_state state,
                          yao_receive_wish *w, yao_receive_do kind)
{
    r->state = state;
    w->kind  = kind;
    return YAO_OK;
}

yao_status yao_receive_get(yao_receive *r, receive_state state,
                           yao_receive_wish *w, yao_text url,
                           const char *accept)
{
    w->fetch = (yao_receive_fetch){
        .method       = "GET",
        .url          = url,
        .headers      = {{"Accept", yao_text_of(accept)}},
        .header_count = 1,
        .most         = YAO_MAX_MESSAGE};
    return yao_receive_go(r, state, w, YAO_RECEIVE_FETCH);
}

/* Scheme, host and port of a URL that was looked at. */
static yao_bytes origin_of(yao_text url)
{
    size_t slashes = 0, i = 0;

    for (; i < url.len; i++) {
        slashes += url.ptr[i] == '/';
        if (slashes == 3 || url.ptr[i] == '?' || url.ptr[i] == '#')
            break;
    }
    return (yao_bytes){url.ptr, i};
}

bool yao_receive_same_origin(yao_text a, yao_text b)
{
    yao_bytes x = origin_of(a), y = origin_of(b);

    if (x.len != y.len || x.len == 0)
        return false;
    for (size_t i = 0; i < x.len; i++)
        if (yao_ascii_small(x.ptr[i]) != yao_ascii_small(y.ptr[i]))
            return false;
    return true;
}

/* One that is too long is none: then the server says so again. */
void yao_receive_keep_word(receive_word *word, yao_text text)
{
    if (text.len == 0 || text.len > sizeof word->letters)
        return;
    for (size_t i = 0; i < text.len; i++)
        word->letters[i] = text.ptr[i];
    word->len = text.len;
}

yao_text yao_receive_word(const receive_word *word)
{
    return (yao_text){word->letters, word->len};
}

yao_status yao_receive_jti(yao_arena *arena, yao_entropy *entropy,
                           yao_text *ret)
{
    yao_bytes random;

    YAO_TRY(yao_entropy_take(entropy, 16, &random));
    return yao_letters_encode(arena, random, ret);
}

/* Whatever a stranger's words are, a terminal shows them as letters (N143). */
yao_text yao_receive_shown(yao_receive *r, yao_text text)
{
    size_t   len = text.len < YAO_VCI_MAX_SHOWN ? text.len : YAO_VCI_MAX_SHOWN;
    uint8_t *out = yao_arena_take(r->arena, len);

    if (out == NULL)
        return (yao_text){NULL, 0};
    for (size_t i = 0; i < len; i++)
        out[i] = text.ptr[i] < ' ' || text.ptr[i] > '~' ? '?' : text.ptr[i];
    return (yao_text){out, len};
}

yao_status yao_receive_enter(yao_receive *r, yao_vci_offered offered)
{
    if (r->item_count == YAO_VCI_MAX_OFFERED)
        return YAO_E_LIMIT;
    r->items[r->item_count++] = (yao_receive_item){
        .offered    = offered,
        .valid_from = YAO_TIME_NONE, .valid_until = YAO_TIME_NONE};
    return YAO_OK;
}

/* ---- opening ------------------------------------------------------------ */

static bool options_good(const yao_receive_options *o)
{
    if (o->crypto == NULL || o->catalogue == NULL || o->client_id.len == 0)
        return false;
    if (o->session_key.curve != YAO_P256 || o->session_key.len != 65)
        return false;
    if ((o->offer.len != 0) == (o->issuer.len != 0))
        return false;
    return o->issuer.len == 0 ||
           (o->id_count != 0 && o->id_count <= YAO_VCI_MAX_OFFERED);
}

yao_status yao_receive_open(yao_arena *arena,
                            const yao_receive_options *options,
                            yao_receive              **ret)
{
    if (!options_good(options))
        return YAO_E_USAGE;

    yao_receive *r = yao_arena_take(arena, sizeof *r);
    if (r == NULL)
        return YAO_E_SPACE;
    r->items = yao_arena_take_array(arena, YAO_VCI_MAX_OFFERED,
                                    sizeof *r->items);
    if (r->items == NULL)
        return YAO_E_SPACE;
    r->arena     = arena;
    r->options   = *options;
    r->client_id = options->client_id;
    *ret         = r;
    return YAO_OK;
}

/* ---- steps -------------------------------------------------------------- */

/* The worst that became of a document: the first that is BAD. */
static yao_status outcome(const yao_receive *r)
{
    if (r->failure != YAO_OK)
        return r->failure;
    for (size_t i = 0; i < r->item_count; i++)
        if (r->items[i].state == YAO_RECEIVE_BAD)
            return r->items[i].status;
    return YAO_OK;
}

RECEIVE_HANDLER(yao_receive_stop)
{
    (void)e;
    yao_wipe(&r->pkce, sizeof r->pkce);
    yao_jwe_wipe(&r->jwe_key);
    w->status = outcome(r);
    return yao_receive_go(r, RECEIVE_OVER, w, YAO_RECEIVE_STOP);
}

/* What could not be done, or was not as it must be. */
static void fail(yao_receive *r, const yao_receive_event *e, yao_status status,
                 yao_receive_wish *w)
{
    yao_status next = YAO_OK;

    *w = (yao_receive_wish){0};
    if (r->post.purpose == RECEIVE_POST_NOTIFY)
        next = yao_receive_on_notified(r, e, w); /* best effort */
    else if (r->item != NULL) {
        yao_receive_fail_item(r, status);
        next = yao_receive_next(r, e, w);
    } else {
        r->failure = status;
        next       = yao_receive_stop(r, e, w);
    }
    if (next != YAO_OK) { /* there is no room even for that */
        *w         = (yao_receive_wish){0};
        r->failure = next;
        (void)yao_receive_stop(r, e, w);
    }
}

/* The reason why E cannot be handled at all, or YAO_OK. */
static yao_status objection(const yao_receive *r, const yao_receive_event *e)
{
    if (e->now < 0 || e->now > YAO_TIME_MAX ||
        (unsigned)e->kind >= YAO_RECEIVE_EVENTS)
        return YAO_E_USAGE;
    if (e->random.len < YAO_RECEIVE_RANDOM)
        return YAO_E_ENTROPY;
    if (table[r->state][e->kind] != NULL)
        return YAO_OK;
    if (e->kind == YAO_RECEIVE_FAILED)
        return e->status != YAO_OK ? e->status : YAO_E_USAGE;
    return e->kind == YAO_RECEIVE_REFUSED ? YAO_E_REFUSED : YAO_E_USAGE;
}

/* Whose fault ends the session, whatever is being asked for. */
static bool ends_all(const yao_receive_event *e, yao_status status)
{
    return status == YAO_E_ENTROPY || status == YAO_E_SPACE ||
           (status == YAO_E_USAGE && e->kind != YAO_RECEIVE_FAILED);
}

void yao_receive_step(yao_receive *r, const yao_receive_event *e,
                      yao_receive_wish *ret)
{
    yao_receive_wish w      = {0};
    yao_status       status = objection(r, e);

    if (r->state == RECEIVE_OVER) {
        w.status = outcome(r);
        *ret     = w;
        return;
    }
    if (status == YAO_OK)
        status = table[r->state][e->kind](r, e, &w);
    if (status != YAO_OK) {
        if (ends_all(e, status)) {
            r->item         = NULL;
            r->post.purpose = RECEIVE_POST_NOTHING;
        }
        fail(r, e, status, &w);
    }
    *ret = w;
}

/* ---- looking ------------------------------------------------------------ */

yao_receive_item *yao_receive_items(yao_receive *r, size_t *count)
{
    *count = r->item_count;
    return r->items;
}

yao_text yao_receive_issuer(const yao_receive *r)
{
    return r->offer.issuer;
}

yao_text yao_receive_issuer_name(const yao_receive *r)
{
    return r->metadata.name;
}

const yao_vci_tx_code *yao_receive_tx_code(const yao_receive *r)
{
    return &r->offer.tx_code;
}

yao_receive_stage yao_receive_where(const yao_receive *r)
{
    return r->stage;
}

yao_text yao_receive_said(const yao_receive *r)
{
    return r->said;
}

yao_text yao_receive_refresh_token(const yao_receive *r)
{
    return r->token.refresh_token;
}
