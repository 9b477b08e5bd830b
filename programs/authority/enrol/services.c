/* SPDX-License-Identifier: Apache-2.0 */
/* What the server's other parts do for an enrolment. */
#include "authority/enrol/routes.h"

#include "authority/vci/grants.h"
#include "authority/vci/offering.h"
#include "vci/configuration.h"
#include "vci/offer.h"

/* The services of one call: found again from the enrol by `ctx`. */
typedef struct served {
    enrol_services  services;
    const app_call *call;
} served;

static bool is_wished(const enrol_wish *wish, yao_text name)
{
    for (size_t i = 0; i < wish->document_count; i++)
        if (yao_text_equal(wish->documents[i], name))
            return true;
    return false;
}

/* Each document in all shapes: both formats, and its cards where the authority
 * makes cards. */
static yao_status name_configurations(const enrol *e, const enrol_wish *wish,
                                      yao_vci_offer *offer)
{
    yao_vci_walk walk = {
        .cards = config_number(&e->a->config, SETTING_CARDS) > 0};
    yao_vci_configuration c;

    while (yao_vci_next_configuration(e->catalogue, &walk, &c)) {
        yao_writer w = yao_writer_in(e->arena);
        yao_bytes  id;

        if (c.format == YAO_VCI_PAPER || !is_wished(wish, c.definition->name))
            continue;
        if (offer->id_count == YAO_VCI_MAX_OFFERED)
            return YAO_E_LIMIT;
        yao_vci_put_configuration_id(&w, &c);
        YAO_TRY(yao_writer_keep(&w, e->arena, &id));
        offer->ids[offer->id_count++] = (yao_text){id.ptr, id.len};
    }
    return offer->id_count > 0 ? YAO_OK : YAO_E_NOT_FOUND;
}

/* By reference: by value the code could not be read from a screen. */
static yao_status write_link(const enrol *e, store_change *change,
                             const yao_vci_offer *offer, yao_time expires,
                             yao_text *ret)
{
    yao_writer w = yao_writer_in(e->arena);
    yao_bytes  json;

    yao_vci_put_offer(&w, offer);
    YAO_TRY(yao_writer_keep(&w, e->arena, &json));
    YAO_TRY(vci_offer_refer(e->a->crypto, change, offer->issuer, json, expires,
                            ret));
    return ret->len > ENROL_MAX_QR ? YAO_E_LIMIT : YAO_OK;
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
    return write_link(e, change, offer, wish->expires, text);
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
