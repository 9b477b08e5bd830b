/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/enrol.h"

yao_status enrol_hash_person(const enrol *e, yao_text number,
                             uint8_t lookup[STORE_HASH_LEN],
                             uint8_t holder[STORE_HASH_LEN])
{
    const authority *a = e->a;

    YAO_TRY(people_number(number, e->arena, &number));
    YAO_TRY(seal_hash(a->crypto, &a->keys, STORE_BY_NUMBER,
                      yao_text_bytes(number), lookup));
    return seal_hash(a->crypto, &a->keys, SEAL_LEDGER_HOLDER,
                     yao_text_bytes(number), holder);
}

yao_status enrol_random_text(yao_arena *arena, size_t len, yao_text *ret)
{
    uint8_t    random[64];
    yao_writer w;
    yao_bytes  text;

    if (len > sizeof random)
        return YAO_E_USAGE;
    YAO_TRY(yao_openssl_random(random, len));
    w = yao_writer_in(arena);
    yao_put_base64url(&w, (yao_bytes){random, len});
    yao_wipe(random, sizeof random);
    YAO_TRY(yao_writer_keep(&w, arena, &text));
    *ret = (yao_text){text.ptr, text.len};
    return YAO_OK;
}
