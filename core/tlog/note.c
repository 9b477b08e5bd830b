/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/parts.h"

#include "der/der.h"

#define DASH YAO_LIT("\xe2\x80\x94 ") /* U+2014 and a space */

enum { P256_FIELD = 32 };

bool yao_tlog_has_control(yao_bytes text, uint8_t but)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < 0x20 && (but == 0 || text.ptr[i] != but))
            return true;
    return false;
}

bool yao_tlog_line(yao_bytes *rest, yao_bytes *line)
{
    size_t at = yao_bytes_find(*rest, '\n');

    if (at == rest->len)
        return false;
    *line = (yao_bytes){rest->ptr, at};
    rest->ptr += at + 1;
    rest->len -= at + 1;
    return true;
}

/* ---- reading ------------------------------------------------------------ */

/* The last empty line parts the text from the signatures: C2SP signed-note,
 * Format. Both get their lines with the ends. */
static yao_status split(yao_bytes input, yao_bytes *text, yao_bytes *lines)
{
    size_t at = input.len;

    while (at >= 2 && !(input.ptr[at - 1] == '\n' && input.ptr[at - 2] == '\n'))
        at--;
    if (at < 2)
        return YAO_E_MALFORMED;

    *text  = (yao_bytes){input.ptr, at - 1};
    *lines = (yao_bytes){input.ptr + at, input.len - at};
    return lines->len != 0 ? YAO_OK : YAO_E_MALFORMED;
}

static yao_status read_signature(yao_arena *arena, yao_bytes line,
                                 yao_tlog_signature *ret)
{
    yao_bytes whole;

    if (!yao_bytes_starts(line, DASH))
        return YAO_E_MALFORMED;
    line.ptr += DASH.len;
    line.len -= DASH.len;

    size_t at = yao_bytes_find(line, ' ');
    if (at == line.len)
        return YAO_E_MALFORMED;
    ret->name = (yao_text){line.ptr, at};
    if (!yao_tlog_is_name(ret->name))
        return YAO_E_MALFORMED;

    yao_writer w = yao_writer_in(arena);
    YAO_TRY(
        yao_get_base64((yao_bytes){line.ptr + at + 1, line.len - at - 1}, &w));
    YAO_TRY(yao_writer_keep(&w, arena, &whole));
    if (whole.len <= YAO_TLOG_KEY_ID)
        return YAO_E_MALFORMED;

    ret->id = (yao_bytes){whole.ptr, YAO_TLOG_KEY_ID};
    ret->signature =
        (yao_bytes){whole.ptr + YAO_TLOG_KEY_ID, whole.len - YAO_TLOG_KEY_ID};
    return YAO_OK;
}

yao_status yao_tlog_note_read(yao_arena *arena, yao_bytes input,
                              yao_tlog_note *ret)
{
    yao_tlog_note note = {.signature_count = 0};
    yao_bytes     lines, line;
    yao_text      checked;

    if (input.len > YAO_MAX_MESSAGE)
        return YAO_E_LIMIT;
    YAO_TRY(yao_text_check(input, &checked));
    if (yao_tlog_has_control(input, '\n'))
        return YAO_E_MALFORMED;
    YAO_TRY(split(input, &note.text, &lines));

    while (lines.len != 0) {
        if (!yao_tlog_line(&lines, &line))
            return YAO_E_MALFORMED;
        if (note.signature_count == YAO_TLOG_MAX_SIGNATURES)
            return YAO_E_LIMIT;
        YAO_TRY(read_signature(arena, line,
                               &note.signatures[note.signature_count++]));
    }

    *ret = note;
    return YAO_OK;
}

/* ---- checking ----------------------------------------------------------- */

static const yao_tlog_key *find_key(const yao_tlog_signature *signature,
                                    const yao_tlog_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (yao_text_equal(keys[i].name, signature->name) &&
            yao_bytes_equal((yao_bytes){keys[i].id, YAO_TLOG_KEY_ID},
                            signature->id))
            return &keys[i];
    return NULL;
}

/* As checks have it: r || s for ECDSA, into ARENA. */
static yao_status raw_signature(yao_arena *arena, yao_sig_alg alg,
                                yao_bytes signature, yao_bytes *ret)
{
    if (alg == YAO_ED25519) {
        *ret = signature;
        return signature.len == YAO_ED25519_SIGNATURE ? YAO_OK
                                                      : YAO_E_BAD_SIGNATURE;
    }

    uint8_t *raw = yao_arena_take(arena, 2 * P256_FIELD);
    if (raw == NULL)
        return YAO_E_SPACE;
    *ret = (yao_bytes){raw, 2 * P256_FIELD};
    return yao_der_get_signature(signature, P256_FIELD, raw) == YAO_OK
               ? YAO_OK
               : YAO_E_BAD_SIGNATURE;
}

yao_status yao_tlog_note_begin(yao_arena *arena, const yao_tlog_note *note,
                               const yao_tlog_key *keys, size_t count,
                               yao_tlog_signed *ret)
{
    yao_tlog_signed made = {.text = note->text};

    made.checks =
        yao_arena_take_array(arena, note->signature_count, sizeof *made.checks);
    if (made.checks == NULL)
        return YAO_E_SPACE;

    for (size_t i = 0; i < note->signature_count; i++) {
        const yao_tlog_signature *s   = &note->signatures[i];
        const yao_tlog_key       *key = find_key(s, keys, count);
        yao_bytes                 raw;

        if (key == NULL)
            continue;
        YAO_TRY(raw_signature(arena, key->alg, s->signature, &raw));
        made.checks[made.check_count++] =
            (yao_signature_check){.alg         = key->alg,
                                  .key         = key->key,
                                  .parts       = {note->text},
                                  .part_count  = 1,
                                  .signature   = raw,
                                  .key_repeats = true};
    }
    if (made.check_count == 0)
        return YAO_E_UNTRUSTED;

    *ret = made;
    return YAO_OK;
}

yao_status yao_tlog_note_conclude(const yao_tlog_signed *note, yao_bytes *ret)
{
    size_t good = 0, missing = 0;

    if (note->check_count == 0)
        return YAO_E_UNTRUSTED;
    for (size_t i = 0; i < note->check_count; i++)
        if (note->checks[i].outcome == YAO_SIG_BAD)
            return YAO_E_BAD_SIGNATURE;
    for (size_t i = 0; i < note->check_count; i++) {
        good += note->checks[i].outcome == YAO_SIG_GOOD;
        missing += note->checks[i].outcome == YAO_SIG_UNSUPPORTED;
    }
    if (good + missing != note->check_count)
        return YAO_E_CRYPTO;
    if (good == 0)
        return YAO_E_UNSUPPORTED;

    *ret = note->text;
    return YAO_OK;
}

/* ---- writing ------------------------------------------------------------ */

void yao_tlog_put_signature(yao_writer *w, const yao_tlog_key *key,
                            yao_bytes signature)
{
    uint8_t    room[YAO_TLOG_KEY_ID + YAO_MAX_SIGNATURE]; /* DER: 72 */
    yao_writer line = yao_writer_open(room, sizeof room);

    if (signature.len != YAO_ED25519_SIGNATURE) { /* and 2 * P256_FIELD */
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }

    yao_put_bytes(&line, (yao_bytes){key->id, YAO_TLOG_KEY_ID});
    if (key->alg == YAO_ED25519)
        yao_put_bytes(&line, signature);
    else
        yao_der_put_signature(&line, signature);

    yao_put_bytes(w, DASH);
    yao_put_bytes(w, yao_text_bytes(key->name));
    yao_put_byte(w, ' ');
    yao_put_base64(w, (yao_bytes){room, line.len});
    yao_put_byte(w, '\n');
}
