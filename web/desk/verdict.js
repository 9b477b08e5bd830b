// SPDX-License-Identifier: Apache-2.0
//
// The one word that is read across a counter, with its colour and its shape; why
// it is so, and what the clerk does now.

import { h, icon } from '/shared/dom.js';
import { knows, t } from '/shared/words.js';
import { reasonOf } from './judged.js';

const LOOKS = { accept: ['ok', 'tick'], reject: ['bad', 'cross'], indeterminate: ['', 'question'] };

/** The words of a row: what was looked at, and what was wrong with it. */
export function rowWords({ check, why }) {
    const what = knows(`check_${check}`) ? t(`check_${check}`) : check;
    const wrong = !why ? '' : knows(`why_${why}`) ? t(`why_${why}`) : why;
    return { what, wrong };
}

/* {looks, word, why, next}: what is read across a counter. */
function sayOf(judged) {
    if (judged.other)
        return {
            looks: LOOKS.reject,
            word: t('verdict_other'),
            why: t('portrait_other_text'),
            next: t('verdict_reject_next'),
        };
    if (judged.remains.includes('compare_portrait'))
        return {
            looks: LOOKS.indeterminate,
            word: t('verdict_indeterminate'),
            why: t('compare_portrait'),
        };
    if (judged.verdict === 'accept')
        return judged.match === false
            ? { looks: LOOKS.reject, word: t('verdict_differs'), why: t('match_no') }
            : {
                  looks: LOOKS.accept,
                  word: t('verdict_accept'),
                  why: t(judged.compared ? 'verdict_compared_text' : 'verdict_accept_text'),
              };
    const row = reasonOf(judged) ?? { check: 'structure', outcome: 'unknown' };
    const { what, wrong } = rowWords(row);
    return {
        looks: LOOKS[judged.verdict] ?? LOOKS.indeterminate,
        word: t(judged.verdict === 'reject' ? 'verdict_reject' : 'verdict_indeterminate'),
        why: t(`row_${row.outcome}`, { what }) + (wrong ? t('colon') + wrong : ''),
        next: nextOf(judged, row),
    };
}

/* What the clerk does now. */
function nextOf({ verdict, alone }, { check, why }) {
    if (verdict === 'reject')
        return t(check === 'card_replay' ? 'verdict_replay_next' : 'verdict_reject_next');
    if (check === 'bundle' && why === 'NOT_YET_VALID') return t('verdict_clock_next');
    if (check === 'status' || check === 'bundle')
        return t(alone ? 'verdict_old_next' : 'verdict_state_next');
    return t('verdict_indeterminate_next');
}

/** JUDGED, in one word with its colour and shape, why, and what to do. */
export function head(judged) {
    const { looks, word, why, next } = sayOf(judged);
    const [kind, sign] = looks;
    return h(
        'div',
        { class: `verdict ${kind}`, role: kind === 'bad' ? 'alert' : 'status' },
        h('span', { class: 'shape' }, icon(sign)),
        h(
            'div',
            { class: 'said' },
            h('b', {}, word),
            h('p', {}, why),
            next ? h('p', { class: 'next' }, next) : null,
        ),
    );
}

/** Refused, expired: there is no verdict, and it says nothing of the person. */
export function verdictless(state) {
    return h(
        'div',
        { class: 'verdict', role: 'status' },
        h('span', { class: 'shape' }, icon(state === 'refused' ? 'octagon' : 'clock')),
        h(
            'div',
            { class: 'said' },
            h('b', {}, t(`state_${state}`)),
            h('p', {}, t(`state_${state}_text`)),
        ),
    );
}
