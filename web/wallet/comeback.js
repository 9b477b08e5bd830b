// SPDX-License-Identifier: Apache-2.0
//
// The window in which a person said at the authority who they are, when it has
// come back: it hands over what it brought to the page that opened it.

import { h } from '/shared/dom.js';

/** Between that window and get.js. */
export const CHANNEL = 'yaopai-code';

/** This is the window that came back: hand over what came, and close. True when it was that. */
export function comeBack() {
    const query = location.search.slice(1);
    if (!/(^|&)(code|error)=/.test(query)) return false;
    const channel = new BroadcastChannel(CHANNEL);
    channel.postMessage(query);
    channel.close();
    globalThis.history.replaceState(null, '', '/');
    close();
    document.body.replaceChildren(
        h('main', { class: 'page' }, h('p', {}, '可以关闭此窗口。You can close this window.')),
    );
    return true;
}
