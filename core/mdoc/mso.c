/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/parts.h"

/* Ascending by id, as most issuers write them already. Shell's sort: no
 * recursion, and an unfriendly order costs little more than a friendly one. */
static void sort_digests(yao_mdoc_digest *d, size_t count)
{
    static const size_t gaps[] = {132, 57, 23, 10, 4, 1};

    for (size_t g = 0; g < sizeof gaps / sizeof gaps[0]; g++)
        for (size_t i = gaps[g]; i < count; i++) {
            yao_mdoc_digest moving = d[i];
            size_t          at     = i;

            for (; at >= gaps[g] && d[at - gaps[g]].id > moving.id;
                 at -= gaps[g])
                d[at] = d[at - gaps[g]];
            d[at] = moving;
        }
}

/* 18013-5 9.1.2.4 wants digestIDs below 2^31. A widely used library draws them
 * from all 32 bits (@owf/mdoc 0.6), so half of what it issues would be lost:
 * tolerated and noted like a head that is not the shortest. */
static void check_id(const yao_mdoc_parser *p, yao_cbor_reader *r, uint64_t id)
{
    if (id <= INT32_MAX)
        return;
    if (p->strict || id > UINT32_MAX)
        yao_cbor_fail(r, YAO_E_MALFORMED);
    else
        r->longer = true;
}

/* { + digestID => digest } of one namespace. */
static void get_digest_space(yao_mdoc_parser *p, yao_cbor_reader *r,
                             yao_mdoc_digest_space *space)
{
    uint64_t count  = yao_cbor_get_map(r);
    bool     sorted = true;

    if (r->status != YAO_OK)
        return;
    space->digests =
        yao_arena_take_array(p->arena, (size_t)count, sizeof(yao_mdoc_digest));
    if (space->digests == NULL) {
        yao_cbor_fail(r, YAO_E_SPACE);
        return;
    }
    space->count = (size_t)count;

    yao_mdoc_digest *d = space->digests;
    for (size_t i = 0; i < count && r->status == YAO_OK; i++) {
        d[i].id    = yao_cbor_get_uint(r);
        d[i].value = yao_cbor_get_bytes(r);
        sorted     = sorted && (i == 0 || d[i].id > d[i - 1].id);
        check_id(p, r, d[i].id);
    }
    if (sorted || r->status != YAO_OK)
        return;

    sort_digests(d, space->count);
    for (size_t i = 1; i < space->count; i++)
        if (d[i].id == d[i - 1].id)
            yao_cbor_fail(r, YAO_E_DUPLICATE);
}

/* valueDigests: { + NameSpace => { + digestID => digest } } */
static void get_value_digests(yao_mdoc_parser *p, yao_cbor_reader *r,
                              yao_mdoc_mso *mso)
{
    const uint8_t *start = r->rest.ptr;
    uint64_t       count = yao_cbor_get_map(r);
    size_t         total = 0;

    if (count > YAO_MAX_NAMESPACES)
        yao_cbor_fail(r, YAO_E_LIMIT);
    if (r->status != YAO_OK)
        return;
    mso->spaces = yao_arena_take_array(p->arena, (size_t)count,
                                       sizeof(yao_mdoc_digest_space));
    if (mso->spaces == NULL) {
        yao_cbor_fail(r, YAO_E_SPACE);
        return;
    }

    for (size_t i = 0; i < count && r->status == YAO_OK; i++) {
        mso->spaces[i].name = yao_cbor_get_text(r);
        for (size_t j = 0; j < i; j++)
            if (yao_text_equal(mso->spaces[i].name, mso->spaces[j].name))
                yao_cbor_fail(r, YAO_E_DUPLICATE);
        get_digest_space(p, r, &mso->spaces[i]);
        total += mso->spaces[i].count;
        if (total > YAO_MAX_ELEMENTS)
            yao_cbor_fail(r, YAO_E_LIMIT);
    }
    if (r->status != YAO_OK)
        return;

    mso->space_count   = (size_t)count;
    mso->value_digests = (yao_bytes){start, (size_t)(r->rest.ptr - start)};
}

/* deviceKeyInfo: {"deviceKey": COSE_Key, ? "keyAuthorizations": ...} */
static void get_device_key_info(yao_cbor_reader *r, yao_mdoc_mso *mso)
{
    static const yao_text names[] = {YAO_INIT("deviceKey"),
                                     YAO_INIT("keyAuthorizations")};
    yao_mdoc_fields       f;

    yao_mdoc_enter(&f, r, names, 2);
    for (int key; (key = yao_mdoc_next(&f, r)) >= 0;) {
        if (key == 0)
            yao_cose_get_key(r, &mso->device_key);
        else
            yao_mdoc_get_authorisations(r, &mso->authorisations);
    }
    yao_mdoc_require(&f, r, 1u << 0);
}

/* status_list: {"idx": uint, "uri": tstr, ? "certificate": bstr} */
static void get_status_list(yao_cbor_reader *r, yao_mdoc_status *status)
{
    static const yao_text names[] = {YAO_INIT("idx"), YAO_INIT("uri"),
                                     YAO_INIT("certificate")};
    yao_mdoc_fields       f;

    yao_mdoc_enter(&f, r, names, 3);
    for (int key; (key = yao_mdoc_next(&f, r)) >= 0;) {
        if (key == 0)
            status->index = yao_cbor_get_uint(r);
        else if (key == 1)
            status->uri = yao_cbor_get_text(r);
        else
            status->certificate = yao_cbor_get_bytes(r);
    }
    yao_mdoc_require(&f, r, 1u << 0 | 1u << 1);
    if (status->uri.len == 0) /* an empty address points nowhere */
        yao_cbor_fail(r, YAO_E_MALFORMED);
}

/* status: {? "status_list": ..., * mechanism => any}. A status without a
 * mechanism we know cannot be checked, which is not the same as none. */
static void get_status(yao_cbor_reader *r, yao_mdoc_status *status)
{
    static const yao_text names[] = {YAO_INIT("status_list")};
    yao_mdoc_fields       f;

    yao_mdoc_enter(&f, r, names, 1);
    while (yao_mdoc_next(&f, r) == 0)
        get_status_list(r, status);
    status->present = true;
    status->unknown = !yao_mdoc_has(&f, 0);
}

/* Other versions than 1.0 may mean something else by the same names. */
static void get_version(yao_cbor_reader *r)
{
    if (!yao_text_equal(yao_cbor_get_text(r), YAO_TEXT("1.0")))
        yao_cbor_fail(r, YAO_E_MALFORMED);
}

static yao_hash_alg get_digest_algorithm(yao_cbor_reader *r)
{
    const yao_hash_row *row = yao_hash_by_mdoc(yao_cbor_get_text(r));

    if (row == NULL) {
        yao_cbor_fail(r, YAO_E_ALGORITHM);
        return YAO_HASH_NONE;
    }
    return row->alg;
}

void yao_mdoc_get_mso(yao_mdoc_parser *p, yao_cbor_reader *r,
                      yao_mdoc_mso *ret)
{
    static const yao_text names[] = {
        YAO_INIT("version"),       YAO_INIT("digestAlgorithm"),
        YAO_INIT("valueDigests"),  YAO_INIT("deviceKeyInfo"),
        YAO_INIT("docType"),       YAO_INIT("validityInfo"),
        YAO_INIT("status")};
    enum { VERSION, ALGORITHM, DIGESTS, KEY_INFO, DOC_TYPE, VALIDITY, STATUS };
    yao_mdoc_mso    mso = {0};
    yao_mdoc_fields f;

    yao_mdoc_enter(&f, r, names, 7);
    for (int key; (key = yao_mdoc_next(&f, r)) >= 0;)
        switch (key) {
        case VERSION:   get_version(r); break;
        case ALGORITHM: mso.digest_alg = get_digest_algorithm(r); break;
        case DIGESTS:   get_value_digests(p, r, &mso); break;
        case KEY_INFO:  get_device_key_info(r, &mso); break;
        case DOC_TYPE:  mso.doc_type = yao_cbor_get_text(r); break;
        case VALIDITY:  yao_mdoc_get_validity(r, &mso.validity); break;
        default:        get_status(r, &mso.status); break;
        }
    yao_mdoc_require(&f, r, (1u << STATUS) - 1);

    if (r->status == YAO_OK)
        *ret = mso;
}
