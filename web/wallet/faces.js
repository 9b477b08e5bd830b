// SPDX-License-Identifier: Apache-2.0
//
// What stands on the face of a document in the wallet: what its holder knows it
// by. Of a number only its end: who looks over a shoulder learns nothing.

import { face } from '/shared/face.js';
import { languageNow, t } from '/shared/words.js';
import { picture } from './catalogue.js';
import { attribute, titleOf } from './states.js';

const hidden = (text) => (text ? `•••• ${String(text).slice(-4)}` : '');

/* 津C00A01 as it stands on a plate */
const plateOf = (text) => (text ? `${text.slice(0, 2)}·${text.slice(2)}` : undefined);

class Telling {
    constructor(wallet, one) {
        Object.assign(this, { wallet, one });
    }

    /** The value of the first of NAMES (of the catalogue) that is there. */
    raw(...names) {
        for (const name of names) {
            const element = this.one.definition?.elements.find((each) => each.name === name);
            const value = attribute(
                this.one.main,
                ...new Set([name, element?.identifier, element?.claim]),
            );
            if (value !== undefined) return value;
        }
        return undefined;
    }

    /** As people read it. */
    of(name) {
        const value = this.raw(name);
        const element = this.one.definition?.elements.find((each) => each.name === name);
        return value === undefined ? '' : this.wallet.catalogue.text(element, value);
    }

    /** The name in both scripts, where both are there. */
    name() {
        const latin = [this.raw('family_name_latin'), this.raw('given_name_latin')]
            .filter(Boolean)
            .join(' ');
        const whole =
            this.raw('full_name', 'name') ??
            [this.raw('family_name'), this.raw('given_name')].filter(Boolean).join('');
        return [whole, latin].filter(Boolean).join(' ');
    }
}

const FACES = {
    resident_id: (of) => ({
        facts: [
            [t('face_name'), of.name(), true],
            [t('face_birth'), of.of('birth_date')],
            [t('face_sex'), of.of('sex')],
            [t('face_number'), hidden(of.raw('id_number', 'document_number'))],
            [t('face_expires'), of.of('expiry_date')],
        ],
    }),
    driving_licence: (of) => ({
        badge: [t('face_class'), of.raw('driving_class')],
        facts: [
            [t('face_name'), of.raw('full_name') ?? of.name(), true],
            [t('face_birth'), of.of('birth_date')],
            [t('face_since'), of.of('first_issue_date')],
            [t('face_number'), hidden(of.raw('licence_number', 'document_number'))],
            [t('face_expires'), of.of('expiry_date')],
        ],
    }),
    vehicle_registration: (of) => ({
        plate: plateOf(of.raw('registration_number')),
        facts: [
            [t('face_vehicle'), of.of('brand_model') || of.of('vehicle_type')],
            [t('face_owner'), of.of('owner_name')],
            [t('face_inspection'), of.of('expiry_date_technical_inspection')],
            [t('face_vin'), hidden(of.raw('vehicle_identification_number'))],
        ],
    }),
    household_booklet: (of) => ({
        facts: [
            [t('face_head'), of.of('head_name'), true],
            [t('face_own_page'), of.of('name')],
            [t('face_members'), of.of('members_count')],
            [t('face_household'), hidden(of.raw('household_number'))],
            [t('face_kind'), of.of('household_kind')],
        ],
    }),
    health_card: (of) => ({
        badge: [t('face_blood'), of.of('blood_type')],
        facts: [
            [t('face_name'), of.name(), true],
            [t('face_birth'), of.of('birth_date')],
            [t('face_sex'), of.of('sex')],
            [t('face_number'), hidden(of.raw('card_id'))],
            [t('face_expires'), of.of('expiry_date')],
        ],
    }),
    pass: (of) => ({
        facts: [
            [t('face_pass'), of.of('pass_name'), true],
            [t('face_number'), hidden(of.raw('pass_id'))],
            [t('face_expires'), of.of('expiry_date')],
        ],
    }),
};

const other = (of) => ({
    facts: [
        [t('face_name'), of.name(), true],
        [t('face_birth'), of.of('birth_date')],
        [t('face_number'), hidden(of.raw('document_number', 'id_number'))],
        [t('face_expires'), of.raw('expiry_date', 'date_of_expiry')],
    ],
});

/** The face of ONE. */
export function faceOf(wallet, one, { href, stamp } = {}) {
    const of = new Telling(wallet, one);
    const { facts, badge, plate } = (FACES[one.name] ?? other)(of);
    return face({
        kind: one.name,
        title: titleOf(one),
        subtitle: one.definition?.title?.[languageNow() === 'en' ? 'zh' : 'en'] ?? '',
        picture: picture(of.raw('portrait', 'picture', 'portrait_small')),
        facts: facts.filter(([, value]) => value),
        badge: badge?.[1] ? badge : undefined,
        plate,
        foot: of.raw('issuing_authority', 'issuing_authority_latin') ?? '',
        stamp,
        href,
    });
}
