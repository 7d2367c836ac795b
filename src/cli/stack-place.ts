import { fileURLToPath } from 'node:url';

/** A file with line and column at the end of a stack's line, or a file with a line at its beginning (mistakes of syntax). */
const PLACE = /(?:^|\(|at (?:async )?)((?:file:\/\/|\/|[A-Z]:\\)[^()]*?)((?::\d+){1,2})\)?$/;

/**
 * Where an error arose, as its stack tells: the first place in a user's own code, else in a package.
 *
 * @returns ` in <file>:<line>:<column>`; empty when the stack names none
 */
export function placeIn(error: unknown): string {
  const lines = error instanceof Error ? (error.stack?.split('\n') ?? []) : [];
  const places = lines.flatMap((line) => {
    const [, file, position = ''] = PLACE.exec(line) ?? [];
    return file === undefined || file.startsWith(OURS)
      ? []
      : [(file.startsWith('file:') ? fileURLToPath(file) : file) + position];
  });
  const place = places.find((each) => !/[\\/]node_modules[\\/]/.test(each)) ?? places[0];
  return place === undefined ? '' : ` in ${place}`;
}

/** Our own code, whatever its ending. */
const OURS = new URL('..', import.meta.url).href;
