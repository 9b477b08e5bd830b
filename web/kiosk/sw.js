// SPDX-License-Identifier: Apache-2.0
//
// Keeps the page on this device, so that it works with every server stopped.
// Nothing is kept whose hash is not in cache.json.

import { keep } from '/shared/keep.js';

keep(self, 'kiosk', { vouched: false, alone: true });
