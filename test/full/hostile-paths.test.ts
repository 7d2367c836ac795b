import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import test from 'ava';
import express from 'express';
import { devStaticRouter } from '../../src/express.ts';
import { releasesLocation, staticLocation } from '../../src/nginx.ts';
import fc, { SEED } from '../helpers/fast-check.ts';
import { openRelease, openSources } from '../helpers/production-site.ts';
import { listen } from '../helpers/listen.ts';
import { startNginx } from '../helpers/nginx.ts';
import { releaseSite } from '../helpers/release-tree.ts';
import { request } from '../helpers/request.ts';
import {
  createSite,
  CURRENT,
  RETAINED,
  RETAINED_FILES,
  SECRET,
  SITE_FILES,
  UNKNOWN,
} from '../helpers/site.ts';

const PATHS = 10_000;

const encodings = (character: string): string[] => {
  const hex = (character.codePointAt(0) ?? 0).toString(16).padStart(2, '0');
  return [character, `%${hex}`, `%${hex.toUpperCase()}`, `%25${hex}`];
};
const words = (text: string): string[] => text.split(' ');
const name = fc.constantFrom(
  ...Object.keys(SITE_FILES).flatMap((each) => each.split('/').map((segment) => encodeURIComponent(segment))),
  ...words('secret.txt public public-secret outside linked.txt styles etc passwd proc self environ static'),
  ...words(`.env .git config .hidden.css .well-known security.txt ${CURRENT} ${RETAINED} ${UNKNOWN}`),
  // Where the releases location sends its own requests.
  '.static-url-current',
);
const odd = fc.constantFrom(
  ...['.', '/', '\\', '\0', '\n', '\r', ' ', ';', '~', '%', '?', '#', ':', '*', '|', '"']
    .flatMap(encodings)
    .filter((text) => /^[!-~]+$/.test(text)),
  ...words(
    '.. %2e%2e .%2e ... .... // /./ /../ %c0%ae %c0%af %e0%80%af %ef%bc%8f %u002e %uff0e % %2 %zz %00 %20',
  ),
  ...words('+ & = @ , ::$DATA .css .gz ~ .bak'),
);
const piece = fc.oneof(
  { arbitrary: name, weight: 5 },
  { arbitrary: odd, weight: 4 },
  { arbitrary: fc.constant('/'), weight: 5 },
);
const hostilePath = fc
  .tuple(
    fc.constantFrom('', '', `${CURRENT}/`, `${RETAINED}/`, `${UNKNOWN}/`, CURRENT, `${CURRENT}%2f`),
    fc.array(piece, { minLength: 1, maxLength: 10 }),
  )
  .map(([version, pieces]) => `/static/${version}${pieces.join('')}`);
const realPath = fc
  .tuple(
    fc.constantFrom('', `${CURRENT}/`, `${UNKNOWN}/`),
    fc.constantFrom(...Object.keys(SITE_FILES), 'linked.txt', 'styles/app.css'),
  )
  .map(([version, asset]) => version + asset);
/** A real file with one thing put into its path. */
const nearMiss = fc.tuple(realPath, fc.nat(), odd).map(([path, position, insertion]) => {
  const encoded = encodeURI(path);
  const at = position % (encoded.length + 1);
  return `/static/${encoded.slice(0, at)}${insertion}${encoded.slice(at)}`;
});
/** A real file in another spelling: any of its characters may be percent-encoded. */
const respelled = fc
  .tuple(realPath, fc.infiniteStream(fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2)))
  .map(([path, choices]) => {
    const spelled = Array.from(path, (character) => {
      const choice = choices.next().value ?? 0;
      const [, lower = '', upper = ''] = encodings(character);
      return character.length > 1 || /[^!-~]|[%#?]/.test(character)
        ? encodeURIComponent(character)
        : [character, lower, upper][choice];
    });
    return `/static/${spelled.join('')}`;
  });

test(`${PATHS} hostile paths (seed ${SEED}): nothing outside the root is read, and no two servers send different bytes`, async (t) => {
  const site = await createSite(t);
  const { root, current } = site;
  const releases = await releaseSite(site);
  const app = express()
    .use(devStaticRouter('/static/', root))
    .use((_request, response) => void response.status(404).end());
  const [sources, release] = await Promise.all([
    openSources(await createSite(t), '/static/'),
    openRelease(await createSite(t), '/static/'),
  ]);
  const servers = await Promise.all([
    listen(t, app),
    startNginx(t, staticLocation({ prefix: '/static/', root, current })),
    startNginx(t, releasesLocation({ prefix: '/static/', root, releases })),
    listen(t, sources.handler()),
    listen(t, release.handler()),
  ]);
  const allowed = new Set(
    await Promise.all(
      [...Object.keys(SITE_FILES), 'linked.txt'].map(async (asset) =>
        digest(await readFile(join(root, asset))),
      ),
    ),
  );
  const retained = new Set(Object.values(RETAINED_FILES).map((content) => digest(Buffer.from(content))));
  let served = 0;
  const paths = fc.sample(fc.oneof(hostilePath, hostilePath, nearMiss, respelled), { numRuns: PATHS });
  const lanes = Array.from({ length: 8 }, async (_, lane) => {
    for (let index = lane; index < paths.length; index += 8) {
      const path = paths[index] ?? '';
      const answers = await Promise.all(servers.map(({ url }) => request(url, path)));
      for (const { status, body } of answers) {
        if (body.includes(SECRET)) t.fail(`${path} reads the secret`);
        if (status === 200 && !allowed.has(digest(body)) && !retained.has(digest(body)))
          t.fail(`${path} reads something that is no file of the root`);
        if (status !== 200 && status !== 404 && status !== 400) t.fail(`${path} is answered with ${status}`);
      }
      // Only a release has the bytes of an earlier version.
      const bodies = answers.filter(({ status, body }) => status === 200 && !retained.has(digest(body)));
      const [first, ...others] = bodies.map(({ body }) => body);
      if (first === undefined || others.length === 0) continue;
      served += 1;
      if (others.some((body) => !body.equals(first))) t.fail(`${path} has two bodies`);
    }
  });
  await Promise.all(lanes);
  // The comparison means something only where several have sent bytes.
  t.true(served > PATHS / 100, `${served} paths were served by more than one`);
});

function digest(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
