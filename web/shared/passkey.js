// SPDX-License-Identifier: Apache-2.0
//
// Passkeys: what a server asks for as JSON, and what the browser answers, as
// JSON again (WebAuthn level 3 section 5.1.10).

/** Bytes as base64url. */
export function letters(bytes) {
    return btoa(String.fromCharCode(...new Uint8Array(bytes)))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', '');
}

/** And back. */
export function bytes(text) {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
        letter.charCodeAt(0),
    );
}

function withBytes(options) {
    const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
    return {
        ...options,
        challenge: bytes(options.challenge),
        ...(options.user ? { user: { ...options.user, id: bytes(options.user.id) } } : {}),
        ...(options.excludeCredentials
            ? { excludeCredentials: named(options.excludeCredentials) }
            : {}),
        ...(options.allowCredentials ? { allowCredentials: named(options.allowCredentials) } : {}),
    };
}

function told(credential) {
    const { response } = credential;
    const parts = {};
    for (const name of [
        'clientDataJSON',
        'attestationObject',
        'authenticatorData',
        'signature',
        'userHandle',
    ])
        if (response[name]) parts[name] = letters(response[name]);
    return {
        id: credential.id,
        rawId: letters(credential.rawId),
        type: credential.type,
        response: parts,
    };
}

/** Make a passkey as PUBLICKEY asks; what to tell the server, and what extensions gave. */
export async function makePasskey(publicKey) {
    const credential = await navigator.credentials.create({ publicKey: withBytes(publicKey) });
    return {
        answer: told(credential),
        extensions: credential.getClientExtensionResults(),
        credential,
    };
}

/** Use one. */
export async function usePasskey(publicKey) {
    const credential = await navigator.credentials.get({ publicKey: withBytes(publicKey) });
    return {
        answer: told(credential),
        extensions: credential.getClientExtensionResults(),
        credential,
    };
}
