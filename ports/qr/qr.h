/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_QR_H
#define YAO_QR_H

/**
 * QR codes out and in: as PNG, animated PNG and letters of a terminal, by
 * libqrencode and libpng; from PNG, animated PNG and JPEG, by zbar.
 *
 *     YAO_TRY(qr_encode(content, QR_LEVEL_L, &arena, &code));
 *     YAO_TRY(qr_write_png(&code, &w));
 *
 *     YAO_TRY(qr_read(file, &arena, &texts));       // from a stranger
 *     for (size_t i = 0; i < texts.count; i++)
 *         use(texts.list[i]);
 *
 * What a stranger's picture holds is looked at by a child process that may do
 * nothing but compute and write its answer: zbar has crashed on pictures
 * before (CVE-2023-40889, CVE-2023-40890). A decoder that crashes, hangs or
 * wants too much memory is a picture that can't be read, nothing more.
 *
 * Limits   below; pictures of 4096 x 4096 pixels, 8 MB as a file
 * Memory   of the caller: the arena holds modules (one byte each) and texts;
 *          of the child: 256 MB at most, given back when it ends
 * Threads  a child is forked; other threads do not matter to it
 */

#include "yaopai/writer.h"

/** How much of a code may be damaged: 7, 15, 25, 30 percent. L for screens,
 *  M for paper (design 4). */
typedef enum qr_level {
    QR_LEVEL_L = 0,
    QR_LEVEL_M = 1,
    QR_LEVEL_Q = 2,
    QR_LEVEL_H = 3
} qr_level;

/** Modules of one side without its margin, at version 40. */
#define QR_MAX_WIDTH 177u

/** Light modules around (ISO/IEC 18004 wants four), and how wide a picture is
 *  at least, in pixels. */
#define QR_MARGIN     4u
#define QR_LEAST_SIDE 600u

/** Frames of one animation: 16 kB in parts of 400 bytes are 41. */
#define QR_MAX_FRAMES 64u

/** Pictures of a second at most: more than 6 are lost on cameras. */
#define QR_MAX_RATE 6u

/** Bytes of a picture file. */
#define QR_MAX_FILE (8u * 1024u * 1024u)

/** Codes found in one picture, and bytes in one code (numbers at 40-L). */
#define QR_MAX_TEXTS 64u
#define QR_MAX_TEXT  7089u

typedef struct qr_code {
    const uint8_t *modules; /* width * width, rows from above; 1 is dark */
    uint32_t       width;   /* modules, 21..QR_MAX_WIDTH */
    unsigned       version; /* 1..40 */
} qr_code;

/**
 * Make a code: alphanumeric when all letters are of base45's alphabet, else
 * bytes as they are.
 *
 * In      content  1 byte at least
 * Out     ret      in ARENA
 * Errors  YAO_E_USAGE  no content, or no such level
 *         YAO_E_LIMIT  too long for version 40 at that level
 *         YAO_E_SPACE
 * Source  ISO/IEC 18004:2015 7.3, 7.4
 */
YAO_MUST_USE yao_status qr_encode(yao_bytes content, qr_level level,
                                  yao_arena *arena, qr_code *ret);

/**
 * The same for the frames of one animation: all of one version, so that the
 * picture doesn't jump.
 *
 * In      count  1..QR_MAX_FRAMES
 * Out     ret    COUNT codes
 * Errors  as above; YAO_E_USAGE also for another COUNT
 */
YAO_MUST_USE yao_status qr_encode_frames(const yao_bytes *contents,
                                         size_t count, qr_level level,
                                         yao_arena *arena, qr_code *ret);

/**
 * Write CODE as a PNG: 1 bit, black on white, with its margin, at least
 * QR_LEAST_SIDE pixels wide, a whole number of pixels for each module. The
 * same code gives the same bytes.
 *
 * Errors  YAO_E_SPACE   recorded in W as well
 *         YAO_E_USAGE   CODE has no or too many modules
 */
YAO_MUST_USE yao_status qr_write_png(const qr_code *code, yao_writer *w);

/**
 * Write COUNT codes of one size as an animated PNG that repeats for ever.
 *
 * In      delay  milliseconds of each frame: 167 (QR_MAX_RATE) to 60000
 *         arena  for one frame at a time, wound back; W is not in it
 * Errors  YAO_E_USAGE   another delay or count, codes of different sizes
 *         YAO_E_SPACE   recorded in W as well
 * Source  PNG specification, third edition, 11.3.6
 */
YAO_MUST_USE yao_status qr_write_animation(const qr_code *codes, size_t count,
                                           unsigned delay, yao_arena *arena,
                                           yao_writer *w);

/** Write CODE for a terminal: dark on light whatever its theme is, two rows of
 *  modules in one line of UTF-8 letters, with the margin. Colours 16 and 231
 *  of xterm's cube are the same everywhere; 0 and 7 are not. */
void qr_write_terminal(const qr_code *code, yao_writer *w);

/** What was read, in the order in which it was found; each once. */
typedef struct qr_texts {
    const yao_bytes *list; /* bytes as they stand in the code */
    size_t           count;
} qr_texts;

/** Does FILE begin as a PNG or a JPEG does? */
bool qr_is_picture(yao_bytes file);

/**
 * Read all codes of a picture; of an animated PNG, those of all frames.
 *
 * Out     ret  in ARENA; one text at least
 * Errors  YAO_E_MISSING      no code was found
 *         YAO_E_MALFORMED    neither PNG nor JPEG, cut short or damaged, or
 *                            it crashed its decoder
 *         YAO_E_UNSUPPORTED  a JPEG of another colour space; an animated PNG
 *                            whose frames do not cover it
 *         YAO_E_LIMIT        larger than QR_MAX_FILE or 4096 x 4096 pixels,
 *                            more than QR_MAX_FRAMES frames or QR_MAX_TEXTS
 *                            codes, 10 s of work or 256 MB
 *         YAO_E_SPACE        the arena is full
 *         YAO_E_FILE         no process or pipe can be made
 */
YAO_MUST_USE yao_status qr_read(yao_bytes file, yao_arena *arena,
                                qr_texts *ret);

#endif
