/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/reader_auth.h"

/* ---- is it what may be asked? ------------------------------------------- */

static bool same_space(const yao_mdoc_wanted *a, const yao_mdoc_wanted *b)
{
    return yao_text_equal(a->name_space, b->name_space);
}

/* Element I of ASK beside those before it. */
static yao_status check_element(const yao_mdoc_ask *ask, size_t i)
{
    const yao_mdoc_wanted *e = &ask->elements[i];

    if (e->name_space.len == 0 || e->element.len == 0)
        return YAO_E_USAGE;
    for (size_t j = 0; j < i; j++) {
        if (!same_space(&ask->elements[j], e))
            continue;
        if (yao_text_equal(ask->elements[j].element, e->element))
            return YAO_E_DUPLICATE;
        if (!same_space(&ask->elements[i - 1], e))
            return YAO_E_USAGE; /* it began before, and ended */
    }
    return YAO_OK;
}

static size_t count_spaces(const yao_mdoc_ask *ask)
{
    size_t spaces = 0;

    for (size_t i = 0; i < ask->element_count; i++)
        spaces += i == 0 ||
                  !same_space(&ask->elements[i - 1], &ask->elements[i]);
    return spaces;
}

static yao_status check_ask(const yao_mdoc_ask *ask)
{
    if (ask->doc_type.len == 0 || ask->element_count == 0)
        return YAO_E_USAGE;
    if (ask->element_count > YAO_MAX_ELEMENTS ||
        count_spaces(ask) > YAO_MAX_NAMESPACES)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < ask->element_count; i++)
        YAO_TRY(check_element(ask, i));
    return YAO_OK;
}

static yao_status check_options(const yao_mdoc_ask_options *o)
{
    if (o->ask_count == 0)
        return YAO_E_USAGE;
    if (o->ask_count > YAO_MAX_DOCUMENTS || o->chain_count > YAO_MAX_CHAIN)
        return YAO_E_LIMIT;
    if (o->alg != YAO_SIG_NONE &&
        (yao_sig_by_alg(o->alg) == NULL || o->chain_count == 0 ||
         o->transcript.len == 0))
        return YAO_E_USAGE;
    for (size_t i = 0; i < o->ask_count; i++)
        YAO_TRY(check_ask(&o->asks[i]));
    return YAO_OK;
}

/* ---- ItemsRequest ------------------------------------------------------- */

/* How many elements from FIRST on are of its namespace. */
static size_t run_of(const yao_mdoc_ask *ask, size_t first)
{
    size_t at = first;

    while (at < ask->element_count &&
           same_space(&ask->elements[at], &ask->elements[first]))
        at++;
    return at - first;
}

static yao_status write_items(yao_arena *arena, const yao_mdoc_ask *ask,
                              yao_bytes statement, yao_bytes *ret)
{
    yao_writer w    = yao_writer_in(arena);
    size_t     mark = yao_cbor_begin_wrapped(&w);

    yao_cbor_put_map(&w, statement.len != 0 ? 3 : 2);
    yao_cbor_put_string(&w, "docType");
    yao_cbor_put_text(&w, ask->doc_type);
    yao_cbor_put_string(&w, "nameSpaces");
    yao_cbor_put_map(&w, count_spaces(ask));
    for (size_t first = 0, run; first < ask->element_count; first += run) {
        run = run_of(ask, first);
        yao_cbor_put_text(&w, ask->elements[first].name_space);
        yao_cbor_put_map(&w, run);
        for (size_t i = first; i < first + run; i++) {
            yao_cbor_put_text(&w, ask->elements[i].element);
            yao_cbor_put_bool(&w, ask->elements[i].retain);
        }
    }
    if (statement.len != 0) {
        yao_cbor_put_string(&w, "requestInfo");
        yao_cbor_put_map(&w, 1);
        yao_cbor_put_string(&w, YAO_MDOC_STATEMENT);
        yao_cbor_put_bytes(&w, statement);
    }
    yao_cbor_end_bytes(&w, mark);
    return yao_writer_keep(&w, arena, ret);
}

/* ---- signatures --------------------------------------------------------- */

static yao_cose_headers headers_of(const yao_mdoc_ask_options *o)
{
    return (yao_cose_headers){.alg         = o->alg,
                              .chain       = o->chain,
                              .chain_count = o->chain_count};
}

static yao_status wish_for(yao_arena *arena, const yao_mdoc_asking *a,
                           size_t index, yao_sign_wish *ret)
{
    const yao_mdoc_ask_options *o       = &a->options;
    yao_cose_headers            headers = headers_of(o);
    yao_mdoc_signed_parts       p;

    YAO_TRY(o->all ? yao_mdoc_reader_authentication_all(
                         arena, o->transcript, a->items, o->ask_count,
                         (yao_bytes){NULL, 0}, &p)
                   : yao_mdoc_reader_authentication(arena, o->transcript,
                                                    a->items[index], &p));
    return yao_cose_wish_sign1(&headers, p.parts, p.count, arena, ret);
}

yao_status yao_mdoc_ask_begin(yao_arena                  *arena,
                              const yao_mdoc_ask_options *options,
                              yao_mdoc_asking            *ret)
{
    yao_mdoc_asking a = {.options = *options};

    YAO_TRY(check_options(options));
    if (options->alg != YAO_SIG_NONE)
        a.wish_count = options->all ? 1 : options->ask_count;
    a.items  = yao_arena_take_array(arena, options->ask_count, sizeof *a.items);
    a.wishes = yao_arena_take_array(arena, a.wish_count, sizeof *a.wishes);
    if (a.items == NULL || a.wishes == NULL)
        return YAO_E_SPACE;

    for (size_t i = 0; i < options->ask_count; i++)
        YAO_TRY(write_items(arena, &options->asks[i],
                            i == 0 ? options->statement : (yao_bytes){NULL, 0},
                            &a.items[i]));
    for (size_t i = 0; i < a.wish_count; i++)
        YAO_TRY(wish_for(arena, &a, i, &a.wishes[i]));

    *ret = a;
    return YAO_OK;
}

void yao_mdoc_put_request(yao_writer *w, const yao_mdoc_asking *asking,
                          const yao_bytes *signatures)
{
    const yao_mdoc_ask_options *o       = &asking->options;
    yao_cose_headers            headers = headers_of(o);
    bool                        all     = asking->wish_count != 0 && o->all;
    bool                        each    = asking->wish_count != 0 && !o->all;

    yao_cbor_put_map(w, all ? 3 : 2);
    yao_cbor_put_string(w, "version");
    yao_cbor_put_string(w, all ? "1.1" : "1.0");
    yao_cbor_put_string(w, "docRequests");
    yao_cbor_put_array(w, o->ask_count);
    for (size_t i = 0; i < o->ask_count; i++) {
        yao_cbor_put_map(w, each ? 2 : 1);
        yao_cbor_put_string(w, "itemsRequest");
        yao_cbor_put_raw(w, asking->items[i]);
        if (each) {
            yao_cbor_put_string(w, "readerAuth");
            yao_cose_put_sign1(w, &headers, NULL, signatures[i]);
        }
    }
    if (all) {
        yao_cbor_put_string(w, "readerAuthAll");
        yao_cbor_put_array(w, 1);
        yao_cose_put_sign1(w, &headers, NULL, signatures[0]);
    }
}
