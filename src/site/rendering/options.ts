import { BOOLEAN, PATH, STRING, wholeNumber } from '../../core/option-kinds.ts';
import type { Table } from '../../core/options.ts';

/** How the pages of a site are rendered. */
export interface SiteRenderingOptions {
  /**
   * Whether the app is asked without the path of `origin`, as if it were mounted there. Off for an app that mounts itself.
   *
   * @defaultValue `true`
   */
  readonly stripOriginPath?: boolean;
  /**
   * What pages depend on besides their content, such as the commit of the templates: when it changes, every page is rendered.
   *
   * @defaultValue none
   */
  readonly revision?: string;
  /**
   * How many pages the app renders at a time, in each thread.
   *
   * @defaultValue 16
   */
  readonly concurrency?: number;
  /**
   * How many worker threads render, each with an app of its own; 0: this thread. For apps that burn CPU.
   *
   * @defaultValue 0
   */
  readonly parallel?: number;
  /**
   * The module that worker threads import: it exports the app, or the configuration, by default. On the command line it is the
   * configuration.
   *
   * @defaultValue none
   */
  readonly appModule?: string | URL;
  /**
   * How long a page, or the next step of a generator of parameters, may take, in seconds.
   *
   * @defaultValue 30
   */
  readonly deadlineSeconds?: number;
  /**
   * How long a page may be, in bytes.
   *
   * @defaultValue 104857600 (100 MiB)
   */
  readonly maxPageBytes?: number;
}

/** The options of rendering. */
export const SITE_RENDERING_OPTIONS: Table<SiteRenderingOptions, 'revision' | 'appModule'> = {
  stripOriginPath: {
    ...BOOLEAN,
    default: true,
    help: 'Whether the app is asked without the path of origin, as if it were mounted there.',
  },
  revision: {
    ...STRING,
    flag: '--revision <text>',
    help: 'What pages depend on besides their content, such as the commit of the templates: when it changes, every page is rendered.',
  },
  concurrency: {
    ...wholeNumber('pages', 1, 1024),
    flag: '--concurrency <count>',
    default: 16,
    help: 'How many pages the app renders at a time, in each thread.',
  },
  parallel: {
    ...wholeNumber('threads', 0, 256),
    flag: '--parallel <count>',
    default: 0,
    help: 'How many worker threads render, each with an app of its own; 0: this thread.',
  },
  appModule: {
    ...PATH,
    help: 'The module that worker threads import: it exports the app, or the configuration, by default.',
  },
  deadlineSeconds: {
    ...wholeNumber('seconds', 1, 2_147_483),
    flag: '--deadline <seconds>',
    default: 30,
    help: 'How long a page, or the next step of a generator of parameters, may take, in seconds.',
  },
  maxPageBytes: {
    ...wholeNumber('bytes', 1),
    default: 100 * 1024 * 1024,
    defaultText: '104857600 (100 MiB)',
    help: 'How long a page may be, in bytes.',
  },
};
