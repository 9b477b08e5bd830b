// SPDX-License-Identifier: Apache-2.0
// TAP for tests of pages: a line for each sentence.

export function tap(prefix) {
    let number = 0;
    let failed = 0;
    return {
        async test(name, body) {
            number++;
            try {
                const why = await body();
                console.log(
                    `ok ${number} - ${prefix}: ${name}${typeof why === 'string' ? ` # SKIP ${why}` : ''}`,
                );
            } catch (error) {
                failed++;
                console.log(`not ok ${number} - ${prefix}: ${name}`);
                console.log(String(error.stack ?? error).replace(/^/gm, '# '));
                if (error.cause)
                    console.log(String(error.cause.stack ?? error.cause).replace(/^/gm, '# '));
            }
        },
        end() {
            console.log(`1..${number}`);
            process.exitCode = failed > 0 ? 1 : 0;
        },
        skipAll(why) {
            console.log(`ok 1 - ${prefix} # SKIP ${why}`);
            process.exit(0);
        },
    };
}
