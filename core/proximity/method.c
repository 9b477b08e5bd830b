/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/parts.h"

/* ---- addresses ---------------------------------------------------------- */

/* Whoever reads a holder's code goes where it says: nowhere that is not a
 * server's name, and without a secret way to say more (misuse N132). */
enum { MAX_URL = 256 };

static bool plain_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

static bool is_port(yao_bytes p)
{
    bool good = p.len > 0 && p.len <= 5 && p.ptr[0] != '0';

    for (size_t i = 0; i < p.len; i++)
        good = good && p.ptr[i] >= '0' && p.ptr[i] <= '9';
    return good;
}

/* Is this host the machine itself? */
static bool is_here(yao_bytes host)
{
    yao_bytes tail = YAO_LIT(".localhost");

    if (yao_bytes_equal(host, YAO_LIT("localhost")) ||
        yao_bytes_equal(host, YAO_LIT("127.0.0.1")))
        return true;
    if (host.len <= tail.len)
        return false;
    host.ptr += host.len - tail.len;
    host.len = tail.len;
    return yao_bytes_equal(host, tail);
}

static bool is_path(yao_bytes path)
{
    for (size_t i = 0; i < path.len; i++)
        if (!plain_letter(path.ptr[i]) && path.ptr[i] != '/')
            return false;
    return path.len == 0 || path.ptr[path.len - 1] != '/';
}

static yao_bytes cut(yao_bytes *from, size_t len)
{
    yao_bytes head = {from->ptr, len};

    *from = (yao_bytes){from->ptr + len, from->len - len};
    return head;
}

bool yao_prox_is_mailbox(yao_text url)
{
    yao_bytes rest   = yao_text_bytes(url);
    bool      secure = yao_bytes_starts(rest, YAO_LIT("https://"));

    if (url.len > MAX_URL ||
        (!secure && !yao_bytes_starts(rest, YAO_LIT("http://"))))
        return false;
    (void)cut(&rest, secure ? 8 : 7);

    yao_bytes authority = cut(&rest, yao_bytes_find(rest, '/'));
    yao_bytes host      = cut(&authority, yao_bytes_find(authority, ':'));
    if (host.len == 0 || (!secure && !is_here(host)))
        return false;
    for (size_t i = 0; i < host.len; i++)
        if (!plain_letter(host.ptr[i]))
            return false;
    if (authority.len != 0) {
        (void)cut(&authority, 1);
        if (!is_port(authority))
            return false;
    }
    return is_path(rest);
}

/* ---- reading ------------------------------------------------------------ */

static uint32_t get_number(yao_cbor_reader *r, uint32_t least, uint32_t most,
                           yao_status status)
{
    uint64_t number = yao_cbor_get_uint(r);

    if (r->status == YAO_OK)
        yao_prox_want(r, number >= least && number <= most, status);
    return (uint32_t)number;
}

static yao_bytes get_octets(yao_cbor_reader *r, size_t len)
{
    yao_bytes octets = yao_cbor_get_bytes(r);

    if (r->status == YAO_OK)
        yao_prox_want(r, octets.len == len, YAO_E_MALFORMED);
    return octets;
}

static void get_nfc(yao_cbor_reader *r, yao_prox_nfc *ret)
{
    yao_prox_labels l;

    yao_prox_enter(&l, r);
    for (int64_t key; yao_prox_next(&l, r, &key);) {
        if (key == NFC_COMMAND)
            ret->command = get_number(r, NFC_MIN_COMMAND, NFC_MAX_COMMAND,
                                      YAO_E_VALUE);
        else if (key == NFC_RESPONSE)
            ret->response = get_number(r, NFC_MIN_RESPONSE, NFC_MAX_RESPONSE,
                                       YAO_E_VALUE);
        else
            yao_prox_skip(r);
    }
    yao_prox_want(r, ret->command != 0 && ret->response != 0, YAO_E_MALFORMED);
}

static bool ble_good(const yao_prox_ble *b)
{
    return (b->peripheral || b->central) &&
           b->peripheral == (b->peripheral_uuid.len != 0) &&
           b->central == (b->central_uuid.len != 0);
}

static void get_ble(yao_cbor_reader *r, yao_prox_ble *ret)
{
    yao_prox_labels l;

    yao_prox_enter(&l, r);
    for (int64_t key; yao_prox_next(&l, r, &key);)
        switch (key) {
        case BLE_PERIPHERAL: ret->peripheral = yao_cbor_get_bool(r); break;
        case BLE_CENTRAL:    ret->central = yao_cbor_get_bool(r); break;
        case BLE_PERIPHERAL_UUID:
            ret->peripheral_uuid = get_octets(r, YAO_PROX_UUID);
            break;
        case BLE_CENTRAL_UUID:
            ret->central_uuid = get_octets(r, YAO_PROX_UUID);
            break;
        case BLE_ADDRESS: ret->address = get_octets(r, YAO_PROX_ADDRESS); break;
        case BLE_PSM:
            ret->psm = get_number(r, 1, UINT16_MAX, YAO_E_MALFORMED);
            break;
        default: yao_prox_skip(r); break;
        }
    yao_prox_want(r,
                  yao_prox_has(&l, BLE_PERIPHERAL) &&
                      yao_prox_has(&l, BLE_CENTRAL) && ble_good(ret),
                  YAO_E_MALFORMED);
}

static void get_wifi(yao_cbor_reader *r, yao_prox_wifi *ret)
{
    yao_prox_labels l;

    yao_prox_enter(&l, r);
    for (int64_t key; yao_prox_next(&l, r, &key);)
        switch (key) {
        case WIFI_PASS: ret->pass_phrase = yao_cbor_get_text(r); break;
        case WIFI_CLASS:
            ret->class_ = get_number(r, 1, UINT16_MAX, YAO_E_MALFORMED);
            break;
        case WIFI_CHANNEL:
            ret->channel = get_number(r, 1, UINT16_MAX, YAO_E_MALFORMED);
            break;
        case WIFI_BANDS: ret->bands = yao_cbor_get_bytes(r); break;
        default:         yao_prox_skip(r); break;
        }
}

/* {0: uri} */
static void get_rest(yao_cbor_reader *r, yao_text *ret)
{
    yao_prox_labels l;

    yao_prox_enter(&l, r);
    for (int64_t key; yao_prox_next(&l, r, &key);) {
        if (key == REST_URL)
            *ret = yao_cbor_get_text(r);
        else
            yao_prox_skip(r);
    }
    yao_prox_want(r, ret->len != 0, YAO_E_MALFORMED);
}

static void get_mailbox(yao_cbor_reader *r, yao_prox_mailbox *ret)
{
    yao_prox_labels l;

    yao_prox_enter(&l, r);
    for (int64_t key; yao_prox_next(&l, r, &key);)
        switch (key) {
        case BOX_URL:       ret->url = yao_cbor_get_text(r); break;
        case BOX_TO_HOLDER: ret->to_holder = get_octets(r, YAO_PROX_BOX); break;
        case BOX_TO_READER: ret->to_reader = get_octets(r, YAO_PROX_BOX); break;
        default:            yao_prox_skip(r); break;
        }
    yao_prox_want(r,
                  yao_prox_has(&l, BOX_URL) && ret->to_holder.len != 0 &&
                      ret->to_reader.len != 0,
                  YAO_E_MALFORMED);
    if (r->status == YAO_OK)
        yao_prox_want(r, yao_prox_is_mailbox(ret->url), YAO_E_VALUE);
}

bool yao_prox_get_method(yao_cbor_reader *r, yao_prox_method *ret)
{
    yao_prox_method m = {.way = YAO_PROX_NO_WAY};

    yao_cbor_get_array(r, 3);
    int64_t  type    = yao_cbor_get_int(r);
    uint64_t version = yao_cbor_get_uint(r);
    if (r->status != YAO_OK)
        return false;

    if (version != METHOD_VERSION)
        type = YAO_PROX_NO_WAY; /* it may look otherwise */
    switch (type) {
    case YAO_PROX_NFC:     get_nfc(r, &m.nfc); break;
    case YAO_PROX_BLE:     get_ble(r, &m.ble); break;
    case YAO_PROX_WIFI:    get_wifi(r, &m.wifi); break;
    case YAO_PROX_REST:    get_rest(r, &m.rest); break;
    case YAO_PROX_MAILBOX: get_mailbox(r, &m.mailbox); break;
    default:               yao_prox_skip(r); return false;
    }
    if (r->status != YAO_OK)
        return false;
    m.way = (yao_prox_way)type;
    *ret  = m;
    return true;
}

/* ---- writing ------------------------------------------------------------ */

static bool optional_octets(yao_bytes octets, size_t len)
{
    return octets.len == 0 || octets.len == len;
}

bool yao_prox_method_good(const yao_prox_method *m)
{
    switch (m->way) {
    case YAO_PROX_NFC:
        return m->nfc.command >= NFC_MIN_COMMAND &&
               m->nfc.command <= NFC_MAX_COMMAND &&
               m->nfc.response >= NFC_MIN_RESPONSE &&
               m->nfc.response <= NFC_MAX_RESPONSE;
    case YAO_PROX_BLE:
        return ble_good(&m->ble) && m->ble.psm <= UINT16_MAX &&
               optional_octets(m->ble.peripheral_uuid, YAO_PROX_UUID) &&
               optional_octets(m->ble.central_uuid, YAO_PROX_UUID) &&
               optional_octets(m->ble.address, YAO_PROX_ADDRESS);
    case YAO_PROX_WIFI:
        return m->wifi.class_ <= UINT16_MAX && m->wifi.channel <= UINT16_MAX;
    case YAO_PROX_REST:
        return m->rest.len != 0;
    case YAO_PROX_MAILBOX:
        return yao_prox_is_mailbox(m->mailbox.url) &&
               m->mailbox.to_holder.len == YAO_PROX_BOX &&
               m->mailbox.to_reader.len == YAO_PROX_BOX;
    default:
        return false;
    }
}

static void put_octets(yao_writer *w, uint64_t key, yao_bytes octets)
{
    if (octets.len == 0)
        return;
    yao_cbor_put_uint(w, key);
    yao_cbor_put_bytes(w, octets);
}

static void put_number(yao_writer *w, uint64_t key, uint32_t number)
{
    if (number == 0)
        return;
    yao_cbor_put_uint(w, key);
    yao_cbor_put_uint(w, number);
}

static void put_ble(yao_writer *w, const yao_prox_ble *b)
{
    yao_cbor_put_map(w, 2 + (uint64_t)(b->peripheral_uuid.len != 0) +
                            (b->central_uuid.len != 0) +
                            (b->address.len != 0) + (b->psm != 0));
    yao_cbor_put_uint(w, BLE_PERIPHERAL);
    yao_cbor_put_bool(w, b->peripheral);
    yao_cbor_put_uint(w, BLE_CENTRAL);
    yao_cbor_put_bool(w, b->central);
    put_octets(w, BLE_PERIPHERAL_UUID, b->peripheral_uuid);
    put_octets(w, BLE_CENTRAL_UUID, b->central_uuid);
    put_octets(w, BLE_ADDRESS, b->address);
    put_number(w, BLE_PSM, b->psm);
}

static void put_wifi(yao_writer *w, const yao_prox_wifi *f)
{
    yao_cbor_put_map(w, (uint64_t)(f->pass_phrase.len != 0) +
                            (f->class_ != 0) + (f->channel != 0) +
                            (f->bands.len != 0));
    if (f->pass_phrase.len != 0) {
        yao_cbor_put_uint(w, WIFI_PASS);
        yao_cbor_put_text(w, f->pass_phrase);
    }
    put_number(w, WIFI_CLASS, f->class_);
    put_number(w, WIFI_CHANNEL, f->channel);
    put_octets(w, WIFI_BANDS, f->bands);
}

static void put_options(yao_writer *w, const yao_prox_method *m)
{
    switch (m->way) {
    case YAO_PROX_NFC:
        yao_cbor_put_map(w, 2);
        put_number(w, NFC_COMMAND, m->nfc.command);
        put_number(w, NFC_RESPONSE, m->nfc.response);
        break;
    case YAO_PROX_BLE:  put_ble(w, &m->ble); break;
    case YAO_PROX_WIFI: put_wifi(w, &m->wifi); break;
    case YAO_PROX_REST:
        yao_cbor_put_map(w, 1);
        yao_cbor_put_uint(w, REST_URL);
        yao_cbor_put_text(w, m->rest);
        break;
    default:
        yao_cbor_put_map(w, 3);
        yao_cbor_put_uint(w, BOX_URL);
        yao_cbor_put_text(w, m->mailbox.url);
        put_octets(w, BOX_TO_HOLDER, m->mailbox.to_holder);
        put_octets(w, BOX_TO_READER, m->mailbox.to_reader);
        break;
    }
}

void yao_prox_put_method(yao_writer *w, const yao_prox_method *m)
{
    if (!yao_prox_method_good(m)) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    yao_cbor_put_array(w, 3);
    yao_cbor_put_int(w, m->way);
    yao_cbor_put_uint(w, METHOD_VERSION);
    put_options(w, m);
}
