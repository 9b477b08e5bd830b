/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of tiles: C2SP tlog-tiles, "Merkle Tree". */
#include "authority/audit/tree.h"

#include <inttypes.h>
#include <string.h>

/* Groups of three digits: above it a tree would have more than 2^63 leaves. */
#define MAX_GROUPS 6

/* The next part up to a slash; false when there is none. */
static bool take_part(yao_text *rest, yao_text *part)
{
    size_t at = yao_bytes_find(yao_text_bytes(*rest), '/');

    if (rest->len == 0)
        return false;
    *part = (yao_text){rest->ptr, at};
    if (at < rest->len)
        at++;
    else
        at = rest->len;
    rest->ptr += at;
    rest->len -= at;
    return true;
}

/* 1 to 3 digits, none in front that needn't be. */
static bool read_number(yao_text text, unsigned *ret)
{
    unsigned number = 0;

    if (text.len == 0 || text.len > 3 || (text.len > 1 && text.ptr[0] == '0'))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        number = number * 10 + (unsigned)(text.ptr[i] - '0');
    }
    *ret = number;
    return true;
}

static bool read_group(yao_text text, unsigned *ret)
{
    unsigned number = 0;

    if (text.len != 3)
        return false;
    for (size_t i = 0; i < 3; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        number = number * 10 + (unsigned)(text.ptr[i] - '0');
    }
    *ret = number;
    return true;
}

static yao_status read_index(yao_text *rest, uint64_t *index, bool *partial)
{
    uint64_t number = 0;
    unsigned group;

    *partial = false;
    for (size_t i = 0; i <= MAX_GROUPS; i++) {
        yao_text part;

        if (!take_part(rest, &part) || part.len == 0)
            return YAO_E_MALFORMED;
        bool more = part.ptr[0] == 'x';
        if (more) {
            part.ptr++;
            part.len--;
        } else if (part.len == 5 && memcmp(part.ptr + 3, ".p", 2) == 0) {
            *partial = true;
            part.len = 3;
        }
        if (!read_group(part, &group) || (i == 0 && more && group == 0))
            return YAO_E_MALFORMED;
        if (i == MAX_GROUPS)
            return YAO_E_LIMIT;
        number = number * 1000 + group;
        if (!more) {
            *index = number;
            return YAO_OK;
        }
    }
    return YAO_E_LIMIT;
}

static bool read_level(yao_text part, int *ret)
{
    unsigned level;

    if (yao_text_equal(part, YAO_TEXT("entries"))) {
        *ret = AUDIT_ENTRIES;
        return true;
    }
    if (!read_number(part, &level) || level > 7)
        return false;
    *ret = (int)level;
    return true;
}

/* 256^(level + 1) leaves below a full tile, without overflow. */
static bool fits(const audit_tile *tile)
{
    unsigned shift = 8u * (unsigned)(tile->level < 0 ? 0 : tile->level);

    return tile->index <= (YAO_TLOG_MAX_SIZE >> shift) / AUDIT_TILE;
}

yao_status audit_read_path(yao_text path, audit_tile *ret)
{
    audit_tile tile = {.width = AUDIT_TILE};
    bool       partial;
    yao_text   part;

    if (path.len > 0 && path.ptr[path.len - 1] == '/')
        return YAO_E_MALFORMED;
    if (!take_part(&path, &part) || !read_level(part, &tile.level))
        return YAO_E_MALFORMED;
    YAO_TRY(read_index(&path, &tile.index, &partial));
    if (partial &&
        (!take_part(&path, &part) || !read_number(part, &tile.width) ||
         tile.width == 0 || tile.width >= AUDIT_TILE))
        return YAO_E_MALFORMED;
    if (path.len > 0)
        return YAO_E_MALFORMED;
    if (!fits(&tile))
        return YAO_E_LIMIT;
    *ret = tile;
    return YAO_OK;
}

void audit_put_path(const audit_tile *tile, char out[AUDIT_MAX_TILE_PATH])
{
    unsigned groups[8];
    size_t   count = 0;
    uint64_t rest  = tile->index;
    int      len   = tile->level == AUDIT_ENTRIES
                         ? snprintf(out, AUDIT_MAX_TILE_PATH, "entries")
                         : snprintf(out, AUDIT_MAX_TILE_PATH, "%d",
                                    tile->level);

    do {
        groups[count++] = (unsigned)(rest % 1000);
        rest /= 1000;
    } while (rest > 0 && count < 8);
    while (count-- > 0)
        len += snprintf(out + len, AUDIT_MAX_TILE_PATH - (size_t)len, "/%s%03u",
                        count > 0 ? "x" : "", groups[count]);
    if (tile->width < AUDIT_TILE)
        snprintf(out + len, AUDIT_MAX_TILE_PATH - (size_t)len, ".p/%u",
                 tile->width);
}

uint64_t audit_tile_needs(const audit_tile *tile)
{
    unsigned shift = 8u * (unsigned)(tile->level < 0 ? 0 : tile->level);

    return (tile->index * AUDIT_TILE + tile->width) << shift;
}
