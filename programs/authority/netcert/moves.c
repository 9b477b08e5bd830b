/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/netcert/netcert.h"

static const struct {
    int64_t     from;
    netcert_act act;
    int64_t     to;
} moves[] = {
    {STORE_NETCERT_OPENED, NETCERT_FREEZE, STORE_NETCERT_FROZEN},
    {STORE_NETCERT_FROZEN, NETCERT_UNFREEZE, STORE_NETCERT_OPENED},
    {STORE_NETCERT_OPENED, NETCERT_DEREGISTER, STORE_NETCERT_DEREGISTERED},
    {STORE_NETCERT_FROZEN, NETCERT_DEREGISTER, STORE_NETCERT_DEREGISTERED},
    {STORE_NETCERT_OPENED, NETCERT_EXPIRE, STORE_NETCERT_EXPIRED},
    {STORE_NETCERT_FROZEN, NETCERT_EXPIRE, STORE_NETCERT_EXPIRED},
    {STORE_NETCERT_OPENED, NETCERT_SUPERSEDE, STORE_NETCERT_SUPERSEDED},
    {STORE_NETCERT_FROZEN, NETCERT_SUPERSEDE, STORE_NETCERT_SUPERSEDED},
};

int64_t netcert_move(int64_t from, netcert_act act)
{
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++)
        if (moves[i].from == from && moves[i].act == act)
            return moves[i].to;
    return 0;
}

const char *netcert_state_word(int64_t state)
{
    static const char *const words[] = {"none",         "opened",  "frozen",
                                        "deregistered", "expired", "superseded"};

    return state > 0 && state <= STORE_NETCERT_SUPERSEDED ? words[state]
                                                          : words[0];
}

int64_t netcert_state_at(const store_netcert *n, yao_time now)
{
    int64_t over = netcert_move(n->state, NETCERT_EXPIRE);

    return over != 0 && n->expires <= now ? over : n->state;
}
