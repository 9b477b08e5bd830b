/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the authority's server, a line each. */
#include "authority/server/inside.h"

extern const authority_part server_public_part;
extern const authority_part server_site_part;
extern const authority_part authority_keys;
extern const authority_part authority_oauth;
extern const authority_part authority_credentials;
extern const authority_part authority_enrol_part;
extern const authority_part authority_life_part;
extern const authority_part authority_audit_part;
extern const authority_part authority_keeper_part;
extern const authority_part console_operator_part;
extern const authority_part authority_netcert_part;
extern const authority_part authority_officer_part;
extern const authority_part console_person_part;
extern const authority_part console_case_part;
extern const authority_part console_party_part;
extern const authority_part console_supervise_part;
extern const authority_part console_account_part;
extern const authority_part console_report_part;
extern const authority_part authority_inflow_part;

const authority_part *const server_parts[] = {
    &server_public_part,
    &server_site_part,
    &authority_keys,
    &authority_oauth,
    &authority_credentials,
    &authority_enrol_part,
    &authority_life_part,
    &authority_audit_part,
    &authority_keeper_part,
    &console_operator_part,
    &authority_netcert_part,
    &authority_officer_part,
    &console_person_part,
    &console_case_part,
    &console_party_part,
    &console_supervise_part,
    &console_account_part,
    &console_report_part,
    &authority_inflow_part,
    NULL,
};
