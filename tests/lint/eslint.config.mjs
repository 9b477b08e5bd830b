// SPDX-License-Identifier: Apache-2.0
//
// What a script must not do. Pages make text by h() and nothing else: what turns
// text into markup, or into a program, is an error wherever it stands.

import js from '@eslint/js';
import globals from 'globals';

const MARKUP = [
    'innerHTML',
    'outerHTML',
    'insertAdjacentHTML',
    'setHTMLUnsafe',
    'createContextualFragment',
    'srcdoc',
].map((property) => ({ property, message: 'Text is made by h() of shared/dom.js.' }));

const everywhere = {
    ...js.configs.recommended.rules,
    'array-callback-return': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-eval': 'error',
    'no-implied-eval': 'error',
    'no-new-func': 'error',
    'no-return-assign': 'off',
    'no-self-compare': 'error',
    'no-shadow-restricted-names': 'error',
    'no-template-curly-in-string': 'error',
    'no-unused-vars': ['error', { caughtErrors: 'all', ignoreRestSiblings: true }],
    'no-var': 'error',
    'prefer-const': ['error', { destructuring: 'all', ignoreReadBeforeAssign: true }],
    'require-atomic-updates': 'off',
};
const pages = {
    ...everywhere,
    'no-alert': 'error',
    'no-console': ['error', { allow: ['warn', 'error'] }],
    'no-restricted-properties': [
        'error',
        ...MARKUP,
        { object: 'document', property: 'write', message: 'Text is made by h().' },
        { object: 'document', property: 'cookie', message: 'Cookies are the server’s.' },
        { object: 'Math', property: 'random', message: 'crypto.getRandomValues, or none.' },
    ],
    'no-script-url': 'error',
};

export default [
    { linterOptions: { reportUnusedDisableDirectives: 'error' } },
    {
        files: ['web/**/*.js', 'wasm/**/*.mjs'],
        ignores: ['web/*/sw.js'],
        languageOptions: { globals: globals.browser },
        rules: pages,
    },
    {
        files: ['web/**/sw.js'],
        languageOptions: { globals: globals.serviceworker },
        rules: pages,
    },
    {
        files: ['wasm/bench.mjs', 'tests/**/*.mjs', 'ports/**/*.mjs'],
        languageOptions: { globals: { ...globals.node, ...globals.browser } },
        rules: { ...everywhere, 'no-console': 'off', 'no-control-regex': 'off' },
    },
    {
        files: ['**/*.cjs'],
        languageOptions: { sourceType: 'commonjs', globals: globals.node },
        rules: everywhere,
    },
];
