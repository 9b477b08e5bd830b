// SPDX-License-Identifier: Apache-2.0
//
// What an authority answered of its log about somebody, judged by log.c: is it
// in the log, and is that log the one that was seen before.
//
//     const { head, growth, entries } = readLog(yaopai, { keys, seen }, answer);

import { Task } from './task.mjs';

const bytes = (letters) =>
    Uint8Array.from(atob(letters.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
        letter.charCodeAt(0),
    );

/** In   keys    who may sign, a line each, as /log/key gives them
 *       seen    {size, root} that was seen last, or undefined
 *       answer  bytes
 *  Out  head    "OK", or the status why the checkpoint is not believed
 *       growth  first, same, grown, unproven, shorter, forked; undefined without a head
 *       size, root, entries [{state, index, text}] */
export function readLog(yaopai, { keys, seen }, answer) {
    const task = new Task(yaopai);
    task.call('log_keys', ...task.putText(keys));
    if (seen) task.call('log_seen', seen.size, task.put(seen.root)[0]);
    task.call('read_log', ...task.put(answer));
    const said = JSON.parse(task.answerText());
    return said.root ? { ...said, root: bytes(said.root) } : said;
}
