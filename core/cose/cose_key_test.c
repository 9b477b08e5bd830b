/* SPDX-License-Identifier: Apache-2.0 */
#include "cose/cose.h"

#include "check.h"

#define Z16 "000102030405060708090a0b0c0d0e0f"
#define X32 "215820" Z16 Z16
#define Y32 "225820" Z16 Z16
#define X48 "215830" Z16 Z16 Z16
#define Y48 "225830" Z16 Z16 Z16

static const struct key_row {
    const char *name;
    const char *hex;
    yao_status  want;
} keys[] = {
    {"accepts a key on P-256", "a4 0102 2001" X32 Y32, YAO_OK},
    {"accepts a key on P-384", "a4 0102 2002" X48 Y48, YAO_OK},
    {"accepts the sign of y, even", "a4 0102 2001" X32 "22f4", YAO_OK},
    {"accepts the sign of y, odd", "a4 0102 2002" X48 "22f5", YAO_OK},
    {"accepts parameters in any order", "a4" Y32 X32 "2001 0102", YAO_OK},
    {"accepts kid, alg, key_ops and others",
     "a8 0102 024131 0326 048102 2001" X32 Y32 "6161f6", YAO_OK},
    {"refuses nothing", "", YAO_E_TRUNCATED},
    {"refuses an array", "80", YAO_E_MALFORMED},
    {"refuses an empty map", "a0", YAO_E_KEY},
    {"refuses bytes left over", "a4 0102 2001" X32 Y32 "00", YAO_E_TRAILING},
    {"refuses the lack of a type", "a3 2001" X32 Y32, YAO_E_KEY},
    {"refuses the lack of a curve", "a3 0102" X32 Y32, YAO_E_KEY},
    {"refuses the lack of x", "a3 0102 2001" Y32, YAO_E_KEY},
    {"refuses the lack of x beside a sign", "a3 0102 2001 22f5", YAO_E_KEY},
    {"refuses the lack of y", "a3 0102 2001" X32, YAO_E_KEY},
    {"refuses an OKP key", "a4 0101 2001" X32 Y32, YAO_E_KEY},
    {"refuses a symmetric key", "a2 0104 204101", YAO_E_KEY},
    {"refuses a type that is text", "a4 01634543 32 2001" X32 Y32, YAO_E_KEY},
    {"refuses a curve that is text", "a4 0102 2065502d323536" X32 Y32,
     YAO_E_KEY},
    {"refuses P-521", "a4 0102 2003" X32 Y32, YAO_E_KEY},
    {"refuses secp256k1", "a4 0102 2008" X32 Y32, YAO_E_KEY},
    {"refuses curve 0", "a4 0102 2000" X32 Y32, YAO_E_KEY},
    {"refuses x of another curve", "a4 0102 2001" X48 Y32, YAO_E_KEY},
    {"refuses y of another curve", "a4 0102 2001" X32 Y48, YAO_E_KEY},
    {"refuses x of another curve beside a sign", "a4 0102 2001" X48 "22f5",
     YAO_E_KEY},
    {"refuses an empty x", "a4 0102 2001 2140" Y32, YAO_E_KEY},
    {"refuses an empty y", "a4 0102 2001" X32 "2240", YAO_E_KEY},
    {"refuses y of null", "a4 0102 2001" X32 "22f6", YAO_E_MALFORMED},
    {"refuses x that is text", "a4 0102 2001 216161" Y32, YAO_E_MALFORMED},
    {"refuses a private part", "a5 0102 2001" X32 Y32 "234101", YAO_E_KEY},
    {"refuses a type twice", "a5 0102 0102 2001" X32 Y32, YAO_E_KEY},
    {"refuses a curve twice", "a5 0102 2001 2001" X32 Y32, YAO_E_KEY},
    {"refuses x twice", "a5 0102 2001" X32 X32 Y32, YAO_E_KEY},
    {"refuses y twice", "a5 0102 2001" X32 Y32 "22f5", YAO_E_KEY},
    {"refuses an unknown parameter twice", "a6 0102 2001" X32 Y32 "6161f6"
     "6161f6", YAO_E_KEY},
    {"refuses a type with a longer head", "a4 01 1802 2001" X32 Y32,
     YAO_E_NOT_SHORTEST},
};

static yao_status read_key(yao_bytes input, void *context)
{
    yao_cbor_reader r = yao_cbor_open(input);

    yao_cose_get_key(&r, context);
    return yao_cbor_close(&r);
}

static void key(void **state)
{
    const struct key_row *row   = *state;
    yao_public_key        key   = {0};
    yao_bytes             input = test_unhex(row->hex);
    yao_cbor_reader       r     = yao_cbor_open(input);

    assert_status(read_key(input, &key), row->want);
    if (row->want == YAO_OK) {
        assert_true(yao_public_key_well_formed(&key));
        test_every_prefix(read_key, input, &key);
        return;
    }
    if (row->want == YAO_E_TRAILING)
        return;
    assert_int_equal(key.curve, YAO_CURVE_NONE);
    yao_cose_get_key(&r, &key);
    assert_status(r.status, row->want);
    assert_int_equal(key.curve, YAO_CURVE_NONE);
}

static yao_status put_key(yao_writer *w, void *context)
{
    yao_cose_put_key(w, context);
    return w->status;
}

static void written_key(void **state)
{
    static const char *const hex[] = {"a4 0102 2001" X32 Y32,
                                      "a4 0102 2002" X48 Y48};

    (void)state;
    for (size_t i = 0; i < COUNT(hex); i++) {
        yao_public_key key = {0};
        uint8_t        room[128];
        yao_writer     w = yao_writer_open(room, sizeof room);

        assert_status(read_key(test_unhex(hex[i]), &key), YAO_OK);
        yao_cose_put_key(&w, &key);
        assert_status(w.status, YAO_OK);
        assert_bytes(((yao_bytes){room, w.len}), test_unhex(hex[i]));
        test_every_room(put_key, &key);
    }
}

static void unwritten_key(void **state)
{
    yao_public_key key = {0};
    yao_writer     w   = yao_writer_count();

    (void)state;
    assert_status(put_key(&w, &key), YAO_E_USAGE);
    assert_status(read_key(test_unhex("a4 0102 2001" X32 "22f4"), &key),
                  YAO_OK);
    w = yao_writer_count();
    assert_status(put_key(&w, &key), YAO_E_USAGE);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(keys); i++)
        test_add("read", keys[i].name, key, &keys[i]);
    test_add("write", "gives the bytes it was read from", written_key, NULL);
    test_add("write", "refuses half a point", unwritten_key, NULL);
    return test_run("cose/key");
}
