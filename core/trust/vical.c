/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/parts.h"

/* Keys of one map, known or not: real ones have up to 16. */
enum { MAX_KEYS = 64 };

typedef struct keys {
    yao_text seen[MAX_KEYS];
    size_t   count;
} keys;

/* The next key of a map, which none before it may equal. */
static yao_text get_key(yao_trust_parser *p, keys *k)
{
    yao_text key = yao_cbor_get_text(&p->r);

    for (size_t i = 0; i < k->count && p->r.status == YAO_OK; i++)
        if (yao_text_equal(k->seen[i], key))
            yao_cbor_fail(&p->r, YAO_E_DUPLICATE);
    if (k->count == MAX_KEYS)
        yao_cbor_fail(&p->r, YAO_E_LIMIT);
    else
        k->seen[k->count++] = key;

    return key;
}

static bool is(yao_text key, const char *name)
{
    return yao_text_equal(key, yao_text_of(name));
}

yao_bytes yao_trust_number(yao_bytes number)
{
    while (number.len > 0 && number.ptr[0] == 0) {
        number.ptr++;
        number.len--;
    }

    return number;
}

/* Shape: biguint = #6.2(bstr). A writer that prefers the shortest form writes
 * a small one as a plain number (RFC 8949 section 3.4.3). */
static yao_bytes get_serial(yao_trust_parser *p)
{
    if (yao_cbor_peek(&p->r) != YAO_CBOR_UINT) {
        yao_cbor_get_tag(&p->r, 2);
        return yao_trust_number(yao_cbor_get_bytes(&p->r));
    }

    uint64_t  number = yao_cbor_get_uint(&p->r);
    uint8_t  *out    = yao_trust_take(p, 1, sizeof number);
    yao_bytes bytes  = {out, sizeof number};
    if (out == NULL)
        return (yao_bytes){NULL, 0};
    for (size_t i = 0; i < sizeof number; i++)
        out[i] = (uint8_t)(number >> (8 * (sizeof number - 1 - i)));

    return yao_trust_number(bytes);
}

static void get_info_field(yao_trust_parser *p, yao_text key,
                           yao_trust_root *root)
{
    if (is(key, "certificate"))
        root->certificate = yao_trust_get_bytes(p);
    else if (is(key, "serialNumber"))
        root->serial = get_serial(p);
    else if (is(key, "ski"))
        root->ski = yao_trust_get_bytes(p);
    else if (is(key, "docType"))
        root->types = yao_trust_get_texts(p, 1, YAO_MAX_TRUST_TYPES,
                                          &root->type_count);
    else if (is(key, "issuingAuthority"))
        root->authority = yao_cbor_get_text(&p->r);
    else if (is(key, "issuingCountry"))
        root->country = yao_cbor_get_text(&p->r);
    else
        (void)yao_cbor_get_any(&p->r);
}

static void get_info(yao_trust_parser *p, yao_trust_root *root)
{
    uint64_t pairs = yao_cbor_get_map(&p->r);
    keys     k;

    k.count = 0;
    for (uint64_t i = 0; i < pairs && p->r.status == YAO_OK; i++)
        get_info_field(p, get_key(p, &k), root);
    if (root->certificate.len == 0 || root->serial.len == 0 ||
        root->ski.len == 0 || root->type_count == 0)
        yao_cbor_fail(&p->r, YAO_E_MALFORMED);
    root->roles = YAO_TRUST_ISSUER;
}

/* What must be there leaves a mark. */
typedef struct marks {
    bool version, provider, date, infos;
} marks;

static void get_infos(yao_trust_parser *p, yao_trust_content *content,
                      marks *there)
{
    size_t          count = yao_trust_get_count(p, 0, YAO_MAX_TRUST_ROOTS);
    yao_trust_root *roots = yao_trust_take(p, count, sizeof *roots);

    for (size_t i = 0; i < count && p->r.status == YAO_OK; i++)
        get_info(p, &roots[i]);
    content->roots      = roots;
    content->root_count = count;
    there->infos        = true;
}

/* "1.0", and whatever later editions call what can still be read so. */
static void get_version(yao_trust_parser *p, marks *there)
{
    yao_text version = yao_cbor_get_text(&p->r);

    if (p->r.status == YAO_OK &&
        !yao_bytes_starts(yao_text_bytes(version), YAO_LIT("1.")))
        yao_cbor_fail(&p->r, YAO_E_UNSUPPORTED);
    there->version = true;
}

static void get_field(yao_trust_parser *p, yao_text key,
                      yao_trust_content *content, marks *there)
{
    if (is(key, "version")) {
        get_version(p, there);
    } else if (is(key, "vicalProvider")) {
        content->name   = yao_trust_get_text(p);
        there->provider = true;
    } else if (is(key, "date")) {
        content->issued_at = yao_cbor_get_tdate(&p->r);
        there->date        = true;
    } else if (is(key, "vicalIssueID")) {
        content->version = yao_cbor_get_uint(&p->r);
    } else if (is(key, "nextUpdate")) {
        content->next_update = yao_cbor_get_tdate(&p->r);
    } else if (is(key, "notAfter")) {
        content->expires = yao_cbor_get_tdate(&p->r);
    } else if (is(key, "vicalURL")) {
        content->url = yao_cbor_get_text(&p->r);
    } else if (is(key, "certificateInfos")) {
        get_infos(p, content, there);
    } else {
        (void)yao_cbor_get_any(&p->r);
    }
}

void yao_trust_get_vical(yao_trust_parser *p, yao_trust_content *content)
{
    uint64_t pairs = yao_cbor_get_map(&p->r);
    marks    there = {false, false, false, false};
    keys     k;

    k.count              = 0;
    content->next_update = YAO_TIME_NONE;
    content->expires     = YAO_TIME_NONE;
    for (uint64_t i = 0; i < pairs && p->r.status == YAO_OK; i++)
        get_field(p, get_key(p, &k), content, &there);
    if (!there.version || !there.provider || !there.date || !there.infos)
        yao_cbor_fail(&p->r, YAO_E_MALFORMED);
}

/* ---- writing ------------------------------------------------------------ */

/* Keys in the order of RFC 8949 section 4.2.1: the shorter first. */
static void put_info(yao_writer *w, const yao_trust_root *root)
{
    bool country   = root->country.len != 0;
    bool authority = root->authority.len != 0;

    yao_cbor_put_map(w, 4 + (uint64_t)country + authority);
    yao_cbor_put_string(w, "ski");
    yao_cbor_put_bytes(w, root->ski);
    yao_cbor_put_string(w, "docType");
    yao_cbor_put_array(w, root->type_count);
    for (size_t i = 0; i < root->type_count; i++)
        yao_cbor_put_text(w, root->types[i]);
    yao_cbor_put_string(w, "certificate");
    yao_cbor_put_bytes(w, root->certificate);
    yao_cbor_put_string(w, "serialNumber");
    yao_cbor_put_tag(w, 2);
    yao_cbor_put_bytes(w, root->serial);
    if (country) {
        yao_cbor_put_string(w, "issuingCountry");
        yao_cbor_put_text(w, root->country);
    }
    if (authority) {
        yao_cbor_put_string(w, "issuingAuthority");
        yao_cbor_put_text(w, root->authority);
    }
}

static void put_date(yao_writer *w, const char *name, yao_time time)
{
    if (time == YAO_TIME_NONE)
        return;
    yao_cbor_put_string(w, name);
    yao_cbor_put_tdate(w, time);
}

void yao_trust_put_vical(yao_writer *w, const yao_trust_content *c)
{
    bool next = c->next_update != YAO_TIME_NONE;
    bool end  = c->expires != YAO_TIME_NONE;

    yao_cbor_put_map(w, 4 + (uint64_t)next + end + (c->url.len != 0) +
                            (c->version != 0));
    put_date(w, "date", c->issued_at);
    yao_cbor_put_string(w, "version");
    yao_cbor_put_string(w, "1.0");
    put_date(w, "notAfter", c->expires);
    if (c->url.len != 0) {
        yao_cbor_put_string(w, "vicalURL");
        yao_cbor_put_text(w, c->url);
    }
    put_date(w, "nextUpdate", c->next_update);
    if (c->version != 0) {
        yao_cbor_put_string(w, "vicalIssueID");
        yao_cbor_put_uint(w, c->version);
    }
    yao_cbor_put_string(w, "vicalProvider");
    yao_cbor_put_text(w, c->name);
    yao_cbor_put_string(w, "certificateInfos");
    yao_cbor_put_array(w, c->root_count);
    for (size_t i = 0; i < c->root_count; i++)
        put_info(w, &c->roots[i]);
}
