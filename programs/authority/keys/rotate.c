/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaopai signer rotate: a new key in the place of one.
 *
 * In this order, so that a rotation that is killed can be run again: the new
 * key and certificate are files (or in the token) that nothing names yet; the
 * old certificate is noted in the store as replaced; the settings name the new
 * ones, all at once; what a stolen key signed is revoked. A new root brings new
 * signers with it, and a link certificate by which the old one vouches for it.
 */

#include "authority/commands.h"
#include "authority/init_keys.h"
#include "authority/keys/keys.h"

#include <string.h>

#include "app/files.h"

#define MEMORY (8u * 1024u * 1024u)
#define MAX_EDITS 16

static const yao_words what = WORDS_INIT("signer rotate", "更换签名密钥");

typedef struct rotating {
    const yao_invocation *call;
    authority            *authority;
    yao_arena             arena;
    init_keys             keys;
    certify_who           who;
    yao_time              now;
    bool                  compromised;
    config_edit           edits[MAX_EDITS];
    size_t                edit_count;
    uint8_t               old[MAX_EDITS][YAO_SHA256_LEN];
    const certify_row    *rows[MAX_EDITS];
    size_t                row_count;
    size_t                revoked; /* issuances */
    keys_crl_count        lists;
} rotating;

/* ---- names ---- */

static yao_status name_in(rotating *r, const char *format, const char *name,
                          unsigned number, const char **ret)
{
    char      text[CONFIG_MAX_PATH];
    yao_bytes kept;
    int       len = snprintf(text, sizeof text, format, name, number);

    if (len < 0 || (size_t)len >= sizeof text)
        return YAO_E_LIMIT;
    YAO_TRY(yao_arena_keep(
        &r->arena, (yao_bytes){(const uint8_t *)text, (size_t)len + 1}, &kept));
    *ret = (const char *)kept.ptr;
    return YAO_OK;
}

static yao_status in_folder(const rotating *r, const char *name,
                            char out[CONFIG_MAX_PATH])
{
    return yao_path_join(r->call->directory, name, out, CONFIG_MAX_PATH);
}

static bool taken(const rotating *r, const char *folder, const char *name,
                  unsigned number)
{
    char file[128], path[CONFIG_MAX_PATH];

    snprintf(file, sizeof file, "%s/%s-%u.pem", folder, name, number);
    return in_folder(r, file, path) != YAO_OK || yao_path_exists(path);
}

/* What an interrupted rotation left is not written over. */
static unsigned next_number(const rotating *r, const certify_row *row)
{
    const char *now = config_get(&r->authority->config, row->certificate);
    unsigned    n   = keys_number(now) + 1;

    while (n < 9999 && (taken(r, "certificates", row->name, n) ||
                        taken(r, "keys", row->name, n)))
        n++;
    return n;
}

/* ---- one new key ---- */

static yao_status add_edit(rotating *r, config_setting setting,
                           const char *value)
{
    if (r->edit_count == MAX_EDITS)
        return YAO_E_LIMIT;
    r->edits[r->edit_count++] = (config_edit){setting, value};
    return YAO_OK;
}

static yao_status key_uri(rotating *r, const certify_row *row, unsigned number,
                          const char **ret)
{
    char        uri[INIT_MAX_KEY_URI];
    const char *label;
    yao_bytes   kept;

    if (r->keys.token == NULL)
        return name_in(r, "file:keys/%s-%u.pem", row->name, number, ret);
    YAO_TRY(name_in(r, "%s-%u", row->name, number, &label));
    YAO_TRY(yao_key_uri(r->keys.uri, yao_text_of(label), uri, sizeof uri));
    YAO_TRY(yao_arena_keep(
        &r->arena, (yao_bytes){(const uint8_t *)uri, strlen(uri) + 1}, &kept));
    *ret = (const char *)kept.ptr;
    return YAO_OK;
}

static yao_status save_certificate(rotating *r, const char *format,
                                   const certify_row *row, unsigned number,
                                   yao_bytes der, const char **ret)
{
    char        path[CONFIG_MAX_PATH];
    const char *file;

    YAO_TRY(name_in(r, format, row->name, number, &file));
    YAO_TRY(in_folder(r, file, path));
    YAO_TRY(ca_save(path, der, &r->arena));
    if (ret != NULL)
        *ret = file;
    return YAO_OK;
}

static yao_status save_key(rotating *r, const certify_row *row,
                           unsigned number, const yao_key *key)
{
    char        path[CONFIG_MAX_PATH];
    const char *file;

    YAO_TRY(name_in(r, "keys/%s-%u.pem", row->name, number, &file));
    YAO_TRY(in_folder(r, file, path));
    return init_keys_save(&r->keys, key, path);
}

/* Out: RET is open. */
static yao_status make(rotating *r, const certify_row *row, unsigned number,
                       const ca *issuer, ca *ret)
{
    yao_key    *key = NULL;
    const char *label, *file, *uri;
    yao_bytes   der;

    YAO_TRY(name_in(r, "%s-%u", row->name, number, &label));
    YAO_TRY(init_keys_make(&r->keys, label, &key));
    yao_status status = certify(&r->who, row, number, issuer, key, &der);
    if (status == YAO_OK)
        status = save_key(r, row, number, key);
    if (status == YAO_OK)
        status = save_certificate(r, "certificates/%s-%u.pem", row, number,
                                  der, &file);
    if (status == YAO_OK)
        status = key_uri(r, row, number, &uri);
    if (status == YAO_OK)
        status = add_edit(r, row->certificate, file);
    if (status == YAO_OK)
        status = add_edit(r, row->key, uri);
    if (status == YAO_OK)
        status = yao_x509_read(der, &ret->certificate);
    if (status == YAO_OK)
        ret->key = key;
    else
        yao_key_close(key);
    return status;
}

/* ---- the old one ---- */

static yao_status note_old(rotating *r, const certify_row *row)
{
    ca c = {.key = NULL};

    if (r->row_count == MAX_EDITS)
        return YAO_E_LIMIT;
    YAO_TRY(ca_open(config_get(&r->authority->config, row->certificate), NULL,
                    &r->arena, &c));
    YAO_TRY(r->authority->crypto->hash(r->authority->crypto->ctx, YAO_SHA256,
                                       &c.certificate.der, 1,
                                       r->old[r->row_count]));
    r->rows[r->row_count++] = row;
    return YAO_OK;
}

/* A rotation that was killed has noted it already. */
static yao_status commit_one(rotating *r, size_t i)
{
    store_change       change = store_change_open(&r->arena);
    const certify_row *row    = r->rows[i];
    const yao_bytes    hash   = {r->old[i], YAO_SHA256_LEN};
    const char        *detail;

    YAO_TRY(keys_put_replaced(r->authority, &change, &r->arena, row, r->now,
                              r->compromised ? r->now : 0));
    YAO_TRY(name_in(r, "{\"signer\":\"%s\",\"compromised\":%u}", row->name,
                    r->compromised, &detail));
    YAO_TRY(authority_put_event(&change, &r->arena, "signer.rotate",
                                (yao_bytes){NULL, 0}, yao_text_of(detail)));
    yao_status status = store_commit(r->authority->store, &change);
    if (status != YAO_E_EXISTS || !r->compromised)
        return status == YAO_E_EXISTS ? YAO_OK : status;

    change = store_change_open(&r->arena);
    store_revoke_signer(&change, hash, r->now, YAO_CRL_KEY_COMPROMISE);
    status = store_commit(r->authority->store, &change);
    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

/* ---- rotations ---- */

static const char *root_key(const rotating *r, const certify_row *root)
{
    const char *given = yao_argument(r->call, "root-key");

    return given != NULL ? given
                         : config_get(&r->authority->config, root->key);
}

static yao_status open_root(rotating *r, const certify_row *root, ca *ret)
{
    const char *file = config_get(&r->authority->config, root->certificate);

    r->who.root = keys_number(file);
    return ca_open(file, root_key(r, root), &r->arena, ret);
}

static yao_status rotate_under(rotating *r, const certify_row *row,
                               const ca *root)
{
    ca made = {.key = NULL};

    YAO_TRY(note_old(r, row));
    YAO_TRY(make(r, row, next_number(r, row), root, &made));
    ca_close(&made);
    return YAO_OK;
}

/* DIR/keys/x.pem is keys/x.pem again, file:DIR/keys/x.pem file:keys/x.pem. */
static yao_status as_written(rotating *r, const char *value, const char **ret)
{
    const char *folder = r->call->directory;
    const char *start  = strncmp(value, "file:", 5) == 0 ? value + 5 : value;
    size_t      len    = strlen(folder);

    if (strncmp(start, folder, len) != 0 || start[len] != '/') {
        *ret = value;
        return YAO_OK;
    }
    return name_in(r, start == value ? "%s" : "file:%s", start + len + 1, 0,
                   ret);
}

/* What is written in the settings as a path in the folder stays one, so that
 * the folder may be moved. */
static yao_status keep_former(rotating *r, const certify_row *row)
{
    static const struct {
        bool key;
    } both[] = {{false}, {true}};

    for (size_t i = 0; i < 2; i++) {
        config_setting from = both[i].key ? row->key : row->certificate;
        config_setting to   = both[i].key ? row->former_key : row->former;
        const char    *value;

        YAO_TRY(as_written(r, config_get(&r->authority->config, from),
                           &value));
        YAO_TRY(add_edit(r, to, value));
    }
    return YAO_OK;
}

static yao_status rotate_below(rotating *r, const certify_row *root_row,
                               const ca *root)
{
    for (size_t i = 0; i < certify_row_count; i++) {
        const certify_row *row = &certify_rows[i];

        if (row == root_row || certify_root(row) != root_row)
            continue;
        YAO_TRY(rotate_under(r, row, root));
        if (row->former != SETTING_COUNT)
            YAO_TRY(keep_former(r, row));
    }
    return YAO_OK;
}

static yao_status make_link(rotating *r, const certify_row *row,
                            unsigned number, const ca *older, const ca *newer)
{
    yao_bytes der;

    r->who.root = keys_number(
        config_get(&r->authority->config, row->certificate));
    YAO_TRY(certify_link(&r->who, row, number, older, newer, &der));
    r->who.root = number;
    return save_certificate(r, "certificates/%s-%u-link.pem", row, number, der,
                            NULL);
}

/* The one before signs for what was issued under it, until all of it is over;
 * there is room for one. */
static yao_status check_former(rotating *r, const certify_row *row)
{
    const char *file = config_get(&r->authority->config, row->former);
    ca          c    = {.key = NULL};

    if (file[0] == '\0' || r->compromised)
        return YAO_OK;
    YAO_TRY(ca_open(config_get(&r->authority->config, row->certificate), NULL,
                    &r->arena, &c));
    return r->now - c.certificate.not_before >
                   CA_SIGNER_DAYS * YAO_TIME_DAY
               ? YAO_OK
               : YAO_E_REFUSED;
}

static yao_status rotate_root(rotating *r, const certify_row *row,
                              const ca *older)
{
    unsigned number = next_number(r, row);
    ca       newer  = {.key = NULL};

    YAO_TRY(check_former(r, row));
    YAO_TRY(note_old(r, row));
    YAO_TRY(keep_former(r, row));
    r->who.root = number;
    YAO_TRY(make(r, row, number, NULL, &newer));
    /* a stolen root vouches for nothing any more */
    yao_status status = r->compromised
                            ? YAO_OK
                            : make_link(r, row, number, older, &newer);
    if (status == YAO_OK)
        status = rotate_below(r, row, &newer);
    ca_close(&newer);
    return status;
}

static yao_status rotate(rotating *r, const certify_row *row)
{
    const certify_row *root_row = certify_root(row);
    ca                 root     = {.key = NULL};

    YAO_TRY(open_root(r, root_row, &root));
    yao_status status = row == root_row ? rotate_root(r, row, &root)
                                        : rotate_under(r, row, &root);
    ca_close(&root);
    YAO_TRY(status);
    for (size_t i = 0; i < r->row_count; i++)
        YAO_TRY(commit_one(r, i));
    return config_change(r->call->directory, r->edits, r->edit_count);
}

/* ---- after a theft ---- */

static yao_status revoke_all(rotating *r)
{
    for (size_t i = 0; i < r->row_count; i++) {
        size_t     count  = 0;
        yao_status status = keys_revoke_issued(
            r->authority, (yao_bytes){r->old[i], YAO_SHA256_LEN}, &count);

        r->revoked += count;
        YAO_TRY(status);
    }
    return YAO_OK;
}

/* With the settings as they are now. */
static yao_status sign_lists(rotating *r, const char *role)
{
    yao_settings_trouble trouble;
    store_change         change = store_change_open(&r->arena);

    YAO_TRY(config_read(r->call->directory, &r->authority->config, &trouble));
    YAO_TRY(keys_put_crls(r->authority, &change, &r->arena, role,
                          yao_argument(r->call, "root-key"), &r->lists));
    return r->lists.made > 0 ? store_commit(r->authority->store, &change)
                             : YAO_OK;
}

/* ---- the command ---- */

static void tell(const rotating *r, const certify_row *row)
{
    if (r->call->json) {
        printf("{\"role\":\"%s\",\"kind\":\"%s\",\"replaced\":%zu,"
               "\"revoked_issuances\":%zu,\"lists\":%zu}\n",
               row->role, row->kind, r->row_count, r->revoked, r->lists.made);
        return;
    }
    for (size_t i = 0; i < r->row_count; i++)
        yao_print(r->compromised
                      ? WORDS("%s %s: a new key is in use; the old one is "
                              "revoked\n",
                              "%s %s：已启用新密钥，旧密钥已吊销\n")
                      : WORDS("%s %s: a new key is in use; what the old one "
                              "signed stays good\n",
                              "%s %s：已启用新密钥，旧密钥签过的内容仍有效\n"),
                  r->rows[i]->role, r->rows[i]->kind);
    if (r->compromised)
        yao_print(WORDS("%zu issuances are revoked. Now run `yaopai statuslist "
                        "publish` and `yaopai trust publish`; the people have "
                        "to fetch their documents anew.\n",
                        "已吊销 %zu 次签发。请运行 `yaopai statuslist "
                        "publish` 与 `yaopai trust publish`；"
                        "持证人需重新领取证件。\n"),
                  r->revoked);
    else
        yao_print(WORDS("Now run `yaopai trust publish`: gates learn of the "
                        "new key by the bundle.\n",
                        "请运行 `yaopai trust publish`，使闸机获知新密钥。\n"));
    if (r->lists.missing > 0)
        yao_print(WORDS("The key of a root is not here: its revocation list "
                        "is to be signed with `yaopai signer publish "
                        "--root-key`.\n",
                        "根密钥不在此处，请用 `yaopai signer publish "
                        "--root-key` 签发吊销列表。\n"));
}

static yao_status prepare(rotating *r)
{
    const authority *a = r->authority;

    YAO_TRY(yao_memory_open(MEMORY, &r->arena));
    r->now         = yao_now();
    r->compromised = yao_given(r->call, "compromised");
    r->who         = (certify_who){
        .name    = config_get(&a->config, SETTING_NAME),
        .country = config_get(&a->config, SETTING_COUNTRY),
        .url     = config_get(&a->config, SETTING_URL),
        .crypto  = a->crypto,
        .arena   = &r->arena,
        .from    = r->now / YAO_TIME_DAY * YAO_TIME_DAY - YAO_TIME_DAY};
    return init_keys_open(&r->keys, yao_argument(r->call, "keys"));
}

static yao_status perform(rotating *r, const certify_row *row)
{
    yao_status status = prepare(r);

    if (status == YAO_OK)
        status = rotate(r, row);
    init_keys_close(&r->keys, status == YAO_OK);
    if (status == YAO_OK && r->compromised)
        status = revoke_all(r);
    if (status == YAO_OK)
        status = sign_lists(r, row->role);
    return status;
}

static const certify_row *row_asked(const yao_invocation *call)
{
    const char *kind = yao_argument(call, "kind");

    return certify_find(call->operands[0], kind != NULL ? kind : "signer");
}

static int run(const yao_invocation *call)
{
    static authority   a;
    static rotating    r;
    const certify_row *row = row_asked(call);

    if (row == NULL)
        return yao_fail(YAO_E_USAGE, what, call->operands[0],
                        WORDS("there is no such key", "没有这个密钥"),
                        WORDS("see `yaopai signer list` for roles and kinds",
                              "角色与种类见 `yaopai signer list`"));
    int code = authority_begin(call, &a);
    if (code != 0)
        return code;
    r = (rotating){.call = call, .authority = &a};
    yao_status status = perform(&r, row);
    if (status == YAO_OK)
        tell(&r, row);
    yao_memory_free(&r.arena);
    authority_close(&a);
    return status == YAO_OK
               ? 0
               : yao_fail(status, what, row->name, (yao_words){NULL, NULL},
                          WORDS("the root's key is needed: --root-key, or "
                                "where the settings say; it may be run again",
                                "需要根密钥：用 --root-key 给出，"
                                "或放在设置所指处；可以重新运行"));
}

static const yao_option options[] = {
    {"kind", "KIND", 0,
     WORDS_INIT("signer (usual), status, or root, which brings new signers",
                "signer（默认）、status 或 root（同时更换签名密钥）")},
    {"compromised", NULL, 0,
     WORDS_INIT("the old key is in other hands: revoke it and all that it "
                "signed",
                "旧密钥已泄露：吊销它及其签过的一切")},
    {"root-key", "URI", 0,
     WORDS_INIT("where the root's key is, when it is kept away",
                "离线保存的根密钥的位置")},
    {"keys", "URI", 0,
     WORDS_INIT("make the new key inside this token (pkcs11:...)",
                "在该密钥设备（pkcs11:...）内生成新密钥")},
};

const yao_command yao_signer_rotate = {
    .noun    = "signer",
    .verb    = "rotate",
    .summary = WORDS_INIT("put a new key in the place of one",
                          "更换签名密钥"),
    .text    = WORDS_INIT(
        "Makes a new key and certificate for a role (population, traffic, "
        "other, registrar, trust) and uses it from now on. What the old one "
        "signed stays good until it ends: both are on the bundle. A new root "
        "brings new signers, and a link certificate by which the old root "
        "vouches for it.\n\nWith --compromised the old key is revoked, put on "
        "the revocation list of its root, and everything that it signed is "
        "revoked.",
        "为某一角色（population、traffic、other、registrar、trust）生成新密钥与"
        "证书并启用。旧密钥签过的内容在到期前仍有效：两者都在信任包中。"
        "更换根时同时更换签名密钥，并由旧根签发链接证书。\n\n"
        "加 --compromised 时吊销旧密钥，列入其根的吊销列表，"
        "并吊销它签过的一切。"),
    .operands     = "ROLE",
    .least        = 1,
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "yaopai signer rotate population -C authority",
    .json         = true,
    .run          = run,
};
