/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/face/check.h"

#include <string.h>

static bool is(const config *c, const char *provider)
{
    return strcmp(config_get(c, SETTING_FACE_PROVIDER), provider) == 0;
}

/* What is set, or NULL. */
static const char *given(const config *c, config_setting setting)
{
    const char *value = config_get(c, setting);

    return value[0] != '\0' ? value : NULL;
}

static yao_status read_model(const config *c, face_options *o)
{
    const char *letters = given(c, SETTING_FACE_MODEL);
    yao_writer  w       = yao_writer_open(o->model, sizeof o->model);

    if (letters == NULL)
        return YAO_OK;
    o->model_set = true;
    if (yao_get_hex((yao_bytes){(const uint8_t *)letters, strlen(letters)},
                    &w) != YAO_OK ||
        w.len != sizeof o->model)
        return YAO_E_VALUE;
    return YAO_OK;
}

/* An engine that is not there yet is asked later, and nobody can tell until
 * then; one that may not be used stops the authority. */
static yao_status try_engine(face_engine *e)
{
    face_info  info;
    yao_status status = face_get_info(e, &info);

    return status == YAO_E_NET || status == YAO_E_LOCKED ? YAO_OK : status;
}

yao_status face_provider_open(const config *c, face_engine **ret)
{
    face_options o = {.command = given(c, SETTING_FACE_COMMAND),
                      .socket  = given(c, SETTING_FACE_SOCKET),
                      .demo    = config_yes(c, SETTING_DEMO),
                      .call_ms = 10000};
    face_engine *e;

    if (is(c, "officer")) {
        *ret = NULL;
        return YAO_OK;
    }
    if (!is(c, "human") && !is(c, "vendor") && !is(c, "mock"))
        return YAO_E_VALUE;
    if (is(c, "mock") && !o.demo)
        return YAO_E_REFUSED;
    if (config_number(c, SETTING_FACE_CENTRE) >=
        config_number(c, SETTING_FACE_TURN))
        return YAO_E_VALUE;
    YAO_TRY(read_model(c, &o));
    if (face_open(&o, &e) != YAO_OK)
        return YAO_E_VALUE;
    yao_status status = try_engine(e);
    if (status != YAO_OK) {
        face_close(e);
        return status;
    }
    *ret = e;
    return YAO_OK;
}
