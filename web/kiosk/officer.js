// SPDX-License-Identifier: Apache-2.0
//
// Officers compare in the camera's place: the person says a case at the counter,
// and two of them decide.

import { h, icon, notice } from '/shared/dom.js';
import { t } from '/shared/words.js';

const EACH_MS = 3000;
const SAID = 8; // letters of the case

export function officer(kiosk) {
    const { visit } = kiosk;
    const said = visit.caseId.slice(0, SAID).toUpperCase();
    let asking = false;
    const timer = setInterval(async () => {
        if (asking) return; // a slow answer is waited for, and drawn once
        const before = visit.step;
        asking = true;
        try {
            await visit.look();
            if (visit.step !== before && kiosk.visit === visit) kiosk.draw();
        } catch (error) {
            try {
                await kiosk.fail(visit, error);
            } catch {
                // asked again in a moment
            }
        } finally {
            asking = false;
        }
    }, EACH_MS);
    const node = h(
        'div',
        { class: 'stack', 'data-wide': '' },
        h('h1', {}, t('officer')),
        h(
            'div',
            { class: 'columns' },
            h(
                'div',
                { class: 'stack' },
                visit.why
                    ? notice('warn', h('b', {}, visit.why.what), h('p', {}, visit.why.next))
                    : null,
                h(
                    'ol',
                    { class: 'howto' },
                    h('li', {}, t('officer_1')),
                    h('li', {}, t('officer_2')),
                    h('li', {}, t('officer_3')),
                ),
                kiosk.config.demo
                    ? notice(
                          'unknown',
                          h('b', {}, t('officer_demo')),
                          h('p', {}, t('officer_demo_text')),
                      )
                    : null,
            ),
            h(
                'div',
                { class: 'panel stack case' },
                h('span', { class: 'soft' }, t('officer_case')),
                h(
                    'b',
                    { class: 'big mono', role: 'img', 'aria-label': said.split('').join(' ') },
                    `${said.slice(0, 4)}-${said.slice(4)}`,
                ),
                h(
                    'div',
                    { class: 'alive', 'aria-hidden': 'true' },
                    h('time', {}, t('officer_wait')),
                ),
                h('p', { class: 'row soft', role: 'status' }, icon('clock'), t('officer_wait')),
            ),
        ),
    );
    node.stop = () => clearInterval(timer);
    return node;
}
