// SPDX-License-Identifier: Apache-2.0
//
// The kiosk's page: paired or not, waiting for somebody, or with a person's visit.

import { h, icon, show } from '/shared/dom.js';
import { install, look, looks, trouble } from '/shared/page.js';
import { changeLanguage, languageNow, loadWords, t } from '/shared/words.js';
import { attract } from './attract.js';
import { Device, Gone } from './device.js';
import { callAttendant, dropPaper, ended, networkGone } from './help.js';
import { watch } from './idle.js';
import { pairing } from './pairing.js';
import { told } from './told.js';
import { Visit } from './visit.js';

const PATH = [
    ['terms', ['terms']],
    ['number', ['number']],
    ['face', ['face', 'officer']],
    ['choice', ['choice']],
    ['code', ['code']],
    ['offer', ['offer']],
];
const HOME = 'zh-CN'; // whoever comes next begins with this language

/* What was copied is the next person's to paste. */
function forgetCopied() {
    navigator.clipboard?.writeText('').catch(() => {
        // a browser that lets no page do so has no button that copies either
    });
}

/* Who changes how a screen looks is not led to its beginning, as by a new one. */
const stay = (id) => document.getElementById(id)?.focus({ preventScroll: true });

/** How a visit ends by what the server refused; undefined: it goes on. */
function endOf(error) {
    if (error?.status === 404) return { kind: 'unknown', key: 'end_over' };
    if (error?.status === 401) return { kind: 'bad', key: 'end_unpaired' };
    if (error?.status === 403 && error.code === 'refused')
        return { kind: 'bad', key: 'end_refused' };
    return undefined;
}

/* A browser may remember that it could not fetch a script: Kiosk.back() begins anew. */
async function loadScreens() {
    try {
        return (await import('./steps.js')).SCREENS;
    } catch (error) {
        console.warn('steps', error);
        dispatchEvent(new Event('kiosk:gone'));
        throw new Gone();
    }
}

/** What the page has beside its screens: the device, what it was told, the visit of now. */
class Kiosk {
    device = null;
    config = {};
    visit = null;
    gone = false; // there is no network
    end = null; // what is told at the end of a visit: {kind, key}
    #screens = null; // of a visit, by its steps
    #shown = null; // has a stop() when it holds a camera or a clock
    #unwatch = () => {};
    #beginning = false;
    #root = document.body.appendChild(h('div'));

    /** Somebody touched the screen. */
    begin = async () => {
        if (this.#beginning) return undefined; // by the button of before it was drawn anew
        const visit = new Visit(this.device);
        this.#beginning = true;
        try {
            this.#screens ??= await loadScreens();
            await visit.begin();
        } catch (error) {
            const end = endOf(error);
            if (!end) throw error;
            return this.finish(end);
        } finally {
            this.#beginning = false;
        }
        this.visit = visit;
        this.end = null;
        this.#unwatch = watch(
            visit,
            (error) => this.finish(endOf(error) ?? { kind: 'unknown', key: 'end_idle' }),
            this.config.patience,
        );
        return this.draw();
    };

    /** The visit is over, and all that was on the screen. END: what is told. */
    finish = async (end = null) => {
        this.#unwatch();
        this.#unwatch = () => {};
        const { visit } = this;
        this.visit = null;
        this.end = end;
        if (!this.config.demo) forgetCopied(); // two tabs of one computer are a demonstration
        for (const open of document.querySelectorAll('dialog')) open.close();
        dropPaper();
        this.draw();
        await visit?.leave();
    };

    /** As the next person finds it. */
    async reset() {
        this.end = null;
        look('type', 'normal');
        look('contrast', 'auto');
        if (languageNow() !== HOME) await changeLanguage(HOME);
        else this.draw();
    }

    /** There is a network again, and nothing to be asked of the server. */
    back = () => (this.#screens ? this.draw() : location.reload());

    /** What went wrong in VISIT ends it, or is thrown on. */
    fail = (visit, error) => {
        if (this.visit !== visit) return undefined; // it was over meanwhile
        const end = endOf(error);
        if (!end) throw error;
        return this.finish(end);
    };

    /** Run what leads to another step, and draw that; a session that is over ends here. */
    step = async (run) => {
        const { visit } = this;
        try {
            await run(visit);
        } catch (error) {
            return this.fail(visit, error);
        }
        return this.visit === visit ? this.draw() : undefined;
    };

    draw = () => {
        this.#shown?.stop?.();
        const node = this.#screen();
        this.#shown = node;
        const main = h(
            'main',
            { id: 'main', class: node.dataset.wide === undefined ? '' : 'wide' },
            node,
        );
        show(this.#root, this.#frame(main));
        const heading = main.querySelector('h1');
        heading?.setAttribute('tabindex', '-1');
        heading?.focus({ preventScroll: true });
        scrollTo(0, 0);
    };

    #screen() {
        if (!this.device) return pairing(this);
        if (this.gone) return networkGone(this);
        if (this.end) return ended(this);
        return this.visit ? this.#screens[this.visit.step](this) : attract(this);
    }

    #frame(main) {
        const english = languageNow() === 'en';
        const large = looks().type === 'large';
        const bar = h(
            'span',
            { class: 'row tools' },
            h(
                'button',
                {
                    type: 'button',
                    class: 'button',
                    id: 'language',
                    lang: english ? 'zh-CN' : 'en',
                    onclick: async () => {
                        await changeLanguage(english ? 'zh-CN' : 'en');
                        stay('language');
                    },
                },
                icon('globe'),
                t('language'),
            ),
            h(
                'button',
                {
                    type: 'button',
                    class: 'button',
                    id: 'type',
                    'aria-pressed': String(large),
                    onclick: () => {
                        look('type', large ? 'normal' : 'large');
                        this.draw();
                        stay('type');
                    },
                },
                h('span', { class: 'letters', 'aria-hidden': 'true' }, large ? 'A' : 'A⁺'),
                t(large ? 'usual_type' : 'large_type'),
            ),
        );
        return h(
            'div',
            { class: main.querySelector('.attract') ? 'page waiting' : 'page' },
            h(
                'header',
                {},
                h('img', { src: '/icon.svg', alt: '', width: 48, height: 48 }),
                h('b', { class: 'brand' }, t('brand')),
                bar,
            ),
            this.visit && !this.gone ? this.#path() : h('div', { class: 'no-path' }),
            main,
            h(
                'footer',
                { class: 'no-print' },
                this.device
                    ? h(
                          'button',
                          { type: 'button', class: 'button', onclick: () => callAttendant(this) },
                          icon('bell'),
                          t('call'),
                      )
                    : null,
                h('small', { class: 'soft' }, t('specimen_note')),
                this.visit && this.visit.step !== 'offer'
                    ? h(
                          'button',
                          {
                              type: 'button',
                              class: 'button danger',
                              onclick: () => this.finish({ kind: 'unknown', key: 'end_left' }),
                          },
                          icon('cross'),
                          t('leave'),
                      )
                    : null,
            ),
        );
    }

    #path() {
        const at = PATH.findIndex(([, steps]) => steps.includes(this.visit.step));
        return h(
            'section',
            { class: 'no-print', 'aria-label': t('path') },
            h(
                'ol',
                { class: 'path' },
                ...PATH.map(([name], i) =>
                    h(
                        'li',
                        { class: i < at ? 'past' : '', 'aria-current': i === at ? 'step' : null },
                        h(
                            'span',
                            { class: 'dot', 'aria-hidden': 'true' },
                            i < at ? icon('tick') : String(i + 1),
                        ),
                        h('span', { class: 'name' }, t(`path_${name}`)),
                    ),
                ),
            ),
        );
    }
}

async function start() {
    look();
    const [device, config] = await Promise.all([Device.find(), told, loadWords()]);
    install().catch((error) => console.warn('offline', error));
    const kiosk = new Kiosk();
    Object.assign(kiosk, { device, config });
    addEventListener('yaopai:language', kiosk.draw);
    addEventListener('kiosk:gone', () => {
        if (kiosk.gone || !kiosk.device) return;
        kiosk.gone = true;
        kiosk.draw();
    });
    // nothing of a visit lies in the history, or in a page that is kept for "back"
    addEventListener(
        'pagehide',
        () => kiosk.visit && kiosk.finish({ kind: 'unknown', key: 'end_left' }),
    );
    kiosk.draw();
}

start().catch((error) => show(document.body, h('main', { class: 'page' }, trouble(error))));
