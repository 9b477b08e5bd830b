/* SPDX-License-Identifier: Apache-2.0 */
#include "app/random.h"

#include "yaopai/openssl.h"
#include "yaopai/writer.h"

yao_status app_random_letters(yao_arena *arena, size_t len, yao_text *ret)
{
    uint8_t    random[APP_MAX_RANDOM];
    yao_writer w = yao_writer_in(arena);
    yao_bytes  letters;

    if (len > sizeof random)
        return YAO_E_USAGE;
    yao_status status = yao_openssl_random(random, len);
    if (status == YAO_OK) {
        yao_put_base64url(&w, (yao_bytes){random, len});
        status = yao_writer_keep(&w, arena, &letters);
    }
    yao_wipe(random, sizeof random);
    if (status == YAO_OK)
        *ret = (yao_text){letters.ptr, letters.len};
    return status;
}
