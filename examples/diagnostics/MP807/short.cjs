'use strict';
// A system that has as many files open as it may: it starts nothing with `hello`.
const { errno } = require('node:os').constants;
const { Process } = process.binding('process_wrap');
const { spawn } = Process.prototype;
Process.prototype.spawn = function refuse(options) {
  return options.args.includes('hello') ? -errno.EMFILE : spawn.call(this, options);
};
