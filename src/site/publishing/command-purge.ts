import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { quote } from '../../core/text.ts';

/** How much of what a command prints is repeated. */
const SHOWN_CHARACTERS = 500;

/**
 * Runs a command that reads URLs on its standard input, one a line.
 *
 * @throws Error with a sentence that says how it ended, when that was not with 0
 */
export async function runPurgeCommand(
  [program, ...parameters]: readonly [string, ...string[]],
  urls: readonly string[],
): Promise<void> {
  const child = spawn(program, parameters, { stdio: ['pipe', 'pipe', 'pipe'] });
  let printed = '';
  const keep = (piece: Buffer): void => {
    printed = (printed + piece.toString('utf8')).slice(-SHOWN_CHARACTERS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  // A command that does not read to the end says by its exit code whether that is right.
  child.stdin.on('error', () => {});
  child.stdin.end(urls.map((url) => `${url}\n`).join(''));
  let ended: readonly unknown[];
  try {
    ended = await once(child, 'close');
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), 'code');
    throw new Error(`The command ${quote(program)} cannot be run (${quote(code)}). Check "purge".`, {
      cause: error,
    });
  }
  const [code, signal] = ended;
  if (code === 0) return;
  const end = code === null ? `was ended by ${quote(signal)}` : `ended with ${quote(code)}`;
  const said = printed.trim() === '' ? '' : ` It said: ${quote(printed.trim())}.`;
  throw new Error(`The command ${quote(program)} ${end}.${said}`);
}
