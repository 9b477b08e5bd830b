/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_H
#define YAO_WALLET_H

/**
 * What a person carries: batches of copies with their device keys, whom they
 * were shown to, and whose readers are believed.
 *
 *   index.sealed    batches (without keys and copies), history, reader roots
 *   b-*.sealed      one batch: device keys and copies
 *   sources.sealed  who may be asked again, by refresh tokens (sources.h)
 *   provider.sealed who vouches for it (provider.h)
 *
 * A batch is written before the index that names it, and removed after, so
 * that a killed wallet loses at most what it had not yet said it holds; files
 * that the index does not name are removed when the wallet is next opened.
 *
 * Files: vault.c, passphrase.c (below this), contents.c (index and batches as
 * CBOR), device.c (keys), handover.c (what an authority calls), and one file for each verb.
 */

#include "app/command.h"
#include "app/handover.h"
#include "app/key.h"
#include "cbor/cbor.h"
#include "wallet/clock.h"
#include "wallet/vault.h"
#include "yaopai/limits.h"
#include "yaopai/openssl.h"
#include "yaopai/trust.h"

enum {
    YAO_WALLET_BATCHES = 256,
    YAO_WALLET_EVENTS  = 1024, /* the oldest are dropped */
    YAO_WALLET_ROOTS   = 16,
    YAO_WALLET_TOKEN_URI = 1024 /* letters */
};

/** Copies of one document in one format. */
typedef struct yao_wallet_batch {
    yao_text document; /* catalogue name */
    yao_text format;   /* as yaopai verify names it */
    yao_text subject;  /* which of several, as the authority names it */
    yao_text profile;  /* of cards: what they are for; else empty */
    yao_text choice;   /* of cards: which of the profile's choices */
    yao_text type;
    yao_text issuer;
    yao_time issued;
    yao_text file;     /* name in the vault */
    size_t   count;
    uint32_t shown[YAO_MAX_BATCH]; /* how often each copy was */
} yao_wallet_batch;

/** One showing: names of elements, never values. */
typedef struct yao_wallet_event {
    yao_time when;
    yao_text party;
    yao_text profile;
    yao_text document;
    yao_text format;
    yao_text elements; /* names, separated by blanks */
    yao_text request;  /* hex SHA-256 of what the party sent, or showed */
    yao_text outcome;  /* on line: a word of presenting.h; else empty */
    yao_text receipt;  /* what the party signed (vp/receipt.h), with the first
                          document of a showing; empty: nothing */
    yao_text receipt_is; /* "verified", "unverified"; empty: there is none */
} yao_wallet_event;

typedef struct yao_wallet { /* one in a process: it has the clock */
    yao_vault        vault;
    yao_arena        arena;
    yao_wallet_batch batches[YAO_WALLET_BATCHES];
    size_t           batch_count;
    yao_wallet_event events[YAO_WALLET_EVENTS];
    size_t           event_count;
    yao_anchor       roots[YAO_WALLET_ROOTS]; /* of readers */
    size_t           root_count;
    yao_text         token_uri;    /* where device keys are made; empty: here */
    yao_key_token   *token;        /* open, or NULL */
    /* device keys made, and not yet named by a delivery */
    yao_key         *fresh[YAO_MAX_BATCH];
    size_t           fresh_count;
    bool             fresh_kept;   /* a delivery named them */
    size_t           left_behind;  /* keys that could not be removed */
} yao_wallet;

/**
 * Open the wallet in FOLDER; the passphrase comes from FILE (NULL: as
 * yao_passphrase_ask()). Nobody is asked when there is no wallet.
 *
 * Errors  as yao_vault_open(), yao_passphrase_ask(); YAO_E_MALFORMED
 */
YAO_MUST_USE yao_status yao_wallet_open(const char *folder, const char *file,
                                        yao_wallet **ret);
void                    yao_wallet_close(yao_wallet *wallet);

/** The same with the passphrase in hand. */
YAO_MUST_USE yao_status yao_wallet_unlock(const char *folder,
                                          yao_bytes   passphrase,
                                          yao_wallet **ret);

/** The same for a verb, telling the person when it fails: gives the exit code,
 *  0 when RET was written. */
int yao_wallet_open_for(const yao_invocation *call, yao_wallet **ret);

/** Write the index. Errors as yao_vault_write(). */
YAO_MUST_USE yao_status yao_wallet_save(yao_wallet *wallet);

/** One copy with its key, as it lies in a batch. */
typedef struct yao_wallet_copy {
    yao_bytes key;      /* PKCS#8, secret; or the id of the key in the token */
    yao_bytes bytes;
    bool      in_token;
} yao_wallet_copy;

/** Read and write the copies of a batch. Secrets lie in the arena until the
 *  wallet is closed. Errors as the vault; YAO_E_MALFORMED. */
YAO_MUST_USE yao_status yao_wallet_read_batch(yao_wallet             *wallet,
                                              const yao_wallet_batch *batch,
                                              yao_wallet_copy        *ret);
YAO_MUST_USE yao_status yao_wallet_write_batch(yao_wallet            *wallet,
                                               yao_text               file,
                                               const yao_wallet_copy *copies,
                                               size_t                 count);

/** Remove the file of a batch that the index no longer names, and its keys
 *  from the token. */
void yao_wallet_remove_batch(yao_wallet *wallet, const yao_wallet_batch *batch);

/**
 * Device keys: make one; open that of a copy; put into RET how a copy names
 * KEY (in the arena); remove a batch's from the token, as far as they are in
 * one; close the fresh ones, and remove them as well when nothing named them.
 *
 * Errors  those of yao_key_token_open(), yao_key_token_make(),
 *         yao_key_token_find(), yao_key_read(), yao_key_write()
 */
YAO_MUST_USE yao_status yao_wallet_make_key(yao_wallet *wallet, yao_sig_alg alg,
                                            yao_key **ret);
YAO_MUST_USE yao_status yao_wallet_open_key(yao_wallet            *wallet,
                                            const yao_wallet_copy *copy,
                                            yao_key              **ret);
YAO_MUST_USE yao_status yao_wallet_name_key(yao_wallet      *wallet,
                                            const yao_key   *key,
                                            yao_wallet_copy *ret);
void yao_wallet_forget_keys(yao_wallet *wallet, const yao_wallet_batch *batch);
void yao_wallet_drop_fresh(yao_wallet *wallet);

/** Say on standard error how many keys could not be removed, if any. */
void yao_wallet_tell_left(const yao_wallet *wallet);

/** Remember EVENT; the oldest goes when there are too many. */
void yao_wallet_remember(yao_wallet *wallet, yao_wallet_event event);

/** The newest batch of DOCUMENT (catalogue name) in FORMAT and of SUBJECT, or
 *  NULL. No SUBJECT: the person's own before those of vehicles and of children
 *  whom the person is the guardian of. */
yao_wallet_batch *yao_wallet_find(yao_wallet *wallet, yao_text document,
                                  yao_text format, yao_text subject);

/** The same of cards (printed ones, where its format says so) of LIKE's document, profile, choice and subject. */
yao_wallet_batch *yao_wallet_find_cards(yao_wallet             *wallet,
                                        const yao_wallet_batch *like);

/** The history as CBOR, from event FIRST on: [version, [* event]]; and back, at
 *  most YAO_WALLET_EVENTS into EVENTS. Errors are recorded in W, in R. */
void yao_wallet_put_events(yao_writer *w, const yao_wallet *wallet,
                           size_t first);
size_t yao_wallet_get_events(yao_cbor_reader  *r,
                             yao_wallet_event       *events);

/** What cli hands to the authority. */
extern const app_handover yao_wallet_handover;

/* The verbs. */
extern const yao_command yao_wallet_init;
extern const yao_command yao_wallet_list;
extern const yao_command yao_wallet_show;
extern const yao_command yao_wallet_present;
extern const yao_command yao_wallet_counter;
extern const yao_command yao_wallet_history;
extern const yao_command yao_wallet_receive;
extern const yao_command yao_wallet_fetch;
extern const yao_command yao_wallet_provider; /* joining.c */
extern const yao_command yao_wallet_print;
extern const yao_command yao_wallet_delete;
extern const yao_command yao_wallet_freeze;
extern const yao_command yao_wallet_backup;
extern const yao_command yao_wallet_restore;

/** --ca-file and --local, the same where a verb speaks with the provider. */
#define YAO_WALLET_PROVIDER_OPTIONS                                            \
    {"ca-file", "PEM", 0,                                                      \
     WORDS_INIT("whose servers are believed; the system's when not given",     \
                "信任哪些服务器证书；缺省用系统的")},                          \
    {"local", NULL, 0,                                                         \
     WORDS_INIT("a provider on this machine will do, also without TLS: for "   \
                "demos",                                                       \
                "允许本机的提供方及不用 TLS 的连接（演示用）")}

/** --passphrase-file, the same option for all of them. */
#define YAO_WALLET_PASSPHRASE_OPTION                                           \
    {"passphrase-file", "FILE", 0,                                             \
     WORDS_INIT("file with the passphrase; else $YAOPAI_PASSPHRASE_FILE, "     \
                "else asked for",                                              \
                "存有口令的文件；否则 $YAOPAI_PASSPHRASE_FILE，否则询问")}

#endif
