'use strict';
// Loaded into mpctl by --require: prints what the call that starts the guardian has computed, in ms. Another
// shell is started before, since whoever is the first pays for what every later start of the run needs as well.
const childProcess = require('node:child_process');

const { spawn } = childProcess;
childProcess.spawn = (file, args, options) => {
  if (!Array.isArray(args) || !args.includes('mpctl-guardian')) return spawn(file, args, options);
  spawn(file, ['-c', ':'], options);
  const before = process.cpuUsage();
  const child = spawn(file, args, options);
  const { user, system } = process.cpuUsage(before);
  console.log(`start ${(user + system) / 1000}`);
  return child;
};
