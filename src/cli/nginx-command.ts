import { Command, InvalidArgumentError, Option } from 'commander';
import { staticLocation } from '../nginx/static-location.ts';
import { absolutePath, pathFlag } from './paths.ts';
import { requireFlags } from './require-flags.ts';
import type { Terminal } from './terminal.ts';

interface NginxStaticFlags {
  readonly prefix: string;
  readonly root: string;
  readonly current?: string;
  readonly maxAge?: number;
  readonly unknownVersion?: 'current-bytes' | 'not-found';
  readonly unversioned?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly cors?: boolean;
  readonly gzipStatic?: boolean;
  readonly refuseSymlinks?: boolean;
  readonly wellKnown?: boolean;
}

/** `static-url nginx`: prints configuration. */
export function nginxCommand(terminal: Terminal): Command {
  return new Command('nginx')
    .description('Print configuration for nginx.')
    .addHelpText(
      'after',
      '\nExample:\n  $ static-url nginx static --prefix /static/ --root /srv/app/public\n',
    )
    .addCommand(nginxStaticCommand(terminal));
}

function nginxStaticCommand(terminal: Terminal): Command {
  return new Command('static')
    .description('Print a location to include in a server block: static URLs with a long expiry.')
    .option('--prefix <prefix>', 'what static URLs start with')
    .option('--root <folder>', 'the folder with the files', pathFlag)
    .option(
      '--current <folder>',
      'the marker folder of "static-url url --mark": only its versions are immutable',
      pathFlag,
    )
    .option(
      '--max-age <seconds>',
      'how long a versioned URL may be cached (default: a week; with --current a year)',
      seconds,
    )
    .addOption(
      new Option('--unknown-version <answer>', 'with --current: what a version without marker gets').choices([
        'current-bytes',
        'not-found',
      ]),
    )
    .option(
      '--unversioned <value>',
      'Cache-Control of files without a version in their URL (default: no-cache)',
    )
    .option('--header <line>', 'a header to repeat, as "Name: value"; may be given again', header)
    .option('--cors', 'add Access-Control-Allow-Origin: *, for fonts and modules on another origin')
    .option('--gzip-static', 'send app.css.gz in place of app.css')
    .option('--refuse-symlinks', 'answer 404 for files behind symbolic links; slower, see the bench')
    .option('--well-known', 'serve the folder .well-known')
    .addHelpText(
      'after',
      '\nExample:\n  $ static-url nginx static --prefix /static/ --root /srv/app/public > /etc/nginx/snippets/app-static.conf\n',
    )
    .action((flags: NginxStaticFlags, command: Command) => {
      requireFlags(command, ['prefix', 'root']);
      terminal.write(
        staticLocation({
          prefix: flags.prefix,
          root: absolutePath(terminal, flags.root),
          ...(flags.current !== undefined && { current: absolutePath(terminal, flags.current) }),
          ...(flags.maxAge !== undefined && { maxAgeSeconds: flags.maxAge }),
          ...(flags.unknownVersion && { unknownVersion: flags.unknownVersion }),
          ...(flags.unversioned !== undefined && { unversionedCacheControl: flags.unversioned }),
          ...(flags.header && { headers: flags.header }),
          cors: flags.cors ?? false,
          gzipStatic: flags.gzipStatic ?? false,
          symlinks: flags.refuseSymlinks ? 'refuse' : 'follow',
          wellKnown: flags.wellKnown ?? false,
        }),
      );
    });
}

function seconds(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number of seconds.');
}

function header(line: string, previous: Readonly<Record<string, string>> = {}): Record<string, string> {
  const colon = line.indexOf(':');
  if (colon < 1) throw new InvalidArgumentError('It is a line such as "X-Frame-Options: DENY".');
  return { ...previous, [line.slice(0, colon).trim()]: line.slice(colon + 1).trim() };
}
