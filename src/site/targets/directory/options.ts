import { PATH } from '../../../core/option-kinds.ts';
import type { Table } from '../../../core/options.ts';
import { isPublicUrl, withheld } from '../common-options.ts';

/** Which folder a site is published to. */
export interface DirectoryTargetOptions {
  /** The folder that a server reads. Made if it is not there. */
  readonly folder: string | URL;
  /**
   * The URL that visitors find the folder at; `false` where nobody can ask.
   *
   * @defaultValue `false`: its URLs are not verified
   */
  readonly publicUrl?: string | false;
}

export const DIRECTORY_TARGET_OPTIONS: Table<DirectoryTargetOptions> = {
  folder: {
    ...PATH,
    required: true,
    help: 'The folder that a server reads.',
  },
  publicUrl: {
    ...withheld('an absolute "http:" or "https:" URL without a password and a query, or false', isPublicUrl),
    default: false,
    defaultText: '`false`: its URLs are not verified',
    help: 'The URL that visitors find the folder at; `false` where nobody can ask.',
  },
};
