/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DOCUMENT_H
#define YAO_DOCUMENT_H

/**
 * The catalogue: documents, code lists and request profiles as data.
 *
 *     const yao_definition *d =
 *         yao_document_by_type(yao_catalogue_shipped(), YAO_TEXT(
 *             "org.iso.18013.5.1.mDL"));
 *     const yao_element *e = yao_document_element(d, space, identifier);
 *     yao_text label = yao_label_in(e->label, YAO_EN);
 *
 * Each document is defined once, in documents/NAME.json; what an issuer
 * signs, a wallet shows and a verifier prints comes from it. The shipped files
 * are packed into const tables when the project is built; yao_document_load()
 * reads the same files at run time, through the same checks.
 *
 * Files: find.c (look-ups), load.c and load_*.c (from JSON), words.c (names of
 * enums, reasons in both languages), numbers.c, vehicles.c, organisations.c
 * (validators), record.c (a person's record). Format: docs/formats/catalogue.md
 *
 * Memory   everything is views: into the const tables, or into the arena and
 *          the texts that were loaded
 */

#include "json/json.h"
#include "yaopai/arena.h"
#include "yaopai/report.h"

/* ---- words ---- */

typedef enum yao_language { YAO_ZH = 0, YAO_EN = 1 } yao_language;

/** A text for people, in both languages of the product. */
typedef struct yao_label {
    yao_text zh;
    yao_text en;
} yao_label;

/** LABEL in LANGUAGE; the other one when it is empty. */
yao_text yao_label_in(yao_label label, yao_language language);

/** What became of a value. Zero is nothing to say. */
typedef enum yao_severity {
    YAO_FINE    = 0,
    YAO_WARNING = 1, /* unusual; may be right */
    YAO_ERROR   = 2
} yao_severity;

/** Why. Names and texts are in words.c; values are stable. */
typedef enum yao_reason {
    YAO_REASON_NONE = 0,

    /* any value */
    YAO_REASON_MISSING       = 1,
    YAO_REASON_EMPTY         = 2,
    YAO_REASON_KIND          = 3, /* a text where a number belongs, ... */
    YAO_REASON_LONG          = 4,
    YAO_REASON_CHARACTER     = 5,
    YAO_REASON_CODE          = 6, /* not in the code list */
    YAO_REASON_DATE          = 7, /* no such day */
    YAO_REASON_FUTURE        = 8,
    YAO_REASON_PAST          = 9, /* before 1800 */
    YAO_REASON_ORDER         = 10, /* ends before it begins */
    YAO_REASON_RANGE         = 11,
    YAO_REASON_UNKNOWN_FIELD = 12,
    YAO_REASON_NOT_LATIN     = 13,
    YAO_REASON_MIDDLE_DOT    = 14, /* another dot than U+00B7 in a name */
    YAO_REASON_FILE_NAME     = 15,

    /* numbers of people */
    YAO_REASON_LENGTH        = 20,
    YAO_REASON_CHECK         = 21,
    YAO_REASON_LOWER_CASE    = 22,
    YAO_REASON_OLD_FORM      = 23, /* 15 digits */
    YAO_REASON_DIVISION      = 24, /* not in the list of today */
    YAO_REASON_SEQUENCE      = 25, /* 000 */
    YAO_REASON_PREFIX        = 26, /* of no such kind of number */
    YAO_REASON_BIRTH_DIFFERS = 27, /* from the date in the number */
    YAO_REASON_SEX_DIFFERS   = 28, /* from the number */

    /* vehicles and licences */
    YAO_REASON_PROVINCE      = 40,
    YAO_REASON_LETTER        = 41, /* issuing letter that is none */
    YAO_REASON_LETTER_UNKNOWN = 42, /* issuing letter not in the list */
    YAO_REASON_SERIAL        = 43,
    YAO_REASON_MANY_LETTERS  = 44,
    YAO_REASON_ENERGY        = 45, /* no energy letter where one belongs */
    YAO_REASON_PLATE_KIND    = 46, /* form and kind of plate disagree */
    YAO_REASON_CLASS         = 47,
    YAO_REASON_CLASS_TWICE   = 48,
    YAO_REASON_CLASS_COVERED = 49, /* printed beside one that covers it */

    /* organisations */
    YAO_REASON_REGISTRAR     = 60,
    YAO_REASON_INNER_CHECK   = 61, /* of the organisation code inside */

    /* households */
    YAO_REASON_RELATION_SEX  = 70,
    YAO_REASON_MARITAL       = 71, /* a spouse who is not married */

    /* who may have a document */
    YAO_REASON_NO_RECORD     = 80, /* nothing registered for it */
    YAO_REASON_HOUSEHOLD_HERE = 81, /* household and residence in one city */
    YAO_REASON_MINOR         = 82,
    YAO_REASON_EXPIRED       = 83,
    YAO_REASON_STATE         = 84,
    YAO_REASON_PORTRAIT      = 85, /* none, or no JPEG */

    YAO_REASON_COUNT         = 86
} yao_reason;

typedef struct yao_finding {
    yao_severity severity;
    yao_reason   reason;
} yao_finding;

/** The word for REASON ("check"), and a sentence for people. Never empty. */
const char *yao_reason_name(yao_reason reason);
yao_text    yao_reason_text(yao_reason reason, yao_language language);

/** The word for SEVERITY: "fine", "warning", "error". */
const char *yao_severity_name(yao_severity severity);

/* ---- code lists ---- */

/** One row of a code list. */
typedef struct yao_code {
    yao_text  code;
    yao_label label;  /* en is empty where nobody made one */
    yao_text  mapped; /* what it is in another list; said atop of the file */
} yao_code;

/** A list as it stands in its file: lines "code,zh,en,mapped", sorted. */
typedef struct yao_code_list {
    yao_text  name;
    yao_bytes rows;
    size_t    count;
} yao_code_list;

/**
 * Look CODE up.
 *
 * Out     ret  may be NULL; written only when found
 * Cost    bisects the lines
 */
bool yao_code_find(const yao_code_list *list, yao_text code,
                   yao_code *ret);

/** The row at *OFFSET (0 at first), which moves on; false at the end. */
bool yao_code_next(const yao_code_list *list, size_t *offset,
                   yao_code *ret);

/* ---- definitions ---- */

typedef enum yao_element_type {
    YAO_TYPE_NONE = 0,
    YAO_TYPE_TEXT,       /* tstr                  / string */
    YAO_TYPE_CODE,       /* tstr of a code list   / string */
    YAO_TYPE_UINT,       /* uint                  / number */
    YAO_TYPE_UINTS,      /* [* uint]              / array of numbers */
    YAO_TYPE_BOOL,       /* bool                  / true, false */
    YAO_TYPE_DATE,       /* full-date, tag 1004   / "YYYY-MM-DD" */
    YAO_TYPE_TIME,       /* tdate, tag 0          / "YYYY-MM-DDT00:00:00Z" */
    YAO_TYPE_IMAGE,      /* bstr, JPEG            / data: URI */
    YAO_TYPE_PRIVILEGES, /* driving_privileges of ISO/IEC 18013-5 */
    YAO_TYPE_MAP         /* map of the parts      / object */
} yao_element_type;

/** How a value is made of the record, when it is not simply taken from it. */
typedef enum yao_derive {
    YAO_DERIVE_NONE = 0,
    YAO_DERIVE_CONSTANT,        /* always the fallback */
    YAO_DERIVE_SPECIMEN,        /* "SPECIMEN" of demo documents, else absent */
    YAO_DERIVE_AGE_OVER,        /* ARGUMENT years old on the day of issue? */
    YAO_DERIVE_AGE_YEARS,
    YAO_DERIVE_BIRTH_YEAR,
    YAO_DERIVE_PRIVILEGES,      /* of a string of driving classes */
    YAO_DERIVE_MAPPED,          /* what the code list maps the code to */
    YAO_DERIVE_SUBDIVISION,     /* ISO 3166-2 of a division */
    YAO_DERIVE_CITY,            /* name of the city of a division */
    YAO_DERIVE_PORTRAIT,
    YAO_DERIVE_PORTRAIT_SMALL,
    YAO_DERIVE_DOCUMENT_NUMBER, /* the record's, else the issuer's */
    YAO_DERIVE_EXPIRY,          /* 9999-12-31 when long-term */
    YAO_DERIVE_LEVEL,           /* assurance level of the enrolment */
    YAO_DERIVE_MEMBERS,         /* how many the household has */
    YAO_DERIVE_GUARDED          /* true of a child's copies that a guardian
                                   holds, else absent */
} yao_derive;

/** Which validator a text must pass. */
typedef enum yao_rule {
    YAO_RULE_NONE = 0,
    YAO_RULE_PERSON_NUMBER,  /* any of the next three */
    YAO_RULE_CITIZEN_NUMBER,
    YAO_RULE_REGION_PERMIT,  /* 81, 82, 83 */
    YAO_RULE_FOREIGN_PERMIT, /* 9..., or three letters and twelve digits */
    YAO_RULE_VIN,
    YAO_RULE_PLATE,
    YAO_RULE_CLASSES,
    YAO_RULE_CREDIT_CODE,    /* unified social credit code */
    YAO_RULE_HONG_KONG_ID,
    YAO_RULE_MACAO_ID,
    YAO_RULE_RETURN_PERMIT,  /* of Hong Kong and Macao residents */
    YAO_RULE_TAIWAN_PERMIT,
    YAO_RULE_EXIT_PERMIT,    /* to Hong Kong and Macao */
    YAO_RULE_PASSPORT,
    YAO_RULE_MOBILE,
    YAO_RULE_FILE_NUMBER,    /* twelve digits */
    YAO_RULE_DATE,
    YAO_RULE_LATIN,          /* ISO 8859-1 letters only */
    YAO_RULE_NAME            /* no control letters; U+00B7 as middle dot */
} yao_rule;

/** One element: of a document, or a part of an element that is a map. */
typedef struct yao_element {
    yao_text             name;       /* ours, unique in the definition */
    yao_text             space;      /* mdoc namespace; of a booklet's page the
                                        first one, ending in "m01". Empty: not
                                        in the mdoc */
    yao_text             identifier;
    const yao_text      *aliases;    /* older identifiers, when reading */
    size_t               alias_count;
    yao_text             claim;      /* path with dots; empty: not in SD-JWT */
    yao_label            label;
    yao_text             group;      /* of display */
    yao_element_type     type;
    yao_derive           derive;
    uint32_t             argument;
    yao_text             from;       /* path in the record, with dots */
    yao_text             fallback;   /* when the record says nothing */
    const yao_code_list *codes;      /* NULL: none */
    yao_rule             rule;
    uint32_t             max;        /* letters of a text, bytes of an image */
    bool                 mandatory;
    bool                 sensitive;  /* asked for and consented one by one */
    bool                 always;     /* in SD-JWT never hidden */
    bool                 member;     /* one for each page of the booklet */
    bool                 open;       /* of the head's page for every member */
    uint32_t             card;       /* label on a QR card; 0: never on one */
    bool                 claim_169;  /* CARD is a label of CWT claim 169 */
    uint32_t             card_max;   /* letters that a card takes; 0: as MAX */
    const struct yao_element *parts; /* of a MAP */
    size_t               part_count;
} yao_element;

/** Who signs. */
typedef enum yao_signing_role {
    YAO_SIGNING_NONE       = 0,
    YAO_SIGNING_POPULATION = 1,
    YAO_SIGNING_TRAFFIC    = 2,
    YAO_SIGNING_OTHER      = 3 /* a health commission, the owner of a door */
} yao_signing_role;

/** Who is entitled. RECORD of the definition must be there for each. */
typedef enum yao_entitlement {
    YAO_ENTITLED_NOBODY    = 0,
    YAO_ENTITLED_RECORD    = 1, /* it is registered */
    YAO_ENTITLED_DRIVER    = 2, /* and its state lets one drive */
    YAO_ENTITLED_OWNER     = 3, /* of a vehicle that is registered */
    YAO_ENTITLED_RESIDENT  = 4, /* with a household in another city */
    YAO_ENTITLED_HOUSEHOLD = 5  /* an adult member */
} yao_entitlement;

/** A namespace, or document type, under an older name. */
typedef struct yao_alias {
    yao_text older;
    yao_text name;
} yao_alias;

typedef struct yao_definition {
    yao_text           name;       /* "resident_id" */
    yao_label          title;
    yao_text           doc_type;
    yao_text           vct;
    const yao_alias   *aliases;    /* of doc_type and namespaces */
    size_t             alias_count;
    yao_signing_role   role;
    yao_entitlement    entitlement;
    yao_text           record;     /* member of the person's record */
    yao_text           until;      /* path of the last day; may be empty */
    yao_text           long_term;  /* path: true when it has no end */
    uint32_t           days;       /* a copy lives at most so long */
    bool               suspends;   /* knows suspension; else it is revoked */
    const yao_element *elements;   /* of one namespace together */
    size_t             element_count;
} yao_definition;

/** A group of elements on a screen. */
typedef struct yao_group {
    yao_text  name;
    yao_label label;
} yao_group;

/* ---- profiles ---- */

typedef enum yao_card_kind {
    YAO_CARD_NONE   = 0,
    YAO_CARD_OPEN   = 1,
    YAO_CARD_SEALED = 2 /* after the checker's challenge only */
} yao_card_kind;

/** What a profile asks of one document. */
typedef struct yao_ask {
    const yao_definition *definition;
    const yao_text       *elements;  /* all of them */
    size_t                element_count;
    const yao_text       *choices;   /* and one of these, when there are any */
    size_t                choice_count;
    const yao_text       *on_card;   /* which of the elements a QR card has;
                                        empty: all that have a label */
    size_t                on_card_count;
    uint32_t              step;      /* 1; 2: asked for afterwards */
    bool                  optional;  /* not everybody has the document */
} yao_ask;

typedef struct yao_profile {
    yao_text       name;  /* "hotel" */
    yao_label      title;
    yao_label      purpose;
    yao_label      legal_basis;
    const yao_ask *asks;
    size_t         ask_count;
    uint32_t       retention; /* days that values may be kept; 0: not at all */
    uint32_t       level;     /* least assurance level, 1..4 */
    yao_card_kind  card;
    uint32_t       card_days;     /* a card lives at most so long; 0: no card */
    uint32_t       paper_days;    /* the same of a printed one; 0: no paper */
    bool           card_portrait; /* the card carries the portrait */
    bool           match_only;    /* compare, never hand over */
    bool           live_state;    /* the state of the record is asked on line */
    bool           officer;       /* asked by officers who logged in only */
    bool           evidence;      /* the presentation is kept as it came */
    bool           pseudonym;     /* the party may ask to know the person
                                     again */
    const yao_text *one_person;   /* names of documents that must be one
                                     person's, of those that are shown */
    size_t         one_person_count;
} yao_profile;

/* ---- the catalogue ---- */

typedef struct yao_catalogue {
    const yao_code_list  *lists;
    size_t                list_count;
    const yao_group      *groups;
    size_t                group_count;
    const yao_definition *definitions;
    size_t                definition_count;
    const yao_profile    *profiles;
    size_t                profile_count;
} yao_catalogue;

/** The catalogue that was packed in when the library was built. */
const yao_catalogue *yao_catalogue_shipped(void);

/** Look something up; NULL when it is not there. by_type takes a docType,
 *  current or older, or a vct. */
const yao_definition *yao_document_by_name(const yao_catalogue *c,
                                           yao_text             name);
const yao_definition *yao_document_by_type(const yao_catalogue *c,
                                           yao_text             type);
const yao_profile    *yao_profile_by_name(const yao_catalogue *c,
                                          yao_text             name);
const yao_code_list  *yao_codes_by_name(const yao_catalogue *c,
                                        yao_text             name);
const yao_group      *yao_group_by_name(const yao_catalogue *c,
                                        yao_text             name);

/**
 * The element that stands in namespace SPACE as IDENTIFIER; older names of
 * both are known. Of a booklet's page the page in SPACE may be any, "m01" to
 * "m99".
 */
const yao_element *yao_document_element(const yao_definition *d,
                                        yao_text space,
                                        yao_text identifier);

/** The element of a claim path ("address.formatted", "m02.name"). */
const yao_element *yao_document_claim(const yao_definition *d,
                                      yao_text              path);

/** The element with our own name NAME; "m02.name" names an element of page 2
 *  and gives that of any page. */
const yao_element *yao_document_named(const yao_definition *d,
                                      yao_text              name);

/** Is NAME in LIST? */
bool yao_document_lists(const yao_text *list, size_t count, yao_text name);

/**
 * The choice of ASK to be shown.
 *
 * In      choice  empty: the first
 * Out     ret     empty where ASK leaves no choice and none is named
 * Errors  YAO_E_NOT_FOUND  CHOICE is none of the choices
 */
YAO_MUST_USE yao_status yao_ask_choose(const yao_ask *ask, yao_text choice,
                                       yao_text *ret);

/** What must be shown, in the order of the profile. */
typedef struct yao_requirements {
    const yao_requirement *items;
    size_t                 count;
} yao_requirements;

/**
 * What a presentation for PROFILE must show, for yao_verify(). A choice that
 * is true or false must be true.
 *
 * In      profile  its asks of STEP, without those that are optional
 *         choice   which of the choices; empty: the first
 *         sdjwt    claim paths and vct, else namespaces and docType
 * Out     ret      in ARENA
 * Errors  YAO_E_NOT_FOUND  CHOICE is none of the choices
 *         YAO_E_SPACE      the arena is full
 */
YAO_MUST_USE yao_status yao_profile_requirements(
    yao_arena *arena, const yao_profile *profile, uint32_t step,
    yao_text choice, bool sdjwt, yao_requirements *ret);

/** What ASK alone requires, optional or not: its elements in their order, then
 *  the choice. Errors as yao_profile_requirements(). */
YAO_MUST_USE yao_status yao_ask_requirements(yao_arena     *arena,
                                             const yao_ask *ask,
                                             yao_text choice, bool sdjwt,
                                             yao_requirements *ret);

/** What a QR card of one document for one profile carries. */
typedef struct yao_card_layout {
    const yao_profile        *profile;
    const yao_definition     *definition;
    yao_text                  choice;   /* that was made; empty: none was to be */
    const yao_element *const *elements; /* each with a label */
    size_t                    count;
    size_t                    asked;    /* the first so many were asked for, the
                                           others say level and SPECIMEN */
} yao_card_layout;

/**
 * Lay out the card of DEFINITION for PROFILE: what is asked and has a label,
 * one of the choices, then the level and the mark of a specimen.
 *
 * In      choice  which of the choices; empty: the first
 * Out     ret     in ARENA
 * Errors  YAO_E_NOT_FOUND  PROFILE has no card, or asks nothing of DEFINITION
 *                          that a card can carry; CHOICE is none of the choices
 *         YAO_E_SPACE      the arena is full
 */
YAO_MUST_USE yao_status yao_profile_card(yao_arena            *arena,
                                         const yao_profile    *profile,
                                         const yao_definition *definition,
                                         yao_text              choice,
                                         yao_card_layout      *ret);

/** What a verifier must find on such a card: vct and claim paths. Errors as
 *  yao_profile_card(). */
YAO_MUST_USE yao_status yao_profile_card_requirements(
    yao_arena *arena, const yao_profile *profile,
    const yao_definition *definition, yao_text choice, yao_requirements *ret);

/** The element with label LABEL in claim 169, or in our own claim; or NULL. */
const yao_element *yao_document_labelled(const yao_definition *d,
                                         bool claim_169, uint64_t label);

/** Does PROFILE ask for the element, in any step or choice? A wallet refuses
 *  what is not. */
bool yao_profile_asks(const yao_profile    *profile,
                      const yao_definition *definition,
                      const yao_element    *element);

/** The steps of a profile: 1 and 2. */
#define YAO_PROFILE_STEPS 2

/** Does PROFILE ask for the element in that STEP, and of a booklet's element
 *  on that PAGE ("m02")? What comes afterwards is no part of what comes first,
 *  and one member's page is not another's. */
bool yao_profile_asks_at(const yao_profile *profile, uint32_t step,
                         const yao_definition *definition,
                         const yao_element *element, yao_text page);

/** Is the element one of several of which PROFILE asks for one in that STEP?
 *  All of them together say more than any: a person's age. */
bool yao_profile_chooses(const yao_profile *profile, uint32_t step,
                         const yao_definition *definition,
                         const yao_element    *element);

/* ---- loading ---- */

/** One file of the catalogue by its path in the project: "documents/x.json",
 *  "documents/groups.json", "documents/codes/x.csv", "profiles/x.json". */
typedef struct yao_document_file {
    yao_text  path;
    yao_bytes bytes;
} yao_document_file;

/** Where a file is wrong. */
typedef struct yao_document_trouble {
    yao_text    path;   /* of the file */
    yao_text    where;  /* element, code or member; may be empty */
    const char *what;   /* "unknown member", for people and tests */
    size_t      offset; /* of broken JSON */
} yao_document_trouble;

/**
 * Add files to BASE.
 *
 * In      base     NULL: the files alone
 * Out     ret      lives as long as ARENA, BASE and the files
 *         trouble  when not NULL: the first thing that is wrong
 * Errors  YAO_E_MALFORMED  a file is not of its format, or what it refers to
 *                          is not there
 *         YAO_E_DUPLICATE  a name, identifier, claim or docType twice
 *         YAO_E_TRUNCATED, YAO_E_TRAILING, YAO_E_UTF8, YAO_E_LIMIT  of JSON
 *         YAO_E_SPACE      the arena is full
 * Source  docs/formats/catalogue.md
 */
YAO_MUST_USE yao_status yao_document_load(
    yao_arena *arena, const yao_catalogue *base, const yao_document_file *files,
    size_t count, yao_catalogue *ret, yao_document_trouble *trouble);

/** The word for a type, way of deriving or rule, as in the files; and back
 *  (NONE for another word). */
const char *yao_type_name(yao_element_type type);
const char *yao_derive_name(yao_derive derive);
const char *yao_rule_name(yao_rule rule);

/* ---- validators ---- */

/** What a person's number says. */
typedef struct yao_person_number {
    yao_date birth;
    int      sex;      /* 1 male, 2 female; 0 where the number does not say */
    yao_text division; /* six digits, or of a foreigner the province, two */
} yao_person_number;

/**
 * Check a number. The worst finding is given: an error, else a warning.
 *
 * In      today  a birth date after it is an error
 * Out     ret    may be NULL; written unless the finding is an error
 * Source  GB 11643-1999 (citizen: 18, or the old 15 digits with a warning);
 *         permits of Hong Kong 81, Macao 82 and Taiwan 83 residents; foreign
 *         permanent residents 2023 and 2017. docs/formats/register.md
 */
yao_finding yao_check_citizen_number(const yao_catalogue *c,
                                     yao_text number, yao_date today,
                                     yao_person_number *ret);
yao_finding yao_check_region_permit(yao_text number, yao_date today,
                                    yao_person_number *ret);
yao_finding yao_check_foreign_permit(yao_text number, yao_date today,
                                     yao_person_number *ret);
/** Whichever of the three the number is. */
yao_finding yao_check_person_number(const yao_catalogue *c,
                                    yao_text number, yao_date today,
                                    yao_person_number *ret);

/** The check letter of the 17 digits before it; 0 when they are none.
 *  Source: ISO 7064 MOD 11-2 as in GB 11643-1999. */
char yao_citizen_check(yao_text digits);

/**
 * Bring a number that somebody typed to its form in the register: x to X, 15
 * digits to 18.
 *
 * Errors  YAO_E_VALUE  neither 15 nor 18 letters; OUT is not written
 */
YAO_MUST_USE yao_status yao_citizen_normalise(yao_text number,
                                              uint8_t  out[18]);

/** Vehicle identification number. A wrong check digit is an error for
 *  vehicles made in China (L...), a warning for others, which need none.
 *  Source: GB 16735, ISO 3779. */
yao_finding yao_check_vin(yao_text vin);

/** A plate; KIND is a code of the list plate_kind, or empty: any kind.
 *  Source: GA 36-2018. */
yao_finding yao_check_plate(const yao_catalogue *c, yao_text plate,
                            yao_text kind);

/** A string of driving classes ("A1A2D"). Source: MPS order 162, annex 1. */
yao_finding yao_check_classes(const yao_catalogue *c, yao_text classes);

/** The class at *OFFSET of CLASSES (two letters where they are one class),
 *  which moves on; false at the end, or at what is no class. */
bool yao_class_next(const yao_catalogue *c, yao_text classes,
                    size_t *offset, yao_code *ret);

/** Unified social credit code. Source: GB 32100-2015, GB 11714. */
yao_finding yao_check_credit_code(const yao_catalogue *c,
                                  yao_text             code);

/** A code against its list. A division that is not in the list of today is a
 *  warning: codes come and go, registers and numbers stay. */
yao_finding yao_check_code(const yao_code_list *list, yao_text code);

/** Everything else that is a pattern, with its check digit where it has one;
 *  and all of the above by their RULE. An empty KIND for plates. */
yao_finding yao_check_rule(const yao_catalogue *c, yao_rule rule,
                           yao_text value, yao_date today);

/* ---- a person's record ---- */

/** Something to say about one place of a record or document. */
typedef struct yao_problem {
    yao_severity severity;
    yao_reason   reason;
    yao_text     where; /* path: "vehicles.0.vin"; empty: the whole */
} yao_problem;

#define YAO_MAX_PROBLEMS 64

typedef struct yao_problems {
    yao_problem items[YAO_MAX_PROBLEMS];
    size_t      count;
    size_t      errors; /* of all, also of those that did not fit */
} yao_problems;

/** Add one. WHERE must live as long as PROBLEMS. */
void yao_problems_add(yao_problems *problems, yao_severity severity,
                      yao_reason reason, yao_text where);

/**
 * Check a whole record as it comes from outside.
 *
 * In      record  one JSON object a person, docs/formats/register.md
 *         today   dates of birth and of issue after it are errors
 * Out     ret     what is wrong or unusual, in the order of the record; paths
 *                 are in ARENA
 * Errors  YAO_E_VALUE  there is an error among RET (which is written then too)
 *         YAO_E_SPACE  the arena is full
 */
YAO_MUST_USE yao_status yao_document_check_record(
    yao_arena *arena, const yao_catalogue *c, const yao_json *record,
    yao_date today, yao_problems *ret);

#endif
