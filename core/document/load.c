/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue from its files: first all code lists, then groups, documents,
 * profiles, so that each finds what it refers to. */
#include "document/load.h"

/* ---- code lists: docs/formats/catalogue.md, section 1 ---- */

static size_t line_len(yao_bytes text, size_t at)
{
    size_t end = at;

    while (end < text.len && text.ptr[end] != '\n')
        end++;
    return end - at;
}

/* Is LINE "code,zh,en,mapped", with code and zh? */
static bool is_row(yao_bytes line)
{
    size_t commas = 0, zh = 0;

    if (line.len == 0 || line.ptr[0] == ',')
        return false;
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] == '\r')
            return false;
        commas += line.ptr[i] == ',' ? 1 : 0;
        zh += commas == 1 && line.ptr[i] != ',' ? 1 : 0;
    }
    return commas == 3 && zh != 0;
}

static yao_bytes code_of(yao_bytes line)
{
    size_t len = 0;

    while (len < line.len && line.ptr[len] != ',')
        len++;
    return (yao_bytes){line.ptr, len};
}

/* Rows are well-formed and their codes rise. */
static size_t check_rows(yao_loader *l, yao_bytes rows)
{
    yao_bytes last  = {NULL, 0};
    size_t    count = 0;

    for (size_t at = 0; at < rows.len; count++) {
        yao_bytes line = {rows.ptr + at, line_len(rows, at)};
        yao_bytes code = code_of(line);

        if (!is_row(line) || line.len == rows.len - at) {
            yao_loader_want(l, false, "not a line code,zh,en,mapped");
            return 0;
        }
        if (yao_bytes_compare(last, code) >= 0) {
            l->trouble.where = (yao_text){code.ptr, code.len};
            yao_loader_fail(l, YAO_E_DUPLICATE, "a code twice, or not sorted");
            return 0;
        }
        last = code;
        at += line.len + 1;
    }
    return count;
}

static yao_bytes skip_line(yao_bytes text)
{
    size_t len = line_len(text, 0);

    len += len < text.len ? 1 : 0;
    return (yao_bytes){text.ptr + len, text.len - len};
}

static void load_codes(yao_loader *l, yao_text name, yao_bytes text)
{
    yao_text checked;

    yao_loader_try(l, yao_text_check(text, &checked), "not UTF-8");
    while (text.len != 0 && text.ptr[0] == '#')
        text = skip_line(text);
    yao_loader_want(l, yao_bytes_starts(text, YAO_LIT("code,zh,en,mapped\n")),
                    "the first line is not code,zh,en,mapped");
    if (l->status != YAO_OK)
        return;

    for (size_t i = 0; i < l->list_count; i++)
        if (yao_text_equal(l->lists[i].name, name))
            yao_loader_fail(l, YAO_E_DUPLICATE, "a code list twice");
    yao_bytes rows  = skip_line(text);
    size_t    count = check_rows(l, rows);
    if (l->status == YAO_OK)
        l->lists[l->list_count++] = (yao_code_list){name, rows, count};
}

/* ---- groups ---- */

static void load_groups(yao_loader *l, const yao_json *root)
{
    static const char *const members[] = {"name", "label", NULL};

    if (root->kind != YAO_JSON_ARRAY) {
        yao_loader_want(l, false, "not an array");
        return;
    }
    yao_group *groups =
        yao_loader_take(l, l->group_count + root->count, sizeof *groups);
    if (groups == NULL)
        return;
    for (size_t i = 0; i < l->group_count; i++)
        groups[i] = l->groups[i];
    for (const yao_json *item = root->first; item != NULL; item = item->next) {
        yao_group *g = &groups[l->group_count];

        yao_loader_only(l, item, members);
        g->name  = yao_loader_text(l, item, "name", true);
        g->label = yao_loader_label(l, item, "label");
        for (size_t i = 0; i < l->group_count; i++)
            if (yao_text_equal(groups[i].name, g->name))
                yao_loader_fail(l, YAO_E_DUPLICATE, "a group twice");
        l->group_count++;
    }
    l->groups = groups;
}

/* ---- files ---- */

typedef enum file_kind {
    UNKNOWN = 0,
    CODES,
    GROUPS,
    DOCUMENT,
    PROFILE,
    KINDS
} file_kind;

/* What lies between PREFIX and SUFFIX in PATH; empty when it is not so. */
static yao_text between(yao_text path, const char *prefix, const char *suffix)
{
    yao_text p = yao_text_of(prefix), s = yao_text_of(suffix);

    if (path.len <= p.len + s.len ||
        !yao_bytes_starts(yao_text_bytes(path), yao_text_bytes(p)) ||
        !yao_bytes_equal((yao_bytes){path.ptr + path.len - s.len, s.len},
                         yao_text_bytes(s)))
        return (yao_text){NULL, 0};
    return (yao_text){path.ptr + p.len, path.len - p.len - s.len};
}

static file_kind kind_of(yao_text path, yao_text *name)
{
    if ((*name = between(path, "documents/codes/", ".csv")).len != 0)
        return CODES;
    if (yao_text_equal(path, YAO_TEXT("documents/groups.json")))
        return GROUPS;
    if ((*name = between(path, "profiles/", ".json")).len != 0)
        return PROFILE;
    if ((*name = between(path, "documents/", ".json")).len != 0)
        return DOCUMENT;
    return UNKNOWN;
}

static void load_json(yao_loader *l, file_kind kind, yao_text name,
                      yao_bytes text)
{
    const yao_json *root = NULL;

    yao_loader_try(l,
                   yao_json_parse_at(l->arena, text, &root, &l->trouble.offset),
                   "not JSON");
    if (l->status != YAO_OK)
        return;
    if (kind == GROUPS) {
        load_groups(l, root);
        return;
    }
    yao_loader_want(l, yao_json_is_text(yao_json_get(root, "name"), name),
                    "name is not that of the file");
    if (kind == DOCUMENT)
        yao_loader_definition(l, root);
    else
        yao_loader_profile(l, root);
}

static void load_file(yao_loader *l, const yao_document_file *file,
                      file_kind wanted)
{
    yao_text  name;
    file_kind kind = kind_of(file->path, &name);

    if (l->status != YAO_OK || (kind != wanted && kind != UNKNOWN))
        return;
    l->trouble = (yao_document_trouble){file->path, {NULL, 0}, NULL, 0};
    yao_loader_want(l, kind != UNKNOWN, "no file of the catalogue");
    if (kind == CODES)
        load_codes(l, name, file->bytes);
    else if (l->status == YAO_OK)
        load_json(l, kind, name, file->bytes);
}

/* Tables with room for BASE and COUNT files of each kind. */
static void open_tables(yao_loader *l, const yao_catalogue *base, size_t count)
{
    l->lists = yao_loader_take(l, base->list_count + count, sizeof *l->lists);
    l->definitions = yao_loader_take(l, base->definition_count + count,
                                     sizeof *l->definitions);
    l->profiles =
        yao_loader_take(l, base->profile_count + count, sizeof *l->profiles);
    l->groups = yao_loader_take(l, base->group_count, sizeof *l->groups);
    if (l->status != YAO_OK)
        return;

    for (; l->list_count < base->list_count; l->list_count++)
        l->lists[l->list_count] = base->lists[l->list_count];
    for (; l->definition_count < base->definition_count; l->definition_count++)
        l->definitions[l->definition_count] =
            base->definitions[l->definition_count];
    for (; l->profile_count < base->profile_count; l->profile_count++)
        l->profiles[l->profile_count] = base->profiles[l->profile_count];
    for (; l->group_count < base->group_count; l->group_count++)
        l->groups[l->group_count] = base->groups[l->group_count];
}

yao_status yao_document_load(yao_arena *arena, const yao_catalogue *base,
                             const yao_document_file *files, size_t count,
                             yao_catalogue *ret, yao_document_trouble *trouble)
{
    static const yao_catalogue nothing = {0};
    yao_loader                 l       = {0};

    l.arena = arena;
    open_tables(&l, base != NULL ? base : &nothing, count);
    for (unsigned wanted = CODES; wanted < KINDS; wanted++)
        for (size_t i = 0; i < count; i++)
            load_file(&l, &files[i], (file_kind)wanted);

    if (trouble != NULL && l.status != YAO_OK)
        *trouble = l.trouble;
    if (l.status != YAO_OK)
        return l.status;
    *ret = (yao_catalogue){l.lists,       l.list_count,   l.groups,
                           l.group_count, l.definitions,  l.definition_count,
                           l.profiles,    l.profile_count};
    return YAO_OK;
}
