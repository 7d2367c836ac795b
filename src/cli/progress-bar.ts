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

/** A progress bar on a terminal; without one, nothing. */
export async function createProgressBar(stream: NodeJS.WritableStream | undefined): Promise<ProgressBar> {
  if (stream === undefined) return { show: () => {}, end: () => {} };
  const { default: progress } = await import('cli-progress');
  const bar = new progress.SingleBar({
    stream,
    format: '{stage} [{bar}] {value}/{total}',
    clearOnComplete: true,
    // What it would hide or switch off would stay so when the process is interrupted.
    hideCursor: null,
    linewrap: true,
    gracefulExit: false,
    barsize: 30,
  });
  let stage: string | undefined;
  return {
    show(step) {
      if (step.total === 0) return;
      if (step.stage !== stage) {
        bar.stop();
        ({ stage } = step);
        bar.start(step.total, step.done, { stage });
      }
      bar.update(step.done);
    },
    end: () => bar.stop(),
  };
}
