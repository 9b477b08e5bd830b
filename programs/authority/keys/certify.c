/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/keys/certify.h"

#include <stdio.h>
#include <string.h>

#define FORMER(setting, kind)                                                  \
    SETTING_##setting##_FORMER_##kind, SETTING_##setting##_FORMER_##kind##_KEY
#define NO_FORMER SETTING_COUNT, SETTING_COUNT

/* NAME is that of the files. */
#define ROW(role, name, title, kind, what, days, setting, ...)                 \
    {role, kind, name "-" kind, title " " kind, YAO_X509_##what, days,         \
     SETTING_##setting, SETTING_##setting##_KEY, __VA_ARGS__}

#define ISSUING_ROLE(role, setting)                                            \
    ROW(role, role, role, "root", ROOT, CA_ROOT_DAYS, setting##_ROOT,          \
        FORMER(setting, ROOT)),                                                \
        ROW(role, role, role, "signer", SIGNER, CA_SIGNER_DAYS,                \
            setting##_SIGNER, NO_FORMER),                                      \
        ROW(role, role, role, "status", STATUS, CA_STATUS_DAYS,                \
            setting##_STATUS, FORMER(setting, STATUS))

const certify_row certify_rows[] = {
    ISSUING_ROLE("population", POPULATION),
    ISSUING_ROLE("traffic", TRAFFIC),
    ISSUING_ROLE("other", OTHER),
    ROW("registrar", "reader", "registrar", "root", ROOT, CA_ROOT_DAYS,
        READER_ROOT, FORMER(READER, ROOT)),
    ROW("trust", "trust", "trust", "root", ROOT, CA_ROOT_DAYS, TRUST_ROOT,
        FORMER(TRUST, ROOT)),
    ROW("trust", "trust", "trust", "signer", TRUST, CA_TRUST_DAYS,
        TRUST_SIGNER, NO_FORMER),
};
const size_t certify_row_count = sizeof certify_rows / sizeof certify_rows[0];

const certify_row *certify_find(const char *role, const char *kind)
{
    for (size_t i = 0; i < certify_row_count; i++)
        if (strcmp(certify_rows[i].role, role) == 0 &&
            strcmp(certify_rows[i].kind, kind) == 0)
            return &certify_rows[i];
    return NULL;
}

const certify_row *certify_root(const certify_row *row)
{
    return certify_find(row->role, "root");
}

/* A BETWEEN B, and NUMBER behind MARK where it is not the first. */
typedef struct joined {
    const char *a, *between, *b;
    const char *mark;
    unsigned    number;
} joined;

static yao_status join(const certify_who *who, const joined *j, yao_text *ret)
{
    yao_writer w = yao_writer_in(who->arena);
    yao_bytes  bytes;
    char       end[16] = "";

    if (j->number > 1)
        snprintf(end, sizeof end, "%s%u", j->mark, j->number);
    yao_put_text(&w, j->a);
    yao_put_text(&w, j->between);
    yao_put_text(&w, j->b);
    yao_put_text(&w, end);
    YAO_TRY(yao_writer_keep(&w, who->arena, &bytes));
    return yao_text_check(bytes, ret);
}

static yao_status fill(const certify_who *who, const certify_row *row,
                       unsigned number, yao_x509_request *request)
{
    const joined name = {who->name, " ", row->title, " ", number};
    const joined list = {who->url, "/crl/", row->role, "-", who->root};

    YAO_TRY(join(who, &name, &request->common_name));
    YAO_TRY(join(who, &list, &request->crl_uri));
    request->country      = yao_text_of(who->country);
    request->organisation = yao_text_of(who->name);
    request->issuer_uri   = yao_text_of(who->url);
    /* SD-JWT VC 3.5: the `iss` of a token is among the names of its signer */
    if (row->what == YAO_X509_SIGNER)
        request->san_uri = yao_text_of(who->url);
    request->not_before = who->from;
    request->not_after  = who->from + row->days * YAO_TIME_DAY - 1;
    return YAO_OK;
}

/* Nothing outlives who vouches for it. */
static void shorten(yao_x509_request *request, const ca *issuer)
{
    if (issuer != NULL && request->not_after > issuer->certificate.not_after)
        request->not_after = issuer->certificate.not_after;
}

yao_status certify(const certify_who *who, const certify_row *row,
                   unsigned number, const ca *issuer, yao_key *key,
                   yao_bytes *der)
{
    yao_x509_request request = {.kind = row->what};

    request.key = yao_key_public(key);
    YAO_TRY(fill(who, row, number, &request));
    shorten(&request, issuer);
    return ca_sign(who->crypto, &request, issuer,
                   issuer != NULL ? issuer->key : key, who->arena, der);
}

yao_status certify_link(const certify_who *who, const certify_row *row,
                        unsigned number, const ca *older, const ca *newer,
                        yao_bytes *der)
{
    yao_x509_request request = {.kind = YAO_X509_LINK};

    request.key = newer->certificate.key;
    YAO_TRY(fill(who, row, number, &request));
    shorten(&request, older);
    return ca_sign(who->crypto, &request, older, older->key, who->arena, der);
}
