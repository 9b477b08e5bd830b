// SPDX-License-Identifier: Apache-2.0
//
// Paper, for who has no telephone: a sheet for each purpose that allows paper, by
// the same face and the same record as a document on a telephone.

import { h, icon, notice, show, state } from '/shared/dom.js';
import { Trouble, button } from '/shared/page.js';
import { label, t } from '/shared/words.js';
import { print } from './help.js';
import { listPapers } from './known.js';
import { receipt, sheetOf } from './paper.js';

const list = (words) => words.join(t('comma'));

/* One of the choices that a purpose leaves: "over 18". */
function choices(paper, name, changed) {
    const { ask, document: definition } = paper;
    if (!ask.choices) return null;
    return h(
        'div',
        { class: 'chips', role: 'radiogroup', 'aria-label': t('paper_choice') },
        ...ask.choices.map((choice) => {
            const element = definition.elements.find((one) => one.name === choice);
            return h(
                'label',
                { class: 'chip' },
                h('input', {
                    type: 'radio',
                    name,
                    value: choice,
                    checked: paper.choice === choice,
                    onchange: () => {
                        paper.choice = choice;
                        changed();
                    },
                }),
                h('span', {}, label(element?.label) || choice),
            );
        }),
    );
}

/* What stands on it: who carries it should know before. */
function saysOf({ ask, document: definition, choice }) {
    const names = [...(ask.elements ?? []), ...(choice ? [choice] : [])];
    return names
        .map((name) => definition.elements.find((one) => one.name === name))
        .filter((one) => one && one.type !== 'image')
        .map((one) => label(one.label));
}

class Way {
    constructor(kiosk, paper) {
        Object.assign(this, { kiosk, paper });
        paper.choice ??= paper.ask.choices?.[0] ?? '';
        this.node = h('li', { class: 'panel sheet-way' });
        this.draw();
    }

    get key() {
        return `${this.paper.key} ${this.paper.choice}`;
    }

    /* Printed once more, it is the same sheet: nothing is issued for a printer's fault. */
    async #print() {
        const { visit } = this.kiosk;
        const { document: definition, profile, choice } = this.paper;
        let sheet = visit.sheets.get(this.key);
        if (!sheet) {
            sheet = await visit.print({
                document: definition.name,
                profile: profile.name,
                ...(choice ? { choice } : {}),
            });
            visit.sheets.set(this.key, sheet);
        }
        if (this.kiosk.visit !== visit) return;
        const came = await print(() => sheetOf(sheet), 'paper_out_sheet');
        sheet.came ||= came;
        if (this.kiosk.visit === visit) this.kiosk.draw();
    }

    draw = () => {
        const { document: definition, profile } = this.paper;
        const made = this.kiosk.visit.sheets.get(this.key);
        const says = saysOf(this.paper);
        show(
            this.node,
            h(
                'div',
                { class: 'row apart' },
                h('h2', {}, label(profile.title)),
                made?.came ? state('ok', t('paper_came')) : null,
            ),
            h('p', {}, label(definition.title)),
            choices(this.paper, this.paper.key, this.draw),
            says.length > 0
                ? h('p', { class: 'soft small' }, t('paper_says', { list: list(says) }))
                : null,
            h(
                'div',
                { class: 'row apart' },
                h(
                    'span',
                    { class: 'row soft' },
                    icon('clock'),
                    t('paper_days', { count: profile.paper_days }),
                ),
                button(t(made ? 'paper_again' : 'paper_print'), () => this.#run(), {
                    kind: made ? '' : 'first',
                    sign: 'print',
                    'aria-label': `${t(made ? 'paper_again' : 'paper_print')}: ${label(profile.title)}`,
                }),
            ),
        );
    };

    /* What ends the session ends it here too. */
    async #run() {
        const { visit } = this.kiosk;
        try {
            await this.#print();
        } catch (error) {
            if (error.status !== 404 && error.status !== 401) throw error;
            await this.kiosk.fail(visit, error);
        }
    }
}

function told(visit) {
    return [...visit.sheets.values()].map((sheet) =>
        t('receipt_sheet', {
            title: label(sheet.title),
            purpose: label(sheet.purpose),
            until: sheet.until,
        }),
    );
}

/** The screen: which sheets there are. */
export function sheets(kiosk) {
    const { visit } = kiosk;
    const room = h('ul', { class: 'sheets' });
    const any = visit.sheets.size > 0;
    const back = button(
        t(any ? 'paper_phone' : 'back'),
        () => {
            visit.codesAt = 'transaction';
            kiosk.draw();
        },
        { sign: any ? 'phone' : 'back' },
    );
    listPapers(visit.chosen)
        .then((papers) => {
            if (papers.length === 0) throw new Trouble(t('paper_none'), '', t('paper_none_next'));
            show(room, ...papers.map((paper) => new Way(kiosk, paper).node));
        })
        .catch((error) =>
            show(
                room,
                h(
                    'li',
                    {},
                    notice('bad', h('b', {}, error.what ?? t('trouble')), error.next ?? ''),
                ),
            ),
        );
    return h(
        'div',
        { class: 'stack', 'data-wide': '' },
        h('h1', {}, t('paper')),
        h('p', { class: 'lead' }, t('paper_text')),
        h('p', { class: 'soft' }, t('paper_text_2')),
        room,
        h(
            'div',
            { class: 'row onward' },
            back,
            any
                ? button(
                      t('receipt_print'),
                      () => print(() => receipt(kiosk, told(visit)), 'paper_out_receipt'),
                      { sign: 'print' },
                  )
                : null,
            any
                ? button(t('finish'), () => kiosk.finish({ kind: 'ok', key: 'end_paper' }), {
                      kind: 'first',
                      sign: 'tick',
                  })
                : null,
        ),
    );
}
