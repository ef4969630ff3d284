/**
 * What the thread of `SpawnThread` runs. A message `{ id, file, args, options }` is answered with
 * `{ id, pid }` and later `{ id, exit: { code, signal } }`, or with `{ id, error: { code, message } }` alone: an error loses
 * its code on the way between threads.
 */
export const spawnThreadScript = `
'use strict';
const { parentPort } = require('node:worker_threads');
const { spawn } = require('node:child_process');
parentPort.on('message', ({ id, file, args, options }) => {
  const refuse = ({ code, message }) => parentPort.postMessage({ id, error: { code, message } });
  let child;
  try {
    child = spawn(file, args, options);
  } catch (error) {
    refuse(error);
    return;
  }
  if (child.pid === undefined) {
    child.once('error', refuse);
    return;
  }
  child.on('error', () => {});
  child.once('exit', (code, signal) => parentPort.postMessage({ id, exit: { code, signal } }));
  parentPort.postMessage({ id, pid: child.pid });
});
`;
