// SPDX-License-Identifier: Apache-2.0
//
// Across the counter: the phone shows a code, the desk's server talks with it
// (ISO/IEC 18013-5), and both stay where they are.

import { h, show } from '/shared/dom.js';
import { Trouble } from '/shared/page.js';
import { t } from '/shared/words.js';
import { conclude, countdown, over } from './request.js';
import { scanning } from './wedge.js';

/* The code in what was read: also in a link to a page, after which words may stand. */
const engagementIn = (text) => text.match(/mdoc:[\w-]+/)?.[0];

/** The way. */
export async function counter(walk) {
    const { desk, profile, room, signal, more } = walk;
    const engagement = await new Promise((resolve) => {
        const scanner = scanning(signal, (text) => {
            const found = engagementIn(text);
            if (!found)
                return scanner.refuse(
                    new Trouble(
                        t('not_engagement'),
                        t('not_engagement_why'),
                        t('not_engagement_next'),
                    ),
                );
            scanner.stop();
            return resolve(found);
        });
        show(room, h('p', { class: 'soft' }, t('counter_how')), scanner.node);
    });
    show(room, h('p', { role: 'status' }, t('busy')));
    const asked = await desk.ask('POST', '/api/counters', {
        profile: profile.name,
        engagement,
        ...more,
        officer: desk.officerNow()?.officer,
    });
    show(
        room,
        h(
            'div',
            { class: 'panel stack' },
            h('p', { class: 'waiting', role: 'status' }, t('waiting_counter')),
            countdown(asked.expires, signal),
        ),
    );
    conclude(walk, await over(desk, asked.id, signal));
}
