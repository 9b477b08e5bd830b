/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/invent.h"

#include "app/specimen.h"
#include "document/document.h"
#include "json/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* The day on which these people are as old as they are. */
#define TODAY 2025

/* Born within these years: before any of the divisions below was made. */
#define FIRST_BIRTH 1935
#define LAST_BIRTH 2012

enum { MALE = 1, FEMALE = 2, MAX_HOUSEHOLD = 5 };

/* ---- words ---- */

/* Divisions made in 2014 or later (GB/T 2260), where plates come from. */
static const struct {
    const char *code, *city, *county, *plate;
} places[] = {
    {"120119", "天津市", "蓟州区", "津C"},
    {"120117", "天津市", "宁河区", "津B"},
    {"330113", "浙江省杭州市", "临平区", "浙A"},
    {"330112", "浙江省杭州市", "临安区", "浙A"},
    {"350112", "福建省福州市", "长乐区", "闽A"},
    {"440118", "广东省广州市", "增城区", "粤A"},
    {"360113", "江西省南昌市", "红谷滩区", "赣A"},
    {"110119", "北京市", "延庆区", "京A"},
    {"110118", "北京市", "密云区", "京B"},
    {"510117", "四川省成都市", "郫都区", "川A"},
    {"370114", "山东省济南市", "章丘区", "鲁A"},
    {"450110", "广西壮族自治区南宁市", "武鸣区", "桂A"},
    {"530115", "云南省昆明市", "晋宁区", "云A"},
};

typedef struct syllable {
    const char *zh, *latin;
} syllable;

static const syllable families[] = {
    {"王", "WANG"},     {"李", "LI"},   {"张", "ZHANG"}, {"刘", "LIU"},
    {"陈", "CHEN"},     {"杨", "YANG"}, {"黄", "HUANG"}, {"赵", "ZHAO"},
    {"吴", "WU"},       {"周", "ZHOU"}, {"徐", "XU"},    {"孙", "SUN"},
    {"马", "MA"},       {"朱", "ZHU"},  {"胡", "HU"},    {"郭", "GUO"},
    {"何", "HE"},       {"林", "LIN"},  {"高", "GAO"},   {"罗", "LUO"},
    {"欧阳", "OUYANG"}, {"吕", "LYU"},
};

static const syllable first_given[] = {
    {"示", "SHI"}, {"样", "YANG"}, {"范", "FAN"},  {"例", "LI"},
    {"文", "WEN"}, {"子", "ZI"},   {"思", "SI"},   {"嘉", "JIA"},
    {"雨", "YU"},  {"晓", "XIAO"}, {"明", "MING"}, {"志", "ZHI"},
};

static const syllable second_given[2][8] = {
    {{"伟", "WEI"},
     {"强", "QIANG"},
     {"军", "JUN"},
     {"涛", "TAO"},
     {"杰", "JIE"},
     {"博", "BO"},
     {"宇", "YU"},
     {"轩", "XUAN"}},
    {{"芳", "FANG"},
     {"娜", "NA"},
     {"敏", "MIN"},
     {"静", "JING"},
     {"丽", "LI"},
     {"婷", "TING"},
     {"涵", "HAN"},
     {"怡", "YI"}},
};

static const char *const ethnicities[] = {"01", "01", "01", "01", "01", "01",
                                          "01", "01", "08", "03", "11", "15"};
static const char *const licences[]    = {"C1", "C1",  "C1", "C2",
                                          "C2", "C1D", "B2", "A2"};
static const char *const bases[]       = {"employment", "home", "study"};

/* ---- chance ---- */

/* One person of a household that is planned. */
typedef struct member {
    int      sex;
    yao_date birth;
    char     number[19];
    syllable family, given[2];
    char     relation[3];
    char     spouse[19]; /* number, or "" */
    char     marital[3];
} member;

struct invention {
    uint64_t  state, seed;
    size_t    left; /* people still to come */
    size_t    persons, households, vehicles;
    uint64_t *used;     /* numbers, open addressing, 0 is free */
    size_t    used_cap; /* a power of two */

    member plan[MAX_HOUSEHOLD];
    size_t planned, given;
    size_t place;
    char   address[128];
    char   household[24];
};

/* SplitMix64: small, and the same everywhere. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static uint64_t draw(invention *inv)
{
    inv->state += UINT64_C(0x9e3779b97f4a7c15);
    return mix(inv->state);
}

static size_t below(invention *inv, size_t limit)
{
    return (size_t)(draw(inv) % limit);
}

static int between(invention *inv, int least, int most)
{
    return least + (int)below(inv, (size_t)(most - least + 1));
}

static bool chance(invention *inv, int percent)
{
    return between(inv, 1, 100) <= percent;
}

/* ---- numbers ---- */

static bool take_number(invention *inv, const char *number)
{
    uint64_t key = 0;

    for (size_t i = 0; i < 17; i++)
        key = key * 10 + (uint64_t)(number[i] - '0');
    for (size_t at = (size_t)mix(key) & (inv->used_cap - 1);;
         at        = (at + 1) & (inv->used_cap - 1)) {
        if (inv->used[at] == key)
            return false;
        if (inv->used[at] == 0) {
            inv->used[at] = key;
            return true;
        }
    }
}

/* A day of YEAR, and a sequence of 9xx that nobody has yet. */
static void invent_number(invention *inv, member *m, int year)
{
    do {
        m->birth.year  = (int16_t)year;
        m->birth.month = (int8_t)between(inv, 1, 12);
        m->birth.day   = (int8_t)between(inv, 1, 28);
        int sequence   = 900 + 2 * between(inv, 0, 49) + (m->sex == MALE);
        snprintf(m->number, sizeof m->number, "%s%04d%02d%02d%03d",
                 places[inv->place].code, year, m->birth.month, m->birth.day,
                 sequence);
    } while (!take_number(inv, m->number));
    m->number[17] = yao_citizen_check(yao_text_of(m->number));
    m->number[18] = '\0';
}

static void invent_name(invention *inv, member *m, syllable family)
{
    m->family   = family;
    m->given[0] = first_given[below(inv, COUNT(first_given))];
    m->given[1] = second_given[m->sex == FEMALE][below(inv, 8)];
}

/* ---- households ---- */

static member *add_member(invention *inv, int sex, int year, syllable family,
                          const char *relation, const char *marital)
{
    member *m = &inv->plan[inv->planned++];

    *m   = (member){.sex = sex};
    year = year < FIRST_BIRTH ? FIRST_BIRTH : year;
    year = year > LAST_BIRTH ? LAST_BIRTH : year;
    invent_number(inv, m, year);
    invent_name(inv, m, family);
    snprintf(m->relation, sizeof m->relation, "%s", relation);
    snprintf(m->marital, sizeof m->marital, "%s", marital);
    return m;
}

static void add_children(invention *inv, size_t count, int mother_born,
                         syllable family)
{
    for (size_t i = 0; i < count; i++) {
        int  sex  = chance(inv, 50) ? MALE : FEMALE;
        int  year = mother_born + between(inv, 22, 34);
        bool only = count == 1;
        add_member(inv, sex, year, family,
                   sex == MALE ? (only ? "21" : "20") : (only ? "31" : "30"),
                   "10");
    }
}

/*
 * SIZE people: a couple; their children; with five, or by chance, a parent of
 * the head. Mothers are 22 to 34 years older than their children, and old
 * enough parents 24 to 34 years older than the head.
 */
static void plan_household(invention *inv, size_t size)
{
    int      sex     = chance(inv, 70) ? MALE : FEMALE;
    int      born    = between(inv, 1962, 1977);
    syllable family  = families[below(inv, COUNT(families))];
    syllable other   = families[below(inv, COUNT(families))];
    bool     couple  = size > 1 && !chance(inv, 12);
    bool     parent  = size >= 4 && chance(inv, size == 5 ? 100 : 30);
    size_t   rest    = size - 1 - couple - parent;
    int      partner = born + between(inv, -3, 3);

    member *head = add_member(inv, sex, born, family, "02",
                              couple     ? "21"
                              : size > 1 ? "40"
                                         : "10");
    if (couple) {
        int     theirs = sex == MALE ? FEMALE : MALE;
        member *spouse = add_member(inv, theirs, partner, other,
                                    theirs == MALE ? "11" : "12", "21");
        memcpy(spouse->spouse, head->number, sizeof head->number);
        memcpy(head->spouse, spouse->number, sizeof head->number);
    }
    int      mother = sex == FEMALE || !couple ? born : partner;
    syllable name   = sex == MALE || !couple ? family : other;
    add_children(inv, rest, mother, name);
    if (parent) {
        int theirs = chance(inv, 60) ? FEMALE : MALE;
        add_member(inv, theirs, born - between(inv, 24, 34),
                   theirs == MALE ? family : other,
                   theirs == MALE ? "51" : "52", "30");
    }
}

/* Two to five, so that nobody is left over at the end. */
static size_t choose_size(invention *inv)
{
    static const size_t sizes[] = {2, 2, 3, 3, 3, 4, 4, 5};
    size_t              size    = sizes[below(inv, COUNT(sizes))];

    if (inv->left <= MAX_HOUSEHOLD)
        return inv->left;
    if (inv->left - size == 1)
        return size > 2 ? size - 1 : size + 1;
    return size;
}

static void begin_household(invention *inv)
{
    inv->place   = below(inv, COUNT(places));
    inv->planned = inv->given = 0;
    inv->households++;
    snprintf(inv->address, sizeof inv->address, "%s%s示例路%d号%d室",
             places[inv->place].city, places[inv->place].county,
             between(inv, 1, 200),
             100 * between(inv, 1, 18) + between(inv, 1, 6));
    snprintf(inv->household, sizeof inv->household, "9%05u%08zu",
             (unsigned)(mix(inv->seed) % 100000), inv->households);
    plan_household(inv, choose_size(inv));
}

/* ---- writing ---- */

typedef struct sheet {
    yao_writer *w;
    bool        first;
} sheet;

static void open_object(sheet *s)
{
    yao_put_byte(s->w, '{');
    s->first = true;
}

static void close_object(sheet *s)
{
    yao_put_byte(s->w, '}');
    s->first = false;
}

static void put_name(sheet *s, const char *name)
{
    yao_json_put_name(s->w, &s->first, name);
}

__attribute__((format(printf, 3, 4))) static void
put(sheet *s, const char *name, const char *format, ...)
{
    char    text[512];
    va_list list;

    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    put_name(s, name);
    yao_json_put_string(s->w, yao_text_of(text));
}

static void put_number(sheet *s, const char *name, int64_t value)
{
    put_name(s, name);
    yao_json_put_int(s->w, value);
}

static void put_truth(sheet *s, const char *name, bool value)
{
    put_name(s, name);
    yao_json_put_bool(s->w, value);
}

static void put_day(sheet *s, const char *name, int year, const member *m)
{
    put(s, name, "%04d-%02d-%02d", year, m->birth.month, m->birth.day);
}

/* Twelve letters that depend on seed, person and KIND only. */
static void put_serial(const invention *inv, sheet *s, const char *name,
                       const char *kind)
{
    static const char letters[] = "23456789BCDFGHJKMNPQRSTVWXYZ";
    uint64_t x = mix(inv->seed ^ mix(inv->persons * 8 + (size_t)kind[0]));
    char     text[13];

    for (size_t i = 0; i < 12; i++, x /= 28)
        text[i] = letters[x % 28];
    text[12] = '\0';
    put(s, name, "SP%s%s", kind, text);
}

static int age(const member *m)
{
    return TODAY - m->birth.year;
}

/* Terms of identity cards: 5, 10, 20 years, from 46 on without end. */
static void put_card(const invention *inv, sheet *s, const member *m)
{
    int issued = age(m) < 18 ? TODAY - 1 : TODAY - 2;
    int then   = issued - m->birth.year;
    int term   = then < 16 ? 5 : then < 26 ? 10 : 20;

    put_name(s, "identity_card");
    open_object(s);
    put_serial(inv, s, "document_number", "I");
    put_day(s, "issue_date", issued, m);
    if (then < 46)
        put_day(s, "expiry_date", issued + term, m);
    put_truth(s, "long_term", then >= 46);
    put(s, "authority", "%s公安局%s分局", places[inv->place].city,
        places[inv->place].county);
    put_truth(s, "fingerprint", then < 60);
    close_object(s);
}

/* Terms of licences: six years, ten years, without end. */
static void put_licence(invention *inv, sheet *s, const member *m)
{
    int first = m->birth.year + between(inv, 19, 30);
    int years = 0, issued = 0;

    if (first > TODAY - 1)
        first = TODAY - 1;
    years  = TODAY - 1 - first;
    issued = first + (years >= 16 ? 16 : years >= 6 ? 6 : 0);

    put_name(s, "licence");
    open_object(s);
    put_serial(inv, s, "document_number", "L");
    put(s, "classes", "%s", licences[below(inv, COUNT(licences))]);
    put_day(s, "first_issue_date", first, m);
    put_day(s, "issue_date", issued, m);
    if (years < 16)
        put_day(s, "expiry_date", issued + (years >= 6 ? 10 : 6), m);
    put_truth(s, "long_term", years >= 16);
    put(s, "authority", "%s公安局交通管理部门", places[inv->place].city);
    put(s, "authority_latin", "TRAFFIC POLICE (SPECIMEN)");
    put(s, "file_number", "%s%06zu", places[inv->place].code,
        inv->persons % 1000000);
    put(s, "state", "%s", chance(inv, 95) ? "A" : "H");
    close_object(s);
}

/* The 17 letters with the check digit at its place (GB 16735). */
static void invent_vin(const invention *inv, char out[18])
{
    static const char values[]  = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ";
    static const int  weights[] = {8, 7, 6, 5, 4, 3, 2, 10, 0,
                                   9, 8, 7, 6, 5, 4, 3, 2};
    int               sum       = 0;

    snprintf(out, 18, "LTEST%03u00P%06zu", (unsigned)(mix(inv->seed) % 1000),
             inv->vehicles % 1000000);
    for (int i = 0; i < 17; i++)
        sum += (int)((strchr(values, out[i]) - values) % 10) * weights[i];
    out[8] = "0123456789X"[sum % 11];
}

static void put_plate(const invention *inv, sheet *s, bool electric)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    size_t            k = inv->vehicles + (size_t)(mix(inv->seed) % 100000);

    if (electric)
        put(s, "plate", "%s%c%c%04zu", places[inv->place].plate,
            "DF"[k / 240000 % 2], letters[k / 10000 % 24], k % 10000);
    else
        put(s, "plate", "%s%02zu%c%zu%c", places[inv->place].plate, k % 100,
            letters[k / 1000 % 24], k / 100 % 10, letters[k / 24000 % 24]);
    put(s, "plate_kind", electric ? "52" : "02");
}

static void put_masses(sheet *s, bool electric)
{
    put_number(s, "seats", 5);
    put_number(s, "gross_mass", electric ? 2200 : 1780);
    put_number(s, "kerb_mass", electric ? 1825 : 1330);
    put_number(s, "length", 4620);
    put_number(s, "width", 1790);
    put_number(s, "height", 1475);
    put(s, "fuel", electric ? "C" : "A");
}

static void put_vehicle(invention *inv, sheet *s, const member *m)
{
    bool electric = chance(inv, 30);
    int  year     = between(inv, 2016, TODAY - 1);
    char vin[18];

    inv->vehicles++;
    invent_vin(inv, vin);
    put_name(s, "vehicles");
    yao_put_byte(s->w, '[');
    open_object(s);
    put_plate(inv, s, electric);
    put(s, "type", "K33");
    put(s, "use", "A");
    put(s, "brand_model", electric ? "样本牌YB6500EV" : "示例牌SL7150");
    put(s, "vin", "%s", vin);
    put(s, "engine_number", "SP%08zu", inv->vehicles);
    put_day(s, "register_date", year, m);
    put_day(s, "issue_date", year, m);
    put(s, "file_number", "%s%06zu", places[inv->place].code,
        inv->vehicles % 1000000);
    put_masses(s, electric);
    put(s, "colour", "%c", "ABEHJ"[below(inv, 5)]);
    put_day(s, "inspection_valid_until", TODAY + 6, m);
    put(s, "authority", "%s公安局交通管理部门", places[inv->place].city);
    put(s, "authority_latin", "TRAFFIC POLICE (SPECIMEN)");
    put(s, "state", "A");
    close_object(s);
    yao_put_byte(s->w, ']');
}

/* In another city than the household: its code differs in the first four. */
static void put_residence(invention *inv, sheet *s, const member *m)
{
    size_t place = inv->place;

    while (strncmp(places[place].code, places[inv->place].code, 4) == 0)
        place = below(inv, COUNT(places));
    put_name(s, "residence");
    open_object(s);
    put_serial(inv, s, "permit_number", "R");
    put(s, "address", "%s%s样本路%d号", places[place].city,
        places[place].county, between(inv, 1, 90));
    put(s, "division", "%s", places[place].code);
    put(s, "authority", "%s公安局%s分局", places[place].city,
        places[place].county);
    put_day(s, "issue_date", TODAY - 1, m);
    put_day(s, "endorsed_until", TODAY + 6, m);
    put(s, "basis", "%s", bases[below(inv, COUNT(bases))]);
    put(s, "state", "valid");
    close_object(s);
}

static const char *education(const member *m)
{
    return age(m) < 15 ? "80" : age(m) < 19 ? "71" : "21";
}

static void put_household(invention *inv, sheet *s, const member *m)
{
    const member *head = &inv->plan[0];

    put_name(s, "household");
    open_object(s);
    put(s, "number", "%s", inv->household);
    put(s, "kind", "10");
    put(s, "head_name", "%s%s%s", head->family.zh, head->given[0].zh,
        head->given[1].zh);
    put(s, "address", "%s", inv->address);
    put(s, "division", "%s", places[inv->place].code);
    put(s, "relation", "%s", m->relation);
    put(s, "birth_place", "%s%s", places[inv->place].city,
        places[inv->place].county);
    put_number(s, "height", (m->sex == MALE ? 172 : 160) + between(inv, -8, 9));
    put(s, "blood_type", "%d", between(inv, 1, 5));
    put(s, "education", "%s", education(m));
    put(s, "marital_status", "%s", m->marital);
    put_day(s, "register_date", m->birth.year + 1, m);
    put(s, "authority", "%s公安局%s分局示例派出所", places[inv->place].city,
        places[inv->place].county);
    if (m->spouse[0] != '\0')
        put(s, "spouse", "%s", m->spouse);
    close_object(s);
}

static void put_person(invention *inv, sheet *s, const member *m)
{
    char     portrait[YAO_MAX_SPECIMEN_NAME];
    unsigned face = 1 + 2 * (unsigned)below(inv, 12) + (m->sex == FEMALE);

    yao_specimen_name(face, age(m), portrait);
    put(s, "number", "%s", m->number);
    put(s, "name", "%s%s%s", m->family.zh, m->given[0].zh, m->given[1].zh);
    put(s, "family_name", "%s", m->family.zh);
    put(s, "given_name", "%s%s", m->given[0].zh, m->given[1].zh);
    put(s, "family_name_latin", "%s", m->family.latin);
    put(s, "given_name_latin", "%s%s", m->given[0].latin, m->given[1].latin);
    put_number(s, "sex", m->sex);
    put(s, "ethnicity", "%s",
        ethnicities[inv->households % COUNT(ethnicities)]);
    put_day(s, "birth_date", m->birth.year, m);
    put(s, "nationality", "CN");
    put(s, "address", "%s", inv->address);
    put(s, "division", "%s", places[inv->place].code);
    put(s, "portrait", "%s", portrait);
}

static void put_record(invention *inv, yao_writer *w, const member *m)
{
    sheet s     = {w, true};
    bool  adult = age(m) >= 20;

    open_object(&s);
    put_person(inv, &s, m);
    put_card(inv, &s, m);
    if (adult && age(m) < 70 && chance(inv, 60))
        put_licence(inv, &s, m);
    if (adult && chance(inv, 30))
        put_vehicle(inv, &s, m);
    if (adult && chance(inv, 15))
        put_residence(inv, &s, m);
    put_household(inv, &s, m);
    close_object(&s);
}

/* ---- the invention ---- */

yao_status invent_open(uint64_t seed, size_t count, invention **ret)
{
    invention *inv = calloc(1, sizeof *inv);

    if (count < 1 || count > INVENT_MAX) {
        free(inv);
        return YAO_E_USAGE;
    }
    if (inv == NULL)
        return YAO_E_SPACE;
    inv->seed = inv->state = seed;
    inv->left              = count;
    inv->used_cap          = 64;
    while (inv->used_cap < 2 * count)
        inv->used_cap *= 2;
    inv->used = calloc(inv->used_cap, sizeof *inv->used);
    if (inv->used == NULL) {
        free(inv);
        return YAO_E_SPACE;
    }
    *ret = inv;
    return YAO_OK;
}

void invent_close(invention *inv)
{
    if (inv == NULL)
        return;
    free(inv->used);
    free(inv);
}

yao_status invent_next(invention *inv, yao_arena *arena, yao_bytes *ret)
{
    yao_writer w;

    if (inv->given == inv->planned) {
        if (inv->left == 0)
            return YAO_E_NOT_FOUND;
        begin_household(inv);
        inv->left -= inv->planned;
    }
    inv->persons++;
    w = yao_writer_in(arena);
    put_record(inv, &w, &inv->plan[inv->given++]);
    return yao_writer_keep(&w, arena, ret);
}
