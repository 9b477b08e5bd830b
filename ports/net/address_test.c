/* SPDX-License-Identifier: Apache-2.0 */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "check.h"

static const struct row {
    const char *name, *address;
    bool        good;
} rows[] = {
    {"accepts an address of the internet", "8.8.8.8", true},
    {"accepts the last before a private network", "9.255.255.255", true},
    {"accepts the first after one", "172.32.0.0", true},
    {"refuses this machine", "127.0.0.1", false},
    {"refuses all of this machine", "127.255.0.3", false},
    {"refuses no address", "0.0.0.0", false},
    {"refuses 10/8", "10.1.2.3", false},
    {"refuses 172.16/12", "172.31.255.255", false},
    {"refuses 192.168/16", "192.168.0.1", false},
    {"refuses the link", "169.254.169.254", false},
    {"refuses behind a translator", "100.127.0.1", false},
    {"refuses many receivers", "224.0.0.1", false},
    {"refuses broadcast", "255.255.255.255", false},
    {"refuses documents", "203.0.113.9", false},
    {"refuses measurements", "198.19.0.1", false},
    {"accepts IPv6 of the internet", "2606:4700::1111", true},
    {"refuses this machine in IPv6", "::1", false},
    {"refuses IPv4 within IPv6", "::ffff:8.8.8.8", false},
    {"refuses a translator's IPv6", "64:ff9b::7f00:1", false},
    {"refuses unique local", "fd00::1", false},
    {"refuses the link in IPv6", "fe80::1", false},
    {"refuses 6to4", "2002:7f00:1::", false},
    {"refuses Teredo", "2001::1", false},
    {"refuses documents in IPv6", "2001:db8::1", false},
    {"refuses new documents in IPv6", "3fff:fff::1", false},
    {"accepts their neighbour", "3fff:1000::1", true},
};

static void one(void **state)
{
    const struct row       *r = *state;
    struct sockaddr_storage a;
    struct sockaddr_in     *v4 = (void *)&a;
    struct sockaddr_in6    *v6 = (void *)&a;

    memset(&a, 0, sizeof a);
    if (inet_pton(AF_INET, r->address, &v4->sin_addr) == 1) {
        a.ss_family = AF_INET;
    } else {
        assert_int_equal(inet_pton(AF_INET6, r->address, &v6->sin6_addr), 1);
        a.ss_family = AF_INET6;
    }
    assert_int_equal(net_address_public((void *)&a), r->good);
}

static void other(void **state)
{
    struct sockaddr_storage a;

    (void)state;
    memset(&a, 0, sizeof a);
    a.ss_family = AF_UNIX;
    assert_false(net_address_public((void *)&a));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("address", rows[i].name, one, &rows[i]);
    test_add("address", "refuses what is of no network", other, NULL);
    return test_run("net/address");
}
