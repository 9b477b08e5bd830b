/* SPDX-License-Identifier: Apache-2.0 */
/* The record that the document is made of: not the bureau's, and with nothing
 * in it that says who it is. */
#include "authority/netcert/inside.h"

bool netcert_is(const yao_definition *d)
{
    return yao_text_equal(d->name, YAO_TEXT(NETCERT_DOCUMENT));
}

static void put_day(yao_writer *w, bool *first, const char *name, yao_time time)
{
    uint8_t day[10];

    yao_date_format(yao_date_of_time(time), day);
    yao_json_put_member(w, first, name, (yao_text){day, sizeof day});
}

static yao_status write_record(const enrol *e, const store_netcert *n,
                               yao_text number, const yao_json **ret)
{
    yao_writer w     = yao_writer_in(e->arena);
    bool       first = true;
    yao_bytes  text;

    yao_put_text(&w, "{\"net_certificate\":{");
    yao_json_put_member(&w, &first, "number", number);
    yao_json_put_member(&w, &first, "authority",
                        yao_text_of(config_get(&e->a->config, SETTING_NAME)));
    put_day(&w, &first, "issue_date", n->opened);
    put_day(&w, &first, "expiry_date", n->expires - 1);
    yao_put_text(&w, "}}");
    YAO_TRY(yao_writer_keep(&w, e->arena, &text));
    return yao_json_parse(e->arena, text, ret);
}

/* One device: another one downloads the certificate again first, which ends
 * what the first has. */
static bool is_of_device(const store_netcert *n, yao_bytes device)
{
    return n->device.len == 0 || yao_bytes_equal(n->device, device);
}

yao_status netcert_open_record(const enrol *e, yao_bytes lookup,
                               yao_bytes device, people_person *person,
                               store_netcert *ret)
{
    store_netcert n;
    yao_text      number;

    YAO_TRY(netcert_get(e, lookup, &n));
    if (netcert_state_at(&n, e->now) != STORE_NETCERT_OPENED ||
        !is_of_device(&n, device))
        return YAO_E_NOT_ENTITLED;
    YAO_TRY(netcert_check_card(e, person->record));
    YAO_TRY(netcert_unseal(&person->key, n.sealed, e->arena, &number));
    YAO_TRY(write_record(e, &n, number, &person->record));
    *ret = n;
    return YAO_OK;
}
