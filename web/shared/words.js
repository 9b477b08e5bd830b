// SPDX-License-Identifier: Apache-2.0
//
// What the pages say, in Chinese and English: words/zh-CN.json and words/en.json
// of the page, and those of shared/ below them.
//
//     await loadWords();
//     t('copies_left', { count: 3 })

let words = {};
let language = 'zh-CN';

const LANGUAGES = ['zh-CN', 'en'];
const KEPT = 'yaopai.language';

function kept() {
    try {
        return localStorage.getItem(KEPT);
    } catch {
        return null; // a browser that keeps nothing
    }
}

function preferred() {
    const asked = [kept(), ...(navigator.languages ?? [])];
    for (const tag of asked)
        for (const known of LANGUAGES)
            if (tag && tag.slice(0, 2) === known.slice(0, 2)) return known;
    return 'zh-CN';
}

async function read(path) {
    const answer = await fetch(path);
    return answer.ok ? answer.json() : {};
}

function readAll(tag) {
    return Promise.all([read(`/shared/words/${tag}.json`), read(`/words/${tag}.json`)]);
}

/* index.html names this script before everything, and it waits for nothing: what is
 * surely needed is asked for while the others are still on their way. */
const early = { language: preferred() };
early.words = readAll(early.language);
early.words.catch(() => {}); // whoever loads them is told

let come;

/** Until there are words: for who may have something to say before. */
export const wordsHere = new Promise((here) => (come = here));

/** Load the words of this page. */
export async function loadWords(wanted = preferred()) {
    language = LANGUAGES.includes(wanted) ? wanted : 'zh-CN';
    const [all, own] = await (early.words && early.language === language
        ? early.words
        : readAll(language));
    early.words = null;
    words = { ...all, ...own };
    document.documentElement.lang = language;
    document.title = words.title ?? document.title;
    come();
}

/** Which language it is: "zh-CN" or "en". */
export function languageNow() {
    return language;
}

/** Another language, from now on. The page draws itself anew. */
export async function changeLanguage(to) {
    try {
        localStorage.setItem(KEPT, to);
    } catch {
        // it is for this time only
    }
    await loadWords(to);
    dispatchEvent(new Event('yaopai:language'));
}

/** The words for KEY, with {names} replaced; KEY itself where there are none. */
export function t(key, values = {}) {
    const text = words[key];
    if (text === undefined) {
        console.warn(`no words for ${key}`);
        return key;
    }
    return text.replace(/\{(\w+)\}/g, (whole, name) =>
        name in values ? String(values[name]) : whole,
    );
}

/** Is there something to be said for KEY? */
export function knows(key) {
    return key in words;
}

/** The label of {"zh", "en"} in the language of now. */
export function label(both) {
    if (!both) return '';
    return language === 'en' ? (both.en ?? both.zh ?? '') : (both.zh ?? both.en ?? '');
}

/** A time, as people read it: seconds since 1970. */
export function when(seconds, options = { dateStyle: 'medium', timeStyle: 'short' }) {
    return new Intl.DateTimeFormat(language, options).format(new Date(seconds * 1000));
}

/** How long ago, or for how long: "43 min". */
export function span(seconds) {
    const units = [
        ['day', 86400],
        ['hour', 3600],
        ['minute', 60],
        ['second', 1],
    ];
    const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? units[3];
    return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(
        Math.round(seconds / size),
    );
}
