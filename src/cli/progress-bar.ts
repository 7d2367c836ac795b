/** How far a command is. */
interface Progress {
  /** What it is doing: `'copying'`. */
  readonly stage: string;
  readonly done: number;
  /** 0 where the number is not known. */
  readonly total: number;
}

/** What shows how far a command has come. */
export interface ProgressBar {
  readonly show: (progress: Progress) => void;
  /** Takes the bar away. */
  readonly end: () => void;
}

/**
 * A progress bar on a terminal; without one, nothing.
 *
 * @param rate - whether it shows how many are done in a second, and the time that is left
 */
export async function createProgressBar(
  stream: NodeJS.WritableStream | undefined,
  { rate = false }: { readonly rate?: boolean } = {},
): Promise<ProgressBar> {
  if (stream === undefined) return { show: () => {}, end: () => {} };
  const { default: progress } = await import('cli-progress');
  const bar = new progress.SingleBar({
    stream,
    format: `{stage} [{bar}] {value}/{total}${rate ? ' | {rate}/s | {eta_formatted} left' : ''}`,
    clearOnComplete: true,
    // What it would hide or switch off would stay so when the process is interrupted.
    hideCursor: null,
    linewrap: true,
    gracefulExit: false,
    barsize: 30,
  });
  let stage: string | undefined;
  let began = 0;
  return {
    show(step) {
      if (step.total === 0) return;
      if (step.stage !== stage) {
        bar.stop();
        ({ stage } = step);
        began = performance.now();
        bar.start(step.total, step.done, { stage, rate: 0 });
      }
      // Links that are followed bring more.
      bar.setTotal(step.total);
      const seconds = (performance.now() - began) / 1000;
      bar.update(step.done, { rate: Math.round(step.done / Math.max(seconds, 0.001)) });
    },
    end: () => bar.stop(),
  };
}
