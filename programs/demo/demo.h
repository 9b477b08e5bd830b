/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DEMO_H
#define YAO_DEMO_H

/**
 * `yaopai demo`: the whole story in one terminal, with an authority and a
 * wallet provider as servers on loopback; each step is a command that one could
 * type. `yaopai demo --serve`: the servers alone, for trying out.
 *
 * Files: demo.c (the verb), world.c (the folder and who is in it), stage.c and
 * fetch.c (running and explaining a step), servers.c (processes), visit.c
 * (--serve), told.c (what is told of it), session.c (what a reader prepares:
 * transcripts and keys), asked.c (a session at a desk), and one for each scene:
 * opening.c, receiving.c, desk.c, turnstile.c, online.c, counter.c, purposes.c,
 * paper.c, lost.c.
 */

#include "demo/servers.h"

extern const yao_command yao_demo;

typedef struct yao_demo_world {
    yao_stage       stage;
    yao_demo_ports  wished, ports; /* some may be busy */
    yao_demo_server authority, provider, desk;
    char own[YAO_DEMO_PLACES][64]; /* addresses on this machine */
    const char *given[YAO_DEMO_PLACES]; /* addresses by which others know them,
                                           through a server in front; NULL:
                                           those of this machine */
    const char *ca_file; /* whose servers the desk believes; or NULL */
    const char *begin;   /* where telephones begin; or NULL */
} yao_demo_world;

/** "authority", "wallet", ...: by YAO_DEMO_AUTHORITY and so on. */
extern const char *const yao_demo_place_names[YAO_DEMO_PLACES];

/** Who are invited to the console; the code of each is kept in NAME.json. */
enum { YAO_DEMO_OPERATORS = 2 };
extern const char *const yao_demo_operators[YAO_DEMO_OPERATORS];

/* Lists are opened in the order in which the first person gets documents. */
#define YAO_DEMO_POPULATION_LIST "1"
#define YAO_DEMO_LICENCE_LIST    "2"
#define YAO_DEMO_VEHICLE_LIST    "3"
#define YAO_DEMO_LISTS           4

/* What the hotel is called by protocols. */
#define YAO_DEMO_HOTEL_ID  "x509_san_dns:hotel.example"
#define YAO_DEMO_HOTEL_URI "https://hotel.example/response"

/* ---- world.c ------------------------------------------------------------- */

/** Make the folder and what is in it before anything is told. Gives the exit
 *  code. */
int yao_demo_prepare(yao_demo_world *w);

/** The same of a folder in which a story was told. Gives the exit code. */
int yao_demo_return(yao_demo_world *w);

/* ---- visit.c ------------------------------------------------------------- */

/** Serve until Ctrl-C. Gives the exit code. */
int yao_demo_visit(yao_demo_world *w);

/* ---- told.c -------------------------------------------------------------- */

/** What is there, and what to try in each. THERE: it was there before. */
void yao_demo_tell_visit(yao_demo_world *w, bool there);

/* ---- pages.c ------------------------------------------------------------- */

/** Let the servers give out the pages that are there. */
void yao_demo_settle_pages(yao_demo_world *w);
/** Are they there? */
bool yao_demo_has_pages(const yao_demo_world *w);

/* ---- scenes -------------------------------------------------------------- */

/** An authority and a wallet provider are made. */
void yao_demo_open(yao_demo_world *w);
/** Both go on line. */
void yao_demo_serve(yao_demo_world *w);
/** Relying parties and people are registered. */
void yao_demo_register(yao_demo_world *w);
/** Ten wallets receive documents. */
void yao_demo_receive(yao_demo_world *w);
/** A hotel and a policeman fetch the status lists, then check off line. */
void yao_demo_desk(yao_stage *stage);
/** A pass at a gate without a network; the same code once more. */
void yao_demo_gate(yao_stage *stage);
/** The hotel's own server asks a guest before the arrival. */
void yao_demo_online(yao_demo_world *w);
/** Guests at its counter: a code on the telephone, and one on paper. */
void yao_demo_counter(yao_stage *stage);
/** Make that server's folder, unless it is there; and start it. */
void yao_demo_make_desk(yao_demo_world *w);
/** Start it; or, where it would listen, the desk of another party. */
void yao_demo_start_desk(yao_demo_world *w);
void yao_demo_start_party(yao_demo_world *w, const char *folder);
/** For each purpose: on line, and by a code with the checker's cable out. */
void yao_demo_purposes(yao_demo_world *w);
/** A document on paper, for who has no telephone. */
void yao_demo_print(yao_stage *stage);
/** Who may not ask, and what is not believed. */
void yao_demo_refuse(yao_stage *stage);
/** A telephone is lost: revoked while all are on line. */
void yao_demo_lose(yao_demo_world *w);
/** What the provider and the person know. */
void yao_demo_end(yao_demo_world *w);

/* ---- asked.c ------------------------------------------------------------- */

/** A session at the desk that serves. */
typedef struct yao_demo_session {
    const char *profile;
    const char *wallet; /* folder of the one that answers */
    const char *values; /* JSON, of a profile that compares; or NULL */
    bool        quiet;
    char        state[32], verdict[32]; /* what came of it */
} yao_demo_session;

/** Ask, let the wallet answer, and fetch the result; anything but an accept is
 *  otherwise than told. */
void yao_demo_ask(yao_stage *stage, yao_demo_session *session);

/** The string at MEMBER of the JSON in FILE, or of its member BELOW; false when
 *  there is none, or it does not fit. */
bool yao_demo_read(const char *file, const char *below, const char *member,
                   char *out, size_t cap);

/* ---- session.c ----------------------------------------------------------- */

/**
 * What a desk prepares before it asks: a fresh nonce and the SessionTranscript
 * of an OpenID4VP request, as a file.
 *
 * Out     nonce  43 letters and a NUL
 */
YAO_MUST_USE yao_status yao_session_remote(const char *path,
                                           const char *client_id,
                                           const char *response_uri,
                                           char        nonce[44]);

/** What a policeman's reader prepares: an ephemeral key (a PEM file) and the
 *  SessionTranscript of a QR engagement with a phone. */
YAO_MUST_USE yao_status yao_session_counter(const char *path,
                                            const char *key_path);

#endif
