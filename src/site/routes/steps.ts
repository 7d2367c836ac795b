import { quote } from '../../core/text.ts';
import type { ParamsSource, RouteParams } from './route.ts';

/** Makes the error of a list of parameters: what it did, and why. */
type Fail = (reason: string, cause?: unknown) => Error;

/**
 * The items of a list of parameters, one by one.
 *
 * @param name - what a function is told
 * @param deadlineSeconds - how long one step may take
 */
export async function* stepsOf(
  source: ParamsSource,
  name: string,
  deadlineSeconds: number,
  fail: Fail,
): AsyncGenerator<RouteParams> {
  const wait = async <Value>(step: Value | PromiseLike<Value>): Promise<Value> =>
    inTime(step, deadlineSeconds, () =>
      fail(
        `did not come within ${deadlineSeconds} s. Does it wait for something? Raise "deadlineSeconds" for one that is slow.`,
      ),
    );
  const attempt = async <Value>(step: () => Value | PromiseLike<Value>, what: string): Promise<Value> => {
    const failed = (error: unknown): Error => fail(`${what}: ${reasonOf(error)}`, error);
    let begun: Value | PromiseLike<Value>;
    try {
      begun = step();
    } catch (error) {
      throw failed(error);
    }
    // A list in memory is not waited for: 100,000 timers take their time.
    if (!isThenable(begun)) return begun;
    return wait(begun.then(undefined, (error: unknown) => Promise.reject(failed(error))));
  };
  const list: unknown =
    typeof source === 'function' ? await attempt(() => source(name), 'could not be got') : source;
  const iterator = iteratorOf(list);
  if (iterator === undefined)
    throw fail(`are ${quote(list)}. Give a list, an asynchronous list, or a function that gives one.`);
  let count = 0;
  let isDone = false;
  try {
    for (;;) {
      const step = await attempt(() => iterator.next(), `broke off after ${count} of them`);
      if (step.done === true) {
        isDone = true;
        return;
      }
      count += 1;
      yield step.value;
    }
  } finally {
    // Its end may hang as its steps do, so nobody waits for it.
    if (!isDone) void Promise.resolve(ended(iterator)).catch(() => {});
  }
}

function isThenable<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

type AnyIterator = Iterator<RouteParams> | AsyncIterator<RouteParams>;

function ended(iterator: AnyIterator): unknown {
  try {
    return iterator.return?.();
  } catch {
    return undefined;
  }
}

function iteratorOf(list: unknown): AnyIterator | undefined {
  if (typeof list !== 'object' || list === null) return undefined;
  const create: unknown = Reflect.get(list, Symbol.asyncIterator) ?? Reflect.get(list, Symbol.iterator);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- by the protocol of iteration
  return typeof create === 'function' ? (Reflect.apply(create, list, []) as AnyIterator) : undefined;
}

/** Rejects where a promise is not settled in time. */
export async function inTime<Value>(
  promise: Value | PromiseLike<Value>,
  seconds: number,
  late: () => Error,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(late()), seconds * 1000);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
