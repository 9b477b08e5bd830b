// SPDX-License-Identifier: Apache-2.0
//
// The person before the counter's camera and the portrait that was shown, compared
// by the desk's server where it has an engine: a hint, of the grade that the engine
// names itself. The clerk decides, and a verdict never becomes better by it.

import { Refused } from '/shared/api.js';
import { cameraTrouble, openCamera } from '/shared/camera.js';
import { h, icon, notice, show } from '/shared/dom.js';
import { Trouble, button } from '/shared/page.js';
import { knows, t } from '/shared/words.js';

const SIDE = 960; // pixels of the longer side that is sent
const LOOKS = { alike: 'ok', other: 'bad', cannot_tell: 'unknown' };

async function send(desk, id, picture) {
    const answer = await fetch(`/api/sessions/${id}/face`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${desk.key}`, 'Content-Type': 'image/jpeg' },
        body: picture,
    }).catch(() => {
        throw new Trouble(t('trouble'), t('trouble_offline'), t('trouble_next'));
    });
    const said = await answer.json();
    if (!answer.ok) throw new Refused(answer.status, said.error ?? 'unknown', said);
    return said;
}

/* A still of VIDEO as JPEG. */
function still(video) {
    const part = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight));
    const canvas = h('canvas');
    canvas.width = Math.round(video.videoWidth * part);
    canvas.height = Math.round(video.videoHeight * part);
    canvas.getContext('2d').drawImage(video, 0, 0, canvas.width, canvas.height);
    return new Promise((made) => canvas.toBlob(made, 'image/jpeg', 0.9));
}

const WISHES = { facingMode: { ideal: 'environment' }, width: { ideal: 1280 } };

async function watch(signal) {
    const stream = await openCamera(WISHES).catch((error) => {
        throw cameraTrouble(error, 'face_by_eye');
    });
    const close = () => stream.getTracks().forEach((track) => track.stop());
    signal.addEventListener('abort', close, { once: true });
    if (signal.aborted) close();
    const video = h('video', {
        playsinline: true,
        muted: true,
        'aria-label': t('camera'),
        srcObject: stream,
    });
    await video.play();
    return { video, close };
}

/* What the engine says, as what it is worth. */
function hint({ face, reason, grade }) {
    const known = `face_why_${reason}`;
    return notice(
        LOOKS[face] ?? 'unknown',
        h('b', {}, t(`face_${face}`)),
        reason ? h('p', {}, knows(known) ? t(known) : reason) : null,
        h('p', { class: 'soft' }, t(face === 'cannot_tell' ? 'face_by_eye' : 'face_decide')),
        grade ? h('p', { class: 'soft small' }, t(`face_grade_${grade}`)) : null,
    );
}

/** A step under the result JUDGED of WALK; null where there is nothing to compare, or nobody to do it. */
export function faces(walk, judged) {
    const { desk, signal } = walk;
    const grade = desk.about.face ?? 'none';
    const portrait = judged.documents.some((document) =>
        (document.attributes ?? []).some(({ name }) => name === 'portrait' || name === 'picture'),
    );
    const possible = portrait && judged.kind === 'sessions' && !judged.other;
    if (grade === 'none' || !possible || judged.verdict === 'reject') return null;
    const room = h('div', { class: 'stack', 'aria-live': 'polite' });
    const begin = async () => {
        const { video, close } = await watch(signal);
        const take = button(
            t('face_take'),
            async () => {
                const picture = await still(video);
                close();
                show(room, h('p', { role: 'status' }, t('busy')));
                try {
                    show(room, hint(await send(desk, judged.id, picture)), decide());
                } catch (error) {
                    show(room, opening());
                    throw error;
                }
            },
            { kind: 'first', sign: 'face' },
        );
        show(room, h('div', { class: 'view face-view' }, video), take);
        take.focus();
    };
    const opening = () => button(t('face_camera'), begin, { sign: 'face' });
    const decide = () =>
        h(
            'div',
            { class: 'row' },
            button(t('portrait_same'), () => show(room, said()), { kind: 'first', sign: 'tick' }),
            button(t('portrait_other'), () => walk.tell({ ...judged, remains: [], other: true }), {
                kind: 'danger',
                sign: 'cross',
            }),
            button(t('face_again'), begin, { kind: 'plain' }),
        );
    const said = () => h('p', { class: 'row' }, icon('tick'), t('face_said'));
    show(room, opening());
    return h(
        'section',
        { class: 'panel stack no-print' },
        h('h2', {}, t('face_title')),
        h('p', { class: 'soft' }, `${t('face_text')} ${t(`face_grade_${grade}`)}`),
        room,
    );
}
