// SPDX-License-Identifier: Apache-2.0
//
// Elements, made without markup: text is text, whatever is in it.
//
//     h('button', { class: 'button first', onclick: go }, icon('qr'), t('show'))

const NAMESPACE = 'http://www.w3.org/2000/svg';

function set(node, name, value) {
    if (value === undefined || value === null || value === false) return;
    if (name.startsWith('on') && typeof value === 'function')
        node.addEventListener(name.slice(2), value);
    else if (name === 'style')
        for (const [property, to] of Object.entries(value)) node.style.setProperty(property, to);
    else if (['value', 'checked', 'disabled', 'selected', 'srcObject'].includes(name))
        node[name] = value;
    else node.setAttribute(name, value === true ? '' : String(value));
}

function fill(node, children) {
    for (const child of children.flat(Infinity))
        if (child !== null && child !== undefined && child !== false) node.append(child);
    return node;
}

/** An element of HTML. Null, undefined and false among CHILDREN are left out. */
export function h(name, properties = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(properties ?? {})) set(node, key, value);
    return fill(node, children);
}

/** The same of SVG. */
export function s(name, properties = {}, ...children) {
    const node = document.createElementNS(NAMESPACE, name);
    for (const [key, value] of Object.entries(properties ?? {})) set(node, key, value);
    return fill(node, children);
}

/** An icon of shared/icons.svg; it says nothing to a screen reader. */
export function icon(name) {
    return s(
        'svg',
        { class: 'icon', 'aria-hidden': 'true', focusable: 'false' },
        s('use', { href: `/shared/icons.svg#${name}` }),
    );
}

/** Put CHILDREN in the place of all that is in NODE. */
export function show(node, ...children) {
    node.replaceChildren();
    return fill(node, children);
}

const CONTROLS = 'a[href], button, input, select, textarea, summary';
const nameOf = (node) =>
    [
        node.localName,
        node.id,
        node.name,
        node.type === 'radio' ? node.value : '',
        node.getAttribute('aria-label') ?? node.textContent,
    ].join(' ');

/** As show(); who was at a control of NODE is at its like again, when there is one. Gives whether they are. */
export function showAgain(node, ...children) {
    const likes = (name) =>
        [...node.querySelectorAll(CONTROLS)].filter((each) => nameOf(each) === name);
    const was = node.contains(document.activeElement) ? nameOf(document.activeElement) : null;
    const known = likes(was).length === 1; // of several, the like may be of something else
    show(node, ...children);
    const now = known ? likes(was) : [];
    if (now.length !== 1) return false;
    now[0].focus({ preventScroll: true });
    return document.activeElement === now[0];
}

/** A state: colour, shape and word together. KIND: ok, warn, bad, unknown. */
export function state(kind, text) {
    const shapes = { ok: 'tick', warn: 'warn', bad: 'cross', unknown: 'question' };
    return h('span', { class: `state ${kind}` }, icon(shapes[kind] ?? 'question'), text);
}

/** What people are to read before they go on: what, why, what next. */
export function notice(kind, ...children) {
    const shapes = { ok: 'tick', warn: 'warn', bad: 'cross', unknown: 'info' };
    const role = kind === 'bad' ? 'alert' : 'status';
    return h(
        'div',
        { class: `notice ${kind}`, role },
        icon(shapes[kind] ?? 'info'),
        h('div', {}, ...children),
    );
}
