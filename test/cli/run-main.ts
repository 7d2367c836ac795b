import { main } from '../../src/cli/main.ts';

/** What a run of the command line ended with and wrote. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs the command line in this process. */
export async function runMain(
  argv: readonly string[],
  { cwd = process.cwd(), env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Run> {
  const written = { out: '', error: '' };
  const code = await main(argv, {
    write: (text) => void (written.out += text),
    writeError: (text) => void (written.error += text),
    cwd,
    env,
  });
  return { code, ...written };
}
