/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/request.h"

#include "base/letters.h"
#include "vci/parts.h"

/* What the issuer gave out itself is shorter. */
enum { MAX_ID = 256 };

/* What is said when it was well read, and when our own arena is full: nothing.
 * Readers note what they would say before they look. */
static yao_status settle(yao_status status, yao_vci_error *error)
{
    if (status == YAO_OK || status == YAO_E_SPACE)
        *error = YAO_VCI_FINE;
    return status;
}

/* ---- writing a request -------------------------------------------------- */

static const char *proof_name(yao_vci_proof_type type)
{
    return type == YAO_VCI_JWT           ? "jwt"
           : type == YAO_VCI_ATTESTATION ? "attestation"
                                         : "";
}

static void put_proofs(yao_writer *w, bool *first,
                       const yao_vci_request *request)
{
    bool inner = true, item = true;

    if (request->type == YAO_VCI_NO_PROOF)
        return;
    yao_json_put_name(w, first, "proofs");
    yao_put_byte(w, '{');
    yao_json_put_name(w, &inner, proof_name(request->type));
    yao_put_byte(w, '[');
    for (size_t i = 0; i < request->proof_count; i++) {
        yao_json_put_next(w, &item);
        yao_json_put_string(w, request->proofs[i]);
    }
    yao_put_text(w, "]}");
}

void yao_vci_put_request(yao_writer *w, const yao_vci_request *request)
{
    bool first      = true;
    bool identified = request->identifier.len > 0;

    if (identified == (request->configuration.len > 0)) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    yao_put_byte(w, '{');
    yao_json_put_member(
        w, &first,
        identified ? "credential_identifier" : "credential_configuration_id",
        identified ? request->identifier : request->configuration);
    put_proofs(w, &first, request);
    yao_vci_put_encryption(w, &first, &request->encryption);
    yao_put_byte(w, '}');
}

/* ---- reading a request -------------------------------------------------- */

static yao_status read_which(yao_arena *arena, const yao_json *root,
                             yao_vci_request *request)
{
    YAO_TRY(yao_vci_optional(root, "credential_configuration_id", arena,
                             &request->configuration));
    YAO_TRY(yao_vci_optional(root, "credential_identifier", arena,
                             &request->identifier));
    if (request->configuration.len == 0 && request->identifier.len == 0)
        return YAO_E_MISSING;
    return request->configuration.len > 0 && request->identifier.len > 0
               ? YAO_E_DUPLICATE
               : YAO_OK;
}

static yao_status find_type(const yao_json *proofs, yao_vci_request *request,
                            const yao_json **array)
{
    static const yao_vci_proof_type types[] = {YAO_VCI_JWT,
                                               YAO_VCI_ATTESTATION};

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        const yao_json *found = yao_json_get(proofs, proof_name(types[i]));
        if (found == NULL)
            continue;
        request->type = types[i];
        *array        = found;
    }
    return request->type == YAO_VCI_NO_PROOF ? YAO_E_UNSUPPORTED : YAO_OK;
}

static yao_status read_tokens(yao_arena *arena, const yao_json *array,
                              yao_vci_request *request)
{
    if (array->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    if (array->count == 0)
        return YAO_E_MISSING;
    for (const yao_json *item = array->first; item != NULL; item = item->next)
        YAO_TRY(yao_json_string(item, arena,
                                &request->proofs[request->proof_count++]));
    return YAO_OK;
}

static size_t most(yao_vci_proof_type type)
{
    return type == YAO_VCI_ATTESTATION ? 1 : YAO_VCI_MAX_BATCH;
}

static yao_status read_proofs(yao_arena *arena, const yao_json *root,
                              yao_vci_request *request, yao_vci_error *error)
{
    const yao_json *proofs = yao_json_get(root, "proofs"), *array = NULL;

    *error = YAO_VCI_INVALID_PROOF;
    if (proofs == NULL)
        return YAO_E_MISSING;
    *error = YAO_VCI_INVALID_REQUEST;
    if (proofs->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    if (proofs->count > 1)
        return YAO_E_DUPLICATE;
    *error = YAO_VCI_INVALID_PROOF;
    if (proofs->count == 0)
        return YAO_E_MISSING;
    YAO_TRY(find_type(proofs, request, &array));
    if (array->kind == YAO_JSON_ARRAY && array->count > most(request->type)) {
        *error = YAO_VCI_INVALID_REQUEST;
        return YAO_E_LIMIT;
    }
    return read_tokens(arena, array, request);
}

static yao_status read_request(yao_arena *arena, yao_bytes body, bool encrypted,
                               yao_vci_request *ret, yao_vci_error *error)
{
    const yao_json *root;
    yao_vci_request request = {.proof_count = 0};

    *error = YAO_VCI_INVALID_REQUEST;
    YAO_TRY(yao_json_parse_object(arena, body, &root));
    YAO_TRY(read_which(arena, root, &request));
    *error = YAO_VCI_INVALID_ENCRYPTION;
    YAO_TRY(
        yao_vci_read_encryption(arena, root, encrypted, &request.encryption));
    YAO_TRY(read_proofs(arena, root, &request, error));
    *ret = request;
    return YAO_OK;
}

yao_status yao_vci_read_request(yao_arena *arena, yao_bytes body,
                                bool encrypted, yao_vci_request *ret,
                                yao_vci_error *error)
{
    return settle(read_request(arena, body, encrypted, ret, error), error);
}

/* ---- the answer --------------------------------------------------------- */

static void put_credential(yao_writer *w, yao_vci_format format,
                           yao_bytes credential)
{
    yao_put_text(w, "{\"credential\":\"");
    if (format == YAO_VCI_SDJWT)
        yao_put_bytes(w, credential); /* base64url, points and tildes */
    else
        yao_put_base64url(w, credential);
    yao_put_text(w, "\"}");
}

static void put_credentials(yao_writer *w, bool *first, yao_vci_format format,
                            const yao_vci_response *response)
{
    bool item = true;

    yao_json_put_name(w, first, "credentials");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < response->count; i++) {
        yao_json_put_next(w, &item);
        put_credential(w, format, response->credentials[i]);
    }
    yao_put_byte(w, ']');
    if (response->notification_id.len > 0) {
        yao_json_put_member(w, first, "notification_id",
                            response->notification_id);
    }
}

void yao_vci_put_response(yao_writer *w, yao_vci_format format,
                          const yao_vci_response *response)
{
    bool first = true;

    yao_put_byte(w, '{');
    if (response->count > 0) {
        put_credentials(w, &first, format, response);
    } else {
        yao_json_put_member(w, &first, "transaction_id",
                            response->transaction_id);
        yao_json_put_member_int(w, &first, "interval", response->interval);
    }
    yao_put_byte(w, '}');
}

static yao_status read_credential(yao_arena *arena, const yao_json *item,
                                  yao_vci_format format, yao_bytes *ret)
{
    yao_text letters;

    if (item->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_vci_required(item, "credential", arena, &letters));
    if (format != YAO_VCI_SDJWT)
        return yao_letters_decode(arena, yao_text_bytes(letters), ret);
    *ret = yao_text_bytes(letters);
    return YAO_OK;
}

static yao_status read_credentials(yao_arena *arena, const yao_json *array,
                                   yao_vci_format format, size_t asked,
                                   yao_vci_response *response)
{
    if (array->kind != YAO_JSON_ARRAY || array->count == 0)
        return YAO_E_MALFORMED;
    if (array->count > asked || array->count > YAO_VCI_MAX_BATCH)
        return YAO_E_LIMIT;
    for (const yao_json *item = array->first; item != NULL; item = item->next)
        YAO_TRY(read_credential(arena, item, format,
                                &response->credentials[response->count++]));
    return YAO_OK;
}

static yao_status read_later(yao_arena *arena, const yao_json *root,
                             yao_vci_response *response)
{
    int64_t seconds;

    YAO_TRY(yao_vci_required(root, "transaction_id", arena,
                             &response->transaction_id));
    YAO_TRY(yao_json_int(yao_json_get(root, "interval"), &seconds));
    if (seconds < 1)
        return YAO_E_MALFORMED;
    if (seconds > YAO_TIME_DAY)
        return YAO_E_LIMIT;
    response->interval = (uint32_t)seconds;
    return YAO_OK;
}

yao_status yao_vci_read_response(yao_arena *arena, yao_bytes body,
                                 yao_vci_format format, size_t asked,
                                 yao_vci_response *ret)
{
    const yao_json  *root;
    yao_vci_response response = {.count = 0};

    if (yao_vci_format_name(format)[0] == '\0')
        return YAO_E_MALFORMED;
    YAO_TRY(yao_json_parse_object(arena, body, &root));
    const yao_json *array = yao_json_get(root, "credentials");
    const yao_json *later = yao_json_get(root, "transaction_id");
    if (array != NULL && later != NULL)
        return YAO_E_DUPLICATE;
    if (array != NULL)
        YAO_TRY(read_credentials(arena, array, format, asked, &response));
    else
        YAO_TRY(read_later(arena, root, &response));
    YAO_TRY(yao_vci_optional(root, "notification_id", arena,
                             &response.notification_id));
    *ret = response;
    return YAO_OK;
}

/* ---- later -------------------------------------------------------------- */

void yao_vci_put_deferred(yao_writer *w, const yao_vci_deferred *request)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "transaction_id", request->transaction_id);
    yao_vci_put_encryption(w, &first, &request->encryption);
    yao_put_byte(w, '}');
}

static yao_status read_id(yao_arena *arena, const yao_json *root,
                          const char *name, yao_text *ret)
{
    YAO_TRY(yao_vci_required(root, name, arena, ret));
    return ret->len <= MAX_ID ? YAO_OK : YAO_E_MALFORMED;
}

static yao_status read_deferred(yao_arena *arena, yao_bytes body,
                                bool encrypted, yao_vci_deferred *ret,
                                yao_vci_error *error)
{
    const yao_json  *root;
    yao_vci_deferred request;

    *error = YAO_VCI_INVALID_REQUEST;
    YAO_TRY(yao_json_parse_object(arena, body, &root));
    *error = YAO_VCI_INVALID_TRANSACTION;
    YAO_TRY(read_id(arena, root, "transaction_id", &request.transaction_id));
    *error = YAO_VCI_INVALID_ENCRYPTION;
    YAO_TRY(
        yao_vci_read_encryption(arena, root, encrypted, &request.encryption));
    *ret = request;
    return YAO_OK;
}

yao_status yao_vci_read_deferred(yao_arena *arena, yao_bytes body,
                                 bool encrypted, yao_vci_deferred *ret,
                                 yao_vci_error *error)
{
    return settle(read_deferred(arena, body, encrypted, ret, error), error);
}

/* ---- notifications ------------------------------------------------------ */

static const char *const events[] = {
    [YAO_VCI_ACCEPTED] = "credential_accepted",
    [YAO_VCI_FAILURE]  = "credential_failure",
    [YAO_VCI_DELETED]  = "credential_deleted",
};

enum { EVENTS = sizeof events / sizeof events[0] };

const char *yao_vci_event_name(yao_vci_event event)
{
    size_t i = (size_t)event;

    return i > 0 && i < EVENTS ? events[i] : "";
}

void yao_vci_put_notification(yao_writer                 *w,
                              const yao_vci_notification *notification)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "notification_id", notification->id);
    yao_json_put_member(w, &first, "event",
                        yao_text_of(yao_vci_event_name(notification->event)));
    if (notification->description.len > 0) {
        yao_json_put_member(w, &first, "event_description",
                            notification->description);
    }
    yao_put_byte(w, '}');
}

static yao_status read_event(const yao_json *value, yao_vci_event *ret)
{
    if (value == NULL)
        return YAO_E_MISSING;
    for (size_t i = 1; i < EVENTS; i++)
        if (yao_json_is(value, events[i])) {
            *ret = (yao_vci_event)i;
            return YAO_OK;
        }
    return YAO_E_MALFORMED;
}

static yao_status read_notification(yao_arena *arena, yao_bytes body,
                                    yao_vci_notification *ret)
{
    const yao_json      *root;
    yao_vci_notification n = {.event = YAO_VCI_NO_EVENT};

    YAO_TRY(yao_json_parse_object(arena, body, &root));
    YAO_TRY(read_id(arena, root, "notification_id", &n.id));
    YAO_TRY(read_event(yao_json_get(root, "event"), &n.event));
    YAO_TRY(yao_vci_optional(root, "event_description", arena,
                             &n.description));
    if (n.description.len > YAO_VCI_MAX_DESCRIPTION)
        return YAO_E_LIMIT;
    if (!yao_vci_letters(n.description))
        return YAO_E_MALFORMED;
    *ret = n;
    return YAO_OK;
}

yao_status yao_vci_read_notification(yao_arena *arena, yao_bytes body,
                                     yao_vci_notification *ret,
                                     yao_vci_error        *error)
{
    *error = YAO_VCI_INVALID_NOTIFICATION;
    return settle(read_notification(arena, body, ret), error);
}
