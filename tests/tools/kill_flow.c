/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE

/*
 * Drives the wallet's machine (vci/receive.h) against a server that dies. A
 * request that nobody answered is made again from where its making began: the
 * machine and all it knows lie in one arena, of which a copy was kept. So keys
 * and proofs of the request are the same, the proof of possession is fresh.
 */

#include "kill_flow.h"

#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/files.h"
#include "crypto/algorithms.h"
#include "document/document.h"
#include "json/json.h"
#include "oauth/attestation.h"

enum { PATIENCE = 6000, PAUSE_MS = 10, STEPS = 1000, MOST = 8 << 20 };

extern char **environ;

static void pause_ms(long ms)
{
    const struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

uint64_t kill_draw(kill_wallet *w, uint64_t limit)
{
    uint64_t x = w->seed += UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return (x ^ x >> 31) % limit;
}

static bool ends_with(yao_text text, const char *end)
{
    size_t len = strlen(end);

    return text.len >= len && memcmp(text.ptr + text.len - len, end, len) == 0;
}

/* ---- one request -------------------------------------------------------- */

typedef struct request {
    net_client       *client;
    yao_arena        *arena;
    yao_receive_fetch fetch;
    yao_status        status;
    net_answer        answer;
    pthread_t         thread;
    bool              runs;
} request;

static void *send(void *arg)
{
    request         *q = arg;
    net_header       headers[YAO_RECEIVE_MAX_HEADERS];
    const net_call   call = {.method       = q->fetch.method,
                             .url          = q->fetch.url,
                             .headers      = headers,
                             .header_count = q->fetch.header_count,
                             .body         = q->fetch.body,
                             .most         = MOST,
                             .timeout_ms   = 20000};

    for (size_t i = 0; i < q->fetch.header_count; i++)
        headers[i] = (net_header){yao_text_of(q->fetch.headers[i].name),
                                  q->fetch.headers[i].value};
    q->status = net_client_fetch(q->client, &call, q->arena, &q->answer);
    return NULL;
}

static yao_text *header(yao_receive_fetch *f, const char *name)
{
    for (size_t i = 0; i < f->header_count; i++)
        if (strcmp(f->headers[i].name, name) == 0)
            return &f->headers[i].value;
    return NULL;
}

static yao_status sign_with(yao_openssl_key *key, yao_arena *arena,
                            const yao_oauth_unsigned *token, yao_bytes *ret)
{
    uint8_t out[YAO_MAX_SIGNATURE];
    size_t  len = 0;

    YAO_TRY(yao_openssl_sign(key, &token->wish, out, &len));
    return yao_oauth_sign(arena, token, (yao_bytes){out, len}, ret);
}

static yao_status random_letters(yao_arena *arena, yao_text *ret)
{
    uint8_t    bytes[24];
    yao_writer w = yao_writer_in(arena);
    yao_bytes  out;

    YAO_TRY(yao_openssl_random(bytes, sizeof bytes));
    yao_put_base64url(&w, (yao_bytes){bytes, sizeof bytes});
    YAO_TRY(yao_writer_keep(&w, arena, &out));
    *ret = (yao_text){out.ptr, out.len};
    return YAO_OK;
}

/* The same request with another proof of possession. */
static yao_status prove_again(kill_wallet *w, yao_arena *arena,
                              yao_receive_fetch *f)
{
    yao_text           *dpop = header(f, "DPoP");
    const yao_text     *held = header(f, "Authorization");
    yao_oauth_unsigned  token;
    yao_bytes           made;

    if (dpop == NULL || held == NULL || held->len < 5)
        return YAO_E_MISSING;
    yao_dpop_request wish = {.alg    = YAO_ES256,
                             .key    = w->options.session_key,
                             .method = YAO_TEXT("POST"),
                             .uri    = f->url,
                             .iat    = yao_now(),
                             .token  = {held->ptr + 5, held->len - 5}};
    YAO_TRY(random_letters(arena, &wish.jti));
    YAO_TRY(yao_dpop_make(arena, &wish, w->crypto, &token));
    YAO_TRY(sign_with(w->session, arena, &token, &made));
    *dpop = (yao_text){made.ptr, made.len};
    return YAO_OK;
}

/* ---- twice at once, and once more --------------------------------------- */

static bool is_answer(const request *q)
{
    return q->status == YAO_OK && q->answer.status == 200;
}

static void begin_second(kill_wallet *w, const yao_receive_fetch *f,
                         request *second)
{
    *second = (request){
        .client = w->second, .arena = &w->other, .fetch = *f};
    w->other.used = 0;
    if ((w->flags & KILL_REPLAY) == 0 && !ends_with(f->url, "/token") &&
        prove_again(w, &w->other, &second->fetch) != YAO_OK)
        return;
    second->runs =
        pthread_create(&second->thread, NULL, send, second) == 0;
    w->sums.doubled += second->runs;
}

static void end_second(kill_wallet *w, const request *first, request *second)
{
    if (!second->runs)
        return;
    pthread_join(second->thread, NULL);
    if (!is_answer(first) || !is_answer(second))
        return;
    if (ends_with(first->fetch.url, "/token"))
        kill_note_violation(w, "I6: one code gave two tokens");
    else if ((w->flags & KILL_REPLAY) != 0)
        kill_note_violation(w, "I6: one proof was taken twice");
    else if (!yao_bytes_equal(first->answer.body, second->answer.body))
        kill_note_violation(w, "I2: one request gave two documents");
}

static bool asks_document(yao_text url)
{
    return ends_with(url, "/credential") ||
           ends_with(url, "/deferred");
}

/* Who asks again for the same gets the same; with the same proof, nothing. */
static void ask_again(kill_wallet *w, const request *first)
{
    bool    replay = (w->flags & KILL_REPLAY) != 0;
    request again  = {
         .client = w->second, .arena = &w->other, .fetch = first->fetch};

    w->other.used = 0;
    if (!replay && prove_again(w, &w->other, &again.fetch) != YAO_OK)
        return;
    w->sums.again++;
    send(&again);
    if (!is_answer(&again))
        return;
    if (replay)
        kill_note_violation(w, "I6: one proof was taken twice");
    else if (!yao_bytes_equal(first->answer.body, again.answer.body))
        kill_note_violation(w, "I2: asked again, another document came");
}

static bool wants_second(const kill_wallet *w, yao_text url)
{
    if ((w->flags & KILL_TWO_CODES) != 0 && ends_with(url, "/token"))
        return true;
    return (w->flags & KILL_DOUBLE) != 0 && asks_document(url);
}

/* False: nobody answered, or it was nobody's turn. */
static bool exchange(kill_wallet *w, const yao_receive_wish *wish,
                     yao_receive_event *e)
{
    request first  = {.client = w->client,
                      .arena  = &w->arena,
                      .fetch  = wish->fetch};
    request second = {.runs = false};

    if (wants_second(w, first.fetch.url))
        begin_second(w, &first.fetch, &second);
    send(&first);
    end_second(w, &first, &second);
    if (first.status != YAO_OK || first.answer.status >= 500)
        return false;
    if (is_answer(&first) && asks_document(first.fetch.url) &&
        (w->flags & KILL_AGAIN) != 0)
        ask_again(w, &first);
    const net_answer *a = &first.answer;
    *e = (yao_receive_event){
        .kind   = YAO_RECEIVE_ANSWER,
        .answer = {a->status, net_answer_header(a, "content-type"),
                   net_answer_header(a, "dpop-nonce"),
                   net_answer_header(a, "oauth-client-attestation-challenge"),
                   a->body}};
    return true;
}

/* ---- keys --------------------------------------------------------------- */

static yao_status make_keys(kill_wallet *w, const yao_receive_wish *wish,
                            yao_receive_event *e)
{
    if (wish->role != YAO_RECEIVE_COPY)
        return YAO_E_UNSUPPORTED; /* nothing is encrypted here */
    for (size_t i = 0; i < wish->count; i++) {
        yao_openssl_key **key = &w->keys[wish->item][i];

        yao_openssl_key_close(*key);
        *key = NULL;
        if (i == 0 && (w->flags & KILL_SAME_KEY) != 0 && w->earlier != NULL)
            YAO_TRY(yao_openssl_key_share(w->earlier, key));
        else
            YAO_TRY(yao_openssl_key_generate(YAO_ES256, key));
        w->points[i] = yao_openssl_key_public(*key);
    }
    kill_note_made(w, wish);
    *e = (yao_receive_event){.kind      = YAO_RECEIVE_KEYS,
                             .keys      = w->points,
                             .key_count = wish->count};
    return YAO_OK;
}

static yao_status sign(kill_wallet *w, const yao_receive_wish *wish,
                       yao_bytes *ret)
{
    yao_openssl_key *key = wish->role == YAO_RECEIVE_SESSION
                               ? w->session
                               : w->keys[wish->item][wish->index];
    uint8_t *out = yao_arena_take(&w->arena, YAO_MAX_SIGNATURE);
    size_t   len = 0;

    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_sign(key, &wish->sign, out, &len));
    *ret = (yao_bytes){out, len};
    return YAO_OK;
}

static yao_status attest(kill_wallet *w, yao_bytes *ret)
{
    const kill_world       *world   = w->world;
    yao_time                now     = yao_now();
    yao_attestation_request wish    = {.alg         = YAO_ES256,
                                       .client_id   = w->options.client_id,
                                       .issued_at   = now,
                                       .expires     = now + 3600,
                                       .key         = w->options.session_key,
                                       .chain       = world->chain,
                                       .chain_count = world->chain_count};
    yao_oauth_unsigned token;

    YAO_TRY(yao_attestation_make(&w->arena, &wish, &token));
    return sign_with(world->attester, &w->arena, &token, ret);
}

/* ---- what is received --------------------------------------------------- */

static void keep_key(kill_wallet *w, const yao_receive_item *item)
{
    yao_openssl_key *key;

    if (item->key_count == 0 ||
        yao_openssl_key_share(w->keys[0][item->key_of[0]], &key) != YAO_OK)
        return;
    yao_openssl_key_close(w->earlier);
    w->earlier = key;
}

static void store(kill_wallet *w)
{
    size_t                  count;
    const yao_receive_item *items = yao_receive_items(w->machine, &count);

    for (size_t i = 0; i < count; i++) {
        if (items[i].state != YAO_RECEIVE_GOOD)
            continue;
        if ((w->flags & KILL_SAME_KEY) != 0 && w->earlier != NULL)
            kill_note_violation(w, "I2: a device key was bound twice");
        kill_note_acked(w, &items[i]);
        keep_key(w, &items[i]);
        w->sums.acked++;
        w->sums.copies += (unsigned)items[i].copy_count;
    }
}

/* ---- the loop ----------------------------------------------------------- */

static yao_status fulfil(kill_wallet *w, const yao_receive_wish *wish,
                         yao_receive_event *e)
{
    *e = (yao_receive_event){.kind = YAO_RECEIVE_DONE};
    switch (wish->kind) {
    case YAO_RECEIVE_SIGN:
        return sign(w, wish, &e->bytes);
    case YAO_RECEIVE_MAKE_KEYS:
        return make_keys(w, wish, e);
    case YAO_RECEIVE_ATTEST:
        return attest(w, &e->bytes);
    case YAO_RECEIVE_WAIT:
        pause_ms(1000 * (long)wish->seconds);
        return YAO_OK;
    case YAO_RECEIVE_STORE:
        store(w);
        return YAO_OK;
    case YAO_RECEIVE_CONFIRM:
        return YAO_OK;
    default:
        return YAO_E_UNSUPPORTED;
    }
}

static void save(kill_wallet *w, const yao_receive_event *e)
{
    memcpy(w->saved, w->arena.base, w->arena.used);
    w->saved_len   = w->arena.used;
    w->saved_event = *e;
}

static void restore(kill_wallet *w, yao_receive_event *e)
{
    memcpy(w->arena.base, w->saved, w->saved_len);
    w->arena.used = w->saved_len;
    *e            = w->saved_event;
}

static yao_status step(kill_wallet *w, yao_receive_event *e,
                       yao_receive_wish *wish)
{
    uint8_t *random = yao_arena_take(&w->arena, YAO_RECEIVE_RANDOM);

    if (random == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(random, YAO_RECEIVE_RANDOM));
    e->random = (yao_bytes){random, YAO_RECEIVE_RANDOM};
    e->now    = yao_now();
    yao_receive_step(w->machine, e, wish);
    return YAO_OK;
}

/* A proof of possession belongs to one sending: what was signed for it is made
 * again as well. */
static bool begins_request(const yao_receive_wish *wish)
{
    return wish->kind != YAO_RECEIVE_SIGN || wish->role != YAO_RECEIVE_SESSION;
}

static yao_status drive(kill_wallet *w)
{
    yao_receive_event e    = {.kind = YAO_RECEIVE_START};
    yao_receive_wish  wish = {.kind = YAO_RECEIVE_STOP};
    unsigned          tries = 0;

    for (unsigned i = 0; i < STEPS + PATIENCE; i++) {
        if (begins_request(&wish))
            save(w, &e);
        YAO_TRY(step(w, &e, &wish));
        if (wish.kind == YAO_RECEIVE_STOP)
            return wish.status;
        if (wish.kind != YAO_RECEIVE_FETCH) {
            YAO_TRY(fulfil(w, &wish, &e));
            continue;
        }
        if (exchange(w, &wish, &e)) {
            tries = 0;
            continue;
        }
        if (++tries > PATIENCE)
            return YAO_E_NET;
        w->sums.resent++;
        pause_ms(PAUSE_MS);
        restore(w, &e);
        wish.kind = YAO_RECEIVE_SIGN; /* what was saved stays */
        wish.role = YAO_RECEIVE_SESSION;
    }
    return YAO_E_LIMIT;
}

/* ---- offers, revocations ------------------------------------------------ */

static yao_status ask_offer(kill_wallet *w, yao_bytes *ret)
{
    net_header      type = {YAO_TEXT("Content-Type"),
                            YAO_TEXT("application/json")};
    char            body[512];
    net_answer      answer;
    const yao_json *root;
    yao_text        link;

    snprintf(body, sizeof body,
             "{\"number\":\"%s\",\"configurations\":[\"%s\"]%s}",
             w->world->numbers[w->person], w->configuration,
             (w->flags & KILL_DEFERRED) != 0 ? ",\"officer\":true" : "");
    const net_call call = {.method       = "POST",
                           .url          = YAO_TEXT("http://unix/admin/offers"),
                           .headers      = &type,
                           .header_count = 1,
                           .body = yao_text_bytes(yao_text_of(body))};
    YAO_TRY(net_client_fetch(w->client, &call, &w->arena, &answer));
    if (answer.status != 201)
        return answer.status >= 500 ? YAO_E_NET : YAO_E_REFUSED;
    YAO_TRY(yao_json_parse(&w->arena, answer.body, &root));
    YAO_TRY(yao_json_string(yao_json_get(root, "link"), &w->arena, &link));
    *ret = yao_text_bytes(link);
    return YAO_OK;
}

static yao_status offer(kill_wallet *w, yao_bytes *ret)
{
    yao_status status = YAO_E_NET;

    for (int i = 0; i < PATIENCE && status == YAO_E_NET; i++) {
        if (i > 0)
            pause_ms(PAUSE_MS);
        w->arena.used = 0;
        status        = ask_offer(w, ret);
    }
    return status;
}

static int run_revoke(kill_wallet *w)
{
    const kill_world *world  = w->world;
    char              path[] = "/dev/null";
    const char *argv[] = {"yaopai", "document", "revoke", "-C", world->folder,
                          "--person", world->numbers[w->person], "--document",
                          "resident_id", "--reason", "lost", NULL};
    posix_spawn_file_actions_t files;
    pid_t child = 0;
    int   code  = -1;

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 1, path, 1, 0);
    posix_spawn_file_actions_addopen(&files, 2, path, 1, 0);
    if (posix_spawn(&child, world->program, &files, NULL,
                    (char *const *)(void *)(uintptr_t)argv, environ) == 0)
        waitpid(child, &code, 0);
    posix_spawn_file_actions_destroy(&files);
    return WIFEXITED(code) ? WEXITSTATUS(code) : -1;
}

static bool alive(const kill_wallet *w)
{
    char path[4200];

    /* without a server the verb would take the file from the next one */
    snprintf(path, sizeof path, "%s/../kill-ready", w->world->folder);
    return access(path, F_OK) == 0;
}

static void end_document(kill_wallet *w)
{
    unsigned began = kill_note_revoking(w);

    for (int i = 0; i < PATIENCE; i++) {
        if (alive(w) && run_revoke(w) == 0) {
            kill_note_revoked(w, began);
            w->sums.revoked++;
            return;
        }
        pause_ms(20);
    }
}

/* ---- one flow ----------------------------------------------------------- */

static const char *const configurations[] = {
    "resident_id_sdjwt", "resident_id_mdoc"};

static yao_status begin(kill_wallet *w)
{
    const kill_world *world = w->world;
    yao_bytes         link;

    YAO_TRY(offer(w, &link));
    YAO_TRY(yao_openssl_key_generate(YAO_ES256, &w->session));
    w->options = (yao_receive_options){
        .crypto       = w->crypto,
        .catalogue    = yao_catalogue_shipped(),
        .offer        = link,
        .anchors      = world->anchors.list,
        .anchor_count = world->anchors.count,
        .signers      = world->signer_certificates,
        .signer_count = world->signers.count,
        .loopback     = true,
        .client_id    = YAO_TEXT("yaopai-wallet"),
        .redirect_uri = YAO_TEXT("http://127.0.0.1:7/callback"),
        .session_key  = yao_openssl_key_public(w->session),
        .attester     = true,
        .patience     = 600};
    return yao_receive_open(&w->arena, &w->options, &w->machine);
}

static void forget(kill_wallet *w)
{
    yao_openssl_key_close(w->session);
    w->session = NULL;
    for (size_t i = 0; i < YAO_VCI_MAX_OFFERED; i++)
        for (size_t n = 0; n < YAO_VCI_MAX_BATCH; n++) {
            yao_openssl_key_close(w->keys[i][n]);
            w->keys[i][n] = NULL;
        }
}

/* Of a flow that took its own code twice, or a key that is bound, nothing else
 * is expected. */
static void count_end(kill_wallet *w, yao_status status)
{
    if (status == YAO_OK)
        return;
    if ((w->flags & (KILL_SAME_KEY | KILL_TWO_CODES)) != 0)
        w->sums.refused++;
    else
        w->sums.abandoned++;
    kill_note_end(w, yao_status_name(status));
}

void kill_wallet_fetch(kill_wallet *w, unsigned flags)
{
    w->flags         = flags;
    w->flow          = kill_journal_flow();
    w->person        = kill_draw(w, w->world->number_count);
    w->configuration = configurations[kill_draw(w, 2)];
    w->sums.flows++;
    w->sums.deferred += (flags & KILL_DEFERRED) != 0;

    yao_status status = begin(w);
    if (status == YAO_OK)
        status = drive(w);
    count_end(w, status);
    if (status == YAO_OK && (flags & KILL_REVOKE) != 0)
        end_document(w);
    forget(w);
}

/* ---- beginning and end -------------------------------------------------- */

static yao_status open_client(const kill_world *world, net_client **ret)
{
    const net_client_options options = {.loopback = true, .timeout_ms = 20000};
    char                     socket[4200];

    snprintf(socket, sizeof socket, "unix:%s/admin.sock", world->folder);
    YAO_TRY(net_client_open(&options, ret));
    YAO_TRY(net_client_allow(*ret, socket));
    return net_client_allow(*ret, world->url);
}

yao_status kill_wallet_open(kill_world *world, uint64_t seed, kill_wallet *ret)
{
    *ret           = (kill_wallet){.world = world, .seed = seed};
    ret->openssl   = yao_openssl_open();
    ret->arena     = (yao_arena){malloc(KILL_ARENA), KILL_ARENA, 0};
    ret->other     = (yao_arena){malloc(KILL_ARENA), KILL_ARENA, 0};
    ret->saved     = malloc(KILL_ARENA);
    if (ret->openssl == NULL || ret->arena.base == NULL ||
        ret->other.base == NULL || ret->saved == NULL)
        return YAO_E_SPACE;
    ret->crypto = yao_openssl_crypto(ret->openssl);
    YAO_TRY(open_client(world, &ret->client));
    return open_client(world, &ret->second);
}

void kill_wallet_close(kill_wallet *w)
{
    forget(w);
    yao_openssl_key_close(w->earlier);
    net_client_close(w->client);
    net_client_close(w->second);
    yao_openssl_close(w->openssl);
    free(w->arena.base);
    free(w->other.base);
    free(w->saved);
}
