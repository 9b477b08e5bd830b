/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROVIDER_H
#define YAO_PROVIDER_H

/**
 * A wallet provider at work: `yaopai provider serve`. docs/formats/provider.md
 * says what it offers, and what it never knows.
 *
 * Files: instance.c (wallets and who asks), attest.c, mailbox.c,
 * backup.c, pages.c; init.c and serve.c are the verbs.
 */

#include "app/boxes.h"
#include "app/ca.h"
#include "app/command.h"
#include "app/route.h"
#include "app/worker.h"
#include "provider/config.h"
#include "store/provider.h"

enum { PROVIDER_PUBLIC = 0, PROVIDER_ADMINS = 1 };

#define PROVIDER_SECRET 32

typedef struct provider {
    provider_config  config;
    const char      *folder;
    store           *store;
    yao_openssl     *openssl;
    uint8_t          secret[PROVIDER_SECRET]; /* of hashes and nonces */
    yao_bytes        attester;                /* DER of its certificate */
    yao_arena        arena;                   /* for that */
    app_workers      workers;                 /* their key: the attester's */
    app_boxes       *boxes;
} provider;

/**
 * Open what `provider init` made in FOLDER.
 *
 * Out     ret      close with provider_close(), also after a failure
 *         trouble  as yao_settings_read()
 *         place    what was being opened, for messages
 * Errors  YAO_E_NOT_FOUND  there is no provider
 *         those of provider_config_read(), store_open() and ca_open()
 */
YAO_MUST_USE yao_status provider_open(const char *folder, provider *ret,
                                      yao_settings_trouble *trouble,
                                      const char          **place);
void                    provider_close(provider *p);

/** The server behind CALL; its address without a slash at the end; a key of
 *  the worker's own (NULL: it can't be opened now). */
provider *provider_of(const app_call *call);
yao_text  provider_url(const app_call *call);
yao_key  *provider_key(const app_call *call);

/** The day of MOMENT: nothing more exact is written down. */
yao_time provider_day(yao_time moment);

/**
 * Who asks: check the DPoP proof of the call, made with a wallet's own key.
 *
 * Out     hash    how the store knows the wallet
 *         change  gets the claim that the proof is new
 *         reply   written when the answer is a refusal: then YAO_E_REFUSED
 * Errors  YAO_E_REFUSED, YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status provider_asker(app_call *call, store_change *change,
                                       uint8_t    hash[STORE_HASH_LEN],
                                       app_reply *reply);

/** {"error": WORD} with STATUS. */
YAO_MUST_USE yao_status provider_refuse(app_call *call, app_reply *ret,
                                        int status, const char *word);

/** A fresh nonce, in the call's arena. Errors: YAO_E_CRYPTO, YAO_E_SPACE. */
YAO_MUST_USE yao_status provider_make_nonce(app_call *call, yao_text *ret);

/** A nonce in the header DPoP-Nonce, behind the body. Errors: YAO_E_CRYPTO, YAO_E_SPACE. */
YAO_MUST_USE yao_status provider_put_nonce(app_call *call, app_reply *ret);

/** Is NONCE one of ours? Errors as yao_nonce_check(). */
YAO_MUST_USE yao_status provider_check_nonce(const app_call *call,
                                             yao_text        nonce);

/** The tables of the parts. */
extern const app_routes provider_instance_table;
extern const app_routes provider_attest_table;
extern const app_routes provider_mailbox_table;
extern const app_routes provider_backup_table;
extern const app_routes provider_pages_table;
/** All of them. */
#define PROVIDER_TABLES 5
extern const app_routes *const provider_tables[PROVIDER_TABLES];

/* ---- the verbs ---- */

extern const yao_command yao_provider_init;
extern const yao_command yao_provider_serve;

#endif
