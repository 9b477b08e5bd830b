/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Who asks. Nothing of what a request says is looked at here but the name that
 * it gives itself, and that must be the certificate's.
 */

#include "trust/right.h"
#include "vp/parts.h"

/* RFC 9101 section 10.8 and OpenID4VP 1.0 section 5: exactly this. */
#define REQUEST_TYPE "oauth-authz-req+jwt"

/* ---- who signed --------------------------------------------------------- */

typedef struct looking {
    yao_arena          *arena;
    const yao_vp_terms *terms;
    yao_vp_refusal     *refusal;
    yao_report         *report; /* of the paths; nobody reads it */
} looking;

static yao_status refuse(const looking *l, const char *why, yao_status status)
{
    return yao_vp_refuse(l->refusal, YAO_OAUTH_INVALID_CLIENT, why, status);
}

/* OpenID4VP 1.0 section 5.9.3: the hash of the leaf as it came. */
static yao_status check_hash(const looking *l, yao_bytes leaf, yao_text name)
{
    const yao_crypto *crypto = l->terms->crypto;
    uint8_t           hash[YAO_SHA256_LEN];
    yao_text          letters;

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &leaf, 1, hash));
    YAO_TRY(yao_letters_encode(l->arena, (yao_bytes){hash, sizeof hash},
                               &letters));
    return yao_text_equal(letters, name)
               ? YAO_OK
               : refuse(l, "client_id is another certificate's",
                        YAO_E_MISMATCH);
}

static yao_status check_name(const looking *l, const yao_vp_candidate *c)
{
    yao_text name = {NULL, 0};

    switch (yao_vp_cut_client_id(c->client_id, &name)) {
    case YAO_VP_HASH:
        return check_hash(l, c->jws.chain[0], name);
    case YAO_VP_SAN_DNS:
        return yao_x509_names_host(c->path->leaf.san, name)
                   ? YAO_OK
                   : refuse(l, "client_id is no name of the certificate",
                            YAO_E_MISMATCH);
    case YAO_VP_REDIRECT_URI:
        return refuse(l, "redirect_uri: is never signed", YAO_E_REFUSED);
    case YAO_VP_ORIGIN:
    case YAO_VP_NO_PREFIX:
        break;
    }
    return yao_vp_refuse(l->refusal, YAO_OAUTH_INVALID_REQUEST,
                         "client_id has a prefix that is not known",
                         YAO_E_VALUE);
}

/* FROM says the client_id: the payload, or with several signatures the header
 * of this one. */
static yao_status read_client_id(const looking *l, const yao_json *from,
                                 yao_vp_candidate *c)
{
    const yao_json *id = yao_json_get(from, "client_id");
    yao_status      status;

    status = yao_json_string(id, l->arena, &c->client_id);
    if (status != YAO_OK)
        return refuse(l, "client_id is missing", status);
    if (l->terms->client_id.len != 0 &&
        !yao_text_equal(l->terms->client_id, c->client_id))
        return yao_vp_refuse(l->refusal, YAO_OAUTH_INVALID_REQUEST,
                             "client_id is not that of the link",
                             YAO_E_MISMATCH);
    return YAO_OK;
}

static yao_status find_path(const looking *l, yao_vp_candidate *c)
{
    const yao_vp_terms *t = l->terms;
    yao_status          status;

    if (c->jws.chain_count == 0)
        return refuse(l, "x5c is missing", YAO_E_MISSING);
    c->path   = yao_arena_take(l->arena, sizeof *c->path);
    if (c->path == NULL)
        return YAO_E_SPACE;
    status = yao_x509_find_path(c->jws.chain, c->jws.chain_count, t->anchors,
                                t->anchor_count, YAO_ROLE_READER,
                                YAO_TEXT(""), t->now, false, c->path,
                                l->report, -1);
    return status == YAO_OK
               ? YAO_OK
               : refuse(l, "the certificate is not of one that we trust",
                        status);
}

/* The checks of one signature, behind those of others. */
static yao_status add_checks(const looking *l, yao_vp_candidate *c,
                             yao_vp_signed *ret)
{
    yao_signature_check *checks = &ret->checks[ret->check_count];
    yao_status           status;

    status = yao_jws_check(&c->jws, &c->path->leaf.key, &checks[0]);
    if (status != YAO_OK)
        return refuse(l, "the signature is none of the certificate's key",
                      status);
    for (size_t i = 0; i < c->path->check_count; i++)
        checks[1 + i] = c->path->checks[i];
    c->first = ret->check_count;
    c->count = 1 + c->path->check_count;
    ret->check_count += c->count;
    return YAO_OK;
}

/* What the registrar says of it, when that was sent along. */
static yao_status add_statement(const looking *l, yao_vp_candidate *c,
                                yao_vp_signed *ret)
{
    const yao_vp_statement_terms terms = {l->terms->crypto, l->terms->anchors,
                                          l->terms->anchor_count,
                                          l->terms->now};
    yao_status status;

    status = yao_vp_begin_statement(l->arena, &terms, c->infos, &c->statement);
    if (status != YAO_OK)
        return refuse(l, "its registration statement is none", status);
    if (c->statement == NULL)
        return YAO_OK;
    c->stated = ret->check_count;
    for (size_t i = 0; i < c->statement->verification.check_count; i++)
        ret->checks[ret->check_count++] =
            c->statement->verification.checks[i];
    return YAO_OK;
}

/* One signature: NAMED holds its client_id when that is not the payload. */
static yao_status add_candidate(const looking *l, yao_bytes token,
                                bool in_header, yao_vp_signed *ret)
{
    yao_vp_candidate c = {.first = 0};
    yao_status       status;

    status = yao_jws_read(l->arena, token, &c.jws);
    if (status == YAO_E_SPACE)
        return status;
    if (status != YAO_OK)
        return yao_vp_refuse(l->refusal, YAO_OAUTH_INVALID_REQUEST,
                             "the request is no signed token", status);
    if (!yao_text_equal(c.jws.type, YAO_TEXT(REQUEST_TYPE)))
        return yao_vp_refuse(l->refusal, YAO_OAUTH_INVALID_REQUEST,
                             "typ is not oauth-authz-req+jwt", YAO_E_HEADER);
    YAO_TRY(read_client_id(l, in_header ? c.jws.header : c.jws.payload, &c));
    YAO_TRY(find_path(l, &c));
    YAO_TRY(check_name(l, &c));
    YAO_TRY(add_checks(l, &c, ret));
    c.infos = yao_json_get(in_header ? c.jws.header : c.jws.payload,
                           "verifier_info");
    YAO_TRY(add_statement(l, &c, ret));

    ret->claims = c.jws.payload;
    ret->candidates[ret->candidate_count++] = c;
    return YAO_OK;
}

static yao_status begin(yao_arena *arena, const yao_vp_terms *terms,
                       size_t signatures, yao_vp_refusal *refusal,
                       looking *l, yao_vp_signed *s)
{
    *l = (looking){arena, terms, refusal, NULL};
    *s = (yao_vp_signed){.check_count = 0};
    if (refusal != NULL)
        *refusal = (yao_vp_refusal){.error = YAO_OAUTH_SERVER_ERROR,
                                    .why   = ""};
    if (terms->now < 0 || terms->now > YAO_TIME_MAX)
        return YAO_E_USAGE;
    l->report = yao_arena_take(arena, sizeof *l->report);
    /* of each its own, and its statement's */
    s->checks = yao_arena_take_array(arena,
                                     signatures * 2 * (1 + YAO_MAX_CHAIN),
                                     sizeof *s->checks);
    return l->report == NULL || s->checks == NULL ? YAO_E_SPACE : YAO_OK;
}

yao_status yao_vp_begin_request(yao_arena *arena, yao_bytes token,
                                const yao_vp_terms *terms, yao_vp_signed *ret,
                                yao_vp_refusal *refusal)
{
    yao_vp_signed s;
    looking       l;

    YAO_TRY(begin(arena, terms, 1, refusal, &l, &s));
    YAO_TRY(add_candidate(&l, token, false, &s));
    *ret = s;
    return YAO_OK;
}

/* ---- was it signed ------------------------------------------------------ */

/* The first candidate whose every check was good. */
static yao_status choose(const yao_vp_signed *s, const yao_vp_candidate **ret)
{
    yao_status status = YAO_E_MISSING;

    for (size_t i = 0; i < s->candidate_count; i++) {
        const yao_vp_candidate *c = &s->candidates[i];

        status = yao_oauth_answers(&s->checks[c->first], c->count);
        if (status == YAO_OK) {
            *ret = c;
            return YAO_OK;
        }
    }
    return status;
}

/* By the statement, where that is younger than the list at hand. */
static yao_status read_statement(yao_vp_reading *r, yao_vp_statement *said,
                                 const yao_trust_verified **ret)
{
    const yao_trust_verified *list = r->terms->parties;
    yao_status                status;

    *ret = list;
    if (said == NULL)
        return YAO_OK;
    status = yao_vp_conclude_statement(r->source.arena, said);
    if (status != YAO_OK)
        return status == YAO_E_SPACE
                   ? status
                   : yao_vp_refuse(r->refusal, YAO_OAUTH_INVALID_CLIENT,
                                   "its registration statement is not good",
                                   status);
    r->request.stated =
        list == NULL || list->content.issued_at < said->list.content.issued_at;
    if (r->request.stated)
        *ret = &said->list;
    return YAO_OK;
}

/* The party that this certificate was registered for, or an officer's. */
static yao_status find_in(yao_vp_reading *r, const yao_trust_verified *list)
{
    const yao_trust_party *party = NULL;
    yao_status             status;

    status = yao_trust_find_asker(r->terms->crypto, list,
                                  &r->request.certificate, &party);
    if (status == YAO_E_NOT_FOUND && r->request.stated)
        return yao_vp_refuse(r->refusal, YAO_OAUTH_INVALID_CLIENT,
                             "its registration statement is another's",
                             YAO_E_MISMATCH);
    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;
    r->request.party = party;
    if (party == NULL)
        return r->terms->registered
                   ? yao_vp_refuse(r->refusal, YAO_OAUTH_INVALID_CLIENT,
                                   "the relying party is not registered",
                                   YAO_E_NOT_AUTHORISED)
                   : YAO_OK;
    if (party->state != YAO_PARTY_ACTIVE)
        return yao_vp_refuse(r->refusal, YAO_OAUTH_INVALID_CLIENT,
                             "the relying party was suspended",
                             YAO_E_SUSPENDED);
    return YAO_OK;
}

yao_status yao_vp_find_party(yao_vp_reading *r, yao_vp_statement *said)
{
    const yao_trust_verified *list;

    YAO_TRY(read_statement(r, said, &list));
    return find_in(r, list);
}

/* Whether it asks for what it was registered to ask. */
yao_status yao_vp_check_right(yao_vp_reading *r)
{
    yao_vp_request *q      = &r->request;
    yao_vp_excess   excess = {0, YAO_DCQL_NONE};
    yao_trust_party party;
    yao_status      status;

    if (r->terms->catalogue == NULL || q->party == NULL)
        return YAO_OK;
    YAO_TRY(yao_trust_narrow(r->source.arena, r->terms->catalogue, q->party,
                             &q->certificate, &party));
    status = yao_vp_check_registered(r->terms->catalogue, &party, &q->query,
                                     &q->profile, &excess);
    if (status == YAO_OK && q->pseudonym && !q->profile->pseudonym)
        return yao_vp_refuse(r->refusal, YAO_OAUTH_INVALID_REQUEST,
                             "a pseudonym was not registered",
                             YAO_E_NOT_AUTHORISED);
    if (status == YAO_OK)
        return YAO_OK;
    if (r->refusal != NULL)
        r->refusal->what = q->query.credentials[excess.credential].id;
    return yao_vp_refuse(r->refusal, YAO_OAUTH_INVALID_REQUEST,
                         "more is asked for than was registered", status);
}

yao_status yao_vp_conclude_request(yao_arena *arena, const yao_vp_signed *s,
                                   const yao_vp_terms *terms,
                                   yao_vp_request     *ret,
                                   yao_vp_refusal     *refusal)
{
    const yao_vp_candidate *c = NULL;
    yao_vp_reading          r = {.source  = {arena, s->claims, NULL},
                                 .terms   = terms,
                                 .refusal = refusal};
    yao_text                name;

    if (refusal != NULL)
        *refusal = (yao_vp_refusal){.error = YAO_OAUTH_SERVER_ERROR,
                                    .why   = ""};
    yao_status status = choose(s, &c);
    if (status != YAO_OK)
        return yao_vp_refuse(refusal, YAO_OAUTH_INVALID_CLIENT,
                             "the signature is not good", status);

    r.request.is_signed   = true;
    r.request.leaf        = c->jws.chain[0];
    r.request.certificate = c->path->leaf;
    r.request.prefix      = yao_vp_cut_client_id(c->client_id, &name);
    r.request.binding     = (yao_vp_binding){.dcapi     = s->dcapi,
                                             .client_id = c->client_id,
                                             .origin    = terms->origin};
    for (size_t i = 0; c->statement != NULL &&
                       i < c->statement->verification.check_count;
         i++)
        c->statement->verification.checks[i].outcome =
            s->checks[c->stated + i].outcome;
    YAO_TRY(yao_vp_find_party(&r, c->statement));
    YAO_TRY(yao_vp_read_claims(&r));
    YAO_TRY(yao_vp_read_infos(&r, c->infos));
    YAO_TRY(yao_vp_check_right(&r));

    *ret = r.request;
    return YAO_OK;
}

/* ---- what nobody signed ------------------------------------------------- */

yao_status yao_vp_read_parameters(yao_arena *arena, const yao_form *form,
                                  const yao_vp_terms *terms,
                                  yao_vp_request     *ret,
                                  yao_vp_refusal     *refusal)
{
    yao_vp_reading  r = {.source  = {arena, NULL, form},
                         .terms   = terms,
                         .refusal = refusal};
    yao_vp_request *q = &r.request;
    const yao_json *infos;
    yao_text        name;

    if (refusal != NULL)
        *refusal = (yao_vp_refusal){.error = YAO_OAUTH_SERVER_ERROR,
                                    .why   = ""};
    q->issued = q->expires = YAO_TIME_NONE;
    q->binding.client_id   = yao_form_text(form, "client_id");
    q->prefix = yao_vp_cut_client_id(q->binding.client_id, &name);
    if (q->prefix == YAO_VP_NO_PREFIX)
        return yao_vp_refuse(refusal, YAO_OAUTH_INVALID_REQUEST,
                             "client_id has a prefix that is not known",
                             YAO_E_VALUE);
    if (q->prefix != YAO_VP_REDIRECT_URI || !terms->unsigned_too)
        return yao_vp_refuse(refusal, YAO_OAUTH_INVALID_CLIENT,
                             "the request is not signed",
                             YAO_E_NOT_AUTHORISED);
    YAO_TRY(yao_vp_read_claims(&r));
    if (yao_vp_value(&r.source, "verifier_info", YAO_JSON_ARRAY, &infos) !=
        YAO_OK)
        return yao_vp_refuse(refusal, YAO_OAUTH_INVALID_REQUEST,
                             "verifier_info is no array", YAO_E_MALFORMED);
    YAO_TRY(yao_vp_read_infos(&r, infos));

    *ret = *q;
    return YAO_OK;
}

yao_status yao_vp_read_dcapi(yao_arena *arena, yao_bytes data,
                             const yao_vp_terms *terms, yao_vp_request *ret,
                             yao_vp_refusal *refusal)
{
    yao_vp_reading r = {.source  = {arena, NULL, NULL},
                        .terms   = terms,
                        .refusal = refusal};
    yao_status     status;

    if (refusal != NULL)
        *refusal = (yao_vp_refusal){.error = YAO_OAUTH_SERVER_ERROR,
                                    .why   = ""};
    if (terms->origin.len == 0)
        return YAO_E_USAGE;
    if (!terms->unsigned_too)
        return yao_vp_refuse(refusal, YAO_OAUTH_INVALID_CLIENT,
                             "the request is not signed",
                             YAO_E_NOT_AUTHORISED);
    status = yao_json_parse_object(arena, data, &r.source.object);
    if (status != YAO_OK)
        return yao_vp_refuse(refusal, YAO_OAUTH_INVALID_REQUEST,
                             "the request is no object", status);

    /* a client_id that it says of itself is ignored (A.3.1) */
    r.request.issued = r.request.expires = YAO_TIME_NONE;
    r.request.prefix        = YAO_VP_ORIGIN;
    r.request.binding.dcapi = true;
    r.request.binding.origin = terms->origin;
    YAO_TRY(yao_vp_read_claims(&r));
    YAO_TRY(yao_vp_read_infos(&r, yao_json_get(r.source.object,
                                               "verifier_info")));

    *ret = r.request;
    return YAO_OK;
}

/* ---- signed, through the browser ---------------------------------------- */

/* A signature of the JSON serialisation, as a compact token. */
static yao_status compact(const looking *l, const yao_json *payload,
                          const yao_json *signature, yao_bytes *ret)
{
    const yao_json *parts[] = {yao_json_get(signature, "protected"), payload,
                               yao_json_get(signature, "signature")};
    yao_text        texts[3];

    for (size_t i = 0; i < 3; i++)
        YAO_TRY(yao_json_string(parts[i], l->arena, &texts[i]));
    yao_writer w = yao_writer_in(l->arena);
    for (size_t i = 0; i < 3; i++) {
        if (i != 0)
            yao_put_byte(&w, '.');
        yao_put_bytes(&w, yao_text_bytes(texts[i]));
    }
    return yao_writer_keep(&w, l->arena, ret);
}

/* Those that lead nowhere are left out: a verifier signs for several worlds. */
static yao_status add_several(const looking *l, const yao_json *object,
                              yao_vp_signed *s)
{
    const yao_json *list = yao_json_get(object, "signatures");
    yao_status      last = YAO_E_MISSING;

    if (list == NULL || list->kind != YAO_JSON_ARRAY)
        return yao_vp_refuse(l->refusal, YAO_OAUTH_INVALID_REQUEST,
                             "signatures are missing",
                             list == NULL ? YAO_E_MISSING : YAO_E_MALFORMED);
    if (list->count > YAO_VP_MAX_SIGNATURES)
        return yao_vp_refuse(l->refusal, YAO_OAUTH_INVALID_REQUEST,
                             "too many signatures", YAO_E_LIMIT);
    for (const yao_json *i = list->first; i != NULL; i = i->next) {
        yao_bytes  token;
        yao_status status =
            compact(l, yao_json_get(object, "payload"), i, &token);

        if (status == YAO_OK)
            status = add_candidate(l, token, true, s);
        if (status == YAO_E_SPACE || status == YAO_E_CRYPTO)
            return status;
        if (status != YAO_OK)
            last = status;
    }
    if (s->candidate_count == 0)
        return l->refusal != NULL && l->refusal->why[0] == '\0'
                   ? yao_vp_refuse(l->refusal, YAO_OAUTH_INVALID_REQUEST,
                                   "a signature has another shape", last)
                   : last;
    return YAO_OK;
}

yao_status yao_vp_begin_dcapi(yao_arena *arena, yao_vp_protocol protocol,
                              yao_bytes data, const yao_vp_terms *terms,
                              yao_vp_signed *ret, yao_vp_refusal *refusal)
{
    const yao_json *object;
    yao_text        token;
    yao_vp_signed   s;
    looking         l;
    yao_status      status;

    if (terms->origin.len == 0 ||
        (protocol != YAO_VP_SIGNED && protocol != YAO_VP_MULTISIGNED))
        return YAO_E_USAGE;
    YAO_TRY(begin(arena, terms, YAO_VP_MAX_SIGNATURES, refusal, &l, &s));
    s.dcapi   = true;
    s.several = protocol == YAO_VP_MULTISIGNED;
    status    = yao_json_parse_object(arena, data, &object);
    if (status == YAO_OK && !s.several)
        status = yao_json_string(yao_json_get(object, "request"), arena,
                                 &token);
    if (status != YAO_OK)
        return yao_vp_refuse(refusal, YAO_OAUTH_INVALID_REQUEST,
                             "there is no request in it", status);
    YAO_TRY(s.several ? add_several(&l, object, &s)
                      : add_candidate(&l, yao_text_bytes(token), false, &s));

    *ret = s;
    return YAO_OK;
}
