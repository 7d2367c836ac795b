import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { runProgram, TYPESCRIPT, type Ended } from '../../../helpers/run-node.ts';
import { probe } from './prober.ts';
import { publishOrder, type PublishOrder } from './publish-program.ts';
import { exportTwoVersions } from './two-versions.ts';

const PROGRAM = fileURLToPath(new URL('publish-program.ts', import.meta.url));

/** Publishes in a process of its own. */
async function publishElsewhere(order: PublishOrder): Promise<Ended> {
  return runProgram(process.execPath, ['--import', TYPESCRIPT, PROGRAM, JSON.stringify(order)]);
}

/** A target that is killed at, and what a test may do with it. */
export interface Killed {
  readonly target: PublishOrder['target'];
  /** The URL of the site, without a slash at its end. */
  readonly url: string;
  /** What is there, by key: all that a test compares. */
  readonly contents: () => Promise<Readonly<Record<string, string>>>;
  /** Takes everything away. */
  readonly clear: () => Promise<void>;
}

/**
 * Publishes the second version of a site again and again, each time killed at another moment, while a prober looks at it; then publishes
 * it once more, to the end.
 *
 * @param isChosen - says of a moment whether it is tried, by how many there are
 */
export async function killEverywhere(
  t: ExecutionContext,
  { target, url, contents, clear }: Killed,
  isChosen: (moment: number, moments: number) => boolean,
): Promise<void> {
  const [first, second] = await exportTwoVersions(t);
  await publishOrder({ from: first, target });
  const moments = await publishOrder({ from: second, target });
  const after = await contents();
  t.true(moments > 15, String(moments));
  for (let moment = 0; moment < moments; moment += 1) {
    if (!isChosen(moment, moments)) continue;
    await clear();
    await publishOrder({ from: first, target });
    const prober = probe(url);
    const { code, stderr } = await publishElsewhere({ from: second, target, killAt: moment });
    t.is(code, null, `moment ${moment}: ${stderr}`);
    // What the killed one left, as visitors see it.
    await prober.looks(2);
    await publishOrder({ from: second, target });
    await prober.looks(2);
    t.deepEqual(await prober.stop(), [], `moment ${moment}`);
    t.deepEqual(await contents(), after, `moment ${moment}`);
  }
}
