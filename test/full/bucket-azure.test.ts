import test from 'ava';
import { azureTarget } from '../../src/site/targets/azure/azure-target.ts';
import { startAzurite, type Azurite } from '../helpers/azurite.ts';
import { contract, listed, text } from '../site/targets/contract.ts';
import { publishesOnlyWhatChanged } from './published-bucket.ts';

const ends: (() => unknown)[] = [];
let azurite: Azurite;
let containers = 0;
const containerOf = new WeakMap<object, string>();

test.before(async (t) => {
  azurite = await startAzurite({
    teardown: (end) => void ends.push(end),
    timeout: (milliseconds) => t.timeout(milliseconds),
  });
  await azurite.service.createContainer('$web');
});

test.after.always(async () => {
  for (const end of ends) await end();
});

/** A container of its own for each test. */
async function containerFor(t: object): Promise<string> {
  const known = containerOf.get(t);
  if (known !== undefined) return known;
  containers += 1;
  const container = `site-${containers}`;
  containerOf.set(t, container);
  await azurite.service.createContainer(container);
  return container;
}

contract(test, 'azureTarget() with Azurite', async (t, prefix = '') =>
  azureTarget({
    connectionString: azurite.connectionString,
    container: await containerFor(t),
    prefix,
  }),
);

test('azureTarget() signs in with a key, and publishes to $web unless told otherwise', async (t) => {
  const { url, accountKey, service } = azurite;
  const target = azureTarget({ url, accountKey });
  await target.write('key.html', text('a'), {});
  t.true(await service.getContainerClient('$web').getBlobClient('key.html').exists());
});

test('azureTarget() tells the MD5 of a blob that another tool put together of blocks as absent', async (t) => {
  const container = await containerFor(t);
  const blob = azurite.service.getContainerClient(container).getBlockBlobClient('blocks.bin');
  await blob.stageBlock(Buffer.from('1').toString('base64'), 'a', 1);
  await blob.commitBlockList([Buffer.from('1').toString('base64')]);
  const [object] = await listed(azureTarget({ connectionString: azurite.connectionString, container }));
  t.false('md5' in (object ?? { md5: '' }));
});

test('azureTarget() says that Azurite does not take a key, and that a container is not there', async (t) => {
  const { url, connectionString } = azurite;
  await t.throwsAsync(azureTarget({ url, accountKey: 'AAAA' }).write('a', text('a'), {}), {
    message: /^Azure does not accept the credentials/,
  });
  const missing = azureTarget({ connectionString, container: 'nowhere' });
  for (const asked of [
    missing.inspect('a'),
    missing.write('a', text('a'), {}),
    missing.delete('a'),
    listed(missing),
  ])
    await t.throwsAsync(asked, { message: /has no container "nowhere"/ });
});

test('publish() to Azurite uploads what has changed, and repairs what others did', async (t) => {
  const { connectionString } = azurite;
  const target = azureTarget({ connectionString, container: await containerFor(t), prefix: 'docs' });
  await publishesOnlyWhatChanged(t, target);
});
