import { join } from 'node:path';
import { utimes } from 'node:fs/promises';
import test from 'ava';
import { releasesLocation, staticLocation } from '../../src/nginx.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { startNginx } from '../helpers/nginx.ts';
import { request } from '../helpers/request.ts';
import { CURRENT, UNKNOWN } from '../helpers/site.ts';

const FILES = {
  'old/app.css': 'old bytes',
  'new/app.css': 'new bytes',
  [`releases/${CURRENT}/app.css`]: 'new bytes',
  [`current/${CURRENT}`]: '',
};

/** A host that has a version, and one that a deploy has yet to reach, where the same file has as many bytes and the same time. */
const hosts: Readonly<Record<string, (folder: string, dotfiles?: boolean) => string>> = {
  releasesLocation: (folder, dotfiles = false) =>
    releasesLocation({ ...host(folder, 'new', dotfiles), releases: join(folder, 'releases') }) +
    releasesLocation({ ...host(folder, 'old', dotfiles), releases: join(folder, 'none') }),
  staticLocation: (folder, dotfiles = false) =>
    staticLocation({ ...host(folder, 'new', dotfiles), current: join(folder, 'current') }) +
    staticLocation({ ...host(folder, 'old', dotfiles), current: join(folder, 'none') }),
};

function host(folder: string, name: string, dotfiles: boolean) {
  return { prefix: `/${name}/`, root: join(folder, name), dotfiles };
}

for (const [name, locations] of Object.entries(hosts)) {
  test(`${name}() sends current bytes under another version without validators, so that no download goes on with them`, async (t) => {
    const folder = await temporaryFolder(t, FILES);
    const sameTime = new Date('2020-01-01T00:00:00Z');
    for (const file of ['old/app.css', 'new/app.css', `releases/${CURRENT}/app.css`])
      await utimes(join(folder, file), sameTime, sameTime);
    const { url } = await startNginx(t, locations(folder));
    const whole = await request(url, `/new/${CURRENT}/app.css`);
    t.is(whole.body.toString(), 'new bytes');
    const [etag = '', date = ''] = [whole.headers.etag, whole.headers['last-modified']];
    for (const validator of [etag, date]) {
      t.not(validator, '');
      const resumed = { range: 'bytes=4-', 'if-range': validator };
      const onThisHost = await request(url, `/new/${CURRENT}/app.css`, { headers: resumed });
      t.is(onThisHost.status, 206);
      const onAnother = await request(url, `/old/${CURRENT}/app.css`, { headers: resumed });
      t.is(onAnother.status, 200);
      t.is(onAnother.body.toString(), 'old bytes');
      t.is(onAnother.headers['cache-control'], 'no-store');
      t.is(onAnother.headers.etag, undefined);
      t.is(onAnother.headers['last-modified'], undefined);
    }
    for (const headers of [{ 'if-none-match': etag }, { 'if-modified-since': date }])
      t.is((await request(url, `/new/${CURRENT}/app.css`, { headers })).status, 304);
  });

  test(`${name}() answers its own inner path with 404, even where dotfiles are served`, async (t) => {
    const folder = await temporaryFolder(t, FILES);
    for (const dotfiles of [false, true]) {
      const { url } = await startNginx(t, locations(folder, dotfiles));
      t.is((await request(url, `/old/${UNKNOWN}/app.css`)).status, 200);
      for (const path of [
        '.static-url-current/app.css',
        '%2estatic-url-current/app.css',
        `${CURRENT}/.static-url-current/app.css`,
      ]) {
        const { status, headers } = await request(url, `/old/${path}`);
        t.is(status, 404, path);
        t.is(headers['cache-control'], 'no-store', path);
      }
    }
  });
}
