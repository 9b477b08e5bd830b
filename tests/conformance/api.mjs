// SPDX-License-Identifier: Apache-2.0
// Is an answer what docs/api says? Every answer of every walk is held to it: its
// status is described, and its JSON is of the schema, as far as JSON Schema
// 2020-12 is used there. A word of it that is not known here is an error.

import fs from 'node:fs';

const words = {
    type: (value, type) =>
        [type].flat().some(
            (one) =>
                ({
                    string: typeof value === 'string',
                    boolean: typeof value === 'boolean',
                    null: value === null,
                    integer: Number.isInteger(value),
                    number: typeof value === 'number',
                    array: Array.isArray(value),
                    object: value !== null && typeof value === 'object' && !Array.isArray(value),
                })[one],
        ),
    const: (value, wanted) => value === wanted,
    enum: (value, list) => list.includes(value),
    pattern: (value, text) => typeof value !== 'string' || new RegExp(text, 'u').test(value),
    minLength: (value, least) => typeof value !== 'string' || value.length >= least,
    maxLength: (value, most) => typeof value !== 'string' || value.length <= most,
    minimum: (value, least) => typeof value !== 'number' || value >= least,
    maximum: (value, most) => typeof value !== 'number' || value <= most,
    minItems: (value, least) => !Array.isArray(value) || value.length >= least,
    maxItems: (value, most) => !Array.isArray(value) || value.length <= most,
    required: (value, names) => names.every((name) => name in value),
    format: (value, name) => name !== 'uri' || URL.canParse?.(value) !== false,
    description: () => true,
    examples: () => true,
    default: () => true,
    title: () => true,
};

export class Api {
    constructor(file) {
        this.document = JSON.parse(fs.readFileSync(file, 'utf8'));
        this.heard = new Set(); // "post /par 201"
    }
    resolve(schema) {
        return (
            schema.$ref
                ?.slice(2)
                .split('/')
                .reduce((part, name) => part[name], this.document) ?? schema
        );
    }
    /** What is wrong with VALUE, or undefined. */
    wrong(value, given, at = '$') {
        const schema = this.resolve(given);
        const members =
            value !== null && typeof value === 'object' && !Array.isArray(value)
                ? Object.entries(value)
                : [];
        for (const [word, said] of Object.entries(schema)) {
            if (word === 'properties' || word === 'additionalProperties' || word === 'items')
                continue;
            if (word === 'oneOf') {
                if (said.filter((one) => !this.wrong(value, one, at)).length !== 1)
                    return `${at}: not one of oneOf`;
            } else if (!words[word]) {
                return `${at}: ${word} is not known here`;
            } else if (!words[word](value, said)) {
                return `${at}: ${word} ${JSON.stringify(said)}: ${JSON.stringify(value)?.slice(0, 99)}`;
            }
        }
        for (const [name, inner] of members) {
            const found = schema.properties?.[name] ?? schema.additionalProperties;
            const trouble =
                found === false
                    ? `${at}.${name}: is not described`
                    : found && found !== true && this.wrong(inner, found, `${at}.${name}`);
            if (trouble) return trouble;
        }
        if (schema.items && Array.isArray(value))
            for (const [i, one] of value.entries()) {
                const trouble = this.wrong(one, schema.items, `${at}[${i}]`);
                if (trouble) return trouble;
            }
        return undefined;
    }
    /** The operation of METHOD at PATH, or undefined. */
    find(method, path) {
        const name = Object.keys(this.document.paths).find((pattern) =>
            new RegExp(`^${pattern.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(
                path,
            ),
        );
        return [name, this.document.paths[name]?.[method.toLowerCase()]];
    }
    /** Throws when the answer is not as it is described. */
    hold(method, path, answer) {
        const [name, operation] = this.find(method, path);
        if (!operation) return;
        const about = `${method} ${name} ${answer.status}`,
            type = answer.headers['content-type'];
        const response = operation.responses[answer.status];
        if (!response) throw new Error(`${about} is not described: ${answer.text.slice(0, 300)}`);
        this.heard.add(about);
        for (const [header, one] of Object.entries(response.headers ?? {}))
            if (one.required && !(header.toLowerCase() in answer.headers))
                throw new Error(`${about}: no ${header}`);
        if (!response.content) return;
        const schema = response.content[type]?.schema;
        if (!schema) throw new Error(`${about}: ${type} is not described`);
        const trouble =
            type === 'application/json'
                ? this.wrong(answer.json, schema)
                : this.wrong(answer.text, schema);
        if (trouble) throw new Error(`${about}: ${trouble}`);
    }
}
