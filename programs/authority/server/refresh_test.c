/* SPDX-License-Identifier: Apache-2.0 */
/* Settings that are written anew while a server runs. */
#include "authority/server/inside.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/files.h"
#include "authority/vci/clients.h"
#include "check.h"
#include "journey.h"

static authority        a;
static authority_server s;
static server_worker    w;
static seal_keys        first;

static void prepare(void **state)
{
    static char          folder[4200];
    yao_settings_trouble trouble;
    const char          *place = "";

    (void)state;
    test_must("authority init --demo -C @/a", 0);
    snprintf(folder, sizeof folder, "%s", test_scratch_path("a"));
    assert_status(authority_open(folder, &a, &trouble, &place), YAO_OK);
    s.first  = &a;
    s.folder = folder;
    assert_status(server_worker_open(&a, &w), YAO_OK);
    server_refresh(&s, &w);
    first = w.authority.keys;
    assert_memory_equal(first.lookup, a.keys.lookup, sizeof first.lookup);
}

static void change(config_setting setting, const char *value)
{
    const config_edit edit = {setting, value};

    assert_status(config_change(s.folder, &edit, 1), YAO_OK);
    server_refresh(&s, &w);
}

static void make_key(const char *name)
{
    assert_status(seal_key_make(test_scratch_path(name)), YAO_OK);
}

static void takes_new_settings(void **state)
{
    (void)state;
    change(SETTING_NAME, "SPECIMEN anew");
    assert_string_equal(config_get(&w.authority.config, SETTING_NAME),
                        "SPECIMEN anew");
}

/* Two threads look at the same time: both know the key then. */
static void takes_a_new_epoch(void **state)
{
    static server_worker other;

    (void)state;
    assert_status(server_worker_open(&a, &other), YAO_OK);
    make_key("a/keys/second.key");
    change(SETTING_KEY_2, "file:keys/second.key");
    change(SETTING_EPOCH, "2");
    server_refresh(&s, &other);
    assert_int_equal(w.authority.keys.epoch, 2);
    assert_int_equal(other.authority.keys.epoch, 2);
    assert_memory_equal(w.authority.keys.lookup, first.lookup,
                        sizeof first.lookup);
    server_worker_close(&other);
}

static void never_takes_another_registers_key(void **state)
{
    const seal_keys ours = w.authority.keys;

    (void)state;
    make_key("a/keys/other.key");
    change(SETTING_LOOKUP_KEY, "file:keys/other.key");
    assert_memory_equal(w.authority.keys.lookup, ours.lookup, SEAL_KEY_LEN);
    change(SETTING_LOOKUP_KEY, "file:keys/register-lookup.key");
    change(SETTING_KEY_2, "file:keys/other.key");
    assert_memory_equal(w.authority.keys.wrapping[1].key,
                        ours.wrapping[1].key, SEAL_KEY_LEN);
    change(SETTING_KEY_2, "file:keys/second.key");
    assert_memory_equal(w.authority.keys.lookup, ours.lookup, SEAL_KEY_LEN);
}

static size_t clients_after(const char *text)
{
    const vci_clients *clients = NULL;
    const char        *path    = test_scratch_path("a/clients.json");

    if (text != NULL)
        assert_status(yao_file_write(path, yao_text_bytes(yao_text_of(text)),
                                     0600, false),
                      YAO_OK);
    else
        assert_int_equal(unlink(path), 0);
    server_refresh(&s, &w);
    assert_status(vci_clients_of(&w.authority, &clients), YAO_OK);
    return clients->client_count;
}

#define CLIENT "{\"client_id\":\"a\",\"redirect_uris\":[\"https://a.test/\"]}"
#define OTHER "{\"client_id\":\"b\",\"redirect_uris\":[\"https://b.test/\"]}"

/* Who was taken out is not waited for until a server is restarted. */
static void forgets_who_was_taken_out(void **state)
{
    (void)state;
    assert_int_equal(
        clients_after("{\"clients\":[" CLIENT "," OTHER "]}"), 2);
    assert_int_equal(clients_after("{\"clients\":[" OTHER "]}"), 1);
    assert_int_equal(clients_after("{\"clients\":["), 1); /* half written */
    assert_int_equal(clients_after("{\"clients\":[" CLIENT "," OTHER "]}"),
                     2);
    assert_int_equal(clients_after(NULL), 0);
}

static void finish(void **state)
{
    (void)state;
    server_worker_close(&w);
    authority_close(&a);
}

int main(void)
{
    test_add("refresh", "accepts a new authority", prepare, NULL);
    test_add("refresh", "accepts new settings", takes_new_settings, NULL);
    test_add("refresh", "accepts the key of a new epoch", takes_a_new_epoch,
             NULL);
    test_add("refresh", "never takes keys of another register",
             never_takes_another_registers_key, NULL);
    test_add("refresh", "never goes on believing who was taken out",
             forgets_who_was_taken_out, NULL);
    test_add("refresh", "accepts the end", finish, NULL);
    int code = test_run("authority/server/refresh");
    test_scratch_remove();
    return code;
}
