import { request, type RequestOptions } from 'node:http';
import type { ExecutionContext } from 'ava';
import { FILES, type HostedSite, type Row } from './host-rows.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** Sends each request of a site to a host, as it stands, and compares the answers. */
export async function checkHost(
  t: ExecutionContext,
  { rows, origin }: HostedSite,
  place: RequestOptions,
): Promise<void> {
  const { host } = new URL(origin);
  const wrong: string[] = [];
  for (const row of rows) {
    const { path, method = 'GET', headers = {} } = row;
    const answer = await ask({ ...place, path, method, headers: { host, ...headers } });
    for (const [what, actual, expected] of comparisons(row, answer))
      if (actual !== expected)
        wrong.push(
          `${method} ${path} ${JSON.stringify(headers)}: ${what} ${String(actual)}, not ${String(expected)}`,
        );
  }
  t.deepEqual(wrong, []);
  t.true(rows.length > 100);
}

type Comparison = readonly [what: string, actual: unknown, expected: unknown];

function comparisons(row: Row, { status, headers, body }: Answer): Comparison[] {
  if (status === row.orStatus) return [['expiry', headers['cache-control'], undefined]];
  const compared: Comparison[] = [
    ['status', status, row.status],
    ['location', headers['location'], row.location],
    ...Object.entries(row.others ?? {}).map(([name, value]) => [name, headers[name], value] as const),
  ];
  if (row.type !== undefined) compared.push(['type', headers['content-type'], row.type]);
  if (row.cacheControl !== undefined)
    compared.push(['Cache-Control', headers['cache-control'], row.cacheControl]);
  if (row.status >= 400)
    compared.push(['long expiry', /max-age/.test(String(headers['cache-control'])), false]);
  if (row.file !== undefined) {
    const bytes = row.method === 'HEAD' || row.file === '' ? '' : (FILES[row.file] ?? '');
    compared.push(['body', body.toString('latin1'), Buffer.from(bytes).toString('latin1')]);
  }
  return compared;
}

/** Sends one request as it stands. */
export function ask(options: RequestOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(options, (response) => {
      const pieces: Buffer[] = [];
      response
        .on('data', (piece: Buffer) => pieces.push(piece))
        .on('error', reject)
        .on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(pieces),
          }),
        );
    })
      .on('error', reject)
      .end();
  });
}
