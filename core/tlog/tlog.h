/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TLOG_H
#define YAO_TLOG_H

/**
 * A log that cannot be quietly shortened: hashes and proofs of its Merkle tree
 * (RFC 6962, SHA-256), and its checkpoints as signed notes (C2SP).
 * docs/formats/tlog.md has every byte.
 *
 * Whoever checks asks for one head first, and then what it contains:
 *
 *     YAO_TRY(yao_tlog_note_read(&arena, input, &note));
 *     YAO_TRY(yao_tlog_note_begin(&arena, &note, keys, 2, &signed));
 *     YAO_TRY(crypto->verify(crypto->ctx, signed.checks, signed.check_count));
 *     YAO_TRY(yao_tlog_checkpoint_conclude(&signed, origin, &head));
 *     YAO_TRY(yao_tlog_verify_inclusion(crypto, &claim, proof, count,
 *                                       &head.root));
 *
 * Whoever proves asks for a plan, fetches the hashes that it names from
 * wherever they are kept, and has them put together. Nothing here holds a
 * tree.
 *
 * Limits  sizes up to YAO_TLOG_MAX_SIZE, YAO_TLOG_MAX_SIGNATURES signatures
 * Memory  results that are views live as long as the input and the arena
 */

#include "crypto/algorithms.h"
#include "yaopai/limits.h"

#define YAO_TLOG_MAX_SIZE       ((uint64_t)INT64_MAX)
#define YAO_TLOG_MAX_SIGNATURES 16 /* what C2SP demands of every reader */
#define YAO_TLOG_MAX_PROOF      64
#define YAO_TLOG_MAX_NODES      128

typedef struct yao_tlog_hash {
    uint8_t bytes[YAO_SHA256_LEN];
} yao_tlog_hash;

/* ---- hashes ------------------------------------------------------------- */

/**
 * The hash of an entry, and of the node above two.
 *
 * Errors  YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home failed
 * Source  RFC 6962 section 2.1
 */
YAO_MUST_USE yao_status yao_tlog_hash_leaf(const yao_crypto *crypto,
                                           yao_bytes         entry,
                                           yao_tlog_hash    *ret);
YAO_MUST_USE yao_status yao_tlog_hash_node(const yao_crypto    *crypto,
                                           const yao_tlog_hash *left,
                                           const yao_tlog_hash *right,
                                           yao_tlog_hash       *ret);

/* ---- proofs, checked ---------------------------------------------------- */

/** Which leaf stands where. SIZE is that of the head with the root. */
typedef struct yao_tlog_claim {
    yao_tlog_hash leaf;
    uint64_t      index, size;
} yao_tlog_claim;

/**
 * Does the claim hold in the tree with this root?
 *
 * Errors  YAO_E_BAD_DIGEST  the proof leads to another root
 *         YAO_E_MALFORMED   another number of hashes than these sizes give;
 *                           no such index
 *         YAO_E_LIMIT       a size above YAO_TLOG_MAX_SIZE
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home failed
 * Source  RFC 6962 section 2.1.1; RFC 9162 section 2.1.3.2
 * Cost    a hash for each of the proof
 */
YAO_MUST_USE yao_status yao_tlog_verify_inclusion(const yao_crypto     *crypto,
                                                  const yao_tlog_claim *claim,
                                                  const yao_tlog_hash  *proof,
                                                  size_t                count,
                                                  const yao_tlog_hash  *root);

/** A head without its signatures. */
typedef struct yao_tlog_head {
    uint64_t      size;
    yao_tlog_hash root;
} yao_tlog_head;

/**
 * Is the tree of FIRST the beginning of that of SECOND?
 *
 * Errors  YAO_E_BAD_DIGEST  it is not, by this proof; the empty tree with
 *                           another root than its own
 *         YAO_E_MALFORMED   another number of hashes than these sizes give;
 *                           FIRST is larger
 *         YAO_E_LIMIT, YAO_E_CRYPTO, YAO_E_UNSUPPORTED  as above
 * Source  RFC 6962 section 2.1.2; RFC 9162 section 2.1.4.2
 * Cost    at most two hashes for each of the proof
 */
YAO_MUST_USE yao_status yao_tlog_verify_consistency(
    const yao_crypto *crypto, const yao_tlog_head *first,
    const yao_tlog_head *second, const yao_tlog_hash *proof, size_t count);

/* ---- proofs, made ------------------------------------------------------- */

/** The root of the 2^level leaves from index * 2^level on; all are there. */
typedef struct yao_tlog_node {
    uint64_t index;
    uint8_t  level;
} yao_tlog_node;

/** Which nodes are needed, and how many of them make each hash of a proof. */
typedef struct yao_tlog_plan {
    yao_tlog_node nodes[YAO_TLOG_MAX_NODES];
    size_t        node_count;
    uint8_t       widths[YAO_TLOG_MAX_PROOF];
    size_t        hash_count; /* how long the proof will be */
} yao_tlog_plan;

/**
 * Plan the root of a tree (a proof of one hash), that a leaf is in it, that a
 * smaller tree is its beginning.
 *
 * Errors  YAO_E_USAGE  no such index; FIRST above SECOND
 *         YAO_E_LIMIT  a size above YAO_TLOG_MAX_SIZE
 * Source  RFC 6962 sections 2.1, 2.1.1, 2.1.2
 */
YAO_MUST_USE yao_status yao_tlog_plan_root(uint64_t size, yao_tlog_plan *ret);
YAO_MUST_USE yao_status yao_tlog_plan_inclusion(uint64_t index, uint64_t size,
                                                yao_tlog_plan *ret);
YAO_MUST_USE yao_status yao_tlog_plan_consistency(uint64_t first,
                                                  uint64_t second,
                                                  yao_tlog_plan *ret);

/**
 * Make the proof.
 *
 * In      hashes  of plan->nodes, in their order
 * Out     proof   room for plan->hash_count
 * Errors  YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home failed
 */
YAO_MUST_USE yao_status yao_tlog_prove(const yao_crypto    *crypto,
                                       const yao_tlog_plan *plan,
                                       const yao_tlog_hash *hashes,
                                       yao_tlog_hash       *proof);

/* ---- keys --------------------------------------------------------------- */

enum { YAO_TLOG_KEY_ID = 4 };

/** Who signs notes: a name, and a key by the algorithm that it is for. */
typedef struct yao_tlog_key {
    yao_text       name;
    yao_sig_alg    alg; /* YAO_ED25519 or YAO_ES256 */
    yao_public_key key;
    uint8_t        id[YAO_TLOG_KEY_ID];
} yao_tlog_key;

/**
 * Make one of a public key.
 *
 * Errors  YAO_E_KEY    not on edwards25519 or P-256, or compressed
 *         YAO_E_VALUE  a name that is empty, or has a space, a control letter
 *                      or a plus
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home failed
 * Source  C2SP signed-note, Signatures
 */
YAO_MUST_USE yao_status yao_tlog_key_make(const yao_crypto *crypto,
                                          yao_text          name,
                                          const yao_public_key *key,
                                          yao_tlog_key         *ret);

/**
 * Read one, as logs publish it.
 *
 * Shape   name "+" 8 hex digits "+" BASE64(type || key)
 * Errors  YAO_E_MALFORMED  another shape or type
 *         YAO_E_MISMATCH   the digits are not this key's
 *         YAO_E_BASE64, YAO_E_UTF8, and those of yao_tlog_key_make()
 */
YAO_MUST_USE yao_status yao_tlog_key_read(const yao_crypto *crypto,
                                          yao_bytes text, yao_tlog_key *ret);

/** Write it. */
void yao_tlog_key_put(yao_writer *w, const yao_tlog_key *key);

/* ---- notes -------------------------------------------------------------- */

/** The next line of REST without its end; false: none is left that ends. */
bool yao_tlog_line(yao_bytes *rest, yao_bytes *line);

typedef struct yao_tlog_signature {
    yao_text  name;
    yao_bytes id;        /* YAO_TLOG_KEY_ID bytes */
    yao_bytes signature; /* as the type of the key has it */
} yao_tlog_signature;

/** A note that nobody has checked. */
typedef struct yao_tlog_note {
    yao_bytes          text;
    yao_tlog_signature signatures[YAO_TLOG_MAX_SIGNATURES];
    size_t             signature_count;
} yao_tlog_note;

/**
 * Read a note.
 *
 * Errors  YAO_E_MALFORMED  another shape, a control letter, a name that may
 *                          not be, a signature of nothing
 *         YAO_E_BASE64     of a signature
 *         YAO_E_UTF8
 *         YAO_E_LIMIT      more than YAO_TLOG_MAX_SIGNATURES, or longer than
 *                          YAO_MAX_MESSAGE
 *         YAO_E_SPACE      the arena is full
 * Source  C2SP signed-note, Format
 */
YAO_MUST_USE yao_status yao_tlog_note_read(yao_arena *arena, yao_bytes input,
                                           yao_tlog_note *ret);

/** What a home is to check; the text only once it has. */
typedef struct yao_tlog_signed {
    yao_bytes            text;
    yao_signature_check *checks;
    size_t               check_count;
} yao_tlog_signed;

/**
 * What must be checked so that the note is signed by one of KEYS.
 *
 * Errors  YAO_E_UNTRUSTED      none of the signatures is of one of them
 *         YAO_E_BAD_SIGNATURE  one is, and has another shape than its type
 *         YAO_E_SPACE          the arena is full
 */
YAO_MUST_USE yao_status yao_tlog_note_begin(yao_arena           *arena,
                                            const yao_tlog_note *note,
                                            const yao_tlog_key  *keys,
                                            size_t               count,
                                            yao_tlog_signed     *ret);

/**
 * Give the text, when at least one check is good, and none is bad.
 *
 * Errors  YAO_E_BAD_SIGNATURE  one is bad
 *         YAO_E_CRYPTO         one was not looked at
 *         YAO_E_UNSUPPORTED    the home has none of the algorithms
 *         YAO_E_UNTRUSTED      there are none
 * Source  C2SP signed-note: "clients SHOULD reject the whole note"
 */
YAO_MUST_USE yao_status yao_tlog_note_conclude(const yao_tlog_signed *note,
                                               yao_bytes             *ret);

/** Append a signature line of KEY. SIGNATURE is r || s, or that of Ed25519, of
 *  the text; an empty line stands between the text and the first. Another
 *  length records YAO_E_USAGE. */
void yao_tlog_put_signature(yao_writer *w, const yao_tlog_key *key,
                            yao_bytes signature);

/* ---- checkpoints -------------------------------------------------------- */

/** What a log said of itself, and signed. */
typedef struct yao_tlog_checkpoint {
    yao_text      origin;
    yao_tlog_head head;
    yao_bytes     extra; /* further lines, as they stand */
} yao_tlog_checkpoint;

/**
 * As yao_tlog_note_conclude(), and read what was signed.
 *
 * In      origin  of the log that was asked
 * Errors  those of yao_tlog_note_conclude()
 *         YAO_E_MISMATCH   it is another log's
 *         YAO_E_MALFORMED  no checkpoint: a line is missing or empty, a size
 *                          with other letters or a zero in front, a root of
 *                          another length
 *         YAO_E_BASE64     of the root
 *         YAO_E_LIMIT      a size above YAO_TLOG_MAX_SIZE
 * Source  C2SP tlog-checkpoint
 */
YAO_MUST_USE yao_status yao_tlog_checkpoint_conclude(
    const yao_tlog_signed *note, yao_text origin, yao_tlog_checkpoint *ret);

/** Append the text of a checkpoint, to be signed as it stands. An ORIGIN that
 *  is empty or has control letters, or a size above the limit, records
 *  YAO_E_USAGE. */
void yao_tlog_put_checkpoint(yao_writer *w, yao_text origin,
                             const yao_tlog_head *head);

#endif
