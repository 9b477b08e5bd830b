/* SPDX-License-Identifier: Apache-2.0 */
#include "base/letters.h"
#include "proximity/parts.h"

/* ---- keys --------------------------------------------------------------- */

void yao_prox_get_key(yao_cbor_reader *r, yao_public_key *ret)
{
    yao_public_key key = {.curve = YAO_CURVE_NONE};

    yao_cose_get_key(r, &key);
    if (r->status != YAO_OK)
        return;
    yao_prox_want(r, yao_public_key_well_formed(&key) && key.point[0] == 4,
                  YAO_E_KEY);
    *ret = key;
}

void yao_prox_get_key_bytes(yao_cbor_reader *r, yao_bytes *bytes,
                            yao_public_key *ret)
{
    yao_cbor_wrapped wrapped = yao_cbor_get_wrapped(r);

    if (r->status != YAO_OK)
        return;
    yao_cbor_reader inner = yao_cbor_open(wrapped.inner);

    yao_prox_get_key(&inner, ret);
    yao_status status = yao_cbor_close(&inner);
    yao_prox_want(r, status == YAO_OK, status);
    *bytes = wrapped.whole;
}

/* ---- the fields --------------------------------------------------------- */

/* "1.0"; later minor versions may add. */
static void get_version(yao_cbor_reader *r, yao_prox_engagement *e)
{
    yao_bytes text = yao_text_bytes(yao_cbor_get_text(r));
    bool      good = text.len >= 3 && text.len <= 5;

    for (size_t i = 2; i < text.len; i++)
        good = good && text.ptr[i] >= '0' && text.ptr[i] <= '9';
    if (r->status != YAO_OK)
        return;
    yao_prox_want(r, good, YAO_E_MALFORMED);
    yao_prox_want(r, good && yao_bytes_starts(text, YAO_LIT("1.")),
                  YAO_E_UNSUPPORTED);
    e->later = good && !yao_bytes_equal(text, YAO_LIT("1.0"));
}

/* Security: [cipher suite, key], and what a later edition may append. */
static void get_security(yao_cbor_reader *r, yao_prox_engagement *e)
{
    yao_cbor_get_array(r, 2);
    uint64_t suite = yao_cbor_get_uint(r);
    if (r->status == YAO_OK)
        yao_prox_want(r, suite == CIPHER_SUITE, YAO_E_UNSUPPORTED);
    yao_prox_get_key_bytes(r, &e->key_bytes, &e->key);
}

static void get_methods(yao_cbor_reader *r, yao_prox_engagement *e)
{
    uint64_t count = yao_cbor_get_items(r);

    yao_prox_want(r, count != 0, YAO_E_MALFORMED);
    yao_prox_want(r, count <= YAO_PROX_MAX_METHODS, YAO_E_LIMIT);
    for (; count > 0 && r->status == YAO_OK; count--)
        if (yao_prox_get_method(r, &e->methods[e->method_count]))
            e->method_count++;
}

/* {"domain": tstr, * any} of type 1 */
static void get_details(yao_cbor_reader *r, yao_prox_origin *o)
{
    yao_cbor_reader whole = *r;
    uint64_t        pairs = yao_cbor_get_map(r);

    (void)yao_cbor_get_any(&whole); /* no key twice */
    yao_prox_want(r, whole.status == YAO_OK, whole.status);
    for (; pairs > 0 && r->status == YAO_OK; pairs--) {
        bool domain = yao_cbor_peek(r) == YAO_CBOR_TEXT &&
                      yao_text_equal(yao_cbor_get_text(r), YAO_TEXT("domain"));

        if (domain && yao_cbor_peek(r) == YAO_CBOR_TEXT)
            o->domain = yao_cbor_get_text(r);
        else
            yao_prox_skip(r);
    }
}

/* OriginInfo: {"cat": uint, "type": uint, "details": map} */
static void get_origin(yao_cbor_reader *r, yao_prox_origin *o)
{
    yao_cbor_reader whole = *r;
    uint64_t        pairs = yao_cbor_get_map(r);
    unsigned        seen  = 0;

    (void)yao_cbor_get_any(&whole);
    yao_prox_want(r, whole.status == YAO_OK, whole.status);
    for (; pairs > 0 && r->status == YAO_OK; pairs--) {
        yao_text key = yao_cbor_get_text(r);

        if (yao_text_equal(key, YAO_TEXT("cat"))) {
            o->category = yao_cbor_get_uint(r);
            seen |= 1;
        } else if (yao_text_equal(key, YAO_TEXT("type"))) {
            o->type = yao_cbor_get_uint(r);
            seen |= 2;
        } else if (yao_text_equal(key, YAO_TEXT("details")))
            get_details(r, o);
        else
            yao_prox_skip(r);
    }
    yao_prox_want(r, seen == 3, YAO_E_MALFORMED);
    if (o->type != 1)
        o->domain = (yao_text){NULL, 0};
}

static void get_origins(yao_cbor_reader *r, yao_prox_engagement *e)
{
    uint64_t count = yao_cbor_get_items(r);

    yao_prox_want(r, count <= YAO_PROX_MAX_ORIGINS, YAO_E_LIMIT);
    for (; count > 0 && r->status == YAO_OK; count--)
        get_origin(r, &e->origins[e->origin_count++]);
    e->has_origins = true;
}

static void get_capabilities(yao_cbor_reader *r, yao_prox_engagement *e)
{
    yao_prox_labels l;

    yao_prox_enter(&l, r);
    for (int64_t key; yao_prox_next(&l, r, &key);)
        switch (key) {
        case CAN_HANDOVER: e->handover_session = yao_cbor_get_bool(r); break;
        case CAN_ALL:      e->reader_auth_all = yao_cbor_get_bool(r); break;
        case CAN_EXTENDED: e->extended_request = yao_cbor_get_bool(r); break;
        default:           yao_prox_skip(r); break;
        }
    e->has_capabilities = true;
}

/* ---- all of it ---------------------------------------------------------- */

static void get_field(yao_cbor_reader *r, int64_t key, yao_prox_engagement *e)
{
    switch (key) {
    case ENGAGED_VERSION:      get_version(r, e); break;
    case ENGAGED_SECURITY:     get_security(r, e); break;
    case ENGAGED_METHODS:      get_methods(r, e); break;
    case ENGAGED_ORIGINS:      get_origins(r, e); break;
    case ENGAGED_CAPABILITIES: get_capabilities(r, e); break;
    default:                   yao_prox_skip(r); break;
    }
}

yao_status yao_prox_read_engagement(yao_bytes input, yao_prox_engagement *ret)
{
    yao_cbor_reader     r = yao_cbor_open(input);
    yao_prox_engagement e = {0};
    yao_prox_labels     l;

    if (input.len > YAO_PROX_MAX_ENGAGEMENT)
        return YAO_E_LIMIT;
    yao_prox_enter(&l, &r);
    for (int64_t key; yao_prox_next(&l, &r, &key);)
        get_field(&r, key, &e);
    yao_prox_want(&r,
                  yao_prox_has(&l, ENGAGED_VERSION) &&
                      yao_prox_has(&l, ENGAGED_SECURITY),
                  YAO_E_MALFORMED);
    yao_prox_want(&r, e.later || !e.has_origins, YAO_E_MALFORMED);
    yao_prox_want(&r, e.has_origins || !e.has_capabilities, YAO_E_MALFORMED);
    YAO_TRY(yao_cbor_close(&r));

    *ret = e;
    return YAO_OK;
}

const yao_prox_method *yao_prox_find_method(const yao_prox_engagement *e,
                                            yao_prox_way               way)
{
    for (size_t i = 0; i < e->method_count; i++)
        if (e->methods[i].way == way)
            return &e->methods[i];
    return NULL;
}

/* ---- letters ------------------------------------------------------------ */

yao_status yao_prox_read_letters(yao_arena *arena, yao_bytes letters,
                                 bool reader, yao_bytes *bytes,
                                 yao_prox_engagement *ret)
{
    yao_bytes scheme = reader ? YAO_LIT("mdoc://") : YAO_LIT("mdoc:");
    yao_bytes read;

    if (letters.len > YAO_PROX_MAX_LETTERS)
        return YAO_E_LIMIT;
    if (!yao_bytes_starts(letters, scheme))
        return YAO_E_MALFORMED;

    YAO_TRY(yao_letters_decode(arena,
                               (yao_bytes){letters.ptr + scheme.len,
                                           letters.len - scheme.len},
                               &read));
    YAO_TRY(yao_prox_read_engagement(read, ret));

    *bytes = read;
    return YAO_OK;
}
