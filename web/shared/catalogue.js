// SPDX-License-Identifier: Apache-2.0
//
// The documents and purposes that we know: their labels and groups, from the
// files that the core reads too.

import { label, t } from '/shared/words.js';

export class Catalogue {
    /** FILES: {path: text}. */
    constructor(files) {
        this.files = Object.entries(files).map(([path, text]) => [
            path,
            new TextEncoder().encode(text),
        ]);
        const read = (folder) =>
            Object.fromEntries(
                Object.entries(files)
                    .filter(
                        ([path]) =>
                            path.startsWith(`${folder}/`) &&
                            path.endsWith('.json') &&
                            !path.slice(folder.length + 1).includes('/'),
                    )
                    .map(([path, text]) => [path.slice(folder.length + 1, -5), JSON.parse(text)]),
            );
        this.documents = read('documents');
        this.profiles = read('profiles');
        this.codes = Object.fromEntries(
            Object.entries(files)
                .filter(([path]) => path.endsWith('.csv'))
                .map(([path, text]) => [
                    path.split('/').at(-1).slice(0, -4),
                    text.split('\n').map((line) => line.split(',')),
                ]),
        );
    }

    /** The definition whose docType or vct is TYPE. */
    byType(type) {
        return Object.values(this.documents).find(
            (one) => one.doc_type === type || one.vct === type || one.aliases?.includes(type),
        );
    }

    /** The element that an attribute of a document is, or undefined. All pages of a booklet are as its first. */
    element(definition, { namespace, name }) {
        const space = namespace?.replace(/\.m\d\d$/, '.m01');
        const claim = name.replace(/^m\d\d\./, 'm01.');
        return definition?.elements.find((one) =>
            space
                ? one.space === space && (one.identifier === name || one.name === name)
                : one.claim === claim || one.name === name,
        );
    }

    /** What people read for VALUE of ELEMENT. */
    text(element, value) {
        if (value === true || value === false) return t(value ? 'yes' : 'no');
        if (element?.codes && this.codes[element.codes]) {
            const row = this.codes[element.codes].find(([code]) => code === String(value));
            if (row) return label({ zh: row[1], en: row[2] || row[1] });
        }
        if (element?.type === 'privileges' && Array.isArray(value) && value.every(isPrivilege))
            return value.map(privilege).join(' · ');
        if (Array.isArray(value)) return value.map((one) => this.text(undefined, one)).join(' · ');
        if (value && typeof value === 'object')
            return Object.values(value)
                .map((one) => this.text(undefined, one))
                .sort((one, other) => /^\d{4}-/.test(one) - /^\d{4}-/.test(other))
                .join(' ');
        const text = String(value ?? '');
        if (element?.type === 'date' && /^\d{8}$/.test(text))
            return text.replace(/^(....)(..)(..)$/, '$1-$2-$3'); // as a card has it
        return text.replace(/^(\d{4}-\d\d-\d\d)T00:00:00Z$/, '$1');
    }
}

/* A category of a licence, with its limits and from when until when: "B (78) 2019-05-06 – 2029-05-06". */
function privilege({
    vehicle_category_code: category,
    codes,
    issue_date: from,
    expiry_date: until,
}) {
    const limits = (Array.isArray(codes) ? codes : [])
        .map((one) => [one?.code, one?.sign, one?.value].filter(Boolean).join(''))
        .filter(Boolean);
    return [
        category,
        limits.length > 0 ? `(${limits.join(', ')})` : '',
        from || until ? `${from ?? ''} – ${until ?? ''}`.trim() : '',
    ]
        .filter(Boolean)
        .join(' ');
}

const isPrivilege = (one) => typeof one?.vehicle_category_code === 'string';

/** An address of a picture in VALUE: a data URL, or base64url as mdocs have it; undefined: none. */
export function picture(value) {
    if (typeof value !== 'string' || value.length < 100) return undefined;
    if (value.startsWith('data:image/')) return value;
    const base64 = value.replaceAll('-', '+').replaceAll('_', '/');
    return /^[A-Za-z0-9+/]+=*$/.test(base64) ? `data:image/jpeg;base64,${base64}` : undefined;
}
