/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_ISSUANCE_MAKING_H
#define YAO_ISSUANCE_MAKING_H

/**
 * What the files of this folder share: a document in the making. Its first
 * failure sticks; problems with values are collected. Not for others.
 */

#include "issuance/issuance.h"

/** One entry of driving_privileges. */
typedef struct yao_making_privilege {
    yao_text category;
    bool     automatic; /* code 78 */
} yao_making_privilege;

enum { YAO_MAKING_PRIVILEGES = 16 };

/** A value before it is encoded; its element's type says which member. */
typedef struct yao_making_value {
    bool                        present;
    yao_text                    text;   /* TEXT, CODE; UINTS as "10|95" */
    uint64_t                    number; /* UINT */
    bool                        truth;  /* BOOL */
    yao_date                    day;    /* DATE, TIME */
    yao_bytes                   image;  /* IMAGE */
    const yao_making_privilege *privileges;
    size_t                      privilege_count;
    yao_date                    first_issue; /* of the privileges */
    yao_date                    expiry;
    struct yao_making_value    *parts; /* MAP: one for each part */
} yao_making_value;

/** An element with its value, and the page of the booklet it stands on. */
typedef struct yao_making_entry {
    const yao_element *element;
    unsigned           page; /* 0: none */
    yao_making_value   value;
} yao_making_entry;

typedef struct yao_making {
    yao_arena                *arena;
    const yao_issuance_input *input;
    yao_date                  today;
    yao_status                status; /* the first failure; sticky */
    yao_problems             *problems;
    const yao_json           *vehicle; /* the chosen one, or NULL */
    size_t                    household; /* how many it has */
    yao_making_entry         *entries;
    size_t                    entry_count;
    size_t                    entry_cap;
} yao_making;

/** Start; fails when NOW is out of range. */
yao_making yao_making_open(yao_arena *arena, const yao_issuance_input *input,
                           yao_problems *problems);

/** What PATH names in RECORD, or NULL. "vehicle." is the chosen vehicle. */
const yao_json *yao_making_find(const yao_making *m, const yao_json *record,
                                yao_text path);

/** The text, the day, the truth of a node: false when it is none. */
bool yao_making_text(yao_making *m, const yao_json *node, yao_text *ret);
bool yao_making_day(yao_making *m, const yao_json *node, yao_date *ret);
bool yao_making_truth(const yao_json *node);

/** The last day of the document: false when it has none. 9999-12-31 when it
 *  is long-term. */
bool yao_making_last_day(yao_making *m, const yao_json *record, yao_date *ret);

/** The finding of entitled.c. */
yao_finding yao_making_entitled(yao_making *m);

/** The value of E in RECORD, checked, problems said for page PAGE. */
yao_making_value yao_making_make(yao_making *m, const yao_element *e,
                                 const yao_json *record, unsigned page);

/** A value that is not simply taken from the record. */
yao_making_value yao_making_derive(yao_making *m, const yao_element *e,
                                   const yao_json *record);

/** All entries: the document's own, and the pages of the booklet. */
void yao_making_fill(yao_making *m);
void yao_making_pages(yao_making *m);
void yao_making_add(yao_making *m, const yao_element *e, const yao_json *record,
                    unsigned page);

/** TEMPLATE with its "01" at AT and AT + 1 replaced by PAGE. */
yao_text yao_making_paged(yao_making *m, yao_text template, size_t at,
                          unsigned page);

/** Write the values. */
void yao_making_encode(yao_making *m, yao_issuance_document *ret);
void yao_making_claims(yao_making *m, yao_issuance_document *ret);

#endif
