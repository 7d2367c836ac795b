import { StaticUrlError, systemErrorCode, type StaticUrlErrorCode } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';

/** Why a view has no static URL. */
export interface Problem {
  /** One warning is given of each kind and path: a reason's name, or an error's code. */
  readonly kind: string;
  readonly code: StaticUrlErrorCode;
  /** What is wrong, and what to do. */
  readonly detail: string;
  readonly cause?: unknown;
}

/** Names of queries come from visitors, and so do paths of patterns: a flood of them takes no more than this. */
const MOST_WARNINGS = 1000;

/** Whether an error is one of the file system's own. */
export function isOfDisk(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** What failed while a view was read, rendered or written. */
export function problemOf(error: unknown, folder: string): Problem {
  const code = systemErrorCode(error);
  if (error instanceof StaticUrlError)
    return { kind: error.code, code: error.code, detail: error.message, cause: error };
  if (code === undefined || !isOfDisk(error))
    return {
      kind: 'FAILED',
      code: 'PRELOAD_REFUSED',
      detail: error instanceof Error ? error.message : String(error),
      cause: error,
    };
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return {
    kind: code,
    code: isFull ? 'DISK_FULL' : 'FILE_UNWRITABLE',
    detail: isFull
      ? `no room is left for ${quote(folder)} (${code}). Free some.`
      : `${quote(folder)} cannot be written (${code}). Let "folder" of the option "preload" be a folder that the app may write.`,
    cause: error,
  };
}

/** Tells what keeps views from being preloaded: raises it, or warns of it once. */
export class Problems {
  readonly #throwOnError: boolean;
  readonly #told = new Set<string>();

  constructor(throwOnError: boolean) {
    this.#throwOnError = throwOnError;
  }

  /**
   * Tells that a view gets its live URL.
   *
   * @throws {@link StaticUrlError} where that was asked for
   */
  tell(url: string, { kind, code, detail, cause }: Problem): void {
    const message = `Cannot preload ${quote(url)}: ${detail}`;
    if (this.#throwOnError) throw new StaticUrlError(code, message, cause === undefined ? {} : { cause });
    this.warn(url, kind, `${message} Its live URL is given.`);
  }

  /** Warns once of each kind and path. */
  warn(url: string, kind: string, message: string): void {
    const [path] = url.split('?');
    const about = `${kind} ${path}`;
    if (this.#told.has(about) || this.#told.size >= MOST_WARNINGS) return;
    this.#told.add(about);
    process.emitWarning(message, { type: 'StaticUrlWarning', code: 'STATIC_URL_PRELOAD' });
  }
}
