/* SPDX-License-Identifier: Apache-2.0 */
/* What the server's other parts do for an enrolment. */
#include "authority/enrol/routes.h"

#include "authority/vci/grants.h"
#include "vci/configuration.h"
#include "vci/offer.h"

/* The services of one call: found again from the enrol by `ctx`. */
typedef struct served {
    enrol_services  services;
    const app_call *call;
} served;

/* Both formats of each document; a wallet asks for its cards itself. */
static yao_status name_configurations(const enrol *e, const enrol_wish *wish,
                                      yao_vci_offer *offer)
{
    static const yao_vci_format formats[] = {YAO_VCI_MDOC, YAO_VCI_SDJWT};

    for (size_t i = 0; i < 2 * wish->document_count; i++) {
        yao_vci_configuration c = {.format = formats[i % 2]};
        yao_writer            w = yao_writer_in(e->arena);
        yao_bytes             id;

        if (offer->id_count == YAO_VCI_MAX_OFFERED)
            return YAO_E_LIMIT;
        c.definition =
            yao_document_by_name(e->catalogue, wish->documents[i / 2]);
        if (c.definition == NULL)
            return YAO_E_NOT_FOUND;
        yao_vci_put_configuration_id(&w, &c);
        YAO_TRY(yao_writer_keep(&w, e->arena, &id));
        offer->ids[offer->id_count++] = (yao_text){id.ptr, id.len};
    }
    return YAO_OK;
}

static yao_status write_link(const enrol *e, const yao_vci_offer *offer,
                             yao_text *ret)
{
    yao_writer w = yao_writer_in(e->arena);
    yao_bytes  json, link;

    yao_vci_put_offer(&w, offer);
    YAO_TRY(yao_writer_keep(&w, e->arena, &json));
    w = yao_writer_in(e->arena);
    yao_vci_put_offer_link(&w, "openid-credential-offer://", json);
    YAO_TRY(yao_writer_keep(&w, e->arena, &link));
    if (link.len > ENROL_MAX_QR)
        return YAO_E_LIMIT;
    *ret = (yao_text){link.ptr, link.len};
    return YAO_OK;
}

static yao_status put_offer(const enrol *e, store_change *change,
                            const enrol_wish *wish, yao_text *text)
{
    const served  *s     = e->services->ctx;
    yao_vci_offer *offer = yao_arena_take(e->arena, sizeof *offer);

    if (offer == NULL)
        return YAO_E_SPACE;
    YAO_TRY(name_configurations(e, wish, offer));
    offer->issuer              = server_url(s->call);
    offer->with_pre_authorized = true;
    offer->tx_code             = (yao_vci_tx_code){
                    .wanted = true, .length = (uint32_t)wish->code.len};
    YAO_TRY(vci_offer_put(e->a, e->arena, change,
                          &(vci_offer){.person         = wish->person,
                                       .holder         = wish->holder,
                                       .level          = wish->level,
                                       .configurations = offer->ids,
                                       .configuration_count = offer->id_count,
                                       .tx_code             = wish->code,
                                       .note                = wish->note,
                                       .expires = wish->expires},
                          &offer->pre_authorized_code));
    return write_link(e, offer, text);
}

static yao_status find_signer(const enrol *e, int64_t role,
                              struct issue_signer **ret)
{
    const served *s = e->services->ctx;

    return server_signer(s->call, role, ret);
}

const enrol_services *enrol_services_of(const app_call *call)
{
    served *s = yao_arena_take(call->arena, sizeof *s);

    if (s == NULL)
        return NULL;
    s->call     = call;
    s->services = (enrol_services){.ctx         = s,
                                   .engine      = server_face(call),
                                   .begin_face  = face_check_begin,
                                   .finish_face = face_check_finish,
                                   .note_face   = face_put_event,
                                   .offer       = put_offer,
                                   .signer      = find_signer};
    return &s->services;
}
