/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A gate whose scanner reads the bytes of the fuzzer, line by line. Lines that
 * begin with '!' stand for a moment's wait, by their length.
 *
 * Property: each line is answered by one line, an object of JSON; nobody is
 * accepted, since nobody has the issuer's key; nothing is remembered.
 */
#include "gate/gate.h"

#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW = 1795305600 };

static void expect(bool fact)
{
    if (!fact)
        __builtin_trap();
}

static bool is_verdict(const yao_json *answer, yao_text *ret)
{
    static uint8_t memory[256];
    yao_arena      arena = {memory, sizeof memory, 0};
    const yao_json *verdict = yao_json_get(answer, "verdict");

    return verdict != NULL && yao_json_string(verdict, &arena, ret) == YAO_OK;
}

static void check(yao_bytes line)
{
    static uint8_t  memory[1 << 20];
    yao_arena       arena = {memory, sizeof memory, 0};
    const yao_json *answer;
    yao_text        verdict;

    expect(line.len > 2 && yao_bytes_find(line, '\n') == line.len - 1);
    line.len--;
    expect(yao_json_parse(&arena, line, &answer) == YAO_OK);
    if (is_verdict(answer, &verdict))
        expect(!yao_text_equal(verdict, YAO_TEXT("accept")));
    else
        expect(yao_json_get(answer, "part") != NULL);
}

static void open_gate(gate *g, gate_memory *memory, const yao_crypto *crypto)
{
    static uint8_t      work[4 << 20], asking[4096], room[GATE_ANSWER + 64];
    static app_trusting trust;

    *g = (gate){.crypto  = crypto,
                .options = {.skew      = 60,
                            .catalogue = yao_catalogue_shipped()},
                .trust   = &trust,
                .memory  = memory,
                .arena   = {work, sizeof work, 0},
                .asking  = {asking, sizeof asking, 0},
                .last    = {.answer = room}};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static yao_openssl *openssl;
    static gate_memory  memory = {.fd = -1, .lock = -1};
    static gate         g;
    gate_moment         moment = {NOW, 0};
    yao_bytes           rest   = {data, size};

    if (openssl == NULL)
        openssl = yao_openssl_open();
    expect(openssl != NULL);
    open_gate(&g, &memory, yao_openssl_crypto(openssl));
    while (rest.len > 0) {
        yao_bytes   line = {rest.ptr, yao_bytes_find(rest, '\n')};
        gate_answer answer;

        rest.ptr += line.len + (line.len < rest.len);
        rest.len -= line.len + (line.len < rest.len);
        moment.ticks += 100;
        if (line.len > 0 && line.ptr[0] == '!') {
            moment.ticks += (int64_t)line.len * 1000;
            moment.now += (yao_time)line.len;
            continue;
        }
        gate_judge(&g, line, moment, &answer);
        expect(answer.broken == YAO_OK);
        check(answer.line);
    }
    expect(memory.count == 0);
    return 0;
}
