/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_BACKUP_H
#define YAO_WALLET_BACKUP_H

/**
 * What of a wallet is kept elsewhere: history with receipts, settings, and what
 * it held by name; never a document and never a key (design 9: documents are
 * issued anew). docs/formats/wallet.md has every byte.
 *
 * Files: backup.c and restore.c (the verbs), backup_content.c (what is kept),
 * backup_seal.c (under a passphrase), backup_provider.c (at the provider).
 */

#include "wallet/pseudonym.h"
#include "wallet/wallet.h"

/* Letters of a recovery code with its dashes, and without. */
enum { YAO_RECOVERY_TEXT = 31, YAO_RECOVERY_LETTERS = 26 };

/* ---- sealing (backup_seal.c) -------------------------------------------- */

/**
 * Seal PLAIN under PASSPHRASE, padded so that its length tells little.
 *
 * Out     ret  in ARENA
 * Errors  YAO_E_SECRET  the passphrase is shorter than 8 letters
 *         YAO_E_CRYPTO, YAO_E_SPACE
 * Cost    64 MiB and some tenths of a second, by design of Argon2id
 */
YAO_MUST_USE yao_status yao_backup_seal(yao_bytes passphrase, yao_bytes plain,
                                        yao_arena *arena, yao_bytes *ret);

/** And back. Errors: YAO_E_MALFORMED: no backup;  YAO_E_SECRET: another
 *  passphrase, or it was changed;  YAO_E_CRYPTO, YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_backup_open(yao_bytes passphrase, yao_bytes sealed,
                                        yao_arena *arena, yao_bytes *ret);

/* ---- what is kept (backup_content.c) ------------------------------------ */

/** Write it, without the SKIP oldest events. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_backup_write(yao_wallet *wallet, size_t skip,
                                         yao_bytes *ret);

/** A document that was held, by name. */
typedef struct yao_backup_held {
    yao_text document, subject, issuer;
} yao_backup_held;

/** From whom one got documents over the network. */
typedef struct yao_backup_source {
    yao_text issuer;
    yao_text id; /* of a configuration */
} yao_backup_source;

typedef struct yao_backup {
    yao_time          made;
    yao_wallet_event *events;
    size_t            event_count;
    yao_bytes         roots[YAO_WALLET_ROOTS];
    size_t            root_count;
    yao_text          provider; /* its address; may be empty */
    yao_backup_held   held[YAO_WALLET_BATCHES];
    size_t            held_count;
    yao_backup_source sources[YAO_WALLET_BATCHES];
    size_t            source_count;
    yao_pseudonyms    pseudonyms; /* secret */
} yao_backup;

/** Read it. Out: views into PLAIN, and events in ARENA. Errors:
 *  YAO_E_MALFORMED, YAO_E_LIMIT, YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_backup_read(yao_bytes plain, yao_arena *arena,
                                        yao_backup *ret);

/** What was merged. */
typedef struct yao_backup_merged {
    size_t events, roots;
} yao_backup_merged;

/** Put what is new of BACKUP into the wallet, the history by its times, and
 *  write the index. Errors: YAO_E_SPACE; those of the vault. */
YAO_MUST_USE yao_status yao_backup_merge(yao_wallet        *wallet,
                                         const yao_backup  *backup,
                                         yao_backup_merged *ret);

/* ---- at the provider (backup_provider.c) -------------------------------- */

/** Whom the wallet keeps its backup at: in the vault as recovery.sealed,
 *  [1, url, code, version]. */
typedef struct yao_recovery {
    yao_text url;
    char     code[YAO_RECOVERY_TEXT + 1]; /* secret: it opens the backup */
    int64_t  version;                     /* that is there; 0: none yet */
    const char *ca_file;
    bool        local;
} yao_recovery;

/** A fresh code, and one that somebody typed (in any case, with any dashes and
 *  blanks). Errors: YAO_E_CRYPTO;  YAO_E_SECRET: no code. */
YAO_MUST_USE yao_status yao_recovery_draw(yao_recovery *r);
YAO_MUST_USE yao_status yao_recovery_take(yao_recovery *r, yao_bytes typed);

/** Keep it in the vault; read it. Errors: as the vault; YAO_E_MALFORMED. */
YAO_MUST_USE yao_status yao_recovery_keep(yao_wallet         *wallet,
                                          const yao_recovery *r);
YAO_MUST_USE yao_status yao_recovery_read(yao_wallet   *wallet,
                                          yao_recovery *ret);

/**
 * Put SEALED in the place of version R->version; get what is there.
 *
 * Out     r->version  of what is there now
 * Errors  YAO_E_USAGE      the address;  YAO_E_NET
 *         YAO_E_LOCKED     another device wrote meanwhile: get, merge, again
 *         YAO_E_LIMIT      it has no room
 *         YAO_E_NOT_FOUND  it has none under this code
 *         YAO_E_REFUSED    it does not take this;  YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status yao_recovery_put(yao_recovery *r, yao_bytes sealed,
                                         yao_arena *arena);
YAO_MUST_USE yao_status yao_recovery_get(yao_recovery *r, yao_arena *arena,
                                         yao_bytes *ret);

/** Bytes of a backup that a provider takes. */
#define YAO_RECOVERY_MOST (256u * 1024u)

#endif
