import type { RenderedHead } from './rendering.ts';

/** Of one connection alone (RFC 9110 §7.6.1). */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** The status and headers of an answer, without those of its connection. */
export function responseHead({
  statusCode,
  rawHeaders,
}: {
  readonly statusCode: number;
  readonly rawHeaders: readonly string[];
}): RenderedHead {
  const headers = new Map<string, string[]>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    const lowercase = name.toLowerCase();
    if (HOP_BY_HOP.has(lowercase) || lowercase.startsWith('proxy-')) continue;
    const values = headers.get(lowercase);
    if (values === undefined) headers.set(lowercase, [value]);
    else values.push(value);
  }
  return { status: statusCode, headers };
}
