/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/entry.h"

#include "check.h"
#include "json/json.h"
#include "yaopai/openssl.h"

#include <stdio.h>

#define NOW INT64_C(1767229000) /* 56 min 40 s past an hour */

static yao_openssl      *openssl;
static const yao_crypto *crypto;

/* ---- entries ------------------------------------------------------------ */

static uint8_t id[STORE_ID_LEN], subject[STORE_HASH_LEN];

static store_event event_of(const char *kind, const char *detail)
{
    return (store_event){.id      = {id, sizeof id},
                         .at      = NOW,
                         .kind    = yao_text_of(kind),
                         .subject = {subject, sizeof subject},
                         .detail  = yao_text_of(detail)};
}

static seal_person make_owner(void)
{
    seal_person owner;

    assert_status(seal_person_new(&owner), YAO_OK);
    return owner;
}

static store_log_entry seal(const seal_person *owner, const store_event *event,
                            int64_t index)
{
    store_log_entry entry;

    assert_status(
        audit_seal(crypto, owner, event, index, test_arena(), &entry), YAO_OK);
    return entry;
}

static yao_text open_it(const seal_person *owner, const store_log_entry *entry)
{
    audit_opened opened;

    assert_status(audit_open(crypto, owner, entry, test_arena(), &opened),
                  YAO_OK);
    return opened.text;
}

#define TEXT_START                                                             \
    "{\"id\":\"00000000000000000000000000000000\","                            \
    "\"at\":\"2026-01-01T00:56:40Z\",\"kind\":"
#define TEXT_SUBJECT                                                           \
    ",\"subject\":"                                                            \
    "\"0000000000000000000000000000000000000000000000000000000000000000\""

/* N281: whatever stands in an event, one entry is one line of JSON. */
static const struct {
    const char *name, *kind, *detail, *want;
} texts[] = {
    {"gives what was noted", "person.show", "{\"by\":\"officer 7\"}",
     "\"person.show\"" TEXT_SUBJECT ",\"detail\":{\"by\":\"officer 7\"}}"},
    {"gives it without blanks", "person.show", "{ \"by\" :\n 1 }",
     "\"person.show\"" TEXT_SUBJECT ",\"detail\":{\"by\":1}}"},
    {"gives N281: a line feed as an escape", "person.show",
     "{\"by\":\"a\\nb\"}",
     "\"person.show\"" TEXT_SUBJECT ",\"detail\":{\"by\":\"a\\nb\"}}"},
    {"gives N281: what is no JSON as a text", "person.show",
     "x\",\"kind\":\"document.issue\"}\n\033[2J",
     "\"person.show\"" TEXT_SUBJECT ",\"detail\":{\"text\":"
     "\"x\\\",\\\"kind\\\":\\\"document.issue\\\"}\\n\\u001b[2J\"}}"},
    {"gives an array as a text", "person.show", "[1]",
     "\"person.show\"" TEXT_SUBJECT ",\"detail\":{\"text\":\"[1]\"}}"},
    {"gives what is no UTF-8 as a question", "person.show", "\xff\xfe",
     "\"person.show\"" TEXT_SUBJECT ",\"detail\":{\"text\":\"?\"}}"},
    {"gives N281: another kind for one that may not be", "A\nB", "{}",
     "\"unknown\"" TEXT_SUBJECT ",\"detail\":{}}"},
};

static void text_case(void **state)
{
    size_t          i     = *(const size_t *)*state;
    seal_person     owner = make_owner();
    store_event     event = event_of(texts[i].kind, texts[i].detail);
    store_log_entry entry = seal(&owner, &event, 5);
    yao_text        text  = open_it(&owner, &entry);
    char            want[1024];
    yao_audit_leaf      leaf;
    const yao_json *json;

    snprintf(want, sizeof want, "%s%s", TEXT_START, texts[i].want);
    assert_bytes(yao_text_bytes(text), yao_text_bytes(yao_text_of(want)));
    assert_int_equal(yao_bytes_find(yao_text_bytes(text), '\n'), text.len);
    assert_status(yao_json_parse(test_arena(), yao_text_bytes(text), &json),
                  YAO_OK);
    assert_status(yao_audit_read_leaf(entry.leaf, &leaf), YAO_OK);
    assert_int_equal(leaf.hour, NOW / 3600 * 3600);
    assert_true(yao_json_is_text(yao_json_get(json, "kind"), leaf.kind));
}

static void never_two_alike(void **state)
{
    seal_person     owner = make_owner();
    store_event     event = event_of("person.show", "{}");
    store_log_entry a = seal(&owner, &event, 5), b = seal(&owner, &event, 5);

    (void)state;
    /* nobody sees by the leaf that they say the same */
    assert_false(yao_bytes_equal(a.leaf, b.leaf));
    assert_false(yao_bytes_equal(a.sealed, b.sealed));
}

/* N282: the key is gone, the leaf stays. */
static void refuses_other_owners(void **state)
{
    seal_person     owner = make_owner(), other = make_owner();
    store_event     event = event_of("person.show", "{}");
    store_log_entry entry = seal(&owner, &event, 5), moved = entry;
    audit_opened    opened;

    (void)state;
    assert_status(audit_open(crypto, &other, &entry, test_arena(), &opened),
                  YAO_E_SECRET);
    other = owner;
    other.id[0] ^= 1;
    assert_status(audit_open(crypto, &other, &entry, test_arena(), &opened),
                  YAO_E_SECRET);
    moved.index = 6;
    assert_status(audit_open(crypto, &owner, &moved, test_arena(), &opened),
                  YAO_E_SECRET);
    entry.key_box = entry.sealed = (yao_bytes){NULL, 0};
    assert_status(audit_open(crypto, &owner, &entry, test_arena(), &opened),
                  YAO_E_NOT_FOUND);
}

static void refuses_exchanged(void **state)
{
    seal_person     owner = make_owner();
    store_event     one = event_of("person.show", "{}");
    store_event     two = event_of("person.show", "{\"by\":\"nobody\"}");
    store_log_entry a = seal(&owner, &one, 5), b = seal(&owner, &two, 5);
    audit_opened    opened;

    (void)state;
    a.leaf = b.leaf;
    assert_status(audit_open(crypto, &owner, &a, test_arena(), &opened),
                  YAO_E_BAD_DIGEST);
    a         = seal(&owner, &one, 5);
    a.key_box = b.key_box;
    assert_status(audit_open(crypto, &owner, &a, test_arena(), &opened),
                  YAO_E_SECRET);
    a             = seal(&owner, &one, 5);
    a.key_box.len = 10;
    assert_status(audit_open(crypto, &owner, &a, test_arena(), &opened),
                  YAO_E_TRUNCATED);
}

static void refuses_every_bit(void **state)
{
    seal_person     owner = make_owner();
    store_event     event = event_of("person.show", "{}");
    store_log_entry entry = seal(&owner, &event, 5);
    yao_bytes      *parts[] = {&entry.sealed, &entry.key_box, &entry.leaf};
    audit_opened    opened;

    (void)state;
    for (size_t p = 0; p < COUNT(parts); p++)
        for (size_t bit = 0; bit < 8 * parts[p]->len; bit++) {
            uint8_t *at = (uint8_t *)(uintptr_t)parts[p]->ptr + bit / 8;
            size_t   mark = test_arena()->used;

            /* what the hour and the kind are, the text says too */
            if (p == 2 && bit / 8 < parts[p]->len - 34)
                continue;
            *at ^= (uint8_t)(1u << bit % 8);
            assert_true(audit_open(crypto, &owner, &entry, test_arena(),
                                   &opened) != YAO_OK);
            *at ^= (uint8_t)(1u << bit % 8);
            test_arena()->used = mark;
        }
    assert_status(audit_open(crypto, &owner, &entry, test_arena(), &opened),
                  YAO_OK);
}

static yao_status seal_in(yao_arena *arena, void *context)
{
    store_event     event = event_of("person.show", "{\"by\":\"officer 7\"}");
    store_log_entry entry;

    return audit_seal(crypto, context, &event, 5, arena, &entry);
}

static void refuses_every_small_arena(void **state)
{
    seal_person owner = make_owner();

    (void)state;
    test_every_arena(seal_in, &owner, 8192);
}

static void gives_nobody(void **state)
{
    seal_keys   keys = {.epoch = 1}, other = {.epoch = 1};
    seal_person a, b;

    (void)state;
    other.lookup[0] = 1;
    assert_status(audit_nobody(crypto, &keys, &a), YAO_OK);
    assert_status(audit_nobody(crypto, &other, &b), YAO_OK);
    assert_memory_equal(a.id, b.id, sizeof a.id);
    assert_memory_not_equal(a.key, b.key, sizeof a.key);
}

int main(void)
{
    static size_t numbers[64];

    openssl = yao_openssl_open();
    crypto  = yao_openssl_crypto(openssl);
    for (size_t i = 0; i < COUNT(numbers); i++)
        numbers[i] = i;
    for (size_t i = 0; i < COUNT(texts); i++)
        test_add("text", texts[i].name, text_case, &numbers[i]);
    test_add("entry", "never two alike", never_two_alike, NULL);
    test_add("entry", "refuses N282: whose key it is not, or is no more",
             refuses_other_owners, NULL);
    test_add("entry", "refuses what was put in another's place",
             refuses_exchanged, NULL);
    test_add("entry", "refuses every changed bit", refuses_every_bit, NULL);
    test_add("entry", "refuses every arena that is too small",
             refuses_every_small_arena, NULL);
    test_add("entry", "gives entries about nobody a key of their own",
             gives_nobody, NULL);
    int code = test_run("audit/entry");
    yao_openssl_close(openssl);
    return code;
}
