/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The claims are walked once. What is disclosable is written on top of the
 * text that is being written, encoded and hashed, and then taken off again, so
 * that one buffer serves all levels; what remains in it is the payload.
 *
 * Invariants
 *   1. Nothing is taken from the arena for bytes of unknown length: both
 *      buffers are bounded before.
 *   2. Each disclosable place is written exactly once.
 *   3. What is issued can be read: no text gets deeper, or an object wider,
 *      by its digests than yao_json_parse() takes.
 */

#include "sdjwt/process.h"

enum {
    SALT_LEN    = 16,
    SALT_LETTERS = 22,
    DECOY_LEN   = 32,
    MAX_DECOYS  = 16,
    LETTERS     = 43, /* of a SHA-256 digest */
    /* around one disclosure and its digest, at most */
    ROUND_ONE   = SALT_LETTERS + LETTERS + 32,
    HEADER_ROOM = 256
};

typedef struct issue {
    yao_arena                     *arena;
    const yao_crypto              *crypto;
    const yao_sdjwt_issue_request *request;
    yao_entropy                   *entropy;
    const yao_json               **places; /* what is disclosable */
    yao_bytes                     *salts;
    size_t                         salt_count;
    yao_writer                     text;
    yao_writer                     disclosures;
    int                            nesting; /* in disclosures */
    int                            depth;   /* in the text being written */
    size_t                         values;  /* in all texts, at most */
} issue;

typedef struct digest {
    uint8_t letters[LETTERS];
} digest;

/* ---- what was asked ---- */

static bool has_reserved(const yao_json *value)
{
    for (const yao_json *c = value->first; c != NULL; c = c->next)
        if ((value->kind == YAO_JSON_OBJECT &&
             yao_sdjwt_is_reserved(c, true)) ||
            has_reserved(c))
            return true;
    return false;
}

static bool is_document(const yao_sdjwt_issue_request *q)
{
    return yao_text_equal(q->type, YAO_TEXT("dc+sd-jwt"));
}

static bool may_disclose(const yao_sdjwt_issue_request *q,
                         const yao_sdjwt_path          *path)
{
    for (size_t i = 0; is_document(q) && i < YAO_SDJWT_PLAIN_COUNT; i++)
        if (yao_text_equal(path->steps[0], yao_sdjwt_plain[i]))
            return false;
    return true;
}

static yao_status check_request(const yao_sdjwt_issue_request *q)
{
    const yao_json *claims = q->claims;

    if (claims == NULL || claims->kind != YAO_JSON_OBJECT ||
        has_reserved(claims) || q->decoys > MAX_DECOYS ||
        yao_sig_by_alg(q->alg) == NULL)
        return YAO_E_USAGE;
    if (q->holder_key.curve != YAO_CURVE_NONE &&
        yao_json_get(claims, "cnf") != NULL)
        return YAO_E_USAGE;
    if (is_document(q) && yao_json_get(claims, "vct") == NULL)
        return YAO_E_USAGE;

    return q->disclosable_count > YAO_MAX_DISCLOSURES ? YAO_E_LIMIT : YAO_OK;
}

static bool is_place(const issue *x, const yao_json *value)
{
    for (size_t i = 0; i < x->request->disclosable_count; i++)
        if (x->places[i] == value)
            return true;
    return false;
}

static yao_status find_places(issue *x)
{
    const yao_sdjwt_issue_request *q = x->request;

    x->places = yao_arena_take_array(x->arena, q->disclosable_count,
                                     sizeof(const yao_json *));
    x->salts  = yao_arena_take_array(x->arena, q->disclosable_count,
                                     sizeof *x->salts);
    if (x->places == NULL || x->salts == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < q->disclosable_count; i++) {
        const yao_sdjwt_path *path = &q->disclosable[i];
        const yao_json       *place = yao_sdjwt_find(q->claims, path);

        if (path->step_count == 0 || place == NULL || is_place(x, place) ||
            !may_disclose(q, path))
            return YAO_E_USAGE;
        if (place->name.len > YAO_SDJWT_MAX_NAME)
            return YAO_E_LIMIT;
        x->places[i] = place;
    }
    return YAO_OK;
}

/* ---- disclosures ---- */

static void write_value(issue *x, const yao_json *value);

static void fail(issue *x, yao_status why)
{
    yao_writer_fail(&x->text, why);
}

/* COUNT more values, LEVELS below what is being written. */
static void add_values(issue *x, size_t count, int levels)
{
    x->values += count;
    if (x->depth + levels > YAO_MAX_DEPTH || x->values > YAO_MAX_JSON_NODES)
        fail(x, YAO_E_LIMIT);
}

/* Equal salts mean that the random source repeats itself, and then whoever
 * sees one claim can guess another: nothing is issued (RFC 9901 9.3). */
static yao_status take_salt(issue *x, yao_bytes *ret)
{
    yao_bytes salt;

    YAO_TRY(yao_entropy_take(x->entropy, SALT_LEN, &salt));
    for (size_t i = 0; i < x->salt_count; i++)
        if (yao_bytes_equal(x->salts[i], salt))
            return YAO_E_DUPLICATE;
    x->salts[x->salt_count++] = salt;
    *ret = salt;
    return YAO_OK;
}

static void hash_letters(issue *x, yao_bytes input, digest *ret)
{
    uint8_t  room[YAO_SDJWT_DIGEST_LETTERS];
    yao_text letters;

    yao_status status = yao_sdjwt_digest(x->crypto, YAO_SHA256, input, room,
                                         &letters);
    if (status != YAO_OK) {
        fail(x, status);
        return;
    }
    for (size_t i = 0; i < LETTERS; i++)
        ret->letters[i] = letters.ptr[i];
}

/* ["salt","name",value], or without the name for an item of an array. */
static void write_array(issue *x, const yao_json *place, bool named,
                        yao_bytes salt)
{
    yao_put_text(&x->text, "[\"");
    yao_put_base64url(&x->text, salt);
    yao_put_text(&x->text, "\",");
    if (named) {
        yao_put_byte(&x->text, '"');
        yao_put_bytes(&x->text, yao_text_bytes(place->name));
        yao_put_text(&x->text, "\",");
    }
    write_value(x, place);
    yao_put_byte(&x->text, ']');
}

/* Write the disclosure of PLACE to the others; its digest is RET. */
static void disclose(issue *x, const yao_json *place, bool named, digest *ret)
{
    size_t    mark = x->text.len, at;
    int       outer = x->depth;
    yao_bytes salt;

    if (++x->nesting > YAO_MAX_DISCLOSURE_DEPTH) {
        fail(x, YAO_E_LIMIT);
        return;
    }
    yao_status status = take_salt(x, &salt);
    if (status != YAO_OK) {
        fail(x, status);
        return;
    }
    x->depth = 0;
    add_values(x, 3, 1);
    x->depth = 1;
    write_array(x, place, named, salt);
    x->depth = outer;
    x->nesting--;
    if (x->text.status != YAO_OK)
        return;

    at = x->disclosures.len;
    yao_put_base64url(&x->disclosures, (yao_bytes){x->text.ptr + mark,
                                                   x->text.len - mark});
    yao_writer_fail(&x->text, x->disclosures.status);
    x->text.len = mark;
    if (x->text.status != YAO_OK)
        return;
    hash_letters(x, (yao_bytes){x->disclosures.ptr + at,
                                x->disclosures.len - at}, ret);
    yao_put_byte(&x->disclosures, '~');
}

/* ---- _sd ---- */

static void put_digest(yao_writer *w, const digest *d)
{
    yao_put_byte(w, '"');
    yao_put_bytes(w, (yao_bytes){d->letters, LETTERS});
    yao_put_byte(w, '"');
}

/* Insertion sort: a handful, except in a booklet. */
static void sort(digest *list, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        digest moved = list[i];
        size_t k     = i;

        for (; k > 0 && yao_bytes_compare(
                            (yao_bytes){list[k - 1].letters, LETTERS},
                            (yao_bytes){moved.letters, LETTERS}) > 0;
             k--)
            list[k] = list[k - 1];
        list[k] = moved;
    }
}

/* A decoy is the digest of what nobody knows (section 4.2.5). */
static void add_decoy(issue *x, digest *ret)
{
    yao_bytes  random;
    yao_status status = yao_entropy_take(x->entropy, DECOY_LEN, &random);

    if (status == YAO_OK)
        hash_letters(x, random, ret);
    else
        fail(x, status);
}

static size_t count_places(const issue *x, const yao_json *object)
{
    size_t count = 0;

    for (const yao_json *m = object->first; m != NULL; m = m->next)
        count += is_place(x, m);
    return count;
}

static void write_sd(issue *x, const yao_json *object, size_t count,
                     bool *first)
{
    size_t  all   = count + x->request->decoys, n = 0;
    digest *list  = yao_arena_take_array(x->arena, all, sizeof *list);
    bool    inner = true;

    if (list == NULL) {
        fail(x, YAO_E_SPACE);
        return;
    }
    add_values(x, all + 1, 1);
    for (const yao_json *m = object->first; m != NULL; m = m->next)
        if (is_place(x, m))
            disclose(x, m, true, &list[n++]);
    while (n < all)
        add_decoy(x, &list[n++]);
    sort(list, all);
    yao_json_put_name(&x->text, first, "_sd");
    yao_put_byte(&x->text, '[');
    for (size_t i = 0; i < all; i++) {
        yao_json_put_next(&x->text, &inner);
        put_digest(&x->text, &list[i]);
    }
    yao_put_byte(&x->text, ']');
}

/* ---- values ---- */

static void write_name(issue *x, const yao_json *member, bool *first)
{
    yao_json_put_next(&x->text, first);
    yao_put_byte(&x->text, '"');
    yao_put_bytes(&x->text, yao_text_bytes(member->name));
    yao_put_text(&x->text, "\":");
}

static void write_members(issue *x, const yao_json *object, bool *first)
{
    size_t places = count_places(x, object);

    /* _sd, and at the top _sd_alg and cnf */
    if (object->count - places + 3 > YAO_MAX_MAP_ENTRIES)
        fail(x, YAO_E_LIMIT);
    for (const yao_json *m = object->first; m != NULL; m = m->next) {
        if (places != 0 && is_place(x, m))
            continue;
        write_name(x, m, first);
        write_value(x, m);
    }
    if (places != 0)
        write_sd(x, object, places, first);
}

static void write_items(issue *x, const yao_json *array)
{
    bool first = true;

    for (const yao_json *item = array->first; item != NULL;
         item = item->next) {
        digest d = {{0}};

        yao_json_put_next(&x->text, &first);
        if (!is_place(x, item)) {
            write_value(x, item);
            continue;
        }
        add_values(x, 1, 1);
        disclose(x, item, false, &d);
        yao_put_text(&x->text, "{\"...\":");
        put_digest(&x->text, &d);
        yao_put_byte(&x->text, '}');
    }
}

static void write_value(issue *x, const yao_json *value)
{
    bool first     = true;
    bool container = value->kind == YAO_JSON_OBJECT ||
                     value->kind == YAO_JSON_ARRAY;

    add_values(x, 1, container ? 1 : 0);
    x->depth++;
    if (value->kind == YAO_JSON_OBJECT) {
        yao_put_byte(&x->text, '{');
        write_members(x, value, &first);
        yao_put_byte(&x->text, '}');
    } else if (value->kind == YAO_JSON_ARRAY) {
        yao_put_byte(&x->text, '[');
        write_items(x, value);
        yao_put_byte(&x->text, ']');
    } else {
        yao_json_put_value(&x->text, value);
    }
    x->depth--;
}

static void write_payload(issue *x)
{
    const yao_sdjwt_issue_request *q     = x->request;
    bool                           first = true;

    yao_put_byte(&x->text, '{');
    x->depth  = 1;
    x->values = 8; /* those of cnf and _sd_alg */
    write_members(x, q->claims, &first);
    if (q->disclosable_count != 0) {
        yao_json_put_name(&x->text, &first, "_sd_alg");
        yao_put_text(&x->text, "\"sha-256\"");
    }
    if (q->holder_key.curve != YAO_CURVE_NONE) {
        yao_json_put_name(&x->text, &first, "cnf");
        yao_put_text(&x->text, "{\"jwk\":");
        yao_jwk_put(&x->text, &q->holder_key);
        yao_put_byte(&x->text, '}');
    }
    yao_put_byte(&x->text, '}');
}

/* ---- the whole ---- */

/* Every claim is written once, each disclosure adds its salt and digest; at
 * worst each has an _sd array of its own. Nested ones are written on top of
 * each other, hence the sum and not the largest. */
static yao_status open_buffers(issue *x)
{
    const yao_sdjwt_issue_request *q     = x->request;
    yao_writer                     count = yao_writer_count();
    size_t each = ROUND_ONE + q->decoys * (LETTERS + 3);

    yao_json_put_value(&count, q->claims);
    YAO_TRY(count.status);
    if (count.len > YAO_MAX_MESSAGE)
        return YAO_E_LIMIT;
    size_t   room = count.len + HEADER_ROOM + q->disclosable_count * each;
    size_t   out  = q->disclosable_count == 0 ? 0 : room / 3 * 4 + 4 +
                                                    q->disclosable_count * 4;
    uint8_t *text = yao_arena_take(x->arena, room);
    uint8_t *list = yao_arena_take(x->arena, out + 1);
    if (text == NULL || list == NULL)
        return YAO_E_SPACE;

    x->text        = yao_writer_open(text, room);
    x->disclosures = yao_writer_open(list, out + 1);
    return YAO_OK;
}

static yao_status write_header(const issue *x, yao_bytes *ret)
{
    const yao_sdjwt_issue_request *q     = x->request;
    yao_writer                     w     = yao_writer_in(x->arena);
    bool                           first = true;

    yao_put_byte(&w, '{');
    yao_json_put_name(&w, &first, "alg");
    yao_json_put_string(&w, yao_text_of(yao_sig_by_alg(q->alg)->jose));
    if (q->type.len != 0) {
        yao_json_put_name(&w, &first, "typ");
        yao_json_put_string(&w, q->type);
    }
    if (q->kid.len != 0) {
        yao_json_put_name(&w, &first, "kid");
        yao_json_put_string(&w, q->kid);
    }
    if (q->chain_count != 0) {
        yao_json_put_next(&w, &first);
        yao_jws_put_x5c(&w, q->chain, q->chain_count);
    }
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, x->arena, ret);
}

static yao_status finish(issue *x, yao_sdjwt_issuing *ret)
{
    yao_sdjwt_issuing r;
    yao_bytes         header, payload;

    YAO_TRY(yao_writer_close(&x->text, &payload));
    YAO_TRY(yao_writer_close(&x->disclosures, &r.disclosures));
    YAO_TRY(write_header(x, &header));
    yao_writer w = yao_writer_in(x->arena);
    yao_jws_put_unsigned(&w, header, payload);
    YAO_TRY(yao_writer_keep(&w, x->arena, &r.unsigned_jwt));
    if (r.unsigned_jwt.len > YAO_MAX_JWT - 2 * YAO_MAX_SIGNATURE)
        return YAO_E_LIMIT;

    r.wish = yao_sign_wish_of(x->request->alg, r.unsigned_jwt);
    *ret   = r;
    return YAO_OK;
}

yao_status yao_sdjwt_issue(yao_arena *arena, const yao_crypto *crypto,
                           const yao_sdjwt_issue_request *request,
                           yao_entropy *entropy, yao_sdjwt_issuing *ret)
{
    issue x = {.arena   = arena,
               .crypto  = crypto,
               .request = request,
               .entropy = entropy};

    YAO_TRY(check_request(request));
    YAO_TRY(find_places(&x));
    YAO_TRY(open_buffers(&x));
    write_payload(&x);
    return finish(&x, ret);
}

yao_status yao_sdjwt_put_issued(yao_writer *w, const yao_sdjwt_issuing *issuing,
                                yao_bytes signature)
{
    const yao_sig_row *row = yao_sig_by_alg(issuing->wish.alg);

    if (row == NULL || signature.len != row->signature_len)
        return YAO_E_USAGE;
    yao_put_bytes(w, issuing->unsigned_jwt);
    yao_jws_put_signature(w, signature);
    yao_put_byte(w, '~');
    yao_put_bytes(w, issuing->disclosures);
    return w->status;
}
