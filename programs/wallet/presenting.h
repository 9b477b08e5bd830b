/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_PRESENTING_H
#define YAO_WALLET_PRESENTING_H

/**
 * How `wallet present` answers a link: it does what the machine of vp/present.h
 * wishes for.
 *
 * Files: presenting.c (the loop, keys), presenting_web.c (HTTP, the page that
 * the verifier sends the person to), presenting_trust.c (whom it believes, what
 * they registered), presenting_hold.c (what of the vault would do),
 * presenting_choose.c (what of that is shown, and that it was),
 * presenting_standing.c (codes on paper at a counter),
 * presenting_ask.c (the person), presenting_agreed.c (what is agreed to
 * beside), presenting_page.c (what a page asks through the browser),
 * presenting_tell.c (what became of it), presenting_receipt.c (what the
 * verifier signs); present.c is the verb.
 */

#include "app/trusting.h"
#include "net/client.h"
#include "vp/present.h"
#include "wallet/wallet.h"

/** A copy that might be shown. */
typedef struct yao_presenting_held {
    yao_wallet_batch *batch;
    size_t            copy;
    bool              again; /* all of the batch were shown before */
    yao_wallet_copy   stored;
} yao_presenting_held;

/** What answers one credential query. */
typedef struct yao_presenting_part {
    size_t               credential; /* index in the query */
    size_t               others;     /* that would do as well */
    const yao_presenting_held *held;
    const yao_dcql_candidate  *document;
    yao_dcql_claims      claims;     /* to be disclosed */
    yao_key             *key;        /* after the person agreed */
} yao_presenting_part;

/** What is said of a receipt, in the history. */
#define YAO_RECEIPT_VERIFIED   "verified"
#define YAO_RECEIPT_UNVERIFIED "unverified"

/** What became of a showing, as the history has it. */
#define YAO_PRESENTING_SENT    "sent"    /* whether it came is not known */
#define YAO_PRESENTING_TAKEN   "taken"
#define YAO_PRESENTING_REFUSED "refused" /* by the verifier */
#define YAO_PRESENTING_UNSENT  "unsent"

/** A code on paper at a counter (presenting_standing.c). */
typedef struct yao_presenting_standing yao_presenting_standing;

typedef struct yao_presenting {
    const yao_invocation *call;
    yao_words             what; /* the verb, for messages */
    bool                  counter; /* who asks stands before the person
                                      (countering.h): there is no machine */
    yao_wallet           *wallet;
    yao_arena             arena; /* of the session; wiped in the end */
    yao_openssl          *openssl;
    const yao_crypto     *crypto;
    app_trusting          trust;
    yao_verify_options    trusted; /* what was taken of it */
    const yao_catalogue  *catalogue;
    yao_present_options   options;
    yao_present          *machine;
    net_client           *client;
    yao_time              now;

    const yao_presenting_standing *standing; /* NULL: a link was given */
    yao_text                       number;   /* to be said to the clerk */

    const yao_vp_request *request; /* once it is known to be true */
    const yao_profile    *profile; /* that covers it; NULL: nobody's */
    yao_presenting_held   held[YAO_WALLET_BATCHES];
    yao_dcql_candidate    candidates[YAO_WALLET_BATCHES];
    size_t                held_count;
    yao_dcql_matching     matching;
    yao_presenting_part   parts[YAO_VP_MAX_SHOWN];
    yao_vp_shown          shown[YAO_VP_MAX_SHOWN];
    size_t                part_count;
    yao_key              *once; /* of one answer, when it is encrypted */

    yao_text   pseudonym; /* for this party; empty: it is told none */
    uint8_t    hash[YAO_SHA256_LEN]; /* of what the party sent */
    size_t     first_event; /* of the history: those of this showing */
    size_t     event_count;
    bool       recorded;
    yao_status why;  /* why nothing is shown, when it is we who say no */
    yao_words  said; /* and in words */
} yao_presenting;

/** Answer LINK, or what a picture in the file IMAGE says, or what the file of
 *  --dc-api does. Gives the exit code. */
int yao_presenting_run(const yao_invocation *call, yao_words what,
                       const char *link, const char *image);

/** What every showing needs: S is all zero, and closed also after a failure.
 *  Errors: YAO_E_CRYPTO, YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_presenting_begin(yao_presenting       *s,
                                             const yao_invocation *call,
                                             yao_words what, size_t memory);
void                    yao_presenting_end(yao_presenting *s);

/* ---- the web ------------------------------------------------------------ */

/** Gives the exit code. */
int yao_presenting_connect(yao_presenting *s);

/** Fulfil FETCH, OPEN. */
void yao_presenting_fetch(yao_presenting *s, const yao_present_wish *wish,
                          yao_present_event *event);
void yao_presenting_open(yao_presenting *s, const yao_present_wish *wish,
                         yao_present_event *event);

/* ---- the receipt (presenting_receipt.c) ------------------------------- */

/** Put what the verifier gave, if anything, with the showing's first entry, and
 *  whether it is signed by who asked and for this showing. Errors: YAO_E_SPACE,
 *  YAO_E_CRYPTO. */
YAO_MUST_USE yao_status yao_presenting_keep_receipt(yao_presenting *s);

/** Take one that was scanned (--receipt, --reader), to the showing of a card
 *  that it is for (receipts.c). Gives the exit code. */
int yao_wallet_take_receipt(const yao_invocation *call, yao_wallet *wallet);

/** Take what the file PATH says that a page asks. Gives the exit code. */
int yao_presenting_take_page(yao_presenting *s, const char *path);

/** Fulfil HAND_OVER: to --output, or standard output. */
void yao_presenting_hand_over(yao_presenting *s, const yao_present_wish *wish,
                              yao_present_event *event);

/* ---- whom it believes --------------------------------------------------- */

/** Open the wallet, which knows since when it can't be, and take the options.
 *  Gives the exit code. */
int  yao_presenting_take_trust(yao_presenting *s);
/** When the wallet is open: its reader roots with those of the bundle. Errors:
 *  YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_presenting_set_terms(yao_presenting *s);

/**
 * Which of the party's profiles covers what it asks? Of a party that no list
 * names, of those in its certificate.
 *
 * Out     s->profile  NULL only for a request that nobody signed
 * Errors  YAO_E_NOT_AUTHORISED  none does; YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_presenting_check_asked(yao_presenting *s);

/** Who asks, as registered or certified; how many days it keeps at most. */
yao_text yao_presenting_party(const yao_presenting *s);
uint64_t yao_presenting_days(const yao_presenting *s);

/* ---- a code on paper ---------------------------------------------------- */

/** When the link is such a code: check it, say whose counter it is, ask whether
 *  the person stands there, and put the link of a session in its place. Gives
 *  the exit code. */
int yao_presenting_scan(yao_presenting *s);

/** Is this asked by the key in the code, for what stands on the paper? Errors:
 *  YAO_E_MISMATCH, YAO_E_NOT_AUTHORISED. */
YAO_MUST_USE yao_status yao_presenting_check_standing(const yao_presenting *s);

/** "place" and "number", as members. */
void yao_presenting_put_standing(yao_writer *w, bool *first,
                                 const yao_presenting *s);

/* ---- what is held, what is shown ---------------------------------------- */

/** Put into s->held what the query names and what is good today: the person's
 *  own (or that of --of) and the newest first. Errors: of reading. */
YAO_MUST_USE yao_status yao_presenting_hold(yao_presenting *s);

/**
 * Choose parts as --choose says. EXTRA: ids of optional credentials that the
 * person added, as a mask of the query's.
 *
 * Errors  YAO_E_NOT_FOUND  the wallet does not hold what is asked
 *         YAO_E_USAGE      --choose names what is not asked, or does not do
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_presenting_choose(yao_presenting      *s,
                                              yao_dcql_credentials extra);

/** Open keys, say what is disclosed, mark copies as shown and write the
 *  history: before anything is signed. Errors: those of the vault. */
YAO_MUST_USE yao_status yao_presenting_agree(yao_presenting *s);

/** Note in the history what became of it. */
YAO_MUST_USE yao_status yao_presenting_note(yao_presenting *s,
                                            const char     *outcome);

/* ---- the person --------------------------------------------------------- */

/** Fulfil ASK. */
void yao_presenting_ask(yao_presenting *s, yao_present_event *event);

/** The same for s->request, wherever it came from. */
void yao_presenting_consent(yao_presenting *s, yao_present_event *event);

/** Say each transaction of the request. */
void yao_presenting_say_agreed(yao_presenting *s);

/** Does the party ask to know the person again, and is there a part that can
 *  say so? Say that it may (presenting_agreed.c). */
bool yao_presenting_wants_pseudonym(const yao_presenting *s);
void yao_presenting_say_pseudonym(const yao_presenting *s);

/** Is there among the parts one by which the person can agree to each? */
bool yao_presenting_can_agree(const yao_presenting *s);

/** The element of CLAIM of PART, or NULL; a claim's path with dots. */
const yao_element *yao_presenting_element(const yao_presenting      *s,
                                          const yao_presenting_part *part,
                                          size_t                     claim);
void yao_presenting_put_path(yao_writer *w, const yao_dcql_claim *claim);

/** Tell what became of it; gives the exit code. */
int yao_presenting_tell(yao_presenting *s, yao_status status);

#endif
