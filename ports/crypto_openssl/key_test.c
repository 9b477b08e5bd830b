/* SPDX-License-Identifier: Apache-2.0 */
#include "yaopai/openssl.h"

#include "crypto/algorithms.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "check.h"

static char folder[4096];

static char *path_of(const char *name)
{
    static char path[4200];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static char *uri_of(const char *name)
{
    static char uri[4300];

    snprintf(uri, sizeof uri, "file:%s", path_of(name));
    return uri;
}

static yao_openssl_key *generate(yao_sig_alg alg)
{
    yao_openssl_key *key;

    assert_status(yao_openssl_key_generate(alg, &key), YAO_OK);
    return key;
}

/* PKCS#8 of KEY in the arena. */
static yao_bytes der_of(const yao_openssl_key *key)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  der;

    assert_status(yao_openssl_key_write(key, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &der), YAO_OK);
    return der;
}

static void assert_same_key(const yao_openssl_key *a, const yao_openssl_key *b)
{
    yao_public_key pa = yao_openssl_key_public(a);
    yao_public_key pb = yao_openssl_key_public(b);

    assert_true(yao_public_key_equal(&pa, &pb));
    assert_int_equal(yao_openssl_key_alg(a), yao_openssl_key_alg(b));
}

static void write_file(const char *name, const char *text, mode_t mode)
{
    FILE *f = fopen(path_of(name), "w");

    assert_non_null(f);
    assert_int_equal(fputs(text, f) >= 0, 1);
    fclose(f);
    assert_int_equal(chmod(path_of(name), mode), 0);
}

static char *read_file(const char *name)
{
    static char text[4096];
    FILE       *f = fopen(path_of(name), "r");

    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return text;
}

/* ---- making, writing, reading ---- */

static void case_round(void **state)
{
    (void)state;
    for (int alg = YAO_ES256; alg <= YAO_ES384; alg++) {
        yao_openssl_key *key  = generate((yao_sig_alg)alg), *again, *shared;
        yao_public_key public = yao_openssl_key_public(key);

        assert_int_equal(yao_openssl_key_alg(key), alg);
        assert_int_equal(public.point[0], 4);
        assert_true(yao_public_key_well_formed(&public));
        assert_status(yao_openssl_key_read(der_of(key), &again), YAO_OK);
        assert_same_key(key, again);
        assert_bytes(der_of(again), der_of(key));
        assert_true(der_of(key).len <= YAO_MAX_PRIVATE);
        assert_status(yao_openssl_key_share(key, &shared), YAO_OK);
        assert_same_key(key, shared);

        yao_openssl_key_close(key);
        yao_openssl_key_close(again);
        assert_bytes(der_of(shared), der_of(shared));
        yao_openssl_key_close(shared);
    }
    yao_openssl_key_close(NULL);
}

static void case_no_algorithm(void **state)
{
    yao_openssl_key *key = NULL;

    (void)state;
    assert_status(yao_openssl_key_generate(YAO_SIG_NONE, &key),
                  YAO_E_UNSUPPORTED);
    assert_status(yao_openssl_key_generate((yao_sig_alg)9, &key),
                  YAO_E_UNSUPPORTED);
    assert_null(key);
}

/* OpenSSL's own reader and writer as the foreign eye. */
static void case_foreign(void **state)
{
    (void)state;
    for (int alg = YAO_ES256; alg <= YAO_ES384; alg++) {
        EVP_PKEY *pkey = EVP_EC_gen(alg == YAO_ES256 ? "P-256" : "P-384");
        PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(pkey);
        uint8_t             *out  = NULL;
        int                  len  = i2d_PKCS8_PRIV_KEY_INFO(info, &out);
        yao_bytes            der  = {out, (size_t)len};
        yao_openssl_key     *key;

        assert_status(yao_openssl_key_read(der, &key), YAO_OK);
        assert_bytes(der_of(key), der);

        yao_bytes      ours = der_of(key);
        const uint8_t *at   = ours.ptr;
        EVP_PKEY      *back = d2i_AutoPrivateKey(NULL, &at, (long)ours.len);
        assert_non_null(back);
        assert_int_equal(EVP_PKEY_eq(back, pkey), 1);

        EVP_PKEY_free(back);
        yao_openssl_key_close(key);
        OPENSSL_free(out);
        PKCS8_PRIV_KEY_INFO_free(info);
        EVP_PKEY_free(pkey);
    }
}

static yao_status put_key(yao_writer *w, void *context)
{
    return yao_openssl_key_write(context, w);
}

static void case_room(void **state)
{
    yao_openssl_key *key = generate(YAO_ES256);

    (void)state;
    test_every_room(put_key, key);
    yao_openssl_key_close(key);
}

/* ---- shapes of PKCS#8: RFC 5958, RFC 5915; the secret is 1 ---- */

#define ONE "0000000000000000000000000000000000000000000000000000000000000001"
#define G                                                                      \
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"       \
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
#define MINUS_G                                                                \
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"       \
    "b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a"
#define N "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define ALG "301306072a8648ce3d020106082a8648ce3d030107"
#define PLAIN(secret) "3041020100" ALG "042730250201010420" secret

static const struct {
    const char *name;
    const char *hex;
    yao_status  want;
} shapes[] = {
    {"accepts the secret alone", PLAIN(ONE), YAO_OK},
    {"accepts version 1 (RFC 5958)", "3041020101" ALG "042730250201010420" ONE,
     YAO_OK},
    {"accepts the public key with it",
     "308187020100" ALG "046d306b0201010420" ONE "a144034200" G, YAO_OK},
    {"accepts the curve again inside",
     "304d020100" ALG "043330310201010420" ONE "a00a06082a8648ce3d030107",
     YAO_OK},
    {"accepts attributes", "3043020100" ALG "042730250201010420" ONE "a000",
     YAO_OK},
    {"refuses another public key",
     "308187020100" ALG "046d306b0201010420" ONE "a144034200" MINUS_G,
     YAO_E_KEY},
    {"refuses the secret 0",
     PLAIN("00000000000000000000000000000000"
           "00000000000000000000000000000000"),
     YAO_E_KEY},
    {"refuses the secret n", PLAIN(N), YAO_E_KEY},
    {"refuses another curve inside",
     "304a020100" ALG "0430302e0201010420" ONE "a00706052b81040022", YAO_E_KEY},
    {"refuses P-521",
     "303e020100"
     "301006072a8648ce3d020106052b81040023"
     "042730250201010420" ONE,
     YAO_E_KEY},
    {"refuses explicit parameters",
     "303b020100"
     "300d06072a8648ce3d02013002"
     "0500"
     "042730250201010420" ONE,
     YAO_E_KEY},
    {"refuses parameters that are absent",
     "3037020100"
     "300906072a8648ce3d0201"
     "042730250201010420" ONE,
     YAO_E_KEY},
    {"refuses RSA",
     "3016020100300d06092a864886f70d01010105000402"
     "3000",
     YAO_E_KEY},
    {"refuses Ed25519", "302e020100300506032b657004220420" ONE, YAO_E_KEY},
    {"refuses version 2", "3041020102" ALG "042730250201010420" ONE,
     YAO_E_MALFORMED},
    {"refuses version 2 inside", "3041020100" ALG "042730250201020420" ONE,
     YAO_E_MALFORMED},
    {"refuses a secret of 31 bytes",
     "3040020100" ALG "04263024020101041f"
     "00000000000000000000000000000000000000000000000000000000000001",
     YAO_E_MALFORMED},
    {"refuses a secret of 33 bytes",
     "3042020100" ALG "0428302602010104"
     "21"
     "00" ONE,
     YAO_E_MALFORMED},
    {"refuses SEC 1 without PKCS#8",
     "30310201010420" ONE "a00a06082a8648ce3d030107", YAO_E_MALFORMED},
    {"refuses an unused bit in the public key",
     "308187020100" ALG "046d306b0201010420" ONE "a144034201" G,
     YAO_E_MALFORMED},
    {"refuses a byte after it", PLAIN(ONE) "00", YAO_E_TRAILING},
    {"refuses a byte after the inner structure",
     "3042020100" ALG "042830250201010420" ONE "00", YAO_E_TRAILING},
    {"refuses nothing at all", "", YAO_E_TRUNCATED},
};

/* The header promises two statuses for a wrong shape. */
static yao_status read_shape(yao_bytes der, void *context)
{
    yao_openssl_key *key    = NULL;
    yao_status       status = yao_openssl_key_read(der, &key);

    (void)context;
    assert_int_equal(key != NULL, status == YAO_OK);
    yao_openssl_key_close(key);
    return status;
}

static void case_shape(void **state)
{
    size_t i = (size_t)(uintptr_t)*state;

    assert_status(read_shape(test_unhex(shapes[i].hex), NULL), shapes[i].want);
}

static void case_prefix(void **state)
{
    (void)state;
    test_every_prefix(read_shape, test_unhex(shapes[2].hex), NULL);
}

/* ---- signing ---- */

static void case_sign(void **state)
{
    yao_openssl *openssl = yao_openssl_open();

    (void)state;
    assert_non_null(openssl);
    for (int alg = YAO_ES256; alg <= YAO_ES384; alg++) {
        yao_openssl_key *key  = generate((yao_sig_alg)alg);
        yao_sign_wish    wish = {
               .alg        = (yao_sig_alg)alg,
               .parts      = {YAO_LIT("SPEC"), {NULL, 0}, YAO_LIT("IMEN")},
               .part_count = 3};
        uint8_t out[YAO_MAX_SIGNATURE];
        size_t  len;

        /* often enough that r and s begin with zero bytes */
        for (int i = 0; i < (alg == YAO_ES256 ? 2000 : 100); i++) {
            assert_status(yao_openssl_sign(key, &wish, out, &len), YAO_OK);
            assert_int_equal(len, alg == YAO_ES256 ? 64 : 96);
            yao_signature_check check  = {.alg   = (yao_sig_alg)alg,
                                          .key   = yao_openssl_key_public(key),
                                          .parts = {YAO_LIT("SPECIMEN")},
                                          .part_count = 1,
                                          .signature  = {out, len}};
            const yao_crypto   *crypto = yao_openssl_crypto(openssl);
            assert_status(crypto->verify(crypto->ctx, &check, 1), YAO_OK);
            assert_int_equal(check.outcome, YAO_SIG_GOOD);
        }
        yao_openssl_key_close(key);
    }
    yao_openssl_close(openssl);
}

static void case_sign_wrong(void **state)
{
    yao_openssl_key *key                    = generate(YAO_ES256);
    uint8_t          out[YAO_MAX_SIGNATURE] = {7};
    size_t           len                    = 99;
    yao_sign_wish    wish = yao_sign_wish_of(YAO_ES384, YAO_LIT("SPECIMEN"));

    (void)state;
    assert_status(yao_openssl_sign(key, &wish, out, &len), YAO_E_ALGORITHM);
    wish.alg = YAO_SIG_NONE;
    assert_status(yao_openssl_sign(key, &wish, out, &len), YAO_E_ALGORITHM);
    wish.alg        = YAO_ES256;
    wish.part_count = YAO_MAX_PARTS + 1;
    assert_status(yao_openssl_sign(key, &wish, out, &len), YAO_E_USAGE);
    assert_int_equal(out[0], 7);
    assert_int_equal(len, 99);
    yao_openssl_key_close(key);
}

/* ---- agreeing ---- */

static void case_agree(void **state)
{
    (void)state;
    for (int alg = YAO_ES256; alg <= YAO_ES384; alg++) {
        yao_openssl_key *a    = generate((yao_sig_alg)alg);
        yao_openssl_key *b    = generate((yao_sig_alg)alg);
        yao_agree_wish   to   = {.peer = yao_openssl_key_public(b)};
        yao_agree_wish   back = {.peer = yao_openssl_key_public(a)};
        uint8_t          one[YAO_MAX_AGREEMENT], two[YAO_MAX_AGREEMENT];
        size_t           len = alg == YAO_ES256 ? 32 : 48;

        assert_status(yao_openssl_agree(a, &to, one), YAO_OK);
        assert_status(yao_openssl_agree(b, &back, two), YAO_OK);
        assert_memory_equal(one, two, len);

        to.peer.point[0] = (uint8_t)(2 + (to.peer.point[to.peer.len - 1] & 1));
        to.peer.len      = (uint8_t)(to.peer.len / 2 + 1);
        assert_status(yao_openssl_agree(a, &to, two), YAO_OK);
        assert_memory_equal(one, two, len);
        yao_openssl_key_close(a);
        yao_openssl_key_close(b);
    }
}

static const struct {
    const char *name;
    size_t      at;
    uint8_t     flip;
    uint8_t     len;
    yao_curve   curve;
} peers[] = {
    {"refuses a peer off the curve", 64, 1, 65, YAO_P256},
    {"refuses a hybrid peer", 0, 4 ^ 6, 65, YAO_P256},
    {"refuses the other hybrid peer", 0, 4 ^ 7, 65, YAO_P256},
    {"refuses the point at infinity", 0, 4, 1, YAO_P256},
    {"refuses an empty peer", 0, 0, 0, YAO_P256},
    {"refuses a peer a byte short", 0, 0, 64, YAO_P256},
    {"refuses a peer a byte long", 0, 0, 66, YAO_P256},
    {"refuses a peer that claims another curve", 0, 0, 65, YAO_P384},
    {"refuses no peer", 0, 0, 65, YAO_CURVE_NONE},
};

static void case_peer(void **state)
{
    size_t           i    = (size_t)(uintptr_t)*state;
    yao_openssl_key *key  = generate(YAO_ES256);
    yao_agree_wish   wish = {.peer = yao_openssl_key_public(key)};
    uint8_t          out[YAO_MAX_AGREEMENT] = {7};

    wish.peer.point[peers[i].at] ^= peers[i].flip;
    wish.peer.len   = peers[i].len;
    wish.peer.curve = peers[i].curve;
    assert_status(yao_openssl_agree(key, &wish, out), YAO_E_KEY);
    assert_int_equal(out[0], 7);
    yao_openssl_key_close(key);
}

static void case_peer_zero(void **state)
{
    yao_openssl_key *key  = generate(YAO_ES256);
    yao_agree_wish   wish = {.peer = yao_openssl_key_public(key)};
    uint8_t          out[YAO_MAX_AGREEMENT];

    (void)state;
    memset(wish.peer.point + 1, 0, 64);
    assert_status(yao_openssl_agree(key, &wish, out), YAO_E_KEY);
    memset(wish.peer.point + 1, 0xff, 64);
    assert_status(yao_openssl_agree(key, &wish, out), YAO_E_KEY);
    yao_openssl_key_close(key);
}

/* ---- files ---- */

static void case_save(void **state)
{
    (void)state;
    for (int alg = YAO_ES256; alg <= YAO_ES384; alg++) {
        yao_openssl_key *key = generate((yao_sig_alg)alg), *again;
        struct stat      st;

        mode_t mask = umask(0);
        assert_status(yao_openssl_key_save(key, path_of("saved")), YAO_OK);
        umask(mask);
        assert_int_equal(stat(path_of("saved"), &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        assert_status(yao_openssl_key_open(uri_of("saved"), &again), YAO_OK);
        assert_same_key(key, again);
        yao_openssl_key_close(again);

        FILE     *f    = fopen(path_of("saved"), "r");
        EVP_PKEY *pkey = PEM_read_PrivateKey(f, NULL, NULL, NULL);
        fclose(f);
        assert_non_null(pkey);
        EVP_PKEY_free(pkey);
        unlink(path_of("saved"));
        yao_openssl_key_close(key);
    }
}

static void case_save_existing(void **state)
{
    yao_openssl_key *key = generate(YAO_ES256);

    (void)state;
    write_file("there", "something else", 0600);
    assert_status(yao_openssl_key_save(key, path_of("there")), YAO_E_EXISTS);
    assert_string_equal(read_file("there"), "something else");
    unlink(path_of("there"));

    assert_int_equal(symlink("nowhere", path_of("link")), 0);
    assert_status(yao_openssl_key_save(key, path_of("link")), YAO_E_EXISTS);
    unlink(path_of("link"));
    assert_status(yao_openssl_key_save(key, path_of("no/such/folder")),
                  YAO_E_FILE);
    assert_status(yao_openssl_key_save(key, "/dev/full/x"), YAO_E_FILE);
    yao_openssl_key_close(key);
}

static const struct {
    const char *name;
    mode_t      mode;
    yao_status  want;
} modes[] = {
    {"accepts 0600", 0600, YAO_OK},
    {"accepts 0400", 0400, YAO_OK},
    {"accepts 0700", 0700, YAO_OK},
    {"refuses 0640", 0640, YAO_E_REFUSED},
    {"refuses 0604", 0604, YAO_E_REFUSED},
    {"refuses 0644", 0644, YAO_E_REFUSED},
    {"refuses 0620: what group may write", 0620, YAO_E_REFUSED},
    {"refuses 0602: what others may write", 0602, YAO_E_REFUSED},
    {"refuses 0610", 0610, YAO_E_REFUSED},
    {"refuses 0601", 0601, YAO_E_REFUSED},
    {"refuses 0777", 0777, YAO_E_REFUSED},
};

static void case_mode(void **state)
{
    size_t           i   = (size_t)(uintptr_t)*state;
    yao_openssl_key *key = generate(YAO_ES256), *again = NULL;

    assert_status(yao_openssl_key_save(key, path_of("mode")), YAO_OK);
    assert_int_equal(chmod(path_of("mode"), modes[i].mode), 0);
    assert_status(yao_openssl_key_open(uri_of("mode"), &again), modes[i].want);
    assert_int_equal(again != NULL, modes[i].want == YAO_OK);
    yao_openssl_key_close(again);
    yao_openssl_key_close(key);
    unlink(path_of("mode"));
}

/* ---- the text of the file: each change alone makes a good one bad ---- */

static const struct {
    const char *name;
    const char *find, *put; /* find NULL: put is the whole file */
    yao_status  want;
} texts[] = {
    {"accepts what we wrote", "", "", YAO_OK},
    {"refuses an empty file", NULL, "", YAO_E_MALFORMED},
    {"refuses text before the block", "-----BEGIN", "x\n-----BEGIN",
     YAO_E_MALFORMED},
    {"refuses another label", "BEGIN PRIVATE KEY", "BEGIN EC PRIVATE KEY",
     YAO_E_MALFORMED},
    {"refuses another label at the end", "END PRIVATE KEY", "END PUBLIC KEY",
     YAO_E_MALFORMED},
    {"refuses text after the block", "END PRIVATE KEY-----\n",
     "END PRIVATE KEY-----\nx", YAO_E_MALFORMED},
    {"refuses no end", "-----END PRIVATE KEY-----\n", "", YAO_E_MALFORMED},
    {"refuses a letter that is none", "\nM", "\n*", YAO_E_MALFORMED},
    {"refuses an encrypted key", NULL,
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMA==\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n",
     YAO_E_MALFORMED},
    {"refuses a block without DER", NULL,
     "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
     YAO_E_TRUNCATED},
    {"refuses a certificate", NULL,
     "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
     YAO_E_MALFORMED},
};

static void case_text(void **state)
{
    size_t           i   = (size_t)(uintptr_t)*state;
    yao_openssl_key *key = generate(YAO_ES256), *again = NULL;
    static char      text[8192];

    assert_status(yao_openssl_key_save(key, path_of("good")), YAO_OK);
    char *good = read_file("good");
    if (texts[i].find == NULL) {
        snprintf(text, sizeof text, "%s", texts[i].put);
    } else {
        char *at = strstr(good, texts[i].find);
        assert_non_null(at);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good,
                 texts[i].put, at + strlen(texts[i].find));
    }
    write_file("text", text, 0600);
    assert_status(yao_openssl_key_open(uri_of("text"), &again), texts[i].want);
    yao_openssl_key_close(again);
    yao_openssl_key_close(key);
    unlink(path_of("good"));
    unlink(path_of("text"));
}

static void case_not_files(void **state)
{
    yao_openssl_key *key = NULL;
    static char      big[5001];

    (void)state;
    assert_status(yao_openssl_key_open(uri_of("nothing"), &key),
                  YAO_E_NOT_FOUND);
    assert_status(yao_openssl_key_open("file:", &key), YAO_E_NOT_FOUND);
    assert_int_equal(mkdir(path_of("dir"), 0700), 0);
    assert_status(yao_openssl_key_open(uri_of("dir"), &key), YAO_E_REFUSED);
    rmdir(path_of("dir"));
    assert_int_equal(mkfifo(path_of("fifo"), 0600), 0);
    assert_status(yao_openssl_key_open(uri_of("fifo"), &key), YAO_E_REFUSED);
    unlink(path_of("fifo"));
    assert_status(yao_openssl_key_open("file:/dev/null", &key), YAO_E_REFUSED);

    memset(big, '-', sizeof big - 1);
    write_file("big", big, 0600);
    assert_status(yao_openssl_key_open(uri_of("big"), &key), YAO_E_MALFORMED);
    unlink(path_of("big"));
    assert_null(key);
}

static const struct {
    const char *name;
    const char *uri;
    yao_status  want;
} uris[] = {
    {"refuses a token, for now", "pkcs11:token=yaopai", YAO_E_UNSUPPORTED},
    {"refuses a bare path", "/etc/passwd", YAO_E_USAGE},
    {"refuses another scheme", "https://example.org/key", YAO_E_USAGE},
    {"refuses another case", "FILE:/x", YAO_E_USAGE},
    {"refuses nothing", "", YAO_E_USAGE},
};

static void case_uri(void **state)
{
    size_t           i   = (size_t)(uintptr_t)*state;
    yao_openssl_key *key = NULL;

    assert_status(yao_openssl_key_open(uris[i].uri, &key), uris[i].want);
    assert_null(key);
}

#define ADD(group, table, fn)                                                  \
    for (size_t i = 0; i < COUNT(table); i++)                                  \
    test_add(group, table[i].name, fn, (const void *)(uintptr_t)i)

int main(void)
{
    const char *build = getenv("YAOPAI_BUILD");

    snprintf(folder, sizeof folder, "%s/key-test-XXXXXX",
             build != NULL ? build : ".");
    if (mkdtemp(folder) == NULL)
        return 99;

    test_add("key", "gives the same key back", case_round, NULL);
    test_add("key", "refuses an unknown algorithm", case_no_algorithm, NULL);
    test_add("key", "gives what OpenSSL writes and reads", case_foreign, NULL);
    test_add("key", "gives the room error for every room", case_room, NULL);
    ADD("pkcs8", shapes, case_shape);
    test_add("pkcs8", "refuses every prefix", case_prefix, NULL);
    test_add("sign", "gives what verifies", case_sign, NULL);
    test_add("sign", "refuses other algorithms and too many parts",
             case_sign_wrong, NULL);
    test_add("agree", "gives both the same", case_agree, NULL);
    ADD("agree", peers, case_peer);
    test_add("agree", "refuses (0, 0) and coordinates above p", case_peer_zero,
             NULL);
    test_add("file", "gives a file for its owner only", case_save, NULL);
    test_add("file", "never writes over anything", case_save_existing, NULL);
    ADD("file mode", modes, case_mode);
    ADD("file text", texts, case_text);
    test_add("file", "refuses what is no regular file", case_not_files, NULL);
    ADD("uri", uris, case_uri);

    int failed = test_run("key");
    rmdir(folder);
    return failed;
}
