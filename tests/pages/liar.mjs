// SPDX-License-Identifier: Apache-2.0
//
// Somebody between the wallet and the authority's log, with the log's own key
// where the lie needs it: what /wallet/log answers is changed on its way.

import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

const zeros = Buffer.alloc(32).toString('base64url');

/* A signed note (C2SP): the text, and a line of NAME's key with the four bytes of its ID. */
function note(text, name, id, key) {
    const signature = sign('sha256', Buffer.from(text), key);
    return `${text}\n\u2014 ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
}

export class Liar {
    static async stand(eyes, town) {
        const liar = new Liar();
        const phrase = readFileSync(town.env.YAOPAI_PASSPHRASE_FILE, 'utf8').trim();
        liar.key = createPrivateKey({
            key: readFileSync(town.at('v/authority/keys/log.pem')),
            passphrase: phrase,
        });
        liar.page = eyes.page;
        await eyes.page.route('**/wallet/log', async (route) => {
            const asked = route.request();
            const { status, headers, body } = await town.send('authority', 'POST', '/wallet/log', {
                headers: await asked.allHeaders(),
                body: asked.postData(),
            });
            const said = JSON.parse(body);
            liar.lie?.(said, JSON.parse(asked.postData()).from === 0);
            const changed = { ...headers, 'content-length': undefined };
            await route
                .fulfill({ status, headers: changed, body: JSON.stringify(said) })
                .catch((error) => console.log(`# the page went on: ${error.message}`));
        });
        return liar;
    }

    leave() {
        return this.page.unroute('**/wallet/log');
    }

    /** From now on: WHAT, one of the lies below; undefined: the truth. */
    tell(what) {
        this.lie = what && ((...said) => this[what](...said));
    }

    /* ---- about one entry, of the first page ---- */

    no_proof(said, first) {
        if (first) delete said.entries[0].proof;
    }

    wrong_proof(said, first) {
        if (first) said.entries[0].proof[0] = zeros;
    }

    other_text(said, first) {
        const [entry] = said.entries;
        if (first) entry.text = entry.text.replace('"at":"20', '"at":"19');
    }

    /* ---- about the log ---- */

    no_consistency(said) {
        delete said.consistency;
    }

    /* Nothing of this person, and no word of how this log came from the one before. */
    silence(said) {
        Object.assign(said, { entries: [] });
        delete said.consistency;
    }

    /* ---- with the log's key ---- */

    #resign(said, change, key = this.key) {
        const [text] = said.checkpoint.split('\n\n');
        const line = said.checkpoint.trimEnd().split('\n').at(-1).split(' ');
        const [origin, size, root, ...more] = change(text.split('\n'));
        said.checkpoint = note(
            [origin, size, root, ...more].join('\n') + '\n',
            line[1],
            Buffer.from(line[2], 'base64').subarray(0, 4),
            key,
        );
    }

    shorter(said) {
        delete said.consistency;
        this.#resign(said, ([origin, , root]) => [origin, '1', root]);
    }

    fork(said) {
        const other = createHash('sha256').update('another tree').digest('base64');
        this.#resign(said, ([origin, size]) => [origin, size, other]);
    }

    other_key(said) {
        const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        this.#resign(said, (lines) => lines, privateKey);
    }

    no_signature(said) {
        said.checkpoint = said.checkpoint.split('\n\n')[0] + '\n';
    }
}
