// SPDX-License-Identifier: Apache-2.0
//
// What a kiosk shows while it waits for somebody.

import { face } from '/shared/face.js';
import { h, icon } from '/shared/dom.js';
import { button } from '/shared/page.js';
import { changeLanguage, languageNow, t } from '/shared/words.js';

const FAN = ['household_booklet', 'driving_licence', 'resident_id'];
const STEPS = [
    ['person', 'attract_1'],
    ['face', 'attract_2'],
    ['phone', 'attract_3'],
];

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
        h(
            'div',
            { class: 'stack' },
            h('h1', {}, t('attract')),
            h('p', { class: 'lead' }, t('attract_text')),
            h(
                'ul',
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
            h('p', { class: 'soft' }, t('attract_no_phone')),
        ),
        fan(),
    );
}
