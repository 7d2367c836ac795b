import { Command, Option } from 'commander';
import { requireOutside } from '../releases/index.ts';
import { quote } from '../core/options.ts';
import { parsePrefix } from '../core/prefix.ts';
import {
  markCurrent,
  staticUrl,
  type TimeOptions,
  versionOfCommit,
  versionOfContent,
  versionOfEnvironment,
  versionOfFile,
  versionOfNow,
  warnOfClosedFolder,
} from '../version/index.ts';
import { absolutePath, pathFlag } from './paths.ts';
import { requireFlags } from './require-flags.ts';
import type { Terminal } from './terminal.ts';

const SOURCES = ['now', 'file', 'git', 'env', 'content'] as const;

type Source = (typeof SOURCES)[number];

interface UrlFlags {
  readonly from: Source;
  readonly prefix: string;
  readonly file?: string;
  readonly time?: 'atime' | 'mtime';
  readonly root?: string;
  readonly dotfiles?: boolean;
  readonly wellKnown?: boolean;
  readonly cwd?: string;
  readonly env?: readonly string[];
  readonly hash: boolean;
  readonly secretEnv?: string;
  readonly mark?: string;
  readonly json?: boolean;
}

/** `static-url url`: prints the static URL for deploy scripts. */
export function urlCommand(terminal: Terminal): Command {
  return new Command('url')
    .description('Print the static URL.')
    .addOption(new Option('--from <source>', 'where the version comes from').choices(SOURCES))
    .option('--prefix <prefix>', 'what static URLs start with', '/static/')
    .option('--file <path>', 'with --from file: the sentinel file', pathFlag)
    .addOption(
      new Option('--time <which>', 'with --from file: last access or last change').choices([
        'atime',
        'mtime',
      ]),
    )
    .option('--root <folder>', 'with --from content: the folder with the files', pathFlag)
    .option('--dotfiles', 'with --from content: count files whose names start with a dot')
    .option('--well-known', 'with --from content: count the folder .well-known')
    .option('--cwd <folder>', 'with --from git: a folder of the repository', pathFlag)
    .option('--env <name...>', 'with --from env: the variables, the first that is set counts')
    .option('--no-hash', 'with --from now or file: the readable time YYYYMMDDHHmmsscc')
    .option('--secret-env <name>', 'with --from now or file: the variable that holds the secret')
    .option(
      '--mark <folder>',
      'leave the marker of this version for nginx, and remove those of others',
      pathFlag,
    )
    .option('--json', 'print {"url", "prefix", "version", …} instead')
    .addHelpText(
      'after',
      '\nExample: the URL of a deploy, with its marker for nginx\n  $ static-url unmark /srv/app/current\n  $ cp -r --remove-destination build/. public/\n  $ static-url url --from content --root public --mark /srv/app/current\n  /static/9b2d71f00c3e5a48/\n',
    )
    .action(async (flags: UrlFlags, command: Command) => {
      requireFlags(command, ['from']);
      refuseForeignFlags(flags, command);
      const { mark: markerFolder, root } = flags;
      if (markerFolder !== undefined && root !== undefined)
        requireOutside('marker folder', absolutePath(terminal, markerFolder), [absolutePath(terminal, root)]);
      const { href: prefix } = parsePrefix(flags.prefix);
      const version = await readVersion(flags, terminal);
      const url = staticUrl(prefix, version);
      const details = {
        url,
        prefix,
        version,
        from: flags.from,
        ...(flags.mark !== undefined && mark(terminal, flags.mark, version)),
      };
      terminal.write(flags.json ? `${JSON.stringify(details)}\n` : `${url}\n`);
    });
}

function mark(terminal: Terminal, markerFolder: string, version: string): object {
  const folder = absolutePath(terminal, markerFolder);
  const removed = markCurrent(folder, version);
  const warning = warnOfClosedFolder(folder);
  if (warning !== undefined) terminal.writeError(`warning: ${warning}\n`);
  return { markerFolder, removed, warnings: warning === undefined ? [] : [warning] };
}

async function readVersion(flags: UrlFlags, terminal: Terminal): Promise<string> {
  switch (flags.from) {
    case 'now':
      return versionOfNow(timeOptions(flags, terminal.env));
    case 'file':
      return versionOfFile(absolutePath(terminal, needed('file', 'file', flags.file)), {
        ...(flags.time && { time: flags.time }),
        ...timeOptions(flags, terminal.env),
      });
    case 'git':
      return versionOfCommit(flags.cwd === undefined ? {} : { cwd: absolutePath(terminal, flags.cwd) });
    case 'env':
      return versionOfEnvironment(needed('env', 'env', flags.env), terminal.env);
    case 'content':
      return versionOfContent(absolutePath(terminal, needed('content', 'root', flags.root)), {
        dotfiles: flags.dotfiles ?? false,
        wellKnown: flags.wellKnown ?? false,
      });
  }
}

function timeOptions({ hash, secretEnv }: UrlFlags, env: Terminal['env']): TimeOptions {
  if (secretEnv === undefined) return { hash };
  if (!hash) throw new TypeError('--secret-env has no effect with --no-hash. Leave one of them out.');
  const secret = Object.hasOwn(env, secretEnv) ? env[secretEnv] : undefined;
  if (secret === undefined || secret === '') {
    throw new TypeError(
      `The environment variable ${quote(secretEnv)} of --secret-env is not set. Set it, or leave the flag out.`,
    );
  }
  return { hash, secret };
}

function needed<Value>(source: Source, flag: string, value: Value | undefined): Value {
  if (value === undefined) throw new TypeError(`--from ${source} needs --${flag}.`);
  return value;
}

/** Which flags mean something for one source only. */
const FLAGS_OF_SOURCE: Readonly<Record<string, readonly Source[]>> = {
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

function refuseForeignFlags({ from }: UrlFlags, command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName();
    const sources = FLAGS_OF_SOURCE[name];
    if (sources === undefined || sources.includes(from) || command.getOptionValueSource(name) !== 'cli')
      continue;
    throw new TypeError(
      `${option.long} has no effect with --from ${from}: it goes with --from ${sources.join(' or ')}.`,
    );
  }
}
