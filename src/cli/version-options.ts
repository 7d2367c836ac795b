import type { Command } from 'commander';
import { BOOLEAN, choice, expected, isStringList, PATH, STRING, type Kind } from '../core/option-kinds.ts';
import { resolveOptions, type Resolved, type Table } from '../core/options.ts';
import { parsePrefix, PREFIX, staticUrl } from '../core/prefix.ts';
import { quote } from '../core/text.ts';
import {
  variableIn,
  versionOfCommit,
  versionOfContent,
  versionOfEnvironment,
  versionOfFile,
  versionOfNow,
} from '../version/index.ts';
import type { TimeOptions } from '../version/options.ts';
import { fullName } from './command.ts';
import type { Terminal } from './terminal.ts';

const SOURCES = ['now', 'file', 'git', 'env', 'content'] as const;

/** Where a version comes from. */
export type Source = (typeof SOURCES)[number];

/** What `url` and `mark` are told: the options of all helpers. */
export interface VersionOptions {
  /** Where the version comes from. */
  readonly from: Source;
  /**
   * What static URLs start with: `/static/` or `https://cdn.example.com/static/`.
   *
   * @defaultValue `'/static/'`
   */
  readonly prefix?: string;
  /** With `--from file`: the sentinel file. */
  readonly file?: string;
  /** With `--from file`: its last access (`atime`, the default) or its last change (`mtime`). */
  readonly time?: 'atime' | 'mtime';
  /** With `--from content`: the folder with the files. */
  readonly root?: string;
  /** With `--from content`: includes files and folders whose names start with a dot. */
  readonly dotfiles?: boolean;
  /** With `--from content`: includes the folder `.well-known` at the root. */
  readonly wellKnown?: boolean;
  /** With `--from git`: a folder in the repository. */
  readonly cwd?: string;
  /** With `--from env`: the variables, of which the first that is set counts. */
  readonly env?: readonly string[];
  /** With `--from now` or `file`: the time itself, `YYYYMMDDHHmmsscc` in UTC, in place of a digest. */
  readonly hash?: boolean;
  /** With `--from now` or `file`: the variable that holds the secret. */
  readonly secretEnv?: string;
}

const NAMES: Kind<readonly string[]> = expected({ kind: 'strings' }, 'a list of names', isStringList);
const PATH_FLAG: Kind<string> = { ...STRING, argument: PATH.argument };

type Open = Exclude<keyof VersionOptions, 'from' | 'prefix'>;
type ResolvedVersionOptions = Resolved<VersionOptions, Open>;

/** The flags of `url` and `mark`. */
export const VERSION_OPTIONS: Table<VersionOptions, Open> = {
  from: {
    ...choice(...SOURCES),
    flag: '--from <source>',
    required: true,
    help: 'Where the version comes from.',
  },
  prefix: { ...PREFIX, default: '/static/' },
  file: { ...PATH_FLAG, flag: '--file <path>', help: 'With --from file: the sentinel file.' },
  time: {
    ...choice('atime', 'mtime'),
    flag: '--time <which>',
    help: 'With --from file: its last access (atime, the default) or its last change (mtime).',
  },
  root: { ...PATH_FLAG, flag: '--root <folder>', help: 'With --from content: the folder with the files.' },
  dotfiles: {
    ...BOOLEAN,
    flag: '--dotfiles',
    help: 'With --from content: includes files and folders whose names start with a dot.',
  },
  wellKnown: {
    ...BOOLEAN,
    flag: '--well-known',
    help: 'With --from content: includes the folder .well-known at the root.',
  },
  cwd: { ...PATH_FLAG, flag: '--cwd <folder>', help: 'With --from git: a folder in the repository.' },
  env: {
    ...NAMES,
    flag: '--env <name...>',
    help: 'With --from env: the variables, of which the first that is set counts.',
  },
  hash: {
    ...BOOLEAN,
    flag: '--no-hash',
    help: 'With --from now or file: the time itself, YYYYMMDDHHmmsscc in UTC, in place of a digest.',
  },
  secretEnv: {
    ...STRING,
    flag: '--secret-env <name>',
    help: 'With --from now or file: the variable that holds the secret.',
  },
};

/** Which flags mean something for some sources only. */
const SOURCES_OF_FLAG: Readonly<Record<Open, readonly Source[]>> = {
  file: ['file'],
  time: ['file'],
  root: ['content'],
  dotfiles: ['content'],
  wellKnown: ['content'],
  cwd: ['git'],
  env: ['env'],
  hash: ['now', 'file'],
  secretEnv: ['now', 'file'],
};

/**
 * Makes the static URL that the flags ask for.
 *
 * @throws TypeError for a flag that has no effect, and for one that is missing
 */
export async function readStaticUrl(
  given: VersionOptions,
  command: Command,
  env: Terminal['env'],
): Promise<{ url: string; prefix: string; version: string; from: Source }> {
  refuseForeignFlags(given, command);
  const options = resolveOptions(fullName(command), given, VERSION_OPTIONS);
  const { from } = options;
  const { href: prefix } = parsePrefix(options.prefix);
  const version = await readVersion(options, env);
  return { url: staticUrl(prefix, version), prefix, version, from };
}

async function readVersion(options: ResolvedVersionOptions, env: Terminal['env']): Promise<string> {
  const { from, dotfiles = false, wellKnown = false, cwd, time } = options;
  switch (from) {
    case 'now':
      return versionOfNow(timeOptions(options, env));
    case 'file':
      return versionOfFile(needed(from, 'file', options.file), {
        ...timeOptions(options, env),
        ...(time && { time }),
      });
    case 'git':
      return versionOfCommit(cwd === undefined ? {} : { cwd });
    case 'env':
      return versionOfEnvironment(needed(from, 'env', options.env), env);
    case 'content':
      return versionOfContent(needed(from, 'root', options.root), { dotfiles, wellKnown });
  }
}

function timeOptions({ hash = true, secretEnv }: ResolvedVersionOptions, env: Terminal['env']): TimeOptions {
  if (secretEnv === undefined) return { hash };
  if (!hash) throw new TypeError('--secret-env has no effect with --no-hash. Leave one of them out.');
  const secret = variableIn(env, secretEnv);
  if (secret === undefined) {
    throw new TypeError(
      `The environment variable ${quote(secretEnv)} of --secret-env is not set. Set it, or leave the flag out.`,
    );
  }
  return { hash, secret };
}

function needed<Value>(source: Source, flag: string, value: Value | undefined): Value {
  if (value === undefined)
    throw new TypeError(
      `--from ${source} needs --${flag}${flag === 'root' ? ', or "roots" in the configuration' : ''}.`,
    );
  return value;
}

function refuseForeignFlags({ from }: VersionOptions, command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName();
    const sources = new Map<string, readonly Source[]>(Object.entries(SOURCES_OF_FLAG)).get(name);
    if (sources === undefined || sources.includes(from)) continue;
    if (command.getOptionValueSource(name) !== 'cli' || command.getOptionValue(name) === undefined) continue;
    throw new TypeError(
      `${option.long} has no effect with --from ${from}: it goes with --from ${sources.join(' or ')}.`,
    );
  }
}
