/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_OFFICER_H
#define YAO_AUTHORITY_ENROL_OFFICER_H

/**
 * What takes two operators: one decides, another one confirms that decision or
 * gives the case back. Who they are and what they may is told by the console,
 * and looked at here again, whatever the console's page did.
 */

#include "app/route.h"
#include "authority/enrol/enrol.h"

typedef struct enrol_operator {
    yao_bytes id;    /* STORE_ID_LEN bytes */
    int       roles; /* app_role, a mask */
} enrol_operator;

/** Decide ID: "accept" or "refuse". A clerk, officer or supervisor may.
 *
 *  Errors  YAO_E_NOT_AUTHORISED  no operator, or none of these roles
 *          YAO_E_VALUE           another word
 *          YAO_E_NOT_FOUND       no such case, or it is not open
 *          those of store_commit()
 */
YAO_MUST_USE yao_status enrol_decide(const enrol          *e,
                                     const enrol_operator *who, yao_bytes id,
                                     yao_text decision);

/** Confirm DECISION. An officer or supervisor may, but never who decided.
 *
 *  Errors  YAO_E_NOT_AUTHORISED  no operator, or none of these roles
 *          YAO_E_EXISTS          the same officer ("SAME_OFFICER")
 *          YAO_E_REFUSED         who decided is no operator any more, or has
 *                                none of these roles: give it back
 *          YAO_E_MISMATCH        not decided, decided otherwise, or closed
 *          YAO_E_NOT_FOUND, those of store_commit()
 */
YAO_MUST_USE yao_status enrol_confirm(const enrol          *e,
                                      const enrol_operator *who, yao_bytes id,
                                      yao_text decision);

/** Give it back: it is open again. Errors as enrol_confirm(). */
YAO_MUST_USE yao_status enrol_give_back(const enrol          *e,
                                        const enrol_operator *who,
                                        yao_bytes             id);

#endif
