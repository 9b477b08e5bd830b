/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/parts.h"

enum { DS = YAO_EKU_ISO_DS | YAO_EKU_ID_DS };
enum { READER = YAO_EKU_ISO_READER | YAO_EKU_ID_READER };
enum { VICAL = YAO_EKU_ISO_VICAL | YAO_EKU_ID_VICAL };

/* Twenty years, with their leap days. */
enum { ROOT_DAYS = 20 * 365 + 5 };

typedef enum absence { REFUSED = 0, NOTED, ALLOWED } absence;

/* What annex B says per use of a leaf. A purpose of another role beside the
 * wanted one is refused: a key that signs documents and asks for them too
 * would let either side pass for the other. */
static const struct role_rule {
    yao_role role;
    uint16_t wanted;    /* one of these purposes in the leaf */
    uint16_t ca_wanted; /* and in a CA that restricts purposes at all */
    uint16_t never;     /* none of these in either */
    absence  without;   /* a leaf without any purpose */
    uint16_t days;
    bool     country;   /* must be the anchor's */
    bool     issuer_alt;
} rules[] = {
    {YAO_ROLE_ISSUER, DS, DS | YAO_EKU_IACA, READER | VICAL, NOTED, 457, true,
     true},
    {YAO_ROLE_READER, READER, READER, DS | VICAL | YAO_EKU_IACA, REFUSED, 1187,
     false, false},
    /* its own purpose has no number yet, so that any but the known will do */
    {YAO_ROLE_STATUS, DS | YAO_EKU_OTHER, DS | YAO_EKU_IACA | YAO_EKU_OTHER,
     READER | VICAL | YAO_EKU_INTERNET, ALLOWED, 1187, true, false},
    {YAO_ROLE_TRUST, VICAL, VICAL | YAO_EKU_OTHER,
     DS | READER | YAO_EKU_IACA, REFUSED, 1187, false, false},
    /* no standard names a purpose for it: whoever has one of the others is
     * another */
    {YAO_ROLE_ATTEST, YAO_EKU_OTHER | YAO_EKU_INTERNET,
     YAO_EKU_OTHER | YAO_EKU_INTERNET, DS | READER | VICAL | YAO_EKU_IACA,
     ALLOWED, 1187, false, false},
};

static const struct role_rule *rule_of(yao_role role)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].role == role)
            return &rules[i];

    return NULL;
}

static const struct {
    uint32_t    flag;
    const char *name;
} deviations_by_name[] = {
    {YAO_DEV_NO_CRL_POINT, "no CRL distribution point"},
    {YAO_DEV_EKU_NOT_CRITICAL, "extended key usage not critical"},
    {YAO_DEV_NO_ISSUER_ALT, "no issuer alternative name"},
    {YAO_DEV_LONG_VALIDITY, "valid for longer than allowed"},
    {YAO_DEV_NO_KEY_ID, "no key identifier"},
    {YAO_DEV_KEY_USAGE, "key usage missing, not critical, or too wide"},
    {YAO_DEV_NO_COUNTRY, "no country"},
    {YAO_DEV_SHORT_SERIAL, "serial number too short to be random"},
    {YAO_DEV_COUNTRY_ENCODING, "country not in capital letters"},
    {YAO_DEV_NO_EKU, "no extended key usage"},
    {YAO_DEV_PATH_LEN, "path length is not 0"},
    {YAO_DEV_NO_COMMON_NAME, "no common name"},
    {YAO_DEV_ENCODING, "default value written out"},
    {YAO_DEV_EKU_FURTHER, "further extended key usages"},
};

const char *yao_x509_deviation_name(uint32_t flag)
{
    for (size_t i = 0;
         i < sizeof deviations_by_name / sizeof deviations_by_name[0]; i++)
        if (deviations_by_name[i].flag == flag)
            return deviations_by_name[i].name;

    return NULL;
}

static bool longer_than(const yao_certificate *c, int32_t days)
{
    return c->not_after - c->not_before > days * YAO_TIME_DAY;
}

/* What is said of every certificate, whatever its place. */
static uint32_t common_deviations(const yao_certificate *c,
                                  const struct role_rule *rule)
{
    uint32_t found = c->deviations;

    if (c->common_name.len == 0)
        found |= YAO_DEV_NO_COMMON_NAME;
    if (rule->country && c->country.len == 0)
        found |= YAO_DEV_NO_COUNTRY;
    if (rule->issuer_alt && !c->issuer_alt)
        found |= YAO_DEV_NO_ISSUER_ALT;
    if (!c->crl_point)
        found |= YAO_DEV_NO_CRL_POINT;
    if (c->ski.len == 0)
        found |= YAO_DEV_NO_KEY_ID;
    if (!c->key_usage_critical)
        found |= YAO_DEV_KEY_USAGE;
    if (c->eku != 0 && !c->eku_critical)
        found |= YAO_DEV_EKU_NOT_CRITICAL;

    return found;
}

static yao_status check_leaf_purpose(const yao_certificate *c,
                                     const struct role_rule *rule,
                                     uint32_t               *found)
{
    if (c->eku == 0) {
        if (rule->without == NOTED)
            *found |= YAO_DEV_NO_EKU;
        return rule->without == REFUSED ? YAO_E_PROFILE : YAO_OK;
    }
    if ((c->eku & rule->wanted) == 0 || (c->eku & rule->never) != 0)
        return YAO_E_PROFILE;
    if ((c->eku & ~rule->wanted) != 0)
        *found |= YAO_DEV_EKU_FURTHER;

    return YAO_OK;
}

/* ISO/IEC 18013-5 tables B.3, B.7: the signer, the reader. */
static yao_status check_leaf(const yao_certificate *c,
                             const struct role_rule *rule, uint32_t *deviations)
{
    uint32_t found = common_deviations(c, rule);

    if (c->ca || (c->key_usage & (YAO_KU_CERT_SIGN | YAO_KU_CRL_SIGN)) != 0)
        return YAO_E_PROFILE;
    if (c->key_usage != 0 && (c->key_usage & YAO_KU_SIGN) == 0)
        return YAO_E_PROFILE;
    if (c->key_usage != YAO_KU_SIGN)
        found |= YAO_DEV_KEY_USAGE;
    if (c->aki.len == 0)
        found |= YAO_DEV_NO_KEY_ID;
    if (longer_than(c, rule->days))
        found |= YAO_DEV_LONG_VALIDITY;
    YAO_TRY(check_leaf_purpose(c, rule, &found));

    *deviations |= found;
    return YAO_OK;
}

/* Table B.1, and RFC 5280 6.1.4 for whatever stands between: BELOW is how many
 * CAs there are between this one and the leaf. */
static yao_status check_ca(const yao_certificate *c,
                           const struct role_rule *rule, size_t below,
                           uint32_t *deviations)
{
    uint32_t found = common_deviations(c, rule);

    if (!c->ca || (c->key_usage & YAO_KU_CERT_SIGN) == 0)
        return YAO_E_PROFILE;
    if (c->path_len >= 0 && below > (size_t)c->path_len)
        return YAO_E_PROFILE;
    if (c->eku != 0 && ((c->eku & rule->ca_wanted) == 0 ||
                        (c->eku & rule->never) != 0))
        return YAO_E_PROFILE;
    if (c->path_len != 0)
        found |= YAO_DEV_PATH_LEN;
    if (c->key_usage != (YAO_KU_CERT_SIGN | YAO_KU_CRL_SIGN))
        found |= YAO_DEV_KEY_USAGE;
    if (longer_than(c, ROOT_DAYS))
        found |= YAO_DEV_LONG_VALIDITY;

    *deviations |= found;
    return YAO_OK;
}

/* 9.3.3: the signer is of the root's country, and of its state if both name
 * one. Whoever leaves the country out is not of that country. */
static yao_status check_place(const yao_certificate *leaf,
                              const yao_certificate *root)
{
    if (root->country.len != 0 && !yao_text_equal(leaf->country, root->country))
        return YAO_E_PROFILE;
    if (root->state.len != 0 && leaf->state.len != 0 &&
        !yao_text_equal(leaf->state, root->state))
        return YAO_E_PROFILE;

    return YAO_OK;
}

yao_status yao_x509_check_profile(const yao_x509_steps *steps, yao_role role,
                                  uint32_t *deviations)
{
    const struct role_rule *rule  = rule_of(role);
    uint32_t                found = 0;

    if (rule == NULL || steps->count == 0)
        return YAO_E_PROFILE;
    YAO_TRY(check_leaf(steps->step[0], rule, &found));
    for (size_t i = 1; i < steps->count; i++)
        YAO_TRY(check_ca(steps->step[i], rule, i - 1, &found));
    if (rule->country)
        YAO_TRY(check_place(steps->step[0], steps->step[steps->count - 1]));

    *deviations = found;
    return YAO_OK;
}

bool yao_x509_in_scope(const yao_anchor *anchor, yao_text type)
{
    if (anchor->type_count == 0)
        return true;
    if (type.len == 0) /* readers sign none; an issuer's document must say it */
        return anchor->role != YAO_ROLE_ISSUER;
    for (size_t i = 0; i < anchor->type_count; i++)
        if (yao_text_equal(anchor->types[i], type))
            return true;

    return false;
}

yao_status yao_x509_check_dates(const yao_certificate *c, yao_time now)
{
    if (now < c->not_before)
        return YAO_E_NOT_YET_VALID;

    return now > c->not_after ? YAO_E_EXPIRED : YAO_OK;
}
