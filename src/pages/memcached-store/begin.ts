import { StaticUrlError } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import type { PageKey, PendingPage } from '../store.ts';
import { loggedPage } from './item-names.ts';
import { land, type Begun, type LandingSetting } from './landing.ts';
import { isOvertaken, logLine, newId, type NodeLog } from './node-log.ts';
import type { PageNode } from './page-node.ts';

/**
 * Keeps the place of a page that is about to be rendered.
 *
 * @param name - of the page's item
 * @param fence - whether what began before may not land any more
 * @throws {@link StaticUrlError} `STORE_UNREACHABLE`, `STORE_ENVIRONMENT`
 */
export async function beginPage(
  node: PageNode,
  key: PageKey,
  name: string,
  fence: boolean,
  setting: LandingSetting,
): Promise<PendingPage> {
  const logged = loggedPage(name, key);
  const log = fence ? await writeFence(node, logged.page) : requireReady(node, await node.log());
  const place = { epoch: log.epoch, place: log.end };
  const begun: Begun = { node, key, name, logged, place, evicted: log.evicted };
  let isDiscarded = false;
  return {
    // While it lands, too: who comes then need not have it rendered once more.
    isJoinable: async () => !isDiscarded && !isOvertaken(await node.log(), place, logged, undefined),
    land: async (page) => !isDiscarded && land(begun, page, setting),
    async discard() {
      isDiscarded = true;
    },
  };
}

/** Who publishes waits until the node is ready. */
async function writeFence(node: PageNode, page: string): Promise<NodeLog> {
  await node.ready();
  return requireReady(node, await node.append(logLine('F', newId(), page)));
}

/** A visitor does not wait for that: the app answers. */
function requireReady(node: PageNode, log: NodeLog | undefined): NodeLog {
  if (node.opening.isReady(log)) return log;
  node.ready().catch(() => {});
  throw new StaticUrlError(
    'STORE_UNREACHABLE',
    `The memcached at ${quote(node.memcached.server.name)} takes no pages yet: it is emptied of what may be old.`,
  );
}
