/** Events in quick succession, taken as one. */
export interface Burst {
  /** Something has happened. */
  add(): void;
  /** Forgets what has happened. */
  cancel(): void;
}

/**
 * Calls back when nothing has happened for a while, so that a build is one change; and now and then while something
 * happens all the time. Does not keep the process alive.
 */
export function createBurst(
  quietMilliseconds: number,
  longestMilliseconds: number,
  onEnd: () => void,
): Burst {
  let start: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;

  function cancel(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
    start = undefined;
  }

  function end(): void {
    start = undefined;
    onEnd();
  }

  return {
    add() {
      clearTimeout(timer);
      clearImmediate(immediate);
      const now = performance.now();
      start ??= now;
      timer = setTimeout(
        () => {
          // In a busy process the timer fires late, with further events already waiting to be read.
          immediate = setImmediate(end);
        },
        Math.max(0, Math.min(quietMilliseconds, start + longestMilliseconds - now)),
      ).unref();
    },
    cancel,
  };
}
