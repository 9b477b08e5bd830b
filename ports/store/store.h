/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_H
#define YAO_STORE_H

/**
 * The storage contract: what an authority keeps, in the words of its domain.
 *
 *     store *s;
 *     YAO_TRY(store_open(&(store_options){.url = "sqlite:register.db"}, &s));
 *     store_change change = store_change_open(&arena);
 *     store_put_person(&change, &person);
 *     store_put_event(&change, &event);
 *     status = store_commit(s, &change);   // durable, or nothing of it
 *     store_close(s);
 *
 * A change is one member of the next group that is committed: first its claims
 * (insert or nothing, delete returning; decided by the number of rows), then
 * its other rows, all of it or nothing. One writer thread commits groups of up
 * to 64 members or 2 ms. An error splits the group and its members are retried
 * singly, so that one bad member never fails the others (design 3.6).
 *
 * The store sees no personal value: people are sealed blobs and keyed hashes
 * (authority/seal.h). What it promises is in store_contract_test.c, which every
 * engine must pass. Safe for use by several threads; a change belongs to one.
 *
 * Memory   what is read lands in the caller's arena; a change borrows what it
 *          is given until it is committed
 */

#include "yaopai/arena.h"

/** Members of one group, and how long the first waits for others. */
#define STORE_MAX_GROUP 64
#define STORE_GROUP_MS 2

/** Values of one row. */
#define STORE_MAX_VALUES 16

/** Length of random identifiers and of keyed hashes, in bytes. */
#define STORE_ID_LEN 16
#define STORE_HASH_LEN 32

typedef struct store store;

/** Whose tables there are. */
typedef enum store_schema {
    STORE_AUTHORITY = 0,
    STORE_PROVIDER  = 1, /* store/provider.h, facts, what is used once, leases */
    STORE_DESK      = 2  /* store/desk.h, and the same */
} store_schema;

typedef struct store_options {
    const char  *url;    /* "sqlite:PATH" */
    bool         create; /* make it when it is not there */
    yao_time     now;    /* noted with each migration that is applied */
    store_schema schema;
} store_options;

/**
 * Open a store and bring its schema up to date.
 *
 * Out     ret  to be closed; written only on YAO_OK
 * Errors  YAO_E_USAGE        no engine of that name
 *         YAO_E_NOT_FOUND    nothing there, and CREATE is false
 *         YAO_E_EXISTS       something there, and CREATE is true
 *         YAO_E_MALFORMED    there is something else than a store
 *         YAO_E_UNSUPPORTED  made by a newer program than this one
 *         YAO_E_LOCKED       another process held it for too long
 *         YAO_E_STORE        the engine failed
 */
YAO_MUST_USE yao_status store_open(const store_options *options, store **ret);

/**
 * Copy the store of URL, as it is at one moment, also while others write, into
 * FILE, which is a store then.
 *
 * Errors  YAO_E_NOT_FOUND    there is no store
 *         YAO_E_EXISTS       there is such a file
 *         YAO_E_UNSUPPORTED  this engine is copied with its own tools
 *         YAO_E_LOCKED, YAO_E_STORE, YAO_E_FILE, YAO_E_USAGE
 */
YAO_MUST_USE yao_status store_backup(const char *url, const char *file);

/**
 * Which schema the store of URL has, and which this program would bring it to.
 * Nothing is changed.
 *
 * Errors  those of store_open() but YAO_E_EXISTS and YAO_E_UNSUPPORTED
 */
YAO_MUST_USE yao_status store_look(const char *url, int64_t *schema,
                                   int64_t *newest);

/** Commit what was submitted, stop the writer, close. NULL is fine. */
void store_close(store *s);

/* ---- changes ---- */

/** One of the values of a row; how an engine gets it. */
typedef enum store_value_kind {
    STORE_NULL = 0,
    STORE_INT,
    STORE_BYTES,
    STORE_TEXT
} store_value_kind;

typedef struct store_value {
    store_value_kind kind;
    int64_t          number;
    yao_bytes        bytes; /* also the letters of a TEXT */
} store_value;

/** One statement to run: engines and the writer see these, callers don't. */
typedef struct store_op {
    int        statement;
    int        about;     /* what a lost claim was about */
    yao_status lost;      /* the status when no row was changed; YAO_OK:
                             this is no claim */
    yao_bytes       *ret; /* where a returned value goes, or NULL */
    yao_bytes        returned;
    int64_t         *ret_number; /* the same for a number */
    int64_t          returned_number;
    size_t           count;
    store_value      values[STORE_MAX_VALUES];
    struct store_op *next;
} store_op;

/** What one caller wants committed together. Open with store_change_open(). */
typedef struct store_change {
    yao_arena *arena;
    store_op  *claims, *last_claim;
    store_op  *rows, *last_row;
    int        lost_about; /* after YAO_E_EXISTS of a person: which look-up */

    yao_status           status; /* the writer's from here on */
    bool                 submitted;
    uint32_t             done; /* what who waits sleeps on: writer.c */
    struct store_change *next;
} store_change;

/** An empty change whose rows are noted in ARENA. A verb that does not fit
 *  makes the commit YAO_E_SPACE. */
store_change store_change_open(yao_arena *arena);

/**
 * Commit CHANGE and wait until it is durable.
 *
 * Errors  YAO_E_EXISTS     a claim to something new found it there
 *         YAO_E_NOT_FOUND  a claim to something old found nothing
 *         YAO_E_SPACE      the arena was too small for the change
 *         YAO_E_LOCKED     another process held the store for too long
 *         YAO_E_STORE      the engine failed
 *         Whatever the error, nothing of the change happened.
 */
YAO_MUST_USE yao_status store_commit(store *s, store_change *change);

/**
 * The same in two steps, for who has more to do meanwhile. CHANGE and all it
 * borrows must stay until store_wait() has returned its status, which is that
 * of store_commit().
 */
void                    store_submit(store *s, store_change *change);
YAO_MUST_USE yao_status store_wait(store *s, store_change *change);

/**
 * Commit any number of changes as one, too many to be held in memory at once.
 *
 * In      next  opens the next change into the pointer it is given, NULL when
 *               there is none; called by the writer's thread
 * Errors  those of store_commit(), those of NEXT; nothing happened then
 * Cost    nobody else commits meanwhile
 */
typedef yao_status (*store_next_change)(void *ctx, store_change **ret);
YAO_MUST_USE yao_status store_commit_all(store *s, store_next_change next,
                                         void *ctx);

/** How the writer has fared since it was opened. */
typedef struct store_counts {
    uint64_t groups;  /* transactions committed */
    uint64_t members; /* changes committed in them */
    uint64_t splits;  /* groups that were retried singly */
} store_counts;

/** Count since store_open(). */
store_counts store_get_counts(store *s);

/* ---- people ---- */

/** What a person can be looked up by; each is a keyed hash. The first three
 *  belong to one person at a time. */
typedef enum store_lookup_kind {
    STORE_BY_NUMBER          = 1,
    STORE_BY_DOCUMENT_NUMBER = 2,
    STORE_BY_PLATE           = 3,
    STORE_BY_HOUSEHOLD       = 4,
    STORE_BY_NAME_AND_BIRTH  = 5,
    STORE_BY_HOLDER          = 6 /* the ledger's hash of the number */
} store_lookup_kind;

typedef struct store_lookup {
    store_lookup_kind kind;
    yao_bytes         hash; /* STORE_HASH_LEN bytes */
} store_lookup;

/** Sealed parts of a person. */
typedef enum store_part_kind {
    STORE_RECORD         = 1,
    STORE_PORTRAIT       = 2,
    STORE_PORTRAIT_SMALL = 3
} store_part_kind;

typedef struct store_part {
    store_part_kind kind;
    yao_bytes       sealed;
} store_part;

typedef struct store_person {
    yao_bytes           id;          /* STORE_ID_LEN random bytes */
    int64_t             epoch;       /* of the key that wraps */
    yao_bytes           wrapped_key; /* empty: erased */
    yao_time            registered;
    const store_part   *parts;
    size_t              part_count;
    const store_lookup *lookups;
    size_t              lookup_count;
} store_person;

/** Register a person. Claims the id, that the epoch is open, and the look-ups
 *  that belong to one. */
void store_put_person(store_change *change, const store_person *person);

/** Add a look-up to PERSON, who is there and does not have it. Claims it when
 *  it belongs to one person. */
void store_put_lookup(store_change *change, yao_bytes person,
                      const store_lookup *lookup);

/**
 * All people that a look-up finds (one at most, for the first three kinds),
 * without parts and look-ups, in the order in which they were registered.
 *
 * Out     ret, count  in ARENA; 0 people are no error
 * Errors  YAO_E_SPACE, YAO_E_LOCKED, YAO_E_STORE
 */
YAO_MUST_USE yao_status store_list_persons(store *s, store_lookup lookup,
                                           yao_arena *arena, store_person **ret,
                                           size_t *count);

/** The one person that a look-up finds. Errors as above, and YAO_E_NOT_FOUND:
 *  none, or more than one. */
YAO_MUST_USE yao_status store_get_person(store *s, store_lookup lookup,
                                         yao_arena *arena, store_person *ret);

/** A sealed part. Errors as above; YAO_E_NOT_FOUND: that person has none. */
YAO_MUST_USE yao_status store_get_part(store *s, yao_bytes person,
                                       store_part_kind kind, yao_arena *arena,
                                       yao_bytes *ret);

/** How many people there are. */
YAO_MUST_USE yao_status store_count_persons(store *s, uint64_t *ret);

/**
 * Show every person's id, key and registered time, for checking and rekeying;
 * there is no list of people to browse. EACH returning another than YAO_OK
 * ends the walk with that status. The arena is wound back after each.
 */
typedef yao_status (*store_each_person)(void *ctx, const store_person *person);
YAO_MUST_USE yao_status store_walk_persons(store *s, yao_arena *arena,
                                           store_each_person each, void *ctx);

/** Up to LIMIT people whose keys are wrapped under EPOCH; who was erased has no
 *  key. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_epoch(store *s, int64_t epoch, size_t limit,
                                         yao_arena *arena, store_person **ret,
                                         size_t *count);

/** Put WRAPPED, of epoch AFTER, in the place of a key of epoch BEFORE; a claim:
 *  the person must be there with a key of BEFORE. */
typedef struct store_rewrap {
    yao_bytes id;
    int64_t   before, after;
    yao_bytes wrapped;
} store_rewrap;
void store_rewrap_person(store_change *change, const store_rewrap *rewrap);

/** Close EPOCH, whose key is to be destroyed: nobody is put under it any more.
 *  Claims that nobody is under it now, and that it is open: YAO_E_LOCKED. */
void store_close_epoch(store_change *change, int64_t epoch, yao_time now);

/** Begin EPOCH, perhaps again. */
void store_open_epoch(store_change *change, int64_t epoch);

/* ---- the ledger: what was issued ---- */

/** What became of a document, as a status list says it. */
typedef enum store_state {
    STORE_VALID     = 0,
    STORE_REVOKED   = 1, /* for good */
    STORE_SUSPENDED = 2
} store_state;

/** One signed copy, known by keyed hashes only. */
typedef struct store_copy {
    yao_bytes hash;         /* of the copy's bytes */
    yao_bytes key_hash;     /* of the device key it is bound to */
    int64_t   status_index; /* in the list of the batch */
} store_copy;

/** A batch of copies of one document in one format. */
typedef struct store_document {
    yao_bytes id;       /* STORE_ID_LEN random bytes */
    yao_bytes issuance; /* the same for batches that were made together, and
                           that are revoked together; STORE_ID_LEN bytes */
    yao_bytes         holder;  /* keyed hash of the person's number */
    yao_bytes         subject; /* keyed hash of which, of several; empty when
                                  read */
    yao_text          name;    /* catalogue name: "resident_id" */
    yao_text          format;
    yao_text          profile; /* of a card; else empty */
    yao_time          issued;
    yao_time          valid_until; /* of the copies */
    int64_t           level;       /* assurance level */
    yao_bytes         signer;      /* SHA-256 of its certificate */
    int64_t           state;       /* store_state; when read */
    int64_t           status_list; /* its number; 0: none */
    const store_copy *copies;
    size_t            copy_count; /* on reading: how many, without them */
} store_document;

/** What a lost claim of store_put_document() was about: an index of the
 *  status list has an owner. Others are to be drawn, and signed. */
#define STORE_ABOUT_STATUS 100

/** Or: the issuance was revoked or suspended while its batches were made, or
 *  the holder's document of this name and subject is suspended. (Or the id,
 *  which is drawn at random, is taken.) */
#define STORE_ABOUT_STATE 101

/** Or: a copy was ever bound to one of the device keys (misuse N179). */
#define STORE_ABOUT_KEY 102

/** Note a batch. Claims the id, that nothing of STORE_ABOUT_STATE is so, and
 *  for each copy its device key and an index of the list. */
void store_put_document(store_change *change, const store_document *document);

/** What HOLDER was issued, oldest first. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_documents(store *s, yao_bytes holder,
                                             yao_arena       *arena,
                                             store_document **ret,
                                             size_t          *count);

/** The batches of an issuance. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_issuance(store *s, yao_bytes issuance,
                                            yao_arena       *arena,
                                            store_document **ret,
                                            size_t          *count);

/** How many batches of document NAME, SUBJECT of HOLDER are suspended. */
YAO_MUST_USE yao_status store_count_suspended(store *s, yao_bytes holder,
                                              yao_text name, yao_bytes subject,
                                              uint64_t *ret);

/* ---- what became of it ---- */

/** A change of state of all batches of one issuance. */
typedef struct store_state_change {
    yao_bytes id;       /* STORE_ID_LEN random bytes */
    yao_bytes issuance;
    yao_time  at;
    int64_t   state;    /* store_state of the document */
    int64_t   copies;   /* store_state in the lists: where a document knows no
                           suspension, its copies are revoked instead */
    yao_text  reason;   /* a word, not of a person */
} store_state_change;

/** Claims that the issuance is in another state and not revoked: that is
 *  final (the engine itself refuses every way back). */
void store_put_state(store_change *change, const store_state_change *what);

/** What happened to an issuance, oldest first; without what became of the
 *  copies. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_states(store *s, yao_bytes issuance,
                                          yao_arena           *arena,
                                          store_state_change **ret,
                                          size_t              *count);

/** A status list. */
typedef struct store_status_list {
    int64_t  number; /* from 1 */
    int64_t  role;   /* the caller's: whose signer */
    int64_t  bits;   /* of an entry: 1 or 2 */
    int64_t  size;   /* entries */
    int64_t  allocated; /* of them; when read */
    yao_time opened;
    yao_time ends; /* until when the last copy is valid; 0: not known; when
                      read */
} store_status_list;

/** Open a list. Claims the number. */
void store_put_status_list(store_change            *change,
                           const store_status_list *list);

/** All, by number. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_status_lists(store *s, yao_arena *arena,
                                                store_status_list **ret,
                                                size_t             *count);

/** The list of ROLE and BITS that was opened last, and the highest number of
 *  all (0: none). Errors as store_get_person(). */
YAO_MUST_USE yao_status store_find_status_list(store *s, int64_t role,
                                               int64_t            bits,
                                               yao_arena         *arena,
                                               store_status_list *ret);
YAO_MUST_USE yao_status store_last_status_list(store *s, int64_t *ret);

/** Has INDEX of list NUMBER an owner? It may have one a moment later. */
YAO_MUST_USE yao_status store_has_status_index(store *s, int64_t number,
                                               int64_t index, bool *ret);

/** Show every index of list NUMBER that is not valid. EACH returning another
 *  than YAO_OK ends the walk with that status. */
typedef yao_status (*store_each_entry)(void *ctx, int64_t index,
                                       int64_t state);
YAO_MUST_USE yao_status store_walk_entries(store *s, int64_t number,
                                           store_each_entry each, void *ctx);

/** A list as it was signed. */
typedef struct store_status_token {
    int64_t   list;
    int64_t   version; /* 1, 2, 3 ... */
    yao_time  signed_at;
    yao_time  expires;
    yao_bytes jwt, cwt;
} store_status_token;

/** Keep what was signed instead of the last one. Claims that the version is
 *  the next one. */
void store_put_status_token(store_change             *change,
                            const store_status_token *token);

/** What was last signed of list NUMBER. Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_status_token(store *s, int64_t number,
                                               yao_arena          *arena,
                                               store_status_token *ret);

/* ---- relying parties ---- */

typedef enum store_party_state {
    STORE_PARTY_ACTIVE    = 1,
    STORE_PARTY_SUSPENDED = 2
} store_party_state;

typedef struct store_party {
    yao_text  code; /* unified social credit code */
    yao_text  name;
    yao_text  profiles; /* names with commas between: "hotel,age" */
    yao_text  legal_basis;
    int64_t   retention_days; /* 0: nothing is kept */
    int64_t   state;          /* store_party_state */
    yao_bytes certificate;    /* of its reader key, DER */
    yao_time  registered;
    yao_time  changed;
} store_party;

/** Register a party. Claims the code. */
void store_put_party(store_change *change, const store_party *party);

/** Change the state of a party; a claim: the party must be there and in
 *  another state. */
void store_set_party_state(store_change *change, yao_text code,
                           store_party_state state, yao_time now);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_party(store *s, yao_text code,
                                        yao_arena *arena, store_party *ret);

/** All, by code. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_parties(store *s, yao_arena *arena,
                                           store_party **ret, size_t *count);

/* ---- what may be used once ---------------------------------------------- */

typedef struct store_once {
    int64_t   kind;    /* the caller's: nonce, code, used jti ... */
    yao_bytes hash;    /* what it is known by */
    yao_time  expires; /* not found at this second any more */
    yao_bytes payload; /* given to who takes it; may be empty */
} store_once;

/** Claim that ONCE is new: the nonce just made, or the jti just seen. Of this
 *  claim and the next, a lost one is about its kind (change.lost_about). */
void store_put_once(store_change *change, const store_once *once);

/** The same, claiming as well that what HOLDS (kind, hash) names is there and
 *  not over at NOW. */
void store_put_once_while(store_change *change, const store_once *once,
                          const store_once *holds, yao_time now);

/** Claim what was put: it is gone then. RET (may be NULL) gets the payload,
 *  in the change's arena, when the commit succeeds. */
void store_take_once(store_change *change, int64_t kind, yao_bytes hash,
                     yao_time now, yao_bytes *ret);

/** Look at what was put, and leave it there: an access token is looked at many
 *  times. Errors: YAO_E_NOT_FOUND (also when it is expired), YAO_E_SPACE,
 *  YAO_E_LOCKED, YAO_E_STORE. */
YAO_MUST_USE yao_status store_get_once(store *s, int64_t kind, yao_bytes hash,
                                       yao_time now, yao_arena *arena,
                                       yao_bytes *ret);

/** Remove what was put, if it is there: no claim. */
void store_drop_once(store_change *change, int64_t kind, yao_bytes hash);

/** Forget what is expired at NOW, the oldest first, and not many more than this
 *  (what expires in one second goes together): what has gathered while nobody
 *  forgot must not hold up a group for longer than an engine waits. */
#define STORE_FORGET_MOST 50000
void store_forget_once(store_change *change, yao_time now);

/** Forget all of it. */
void store_end_once(store_change *change);

/* ---- what the audit log will be told ------------------------------------ */

/** A row that waits for the log; without personal values. */
typedef struct store_event {
    yao_bytes id; /* STORE_ID_LEN bytes, random but for their order */
    yao_time  at;
    yao_text  kind;    /* "document.issue" */
    yao_bytes subject; /* keyed hash of a person's number, or empty */
    yao_text  detail;  /* JSON */
} store_event;

/** Queue EVENT for the log, in the same transaction. */
void store_put_event(store_change *change, const store_event *event);

/** The oldest LIMIT rows that wait. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_events(store *s, size_t limit,
                                          yao_arena *arena, store_event **ret,
                                          size_t *count);

/* ---- leading: one process does what needs one writer --------------------- */

/**
 * Take, or go on holding, the lease NAME. Who holds it does what only one
 * process may do (the order of the log, signing lists); each taking by another
 * owner gives a higher fence.
 *
 * In      owner    STORE_ID_LEN random bytes of this process
 *         seconds  how long it is held from NOW, 1..86400
 * Out     fence    for store_put_fence()
 * Errors  YAO_E_LOCKED  somebody else holds it;  those of store_commit()
 *         YAO_E_USAGE   NOW or SECONDS is out of range
 *
 * A lease that ends more than a minute after what a taker of now could have
 * asked for is given away: its owner's clock, or ours, was set back. Clocks
 * only decide who leads; that no two write is decided by the fence.
 */
YAO_MUST_USE yao_status store_take_lease(store *s, yao_text name,
                                         yao_bytes owner, yao_time now,
                                         int64_t seconds, int64_t *fence);

/** Give it back. Errors: those of store_commit(). */
YAO_MUST_USE yao_status store_give_lease(store *s, yao_text name,
                                         yao_bytes owner);

/** Claim that the lease NAME still has this FENCE: a leader that was thought
 *  dead writes nothing. Lost: YAO_E_NOT_FOUND. */
void store_put_fence(store_change *change, yao_text name, int64_t fence);

/* ---- facts about the store itself --------------------------------------- */

/** Note a fact. Claims the name. */
void store_put_fact(store_change *change, yao_text name, yao_bytes value);

/** Put VALUE in the place of BEFORE. Claims that BEFORE is there: of two who
 *  read the same, one wins, the other's commit is YAO_E_NOT_FOUND. */
void store_replace_fact(store_change *change, yao_text name, yao_bytes before,
                        yao_bytes value);

/** Forget the fact NAME, if it is there. */
void store_drop_fact(store_change *change, yao_text name);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_fact(store *s, yao_text name,
                                       yao_arena *arena, yao_bytes *ret);

/**
 * Ask the engine whether its file is whole: pages, indexes, references.
 *
 * Errors  YAO_E_MISMATCH  it is not;  YAO_E_STORE  it could not be asked
 */
YAO_MUST_USE yao_status store_check(store *s);

/**
 * What was removed is to be gone from the engine's files: SQLite's log is moved
 * into the file, where removed rows are overwritten, and emptied. Others have
 * tools of their own, which are not run here (VACUUM, and what becomes of old
 * logs).
 *
 * Errors  YAO_E_LOCKED  somebody reads or writes: try again later
 *         YAO_E_STORE
 */
YAO_MUST_USE yao_status store_tidy(store *s);

#endif
