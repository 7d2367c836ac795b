import { createHash } from 'node:crypto';
import { get as getHttp, type Agent, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';

/** Without a byte for so long, a request is given up. */
const SILENCE_MILLISECONDS = 30_000;

const MOST_REDIRECTS = 5;

/** How a public URL answered, behind its redirects. */
export interface PublicAnswer {
  /** That which answered in the end. */
  readonly url: string;
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Of the body as it came, in hexadecimal. */
  readonly md5: string;
  /** Where the first answer redirected to, absolute. */
  readonly redirect: { readonly status: number; readonly location: string } | undefined;
}

/** The connections that requests share. */
export interface PublicAgents {
  readonly http: Agent;
  readonly https: Agent;
}

/**
 * Asks for a URL as a visitor's browser does who has nothing in its cache, and takes the body as it comes. Redirects are followed as
 * long as they stay on the host.
 *
 * @throws Error of the system when there is no answer
 */
export async function askPublicUrl(url: string, agents: PublicAgents): Promise<PublicAnswer> {
  let redirect: PublicAnswer['redirect'];
  for (let asked = new URL(url), count = 0; ; count += 1) {
    const response = await answerOf(asked, agents);
    const { statusCode: status = 0 } = response;
    const location = locationOf(response, asked);
    if (location !== undefined) redirect ??= { status, location: location.href };
    const isFollowed =
      location !== undefined && location.hostname === asked.hostname && count < MOST_REDIRECTS;
    // Websites of Ceph answer a redirect twice, and the second answer would be taken for that to the next request.
    if (location !== undefined) response.destroy();
    const md5 = location === undefined ? await md5Of(response) : '';
    if (!isFollowed) return { url: asked.href, status, headers: singleHeaders(response), md5, redirect };
    asked = location;
  }
}

function answerOf(url: URL, { http, https }: PublicAgents): Promise<IncomingMessage> {
  // Not fetch(): it decodes what a bucket keeps encoded.
  const headers = { Accept: '*/*', 'Accept-Encoding': 'identity', 'User-Agent': 'static-url' };
  const [get, agent] = url.protocol === 'https:' ? [getHttps, https] : [getHttp, http];
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers }, resolve).on('error', reject);
    request.setTimeout(SILENCE_MILLISECONDS, () => {
      request.destroy(Object.assign(new Error('No answer.'), { code: 'ETIMEDOUT' }));
    });
  });
}

async function md5Of(response: IncomingMessage): Promise<string> {
  const hash = createHash('md5');
  for await (const piece of response as AsyncIterable<Buffer>) hash.update(piece);
  return hash.digest('hex');
}

function locationOf({ statusCode = 0, headers: { location } }: IncomingMessage, base: URL): URL | undefined {
  if (statusCode < 300 || statusCode > 399 || location === undefined || !URL.canParse(location, base.href))
    return undefined;
  return new URL(location, base);
}

function singleHeaders({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
