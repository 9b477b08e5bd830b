/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VCI_CONFIGURATION_H
#define YAO_VCI_CONFIGURATION_H

/**
 * Credential configurations: one for each document and format of the
 * catalogue, and one for each of its cards.
 *
 *     resident_id_mdoc   resident_id_sdjwt   resident_id_card.hotel
 *     resident_id_card.age.age_over_18      (a profile that leaves a choice)
 *     resident_id_paper.hotel               (the same, to be printed)
 *
 * The scope of a configuration is its id.
 */

#include "vci/vci.h"

typedef struct yao_vci_configuration {
    yao_vci_format        format;
    const yao_definition *definition;
    const yao_profile    *profile; /* of a card; else NULL */
    yao_text              choice;  /* of a card whose profile leaves one */
} yao_vci_configuration;

/**
 * Find a configuration.
 *
 * Errors  YAO_E_NOT_FOUND  there is none of this id
 */
YAO_MUST_USE yao_status yao_vci_find_configuration(const yao_catalogue *c,
                                                   yao_text             id,
                                                   yao_vci_configuration *ret);

/** Write its id. */
void yao_vci_put_configuration_id(yao_writer                  *w,
                                  const yao_vci_configuration *configuration);

/** A walk over all of them; begin with zeros. False at the end. */
typedef struct yao_vci_walk {
    bool   cards; /* cards too; the caller's */
    size_t definition, shape, profile, choice;
} yao_vci_walk;
bool yao_vci_next_configuration(const yao_catalogue *c, yao_vci_walk *walk,
                                yao_vci_configuration *ret);

/** The type that the wallet is told: docType of an mdoc, else vct. */
yao_text yao_vci_configuration_type(const yao_vci_configuration *configuration);

#endif
