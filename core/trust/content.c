/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/parts.h"

static yao_status check_hash(yao_bytes what, yao_bytes want,
                             const yao_crypto *crypto)
{
    uint8_t hash[YAO_SHA256_LEN];

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &what, 1, hash));

    return yao_bytes_equal((yao_bytes){hash, sizeof hash}, want)
               ? YAO_OK
               : YAO_E_MISMATCH;
}

static yao_status check_root(const yao_trust_root *root)
{
    yao_certificate c;

    YAO_TRY(yao_x509_read(root->certificate, &c));

    return c.ca ? YAO_OK : YAO_E_PROFILE;
}

/* A provider lists the whole world: keys of algorithms that we do not have are
 * no failure of the list. That is all it may be. */
static bool merely_unusable(yao_status status)
{
    return status == YAO_E_ALGORITHM || status == YAO_E_KEY ||
           status == YAO_E_PROFILE;
}

static yao_status check_vical_root(yao_trust_root *root)
{
    yao_certificate c;
    yao_status      status = yao_x509_read(root->certificate, &c);

    root->unusable = merely_unusable(status);
    if (status != YAO_OK)
        return root->unusable ? YAO_OK : status;
    root->unusable = !c.ca;
    if (!yao_bytes_equal(yao_trust_number(c.serial), root->serial))
        return YAO_E_MISMATCH;
    if (c.ski.len != 0 && !yao_bytes_equal(c.ski, root->ski))
        return YAO_E_MISMATCH;

    return YAO_OK;
}

static yao_status check_roots(yao_trust_content *content, size_t *unusable)
{
    *unusable = 0;
    for (size_t i = 0; i < content->root_count; i++) {
        if (content->kind != YAO_TRUST_VICAL) {
            YAO_TRY(check_root(&content->roots[i]));
            continue;
        }
        YAO_TRY(check_vical_root(&content->roots[i]));
        *unusable += content->roots[i].unusable;
    }

    return YAO_OK;
}

/* What a signer may sign is said by the path from it to a root, later. */
static yao_status check_signers(const yao_trust_content *content)
{
    yao_certificate c;

    for (size_t i = 0; i < content->signer_count; i++) {
        YAO_TRY(yao_x509_read(content->signers[i], &c));
        if (c.ca)
            return YAO_E_PROFILE;
    }

    return YAO_OK;
}

/* The registrar writes the party's code into its certificate. */
static yao_status check_party(const yao_trust_party *party,
                              const yao_crypto      *crypto)
{
    yao_certificate c;

    YAO_TRY(yao_x509_read(party->certificate, &c));
    if (c.ca)
        return YAO_E_PROFILE;
    if (c.serial_number.len != 0 &&
        !yao_text_equal(c.serial_number, party->code))
        return YAO_E_MISMATCH;

    return check_hash(party->certificate, party->hash, crypto);
}

static yao_status check_files(const yao_trust_content *content,
                              const yao_crypto        *crypto)
{
    for (size_t i = 0; i < content->file_count; i++) {
        const yao_trust_file *file = &content->files[i];

        if (file->content.ptr != NULL)
            YAO_TRY(check_hash(file->content, file->hash, crypto));
    }

    return YAO_OK;
}

yao_status yao_trust_check_content(yao_trust_content *content,
                                   const yao_crypto  *crypto, size_t *unusable)
{
    YAO_TRY(check_roots(content, unusable));
    YAO_TRY(check_signers(content));
    for (size_t i = 0; i < content->party_count; i++)
        YAO_TRY(check_party(&content->parties[i], crypto));

    return check_files(content, crypto);
}
