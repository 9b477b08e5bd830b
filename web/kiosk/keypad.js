// SPDX-License-Identifier: Apache-2.0
//
// A keypad for fingers, with a field that a keyboard types into as well.
//
//     keypad({ name: t('number'), length: [15, 18], last: 'X', done: (text) => ... })

import { h, icon } from '/shared/dom.js';
import { t } from '/shared/words.js';

/**
 * The field and its keys as an element; its `value` is what was typed.
 *
 *   name     of the field
 *   length   [least, most] characters
 *   last     a letter that may be typed as well
 *   secret   dots are shown, and a key that shows what was typed
 *   groups   how many characters stand together: [6, 8, 4]
 *   input    gets the text after each key, and whether it may be enough
 *   done     called by the key Enter
 */
export function keypad({
    name,
    length,
    last = '',
    secret = false,
    groups,
    value = '',
    input = () => {},
    done = () => {},
}) {
    const [least, most] = length;
    let typed = value;
    const id = `pad-${name.length}-${most}`;
    const field = h('input', {
        id,
        type: secret ? 'password' : 'text',
        inputmode: 'none',
        autocomplete: 'off',
        spellcheck: 'false',
        value: spaced(typed),
        'aria-describedby': `${id}-count`,
    });
    const count = h('p', { id: `${id}-count`, class: 'count', 'aria-live': 'polite' });

    function spaced(text) {
        if (!groups || secret) return text;
        let at = 0;
        return groups
            .map((size) => text.slice(at, (at += size)))
            .filter(Boolean)
            .join(' ');
    }

    function take(text) {
        const letter = new RegExp(last ? `[0-9${last}]` : '[0-9]', 'g');
        typed = (text.toUpperCase().match(letter) ?? []).join('').slice(0, most);
        field.value = spaced(typed);
        count.textContent = typed.length < least ? t('still', { count: most - typed.length }) : '';
        input(typed, typed.length >= least);
    }

    const press = (key) => () => {
        take(key === 'back' ? typed.slice(0, -1) : typed + key);
        field.setSelectionRange?.(field.value.length, field.value.length);
    };
    const key = (text, press_, label) =>
        h('button', { type: 'button', class: 'key', 'aria-label': label, onclick: press_ }, text);
    field.addEventListener('input', () => take(field.value));
    field.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' && typed.length >= least) done(typed);
    });
    const seen = secret
        ? h(
              'button',
              {
                  type: 'button',
                  class: 'button round',
                  'aria-pressed': 'false',
                  'aria-label': t('show_code'),
                  onclick: (event) => {
                      const shown = field.type === 'password';
                      field.type = shown ? 'text' : 'password';
                      event.currentTarget.setAttribute('aria-pressed', String(shown));
                  },
              },
              icon('eye'),
          )
        : null;
    const node = h(
        'div',
        { class: 'pad stack' },
        h(
            'div',
            { class: 'field' },
            h('label', { for: id }, name),
            h('div', { class: 'typed' }, field, seen),
            count,
        ),
        h(
            'div',
            { class: 'keys', role: 'group', 'aria-label': t('keypad') },
            ...'123456789'.split('').map((digit) => key(digit, press(digit))),
            last ? key(last, press(last)) : key(t('clear'), () => take('')),
            key('0', press('0')),
            key(icon('back'), press('back'), t('rub_out')),
        ),
    );
    /* Whoever types before choosing the field means it all the same. */
    const hear = (event) => {
        if (!node.isConnected) return removeEventListener('keydown', hear);
        const elsewhere = event.target.closest?.('input, textarea, select, dialog');
        if (
            event.ctrlKey ||
            event.metaKey ||
            event.altKey ||
            (elsewhere && !elsewhere.contains(node))
        )
            return undefined;
        if (event.target === field || !new RegExp(`^[0-9${last}]$`, 'i').test(event.key))
            return undefined;
        event.preventDefault();
        field.focus();
        return press(event.key.toUpperCase())();
    };
    addEventListener('keydown', hear);
    Object.defineProperty(node, 'value', { get: () => typed });
    node.focusField = () => field.focus();
    take(typed);
    return node;
}
