import { setImmediate } from 'node:timers/promises';

/** How long file operations may run in a row: a server in the same process answers others in between. */
const ROW_MILLISECONDS = 20;

/**
 * A pause that most callers need not take: synchronous file operations are several times quicker than asynchronous ones,
 * and between rows of them whatever else waits has its turn.
 *
 * @param onTurn - called at each pause
 * @returns asks for a pause, `undefined` when none is due
 */
export function createPace(onTurn: () => void = () => {}): () => Promise<void> | undefined {
  let start = performance.now();
  return () => {
    if (performance.now() - start < ROW_MILLISECONDS) return undefined;
    return setImmediate().then(() => {
      onTurn();
      start = performance.now();
    });
  };
}
