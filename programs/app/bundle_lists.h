/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_BUNDLE_LISTS_H
#define YAO_APP_BUNDLE_LISTS_H

/** The status lists of a bundle. */

#include "app/bundle.h"

/**
 * Verify every token of B's list with the list's own roots, and unpack it
 * unless OPTIONS say that this waits.
 *
 * Out     B     lists, list_count and packed, in its arena
 * Errors  of the first that fails: those of yao_statuslist_*() and
 *         yao_inflate(); rows of it are added to B's report
 */
YAO_MUST_USE yao_status app_bundle_open_lists(const yao_crypto         *crypto,
                                              const app_bundle_options *options,
                                              app_bundle               *b);

#endif
