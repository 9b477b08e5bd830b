/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DEMO_PEOPLE_H
#define YAO_DEMO_PEOPLE_H

/** The ten fictitious people of the demo, packed in from people.jsonl. */

#include "yaopai/base.h"

enum { YAO_DEMO_PEOPLE = 10, YAO_DEMO_DOCUMENTS = 7 };

/** One of them, and to which documents they are entitled (catalogue names). */
typedef struct yao_demo_person {
    char        number[20];
    char        name[40];
    const char *documents[YAO_DEMO_DOCUMENTS];
    size_t      document_count;
} yao_demo_person;

/**
 * Write people.jsonl and the drawn portraits that it names into FOLDER.
 *
 * Out     numbers  of the people in their order, each with a NUL
 * Errors  YAO_E_FILE, YAO_E_SPACE; YAO_E_MALFORMED: the packed file is broken
 */
YAO_MUST_USE yao_status yao_demo_write_people(
    const char *folder, char numbers[YAO_DEMO_PEOPLE][20]);

/** Who they are, in their order. Errors: YAO_E_SPACE, YAO_E_MALFORMED. */
YAO_MUST_USE yao_status yao_demo_read_people(
    yao_demo_person ret[YAO_DEMO_PEOPLE]);

#endif
