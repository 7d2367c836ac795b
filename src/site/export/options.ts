import { BOOLEAN, callback } from '../../core/option-kinds.ts';
import type { Table } from '../../core/options.ts';

/** How far an export has come. */
export interface ExportProgress {
  readonly stage: 'listing URLs' | 'rendering' | 'copying' | 'compressing' | 'checking' | 'landing';
  /** How many of `total` are done. */
  readonly done: number;
  /** 0 where the number is not known. */
  readonly total: number;
}

/** What one export is told. */
export interface ExportOptions {
  /**
   * Deletes without asking what is in the folder and not the site's. Never `/`, a home folder or a project.
   *
   * @defaultValue `false`
   */
  readonly force?: boolean;
  /**
   * Leaves assets and copied files as they are, for a quick look at the pages.
   *
   * @defaultValue `false`
   */
  readonly excludeStatic?: boolean;
  /**
   * Renders each page twice, and reports those that differ.
   *
   * @defaultValue `false`
   */
  readonly checkDeterminism?: boolean;
  /**
   * Renders every page, also those that have not changed by `lastModified` or `fingerprint`.
   *
   * @defaultValue `false`
   */
  readonly all?: boolean;
  /**
   * Asked before files are deleted that are not the site's.
   *
   * @defaultValue none: the export fails, unless `force` is on
   */
  readonly confirmDelete?: (files: readonly string[]) => boolean | Promise<boolean>;
  /** Called as the export progresses. */
  readonly onProgress?: (progress: ExportProgress) => void;
}

/** The options of one export. */
export const EXPORT_OPTIONS: Table<ExportOptions, 'confirmDelete' | 'onProgress'> = {
  force: {
    ...BOOLEAN,
    flag: '--force',
    default: false,
    help: "Deletes without asking what is in the folder and not the site's.",
  },
  excludeStatic: {
    ...BOOLEAN,
    flag: '--exclude-static',
    default: false,
    help: 'Leaves assets and copied files as they are, for a quick look at the pages.',
  },
  checkDeterminism: {
    ...BOOLEAN,
    flag: '--check-determinism',
    default: false,
    help: 'Renders each page twice, and reports those that differ.',
  },
  all: {
    ...BOOLEAN,
    flag: '--all',
    default: false,
    help: 'Renders every page, also those that have not changed by lastModified or fingerprint.',
  },
  confirmDelete: {
    ...callback(),
    defaultText: 'none: the export fails, unless force is on',
    help: "Asked before files are deleted that are not the site's.",
  },
  onProgress: { ...callback(), help: 'Called as the export progresses.' },
};
