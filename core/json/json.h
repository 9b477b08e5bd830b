/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_JSON_H
#define YAO_JSON_H

/**
 * JSON (RFC 8259), strict, as a tree of views into the text.
 *
 *     const yao_json *root;
 *     YAO_TRY(yao_json_parse(&arena, text, &root));
 *     const yao_json *iss = yao_json_get(root, "iss");
 *     YAO_TRY(yao_json_string(iss, &arena, &issuer));
 *
 * Refused: repeated names (compared after unescaping), lone surrogates,
 * control letters in strings, leading zeros, trailing bytes, a byte order
 * mark, invalid UTF-8. Numbers are exact integers or are left as text.
 *
 * Limits   depth YAO_MAX_DEPTH, values YAO_MAX_JSON_NODES, members
 *          YAO_MAX_MAP_ENTRIES
 * Memory   one node a value in the arena; names, strings and numbers are views
 *          into the text and live as long as it does
 */

#include "yaopai/arena.h"
#include "yaopai/limits.h"
#include "yaopai/writer.h"

typedef enum yao_json_kind {
    YAO_JSON_NULL = 1,
    YAO_JSON_BOOL,
    YAO_JSON_NUMBER,
    YAO_JSON_STRING,
    YAO_JSON_ARRAY,
    YAO_JSON_OBJECT
} yao_json_kind;

typedef struct yao_json {
    yao_json_kind          kind;
    bool                   escaped;      /* a string with backslashes */
    bool                   name_escaped; /* likewise its name */
    bool                   truth;        /* of a BOOL */
    uint32_t               count;        /* items or members */
    uint32_t               name_mark;    /* the parser's */
    yao_text               name;  /* raw, of a member; empty for an item */
    yao_text               raw;   /* the value as it stands; a string without
                                     its quotes */
    const struct yao_json *first; /* child */
    const struct yao_json *next;  /* sibling */
} yao_json;

/**
 * Parse exactly one JSON text.
 *
 * Out     ret  written only on YAO_OK; lives as long as ARENA and TEXT
 * Errors  YAO_E_TRUNCATED  ends early      YAO_E_MALFORMED  not JSON
 *         YAO_E_TRAILING   bytes after it  YAO_E_DUPLICATE  a name twice
 *         YAO_E_UTF8       not UTF-8, or a lone surrogate escape
 *         YAO_E_LIMIT      depth, number of values or members, or names made
 *                          so that comparing them is dear
 *         YAO_E_SPACE      the arena is full
 * Source  RFC 8259; RFC 8725 section 2.4 (repeated names)
 * Cost    one pass; repeated names are looked for per object
 */
YAO_MUST_USE yao_status yao_json_parse(yao_arena *arena, yao_bytes text,
                                       const yao_json **ret);

/** The same of a text that is an object; anything else: YAO_E_MALFORMED. */
YAO_MUST_USE yao_status yao_json_parse_object(yao_arena *arena, yao_bytes text,
                                              const yao_json **ret);

/** As yao_json_parse(), for what a server says of itself and of all that it
 *  offers: YAO_MAX_METADATA_NODES values. */
YAO_MUST_USE yao_status yao_json_parse_metadata(yao_arena *arena,
                                                yao_bytes  text,
                                                const yao_json **ret);

/** As yao_json_parse(); on failure OFFSET says where in TEXT. For messages to
 *  people. */
YAO_MUST_USE yao_status yao_json_parse_at(yao_arena *arena, yao_bytes text,
                                          const yao_json **ret, size_t *offset);

/** The member NAME (a literal) of OBJECT, or NULL: no such member, not an
 *  object, or NULL itself. */
const yao_json *yao_json_get(const yao_json *object, const char *name);
const yao_json *yao_json_get_text(const yao_json *object, yao_text name);

/** Is VALUE a string equal to LITERAL, after unescaping? NULL gives false. */
bool yao_json_is(const yao_json *value, const char *literal);
bool yao_json_is_text(const yao_json *value, yao_text text);

/** Is the member VALUE named NAME? Have two members the same name? */
bool yao_json_named(const yao_json *value, yao_text name);
bool yao_json_same_name(const yao_json *a, const yao_json *b);

/**
 * The value of a string, unescaped (into ARENA only when it has escapes); the
 * name of a member.
 *
 * Errors  YAO_E_MISSING    VALUE is NULL
 *         YAO_E_MALFORMED  not a string
 *         YAO_E_SPACE      the arena is full
 */
YAO_MUST_USE yao_status yao_json_string(const yao_json *value, yao_arena *arena,
                                        yao_text *ret);
YAO_MUST_USE yao_status yao_json_name(const yao_json *value, yao_arena *arena,
                                      yao_text *ret);

/**
 * The value of an integer.
 *
 * Errors  YAO_E_MISSING    VALUE is NULL
 *         YAO_E_MALFORMED  not a number, or with fraction or exponent
 *         YAO_E_LIMIT      outside of int64
 */
YAO_MUST_USE yao_status yao_json_int(const yao_json *value, int64_t *ret);

/** The value of true or false. Errors: YAO_E_MISSING, YAO_E_MALFORMED. */
YAO_MUST_USE yao_status yao_json_bool(const yao_json *value, bool *ret);

/* ---- writing: no spaces, shortest escapes. The caller puts commas with
 * yao_json_put_next() before each item but the first. ---- */

void yao_json_put_string(yao_writer *w, yao_text value);
void yao_json_put_int(yao_writer *w, int64_t value);
void yao_json_put_bool(yao_writer *w, bool value);

/** Strings of the letters of VALUE. */
void yao_json_put_hex(yao_writer *w, yao_bytes value);
void yao_json_put_base64url(yao_writer *w, yao_bytes value);

/** ` "name":` of a member; FIRST is cleared, and a comma precedes all but the
 *  first. */
void yao_json_put_name(yao_writer *w, bool *first, const char *name);
void yao_json_put_name_text(yao_writer *w, bool *first, yao_text name);

/** Whole members: yao_json_put_name() and a value. */
void yao_json_put_member(yao_writer *w, bool *first, const char *name,
                         yao_text value);
void yao_json_put_member_int(yao_writer *w, bool *first, const char *name,
                             int64_t value);
void yao_json_put_member_bool(yao_writer *w, bool *first, const char *name,
                              bool value);
void yao_json_put_member_hex(yao_writer *w, bool *first, const char *name,
                             yao_bytes value);
void yao_json_put_member_base64url(yao_writer *w, bool *first, const char *name,
                                   yao_bytes value);

/** A member, unless VALUE is empty. */
void yao_json_put_optional(yao_writer *w, bool *first, const char *name,
                           yao_text value);

/** A comma before all items but the first. */
void yao_json_put_next(yao_writer *w, bool *first);

/** A whole tree, strings and numbers as they stood in the text. Deeper than
 *  YAO_MAX_DEPTH records YAO_E_LIMIT. */
void yao_json_put_value(yao_writer *w, const yao_json *value);

#endif
