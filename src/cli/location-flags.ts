import { Option, type Command } from 'commander';
import { UNKNOWN_VERSION_ANSWERS, type UnknownVersionAnswer } from '../http/unknown-version.ts';
import type { LocationOptions } from '../nginx/index.ts';
import { namedValueFlag, type NamedValues } from './named-values.ts';
import { absolutePath, pathFlag } from './paths.ts';
import type { Terminal } from './terminal.ts';
import { wholeNumberFlag } from './whole-number-flag.ts';

/** The flags that all locations for files have. */
export interface LocationFlags {
  readonly prefix: string;
  readonly root: string;
  readonly maxAge?: number;
  readonly unknownVersion?: UnknownVersionAnswer;
  readonly unversioned?: string;
  readonly header?: NamedValues;
  readonly mediaType?: NamedValues;
  readonly cors?: boolean;
  readonly gzipStatic?: boolean;
  readonly refuseSymlinks?: boolean;
  readonly dotfiles?: boolean;
  readonly wellKnown?: boolean;
}

/** The flags that say what is served. */
export function addFolderFlags(command: Command): Command {
  return command
    .option('--prefix <prefix>', 'what static URLs start with')
    .option('--root <folder>', 'the folder with the files', pathFlag);
}

/**
 * The flags that say how it is served.
 *
 * @param maxAgeDefault - how the help tells the default of `--max-age`
 * @param unknownVersion - how the help tells what `--unknown-version` decides
 */
export function addAnswerFlags(command: Command, maxAgeDefault: string, unknownVersion: string): Command {
  return command
    .option(
      '--max-age <seconds>',
      `how long a versioned URL may be cached (default: ${maxAgeDefault})`,
      wholeNumberFlag('seconds'),
    )
    .addOption(new Option('--unknown-version <answer>', unknownVersion).choices(UNKNOWN_VERSION_ANSWERS))
    .option(
      '--unversioned <value>',
      'Cache-Control of files without a version in their URL (default: no-cache)',
    )
    .option(
      '--header <line>',
      'a header to repeat, as "Name: value"; may be given again for another',
      namedValueFlag(':', 'X-Frame-Options: DENY'),
    )
    .option('--cors', 'add Access-Control-Allow-Origin: *, for fonts and modules on another origin')
    .option('--gzip-static', 'send app.css.gz in place of app.css')
    .option('--refuse-symlinks', 'answer 404 for files behind symbolic links; slower, see the bench')
    .option('--dotfiles', 'serve files whose names start with a dot')
    .option('--well-known', 'serve the folder .well-known')
    .option(
      '--media-type <extension=type>',
      'the media type of an extension, such as glb=model/gltf-binary; may be given again for another',
      namedValueFlag('=', 'glb=model/gltf-binary'),
    );
}

/** The options that the flags stand for. */
export function locationOptions(
  terminal: Terminal,
  flags: LocationFlags,
): LocationOptions & {
  readonly maxAgeSeconds?: number;
  readonly unknownVersion?: UnknownVersionAnswer;
} {
  return {
    prefix: flags.prefix,
    root: absolutePath(terminal, flags.root),
    ...(flags.maxAge !== undefined && { maxAgeSeconds: flags.maxAge }),
    ...(flags.unknownVersion && { unknownVersion: flags.unknownVersion }),
    ...(flags.unversioned !== undefined && { unversionedCacheControl: flags.unversioned }),
    ...(flags.header && { headers: flags.header }),
    ...(flags.mediaType && { mediaTypes: flags.mediaType }),
    cors: flags.cors ?? false,
    gzipStatic: flags.gzipStatic ?? false,
    symlinks: flags.refuseSymlinks ? 'refuse' : 'follow',
    dotfiles: flags.dotfiles ?? false,
    wellKnown: flags.wellKnown ?? false,
  };
}
