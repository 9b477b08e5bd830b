/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_NET_ADDRESS_H
#define YAO_NET_ADDRESS_H

/**
 * Whose an address is, once a name was resolved: what is looked at is what is
 * connected to, so that no second answer of a resolver comes between. Private
 * to this folder.
 */

#include <stdbool.h>
#include <sys/socket.h>

/**
 * Is A an address of the internet? Those of this machine, of private networks
 * and links, of many receivers, of documents and of tunnels that lead to any of
 * these are not; nor is what is neither IPv4 nor IPv6.
 *
 * Source  RFC 6890, with the registries of special-purpose addresses
 */
bool net_address_public(const struct sockaddr *a);

#endif
