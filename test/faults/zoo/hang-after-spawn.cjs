'use strict';
/**
 * Loaded into mpctl by `node --require`: it stands still for ever as soon as it has started the command
 * that has FAULT_WORD in it, before anybody hears of that.
 */
const childProcess = require('node:child_process');
const { spawn } = childProcess;
childProcess.spawn = (file, words, options) => {
  const child = spawn(file, words, options);
  if ([file, ...words].some((word) => word.includes(process.env.FAULT_WORD))) {
    process._rawDebug(`started ${child.pid}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
  return child;
};
