/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_NETCERT_INSIDE_H
#define YAO_AUTHORITY_NETCERT_INSIDE_H

/** What the files of this folder have in common. */

#include "authority/netcert/netcert.h"

/** The document of the legal identity that a certificate stands for. */
#define NETCERT_CARD YAO_TEXT("resident_id")

#endif
