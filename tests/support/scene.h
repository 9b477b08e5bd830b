/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_SCENE_H
#define YAO_TEST_SCENE_H

/**
 * A scene: which certificates are shown, whom we trust, what for and when;
 * and what became of it. For the tests of paths.
 */

#include "forge.h"

enum { SCENE_ANCHORS = 5, SCENE_CHAIN = YAO_MAX_CHAIN + 1 };

/** Keys of a scene: of the root, of the leaf, of a CA between, of strangers. */
enum { ROOT = 0, LEAF = 1, MIDDLE = 2, OTHER = 3, BIG = 8 };

typedef struct scene {
    yao_bytes  chain[SCENE_CHAIN];
    size_t     count;
    yao_anchor anchors[SCENE_ANCHORS];
    size_t     anchor_count;
    yao_role   role;
    yao_text   type;
    yao_time   now;
    bool       strict;
} scene;

typedef void (*scene_change)(forge *f);
typedef void (*scene_turn)(scene *s);

/** A good leaf (a reader for the role of readers, else a signer) under a good
 *  root, each changed as told; type org.iso.18013.5.1.mDL, at FORGE_NOW. */
void scene_set(scene *s, yao_role role, scene_change leaf, scene_change root);

void scene_trust(scene *s, yao_bytes certificate, yao_role role);

/** CERTIFICATE with HOW done to it (NULL: nothing), signed by key SIGNER. */
yao_bytes scene_changed(yao_bytes certificate, scene_change how, int signer);

/** Find the path and check its signatures. */
yao_status scene_walk(scene *s, yao_x509_path *path, yao_report *report);

/** What the report says of CHECK; YAO_OUTCOME_ABSENT without a row. */
yao_outcome scene_outcome(const yao_report *report, int check);

/** One sentence about a path. */
typedef struct scene_row {
    const char  *name;
    int          role;
    scene_change leaf, root;
    scene_turn   turn;
    yao_status   want;
    int          failed; /* the check that says so, or YAO_CHECK_NONE */
    uint32_t     deviations;
} scene_row;

/** Add a case per row. */
void scene_add(const char *group, const scene_row *rows, size_t count);

#endif
