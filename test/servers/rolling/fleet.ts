import type { ExecutionContext } from 'ava';
import { temporaryFolder } from '../../helpers/folder.ts';
import { startNginx } from '../../helpers/nginx.ts';
import { Host, type Layout } from './host.ts';

/** Which host the balancer is to choose; without, it takes turns. */
export type Choice = 'a' | 'b';

/** Two hosts, a load balancer before them and a cache, as of a CDN, before that. */
export interface Fleet {
  readonly a: Host;
  readonly b: Host;
  readonly balancer: string;
  readonly cache: string;
}

/** The header that makes the balancer's luck a choice. */
export const CHOICE_HEADER = 'x-host';

/** Starts it all with the first deploy on both hosts. The page `/a` comes from host a, `/b` from host b. */
export async function startFleet(t: ExecutionContext, layout: Layout): Promise<Fleet> {
  const [a, b] = await Promise.all([Host.start(t, layout), Host.start(t, layout)]);
  const balancer = await startNginx(
    t,
    `proxy_next_upstream error timeout http_502;
     location = /a { proxy_pass http://host_a; }
     location = /b { proxy_pass http://host_b; }
     location / { proxy_pass http://$chosen; }`,
    `upstream host_a { ${server(a)} }
     upstream host_b { ${server(b)} }
     upstream hosts { ${server(a)} ${server(b)} }
     map $http_x_host $chosen { default hosts; a host_a; b host_b; }`,
  );
  const stored = await temporaryFolder(t);
  const cache = await startNginx(
    t,
    `proxy_cache cdn; add_header X-Cache $upstream_cache_status always;
     location / { proxy_pass ${balancer.url}; }`,
    `proxy_cache_path ${stored} keys_zone=cdn:1m;`,
  );
  return { a, b, balancer: balancer.url, cache: cache.url };
}

/** With max_fails=0 an app that restarts does not take its host's files out of the balance. */
function server({ url }: Host): string {
  return `server ${new URL(url).host} max_fails=0;`;
}
