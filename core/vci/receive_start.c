/* SPDX-License-Identifier: Apache-2.0 */

/* From an offer to what its issuer and the authorization server say of
 * themselves. Nobody is spoken to before it was decided that we may. */

#include "base/ascii.h"
#include "vci/receive_parts.h"

/* RFC 8259 section 2: what may stand before a text. */
static yao_bytes without_blanks(yao_bytes b)
{
    while (b.len != 0 && (b.ptr[0] == ' ' || b.ptr[0] == '\n' ||
                          b.ptr[0] == '\r' || b.ptr[0] == '\t')) {
        b.ptr++;
        b.len--;
    }
    while (b.len != 0 &&
           (b.ptr[b.len - 1] == ' ' || b.ptr[b.len - 1] == '\n' ||
            b.ptr[b.len - 1] == '\r'))
        b.len--;
    return b;
}

static yao_status well_known(yao_receive *r, yao_text issuer, const char *what,
                             yao_text *ret)
{
    yao_writer w = yao_writer_in(r->arena);
    yao_bytes  url;

    yao_vci_put_well_known(&w, issuer, what);
    YAO_TRY(yao_writer_keep(&w, r->arena, &url));
    *ret = (yao_text){url.ptr, url.len};
    return YAO_OK;
}

static bool is_json(const yao_receive_event *e)
{
    return e->answer.status == 200 &&
           yao_ascii_media(e->answer.type, "application/json");
}

/* ---- the offer ---------------------------------------------------------- */

/* Every way in leads through here (N133). */
static yao_status go_to_issuer(yao_receive *r, yao_receive_wish *w)
{
    yao_text url;
    bool     known = r->options.issuer_count == 0;

    r->stage = YAO_RECEIVE_AT_OFFER;
    YAO_TRY(yao_vci_check_issuer(r->offer.issuer, r->options.loopback));
    for (size_t i = 0; i < r->options.issuer_count; i++)
        known |= yao_text_equal(r->options.issuers[i], r->offer.issuer);
    if (!known)
        return YAO_E_UNTRUSTED;

    r->stage = YAO_RECEIVE_AT_ISSUER;
    YAO_TRY(well_known(r, r->offer.issuer, "openid-credential-issuer", &url));
    return yao_receive_get(r, RECEIVE_ISSUER, w, url,
                           r->options.only_signed ? "application/jwt"
                                                  : "application/json");
}

static yao_status read_offer(yao_receive *r, yao_bytes json,
                             yao_receive_wish *w)
{
    YAO_TRY(yao_vci_read_offer(r->arena, json, r->options.loopback, &r->offer));
    return go_to_issuer(r, w);
}

/* Where trust is a list, even to fetch an offer is to speak with somebody, who
 * learns that it was opened, when and from where (N133). */
static bool may_fetch(const yao_receive *r, yao_text reference)
{
    bool known = r->options.issuer_count == 0;

    for (size_t i = 0; i < r->options.issuer_count; i++)
        known |= yao_receive_same_origin(r->options.issuers[i], reference);
    return known;
}

static yao_status follow(yao_receive *r, yao_bytes link, yao_receive_wish *w)
{
    yao_vci_link where;

    YAO_TRY(yao_vci_read_link(r->arena, link, r->options.loopback, &where));
    if (where.reference.len == 0)
        return read_offer(r, where.value, w);
    if (!may_fetch(r, where.reference))
        return YAO_E_UNTRUSTED;

    YAO_TRY(yao_receive_get(r, RECEIVE_OFFER, w, where.reference,
                            "application/json"));
    w->fetch.most = YAO_VCI_MAX_OFFER;
    return YAO_OK;
}

RECEIVE_HANDLER(yao_receive_on_start)
{
    const yao_receive_options *o    = &r->options;
    yao_bytes                  link = without_blanks(o->offer);

    (void)e;
    if (link.len != 0 && link.ptr[0] == '{')
        return read_offer(r, link, w);
    if (o->issuer.len == 0)
        return follow(r, link, w);

    r->offer = (yao_vci_offer){.issuer    = o->issuer,
                               .id_count  = o->id_count,
                               .with_code = true};
    for (size_t i = 0; i < o->id_count; i++)
        r->offer.ids[i] = o->ids[i];
    return go_to_issuer(r, w);
}

RECEIVE_HANDLER(yao_receive_on_offer)
{
    if (!is_json(e))
        return YAO_E_MALFORMED;
    return read_offer(r, e->answer.body, w);
}

/* ---- the issuer --------------------------------------------------------- */

/* Signed metadata is checked even where it was not insisted on: a signature
 * that is wrong says more than none. */
static yao_status open_signed(yao_receive *r, const yao_receive_event *e,
                              yao_bytes *ret)
{
    const yao_receive_options *o     = &r->options;
    yao_vci_metadata_check    *check = yao_arena_take(r->arena, sizeof *check);

    if (check == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_vci_begin_metadata(r->arena, e->answer.body, r->offer.issuer,
                                   o->anchors, o->anchor_count, e->now,
                                   check));
    YAO_TRY(o->crypto->verify(o->crypto->ctx, check->checks,
                              check->check_count));
    return yao_vci_conclude_metadata(check, ret);
}

static yao_status metadata_of(yao_receive *r, const yao_receive_event *e,
                              yao_bytes *ret)
{
    if (e->answer.status != 200)
        return YAO_E_MALFORMED;
    if (yao_ascii_media(e->answer.type, "application/jwt"))
        return open_signed(r, e, ret);
    if (r->options.only_signed)
        return YAO_E_UNTRUSTED; /* no way back to unsigned (N138) */
    if (!yao_ascii_media(e->answer.type, "application/json"))
        return YAO_E_MALFORMED;
    *ret = e->answer.body;
    return YAO_OK;
}

/* A token for this issuer goes to this issuer's origin and nowhere else: it
 * could name the endpoints of somebody who would like to have one (N164). */
static yao_status check_endpoints(const yao_receive *r)
{
    const yao_vci_metadata *m = &r->metadata;
    const yao_text all[] = {m->credential_endpoint, m->nonce_endpoint,
                            m->deferred_endpoint, m->notification_endpoint};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].len != 0 && !yao_receive_same_origin(all[i], m->issuer))
            return YAO_E_UNTRUSTED;
    return YAO_OK;
}

static yao_status find_items(yao_receive *r)
{
    for (size_t i = 0; i < r->offer.id_count; i++) {
        yao_vci_offered offered;

        YAO_TRY(yao_vci_find_offered(&r->metadata, r->offer.ids[i], r->arena,
                                     &offered));
        if (!offered.bound || (!offered.jwt && !offered.attestation))
            return YAO_E_UNSUPPORTED;
        YAO_TRY(yao_receive_enter(r, offered));
    }
    return YAO_OK;
}

static bool lists(const yao_vci_metadata *m, yao_text server)
{
    for (size_t i = 0; i < m->server_count; i++)
        if (yao_text_equal(m->servers[i], server))
            return true;
    return m->server_count == 0 && yao_text_equal(m->issuer, server);
}

/* OpenID4VCI 1.0 12.2.4: of several the offer says which; else the first. */
static yao_status choose_server(const yao_receive *r, yao_text *ret)
{
    const yao_vci_offer    *o = &r->offer;
    const yao_vci_metadata *m = &r->metadata;
    yao_text named  = o->with_pre_authorized ? o->pre_authorized_server
                                             : o->code_server;
    yao_text server = m->server_count != 0 ? m->servers[0] : m->issuer;

    if (named.len != 0 && !lists(m, named))
        return YAO_E_MISMATCH;
    if (named.len != 0)
        server = named;
    else if (r->options.server.len != 0 && lists(m, r->options.server))
        server = r->options.server;
    if (!yao_receive_same_origin(server, m->issuer) &&
        !yao_text_equal(server, r->options.server))
        return YAO_E_UNTRUSTED;
    *ret = server;
    return YAO_OK;
}

static yao_status check_encryption(const yao_receive *r)
{
    const yao_vci_metadata *m = &r->metadata;

    /* 8.2: how to encrypt an answer is said in an encrypted request only */
    return m->response_required && !m->request_encryption ? YAO_E_UNSUPPORTED
                                                          : YAO_OK;
}

RECEIVE_HANDLER(yao_receive_on_issuer)
{
    yao_bytes json;
    yao_text  url;

    YAO_TRY(metadata_of(r, e, &json));
    YAO_TRY(yao_vci_read_metadata(r->arena, json, r->offer.issuer,
                                  r->options.loopback, &r->metadata));
    YAO_TRY(check_endpoints(r));
    YAO_TRY(check_encryption(r));
    YAO_TRY(find_items(r));
    YAO_TRY(choose_server(r, &r->server.issuer));
    YAO_TRY(yao_vci_check_issuer(r->server.issuer, r->options.loopback));

    r->stage = YAO_RECEIVE_AT_SERVER;
    YAO_TRY(well_known(r, r->server.issuer, "oauth-authorization-server",
                       &url));
    return yao_receive_get(r, RECEIVE_SERVER, w, url, "application/json");
}

/* ---- the authorization server ------------------------------------------- */

static yao_status check_server(const yao_receive *r)
{
    const yao_as_metadata *s = &r->server;
    const yao_text all[] = {s->token_endpoint, s->pushed_endpoint,
                            s->challenge_endpoint};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].len != 0 && !yao_receive_same_origin(all[i], s->issuer))
            return YAO_E_UNTRUSTED;
    /* a browser opens it: of any origin, but nothing in the person's own
     * network (N132) */
    if (s->authorization_endpoint.len != 0)
        YAO_TRY(yao_vci_check_endpoint(s->authorization_endpoint,
                                       r->options.loopback));
    if (!s->dpop_es256)
        return YAO_E_UNSUPPORTED;
    if (r->offer.with_pre_authorized || r->options.refresh_token.len != 0)
        return YAO_OK;
    return s->authorization_endpoint.len != 0 && s->pushed_endpoint.len != 0 &&
                   s->pkce_s256
               ? YAO_OK
               : YAO_E_UNSUPPORTED;
}

/* Who we are to this server: attested, a name alone, or nobody. */
static yao_status choose_client(yao_receive *r)
{
    unsigned ways = r->server.client_auth;
    bool     ours = (ways & (YAO_CLIENT_AUTH_ATTESTATION |
                         YAO_CLIENT_AUTH_ATTESTATION_DPOP)) != 0;
    bool nobody = r->offer.with_pre_authorized && r->server.anonymous;

    r->attested = ours && r->options.attester;
    r->combined = r->attested && (ways & YAO_CLIENT_AUTH_ATTESTATION) == 0;
    if (r->attested || (ways & YAO_CLIENT_AUTH_NONE) != 0)
        return YAO_OK;
    if (!nobody)
        return YAO_E_UNSUPPORTED;
    r->client_id = (yao_text){NULL, 0};
    return YAO_OK;
}

RECEIVE_HANDLER(yao_receive_on_server)
{
    if (!is_json(e))
        return YAO_E_MALFORMED;
    YAO_TRY(yao_as_metadata_read(r->arena, e->answer.body, r->server.issuer,
                                 r->options.loopback, &r->server));
    YAO_TRY(check_server(r));
    YAO_TRY(choose_client(r));
    return yao_receive_introduce(r, e, w);
}
