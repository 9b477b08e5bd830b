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
