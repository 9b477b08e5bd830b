/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/uri.h"

#include "check.h"

#define X32 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X64 X32 X32
#define X128 X64 X64
#define X512 X128 X128 X128 X128

static const struct row {
    const char *name;
    const char *text;
    yao_status  want;
} rows[] = {
    {"accepts nothing said", "pkcs11:", YAO_OK},
    {"accepts a token", "pkcs11:token=Yaopai", YAO_OK},
    {"accepts what p11tool prints",
     "pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial="
     "a33cb24abb6e0ed9;token=Yaopai;id=%01;object=signer;type=private", YAO_OK},
    {"accepts a module and a PIN's place",
     "pkcs11:token=a?module-path=/usr/lib/x.so&pin-source=file:/etc/pin",
     YAO_OK},
    {"accepts a query alone", "pkcs11:?module-path=/x.so", YAO_OK},
    {"accepts Chinese", "pkcs11:token=%E5%85%AC%E5%AE%89", YAO_OK},
    {"accepts any byte in an id", "pkcs11:id=%00%FF%3b", YAO_OK},
    {"accepts a slot", "pkcs11:slot-id=184467440737095516", YAO_OK},
    {"accepts the reserved letters that may stand",
     "pkcs11:object=:[]@!$'()*+,=&?pin-source=/a/b?c|", YAO_OK},
    {"accepts an unknown word of the query (RFC 7512 2.5)",
     "pkcs11:token=a?x-color=red", YAO_OK},
    {"accepts the longest of each",
     "pkcs11:token=" X32 ";serial=xxxxxxxxxxxxxxxx;object=" X128 ";id=" X64,
     YAO_OK},

    {"refuses nothing", "", YAO_E_MALFORMED},
    {"refuses another scheme", "file:token=a", YAO_E_MALFORMED},
    {"refuses a scheme in capitals", "PKCS11:token=a", YAO_E_MALFORMED},
    {"refuses an empty attribute", "pkcs11:;token=a", YAO_E_MALFORMED},
    {"refuses a semicolon at the end", "pkcs11:token=a;", YAO_E_MALFORMED},
    {"refuses a question mark at the end", "pkcs11:token=a?", YAO_E_MALFORMED},
    {"refuses an ampersand at the end", "pkcs11:?module-path=/x&",
     YAO_E_MALFORMED},
    {"refuses a word without a value", "pkcs11:token", YAO_E_MALFORMED},
    {"refuses an empty value", "pkcs11:token=", YAO_E_MALFORMED},
    {"refuses a value without a name", "pkcs11:=a", YAO_E_MALFORMED},
    {"refuses a name with a percent sign", "pkcs11:%74oken=a",
     YAO_E_MALFORMED},
    {"refuses a blank", "pkcs11:token=a b", YAO_E_MALFORMED},
    {"refuses a slash in the path", "pkcs11:token=a/b", YAO_E_MALFORMED},
    {"refuses a fragment", "pkcs11:token=a#b", YAO_E_MALFORMED},
    {"refuses letters beyond ASCII", "pkcs11:token=\xe5\x85\xac",
     YAO_E_MALFORMED},
    {"refuses half an escape", "pkcs11:token=a%4", YAO_E_MALFORMED},
    {"refuses an escape of no number", "pkcs11:token=%4g", YAO_E_MALFORMED},
    {"refuses a bare percent sign", "pkcs11:token=%", YAO_E_MALFORMED},
    {"refuses a NUL in a text", "pkcs11:token=a%00b", YAO_E_MALFORMED},
    {"refuses a line's end in a text", "pkcs11:object=a%0Ab", YAO_E_MALFORMED},
    {"refuses a NUL in a path", "pkcs11:?module-path=/x%00y",
     YAO_E_MALFORMED},
    {"refuses what is not UTF-8", "pkcs11:token=%FF", YAO_E_UTF8},
    {"refuses a relative module", "pkcs11:?module-path=x.so", YAO_E_MALFORMED},
    {"refuses a certificate", "pkcs11:type=cert", YAO_E_MALFORMED},
    {"refuses a slot that is no number", "pkcs11:slot-id=1a", YAO_E_MALFORMED},
    {"refuses an empty slot", "pkcs11:slot-id=", YAO_E_MALFORMED},
    {"refuses a slot of too many digits", "pkcs11:slot-id=1844674407370955161",
     YAO_E_LIMIT},
    {"refuses a negative slot", "pkcs11:slot-id=-1", YAO_E_MALFORMED},

    {"refuses N351: a PIN in the URI", "pkcs11:token=a?pin-value=1234",
     YAO_E_REFUSED},
    {"refuses N351: a PIN in the URI, beside its place",
     "pkcs11:token=a?pin-source=/pin&pin-value=1234", YAO_E_REFUSED},
    {"refuses an attribute that would narrow (RFC 7512 2.5)",
     "pkcs11:token=a;x-colour=red", YAO_E_UNSUPPORTED},
    {"refuses a library's name", "pkcs11:library-manufacturer=a",
     YAO_E_UNSUPPORTED},
    {"refuses a module by its name", "pkcs11:?module-name=softhsm",
     YAO_E_UNSUPPORTED},
    {"refuses a word of the query in the path", "pkcs11:module-path=%2Fx.so",
     YAO_E_UNSUPPORTED},

    {"refuses a token twice", "pkcs11:token=a;token=a", YAO_E_DUPLICATE},
    {"refuses an id twice", "pkcs11:id=a;id=b", YAO_E_DUPLICATE},
    {"refuses a slot twice", "pkcs11:slot-id=0;slot-id=0", YAO_E_DUPLICATE},
    {"refuses a type twice", "pkcs11:type=private;type=private",
     YAO_E_DUPLICATE},
    {"refuses a module twice", "pkcs11:?module-path=/a&module-path=/b",
     YAO_E_DUPLICATE},
    {"refuses a PIN's place twice", "pkcs11:?pin-source=/a&pin-source=/b",
     YAO_E_DUPLICATE},

    {"refuses a token's name longer than any", "pkcs11:token=" X32 "x",
     YAO_E_LIMIT},
    {"refuses a serial number longer than any",
     "pkcs11:serial=xxxxxxxxxxxxxxxxx", YAO_E_LIMIT},
    {"refuses a label longer than ours", "pkcs11:object=" X128 "x",
     YAO_E_LIMIT},
    {"refuses an id longer than ours", "pkcs11:id=" X64 "x", YAO_E_LIMIT},
    {"refuses a long URI", "pkcs11:?x=" X512 X512, YAO_E_LIMIT},
};

static yao_status parse(yao_bytes text, yao_pkcs11_uri *ret)
{
    return yao_pkcs11_uri_parse(text, test_arena(), ret);
}

static void judged(void **state)
{
    const struct row *r = *state;
    yao_pkcs11_uri    uri, before;

    memset(&uri, 0xa5, sizeof uri);
    before = uri;
    assert_status(parse(yao_text_bytes(yao_text_of(r->text)), &uri), r->want);
    if (r->want != YAO_OK)
        assert_memory_equal(&uri, &before, sizeof uri);
}

static void values(void **state)
{
    yao_pkcs11_uri uri;

    (void)state;
    assert_status(parse(YAO_LIT("pkcs11:token=A%20b;manufacturer=m;serial=s;"
                                "model=n;object=%6F;id=%00a;slot-id=7;"
                                "type=private?module-path=/lib/x.so&"
                                "pin-source=file:/p%26q"), &uri), YAO_OK);
    assert_bytes(yao_text_bytes(uri.token), YAO_LIT("A b"));
    assert_bytes(yao_text_bytes(uri.manufacturer), YAO_LIT("m"));
    assert_bytes(yao_text_bytes(uri.serial), YAO_LIT("s"));
    assert_bytes(yao_text_bytes(uri.model), YAO_LIT("n"));
    assert_bytes(yao_text_bytes(uri.object), YAO_LIT("o"));
    assert_bytes(uri.id, YAO_LIT("\0a"));
    assert_true(uri.has_slot && uri.slot == 7);
    assert_string_equal((const char *)uri.module_path.ptr, "/lib/x.so");
    assert_string_equal((const char *)uri.pin_source.ptr, "file:/p&q");
}

static yao_status put(yao_writer *w, void *context)
{
    yao_bytes ignored;

    yao_pkcs11_uri_put(w, context);
    return yao_writer_close(w, &ignored);
}

static void written(void **state)
{
    static const char text[] =
        "pkcs11:token=A%20b;object=%E5%85%AC;id=%00;slot-id=7?module-path="
        "/x.so&pin-source=file:/p%26q";
    yao_pkcs11_uri uri;
    uint8_t        room[256];
    yao_writer     w = yao_writer_open(room, sizeof room);

    (void)state;
    assert_status(parse(yao_text_bytes(yao_text_of(text)), &uri), YAO_OK);
    yao_pkcs11_uri_put(&w, &uri);
    assert_bytes(((yao_bytes){room, w.len}),
                 yao_text_bytes(yao_text_of(text)));
    test_every_room(put, &uri);
}

static yao_status take(yao_arena *arena, void *context)
{
    yao_pkcs11_uri uri;

    (void)context;
    return yao_pkcs11_uri_parse(YAO_LIT("pkcs11:token=a;id=%01?pin-source=/x"),
                                arena, &uri);
}

static void arenas(void **state)
{
    (void)state;
    test_every_arena(take, NULL, 1024);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("uri", rows[i].name, judged, &rows[i]);
    test_add("uri", "gives what was said, decoded", values, NULL);
    test_add("uri", "gives its one spelling", written, NULL);
    test_add("uri", "refuses arenas that are too small", arenas, NULL);
    return test_run("pkcs11/uri");
}
