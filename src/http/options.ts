import { BOOLEAN } from '../core/option-kinds.ts';
import type { Table } from '../core/options.ts';
import { FIELD_VALUE, REVALIDATE } from './headers.ts';

/** What any server of static files can be told of its answers. */
export interface AnswerOptions {
  /**
   * `Cache-Control` of files that are requested without a version.
   *
   * @defaultValue `'no-cache'`
   */
  readonly unversionedCacheControl?: string;
  /**
   * Adds `Access-Control-Allow-Origin: *`, which fonts and modules need on another origin.
   *
   * @defaultValue `false`
   */
  readonly cors?: boolean;
}

export const ANSWER_OPTIONS: Table<AnswerOptions> = {
  unversionedCacheControl: {
    ...FIELD_VALUE,
    flag: '--unversioned <value>',
    default: REVALIDATE,
    help: 'Cache-Control of files that are requested without a version.',
  },
  cors: {
    ...BOOLEAN,
    flag: '--cors',
    default: false,
    help: 'Adds Access-Control-Allow-Origin: *, which fonts and modules need on another origin.',
  },
};
