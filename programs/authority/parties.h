/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_PARTIES_H
#define YAO_AUTHORITY_PARTIES_H

/** Relying parties between what is asked for and the store: checked, certified,
 *  noted. For `party register` and for the console. */

#include "authority/authority.h"
#include "document/document.h"

#define PARTIES_MAX_NAME 40
#define PARTIES_MAX_PROFILES 32

/** Who is to be registered. */
typedef struct parties_wish {
    store_party        party; /* profiles: of parties_check() */
    yao_text           profiles[PARTIES_MAX_PROFILES];
    const yao_profile *known[PARTIES_MAX_PROFILES];
    size_t             profile_count;
    yao_text           host; /* empty: none */
    yao_public_key     key;  /* of its reader */
} parties_wish;

/** Add the profile NAME. Errors: YAO_E_VALUE: there is none; YAO_E_DUPLICATE;
 *  YAO_E_LIMIT. */
YAO_MUST_USE yao_status parties_add_profile(const yao_catalogue *c,
                                            yao_text name, parties_wish *w);

/** The longest that its profiles allow, in days. */
int64_t parties_most_days(const parties_wish *w);

/** Is TEXT a line of text that may be a name? */
bool parties_is_line(yao_text text);

/**
 * Join the profiles; take the first one's legal basis when none is given.
 *
 * Errors  YAO_E_VALUE   code, name, legal basis or retention may not be
 *         YAO_E_MISSING no profile;  YAO_E_SPACE
 */
YAO_MUST_USE yao_status parties_check(const yao_catalogue *c, parties_wish *w,
                                      yao_arena *arena);

/** Its reader certificate, signed by the registrar, into w->party.certificate.
 *  Errors: YAO_E_NOT_FOUND: the registrar's key is kept elsewhere; those of
 *  ca_open() and ca_sign(). */
YAO_MUST_USE yao_status parties_certify(const authority *a, parties_wish *w,
                                        yao_time now, yao_arena *arena);

/** Register it, active, in CHANGE, with the event. */
YAO_MUST_USE yao_status parties_put(store_change *change, yao_arena *arena,
                                    store_party *party, yao_time now);

/** Suspend it, or lift that, in CHANGE, with the event; the claim is that of
 *  store_set_party_state(). */
YAO_MUST_USE yao_status parties_put_state(store_change *change,
                                          yao_arena *arena, yao_text code,
                                          store_party_state state,
                                          yao_time          now);

/** "active", "suspended". */
const char *parties_state_word(int64_t state);

/** The members of a party as answers and listings have them. */
void parties_put_members(yao_writer *w, bool *first, const store_party *party);

#endif
