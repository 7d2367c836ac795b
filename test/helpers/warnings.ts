import type { ExecutionContext } from 'ava';

/** The warnings of this package from now on, told from those of tests that run at the same time by a word in them. */
export function collectWarnings(t: ExecutionContext, word: string): string[] {
  const warnings: string[] = [];
  const collect = ({ name, message }: Error): void => {
    if (name === 'StaticUrlWarning' && message.includes(word)) warnings.push(message);
  };
  process.setMaxListeners(0).on('warning', collect);
  t.teardown(() => process.off('warning', collect));
  return warnings;
}
