import { isPlainObject } from '../../core/text.ts';
import { type BundleEntry, entryOf } from './bundle.ts';

/** An output of {@link EsbuildMetafile}. */
interface EsbuildOutput {
  /** The source file, where the output is an entry point or what is loaded lazily. */
  readonly entryPoint?: string;
  /** The output with the CSS that it imports, and all that it imports statically. */
  readonly cssBundle?: string;
}

/** What esbuild writes with `metafile: true`; outputs by their paths. */
export interface EsbuildMetafile {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, EsbuildOutput>>;
}

/** Whether JSON has the shape of esbuild's metafile. */
export function isEsbuildMetafile(value: unknown): value is EsbuildMetafile {
  if (!isPlainObject(value)) return false;
  const { inputs, outputs } = value;
  return isPlainObject(inputs) && isPlainObject(outputs) && Object.values(outputs).every(isOutput);
}

function isOutput(value: unknown): value is EsbuildOutput {
  if (!isPlainObject(value)) return false;
  const { entryPoint = '', cssBundle = '' } = value;
  return typeof entryPoint === 'string' && typeof cssBundle === 'string';
}

/** The entry points of esbuild's metafile, and with `splitting` what is loaded lazily, by their source files. */
export function esbuildEntries({ outputs }: EsbuildMetafile): Map<string, BundleEntry> {
  const entries = new Map<string, BundleEntry>();
  for (const [path, { entryPoint, cssBundle }] of Object.entries(outputs)) {
    if (entryPoint === undefined) continue;
    const entry = entryOf(path, cssBundle === undefined ? [] : [cssBundle]);
    if (entry !== undefined) entries.set(entryPoint, entry);
  }
  return entries;
}
