// SPDX-License-Identifier: Apache-2.0
// A wallet of somebody else's and a browser without script. What a wallet sends
// can be bent in every place: `tweak` objects are laid over what is right, and
// a value of undefined takes a member away.

import https from 'node:https';
import { Api } from './api.mjs';
import { b64, jws, makeKey, now, random, sha256, thumbprint } from './jose.mjs';
import { ATTESTER, CALLBACK, source } from './world.mjs';

export const SDJWT = 'pid_sdjwt',
    MDL = 'driving_licence_mdoc';
const clean = (object) =>
    Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

const api = new Api(`${source}/docs/api/authority.json`);

/** One request by TLS; {status, headers, text, json}, which is held to docs/api.
 *  An array as a header's value is so many headers. */
export async function ask(world, method, url, more) {
    const answer = await send(world, method, url, more);
    const path = new URL(url).pathname.replace('/issuer1', '');
    if (answer.status !== 405 && world.held !== false) api.hold(method, path || '/', answer);
    return answer;
}

const send = (world, method, url, { headers = {}, body, form } = {}) =>
    new Promise((said, failed) => {
        const sent = form ? new URLSearchParams(form).toString() : body;
        const type = form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {};
        const length = sent === undefined ? {} : { 'Content-Length': Buffer.byteLength(sent) };
        const request = https.request(
            url,
            {
                method,
                agent: world.agent,
                servername: 'localhost',
                headers: clean({ ...type, ...length, ...headers }),
            },
            (answer) => {
                const parts = [];
                answer.on('data', (part) => parts.push(part));
                answer.on('end', () => {
                    const text = Buffer.concat(parts).toString();
                    let json;
                    try {
                        json = JSON.parse(text);
                    } catch {
                        /* a page, perhaps */
                    }
                    said({ status: answer.statusCode, headers: answer.headers, text, json });
                });
            },
        );
        request.setTimeout(60000, () => request.destroy(new Error(`no answer: ${url}`)));
        request.on('error', failed);
        request.end(sent);
    });

export const verifier = () => random(32);
export const challenge = (text) => b64(sha256(text));

export class Wallet {
    constructor(world, id = 'suite-wallet-1', more = {}) {
        this.world = world;
        this.id = id;
        this.instance = makeKey(); // what the attestation binds
        this.key = makeKey(); // DPoP
        this.redirect = CALLBACK;
        this.clientKey = undefined; // of private_key_jwt, instead of an attestation
        this.nonces = {};
        Object.assign(this, more);
    }

    // ---- tokens that it sends ----

    attestation({ header = {}, payload = {}, signer = this.world.attester } = {}) {
        return jws(
            clean({ typ: 'oauth-client-attestation+jwt', x5c: signer.x5c, ...header }),
            clean({
                iss: ATTESTER,
                sub: this.id,
                iat: now(),
                exp: now() + 600,
                cnf: { jwk: this.instance.pub },
                ...payload,
            }),
            signer,
        );
    }
    pop({ header = {}, payload = {}, signer = this.instance } = {}) {
        return jws(
            clean({ typ: 'oauth-client-attestation-pop+jwt', ...header }),
            clean({ iss: this.id, aud: this.world.url, jti: random(), iat: now(), ...payload }),
            signer,
        );
    }
    dpop(method, url, { header = {}, payload = {}, signer = this.key, token } = {}) {
        return jws(
            clean({ typ: 'dpop+jwt', jwk: signer.pub, ...header }),
            clean({
                jti: random(),
                htm: method,
                htu: url,
                iat: now(),
                ...(token ? { ath: b64(sha256(token)) } : {}),
                ...payload,
            }),
            signer,
        );
    }
    assertion({ header = {}, payload = {} } = {}) {
        return jws(
            clean({ kid: this.clientKey.pub.kid, ...header }),
            clean({
                iss: this.id,
                sub: this.id,
                aud: this.world.url,
                jti: random(),
                iat: now(),
                exp: now() + 60,
                ...payload,
            }),
            this.clientKey,
        );
    }
    who(tweak = {}) {
        return this.clientKey
            ? {}
            : {
                  'OAuth-Client-Attestation': this.attestation(tweak.attestation),
                  'OAuth-Client-Attestation-PoP': this.pop(tweak.pop),
              };
    }
    whoForm(tweak = {}) {
        return this.clientKey
            ? {
                  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
                  client_assertion: this.assertion(tweak.assertion),
              }
            : {};
    }

    // ---- the authorization server ----

    /** Push a request. tweak: {form, headers, attestation, pop, dpop: object or false}. */
    async par(tweak = {}) {
        const url = `${this.world.url}/par`;
        this.verifier = verifier();
        this.state = random();
        const form = clean({
            response_type: 'code',
            client_id: this.id,
            redirect_uri: this.redirect,
            code_challenge: challenge(this.verifier),
            code_challenge_method: 'S256',
            state: this.state,
            scope: SDJWT,
            ...this.whoForm(tweak),
            ...tweak.form,
        });
        const dpop = tweak.dpop === undefined ? {} : { DPoP: this.dpop('POST', url, tweak.dpop) };
        return ask(this.world, 'POST', url, {
            form,
            headers: { ...this.who(tweak), ...dpop, ...tweak.headers },
        });
    }
    page(requestUri, more = {}) {
        const query = new URLSearchParams(
            clean({ client_id: this.id, request_uri: requestUri, ...more }),
        );
        return `${this.world.url}/authorize?${query}`;
    }
    /** Push, let the person allow; gives {code, state, iss, ...} of the answer. */
    async authorise(tweak = {}, answer = 'allow') {
        const pushed = await this.par(tweak);
        if (pushed.status !== 201) throw new Error(`par: ${pushed.status} ${pushed.text}`);
        return readBack(await press(this.world, this.page(pushed.json.request_uri), answer));
    }
    async token(form, tweak = {}) {
        const url = `${this.world.url}/token`;
        const dpop = tweak.dpop === false ? {} : { DPoP: this.dpop('POST', url, tweak.dpop) };
        return ask(this.world, 'POST', url, {
            form: clean({ client_id: this.id, ...this.whoForm(tweak), ...form }),
            headers: { ...this.who(tweak), ...dpop, ...tweak.headers },
        });
    }
    redeem(code, tweak = {}) {
        return this.token(
            {
                grant_type: 'authorization_code',
                code,
                redirect_uri: this.redirect,
                code_verifier: this.verifier,
                ...tweak.form,
            },
            tweak,
        );
    }
    /** From nothing to an access token. */
    async login(tweak = {}) {
        const back = await this.authorise(tweak);
        const answer = await this.redeem(back.code);
        if (answer.status !== 200) throw new Error(`token: ${answer.status} ${answer.text}`);
        return answer.json;
    }
    offerToken(offer, more = {}, tweak) {
        const grant = offer.grants['urn:ietf:params:oauth:grant-type:pre-authorized_code'];
        return this.token(
            {
                grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
                'pre-authorized_code': grant['pre-authorized_code'],
                ...more,
            },
            tweak,
        );
    }

    // ---- the credential issuer ----

    async nonce() {
        const answer = await ask(this.world, 'POST', `${this.world.url}/nonce`);
        return answer.json.c_nonce;
    }
    proof(nonce, key, { header = {}, payload = {}, signer = key } = {}) {
        return jws(
            clean({ typ: 'openid4vci-proof+jwt', jwk: key.pub, ...header }),
            clean({ iss: this.id, aud: this.world.url, iat: now(), nonce, ...payload }),
            signer,
        );
    }
    keyAttestation(
        nonce,
        keys,
        { header = {}, payload = {}, signer = this.world.keyAttester } = {},
    ) {
        return jws(
            clean({ typ: 'key-attestation+jwt', x5c: signer.x5c, ...header }),
            clean({
                iat: now(),
                exp: now() + 300,
                attested_keys: keys.map((k) => k.pub),
                nonce,
                ...payload,
            }),
            signer,
        );
    }
    /** POST BODY with TOKEN to /credential, or to another PATH. */
    send(
        token,
        body,
        {
            path = '/credential',
            dpop = {},
            headers = {},
            scheme = 'DPoP',
            query = '',
            method = 'POST',
        } = {},
    ) {
        const url = `${this.world.url}${path}`;
        const proof = dpop === false ? {} : { DPoP: this.dpop(method, url, { token, ...dpop }) };
        const text = typeof body === 'string';
        return ask(this.world, method, url + query, {
            body: text ? body : JSON.stringify(body),
            headers: {
                'Content-Type': text ? 'application/jwt' : 'application/json',
                Authorization: `${scheme} ${token}`,
                ...proof,
                ...headers,
            },
        });
    }
    /** COUNT copies of ID: {answer, keys}. */
    async fetch(token, id = SDJWT, count = 1, { more = {}, ...rest } = {}) {
        const keys = Array.from({ length: count }, () => makeKey());
        const nonce = await this.nonce();
        const answer = await this.send(
            token.access_token,
            {
                ...(token.authorization_details
                    ? {
                          credential_identifier:
                              token.authorization_details[0].credential_identifiers[0],
                      }
                    : { credential_configuration_id: id }),
                proofs: { jwt: keys.map((key) => this.proof(nonce, key)) },
                ...more,
            },
            rest,
        );
        return { answer, keys, nonce };
    }
}

export const jkt = (key) => thumbprint(key.pub);

// ---- a browser ----

export const look = (world, url, headers) => ask(world, 'GET', url, { headers });

/** The element with ID on the page, or undefined. */
export const element = (page, id) =>
    new RegExp(`<(\\w+)[^>]*\\bid="${id}"[^>]*>`).exec(page.text)?.[0];

const plain = (text) =>
    text
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&');

/** Press yp-allow or yp-deny on a page that was read, as a browser would. */
export async function submit(world, url, page, answer, fields = {}) {
    const form = { ...fields };
    for (const [, name, value] of page.text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g))
        form[name] = plain(value);
    const button = element(page, `yp-${answer}`);
    if (!button) throw new Error(`no yp-${answer}: ${page.text.slice(0, 500)}`);
    form[/name="(\w+)"/.exec(button)[1]] = /value="(\w+)"/.exec(button)[1];
    return ask(world, 'POST', plain(/action="([^"]*)"/.exec(page.text)[1]), {
        form,
        headers: { Origin: new URL(url).origin },
    });
}
export async function press(world, url, answer = 'allow', fields) {
    return submit(world, url, await look(world, url), answer, fields);
}
/** The query of where an answer leads: an object, and `to` without query. */
export function readBack(answer) {
    if (answer.status !== 303 && answer.status !== 302)
        throw new Error(`not led back: ${answer.status} ${answer.text.slice(0, 500)}`);
    const to = new URL(answer.headers.location);
    if (to.hash) throw new Error(`a fragment: ${to}`);
    return { to: to.origin + to.pathname, ...Object.fromEntries(to.searchParams) };
}
