/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Thousands of small queries and wallets, drawn from one seed, and the plainest
 * reading of the specification beside ours: it takes the JSON of the query as
 * it stands, keeps the whole selection at each step of a path, and tries every
 * set of claims and every choice of options.
 */

#include "vp/dcql.h"

#include "support/check.h"
#include "support/dcql_world.h"

#include <stdio.h>

enum { CASES = 12000, MAX_NODES = 256 };

/* ---- drawing ---- */

static uint64_t seed;

static unsigned draw(unsigned below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 20) % below;
}

static char   text[16384];
static size_t text_len;

static void put(const char *s)
{
    size_t len = strlen(s);

    assert_true(text_len + len < sizeof text);
    memcpy(text + text_len, s, len + 1);
    text_len += len;
}

static const char *pick(const char *const *list, unsigned count)
{
    return list[draw(count)];
}

static const char *const scalars[] = {"\"x\"", "\"y\"", "1", "2",
                                      "true",  "false", "null", "\"\\u0078\""};
static const char *const names[]   = {"\"a\"", "\"b\"", "\"c\""};

static void put_value(int depth)
{
    unsigned kind = depth == 0 ? 0 : draw(5);

    if (kind < 2) {
        put(pick(scalars, COUNT(scalars)));
    } else if (kind == 2) {
        unsigned n = draw(4);

        put("[");
        for (unsigned i = 0; i < n; i++) {
            put(i == 0 ? "" : ",");
            put_value(depth - 1);
        }
        put("]");
    } else {
        bool first = true;

        put("{");
        for (unsigned i = 0; i < COUNT(names); i++) {
            if (draw(3) == 0)
                continue;
            put(first ? "" : ",");
            put(names[i]);
            put(":");
            put_value(depth - 1);
            first = false;
        }
        put("}");
    }
}

static void put_elements(void)
{
    put("{\"s\":{\"a\":");
    put(pick(scalars, COUNT(scalars)));
    put(",\"b\":");
    put_value(1);
    put("},\"u\":{\"a\":");
    put(pick(scalars, COUNT(scalars)));
    put("}}");
}

static const char *const memberships[] = {
    "", "", "\"akis\":[\"AQ\"],", "\"akis\":[\"AQ\",\"Ag\"],",
    "\"lists\":[\"AQ\"],", "\"federations\":[\"l\"],\"lists\":[\"f\"],"};

/* The claims of an SD-JWT: an object. */
static void put_claims_held(void)
{
    size_t mark = text_len;

    do {
        text_len = mark;
        put_value(3);
    } while (text[mark] != '{');
}

static void put_held(unsigned count)
{
    put("[");
    for (unsigned i = 0; i < count; i++) {
        bool mdoc = draw(3) == 0;

        put(i == 0 ? "{" : ",{");
        put(mdoc ? "\"format\":\"mso_mdoc\"," : "\"format\":\"dc+sd-jwt\",");
        put(draw(4) == 0 ? "\"types\":[\"t1\",\"t0\"],"
                         : "\"types\":[\"t0\"],");
        put(draw(6) == 0 ? "\"bound\":false," : "");
        put(pick(memberships, COUNT(memberships)));
        put("\"claims\":");
        if (mdoc)
            put_elements();
        else
            put_claims_held();
        put("}");
    }
    put("]");
}

static const char *const steps[] = {"\"a\"", "\"b\"", "\"c\"", "0", "1",
                                    "null",  "2",     "\"a\"", "\"b\""};
static const char *const spaces[] = {"\"s\",\"a\"", "\"s\",\"b\"",
                                     "\"u\",\"a\"", "\"u\",\"b\""};

static void put_claim(bool mdoc, unsigned id)
{
    char word[32];

    snprintf(word, sizeof word, "{\"id\":\"c%u\",\"path\":[", id);
    put(word);
    if (mdoc) {
        put(pick(spaces, COUNT(spaces)));
    } else {
        unsigned n = 1 + draw(3);

        put(steps[draw(3)]);
        for (unsigned i = 1; i < n; i++) {
            put(",");
            put(pick(steps, COUNT(steps)));
        }
    }
    put("]");
    if (draw(6) == 0) {
        put(",\"values\":[");
        put(scalars[draw(6)]);
        if (draw(2) == 0) {
            put(",");
            put(scalars[draw(6)]);
        }
        put("]");
    }
    put("}");
}

static void put_claims(bool mdoc)
{
    unsigned count = draw(4), sets = count != 0 && draw(2) == 0 ? 1 + draw(3)
                                                               : 0;
    char     word[32];

    for (unsigned i = 0; i < count; i++) {
        put(i == 0 ? ",\"claims\":[" : ",");
        put_claim(mdoc, i);
    }
    put(count != 0 ? "]" : "");
    for (unsigned i = 0; i < sets; i++) {
        unsigned members = 1 + draw(count);

        put(i == 0 ? ",\"claim_sets\":[[" : ",[");
        for (unsigned j = 0; j < members; j++) {
            snprintf(word, sizeof word, "%s\"c%u\"", j == 0 ? "" : ",",
                     draw(count));
            put(word);
        }
        put("]");
    }
    put(sets != 0 ? "]" : "");
}

static void put_options(unsigned credentials)
{
    char word[32];

    for (unsigned i = 0, n = 1 + draw(3); i < n; i++) {
        put(i == 0 ? "[" : ",[");
        for (unsigned j = 0, m = 1 + draw(2); j < m; j++) {
            snprintf(word, sizeof word, "%s\"q%u\"", j == 0 ? "" : ",",
                     draw(credentials));
            put(word);
        }
        put("]");
    }
}

static const char *const trusts[] = {
    "", "", "", ",\"trusted_authorities\":[{\"type\":\"aki\",\"values\":"
                "[\"AQ\"]}]",
    ",\"trusted_authorities\":[{\"type\":\"x\",\"values\":[\"AQ\"]},{\"type\":"
    "\"etsi_tl\",\"values\":[\"AQ\",\"f\"]}]",
    ",\"trusted_authorities\":[{\"type\":\"openid_federation\",\"values\":"
    "[\"l\"]}]"};

static void put_query(unsigned credentials)
{
    char     word[32];
    unsigned sets = draw(2) == 0 ? 0 : 1 + draw(3);

    put("{\"credentials\":[");
    for (unsigned i = 0; i < credentials; i++) {
        bool mdoc = draw(3) == 0;

        snprintf(word, sizeof word, "%s{\"id\":\"q%u\",", i == 0 ? "" : ",", i);
        put(word);
        put(mdoc ? "\"format\":\"mso_mdoc\",\"meta\":{\"doctype_value\":\"t0\"}"
                 : "\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":["
                   "\"t2\",\"t0\"]}");
        put(draw(4) == 0 ? ",\"multiple\":true" : "");
        put(draw(4) == 0 ? ",\"require_cryptographic_holder_binding\":false"
                         : "");
        put(trusts[draw(COUNT(trusts))]);
        put_claims(mdoc);
        put("}");
    }
    put("]");
    for (unsigned i = 0; i < sets; i++) {
        put(i == 0 ? ",\"credential_sets\":[" : ",");
        put("{\"options\":[");
        put_options(credentials);
        put(draw(3) == 0 ? "],\"required\":false}" : "]}");
    }
    put(sets != 0 ? "]}" : "}");
}

static const yao_json *parse_text(void)
{
    const yao_json *root;
    yao_bytes       kept;

    assert_status(yao_arena_keep(test_arena(),
                                 (yao_bytes){(uint8_t *)text, text_len},
                                 &kept),
                  YAO_OK);
    assert_status(yao_json_parse(test_arena(), kept, &root), YAO_OK);
    return root;
}

/* ---- the plain reading ---- */

static const yao_json *item(const yao_json *array, unsigned index)
{
    const yao_json *i = array != NULL ? array->first : NULL;

    for (; i != NULL && index > 0; index--)
        i = i->next;
    return i;
}

static unsigned count_of(const yao_json *array)
{
    return array != NULL ? array->count : 0;
}

static bool same_text(const yao_json *a, const yao_json *b)
{
    yao_text text_a, text_b;

    assert_status(yao_json_string(a, test_arena(), &text_a), YAO_OK);
    assert_status(yao_json_string(b, test_arena(), &text_b), YAO_OK);
    return yao_text_equal(text_a, text_b);
}

static bool same_value(const yao_json *a, const yao_json *b)
{
    if (a->kind != b->kind)
        return false;
    return a->kind == YAO_JSON_STRING ? same_text(a, b)
                                      : yao_text_equal(a->raw, b->raw);
}

/* What a selection is after one STEP; false: "abort processing". */
static bool take_step(const yao_json *step, const yao_json **nodes,
                      unsigned *count)
{
    const yao_json *next[MAX_NODES];
    unsigned        n = 0;
    int64_t         index;
    yao_text        name;

    for (unsigned i = 0; i < *count; i++) {
        bool named = step->kind == YAO_JSON_STRING;

        if (nodes[i]->kind != (named ? YAO_JSON_OBJECT : YAO_JSON_ARRAY))
            return false;
        if (named) {
            assert_status(yao_json_string(step, test_arena(), &name), YAO_OK);
            next[n] = yao_json_get_text(nodes[i], name);
            n += next[n] != NULL;
        } else if (step->kind == YAO_JSON_NUMBER) {
            assert_status(yao_json_int(step, &index), YAO_OK);
            next[n] = item(nodes[i], (unsigned)index);
            n += next[n] != NULL;
        } else {
            for (unsigned j = 0; j < nodes[i]->count; j++)
                next[n++] = item(nodes[i], j);
        }
        assert_true(n < MAX_NODES - 8);
    }
    memcpy(nodes, next, n * sizeof *next);
    *count = n;
    return true;
}

/* What CLAIM selects of CLAIMS, with its values. */
static unsigned select_nodes(const yao_json *claim, const yao_json *claims,
                             const yao_json **nodes)
{
    const yao_json *values = yao_json_get(claim, "values");
    unsigned        count = 1, kept = 0;

    nodes[0] = claims;
    for (const yao_json *step = yao_json_get(claim, "path")->first;
         step != NULL; step = step->next)
        if (!take_step(step, nodes, &count))
            return 0;
    for (unsigned i = 0; i < count; i++) {
        bool takes = values == NULL;

        for (unsigned j = 0; j < count_of(values); j++)
            takes = takes || same_value(nodes[i], item(values, j));
        if (takes)
            nodes[kept++] = nodes[i];
    }
    return kept;
}

static bool list_has(const yao_json *list, const yao_json *value)
{
    for (unsigned i = 0; i < count_of(list); i++)
        if (same_value(item(list, i), value))
            return true;
    return false;
}

static bool lists_meet(const yao_json *a, const yao_json *b)
{
    for (unsigned i = 0; i < count_of(a); i++)
        if (list_has(b, item(a, i)))
            return true;
    return false;
}

static bool is_kind(const yao_json *query, const yao_json *held)
{
    const yao_json *meta   = yao_json_get(query, "meta");
    const yao_json *trust  = yao_json_get(query, "trusted_authorities");
    const yao_json *bound  = yao_json_get(held, "bound");
    const yao_json *asked  = yao_json_get(query,
                                          "require_cryptographic_holder_"
                                           "binding");
    const yao_json *types  = yao_json_get(held, "types");
    const yao_json *vct    = yao_json_get(meta, "vct_values");
    bool            trusted = trust == NULL;

    if (!same_text(yao_json_get(query, "format"), yao_json_get(held, "format")))
        return false;
    if (vct != NULL ? !lists_meet(vct, types)
                    : !list_has(types, yao_json_get(meta, "doctype_value")))
        return false;
    for (unsigned i = 0; i < count_of(trust); i++) {
        const yao_json *one    = item(trust, i);
        const yao_json *type   = yao_json_get(one, "type");
        const yao_json *values = yao_json_get(one, "values");
        const char     *word   = yao_json_is(type, "aki")       ? "akis"
                                 : yao_json_is(type, "etsi_tl") ? "lists"
                                 : yao_json_is(type, "openid_federation")
                                     ? "federations"
                                     : "nobody";

        trusted = trusted || lists_meet(values, yao_json_get(held, word));
    }
    if (!trusted)
        return false;
    return asked != NULL || bound == NULL || bound->truth;
}

/* The claims to disclose as a mask, and 1 << 31 for a match; 0 for none. */
static unsigned plain_match(const yao_json *query, const yao_json *held)
{
    const yao_json *claims = yao_json_get(query, "claims");
    const yao_json *sets   = yao_json_get(query, "claim_sets");
    const yao_json *nodes[MAX_NODES];
    unsigned        there = 0, all = (1u << count_of(claims)) - 1;

    if (!is_kind(query, held))
        return 0;
    for (unsigned i = 0; i < count_of(claims); i++)
        if (select_nodes(item(claims, i), yao_json_get(held, "claims"), nodes))
            there |= 1u << i;
    if (sets == NULL)
        return there == all ? all | 1u << 31 : 0;
    for (unsigned i = 0; i < count_of(sets); i++)
        for (unsigned mask = 1; mask <= all; mask++) {
            bool equal = true;

            for (unsigned j = 0; j < count_of(claims); j++)
                equal = equal &&
                        ((mask >> j & 1) != 0) ==
                            list_has(item(sets, i),
                                     yao_json_get(item(claims, j), "id"));
            if (equal && (mask & ~there) == 0)
                return mask | 1u << 31;
        }
    return 0;
}

static unsigned option_mask(const yao_json *query, const yao_json *option)
{
    const yao_json *credentials = yao_json_get(query, "credentials");
    unsigned        mask        = 0;

    for (unsigned i = 0; i < count_of(credentials); i++)
        if (list_has(option, yao_json_get(item(credentials, i), "id")))
            mask |= 1u << i;
    return mask;
}

/* Is ANSWER what one choice of options, from set AT on, makes of SO_FAR? */
static bool is_choice(const yao_json *query, unsigned at, unsigned so_far,
                      unsigned answer)
{
    const yao_json *sets = yao_json_get(query, "credential_sets");
    const yao_json *set  = item(sets, at);

    if (set == NULL)
        return so_far == answer;
    if (yao_json_get(set, "required") != NULL &&
        is_choice(query, at + 1, so_far, answer))
        return true;
    for (const yao_json *o = yao_json_get(set, "options")->first; o != NULL;
         o                 = o->next)
        if (is_choice(query, at + 1, so_far | option_mask(query, o), answer))
            return true;
    return false;
}

/* May exactly these credentials be the answer? */
static bool is_answer(const yao_json *query, unsigned answer)
{
    unsigned all = (1u << count_of(yao_json_get(query, "credentials"))) - 1;

    if (answer == 0)
        return false;
    return yao_json_get(query, "credential_sets") == NULL
               ? answer == all
               : is_choice(query, 0, 0, answer);
}

/* Is some answer within MASK? */
static bool can_answer(const yao_json *query, unsigned mask)
{
    for (unsigned answer = 1; answer <= mask; answer++)
        if ((answer & ~mask) == 0 && is_answer(query, answer))
            return true;
    return false;
}

/* ---- one case ---- */

typedef struct scene {
    const yao_json   *query_json, *held_json;
    yao_dcql_query    query;
    world             held;
    yao_dcql_matching found;
} scene;

static void write_query(const yao_dcql_query *query, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(test_arena());

    yao_dcql_put(&w, query);
    assert_status(yao_writer_keep(&w, test_arena(), ret), YAO_OK);
}

static void draw_scene(scene *s)
{
    yao_dcql_query again;
    yao_bytes      one, two;

    text_len = 0;
    put_query(1 + draw(4));
    s->query_json = parse_text();
    text_len      = 0;
    put_held(2 + draw(6));
    s->held_json = parse_text();

    assert_status(yao_dcql_read(test_arena(), s->query_json, &s->query),
                  YAO_OK);
    write_query(&s->query, &one);
    assert_status(yao_dcql_parse(test_arena(), one, &again), YAO_OK);
    write_query(&again, &two);
    assert_bytes(one, two);
    s->query = again; /* what was written asks the same */

    assert_status(world_read(test_arena(), s->held_json, &s->held), YAO_OK);
    assert_status(yao_dcql_match(test_arena(), &s->query, s->held.held,
                                 s->held.count, &s->found),
                  YAO_OK);
}

/* Every document against every query. */
static unsigned compare_matches(const scene *s)
{
    const yao_json *list    = yao_json_get(s->query_json, "credentials");
    unsigned        matched = 0;

    for (unsigned q = 0; q < s->query.credential_count; q++) {
        const yao_dcql_fits *fits = &s->found.credentials[q];
        size_t               at   = 0;

        for (unsigned d = 0; d < s->held.count; d++) {
            unsigned plain = plain_match(item(list, q), item(s->held_json, d));

            if (plain == 0) {
                assert_true(at == fits->count ||
                            fits->items[at].candidate != d);
                continue;
            }
            assert_true(at < fits->count);
            assert_int_equal(fits->items[at].candidate, d);
            assert_int_equal(fits->items[at].claims, plain & ~(1u << 31));
            at++;
            matched |= 1u << q;
        }
        assert_int_equal(at, fits->count);
    }
    assert_int_equal(s->found.matched, matched);
    return matched;
}

static const yao_json *resolve(const yao_json *node, const yao_sdjwt_path *path)
{
    for (size_t i = 0; i < path->step_count; i++) {
        char word[16] = "";

        if (node->kind == YAO_JSON_OBJECT) {
            node = yao_json_get_text(node, path->steps[i]);
        } else {
            assert_true(path->steps[i].len < sizeof word);
            memcpy(word, path->steps[i].ptr, path->steps[i].len);
            node = item(node, (unsigned)strtoul(word, NULL, 10));
        }
        assert_non_null(node);
    }
    return node;
}

/* The paths lead to what the plain reading selects, and to nothing else. */
static void compare_paths(const scene *s, unsigned q, const yao_dcql_fit *fit)
{
    const yao_json *claims =
        yao_json_get(item(yao_json_get(s->query_json, "credentials"), q),
                     "claims");
    const yao_dcql_candidate *one   = &s->held.held[fit->candidate];
    size_t                    total = 0, count;
    const yao_sdjwt_path     *paths;

    if (one->format != YAO_DCQL_SDJWT)
        return;
    assert_status(yao_dcql_paths(test_arena(), &s->query.credentials[q],
                                 fit->claims, one->claims, &paths, &count),
                  YAO_OK);
    for (unsigned i = 0; i < count_of(claims); i++) {
        const yao_json *nodes[MAX_NODES];
        unsigned        n;

        if ((fit->claims >> i & 1) == 0)
            continue;
        n = select_nodes(item(claims, i), one->claims, nodes);
        for (unsigned j = 0; j < n; j++)
            assert_ptr_equal(resolve(one->claims, &paths[total++]), nodes[j]);
    }
    assert_int_equal(total, count);
}

/* What an honest wallet shows is taken, with nothing too much in it. */
static void show_honestly(const scene *s, unsigned answer)
{
    yao_dcql_shown   shown[16];
    size_t           sets[16];
    yao_dcql_verdict verdict;
    size_t           count = 0;

    for (unsigned q = 0; q < s->query.credential_count; q++) {
        const yao_dcql_fits *fits = &s->found.credentials[q];
        size_t               many = s->query.credentials[q].multiple ? 3 : 1;

        if ((answer >> q & 1) == 0)
            continue;
        for (size_t i = 0; i < fits->count && i < many; i++) {
            compare_paths(s, q, &fits->items[i]);
            shown[count].id = s->query.credentials[q].id;
            sets[count]     = fits->items[i].claim_set;
            assert_status(world_show(test_arena(),
                                     &s->held.held[fits->items[i].candidate],
                                     &s->query.credentials[q],
                                     fits->items[i].claims,
                                     &shown[count++].document),
                          YAO_OK);
        }
    }
    assert_status(
        yao_dcql_check(test_arena(), &s->query, shown, count, &verdict),
        YAO_OK);
    assert_int_equal(verdict.answered, answer);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(verdict.findings[i].fault, YAO_DCQL_FITS);
        /* an item of an array may stand in for another one, and so make a
         * preferred set of claims */
        if (verdict.findings[i].claim_set == sets[i])
            assert_int_equal(verdict.findings[i].extra, 0);
    }
}

/* Any documents under any ids, shown whole. */
static void show_anything(const scene *s)
{
    const yao_json  *list = yao_json_get(s->query_json, "credentials");
    yao_dcql_shown   shown[4];
    unsigned         q[4], d[4], answered = 0;
    size_t           count = draw(5);
    bool             shape = true;
    yao_dcql_verdict verdict;

    if (s->held.count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        q[i]     = draw((unsigned)s->query.credential_count);
        d[i]     = draw((unsigned)s->held.count);
        shown[i] = (yao_dcql_shown){s->query.credentials[q[i]].id,
                                    s->held.held[d[i]]};
        for (size_t j = 0; j < i; j++)
            shape = shape && (q[j] != q[i] ||
                              s->query.credentials[q[i]].multiple);
    }
    yao_status status =
        yao_dcql_check(test_arena(), &s->query, shown, count, &verdict);
    for (size_t i = 0; i < count && shape; i++) {
        bool fits  = verdict.findings[i].fault == YAO_DCQL_FITS;
        bool plain = plain_match(item(list, q[i]), item(s->held_json, d[i]));

        /* an index may be met by an item before it */
        if (plain || shown[i].document.format == YAO_DCQL_MDOC)
            assert_int_equal(fits, plain);
        answered |= fits ? 1u << q[i] : 0;
    }
    if (!shape) {
        assert_status(status, YAO_E_MALFORMED);
        return;
    }
    assert_int_equal(verdict.answered, answered);
    assert_status(status, can_answer(s->query_json, answered) ? YAO_OK
                                                              : YAO_E_MISSING);
}

/* How many of each, so that the draw is known to be worth something. */
static unsigned satisfied_cases, unsatisfied_cases;

static void try_case(void)
{
    yao_dcql_credentials answer = 0;
    scene                s;

    draw_scene(&s);
    unsigned matched = compare_matches(&s);
    assert_int_equal(s.found.satisfied, can_answer(s.query_json, matched));
    yao_status status = yao_dcql_answer(&s.query, &s.found, NULL, &answer);
    assert_status(status, s.found.satisfied ? YAO_OK : YAO_E_MISSING);
    if (status == YAO_OK) {
        assert_true(is_answer(s.query_json, answer));
        show_honestly(&s, answer);
    }
    show_anything(&s);
    satisfied_cases += s.found.satisfied;
    unsatisfied_cases += !s.found.satisfied;
}

static void agrees_with_the_plain_reading(void **state)
{
    (void)state;
    seed = 0x5eed5eed5eed5eedu;
    for (int i = 0; i < CASES; i++) {
        test_arena()->used = 0;
        try_case();
    }
    assert_true(satisfied_cases > CASES / 10);
    assert_true(unsatisfied_cases > CASES / 10);
}

int main(void)
{
    test_add("oracle", "gives what the plain reading of the standard gives",
             agrees_with_the_plain_reading, NULL);
    return test_run("vp/dcql_oracle");
}
