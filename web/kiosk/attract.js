// SPDX-License-Identifier: Apache-2.0
//
// What a kiosk shows while it waits for somebody.

import { face } from '/shared/face.js';
import { h, icon, s } from '/shared/dom.js';
import { button } from '/shared/page.js';
import { changeLanguage, languageNow, t } from '/shared/words.js';

const FAN = ['household_booklet', 'driving_licence', 'resident_id'];
const STEPS = [
    ['person', 'attract_1'],
    ['face', 'attract_2'],
    ['phone', 'attract_3'],
];

/* Rings that interweave, as behind the text of a document; they turn slowly. */
function weave() {
    const rings = [];
    for (let ring = 0; ring < 26; ring++) {
        const radius = 90 + ring * 17;
        let path = '';
        for (let i = 0; i <= 240; i++) {
            const turn = (i / 240) * 2 * Math.PI;
            const r = radius * (1 + 0.16 * Math.sin(9 * turn + ring * 0.42));
            path += `${i === 0 ? 'M' : 'L'}${(600 + r * Math.cos(turn)).toFixed(1)} ${(600 + r * Math.sin(turn)).toFixed(1)}`;
        }
        rings.push(path);
    }
    return h(
        'div',
        { class: 'weave', 'aria-hidden': 'true' },
        s('svg', { viewBox: '0 0 1200 1200' }, s('path', { d: rings.join('') })),
    );
}

function fan() {
    return h(
        'div',
        { class: 'fan', 'aria-hidden': 'true', inert: true },
        ...FAN.map((kind) =>
            face({ kind, title: t(`title_${kind}`), subtitle: t(`subtitle_${kind}`), facts: [] }),
        ),
    );
}

export function attract(kiosk) {
    const other = languageNow() === 'en' ? 'zh-CN' : 'en';
    return h(
        'div',
        { class: 'attract', 'data-wide': '' },
        weave(),
        h(
            'div',
            { class: 'stack say' },
            h(
                'div',
                {},
                h('h1', {}, t('attract')),
                h('p', { class: 'other-title', lang: other }, t('attract_other')),
            ),
            h('p', { class: 'lead' }, t('attract_text')),
            h(
                'ol',
                { class: 'three' },
                ...STEPS.map(([sign, key]) => h('li', {}, icon(sign), h('span', {}, t(key)))),
            ),
            h(
                'div',
                { class: 'stack start' },
                button(t('begin'), kiosk.begin, { kind: 'first huge', sign: 'go' }),
                h(
                    'button',
                    {
                        type: 'button',
                        class: 'button huge',
                        lang: other,
                        onclick: async () => {
                            await changeLanguage(other);
                        },
                    },
                    icon('globe'),
                    t('begin_other'),
                ),
            ),
            h(
                'p',
                { class: 'row soft' },
                icon('print'),
                h('span', { class: 'grow' }, t('attract_no_phone')),
            ),
        ),
        fan(),
    );
}
