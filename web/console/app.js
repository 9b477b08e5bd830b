// SPDX-License-Identifier: Apache-2.0
//
// The console's page: who is there, then the places that their roles open.

import { h, icon, show } from '/shared/dom.js';
import { again, button, later, look, skip, trouble, wander } from '/shared/page.js';
import { changeLanguage, languageNow, loadWords, t } from '/shared/words.js';
import { loadCatalogue } from './catalogue.js';
import { door, leave, may, recall, who } from './session.js';

/* On a slow network the door does not wait for the rooms. */
const audit = later(() => import('./audit.js'), 'audit');
const cases = later(() => import('./cases.js'), 'cases');
const oneCase = later(() => import('./case.js'), 'oneCase');
const dashboard = later(() => import('./dashboard.js'), 'dashboard');
const intake = later(() => import('./intakes.js'), 'intake');
const intakes = later(() => import('./intakes.js'), 'intakes');
const kiosks = later(() => import('./kiosks.js'), 'kiosks');
const me = later(() => import('./me.js'), 'me');
const operators = later(() => import('./operators.js'), 'operators');
const parties = later(() => import('./parties.js'), 'parties');
const find = later(() => import('./find.js'), 'find');
const person = later(() => import('./person.js'), 'person');
const signers = later(() => import('./service.js'), 'signers');
const trust = later(() => import('./service.js'), 'trust');

/* Where what is, and whose it is (docs/api/roles.txt). */
const PLACES = [
    ['dashboard', 'chart', dashboard, ['officer', 'supervisor', 'auditor', 'administrator']],
    ['find', 'search', find, ['clerk', 'officer', 'supervisor']],
    [
        'cases',
        'list',
        cases,
        ['clerk', 'officer', 'supervisor', 'registrar', 'auditor', 'administrator'],
    ],
    ['intakes', 'upload', intakes, ['officer', 'supervisor', 'auditor']],
    ['parties', 'house', parties, ['supervisor', 'registrar', 'auditor', 'administrator']],
    ['kiosks', 'face', kiosks, ['supervisor', 'auditor', 'administrator']],
    ['operators', 'people', operators, ['auditor', 'administrator']],
    ['signers', 'key', signers, ['supervisor', 'auditor', 'administrator']],
    ['trust', 'shield', trust, ['supervisor', 'registrar', 'auditor', 'administrator']],
    ['audit', 'clock', audit, ['supervisor', 'auditor', 'administrator']],
    ['me', 'gear', me, ['clerk', 'officer', 'supervisor', 'registrar', 'auditor', 'administrator']],
];

const main = h('main', { id: 'main' });

function languageButton() {
    return h(
        'button',
        {
            type: 'button',
            class: 'button plain',
            lang: languageNow() === 'en' ? 'zh-CN' : 'en',
            onclick: () => changeLanguage(languageNow() === 'en' ? 'zh-CN' : 'en'),
        },
        icon('globe'),
        t('language'),
    );
}

function header(...more) {
    return h(
        'header',
        {},
        h('img', { src: '/icon.svg', alt: '', width: 34, height: 34 }),
        h('b', { class: 'brand' }, t('title')),
        ...more,
        languageButton(),
    );
}

function frame() {
    const open = PLACES.filter(([, , , roles]) => may(...roles));
    show(
        document.body,
        skip(main),
        h(
            'div',
            { class: 'console' },
            header(
                h(
                    'span',
                    { class: 'who' },
                    icon('person'),
                    h(
                        'span',
                        {},
                        h('b', {}, who().name),
                        h(
                            'small',
                            {},
                            who()
                                .roles.map((role) => t(`role_${role}`))
                                .join(' · '),
                        ),
                    ),
                ),
                button(t('log_out'), leave, { kind: 'plain', sign: 'lock' }),
            ),
            h(
                'nav',
                { 'aria-label': t('nav') },
                h(
                    'ul',
                    {},
                    ...open.map(([name, sign]) =>
                        h(
                            'li',
                            {},
                            h(
                                'a',
                                {
                                    href: `#/${name}`,
                                    onclick: () => location.hash === `#/${name}` && again(),
                                },
                                icon(sign),
                                t(`place_${name}`),
                            ),
                        ),
                    ),
                ),
            ),
            main,
        ),
    );
    return open;
}

async function inside() {
    const open = frame();
    await loadCatalogue();
    const places = Object.fromEntries(open.map(([name, , place]) => [name, place]));
    places[''] = open[0][2];
    places.case = oneCase;
    if (may('clerk', 'officer', 'supervisor')) places.person = person;
    if (may('officer', 'supervisor', 'auditor')) places.intake = intake;
    addEventListener('yaopai:language', frame);
    // a question belongs to the place where it was asked
    addEventListener('hashchange', () =>
        document.querySelectorAll('dialog[open]').forEach((each) => each.close()),
    );
    const inSight = () =>
        document
            .querySelector(`nav a[href="#/${location.hash.split('/')[1] ?? ''}"]`)
            ?.scrollIntoView({ block: 'nearest', inline: 'center' });
    for (const event of ['hashchange', 'resize']) addEventListener(event, inSight);
    addEventListener('yaopai:language', inSight);
    if (location.hash.length < 3) location.replace(`#/${open[0][0]}`);
    await wander(places, main);
    inSight();
}

function outside() {
    const draw = () =>
        show(
            document.body,
            skip(main),
            h(
                'div',
                { class: 'console outside' },
                header(),
                show(
                    main,
                    door(() => {
                        removeEventListener('yaopai:language', draw);
                        inside().catch((error) => show(main, trouble(error)));
                    }),
                ),
            ),
        );
    addEventListener('yaopai:language', draw);
    draw();
}

async function start() {
    look();
    const [known] = await Promise.all([recall(), loadWords()]);
    await (known === null ? outside() : inside());
}

start().catch((error) => show(document.body, h('main', { class: 'page' }, trouble(error))));
