/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai inspect`: the structure of anything, trusting nothing. */

#include "app/code.h"
#include "app/command.h"
#include "app/files.h"
#include "app/input.h"
#include "app/pem.h"
#include "app/value.h"
#include "cbor/cbor.h"
#include "cli/commands.h"
#include "jose/jose.h"
#include "x509/x509.h"
#include "yaopai/openssl.h"

enum { MEMORY = 64 * 1024 * 1024 };

/* What a stranger wrote is printed without its control letters, line ends of
 * our own layout excepted. */
static void print_layout(yao_bytes text)
{
    while (text.len > 0) {
        yao_text line = {text.ptr, 0};

        while (line.len < text.len && text.ptr[line.len] != '\n')
            line.len++;
        yao_value_print(stdout, line);
        if (line.len < text.len)
            putchar('\n');
        size_t used = line.len + (line.len < text.len);
        text        = (yao_bytes){text.ptr + used, text.len - used};
    }
}

static void print_title(yao_words title, size_t number)
{
    if (number > 0)
        printf("%s %zu\n", yao_say(title), number);
    else
        printf("%s\n", yao_say(title));
}

/* ---- JSON --------------------------------------------------------------- */

static void put_indent(yao_writer *w, int depth)
{
    yao_put_byte(w, '\n');
    for (int i = 0; i < depth; i++)
        yao_put_text(w, "  ");
}

/* Depth is bounded by the parser. */
static void put_pretty(yao_writer *w, const yao_json *value, int depth)
{
    bool object = value->kind == YAO_JSON_OBJECT;
    bool first  = true;

    if ((!object && value->kind != YAO_JSON_ARRAY) || value->count == 0) {
        yao_json_put_value(w, value);
        return;
    }
    yao_put_byte(w, object ? '{' : '[');
    for (const yao_json *child = value->first; child != NULL;
         child = child->next) {
        if (!first)
            yao_put_byte(w, ',');
        first = false;
        put_indent(w, depth + 1);
        if (object) {
            yao_put_byte(w, '"');
            yao_put_bytes(w, yao_text_bytes(child->name));
            yao_put_text(w, "\": ");
        }
        put_pretty(w, child, depth + 1);
    }
    put_indent(w, depth);
    yao_put_byte(w, object ? '}' : ']');
}

static yao_status print_json(yao_arena *arena, yao_bytes text)
{
    const yao_json *value;
    yao_bytes       out;

    YAO_TRY(yao_json_parse(arena, text, &value));
    yao_writer w = yao_writer_in(arena);
    put_pretty(&w, value, 1);
    YAO_TRY(yao_writer_keep(&w, arena, &out));

    fputs("  ", stdout);
    print_layout(out);
    putchar('\n');
    return YAO_OK;
}

/* ---- certificates ------------------------------------------------------- */

static void print_name(const char *label, yao_text text)
{
    if (text.len == 0)
        return;
    printf("  %-14s ", label);
    yao_value_print(stdout, text);
    putchar('\n');
}

static void print_hex(const char *label, yao_bytes bytes)
{
    printf("  %-14s ", label);
    for (size_t i = 0; i < bytes.len && i < 64; i++)
        printf("%02x", bytes.ptr[i]);
    putchar('\n');
}

static void print_time(const char *label, yao_time time)
{
    uint8_t letters[20];

    yao_time_format(time, letters);
    printf("  %-14s %.20s\n", label, (const char *)letters);
}

static yao_status print_certificate(yao_bytes der)
{
    yao_certificate c;

    YAO_TRY(yao_x509_read(der, &c));
    print_name("subject CN", c.common_name);
    print_name("subject O", c.organisation);
    print_name("subject C", c.country);
    print_name("subject ST", c.state);
    print_hex("serial", c.serial);
    print_time("not before", c.not_before);
    print_time("not after", c.not_after);
    print_hex("public key", (yao_bytes){c.key.point, c.key.len});
    printf("  %-14s %s%s\n", "authority", c.ca ? "CA" : "-",
           c.path_len == 0 ? " (path length 0)" : "");
    printf("  %-14s 0x%04x%s\n", "key usage", c.key_usage,
           c.key_usage_critical ? " critical" : "");
    printf("  %-14s 0x%04x%s\n", "extended", c.eku,
           c.eku_critical ? " critical" : "");
    print_hex("key id", c.ski);
    print_hex("issuer's key", c.aki);
    for (uint32_t flag = 1; flag <= c.deviations && flag != 0; flag <<= 1)
        if ((c.deviations & flag) != 0)
            printf("  %-14s %s\n", "deviation", yao_x509_deviation_name(flag));
    return YAO_OK;
}

/* PEM: each certificate in it; other blocks by their label, and their content
 * never (it may be a secret). */
static yao_status print_pem(yao_arena *arena, yao_bytes text)
{
    yao_text   label;
    yao_bytes  der;
    yao_status status;

    while ((status = yao_pem_next(&text, arena, &label, &der)) == YAO_OK) {
        print_name("PEM", label);
        if (yao_text_equal(label, YAO_TEXT("CERTIFICATE")))
            YAO_TRY(print_certificate(der));
    }
    return status == YAO_E_MISSING ? YAO_OK : status;
}

/* ---- JWT and SD-JWT ----------------------------------------------------- */

/* The part of TEXT before LETTER (or all of it); TEXT moves behind it. */
static yao_bytes take_until(yao_bytes *text, uint8_t letter)
{
    yao_bytes part = {text->ptr, 0};

    while (part.len < text->len && text->ptr[part.len] != letter)
        part.len++;
    size_t used = part.len + (part.len < text->len);
    text->ptr += used;
    text->len -= used;
    return part;
}

static yao_status print_encoded(yao_arena *arena, yao_bytes letters)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  json;

    YAO_TRY(yao_get_base64url(letters, &w));
    YAO_TRY(yao_writer_keep(&w, arena, &json));
    return print_json(arena, json);
}

static yao_status print_jwt(yao_arena *arena, yao_bytes token, yao_words title)
{
    print_title(title, 0);
    YAO_TRY(print_encoded(arena, take_until(&token, '.')));
    YAO_TRY(print_encoded(arena, take_until(&token, '.')));
    printf("  %s: ", yao_say(WORDS("signature", "签名")));
    yao_value_print(stdout, (yao_text){token.ptr, token.len});
    putchar('\n');
    return YAO_OK;
}

static yao_status print_token(yao_arena *arena, yao_bytes text)
{
    size_t number = 0;

    YAO_TRY(print_jwt(arena, take_until(&text, '~'),
                      WORDS("issuer-signed JWT", "签发者签名的 JWT")));
    while (text.len > 0) {
        yao_bytes part = take_until(&text, '~');
        yao_bytes rest = part;

        take_until(&rest, '.');
        if (rest.len > 0) {
            YAO_TRY(print_jwt(arena, part,
                              WORDS("key binding JWT", "持有人绑定 JWT")));
            continue;
        }
        print_title(WORDS("disclosure", "披露项"), ++number);
        YAO_TRY(print_encoded(arena, part));
    }
    return YAO_OK;
}

/* ---- CBOR --------------------------------------------------------------- */

static yao_status print_cbor(yao_arena *arena, yao_bytes input)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  out;
    bool       longer = false;

    YAO_TRY(yao_cbor_check(input, true, &longer));
    YAO_TRY(yao_cbor_diagnose(input, true, &w));
    YAO_TRY(yao_writer_keep(&w, arena, &out));
    print_layout(out);
    putchar('\n');
    if (longer)
        puts(yao_say(WORDS("note: some heads are not the shortest",
                           "注意：有的长度编码不是最短形式")));
    return YAO_OK;
}

static bool contains(yao_bytes text, const char *needle)
{
    yao_bytes wanted = yao_text_bytes(yao_text_of(needle));

    for (; text.len >= wanted.len; text.ptr++, text.len--)
        if (yao_bytes_starts(text, wanted))
            return true;

    return false;
}

static yao_status print_anything(yao_arena *arena, yao_bytes file)
{
    yao_bytes input;

    if (contains(file, "-----BEGIN "))
        return print_pem(arena, file);
    YAO_TRY(yao_input_decode(file, arena, &input));
    if (input.len == 0)
        return YAO_E_TRUNCATED;
    if (input.ptr[0] == '{')
        return print_json(arena, input);
    if (yao_bytes_starts(input, YAO_LIT("ey")))
        return print_token(arena, input);
    if (input.ptr[0] == YAO_DER_SEQUENCE && print_certificate(input) == YAO_OK)
        return YAO_OK;

    return print_cbor(arena, input);
}

/* ---- QR codes ----------------------------------------------------------- */

static yao_status print_code(yao_arena *arena, const yao_crypto *crypto,
                             yao_bytes letters, app_parts *parts)
{
    app_code code;

    YAO_TRY(app_code_read(crypto, letters, parts, arena, &code));
    if (code.kind == APP_CODE_PART)
        return YAO_OK;
    if (yao_bytes_starts(code.content, YAO_LIT("ey")))
        return print_token(arena, code.content);
    return print_cbor(arena, code.content);
}

/* Parts are put together; what they are is shown with the last of them. */
static yao_status print_codes(yao_arena *arena, const yao_inputs *in)
{
    app_parts   *parts   = yao_arena_take(arena, sizeof *parts);
    yao_openssl *openssl = yao_openssl_open();
    yao_status   status  = openssl != NULL ? YAO_OK : YAO_E_CRYPTO;

    if (parts == NULL)
        status = YAO_E_SPACE;
    for (size_t i = 0; status == YAO_OK && i < in->count; i++)
        status = print_code(arena, yao_openssl_crypto(openssl), in->list[i],
                            parts);
    yao_openssl_close(openssl);
    return status;
}

/* ---- all of it ---------------------------------------------------------- */

static yao_status print_file(yao_arena *arena, const char *path)
{
    yao_bytes  file = {NULL, 0};
    yao_inputs in;
    yao_status status = yao_input_read_all(path, arena, &in);

    if (status == YAO_OK && in.codes)
        return print_codes(arena, &in);
    if (status != YAO_OK && status != YAO_E_MALFORMED)
        return status;
    YAO_TRY(yao_file_read(path, YAO_MAX_MESSAGE, &file));
    status = print_anything(arena, file);
    yao_file_free(&file);
    return status;
}

static int inspect_file(const char *path)
{
    yao_arena  arena  = {NULL, 0, 0};
    yao_status status = yao_memory_open(MEMORY, &arena);

    if (status == YAO_OK)
        status = print_file(&arena, path);
    yao_memory_free(&arena);
    if (status == YAO_OK)
        return 0;

    return yao_fail(status, WORDS("inspect", "查看"), path,
                    (yao_words){NULL, NULL},
                    WORDS("CBOR, hex, base64url, JWT, SD-JWT, JSON, PEM and "
                          "DER certificates, QR codes and pictures of them are "
                          "understood",
                          "可识别 CBOR、十六进制、base64url、JWT、SD-JWT、"
                          "JSON、PEM 与 DER 证书、二维码及其图片"));
}

static int run(const yao_invocation *call)
{
    int code = 0;

    for (size_t i = 0; i < call->operand_count; i++) {
        if (call->operand_count > 1) {
            yao_value_print(stdout, yao_text_of(call->operands[i]));
            puts(":");
        }
        code = yao_worse_code(code, inspect_file(call->operands[i]));
    }
    return code;
}

const yao_command yao_inspect = {
    .verb    = "inspect",
    .summary = WORDS_INIT("show the structure of anything, trusting nothing",
                          "显示任意数据的结构，不作任何信任"),
    .text    = WORDS_INIT(
        "CBOR is shown in diagnostic notation, with what is wrapped in byte "
        "strings opened; of an SD-JWT header, payload and each disclosure; of "
        "certificates their fields. Nothing is checked but the form.",
        "CBOR 以诊断记法显示，并展开字节串中嵌套的 CBOR；SD-JWT 显示头部、载荷"
        "与每个披露项；证书显示各字段。只检查形式，不作核验。"),
    .operands = "FILE...",
    .least    = 1,
    .most     = -1,
    .example  = "  yaopai inspect response.cbor",
    .run      = run,
};
