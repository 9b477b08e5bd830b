/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DOCUMENT_LOAD_H
#define YAO_DOCUMENT_LOAD_H

/**
 * What the files load*.c share: a loader whose first failure sticks, and
 * getters that go on giving empty values after it. Not for others.
 */

#include "document/document.h"

typedef struct yao_loader {
    yao_arena           *arena;
    yao_document_trouble trouble;
    yao_status           status; /* the first failure; sticky */
    yao_code_list       *lists;  /* with room for all files */
    size_t               list_count;
    yao_group           *groups;
    size_t               group_count;
    yao_definition      *definitions;
    size_t               definition_count;
    yao_profile         *profiles;
    size_t               profile_count;
} yao_loader;

/** Record a failure unless one stands. */
void yao_loader_fail(yao_loader *l, yao_status status, const char *what);

/** Fail when it is not YAO_OK; and when OK is false, as malformed. */
void yao_loader_try(yao_loader *l, yao_status status, const char *what);
void yao_loader_want(yao_loader *l, bool ok, const char *what);

/** NODE is an object and has no members but NAMES, which end in NULL. */
void yao_loader_only(yao_loader *l, const yao_json *node,
                     const char *const *names);

/** A member. Absent ones give empty values, REQUIRED ones fail. */
yao_text  yao_loader_text(yao_loader *l, const yao_json *node,
                          const char *name, bool required);
uint32_t  yao_loader_number(yao_loader *l, const yao_json *node,
                            const char *name, uint32_t absent);
bool      yao_loader_bool(yao_loader *l, const yao_json *node,
                          const char *name);
yao_label yao_loader_label(yao_loader *l, const yao_json *node,
                           const char *name);

/** An array of different texts; COUNT of them. */
const yao_text *yao_loader_texts(yao_loader *l, const yao_json *node,
                                 const char *name, size_t *count);

/** An array, or NULL. Its items follow by ->first, ->next. */
const yao_json *yao_loader_array(yao_loader *l, const yao_json *node,
                                 const char *name);

/** A word of those that NAME_OF gives for 1..LAST; 0 when absent. */
unsigned yao_loader_word(yao_loader *l, const yao_json *node, const char *name,
                         const char *(*name_of)(unsigned), unsigned last,
                         bool required);

/** Memory for COUNT things; fails, and gives NULL, when there is none. */
void *yao_loader_take(yao_loader *l, size_t count, size_t size);

/** One definition, one profile. */
void yao_loader_definition(yao_loader *l, const yao_json *root);
void yao_loader_profile(yao_loader *l, const yao_json *root);

/** May the value of an element of TYPE stand under LABEL of claim 169? */
bool yao_claim_169_takes(uint32_t label, yao_element_type type);

#endif
