import type { StoreSetting } from '../store.ts';
import { describeStoreError } from './disk-errors.ts';

/** Tells failures of the disk that the site survives: each kind once. */
export class DiskFailures {
  readonly #folder: string;
  readonly #told = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Goes on after a failure of the disk.
   *
   * @throws the error, if it is another one
   */
  survive(error: unknown, { onWarning }: StoreSetting): void {
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
    const code = String(error.code);
    if (this.#told.has(code)) return;
    this.#told.add(code);
    const described = describeStoreError(error, this.#folder);
    onWarning(described instanceof Error ? described : error);
  }
}
