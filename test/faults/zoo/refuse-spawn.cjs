'use strict';
/**
 * Loaded into mpctl by `node --require`: the system refuses to start the command that has FAULT_WORD in it,
 * with the error FAULT, the first FAULT_TIMES times.
 */
const { constants } = require('node:os');
const { Process } = process.binding('process_wrap');
const { spawn } = Process.prototype;
let left = Number(process.env.FAULT_TIMES);
Process.prototype.spawn = function refuse(options) {
  const isMeant = options.args.some((word) => word.includes(process.env.FAULT_WORD));
  if (!isMeant || left === 0) return spawn.call(this, options);
  left -= 1;
  process._rawDebug(`refused ${process.env.FAULT}`);
  return -constants.errno[process.env.FAULT];
};
