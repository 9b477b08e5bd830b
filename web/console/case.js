// SPDX-License-Identifier: Apache-2.0
//
// One case: opened for a purpose, decided, confirmed, closed, by whom it may be.

import { h, icon, notice, show } from '/shared/dom.js';
import { button, go, toast } from '/shared/page.js';
import { knows, label, languageNow, t, when } from '/shared/words.js';
import { kindName, nameOf, readNames, stateOf } from './cases.js';
import { documentTitle, profileTitle } from './catalogue.js';
import { lookAt, purposeField } from './find.js';
import { approve, facts, form, question, short, tellOnce } from './parts.js';
import { call, may, who } from './session.js';

const OUTCOMES = ['seen', 'explained', 'passed_on', 'followed', 'unfounded'];

/* As rules[] of case_routes.c: who closes what alone. */
const CLOSES = [
    ['enrol.', ['officer', 'supervisor']],
    ['login.', ['officer', 'supervisor']],
    ['party.', ['officer', 'supervisor', 'registrar']],
    ['report.', ['registrar', 'supervisor']],
    ['person.', ['officer', 'supervisor']],
    ['', ['supervisor']],
];
const CONFIRMS = {
    'act.bulk_revoke': ['supervisor'],
    'act.restore': ['officer', 'supervisor'],
    'act.guardian': ['officer', 'supervisor'],
    'act.hold': ['supervisor'],
    'act.erase': ['supervisor'],
    'act.party': ['registrar', 'supervisor'],
    'act.intake': ['supervisor'],
    'act.rotate_signer': ['administrator'],
};

const ofTwo = (kind) => kind === 'enrol.officer' || kind === 'credential.issue';
const isAct = (kind) => kind.startsWith('act.');
const ofOperators = (kind) => kind.startsWith('operator.');

/* ---- what it says ---- */

const FORM = /_(?:mdoc|sdjwt|card)(?:_.*)?$/; // of a configuration: the document stands before it

function valueOf(name, value) {
    if (name === 'document') return documentTitle(value);
    if (name === 'profile') return profileTitle(value);
    if (name === 'profiles') return value.map(profileTitle).join(' · ');
    if (['until', 'ends', 'hour'].includes(name) && typeof value === 'number') return when(value);
    if (name === 'configuration')
        return h(
            'span',
            {},
            documentTitle(value.replace(FORM, '')),
            h('small', { class: 'mono soft' }, ` ${value}`),
        );
    if (name === 'operator') return nameOf(value);
    if (name === 'sha256') return h('span', { class: 'mono small whole' }, value);
    if (name === 'kind' && knows(`intake_${value}`)) return t(`intake_${value}`);
    if (name === 'roles') return value.map((role) => t(`role_${role}`)).join(' · ');
    if (name === 'reason') return knows(`reason_${value}`) ? t(`reason_${value}`) : value;
    if (name === 'why') return knows(`why_${value}`) ? t(`why_${value}`) : value;
    if (Array.isArray(value))
        return h(
            'ul',
            { class: 'plain' },
            ...value.map((one) => h('li', { class: 'mono small' }, String(one))),
        );
    if (value !== null && typeof value === 'object')
        return value.zh ? label(value) : h('span', { class: 'mono small' }, JSON.stringify(value));
    if (typeof value === 'number') return new Intl.NumberFormat(languageNow()).format(value);
    return /^[0-9a-f]{32,}$/.test(String(value)) ? short(String(value)) : String(value);
}

const detailOf = (detail) =>
    facts(
        Object.entries(detail)
            .filter(([name]) => name !== 'half')
            .map(([name, value]) => [
                knows(`detail_${name}`) ? t(`detail_${name}`) : name.replaceAll('_', ' '),
                valueOf(name, value),
            ]),
    );

const FILES = { certificate: 'reader.pem', receipt: 'receipt.jwt' };

/* What came of confirming: a certificate, a receipt, half a code, what to type. */
async function tellDone(done) {
    const [[name, value] = []] = Object.entries(done ?? {});
    if (name === undefined || value === '') return toast(t('confirmed'));
    return tellOnce(t('confirmed'), t(`done_${name}`), [[t(`done_name_${name}`), value]], {
        file: FILES[name],
    });
}

function decideButtons(one, state_word) {
    const first = state_word === 'open';
    const verb = first ? 'decide' : 'confirm';
    const said = async (decision) => {
        await call('POST', `/api/cases/${one.id}/${verb}`, { decision });
        toast(t(first ? 'decide_done' : 'confirm_done'));
        go('cases');
    };
    return [
        h('p', {}, t(first ? 'decide_text' : 'confirm_text')),
        h(
            'div',
            { class: 'row' },
            approve(t('accept'), () => said('accept'), { kind: 'first', sign: 'tick' }),
            button(t('refuse'), () => said('refuse'), { kind: 'danger', sign: 'cross' }),
            verb === 'confirm'
                ? button(t('give_back'), async () => {
                      await call('POST', `/api/cases/${one.id}/return`);
                      toast(t('given_back'));
                      go('cases');
                  })
                : null,
        ),
    ];
}

function actButtons(one, own) {
    const refuse = button(
        t(own ? 'take_back' : 'refuse'),
        async () => {
            await call('POST', `/api/acts/${one.id}/refuse`);
            toast(t('refused_done'));
            go('cases');
        },
        { kind: 'danger', sign: 'cross' },
    );
    if (own)
        return [notice('unknown', h('p', {}, t('own_act'))), h('div', { class: 'row' }, refuse)];
    if (!may(...(CONFIRMS[one.kind] ?? [])))
        return [notice('unknown', h('p', {}, t('others_confirm')))];
    return [
        h('p', {}, t('confirm_act_text')),
        h(
            'div',
            { class: 'row' },
            approve(
                t('confirm'),
                async () => {
                    await tellDone(await call('POST', `/api/acts/${one.id}/confirm`));
                    go('cases');
                },
                { kind: 'first', sign: 'tick' },
            ),
            refuse,
        ),
    ];
}

function operatorButtons(one, own) {
    if (own || !may('administrator'))
        return [notice('unknown', h('p', {}, t(own ? 'own_act' : 'others_confirm')))];
    return [
        h('p', {}, t('confirm_act_text')),
        h(
            'div',
            { class: 'row' },
            approve(
                t('confirm'),
                async () => {
                    await tellDone(await call('POST', `/api/operators/cases/${one.id}/confirm`));
                    go('cases');
                },
                { kind: 'first', sign: 'tick' },
            ),
        ),
    ];
}

function closeButton(one) {
    const [, roles] = CLOSES.find(([begin]) => one.kind.startsWith(begin));
    if (!may(...roles)) return [notice('unknown', h('p', {}, t('others_close')))];
    const close = button(
        t('close_case'),
        async () => {
            const yes = await question(
                t('close_case'),
                [
                    {
                        name: 'outcome',
                        label: t('outcome'),
                        required: true,
                        options: OUTCOMES.map((word) => [word, t(`outcome_${word}`)]),
                    },
                ],
                {
                    submit: t('close_case'),
                    run: ({ outcome }) => call('POST', `/api/cases/${one.id}/close`, { outcome }),
                },
            );
            if (yes) {
                toast(t('case_closed'));
                go('cases');
            }
        },
        { kind: 'first', sign: 'tick' },
    );
    return [h('div', { class: 'row' }, close)];
}

function buttons(one, word) {
    const own = one.decided_by === who().id;
    if (word === 'closed') return [];
    if (isAct(one.kind)) return actButtons(one, own);
    if (ofOperators(one.kind)) return operatorButtons(one, own);
    if (!ofTwo(one.kind)) return closeButton(one);
    if (word === 'decided' && (own || !may('officer', 'supervisor')))
        return [notice('unknown', h('p', {}, t(own ? 'own_decision' : 'others_confirm')))];
    return may('clerk', 'officer', 'supervisor')
        ? decideButtons(one, word)
        : [notice('unknown', h('p', {}, t('others_confirm')))];
}

function opened(one, purpose) {
    const word = one.closed_at ? 'closed' : one.decided_at ? 'decided' : 'open';
    return [
        h(
            'section',
            { class: 'panel stack' },
            h('div', { class: 'row apart' }, h('h2', {}, t('case_says')), stateOf(word)),
            facts([
                [t('opened'), when(one.opened)],
                [t('decision'), one.decision ? t(`decision_${one.decision}`, {}) : undefined],
                [t('decided_by'), one.decided_by ? nameOf(one.decided_by) : undefined],
                [t('decided_at'), one.decided_at ? when(one.decided_at) : undefined],
                [t('closed_at'), one.closed_at ? when(one.closed_at) : undefined],
            ]),
            detailOf(one.detail),
            one.text ? h('blockquote', {}, one.text) : null,
            one.person && may('clerk', 'officer', 'supervisor')
                ? h(
                      'div',
                      { class: 'row' },
                      button(t('look_at_person'), () => lookAt(one.person, purpose), {
                          sign: 'eye',
                          title: t('look_logged'),
                      }),
                  )
                : null,
        ),
        h('section', { class: 'panel stack' }, ...buttons(one, word)),
    ].filter((section) => section.childNodes.length > 0);
}

/** The case ID; KIND and WORD are for its head, until it is opened. */
export function oneCase(id, kind = '', word = '') {
    const place = h('div', { class: 'stack' });
    const mark = word ? stateOf(word) : h('span');
    show(
        place,
        h(
            'section',
            { class: 'panel' },
            form([purposeField()], {
                submit: t('open_case'),
                before: [h('p', { class: 'soft' }, t('case_purpose_text'))],
                run: async ({ purpose }) => {
                    await readNames();
                    const one = await call('POST', `/api/cases/${id}/open`, { purpose });
                    mark.remove();
                    show(place, ...opened(one, purpose));
                    place.querySelector('h2')?.setAttribute('tabindex', '-1');
                    place.querySelector('h2')?.focus();
                },
            }),
        ),
    );
    return h(
        'div',
        { class: 'stack narrow' },
        h(
            'div',
            { class: 'row' },
            h('a', { class: 'button plain', href: '#/cases' }, icon('back'), t('place_cases')),
        ),
        h('div', { class: 'row apart' }, h('h1', {}, kind ? kindName(kind) : t('case')), mark),
        place,
    );
}
