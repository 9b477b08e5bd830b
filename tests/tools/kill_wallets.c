/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Many wallets that fetch documents from an authority which dies all the time,
 * and an officer; for tools/kill-loop.
 *
 *     kill-wallets prepare FOLDER      a wallet provider: attester.key,
 *                                      attester.pem, provider-root.pem
 *     kill-wallets run FOLDER URL STORE JOURNAL WORKERS SEED
 *
 * FOLDER has the authority (a/), what `prepare` made, and numbers.txt. It runs
 * until standard input ends, then each wallet comes to an end with what it
 * does; the sums are printed as JSON. It begins with one of each kind. Of 100
 * flows that follow 5 are deferred, 5 revoked afterwards, 4 come with a device
 * key that is bound already and 4 redeem their code twice at once; 10 ask for
 * the document twice at once and 30 again.
 */

#include "kill_flow.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/files.h"
#include "authority/vci/waiting.h"
#include "check.h"
#include "forge.h"
#include "store/case.h"

enum { WORKERS = 16, NUMBERS = 4096, CASES = 20 };

/* ---- a provider --------------------------------------------------------- */

static const char *place(const char *folder, const char *name)
{
    static char path[8][4200];
    static int  turn;

    turn = (turn + 1) % 8;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static yao_bytes certify(yao_x509_kind kind, int key,
                         const yao_certificate *issuer)
{
    yao_x509_request q   = forge_request(kind, key, issuer);
    yao_time         now = yao_now();

    q.not_before = now - YAO_TIME_DAY;
    q.not_after  = now + (kind == YAO_X509_ROOT ? 30 : 10) * YAO_TIME_DAY;
    return forge_write(&q, 0);
}

static yao_status put_pem(const char *path, yao_bytes der)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  text;

    yao_pem_put(&w, "CERTIFICATE", der);
    YAO_TRY(yao_writer_keep(&w, test_arena(), &text));
    return yao_file_write(path, text, 0600, true);
}

static yao_status prepare(const char *folder)
{
    yao_bytes       root = certify(YAO_X509_ROOT, 0, NULL);
    yao_certificate read;

    YAO_TRY(yao_x509_read(root, &read));
    YAO_TRY(put_pem(place(folder, "provider-root.pem"), root));
    YAO_TRY(put_pem(place(folder, "attester.pem"),
                    certify(YAO_X509_STATUS, 1, &read)));
    return yao_openssl_key_save(forge_key(1), place(folder, "attester.key"));
}

/* ---- what all share ----------------------------------------------------- */

static uint8_t world_memory[1 << 20];

static yao_status read_anchors(kill_world *world, yao_arena *arena)
{
    const char *a = world->folder;
    yao_anchors chain = {.count = 0};

    YAO_TRY(yao_anchors_add_file(&world->anchors, arena,
                                 place(a, "certificates/population-root.pem"),
                                 YAO_ROLE_ISSUER));
    YAO_TRY(yao_anchors_add_file(
        &world->signers, arena, place(a, "certificates/population-signer.pem"),
        YAO_ROLE_ISSUER));
    for (size_t i = 0; i < world->signers.count && i < 8; i++)
        world->signer_certificates[i] = world->signers.list[i].certificate;
    YAO_TRY(yao_anchors_add_file(&chain, arena, place(a, "../attester.pem"),
                                 YAO_ROLE_ATTEST));
    for (size_t i = 0; i < chain.count && i < KILL_CHAIN; i++)
        world->chain[world->chain_count++] = chain.list[i].certificate;
    return YAO_OK;
}

static yao_status read_numbers(kill_world *world, const char *path)
{
    static char *numbers[NUMBERS];
    char         line[64];
    FILE        *in = fopen(path, "rb");

    if (in == NULL)
        return YAO_E_FILE;
    while (world->number_count < NUMBERS &&
           fgets(line, sizeof line, in) != NULL) {
        line[strcspn(line, "\n")]      = '\0';
        numbers[world->number_count++] = strdup(line);
    }
    fclose(in);
    world->numbers = numbers;
    return world->number_count > 0 ? YAO_OK : YAO_E_MISSING;
}

static yao_status open_world(kill_world *world, const char *folder)
{
    yao_arena arena = {world_memory, sizeof world_memory, 0};
    char      uri[4300];

    snprintf(uri, sizeof uri, "file:%s", place(folder, "attester.key"));
    YAO_TRY(yao_openssl_key_open(uri, &world->attester));
    YAO_TRY(read_anchors(world, &arena));
    return read_numbers(world, place(folder, "numbers.txt"));
}

/* ---- the officer, and the one who confirms ------------------------------- */

static void close_case(store *s, yao_arena *arena, yao_bytes id)
{
    static const uint8_t first[STORE_ID_LEN]  = "the first office";
    static const uint8_t second[STORE_ID_LEN] = "the other office";
    store_change change = store_change_open(arena);

    store_decide_case(&change, id, YAO_TEXT(VCI_CASE_APPROVED),
                      (yao_bytes){first, sizeof first}, yao_now());
    (void)!store_commit(s, &change);
    change = store_change_open(arena);
    store_confirm_case(&change, id, YAO_TEXT(VCI_CASE_APPROVED),
                       (yao_bytes){second, sizeof second}, yao_now());
    (void)!store_commit(s, &change);
}

static void look_at(store *s, store_case_state state)
{
    static _Alignas(16) uint8_t memory[1 << 18];
    yao_arena                   arena = {memory, sizeof memory, 0};
    store_case                 *list;
    size_t                      count;

    if (store_list_cases(s, state, CASES, &arena, &list, &count) != YAO_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        yao_arena rest = arena;
        close_case(s, &rest, list[i].id);
    }
}

static void *be_officer(void *arg)
{
    const kill_world     *world = arg;
    const struct timespec pause = {0, 150000000};

    while (!atomic_load(&world->home)) {
        store *s = NULL;

        nanosleep(&pause, NULL);
        if (store_open(&(store_options){.url = world->store, .now = yao_now()},
                       &s) != YAO_OK)
            continue;
        look_at(s, STORE_CASE_DECIDED); /* one was killed between both */
        look_at(s, STORE_CASE_OPEN);
        store_close(s);
    }
    return NULL;
}

/* ---- wallets ------------------------------------------------------------- */

static unsigned draw_flags(kill_wallet *w)
{
    uint64_t kind  = kill_draw(w, 100);
    uint64_t twice = kill_draw(w, 100);
    unsigned flags = 0;

    if (kind < 5)
        flags = KILL_DEFERRED;
    else if (kind < 10)
        flags = KILL_REVOKE;
    else if (kind < 14)
        flags = KILL_SAME_KEY;
    else if (kind < 18)
        flags = KILL_TWO_CODES;
    if (twice < 10)
        flags |= KILL_DOUBLE;
    if (kill_draw(w, 100) < 30)
        flags |= KILL_AGAIN;
    if (kill_draw(w, 100) < 30)
        flags |= KILL_REPLAY; /* with the very same proof */
    return flags;
}

/* What each wallet does before anything else, and before it comes to its end:
 * who says that a missing constraint is seen has to have met it, however slow
 * the machine and however short the run. */
static const unsigned begins_with[] = {
    0, KILL_REVOKE, KILL_AGAIN | KILL_REPLAY, KILL_SAME_KEY, KILL_TWO_CODES,
    KILL_DOUBLE};

static void *be_wallet(void *arg)
{
    kill_wallet *w = arg;

    for (size_t i = 0; i < COUNT(begins_with); i++)
        kill_wallet_fetch(w, begins_with[i]);
    while (!atomic_load(&w->world->stop))
        kill_wallet_fetch(w, draw_flags(w));
    return NULL;
}

static void add(kill_sums *to, const kill_sums *from)
{
    const unsigned *in  = (const unsigned *)(const void *)from;
    unsigned       *out = (unsigned *)(void *)to;

    for (size_t i = 0; i < sizeof *to / sizeof *out; i++)
        out[i] += in[i];
}

static void tell(const kill_sums *s)
{
    printf("{\"flows\":%u,\"acked\":%u,\"copies\":%u,\"again\":%u,"
           "\"doubled\":%u,\"deferred\":%u,\"revoked\":%u,\"refused\":%u,"
           "\"abandoned\":%u,\"resent\":%u,\"violations\":%u}\n",
           s->flows, s->acked, s->copies, s->again, s->doubled, s->deferred,
           s->revoked, s->refused, s->abandoned, s->resent, s->violations);
}

static int run(kill_world *world, size_t count, uint64_t seed)
{
    static kill_wallet wallets[WORKERS];
    pthread_t          threads[WORKERS], officer;
    kill_sums          sums = {0};
    char               byte;

    for (size_t i = 0; i < count; i++)
        if (kill_wallet_open(world, seed * 1000 + i, &wallets[i]) != YAO_OK)
            return 7;
    if (pthread_create(&officer, NULL, be_officer, world) != 0)
        return 7;
    for (size_t i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, be_wallet, &wallets[i]) != 0)
            return 7;
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    atomic_store(&world->stop, true);
    for (size_t i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    atomic_store(&world->home, true); /* nobody waits for the officer */
    pthread_join(officer, NULL);
    for (size_t i = 0; i < count; i++) {
        add(&sums, &wallets[i].sums);
        kill_wallet_close(&wallets[i]);
    }
    tell(&sums);
    return 0;
}

int main(int argc, char **argv)
{
    static kill_world world;
    static char       program[4200];

    if (argc == 3 && strcmp(argv[1], "prepare") == 0)
        return prepare(argv[2]) == YAO_OK ? 0 : 7;
    if (argc != 8 || strcmp(argv[1], "run") != 0) {
        fputs("kill-wallets prepare FOLDER | run FOLDER URL STORE JOURNAL "
              "WORKERS SEED\n",
              stderr);
        return 1;
    }
    const char *build = getenv("YAOPAI_BUILD");
    snprintf(program, sizeof program, "%s/yaopai",
             build != NULL ? build : "build");
    world.folder  = strdup(place(argv[2], "a"));
    world.url     = argv[3];
    world.store   = argv[4];
    world.program = program;
    size_t count  = strtoul(argv[6], NULL, 10);
    if (count == 0 || count > WORKERS || !kill_journal_open(argv[5]) ||
        open_world(&world, argv[2]) != YAO_OK) {
        fputs("kill-wallets: the authority can't be read\n", stderr);
        return 7;
    }
    return run(&world, count, strtoull(argv[7], NULL, 10));
}
