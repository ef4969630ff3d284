'use strict';
// Starts COUNT times `true`, at most PARALLEL at once, with the stdio that mpctl gives its processes.
const { spawn } = require('node:child_process');

const [count, parallel] = process.argv.slice(2).map(Number);
let started = 0;

function startNext() {
  if (started === count) return;
  started += 1;
  const child = spawn('true', [], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.resume();
  child.stderr.resume();
  child.once('exit', startNext);
}

for (let slot = 0; slot < parallel; slot += 1) startNext();
