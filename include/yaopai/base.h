/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_BASE_H
#define YAO_BASE_H

/**
 * Bytes, text, results and time: the words every other module speaks.
 *
 *     yao_bytes cut  = {input.ptr, 4};
 *     yao_text  name = YAO_TEXT("family_name");
 *     YAO_TRY(yao_date_parse(text, &day));
 *
 * Depends on nothing but the C language. No allocation, clock, locale or I/O.
 * Limits are in yaopai/limits.h, memory in yaopai/arena.h.
 */

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define YAO_MUST_USE __attribute__((warn_unused_result))
#define YAO_API      __attribute__((visibility("default")))
#else
#define YAO_MUST_USE
#define YAO_API
#endif

/**
 * What happened. Values are part of the ABI and are never renumbered.
 *
 * The hundreds say whose turn it is:
 *   1xx  the caller broke a documented rule   fix the calling code
 *   2xx  the bytes are not the claimed shape  refuse the peer's message
 *   3xx  well shaped, but not acceptable      refuse the document
 *   4xx  a limit or a buffer was too small    give more room, or refuse
 *   5xx  something outside failed             retry, or report to an operator
 */
typedef enum yao_status {
    YAO_OK                 = 0,

    YAO_E_USAGE            = 100, /* an argument is outside its range */
    YAO_E_ENTROPY          = 101, /* fewer random bytes given than needed */

    YAO_E_TRUNCATED        = 200, /* input ended inside an item */
    YAO_E_MALFORMED        = 201, /* not well-formed, or another shape */
    YAO_E_TRAILING         = 202, /* bytes left over after the item */
    YAO_E_DUPLICATE        = 203, /* a key, name or element twice */
    YAO_E_NOT_SHORTEST     = 204, /* a CBOR or DER head longer than needed */
    YAO_E_UTF8             = 205, /* text is not valid UTF-8 */
    YAO_E_BASE64           = 206, /* padding, foreign letters, stray bits */
    YAO_E_ALGORITHM        = 207, /* an algorithm that may not stand here */
    YAO_E_HEADER           = 208, /* a COSE or JOSE header that is refused */
    YAO_E_KEY              = 209, /* a public key of wrong type or form */

    YAO_E_NOT_YET_VALID    = 300,
    YAO_E_EXPIRED          = 301,
    YAO_E_BAD_SIGNATURE    = 302,
    YAO_E_BAD_DIGEST       = 303,
    YAO_E_UNTRUSTED        = 304, /* no path to an anchor for this role */
    YAO_E_PROFILE          = 305, /* a certificate breaks its profile */
    YAO_E_MISMATCH         = 306, /* two places that must agree do not */
    YAO_E_MISSING          = 307, /* what must be there is not */
    YAO_E_UNREFERENCED     = 308, /* a disclosure that nothing points to */
    YAO_E_NOT_AUTHORISED   = 309, /* signer or device may not say this */
    YAO_E_VALUE            = 310, /* a value breaks its rule or code list */
    YAO_E_REVOKED          = 311,
    YAO_E_NOT_ENTITLED     = 312, /* the person has no right to this document */
    YAO_E_EXISTS           = 313, /* already there; nothing was changed */
    YAO_E_REFUSED          = 314, /* the holder, or the holder's rules, said no */
    YAO_E_SUSPENDED        = 315, /* for a while; REVOKED is for good */

    YAO_E_SPACE            = 400, /* output buffer or arena is full */
    YAO_E_LIMIT            = 401, /* input exceeds a compiled-in limit */

    YAO_E_CRYPTO           = 500, /* the crypto port failed */
    YAO_E_STORE            = 501, /* the storage port failed */
    YAO_E_UNSUPPORTED      = 502, /* this home does not have that algorithm */
    YAO_E_FILE             = 503, /* a file could not be read or written */
    YAO_E_LOCKED           = 504, /* another process holds it */
    YAO_E_SECRET           = 505, /* passphrase or key does not open it */
    YAO_E_NOT_FOUND        = 506, /* no such record */
    YAO_E_NET              = 507  /* no connection, or it broke */
} yao_status;

/** The name of STATUS, as written above without its prefix: "TRUNCATED".
 *  Never NULL; "UNKNOWN" for a value that is none of them. */
YAO_API const char *yao_status_name(yao_status status);

/** Read-only bytes that belong to someone else. Passed by value. */
typedef struct yao_bytes {
    const uint8_t *ptr;
    size_t         len;
} yao_bytes;

/** The same shape, another promise: these bytes were checked to be UTF-8. */
typedef struct yao_text {
    const uint8_t *ptr;
    size_t         len;
} yao_text;

/** Bytes of a string literal, without its terminator: as an initializer, and
 *  as a value. ISO C wants the first form for objects with static storage. */
#define YAO_INIT(s) {(const uint8_t *)(s), sizeof(s) - 1}
#define YAO_LIT(s)  ((yao_bytes)YAO_INIT(s))
#define YAO_TEXT(s) ((yao_text)YAO_INIT(s))

/**
 * Leave the function with the status of EXPR unless it is YAO_OK.
 *
 * The only macro in the project that hides control flow. Allowed only where
 * the function holds nothing to release or wipe; otherwise use `goto done`.
 */
#define YAO_TRY(expr)                                                          \
    do {                                                                       \
        yao_status yao_try_ = (expr);                                          \
        if (yao_try_ != YAO_OK)                                                \
            return yao_try_;                                                   \
    } while (0)

/** TEXT seen as bytes: always allowed. */
static inline yao_bytes yao_text_bytes(yao_text text)
{
    yao_bytes bytes = {text.ptr, text.len};
    return bytes;
}

/** True when both hold the same bytes. Not constant time: public data only. */
YAO_API bool yao_bytes_equal(yao_bytes a, yao_bytes b);

/** The same for texts. NUL is a byte like any other and ends nothing. */
YAO_API bool yao_text_equal(yao_text a, yao_text b);

/** True when both hold the same bytes, in a time that depends on their
 *  lengths only. For MACs, nonces, codes and everything secret. */
YAO_API bool yao_bytes_equal_secret(yao_bytes a, yao_bytes b);

/** Below 0, 0 or above 0: A sorts before, with or after B (bytewise). */
YAO_API int yao_bytes_compare(yao_bytes a, yao_bytes b);

/** Does BYTES begin with PREFIX? */
YAO_API bool yao_bytes_starts(yao_bytes bytes, yao_bytes prefix);

/** The place of the first BYTE in BYTES; their length when there is none.
 *  Looks at eight at a time, since tokens are cut apart by it. */
YAO_API size_t yao_bytes_find(yao_bytes bytes, uint8_t byte);

/** The text of a NUL-terminated string that is known to be UTF-8 (a literal,
 *  a table of this project). NULL gives the empty text. */
YAO_API yao_text yao_text_of(const char *string);

/** Overwrite secrets so that the compiler cannot drop the stores. */
YAO_API void yao_wipe(void *secret, size_t len);

/**
 * Are these bytes UTF-8?
 *
 * Out     ret  the same bytes with the promise, written only on YAO_OK
 * Errors  YAO_E_UTF8  overlong, surrogate, above U+10FFFF, cut, stray byte
 * Source  RFC 3629 section 4
 */
YAO_API YAO_MUST_USE yao_status yao_text_check(yao_bytes input, yao_text *ret);

/** How many code points TEXT has. */
YAO_API size_t yao_text_count(yao_text text);

/* ---- time ------------------------------------------------------------- */

/** Seconds since 1970-01-01T00:00:00Z, without leap seconds. */
typedef int64_t yao_time;

#define YAO_TIME_NONE INT64_MIN
#define YAO_TIME_MAX  INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
#define YAO_TIME_DAY  INT64_C(86400)

/** A day of the proleptic Gregorian calendar. */
typedef struct yao_date {
    int16_t year;  /* 0..9999 */
    int8_t  month; /* 1..12 */
    int8_t  day;   /* 1..31, and existing */
} yao_date;

/**
 * Read a day or a moment.
 *
 * Shape   date  "YYYY-MM-DD"            time  "YYYY-MM-DDThh:mm:ssZ"
 * Out     ret   written only on YAO_OK
 * Errors  YAO_E_MALFORMED  anything else: fractions, offsets, 30 February;
 *                          a moment before 1970
 * Source  RFC 3339 section 5.6 as narrowed by ISO/IEC 18013-5:2021 7.2.1
 */
YAO_API YAO_MUST_USE yao_status yao_date_parse(yao_bytes text, yao_date *ret);
YAO_API YAO_MUST_USE yao_status yao_time_parse(yao_bytes text, yao_time *ret);

/** The ten letters of DAY into OUT, no terminator. */
YAO_API void yao_date_format(yao_date day, uint8_t out[10]);

/** The twenty letters of TIME (0..YAO_TIME_MAX) into OUT, no terminator; for
 *  another number those of 1970-01-01T00:00:00Z. */
YAO_API void yao_time_format(yao_time time, uint8_t out[20]);

/** Midnight UTC at the beginning of DAY, and the day of a moment between
 *  0000-01-01 and YAO_TIME_MAX (1970-01-01 for another number). */
YAO_API yao_time yao_time_of_date(yao_date day);
YAO_API yao_date yao_date_of_time(yao_time time);

/** Does this day exist? */
YAO_API bool yao_date_exists(int32_t year, int32_t month, int32_t day);

/** Full years from BIRTH to ON (a child of 29 February has its birthday on
 *  1 March in common years); 0 before birth. */
YAO_API int32_t yao_date_age(yao_date birth, yao_date on);

#endif
