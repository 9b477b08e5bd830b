/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A gate that is told the time: a card each second, judged as `gate run` does
 * it, its memory a file in a folder that is memory where there is one.
 */
#include "bench/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gate/gate.h"

#define ISSUER "https://authority.example"

enum { LETTERS = 4 * 1024, WORK = 4 * 1024 * 1024 };

/* When the first card is read. */
static const yao_time opening = YAO_BENCH_NOW + 7200;

struct yao_bench_gate {
    gate            gate;
    gate_memory     memory;
    app_trusting    trust;
    yao_status_list list;
    char            folder[64], path[80];
};

/* ---- cards -------------------------------------------------------------- */

/* Of age, and a name: what a door asks. */
static const yao_card_element elements[] = {
    {YAO_CARD_PRIVATE, 11, YAO_INIT("\xf5")},
    {YAO_CARD_PRIVATE, 14, YAO_INIT("\x68" "SPECIMEN")},
};

static yao_status issue(yao_world *w, size_t holder, yao_bytes *ret)
{
    yao_card_content content = {
        .issuer        = YAO_TEXT(ISSUER),
        .issued_at     = YAO_BENCH_NOW,
        .not_before    = YAO_TIME_NONE,
        .expires       = YAO_BENCH_NOW + 7 * YAO_TIME_DAY,
        .device_key    = w->device_keys[holder],
        .type          = YAO_TEXT("urn:yaopai:resident_id:1"),
        .profile       = YAO_TEXT("age"),
        .status        = YAO_CARD_STATUS_NUMBER,
        .status_list   = 1,
        .status_index  = 4711,
        .elements      = elements,
        .element_count = sizeof elements / sizeof elements[0]};

    return yao_world_issue_card(w, &content, ret);
}

/* The letters that the scanner gives at second INDEX. */
static yao_status make_code(yao_world *w, size_t index,
                            yao_openssl_key **devices)
{
    size_t    holder = index % YAO_BENCH_HOLDERS;
    size_t    mark   = w->memory.used;
    uint8_t   letters[LETTERS];
    yao_bytes issued, shown;

    w->scratch.used = 0;
    YAO_TRY(issue(w, holder, &issued));
    YAO_TRY(yao_world_show_card(w, devices[holder], issued,
                                opening + (yao_time)index, &shown));

    yao_writer out = yao_writer_open(letters, sizeof letters);
    yao_card_put_text(&out, YAO_CARD_CODE_CARD, shown);
    YAO_TRY(out.status);
    w->memory.used = mark; /* as letters only */
    return yao_arena_keep(&w->memory, (yao_bytes){letters, out.len},
                          &w->codes[index]);
}

/* ---- the gate ----------------------------------------------------------- */

static bool make_folder(yao_bench_gate *b)
{
    snprintf(b->folder, sizeof b->folder, "%s/yaopai-bench-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(b->folder) == NULL) {
        b->folder[0] = '\0';
        return false;
    }
    snprintf(b->path, sizeof b->path, "%s/gate.seen", b->folder);
    return true;
}

static bool fill(yao_world *w, yao_bench_gate *b)
{
    gate *g = &b->gate;

    b->list                  = w->list;
    b->list.uri              = YAO_TEXT(ISSUER "/statuslists/1");
    g->crypto                = w->crypto;
    g->options.anchors       = &w->anchor;
    g->options.anchor_count  = 1;
    g->options.signers       = w->chain;
    g->options.signer_count  = 1;
    g->options.skew          = GATE_MEMORY_SKEW;
    g->options.lists         = &b->list;
    g->options.list_count    = 1;
    g->options.status_max_age = YAO_TIME_DAY;
    g->options.catalogue     = yao_catalogue_shipped();
    g->profile = yao_profile_by_name(g->options.catalogue, YAO_TEXT("age"));
    g->trust   = &b->trust;
    g->memory  = &b->memory;
    g->arena   = (yao_arena){malloc(WORK), WORK, 0};
    g->last.answer = malloc(GATE_ANSWER);
    return g->profile != NULL && g->arena.base != NULL &&
           g->last.answer != NULL && make_folder(b);
}

yao_status yao_world_make_gate(yao_world *world, yao_openssl_key **devices)
{
    world->gate = calloc(1, sizeof *world->gate);
    if (world->gate == NULL || !fill(world, world->gate))
        return YAO_E_FILE;
    for (size_t i = 0; i < YAO_BENCH_CODES; i++)
        YAO_TRY(make_code(world, i, devices));
    return YAO_OK;
}

static void close_memory(yao_bench_gate *b)
{
    gate_memory_close(&b->memory);
    (void)unlink(b->path);
}

void yao_world_end_gate(yao_world *world)
{
    yao_bench_gate *b = world->gate;
    char            lock[sizeof b->path + 8];

    if (b == NULL)
        return;
    close_memory(b);
    snprintf(lock, sizeof lock, "%s.lock", b->path);
    (void)unlink(lock);
    if (b->folder[0] != '\0')
        (void)rmdir(b->folder);
    free(b->gate.arena.base);
    free(b->gate.last.answer);
    free(b);
}

/* The day begins again: nobody was let in yet. */
static bool open_again(yao_bench_gate *b)
{
    close_memory(b);
    b->gate.last.any = false;
    return gate_memory_open(b->path, opening, &b->memory) == YAO_OK;
}

bool yao_bench_gate_card(void *world, size_t index)
{
    static const char accept[] = "{\"verdict\":\"accept\"";
    const yao_world  *w        = world;
    yao_bench_gate   *b        = w->gate;
    size_t            second   = index % YAO_BENCH_CODES;
    gate_moment       moment   = {opening + (yao_time)second,
                                  (int64_t)second * 1000};
    gate_answer       answer;

    if (second == 0 && !open_again(b))
        return false;

    size_t before = b->memory.count;
    gate_judge(&b->gate, w->codes[second], moment, &answer);
    return answer.broken == YAO_OK && b->memory.count == before + 1 &&
           answer.line.len > sizeof accept &&
           memcmp(answer.line.ptr, accept, sizeof accept - 1) == 0;
}
