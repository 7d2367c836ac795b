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
  {
    cwd = process.cwd(),
    env = {},
    confirm,
  }: {
    cwd?: string;
    env?: Record<string, string>;
    /** Absent where nobody is there to answer. */
    confirm?: (question: string) => Promise<boolean>;
  } = {},
): Promise<Run> {
  const written = { out: '', error: '' };
  const code = await main(argv, {
    write: (text) => void (written.out += text),
    writeError: (text) => void (written.error += text),
    ...(confirm !== undefined && { confirm }),
    cwd,
    env,
  });
  return { code, ...written };
}

/** Runs "static-url nginx": what it writes is the location alone. */
export async function runNginx(...call: Parameters<typeof runMain>): Promise<Run> {
  const run = await runMain(...call);
  return { ...run, out: locationOf(run.out) };
}

/** The location that "static-url nginx" has printed, without the comment that says how it was made. */
export function locationOf(out: string): string {
  return out.replace(/^(?:# [^\n]*\n){2}\n/, '');
}
