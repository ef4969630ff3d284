'use strict';
/** Loaded into mpctl by `node --require`: on SIGUSR2 the wall clock jumps by FAULT_MS. */
const { now } = Date;
let shiftMs = 0;
Date.now = () => now() + shiftMs;
process.on('SIGUSR2', () => {
  shiftMs += Number(process.env.FAULT_MS);
  process._rawDebug(`jumped to ${new Date(Date.now()).toISOString()}`);
});
