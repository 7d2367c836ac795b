#!/usr/bin/env node
import process from 'node:process';
import { systemErrorCode } from '../core/errors.ts';
import { hostApp } from './app-host.ts';
import { main } from './main.ts';

// As they are now: what an app does to them, or is made to do, is no matter of the command's own output.
const { stdout, stderr } = process;
const write = stdout.write.bind(stdout);
const writeError = stderr.write.bind(stderr);

const confirm = async (question: string): Promise<boolean> => {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: stderr });
  try {
    return /^y(?:es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
};

stdout.on('error', (error) => {
  // A reader that has seen enough, such as head(1), is no failure.
  if (systemErrorCode(error) === 'EPIPE') return;
  process.exitCode = 1;
  writeError(`error: Cannot write the output: ${error.message}\n`);
});
// Nobody is left to tell.
stderr.on('error', () => {});

// Until the command says otherwise: a configuration that waits for ever must not look like success.
process.exitCode = 1;
const complain = (): void =>
  void writeError(
    'error: Nothing is left to do, and yet the command has not ended: does the configuration export a promise that nothing settles?\n',
  );
// Nor must one that ends the process, as apps do that miss a setting.
const correct = (code: number): void => {
  if (code !== 0) return;
  process.exitCode = 1;
  writeError('error: The configuration, or the app, ended the process before the command was done.\n');
};
process.once('beforeExit', complain);
process.once('exit', correct);
void main(process.argv.slice(2), {
  write: (text) => void write(text),
  writeError: (text) => void writeError(text),
  ...(stderr.isTTY && { progress: stderr }),
  ...(stderr.isTTY && process.stdin.isTTY && { confirm }),
  hostApp,
  // Asked for when a path is relative, for the folder may be gone.
  get cwd() {
    return process.cwd();
  },
  env: process.env,
}).then((code) => {
  process.off('beforeExit', complain);
  process.off('exit', correct);
  process.exitCode = code;
  // An app, or a configuration, may hold the process: an open database, a timer. What cannot be written is told in between.
  write('', () => writeError('', () => setImmediate(() => process.exit())));
});
