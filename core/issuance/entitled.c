/* SPDX-License-Identifier: Apache-2.0 */
/* Who may have a document. What is not said is not granted: a licence without
 * a state, a permit without its last day are refused. */
#include "issuance/making.h"

static yao_finding no(yao_reason reason)
{
    return (yao_finding){YAO_ERROR, reason};
}

static yao_finding yes(void)
{
    return (yao_finding){YAO_FINE, YAO_REASON_NONE};
}

static bool is_before(yao_date a, yao_date b)
{
    return yao_time_of_date(a) < yao_time_of_date(b);
}

/* Is none of the letters of the text at PATH among REFUSED, and is there at
 * least one? */
static bool state_allows(yao_making *m, const char *path, const char *refused)
{
    yao_text state;

    if (!yao_making_text(
            m, yao_making_find(m, m->input->person, yao_text_of(path)), &state))
        return false;
    for (size_t i = 0; i < state.len; i++)
        for (const char *letter = refused; *letter != '\0'; letter++)
            if (state.ptr[i] == (uint8_t)*letter)
                return false;
    return state.len != 0;
}

/* Regulation on residence permits (2015), article 2: who left the place of the
 * household for another city. Four digits of GB/T 2260 are a city. */
static bool same_city(yao_text a, yao_text b)
{
    return a.len < 4 || b.len < 4 ||
           yao_bytes_equal((yao_bytes){a.ptr, 4}, (yao_bytes){b.ptr, 4});
}

static yao_finding check_resident(yao_making *m)
{
    const yao_json *person = m->input->person;
    yao_text        state, home, here;

    if (!yao_making_text(
            m, yao_making_find(m, person, YAO_TEXT("residence.state")),
            &state) ||
        !yao_text_equal(state, YAO_TEXT("valid")))
        return no(YAO_REASON_STATE);
    if (!yao_making_text(m, yao_json_get(person, "division"), &home) ||
        !yao_making_text(
            m, yao_making_find(m, person, YAO_TEXT("residence.division")),
            &here) ||
        same_city(home, here))
        return no(YAO_REASON_HOUSEHOLD_HERE);
    return yes();
}

static yao_finding check_adult(yao_making *m)
{
    yao_date birth;

    if (!yao_making_day(m, yao_json_get(m->input->person, "birth_date"),
                        &birth) ||
        yao_date_age(birth, m->today) < 18)
        return no(YAO_REASON_MINOR);
    return yes();
}

/* The rule of the definition. Letters: codes/licence_state, vehicle_state. */
static yao_finding check_rule(yao_making *m)
{
    switch (m->input->definition->entitlement) {
    case YAO_ENTITLED_RECORD:
        return yes();
    case YAO_ENTITLED_DRIVER:
        return state_allows(m, "licence.state", "CDEFGJKRU")
                   ? yes()
                   : no(YAO_REASON_STATE);
    case YAO_ENTITLED_OWNER:
        return state_allows(m, "vehicle.state", "BCEKLMP")
                   ? yes()
                   : no(YAO_REASON_STATE);
    case YAO_ENTITLED_RESIDENT:
        return check_resident(m);
    case YAO_ENTITLED_HOUSEHOLD:
        return check_adult(m);
    case YAO_ENTITLED_NOBODY:
        break;
    }
    return no(YAO_REASON_NO_RECORD);
}

/* Is that which the document speaks of registered? */
static bool has_record(const yao_making *m)
{
    const yao_definition *d = m->input->definition;
    const yao_json *node    = yao_making_find(m, m->input->person, d->record);

    if (d->entitlement == YAO_ENTITLED_OWNER)
        node = m->vehicle;
    return node != NULL && node->kind == YAO_JSON_OBJECT;
}

yao_finding yao_making_entitled(yao_making *m)
{
    const yao_definition *d = m->input->definition;
    yao_date              last;

    if (!has_record(m))
        return no(YAO_REASON_NO_RECORD);

    yao_finding found = check_rule(m);
    if (found.severity != YAO_FINE)
        return found;
    if (yao_making_last_day(m, m->input->person, &last) &&
        is_before(last, m->today))
        return no(YAO_REASON_EXPIRED);
    if (d->entitlement == YAO_ENTITLED_RESIDENT &&
        !yao_making_last_day(m, m->input->person, &last))
        return no(YAO_REASON_EXPIRED);
    return yes();
}

yao_status yao_issuance_check_entitled(yao_arena                *arena,
                                       const yao_issuance_input *input,
                                       yao_finding              *ret)
{
    yao_problems none  = {0};
    yao_making   m     = yao_making_open(arena, input, &none);
    yao_finding  found = {YAO_ERROR, YAO_REASON_NO_RECORD};

    if (m.status == YAO_OK)
        found = yao_making_entitled(&m);
    if (m.status != YAO_OK)
        return m.status;
    if (ret != NULL)
        *ret = found;
    return found.severity == YAO_FINE ? YAO_OK : YAO_E_NOT_ENTITLED;
}
