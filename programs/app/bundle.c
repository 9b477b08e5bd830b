/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bundle.h"

#include <stdio.h>
#include <string.h>

#include "app/bundle_lists.h"
#include "app/catalogue_files.h"
#include "app/command.h"
#include "app/files.h"
#include "app/pem.h"

/* Address space, not memory: what is touched is the list, twice its size for
 * what was read of it, and its status lists unpacked. */
#define MEMORY ((size_t)256 * 1024 * 1024)

enum { MAX_PATH = 4096, MAX_ANCHOR = 64 * 1024 };

typedef struct opening {
    const yao_crypto         *crypto;
    const app_bundle_options *o;
    app_bundle               *b;
    yao_anchor                anchor;
    uint8_t                   root[YAO_SHA256_LEN]; /* of the anchor */
    yao_bytes                 input;
    yao_trust_seen            seen;
} opening;

/* ---- the first anchor --------------------------------------------------- */

/* Where the list lies: its folder, or "." */
static yao_status beside(const char *path, const char *name, char *out,
                         size_t cap)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        return yao_path_join(".", name, out, cap);

    int len = snprintf(out, cap, "%.*s/%s", (int)(slash - path), path, name);
    return len < 0 || (size_t)len >= cap ? YAO_E_LIMIT : YAO_OK;
}

static yao_status read_fingerprint(const char *text, uint8_t *out)
{
    yao_bytes  hex = {(const uint8_t *)text + 7, strlen(text) - 7};
    yao_writer w   = yao_writer_open(out, YAO_SHA256_LEN);

    if (hex.len != 2 * (size_t)YAO_SHA256_LEN ||
        yao_get_hex(hex, &w) != YAO_OK)
        return YAO_E_USAGE;

    return YAO_OK;
}

static yao_status read_anchor(opening *op, const char *path)
{
    yao_anchors read = {.count = 0};

    YAO_TRY(yao_anchors_add_file(&read, &op->b->arena, path, YAO_ROLE_TRUST));
    if (read.list[0].certificate.len == 0)
        return YAO_E_MISSING; /* a bare key signs no certificates */
    if (read.count != 1)
        return YAO_E_DUPLICATE;
    op->anchor = read.list[0];

    return op->crypto->hash(op->crypto->ctx, YAO_SHA256,
                            &op->anchor.certificate, 1, op->root);
}

/* A certificate by hand, or its fingerprint by hand and the certificate from
 * wherever the list came from. */
static yao_status take_anchor(opening *op)
{
    const char *given = op->o->anchor;
    uint8_t     wanted[YAO_SHA256_LEN];
    char        path[MAX_PATH];

    op->b->place = APP_BUNDLE_ANCHOR;
    if (given == NULL || *given == '\0')
        return YAO_E_USAGE;
    if (strncmp(given, "sha256:", 7) != 0)
        return read_anchor(op, given);

    YAO_TRY(read_fingerprint(given, wanted));
    YAO_TRY(beside(op->o->path, "trust-root.pem", path, sizeof path));
    YAO_TRY(read_anchor(op, path));

    return memcmp(op->root, wanted, sizeof wanted) == 0 ? YAO_OK
                                                        : YAO_E_MISMATCH;
}

/* ---- what was seen last ------------------------------------------------- */

static yao_status seen_path(const app_bundle_options *o, char *out, size_t cap)
{
    int len = o->seen != NULL ? snprintf(out, cap, "%s", o->seen)
                              : snprintf(out, cap, "%s.seen", o->path);

    return len <= 0 || (size_t)len >= cap ? YAO_E_LIMIT : YAO_OK;
}

/* A file that is damaged is not "never seen". One of another root is: whoever
 * gives another first anchor by hand begins anew. One of another kind under the
 * same root isn't, or a genuine list of that kind, put where this one lies,
 * would make it forget. */
static yao_status read_seen(const app_bundle_options *o, yao_bytes root,
                            yao_trust_kind kind, yao_trust_seen *ret)
{
    yao_bytes file;
    char      path[MAX_PATH];

    YAO_TRY(seen_path(o, path, sizeof path));
    if (!yao_path_exists(path))
        return YAO_OK;
    YAO_TRY(yao_file_read(path, 4096, &file));
    yao_status status = yao_trust_read_seen(file, root, kind, ret);
    yao_file_free(&file);

    return status == YAO_E_MISMATCH ? YAO_OK : status;
}

static yao_status take_seen(opening *op, yao_trust_kind kind)
{
    op->b->place = APP_BUNDLE_SEEN;
    YAO_TRY(read_seen(op->o, (yao_bytes){op->root, sizeof op->root}, kind,
                      &op->seen));
    op->b->seen_any = op->seen.any;

    return YAO_OK;
}

/* What another process has seen meanwhile stays seen. */
static void merge_seen(const yao_trust_seen *there, yao_trust_seen *ours)
{
    yao_time moment =
        there->moment > ours->moment ? there->moment : ours->moment;

    if (there->any && (there->version > ours->version ||
                       there->issued_at > ours->issued_at))
        *ours = *there;
    ours->moment = moment;
}

static yao_status write_seen(const app_bundle_options *o, yao_bytes root,
                             yao_trust_kind kind, const yao_trust_seen *seen)
{
    uint8_t        buffer[256];
    char           path[MAX_PATH];
    yao_bytes      content;
    yao_trust_seen there = {.any = false}, last = *seen;
    yao_writer     w = yao_writer_open(buffer, sizeof buffer);

    YAO_TRY(read_seen(o, root, kind, &there));
    merge_seen(&there, &last);
    yao_trust_put_seen(&w, root, kind, &last);
    YAO_TRY(yao_writer_close(&w, &content));
    YAO_TRY(seen_path(o, path, sizeof path));

    return yao_file_write(path, content, 0600, false);
}

static bool same_seen(const yao_trust_seen *a, const yao_trust_seen *b)
{
    return a->any == b->any && a->version == b->version &&
           a->issued_at == b->issued_at && a->moment == b->moment &&
           memcmp(a->hash, b->hash, sizeof a->hash) == 0;
}

static yao_status keep_seen(opening *op)
{
    yao_trust_seen *seen = &op->b->list.seen;

    for (size_t i = 0; i < op->b->list_count; i++)
        if (op->b->lists[i].issued_at > seen->moment)
            seen->moment = op->b->lists[i].issued_at;
    if (!op->o->keep || same_seen(seen, &op->seen))
        return YAO_OK;
    op->b->place = APP_BUNDLE_SEEN;

    return write_seen(op->o, (yao_bytes){op->root, sizeof op->root},
                      op->b->list.content.kind, seen);
}

/* ---- the list ----------------------------------------------------------- */

static yao_status read_list(opening *op)
{
    yao_bytes file;

    op->b->place = APP_BUNDLE_LIST;
    YAO_TRY(yao_file_read(op->o->path, YAO_MAX_TRUST_LIST, &file));
    yao_status status = yao_arena_keep(&op->b->arena, file, &op->input);
    yao_file_free(&file);

    return status;
}

static yao_status judge(opening *op, yao_trust_unverified *said)
{
    yao_trust_options options = {.wanted       = op->o->wanted,
                                 .anchors      = &op->anchor,
                                 .anchor_count = 1,
                                 .now          = op->o->now,
                                 .skew         = op->o->skew,
                                 .max_age      = APP_BUNDLE_FRESH,
                                 .strict       = op->o->strict,
                                 .seen         = op->seen};
    yao_trust_verification v;

    /* a VICAL lives for weeks; it says itself when the next is due */
    if (said->said.kind == YAO_TRUST_VICAL)
        options.max_age = 0;
    op->b->place = APP_BUNDLE_LIST;
    YAO_TRY(yao_trust_begin(&op->b->arena, op->crypto, said, &options, &v,
                            &op->b->report));
    YAO_TRY(op->crypto->verify(op->crypto->ctx, v.checks, v.check_count));

    return yao_trust_conclude(&v, &op->b->arena, &op->b->list, &op->b->report);
}

static yao_status open_all(opening *op)
{
    yao_trust_unverified *said;

    YAO_TRY(take_anchor(op));
    YAO_TRY(read_list(op));
    said = yao_arena_take(&op->b->arena, sizeof *said);
    if (said == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_trust_parse(&op->b->arena, op->input, op->o->strict, said));
    YAO_TRY(take_seen(op, said->said.kind));
    YAO_TRY(judge(op, said));
    op->b->place = APP_BUNDLE_STATUS_LIST;
    YAO_TRY(app_bundle_open_lists(op->crypto, op->o, op->b));
    op->b->place = APP_BUNDLE_FILES;
    YAO_TRY(app_bundle_open_files(op->b));

    return keep_seen(op);
}

yao_status app_bundle_open(const yao_crypto         *crypto,
                           const app_bundle_options *options, app_bundle *ret)
{
    opening op = {.crypto = crypto, .o = options, .b = ret};

    memset(ret, 0, sizeof *ret);
    YAO_TRY(yao_memory_open(MEMORY, &ret->arena));

    yao_status status = open_all(&op);
    if (status != YAO_OK)
        app_bundle_close(ret);
    return status;
}

/* Report and place outlive it: somebody may want to tell. */
void app_bundle_close(app_bundle *b)
{
    yao_memory_free(&b->arena);
    memset(&b->list, 0, sizeof b->list);
    b->lists      = NULL;
    b->packed     = NULL;
    b->list_count = 0;
}

void app_bundle_apply(const app_bundle *b, yao_verify_options *options)
{
    options->anchors      = b->list.anchors;
    options->anchor_count = b->list.anchor_count;
    options->signers      = b->list.content.signers;
    options->signer_count = b->list.content.signer_count;
    options->lists        = b->lists;
    options->list_count   = b->list_count;
}

yao_status app_bundle_raise(const yao_crypto *crypto, app_bundle *b,
                            const app_bundle_options *options, yao_time moment)
{
    uint8_t root[YAO_SHA256_LEN];

    if (moment <= b->list.seen.moment)
        return YAO_OK;
    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &b->list.root, 1, root));
    yao_trust_seen seen = b->list.seen;
    seen.moment         = moment;
    YAO_TRY(write_seen(options, (yao_bytes){root, sizeof root},
                       b->list.content.kind, &seen));
    b->list.seen = seen;

    return YAO_OK;
}
