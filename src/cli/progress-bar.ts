import { byteText } from '../core/text.ts';

const BYTE_STAGES: readonly string[] = ['hashing', 'uploading'];
const UNITS = [
  ['GB', 1e9],
  ['MB', 1e6],
] as const;

/** How far a command is. */
interface Progress {
  /** What it is doing: `'copying'`. */
  readonly stage: string;
  /** Bytes in the stages `hashing` and `uploading`, else things. */
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
    format: `{stage} [{bar}] {amount}${rate ? ' | {rate}/s | {eta_formatted} left' : ''}`,
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
      const isNext = step.stage !== stage;
      if (isNext) {
        bar.stop();
        ({ stage } = step);
        began = performance.now();
      }
      if (step.total === 0) return;
      const seconds = Math.max((performance.now() - began) / 1000, 0.001);
      const text = progressText(step, isNext ? 0 : step.done / seconds);
      if (!bar.isActive) bar.start(step.total, step.done, text);
      // Links that are followed bring more.
      bar.setTotal(step.total);
      bar.update(step.done, text);
    },
    end: () => bar.stop(),
  };
}

/** What stands beside the bar. */
function progressText({ stage, done, total }: Progress, rate: number): Readonly<Record<string, string>> {
  return BYTE_STAGES.includes(stage)
    ? { stage, amount: byteAmount(done, total), rate: byteText(rate) }
    : { stage, amount: `${done}/${total}`, rate: String(Math.round(rate)) };
}

/** Both in the unit of the whole: `12.3/40.1 MB`. */
function byteAmount(done: number, total: number): string {
  const [unit, scale] = UNITS.find(([, least]) => total >= least) ?? ['kB', 1000];
  return `${(done / scale).toFixed(1)}/${(total / scale).toFixed(1)} ${unit}`;
}
