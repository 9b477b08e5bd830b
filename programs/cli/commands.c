/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include "authority/commands.h"
#include "demo/demo.h"
#include "desk/desk.h"
#include "desk/officer.h"
#include "gate/commands.h"
#include "load/load.h"
#include "provider/provider.h"
#include "wallet/wallet.h"

const app_handover *const yao_authority_wallet = &yao_wallet_handover;

const yao_command *const yao_commands[] = {
    &yao_verify_command,
    &yao_inspect,
    &yao_demo,
    &yao_bench_command,
    &yao_help,

    &yao_authority_init,
    &yao_authority_serve,
    &yao_authority_backup,
    &yao_authority_restore,
    &yao_authority_rekey,
    &yao_authority_upgrade,

    &yao_signer_list,
    &yao_signer_rotate,
    &yao_signer_publish,
    &yao_signer_revoke,

    &yao_person_import,
    &yao_person_show,
    &yao_person_count,
    &yao_person_generate,
    &yao_person_sync,
    &yao_person_erase,

    &yao_document_issue,
    &yao_document_list,
    &yao_document_offer,
    &yao_document_revoke,
    &yao_document_suspend,
    &yao_document_restore,
    &yao_document_hold,

    &yao_kiosk_add,
    &yao_kiosk_list,
    &yao_kiosk_remove,

    &yao_device_list,
    &yao_device_remove,

    &yao_operator_add,
    &yao_operator_list,
    &yao_operator_remove,

    &yao_statuslist_publish,
    &yao_statuslist_show,

    &yao_trust_publish,
    &yao_trust_show,

    &yao_audit_publish,
    &yao_audit_verify,
    &yao_audit_export,

    &yao_party_register,
    &yao_party_list,
    &yao_party_suspend,
    &yao_party_officer,

    &yao_provider_init,
    &yao_provider_serve,
    &yao_desk_init,
    &yao_desk_serve,
    &yao_officer_add,
    &yao_officer_list,
    &yao_officer_remove,

    &yao_gate_challenge,
    &yao_gate_run,

    &yao_wallet_init,
    &yao_wallet_provider,
    &yao_wallet_receive,
    &yao_wallet_fetch,
    &yao_wallet_list,
    &yao_wallet_show,
    &yao_wallet_present,
    &yao_wallet_print,
    &yao_wallet_counter,
    &yao_wallet_history,
    &yao_wallet_delete,
    &yao_wallet_freeze,
    &yao_wallet_backup,
    &yao_wallet_restore,

    &yao_load_issue,
    &yao_load_present,
    NULL,
};
