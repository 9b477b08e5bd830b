/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_OAUTH_FORM_H
#define YAO_OAUTH_FORM_H

/**
 * application/x-www-form-urlencoded, and the query of an address: strict.
 *
 *     yao_form form;
 *     YAO_TRY(yao_form_read(arena, body, &form));
 *     const yao_text *code = yao_form_get(&form, "code");  // NULL: absent
 *
 * A name twice is refused (RFC 6749 section 3.1): two parsers on the way would
 * take different ones. A parameter without a value is as if it were not there
 * (the same section).
 */

#include "oauth/oauth.h"

typedef struct yao_form_field {
    yao_text name, value;
} yao_form_field;

/** Views into the input, or into the arena where something was escaped. */
typedef struct yao_form {
    const yao_form_field *fields;
    size_t                count;
} yao_form;

/**
 * Read a form.
 *
 * Shape   [ name "=" value *( "&" name "=" value ) ]; "+" is a blank, "%hh" a
 *         byte; names and values are UTF-8 without control letters
 * Out     ret  without the fields whose value is empty
 * Errors  YAO_E_MALFORMED  no "=", a bad escape, a letter that must be escaped,
 *                          a control letter, an empty name or field
 *         YAO_E_DUPLICATE  a name twice, empty values included
 *         YAO_E_UTF8       not UTF-8 once unescaped
 *         YAO_E_LIMIT      more than YAO_OAUTH_MAX_FIELDS
 *         YAO_E_SPACE      the arena is full
 * Source  URL standard 5.1, narrowed; RFC 6749 section 3.1, appendix B
 */
YAO_MUST_USE yao_status yao_form_read(yao_arena *arena, yao_bytes input,
                                      yao_form *ret);

/** The value of NAME, or NULL. */
const yao_text *yao_form_get(const yao_form *form, const char *name);

/** The same; an empty text when it is absent. */
yao_text yao_form_text(const yao_form *form, const char *name);

/** Write `name=value`, escaped, after "&" for all but the first. Nothing is
 *  written when VALUE is empty. */
void yao_form_put(yao_writer *w, bool *first, const char *name, yao_text value);

/** Escape VALUE as it stands in a form or a query. */
void yao_form_put_escaped(yao_writer *w, yao_text value);

#endif
