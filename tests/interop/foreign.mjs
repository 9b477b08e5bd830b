// SPDX-License-Identifier: Apache-2.0
// The sentences that every foreign mdoc must make true. LIBRARY is
// {name, issue(issuer, key), present(issued, key, session, mac)}.

import fs from 'node:fs';
import {
    change,
    expect,
    expectCheck,
    makeIssuer,
    makeKey,
    makeSession,
    test,
    verify,
    write,
} from './support.mjs';

export async function judgeForeign(library) {
    const issuer = makeIssuer(library.name),
        other = makeIssuer(`${library.name}-other`);
    const key = makeKey(),
        session = makeSession(library.name);
    const elsewhere = makeSession(`${library.name}-elsewhere`);
    const say = (what) => `${library.name}: ${what}`;
    let issued, signed, maced;

    await test(say('we accept what it issues and signs'), async () => {
        issued = await library.issue(issuer, key);
        signed = write(
            `${library.name}-signed.cbor`,
            await library.present(issued, key, session, false),
        );
        const verdict = verify(
            signed,
            '--trust',
            issuer.root,
            '--session-transcript',
            session.file,
        );
        expect(verdict, 'accept');
        const names = verdict.documents[0].attributes.map((a) => a.name).sort();
        if (names.join() !== 'age_over_18,birth_date,driving_privileges,family_name,portrait')
            throw new Error(`it shows ${names}`);
    });
    await test(say('we accept what it issues and authenticates with a MAC'), async () => {
        const bytes = await library.present(issued, key, session, true);
        maced = write(`${library.name}-maced.cbor`, bytes);
        expect(
            verify(
                maced,
                '--trust',
                issuer.root,
                '--session-transcript',
                session.file,
                '--reader-key',
                session.readerKey,
            ),
            'accept',
        );
        expect(
            verify(maced, '--trust', issuer.root, '--session-transcript', session.file),
            'indeterminate',
        );
    });
    await test(say('we note heads that are not the shortest, --strict refuses them'), async () => {
        const words = ['--trust', issuer.root, '--session-transcript', session.file];
        const verdict = verify(signed, ...words);
        const longer = verdict.checks.find((c) => c.check === 'encoding').outcome === 'note';
        const strict = verify(signed, '--strict', ...words);
        if (longer !== (library.longer ?? false)) throw new Error(`longer heads: ${longer}`);
        if (longer) expect(strict, 'reject');
    });
    await test(say('we refuse another session'), async () => {
        const verdict = verify(
            signed,
            '--trust',
            issuer.root,
            '--session-transcript',
            elsewhere.file,
        );
        expect(verdict, 'reject');
        expectCheck(verdict, 'device_auth', 'fail');
    });
    await test(say('we refuse another reader'), async () => {
        expect(
            verify(
                maced,
                '--trust',
                issuer.root,
                '--session-transcript',
                session.file,
                '--reader-key',
                elsewhere.readerKey,
            ),
            'reject',
        );
    });
    await test(say('we refuse another root'), async () => {
        expect(
            verify(signed, '--trust', other.root, '--session-transcript', session.file),
            'reject',
        );
    });
    await test(say('we refuse a changed name'), async () => {
        const offset = fs.readFileSync(signed).indexOf('Muster');
        const verdict = verify(
            change(signed, offset),
            '--trust',
            issuer.root,
            '--session-transcript',
            session.file,
        );
        expect(verdict, 'reject');
        expectCheck(verdict, 'digests', 'fail');
    });
}
