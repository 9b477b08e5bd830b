// SPDX-License-Identifier: Apache-2.0
//
// The catalogue of documents and profiles, by the names that they have there.

import { label, t } from '/shared/words.js';

let documents = [];
let profiles = [];
let files = {};

/** Read it once; without it names are shown as they are. */
export async function loadCatalogue() {
    if (documents.length > 0) return;
    const answer = await fetch('/catalogue.json');
    if (!answer.ok) return;
    files = await answer.json();
    const below = (folder) =>
        Object.entries(files)
            .filter(([path]) => path.startsWith(`${folder}/`) && /^[^/]+\/[^/]+\.json$/.test(path))
            .map(([, text]) => JSON.parse(text))
            .filter((one) => one.name && one.title);
    documents = below('documents');
    profiles = below('profiles');
}

export function allDocuments() {
    return documents;
}

export function allProfiles() {
    return profiles;
}

/** The title of the document NAME. */
export function documentTitle(name) {
    return name === '*'
        ? t('all_documents')
        : label(documents.find((one) => one.name === name)?.title) || name;
}

export function profileTitle(name) {
    const [first] = name.split(/[.:]/);
    const title = label(profiles.find((one) => one.name === first)?.title) || first;
    return name === first ? title : `${title} (${name.slice(first.length + 1)})`;
}

/** What can be offered of a document: [[configuration, how]]. */
export function configurations(name) {
    const cards = profiles.filter(
        (profile) =>
            profile.card && profile.asks?.some((one) => one.document === name && !one.choices),
    );
    return [
        [`${name}_mdoc`, t('format_mdoc-issuer-signed')],
        [`${name}_sdjwt`, t('format_sd-jwt-vc')],
        ...cards.map((profile) => [
            `${name}_card.${profile.name}`,
            t('card_for', { what: label(profile.title) }),
        ]),
    ];
}

const elementOf = (path) =>
    documents.flatMap((one) => one.elements ?? []).find(({ from }) => from === path);

/** What the catalogue calls the member PATH of a record ("licence.classes"); "" where nothing is made from it. */
export function recordLabel(path) {
    return label(elementOf(path)?.label);
}

/** VALUE of the member PATH in words, where it is a code. */
export function recordValue(path, value) {
    const list = elementOf(path)?.codes;
    const words = list && codes(list).find(([code]) => code === String(value))?.[1];
    return words ? `${words} (${value})` : value;
}

/** The codes of the list NAME with their words: [[code, text]]. */
export function codes(name) {
    return (files[`documents/codes/${name}.csv`] ?? '')
        .split('\n')
        .filter((line) => line && !line.startsWith('#'))
        .slice(1)
        .map((line) => {
            const [value, zh, en] = line.split(',');
            return [value, label({ zh, en })];
        });
}
