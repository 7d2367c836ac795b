import test from 'ava';
import { azureTarget } from '../../../../src/site/targets/azure/azure-target.ts';

const KEY = Buffer.from('SECRETSECRET').toString('base64');

for (const [options, name, host] of [
  [{ url: 'https://shop.blob.core.windows.net' }, 'azure://shop/$web/', 'shop.blob.core.windows.net'],
  [
    { url: 'https://shop.blob.core.windows.net/?sv=1&sig=a', container: 'site', prefix: '/docs' },
    'azure://shop/site/docs/',
    'shop.blob.core.windows.net',
  ],
  [
    {
      connectionString: `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${KEY};EndpointSuffix=core.windows.net`,
    },
    'azure://shop/$web/',
    'shop.blob.core.windows.net',
  ],
  [
    { connectionString: 'BlobEndpoint=https://shop.blob.core.windows.net/;SharedAccessSignature=sv=1&sig=a' },
    'azure://shop/$web/',
    'shop.blob.core.windows.net',
  ],
  [{ connectionString: 'UseDevelopmentStorage=true' }, 'azure://devstoreaccount1/$web/', '127.0.0.1:10000'],
  [
    { url: 'http://127.0.0.1:10000/devstoreaccount1', accountKey: KEY },
    'azure://devstoreaccount1/$web/',
    '127.0.0.1:10000',
  ],
] as const)
  test(`azureTarget() is named ${name} for ${JSON.stringify(options).slice(0, 60)}`, (t) => {
    const target = azureTarget(options);
    t.is(target.name, name);
    t.is(target.details?.['host'], host);
  });

for (const [options, message] of [
  [{}, /"connectionString" or the option "url"/],
  [{ url: 'https://a.blob.core.windows.net', connectionString: 'UseDevelopmentStorage=true' }, /one of them/],
  [{ connectionString: 'UseDevelopmentStorage=true', accountKey: KEY }, /with the option "url" alone/],
  [{ url: 'https://a.blob.core.windows.net?sig=SECRET', accountKey: KEY }, /give one of them/],
  [{ connectionString: 'AccountKey=SECRET' }, /is a connection string/],
  [{ url: 'a.blob.core.windows.net?sig=SECRET' }, /is the URL of the blob service/],
  [{ url: 'https://a.blob.core.windows.net/$web?sig=SECRET' }, /without a container/],
  [{ url: 'https://user:SECRET@a.blob.core.windows.net' }, /is the URL of the blob service/],
  [{ url: 'https://a.blob.core.windows.net', container: 'Web' }, /is the name of a container, not "Web"/],
  [{ url: 'https://a.blob.core.windows.net', accountKey: 'SECRET!' }, /is a key of the account, in base64/],
  [{ url: 'https://a.blob.core.windows.net', credential: {} }, /is a credential of "@azure\/identity"/],
  [{ url: 'https://a.blob.core.windows.net', bucket: 'a' }, /has no option "bucket"/],
] as const)
  test(`azureTarget() refuses ${JSON.stringify(options).slice(0, 70)}`, (t) => {
    const error = t.throws(() => azureTarget(options as never), { instanceOf: TypeError, message });
    t.notRegex(error?.message ?? '', /SECRET|U0VDUkVU/);
  });
