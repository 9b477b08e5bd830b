/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/netcert/netcert.h"

/* 32 letters that are not mistaken for each other: five bits each, so that the
 * remainder of a random byte is as random. */
static const char letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/* What the seal is bound to, beside the parts of a person (store_part_kind):
 * the number is sealed with the person's key, but is no part of the record. */
#define PART ((store_part_kind)16)

yao_status netcert_draw(char out[NETCERT_NUMBER])
{
    uint8_t random[NETCERT_NUMBER];

    YAO_TRY(yao_openssl_random(random, sizeof random));
    for (size_t i = 0; i < NETCERT_NUMBER; i++)
        out[i] = letters[random[i] % 32];
    yao_wipe(random, sizeof random);
    return YAO_OK;
}

yao_status netcert_hash(const authority *a, yao_text number,
                        uint8_t out[STORE_HASH_LEN])
{
    return seal_hash(a->crypto, &a->keys, NETCERT_HASH_NUMBER,
                     yao_text_bytes(number), out);
}

yao_status netcert_seal(const seal_person *person, yao_text number,
                        yao_arena *arena, yao_bytes *ret)
{
    return seal_part(person, PART, yao_text_bytes(number), arena, ret);
}

yao_status netcert_unseal(const seal_person *person, yao_bytes sealed,
                          yao_arena *arena, yao_text *ret)
{
    yao_bytes plain;

    YAO_TRY(seal_open_part(person, PART, sealed, arena, &plain));
    if (plain.len != NETCERT_NUMBER)
        return YAO_E_SECRET;
    *ret = (yao_text){plain.ptr, plain.len};
    return YAO_OK;
}
