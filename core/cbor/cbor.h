/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CBOR_H
#define YAO_CBOR_H

/**
 * CBOR (RFC 8949), read as a sequence of expectations and written in its
 * deterministic form.
 *
 * A reader walks over bytes the caller keeps. Ask for what the schema says
 * comes next; after the first mismatch every further call does nothing and
 * returns an empty value, so a parser reads straight through its schema and
 * looks at the outcome once, in yao_cbor_close().
 *
 *     yao_cbor_reader r = yao_cbor_open(input);
 *     yao_cbor_get_array(&r, 2);
 *     uint64_t version = yao_cbor_get_uint(&r);
 *     yao_text name    = yao_cbor_get_text(&r);
 *     YAO_TRY(yao_cbor_close(&r));
 *
 * Values read before close are not to be acted upon.
 *
 * Limits   definite lengths only, heads of the shortest form (a foreign
 *          reader tolerates longer ones and remembers that it did), UTF-8
 *          checked, depth YAO_MAX_DEPTH, YAO_MAX_CBOR_ITEMS, map entries
 *          YAO_MAX_MAP_ENTRIES; floating point is skipped, never read
 * Memory   results point into the input and live as long as it does
 */

#include "yaopai/base.h"
#include "yaopai/limits.h"
#include "yaopai/writer.h"

typedef enum yao_cbor_kind {
    YAO_CBOR_END = 0, /* nothing left, or the reader has failed */
    YAO_CBOR_UINT,
    YAO_CBOR_NINT,
    YAO_CBOR_BYTES,
    YAO_CBOR_TEXT,
    YAO_CBOR_ARRAY,
    YAO_CBOR_MAP,
    YAO_CBOR_TAG,
    YAO_CBOR_BOOL,
    YAO_CBOR_NULL,
    YAO_CBOR_OTHER /* undefined, simple values, floating point */
} yao_cbor_kind;

typedef struct yao_cbor_reader {
    yao_bytes  rest;     /* still to be read */
    size_t     offset;   /* of rest.ptr in the input; where an error hit */
    yao_status status;   /* the first failure, or YAO_OK; sticky */
    bool       foreign;  /* heads need not be the shortest */
    bool       longer;   /* and one was not: note it in the report */
} yao_cbor_reader;

/** Start reading INPUT strictly. No byte is looked at yet. */
yao_cbor_reader yao_cbor_open(yao_bytes input);

/** Start reading what other software wrote: heads that are not the shortest
 *  set `longer` instead of failing. Everything else is as strict. */
yao_cbor_reader yao_cbor_open_foreign(yao_bytes input);

/**
 * Finish: everything went well and nothing is left over.
 *
 * Errors  YAO_E_TRUNCATED     an item goes on after the input's end
 *         YAO_E_MALFORMED     another shape than asked for, reserved or
 *                             indefinite length
 *         YAO_E_NOT_SHORTEST  a head longer than needed (strict reader)
 *         YAO_E_UTF8          a text that is not UTF-8
 *         YAO_E_DUPLICATE     a map with equal keys (met by get_any)
 *         YAO_E_LIMIT         depth, items or entries above the limits
 *         YAO_E_TRAILING      unread bytes
 * Source  RFC 8949 sections 3, 5.3.1
 */
YAO_MUST_USE yao_status yao_cbor_close(const yao_cbor_reader *r);

/** Record FAILURE unless an earlier one stands. For checks made by parsers. */
void yao_cbor_fail(yao_cbor_reader *r, yao_status failure);

/** What comes next, without taking it. */
yao_cbor_kind yao_cbor_peek(const yao_cbor_reader *r);

/** Take the next item. Shapes: uint; uint / nint within int64; bstr; tstr;
 *  bool; null. */
uint64_t  yao_cbor_get_uint(yao_cbor_reader *r);
int64_t   yao_cbor_get_int(yao_cbor_reader *r);
yao_bytes yao_cbor_get_bytes(yao_cbor_reader *r);
yao_text  yao_cbor_get_text(yao_cbor_reader *r);
bool      yao_cbor_get_bool(yao_cbor_reader *r);
void      yao_cbor_get_null(yao_cbor_reader *r);

/** Enter an array of exactly COUNT items, or of any number, which is given
 *  back; a map, whose number of pairs is given back. The items follow. A
 *  count above the bytes left, or above the limits, is refused here. */
void     yao_cbor_get_array(yao_cbor_reader *r, uint64_t count);
uint64_t yao_cbor_get_items(yao_cbor_reader *r);
uint64_t yao_cbor_get_map(yao_cbor_reader *r);

/** Take tag TAG (any tag: the number is given back); its content follows. */
void     yao_cbor_get_tag(yao_cbor_reader *r, uint64_t tag);
uint64_t yao_cbor_get_any_tag(yao_cbor_reader *r);

/**
 * Take one complete item of any shape as it stands, checked to be well-formed
 * to its end: depth, counts, UTF-8, shortest heads, no equal keys in a map
 * (a foreign reader compares numbers by value and strings by content, whatever
 * their heads). Depth and items are counted from this item on; what a bstr
 * carries is not looked at.
 *
 * Cost    one pass; a map whose keys are in no order may be gone through again
 */
yao_bytes yao_cbor_get_any(yao_cbor_reader *r);

/** A bstr that carries CBOR. Shape: #6.24(bstr .cbor any). `whole` is the item
 *  from its tag on (what digests and signatures cover), `inner` the content. */
typedef struct yao_cbor_wrapped {
    yao_bytes whole;
    yao_bytes inner;
} yao_cbor_wrapped;

/** Take a wrapped item. What is inside is not read yet. */
yao_cbor_wrapped yao_cbor_get_wrapped(yao_cbor_reader *r);

/**
 * Read a tdate or a full-date.
 *
 * Shape   tdate = #6.0(tstr) "YYYY-MM-DDThh:mm:ssZ"
 *         full-date = #6.1004(tstr) "YYYY-MM-DD"
 * Source  ISO/IEC 18013-5:2021 7.2.1; RFC 8943
 */
yao_time yao_cbor_get_tdate(yao_cbor_reader *r);
yao_date yao_cbor_get_full_date(yao_cbor_reader *r);

/**
 * Is INPUT exactly one well-formed item?
 *
 * In      foreign  tolerate heads that are not the shortest
 * Out     longer   when not NULL: whether there were any
 * Errors  as yao_cbor_close(), yao_cbor_get_any()
 */
YAO_MUST_USE yao_status yao_cbor_check(yao_bytes input, bool foreign,
                                       bool *longer);

/**
 * Write INPUT, which may be foreign CBOR, in diagnostic notation: for people.
 *
 * In      indent  break lines and indent, else one line
 * Errors  as yao_cbor_check(); YAO_E_SPACE recorded in W
 * Note    the bstr of a tag 24 is shown as << >> (RFC 8610 G.3) when it holds
 *         one item that is not too deep; letters nobody would see (controls,
 *         and those that turn the direction of a line) as \uXXXX
 * Source  RFC 8949 section 8
 */
YAO_MUST_USE yao_status yao_cbor_diagnose(yao_bytes input, bool indent,
                                          yao_writer *w);

/* ---- writing: shortest heads, definite lengths. Map keys are written in
 * the order of the calls; a writer that wants deterministic maps calls in
 * that order (RFC 8949 section 4.2.1: bytewise order of the encoded keys). */

void yao_cbor_put_uint(yao_writer *w, uint64_t value);
void yao_cbor_put_int(yao_writer *w, int64_t value);
void yao_cbor_put_bytes(yao_writer *w, yao_bytes value);
void yao_cbor_put_text(yao_writer *w, yao_text value);
void yao_cbor_put_string(yao_writer *w, const char *value); /* a literal */
void yao_cbor_put_bool(yao_writer *w, bool value);
void yao_cbor_put_null(yao_writer *w);
void yao_cbor_put_array(yao_writer *w, uint64_t count);
void yao_cbor_put_map(yao_writer *w, uint64_t pairs);
void yao_cbor_put_tag(yao_writer *w, uint64_t tag);
void yao_cbor_put_tdate(yao_writer *w, yao_time time);
void yao_cbor_put_full_date(yao_writer *w, yao_date day);

/** The head alone of a bstr of LEN bytes that the caller appends, or signs
 *  in parts. */
void yao_cbor_put_bytes_head(yao_writer *w, uint64_t len);

/** Bytes that are CBOR already. */
void yao_cbor_put_raw(yao_writer *w, yao_bytes item);

/**
 * Write a bstr around what is written until the matching end; begin_wrapped
 * puts tag 24 before it.
 *
 *     size_t mark = yao_cbor_begin_wrapped(&w);
 *     yao_cbor_put_array(&w, 4);
 *     ...
 *     yao_cbor_end_bytes(&w, mark);
 *
 * Cost    the content moves once when its length is known
 */
size_t yao_cbor_begin_bytes(yao_writer *w);
size_t yao_cbor_begin_wrapped(yao_writer *w);
void   yao_cbor_end_bytes(yao_writer *w, size_t mark);

#endif
