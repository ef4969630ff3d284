'use strict';
// Loaded into a measured Node program by --require: writes its peak resident memory, in bytes, at exit.
const { writeFileSync } = require('node:fs');

process.once('exit', () => {
  writeFileSync(process.env.BENCH_PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS * 1024));
});
