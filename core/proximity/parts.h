/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_PARTS_H
#define YAO_PROXIMITY_PARTS_H

/** What the files of this folder share; nobody else includes it. */

#include "proximity/engagement.h"
#include "proximity/labels.h"

/* Keys of an engagement. */
enum { ENGAGED_VERSION = 0, ENGAGED_SECURITY = 1, ENGAGED_METHODS = 2,
       ENGAGED_ORIGINS = 5, ENGAGED_CAPABILITIES = 6 };

/* And of its capabilities. */
enum { CAN_HANDOVER = 2, CAN_ALL = 3, CAN_EXTENDED = 4 };

#define CIPHER_SUITE   1
#define METHOD_VERSION 1

/* Keys of options, and their bounds. */
enum { NFC_COMMAND = 0, NFC_RESPONSE = 1 };
enum { BLE_PERIPHERAL = 0, BLE_CENTRAL = 1, BLE_PERIPHERAL_UUID = 10,
       BLE_CENTRAL_UUID = 11, BLE_ADDRESS = 20, BLE_PSM = 21 };
enum { WIFI_PASS = 0, WIFI_CLASS = 1, WIFI_CHANNEL = 2, WIFI_BANDS = 3 };
enum { BOX_URL = 0, BOX_TO_HOLDER = 1, BOX_TO_READER = 2 };
enum { REST_URL = 0 };

enum { NFC_MIN_COMMAND = 255, NFC_MAX_COMMAND = 65535,
       NFC_MIN_RESPONSE = 256, NFC_MAX_RESPONSE = 65536 };

/* ---- method.c ----------------------------------------------------------- */

/** Take [type, version, options]; RET is written when it is a way that we
 *  know. Errors recorded in R. */
bool yao_prox_get_method(yao_cbor_reader *r, yao_prox_method *ret);

/** Would M be taken back? */
bool yao_prox_method_good(const yao_prox_method *m);

/** Write [type, version, options]. */
void yao_prox_put_method(yao_writer *w, const yao_prox_method *m);

/* ---- engagement.c ------------------------------------------------------- */

/** A COSE_Key with both coordinates: it is agreed with. */
void yao_prox_get_key(yao_cbor_reader *r, yao_public_key *ret);

/** The same in a tag 24; whole in BYTES. */
void yao_prox_get_key_bytes(yao_cbor_reader *r, yao_bytes *bytes,
                            yao_public_key *ret);

#endif
