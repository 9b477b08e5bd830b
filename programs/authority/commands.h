/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_COMMANDS_H
#define YAO_AUTHORITY_COMMANDS_H

/** The commands of the authority; cli lists them. */

#include "app/command.h"
#include "app/handover.h"

extern const yao_command yao_authority_init;
extern const yao_command yao_authority_serve;
extern const yao_command yao_party_register;
extern const yao_command yao_party_list;
extern const yao_command yao_party_suspend;
extern const yao_command yao_party_officer;
extern const yao_command yao_person_import;
extern const yao_command yao_person_show;
extern const yao_command yao_person_count;
extern const yao_command yao_person_generate;
extern const yao_command yao_person_sync;
extern const yao_command yao_person_erase;
extern const yao_command yao_document_issue;
extern const yao_command yao_document_list;
extern const yao_command yao_document_offer;
extern const yao_command yao_document_revoke;
extern const yao_command yao_document_suspend;
extern const yao_command yao_document_restore;
extern const yao_command yao_document_hold;
extern const yao_command yao_kiosk_add;
extern const yao_command yao_kiosk_list;
extern const yao_command yao_kiosk_remove;
extern const yao_command yao_device_list;
extern const yao_command yao_device_remove;
extern const yao_command yao_operator_add;
extern const yao_command yao_operator_list;
extern const yao_command yao_operator_remove;
extern const yao_command yao_statuslist_publish;
extern const yao_command yao_statuslist_show;
extern const yao_command yao_signer_list;
extern const yao_command yao_signer_rotate;
extern const yao_command yao_signer_publish;
extern const yao_command yao_signer_revoke;
extern const yao_command yao_authority_rekey;
extern const yao_command yao_authority_backup;
extern const yao_command yao_authority_restore;
extern const yao_command yao_authority_upgrade;
extern const yao_command yao_trust_publish;
extern const yao_command yao_trust_show;
extern const yao_command yao_audit_publish;
extern const yao_command yao_audit_verify;
extern const yao_command yao_audit_export;

/** The wallets that documents are issued into: cli names the wallet's own
 *  functions here, since programs don't know each other. */
extern const app_handover *const yao_authority_wallet;

#endif
