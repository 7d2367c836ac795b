#!/usr/bin/env node
import process from 'node:process';
import { systemErrorCode } from '../core/errors.ts';
import { main } from './main.ts';

process.stdout.on('error', (error) => {
  // A reader that has seen enough, such as head(1), is no failure.
  if (systemErrorCode(error) === 'EPIPE') return;
  process.exitCode = 1;
  process.stderr.write(`error: Cannot write the output: ${error.message}\n`);
});
// Nobody is left to tell.
process.stderr.on('error', () => {});

// Until the command says otherwise: a configuration that waits for ever must not look like success.
process.exitCode = 1;
const complain = (): void =>
  void process.stderr.write(
    'error: Nothing is left to do, and yet the command has not ended: does the configuration export a promise that nothing settles?\n',
  );
process.once('beforeExit', complain);
void main(process.argv.slice(2), {
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  ...(process.stderr.isTTY && { progress: process.stderr }),
  // Asked for when a path is relative, for the folder may be gone.
  get cwd() {
    return process.cwd();
  },
  env: process.env,
}).then((code) => {
  process.off('beforeExit', complain);
  process.exitCode = code;
});
