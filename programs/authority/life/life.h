/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_LIFE_LIFE_H
#define YAO_AUTHORITY_LIFE_LIFE_H

/**
 * What happens to people and their documents after they were issued.
 *
 *     bars.c     freeze, lawful hold: what keeps documents from somebody
 *     receipt.c  what a person gets in the hand about a hold
 *     notices.c  what a person is told; what has to be renewed
 *     event.c    what the bureau's register tells: death, theft, points ...
 *     sync.c     that register's changes, line by line
 *     erase.c    an erasure
 *     export.c   all that is held about somebody
 *     jobs.c     what ends by itself
 *     routes.c   a person's own part of it over HTTP
 *
 * Everything takes an `enrol` (what one request brings with it) and says
 * whether it was done; nothing here reads a clock.
 */

#include "authority/enrol/enrol.h"
#include "store/bar.h"
#include "store/notice.h"

/** Whom something is done to: views. */
typedef struct life_subject {
    yao_bytes holder; /* as ledger and log know them */
    yao_bytes lookup; /* STORE_BY_NUMBER */
} life_subject;

/** The subject of NUMBER, in the arena; nobody need have it. Errors: those of
 *  enrol_hash_person(), YAO_E_SPACE. */
YAO_MUST_USE yao_status life_find_subject(const enrol *e, yao_text number,
                                          life_subject *ret);

/* ---- bars ---- */

/**
 * Put BAR (all but id, started, ended; RECEIPT too) and suspend what it is
 * about; with an event KIND and a notice of the same name.
 *
 * In      id   STORE_ID_LEN bytes drawn by the caller, or NULL
 * Errors  those of the store; YAO_E_CRYPTO, YAO_E_SPACE
 *         YAO_E_LOCKED  others changed something again and again
 */
YAO_MUST_USE yao_status life_put_bar(const enrol *e, const store_bar *bar,
                                     const char *kind);

/** The same into CHANGE, which the caller commits; lost: YAO_E_NOT_FOUND, and
 *  the caller tries again. BAR is complete. */
YAO_MUST_USE yao_status life_add_bar(const enrol *e, store_change *change,
                                     const store_bar *bar, const char *kind);

/** End BAR: what it suspended is valid again, unless another reason is left;
 *  and nothing else is. Where a document knows no suspension it is over, and a
 *  notice says that it is to be issued anew. Errors as life_put_bar();
 *  YAO_E_NOT_FOUND: it does not stand (any more). */
YAO_MUST_USE yao_status life_end_bar(const enrol *e, const store_bar *bar,
                                     const char *kind, const char *word);
YAO_MUST_USE yao_status life_take_bar(const enrol *e, store_change *change,
                                      const store_bar *bar, const char *kind,
                                      const char *word);

/** Freeze all documents of WHO, because BY ("code", "session", "kiosk",
 *  "officer") said so. Errors: YAO_E_EXISTS: they are frozen;  as
 *  life_put_bar(). */
YAO_MUST_USE yao_status life_freeze(const enrol *e, const life_subject *who,
                                    const char *by);

/** End it. Errors: YAO_E_NOT_FOUND: they are not frozen;  as life_end_bar(). */
YAO_MUST_USE yao_status life_unfreeze(const enrol *e, const life_subject *who);

/** Are they? Errors: those of the store. */
YAO_MUST_USE yao_status life_is_frozen(const enrol *e, yao_bytes holder,
                                       bool *ret);

/** A lawful hold. */
typedef struct life_hold_wish {
    yao_text document; /* name in the catalogue; empty: all */
    yao_text reason;   /* a word: life_is_hold_reason() */
    yao_text basis;    /* the law, as the person may read it */
    yao_text author;   /* which operator */
    yao_time until;    /* after now, at most LIFE_HOLD_MOST later */
} life_hold_wish;
#define LIFE_HOLD_MOST (366 * YAO_TIME_DAY)
#define LIFE_MAX_BASIS 300

/** Why something may be held: "investigation", "court_order",
 *  "identity_dispute", "safety". */
bool life_is_hold_reason(yao_text word);

/**
 * Hold documents of WHO until a day; it ends by itself.
 *
 * Out     receipt  a JWS for the person, in the arena: docs/formats/hold.md
 * Errors  YAO_E_VALUE    no such document or reason, no basis, an end that is
 *                        not to come or too far away
 *         YAO_E_MISSING  there is no log.key that signs the receipt
 *         as life_put_bar(), and those of signing
 */
YAO_MUST_USE yao_status life_hold(const enrol *e, const life_subject *who,
                                  const life_hold_wish *wish,
                                  yao_text             *receipt);

/** The receipt of BAR (complete but for it). Errors: as above. */
YAO_MUST_USE yao_status life_make_receipt(const enrol *e, const store_bar *bar,
                                          yao_text *ret);

/** Do what came in between: suspend what was issued past a bar, restore what
 *  nobody holds any more. Out: how many. For the job. */
YAO_MUST_USE yao_status life_mend(const enrol *e, size_t *ret);

/* ---- notices ---- */

/** What a notice is about. */
typedef struct life_notice {
    const char *kind;     /* "reissue" */
    yao_bytes   holder;
    yao_bytes   about;    /* of one kind about one thing there is one */
    yao_text    document; /* its name; may be empty */
    const char *reason;   /* a word; may be NULL */
    yao_time    until;    /* 0: none */
} life_notice;

/** Tell it, with CHANGE. Errors: YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status life_put_notice(const enrol *e, store_change *change,
                                        const life_notice *notice);

/** Notices for what has to be renewed; gives how many. For the job. */
YAO_MUST_USE yao_status life_tell_renewals(const enrol *e, size_t *ret);

/** Revoke the issuance of BATCH in CHANGE, and say in a notice why. */
YAO_MUST_USE yao_status life_revoke(const enrol *e, store_change *change,
                                    const store_document *batch,
                                    const char *word, const char *notice);

/* ---- what ends by itself ---- */

/** Bars whose end has come. Out: how many. Errors: the first one's. */
YAO_MUST_USE yao_status life_end_due(const enrol *e, size_t *ret);

#endif
