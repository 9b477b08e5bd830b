/* SPDX-License-Identifier: Apache-2.0 */

/* That a holder agreed: the hashes of transaction_data in a KB-JWT. */

#include "vp/parts.h"

/* Letters of a hash. */
enum { HASH_LETTERS = 43 };

bool yao_vp_transaction_of(const yao_vp_transaction *t, yao_text id)
{
    const yao_json *ids = yao_json_get(t->data, "credential_ids");

    for (const yao_json *i = ids != NULL ? ids->first : NULL; i != NULL;
         i = i->next)
        if (yao_json_is_text(i, id))
            return true;
    return false;
}

/* Over the letters as they came (OpenID4VP 1.0 B.3.3.1). */
static yao_status hash_of(const yao_crypto *crypto, const yao_vp_transaction *t,
                          uint8_t letters[HASH_LETTERS])
{
    yao_bytes  text = yao_text_bytes(t->text);
    yao_writer w    = yao_writer_open(letters, HASH_LETTERS);
    uint8_t    hash[YAO_SHA256_LEN];

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &text, 1, hash));
    yao_put_base64url(&w, (yao_bytes){hash, sizeof hash});
    return w.status;
}

/* ---- the wallet --------------------------------------------------------- */

yao_status yao_vp_put_transaction_hashes(yao_writer *w,
                                         const yao_crypto *crypto,
                                         const yao_vp_transaction *list,
                                         size_t count, yao_vp_borne borne)
{
    bool    first = true;
    uint8_t letters[HASH_LETTERS];

    for (size_t i = 0; i < count; i++) {
        if ((borne >> i & 1) == 0)
            continue;
        YAO_TRY(hash_of(crypto, &list[i], letters));
        if (first)
            yao_put_text(w, "\"transaction_data_hashes\":[");
        yao_json_put_next(w, &first);
        yao_put_byte(w, '"');
        yao_put_bytes(w, (yao_bytes){letters, sizeof letters});
        yao_put_byte(w, '"');
    }
    if (!first)
        yao_put_text(w, "],\"transaction_data_hashes_alg\":\"sha-256\"");
    return w->status;
}

/* ---- the verifier ------------------------------------------------------- */

/* The first transaction from FROM on that has this HASH and concerns ID. */
static yao_status find(const yao_vp_agreement *a, const yao_json *hash,
                       size_t from, size_t *ret)
{
    uint8_t letters[HASH_LETTERS];

    for (size_t i = from; i < a->count; i++) {
        if (!yao_vp_transaction_of(&a->list[i], a->id))
            continue;
        YAO_TRY(hash_of(a->crypto, &a->list[i], letters));
        if (yao_json_is_text(hash, (yao_text){letters, sizeof letters})) {
            *ret = i;
            return YAO_OK;
        }
    }
    return YAO_E_BAD_DIGEST;
}

/* Who names an algorithm is answered with it. */
static bool names_algorithm(const yao_vp_agreement *a, yao_vp_borne borne)
{
    for (size_t i = 0; i < a->count; i++)
        if ((borne >> i & 1) != 0 &&
            yao_json_get(a->list[i].data, "transaction_data_hashes_alg") !=
                NULL)
            return true;
    return false;
}

yao_status yao_vp_read_transaction_hashes(const yao_vp_agreement *a,
                                          const yao_json         *claims,
                                          yao_vp_borne           *ret)
{
    const yao_json *list = yao_json_get(claims, "transaction_data_hashes");
    const yao_json *alg  = yao_json_get(claims, "transaction_data_hashes_alg");
    yao_vp_borne    borne = 0;
    size_t          next  = 0, at;

    if (alg != NULL && !yao_json_is(alg, "sha-256"))
        return YAO_E_ALGORITHM;
    if (list != NULL && list->kind != YAO_JSON_ARRAY)
        return YAO_E_BAD_DIGEST;
    for (const yao_json *h = list != NULL ? list->first : NULL; h != NULL;
         h = h->next) {
        YAO_TRY(find(a, h, next, &at));
        borne |= (yao_vp_borne)1 << at;
        next = at + 1;
    }
    if (alg == NULL && names_algorithm(a, borne))
        return YAO_E_ALGORITHM;
    *ret = borne;
    return YAO_OK;
}
