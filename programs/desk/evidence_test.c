/* SPDX-License-Identifier: Apache-2.0 */
/* Of which profiles presentations are kept as they came. */

#include "desk/evidence.h"

#include "check.h"
#include "forge.h"

static const struct row {
    const char *name;
    yao_profile profile;
    bool        kept;
} rows[] = {
    {"accepts a profile that says so", {.evidence = true, .retention = 5},
     true},
    {"never keeps it where nothing is kept", {.evidence = true}, false},
    {"never keeps it of another profile", {.retention = 5}, false},
    {"never keeps it where values are compared only",
     {.evidence = true, .retention = 5, .match_only = true},
     false},
};

static void keeps(void **state)
{
    static desk       d;
    static desk_trust t;
    const struct row *r    = *state;
    const app_call    call = {.server = &d, .crypto = forge_crypto()};

    d.reader.der = YAO_LIT("a certificate");
    assert_int_equal(desk_keeps_evidence(&call, &t, &r->profile), r->kept);
    assert_false(desk_keeps_evidence(&call, &t, NULL));
}

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        test_add("evidence", rows[i].name, keeps, (void *)(uintptr_t)&rows[i]);
    return test_run("desk/evidence");
}
