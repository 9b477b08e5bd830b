/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/parties.h"

#include "app/ca.h"
#include "x509/reader.h"

/* ---- what may be -------------------------------------------------------- */

bool parties_is_line(yao_text text)
{
    yao_text checked;

    if (text.len == 0 ||
        yao_text_check(yao_text_bytes(text), &checked) != YAO_OK)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
            return false;
    return true;
}

yao_status parties_add_profile(const yao_catalogue *c, yao_text name,
                               parties_wish *w)
{
    const yao_profile *known = yao_profile_by_name(c, name);

    if (known == NULL)
        return YAO_E_VALUE;
    for (size_t i = 0; i < w->profile_count; i++)
        if (w->known[i] == known)
            return YAO_E_DUPLICATE;
    if (w->profile_count == PARTIES_MAX_PROFILES)
        return YAO_E_LIMIT;
    w->profiles[w->profile_count] = known->name;
    w->known[w->profile_count++]  = known;
    return YAO_OK;
}

int64_t parties_most_days(const parties_wish *w)
{
    int64_t most = 0;

    for (size_t i = 0; i < w->profile_count; i++)
        if ((int64_t)w->known[i]->retention > most)
            most = (int64_t)w->known[i]->retention;
    return most;
}

static yao_status join_profiles(parties_wish *w, yao_arena *arena)
{
    yao_writer out = yao_writer_in(arena);
    yao_bytes  joined;

    for (size_t i = 0; i < w->profile_count; i++) {
        if (i > 0)
            yao_put_byte(&out, ',');
        yao_put_bytes(&out, yao_text_bytes(w->profiles[i]));
    }
    YAO_TRY(yao_writer_keep(&out, arena, &joined));
    w->party.profiles = (yao_text){joined.ptr, joined.len};
    if (w->party.legal_basis.len == 0)
        w->party.legal_basis = yao_label_in(w->known[0]->legal_basis, YAO_ZH);
    return YAO_OK;
}

yao_status parties_check(const yao_catalogue *c, parties_wish *w,
                         yao_arena *arena)
{
    if (w->profile_count == 0)
        return YAO_E_MISSING;
    YAO_TRY(join_profiles(w, arena));
    if (yao_check_credit_code(c, w->party.code).severity == YAO_ERROR ||
        !parties_is_line(w->party.name) ||
        yao_text_count(w->party.name) > PARTIES_MAX_NAME ||
        !parties_is_line(w->party.legal_basis) ||
        w->party.retention_days < 0 ||
        w->party.retention_days > parties_most_days(w))
        return YAO_E_VALUE;
    return YAO_OK;
}

/* ---- the reader certificate --------------------------------------------- */

static yao_status write_uris(const config *c, const parties_wish *w,
                             yao_arena *arena, yao_bytes *profiles,
                             yao_bytes *crl)
{
    yao_writer out = yao_writer_in(arena);

    yao_reader_put_profiles(&out, w->profiles, w->profile_count);
    YAO_TRY(yao_writer_keep(&out, arena, profiles));
    out = yao_writer_in(arena);
    yao_put_text(&out, config_get(c, SETTING_URL));
    yao_put_text(&out, "/crl/registrar");
    return yao_writer_keep(&out, arena, crl);
}

static yao_status sign_reader(const authority *a, const ca *root,
                              parties_wish *w, yao_time now, yao_arena *arena)
{
    const config *c    = &a->config;
    yao_time      from = now / YAO_TIME_DAY * YAO_TIME_DAY - YAO_TIME_DAY;
    yao_bytes     profiles, crl;

    YAO_TRY(write_uris(c, w, arena, &profiles, &crl));
    yao_x509_request request = {
        .kind          = YAO_X509_READER,
        .country       = yao_text_of(config_get(c, SETTING_COUNTRY)),
        .common_name   = w->party.name,
        .organisation  = w->party.name,
        .serial_number = w->party.code,
        .not_before    = from,
        .not_after     = from + CA_READER_DAYS * YAO_TIME_DAY - 1,
        .key           = w->key,
        .issuer_uri    = yao_text_of(config_get(c, SETTING_URL)),
        .crl_uri       = {crl.ptr, crl.len},
        .san_dns       = w->host,
        .san_uri       = {profiles.ptr, profiles.len}};
    return ca_sign(a->crypto, &request, root, root->key, arena,
                   &w->party.certificate);
}

yao_status parties_certify(const authority *a, parties_wish *w, yao_time now,
                           yao_arena *arena)
{
    ca root = {.key = NULL};

    YAO_TRY(ca_open(config_get(&a->config, SETTING_READER_ROOT),
                    config_get(&a->config, SETTING_READER_ROOT_KEY), arena,
                    &root));
    yao_status status = root.key == NULL /* it is kept elsewhere */
                            ? YAO_E_NOT_FOUND
                            : sign_reader(a, &root, w, now, arena);
    ca_close(&root);
    return status;
}

/* ---- the store ---------------------------------------------------------- */

/* Whose code it is, is public. */
static yao_status put_event(store_change *change, yao_arena *arena,
                            const char *kind, yao_text code)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;
    yao_bytes  detail;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "party", code);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, arena, &detail));
    return authority_put_event(change, arena, kind, (yao_bytes){NULL, 0},
                               (yao_text){detail.ptr, detail.len});
}

yao_status parties_put(store_change *change, yao_arena *arena,
                       store_party *party, yao_time now)
{
    party->state      = STORE_PARTY_ACTIVE;
    party->registered = party->changed = now;
    store_put_party(change, party);
    return put_event(change, arena, "party.register", party->code);
}

yao_status parties_put_state(store_change *change, yao_arena *arena,
                             yao_text code, store_party_state state,
                             yao_time now)
{
    store_set_party_state(change, code, state, now);
    return put_event(change, arena,
                     state == STORE_PARTY_ACTIVE ? "party.lift"
                                                 : "party.suspend",
                     code);
}

const char *parties_state_word(int64_t state)
{
    return state == STORE_PARTY_ACTIVE      ? "active"
           : state == STORE_PARTY_SUSPENDED ? "suspended"
                                            : "unknown";
}

void parties_put_members(yao_writer *w, bool *first, const store_party *party)
{
    yao_json_put_member(w, first, "code", party->code);
    yao_json_put_member(w, first, "name", party->name);
    yao_json_put_member(w, first, "state",
                        yao_text_of(parties_state_word(party->state)));
    yao_json_put_member(w, first, "profiles", party->profiles);
    yao_json_put_member(w, first, "legal_basis", party->legal_basis);
    yao_json_put_member_int(w, first, "retention_days", party->retention_days);
    yao_json_put_member_int(w, first, "registered", party->registered);
}
