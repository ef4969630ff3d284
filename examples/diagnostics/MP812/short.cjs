'use strict';
// A system that has no memory left: it starts nothing with `hello`.
const { errno } = require('node:os').constants;
const { Process } = process.binding('process_wrap');
const { spawn } = Process.prototype;
Process.prototype.spawn = function refuse(options) {
  return options.args.includes('hello') ? -errno.ENOMEM : spawn.call(this, options);
};
