// SPDX-License-Identifier: Apache-2.0
//
// Somebody enrols at a kiosk of a running town: an offer of an enrolment's
// documents, and an access code. The kiosk's own page signs; nobody is at the
// counter, so made-up officers say yes after some seconds.

import { TX_CODE } from './town.mjs';

export const ACCESS = '28461950';

export class Kiosk {
    /** A page of the town's kiosk, paired. */
    static async open(town, browser) {
        const kiosk = new Kiosk();
        const said = town.run([
            'kiosk',
            'add',
            '-C',
            town.at('v/authority'),
            '--name',
            'test',
            '--json',
        ]);
        const context = await browser.newContext({ locale: 'en' });
        Object.assign(kiosk, { town, page: await context.newPage() });
        await kiosk.page.goto(`${town.urls.kiosk}/`);
        await kiosk.page.evaluate(async (code) => {
            const { Device } = await import('/device.js');
            globalThis.device = await Device.pair(code);
        }, JSON.parse(said).code);
        return kiosk;
    }

    /** An offer of DOCUMENTS to the demo's person AT; CHILD: to their child of that number. */
    enrol(at, documents, { child, code = ACCESS } = {}) {
        const { number } = this.town.people[at];
        return this.page.evaluate(
            async ({ number, documents, child, code, tx }) => {
                const { device } = globalThis;
                const { session, terms } = await device.ask('POST', '/kiosk/session', {});
                const step = (method, path, body) =>
                    device.ask(method, `/kiosk/session${path}`, body, session);
                await step('POST', '/terms', { accept: true, sha256: terms.sha256 });
                await step('POST', '/number', { number });
                let now = await step('POST', '/officer');
                for (let i = 0; i < 240 && now.step !== 'choice'; i++) {
                    await new Promise((over) => setTimeout(over, 500));
                    now = await step('GET', '');
                }
                if (child) await step('POST', '/child', { number: child });
                await step('POST', '/choice', { documents });
                return step('POST', '/offer', {
                    transaction_code: tx,
                    ...(code ? { access_code: code } : {}),
                });
            },
            { number, documents, child, code, tx: TX_CODE },
        );
    }

    close() {
        return this.page.context().close();
    }
}
