// SPDX-License-Identifier: Apache-2.0
//
// What the console's places are made of: tables, forms, questions before
// something is done, and what is shown only once.

import { h, icon, notice, show } from '/shared/dom.js';
import { button, sheet, toast, trouble } from '/shared/page.js';
import { t } from '/shared/words.js';

let count = 0;
const fresh = () => `f${++count}`;

/* ---- tables ---- */

/**
 * A table with its caption. ROWS are arrays of cells: text, nodes, or null.
 * On a narrow page each row becomes a card, so the roles are said once more.
 */
export function table(caption, heads, rows, { empty = t('none'), hidden = false } = {}) {
    if (rows.length === 0)
        return h(
            'div',
            { class: 'stack tight' },
            hidden ? null : h('h2', { class: 'caption' }, caption),
            h('p', { class: 'soft empty' }, empty),
        );
    const name = (head) => head || h('span', { class: 'unseen' }, t('actions'));
    return h(
        'table',
        { class: 'table cards', role: 'table' },
        h('caption', { class: hidden ? 'unseen' : '' }, caption),
        h(
            'thead',
            { role: 'rowgroup' },
            h(
                'tr',
                { role: 'row' },
                ...heads.map((head) => h('th', { scope: 'col', role: 'columnheader' }, name(head))),
            ),
        ),
        h(
            'tbody',
            { role: 'rowgroup' },
            ...rows.map((cells) =>
                h(
                    'tr',
                    { role: 'row' },
                    ...cells.map((cell, at) =>
                        h('td', { role: 'cell', 'data-label': heads[at] }, cell ?? ''),
                    ),
                ),
            ),
        ),
    );
}

/** Names and values; values that are not there are left out. */
export function facts(pairs) {
    return h(
        'dl',
        { class: 'facts' },
        ...pairs
            .filter(([, value]) => value !== undefined && value !== null && value !== '')
            .flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
    );
}

/** A long hexadecimal name, short; all of it for who points at it. */
export function short(hex) {
    return h('span', { class: 'mono', title: hex }, hex.length > 14 ? `${hex.slice(0, 12)}…` : hex);
}

/* ---- forms ---- */

function control(f, id, more) {
    const properties = {
        id,
        name: f.name,
        required: f.required,
        'aria-describedby': more,
        autocomplete: f.autocomplete ?? 'off',
    };
    if (f.options)
        return h(
            'select',
            properties,
            f.value === undefined ? h('option', { value: '' }, t('choose')) : null,
            ...f.options.map(([value, text]) =>
                h('option', { value, selected: value === f.value }, text),
            ),
        );
    if (f.rows)
        return h(
            'textarea',
            { ...properties, rows: f.rows, spellcheck: 'false', maxlength: f.most },
            f.value ?? '',
        );
    return h('input', {
        ...properties,
        type: f.type ?? 'text',
        pattern: f.pattern,
        inputmode: f.inputmode,
        min: f.min,
        max: f.max,
        maxlength: f.most,
        class: f.mono ? 'mono' : '',
        spellcheck: 'false',
        value: f.value ?? '',
    });
}

function checks(f) {
    const boxes = f.checks.map(([value, text, hint]) =>
        h(
            'label',
            { class: 'check' },
            h('input', {
                type: 'checkbox',
                name: f.name,
                value,
                checked: (f.value ?? []).includes(value),
            }),
            h('span', {}, text, hint ? h('small', {}, hint) : null),
        ),
    );
    return {
        node: h(
            'fieldset',
            { class: 'field' },
            h('legend', {}, f.label),
            h('div', { class: 'checks' }, ...boxes),
            f.hint ? h('small', {}, f.hint) : null,
        ),
        read: () =>
            boxes
                .map((box) => box.firstChild)
                .filter((box) => box.checked)
                .map((box) => box.value),
    };
}

function field(f) {
    if (f.checks) return checks(f);
    const id = fresh();
    const hint = f.hint ? h('small', { id: `${id}h` }, f.hint) : null;
    const input = control(f, id, hint ? `${id}h` : undefined);
    if (f.onchange) input.addEventListener('change', () => f.onchange(input.value));
    return {
        node: h(
            'div',
            { class: 'field' },
            h(
                'label',
                { for: id },
                f.label,
                f.required ? null : h('span', { class: 'soft' }, ` (${t('optional')})`),
            ),
            input,
            hint,
        ),
        read: () => input.value,
    };
}

/**
 * A form. FIELDS: {name, label, ?hint, ?required, ?options [[value, text]], ?checks [[value, text, hint]], ?rows, ?type, ?value};
 * RUN gets their values by name, and what it throws is said below.
 */
export function form(fields, { submit, run, kind = 'first', cancel, before = [] }) {
    const all = fields.filter(Boolean).map((f) => [f.name, field(f)]);
    const said = h('div', { 'aria-live': 'polite' });
    const send = h('button', { type: 'submit', class: `button ${kind}` }, submit);
    const node = h(
        'form',
        { class: 'stack' },
        ...before,
        ...all.map(([, { node: each }]) => each),
        said,
        h('div', { class: 'row' }, send, cancel ? button(t('cancel'), cancel) : null),
    );
    node.addEventListener('submit', async (event) => {
        event.preventDefault();
        if (send.getAttribute('aria-busy') === 'true') return;
        send.setAttribute('aria-busy', 'true');
        show(said);
        try {
            await run(Object.fromEntries(all.map(([name, { read }]) => [name, read()])));
        } catch (error) {
            show(said, trouble(error));
        } finally {
            send.removeAttribute('aria-busy');
        }
    });
    return node;
}

/* ---- before something is done ---- */

/** A form in a sheet: gives what RUN gave, or undefined when it was left. */
export function question(title, fields, { submit, run, kind, text }) {
    return sheet(title, (close) =>
        form(fields, {
            submit,
            kind,
            cancel: () => close(),
            before: text ? [h('p', {}, text)] : [],
            run: async (values) => close((await run(values)) ?? true),
        }),
    );
}

/** What is told once: copied by hand, or lost. PAIRS of [name, text]. */
export function tellOnce(title, text, pairs, { file } = {}) {
    const copy = (value) =>
        button(
            t('copy'),
            async () => {
                await navigator.clipboard.writeText(value);
                toast(t('copied'));
            },
            { sign: 'copy' },
        );
    return sheet(title, (close) =>
        h(
            'div',
            { class: 'stack' },
            notice('warn', h('p', {}, text)),
            ...pairs.map(([name, value]) =>
                h(
                    'div',
                    { class: 'once stack tight' },
                    h('b', {}, name),
                    h(
                        'pre',
                        {
                            class: value.length > 80 ? 'mono small' : 'mono',
                            tabindex: '0',
                            'aria-label': name,
                        },
                        value,
                    ),
                    h('div', { class: 'row' }, copy(value), file ? save(file, value) : null),
                ),
            ),
            button(t('done'), () => close(true), { kind: 'first' }),
        ),
    );
}

/** A link that keeps TEXT as the file NAME. */
export function save(name, text, type = 'text/plain') {
    const url = URL.createObjectURL(new Blob([text], { type }));
    return h('a', { class: 'button', href: url, download: name }, icon('download'), t('save_file'));
}

/* ---- what is agreed to ---- */

const SETTLED = 500; // milliseconds

/**
 * A button by which something is agreed to: it takes no press in the half second after it came, or after the page came to
 * the front, nor the second one of two: what was meant for something else before it is not an answer (misuse N326).
 */
export function approve(text, run, more = {}) {
    const node = button(text, run, { ...more, 'aria-disabled': 'true' });
    let ready = Infinity;
    let timer;
    const settle = () => {
        ready = performance.now() + SETTLED;
        node.setAttribute('aria-disabled', 'true');
        clearTimeout(timer);
        timer = setTimeout(() => node.removeAttribute('aria-disabled'), SETTLED);
    };
    const came = new IntersectionObserver(([{ isIntersecting }]) => {
        if (!isIntersecting) return;
        came.disconnect();
        settle();
    });
    came.observe(node);
    const front = () => (node.isConnected ? settle() : removeEventListener('focus', front));
    addEventListener('focus', front);
    node.addEventListener(
        'click',
        (event) => {
            if (event.detail < 2 && performance.now() >= ready) return;
            event.preventDefault();
            event.stopImmediatePropagation();
        },
        { capture: true },
    );
    return node;
}

/** The head of a place. */
export function head(title, text, ...actions) {
    return h(
        'div',
        { class: 'row apart place-head' },
        h('div', {}, h('h1', {}, title), text ? h('p', { class: 'soft' }, text) : null),
        actions.length > 0 ? h('div', { class: 'row no-print' }, ...actions) : null,
    );
}
