import fc from 'fast-check';

/**
 * The generated examples are the same in every run, so that a change is judged by what it changed. To look for others:
 * `SEED=random npx ava 'test/**'`, or any number; a failure names the seed that it came from.
 */
export const SEED = seedOf(process.env['SEED'] ?? '20261120');

function seedOf(text: string): number {
  return text === 'random' ? Date.now() % 2 ** 31 : Number(text);
}

fc.configureGlobal({ seed: SEED });

export default fc;
