/* SPDX-License-Identifier: Apache-2.0 */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The networks that are nobody's on the internet. */
static const struct {
    uint32_t net;
    unsigned bits;
} special[] = {
    {0x00000000, 8},  /* this network */
    {0x0a000000, 8},  /* private */
    {0x64400000, 10}, /* behind a provider's translator */
    {0x7f000000, 8},  /* this machine */
    {0xa9fe0000, 16}, /* the link; clouds tell their secrets there */
    {0xac100000, 12}, /* private */
    {0xc0000000, 24}, /* protocols */
    {0xc0000200, 24}, /* documents */
    {0xc0586300, 24}, /* 6to4 relays, given up */
    {0xc0a80000, 16}, /* private */
    {0xc6120000, 15}, /* measurements */
    {0xc6336400, 24}, /* documents */
    {0xcb007100, 24}, /* documents */
    {0xe0000000, 4},  /* many receivers */
    {0xf0000000, 4},  /* later; broadcast */
};

static bool ipv4_public(const struct sockaddr_in *a)
{
    uint32_t address = ntohl(a->sin_addr.s_addr);

    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
        if ((address ^ special[i].net) >> (32 - special[i].bits) == 0)
            return false;
    return true;
}

/* Only what is given out (2000::/3), and of that neither protocols and tunnels
 * (2001::/23, 2002::/16) nor documents (2001:db8::/32, 3fff::/20). */
static bool ipv6_public(const struct sockaddr_in6 *a)
{
    const uint8_t *b = a->sin6_addr.s6_addr;
    unsigned       first = (unsigned)b[0] << 8 | b[1];

    if (b[0] >> 5 != 1)
        return false;
    if (first == 0x2001 && (b[2] < 2 || (b[2] == 0x0d && b[3] == 0xb8)))
        return false;
    return first != 0x2002 && !(first == 0x3fff && b[2] < 0x10);
}

bool net_address_public(const struct sockaddr *a)
{
    struct sockaddr_in  v4;
    struct sockaddr_in6 v6;

    if (a->sa_family == AF_INET) {
        memcpy(&v4, a, sizeof v4);
        return ipv4_public(&v4);
    }
    if (a->sa_family != AF_INET6)
        return false;
    memcpy(&v6, a, sizeof v6);
    return ipv6_public(&v6);
}
