import test from 'ava';
import { temporaryFolder } from '../../../helpers/folder.ts';
import { runForValue } from '../../../helpers/run-node.ts';

const SITE = new URL('../../../../src/site/index.ts', import.meta.url).href;

/** What a failed publish said, and what it left. */
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly home: string;
  readonly hasGone: boolean;
}

test('publish() to a folder whose disk is full says so, and leaves the old site', async (t) => {
  t.timeout(2 * 60 * 1000);
  const folder = await temporaryFolder(t);
  const failures = await runForValue<Failure[]>(`
    import fs from 'node:fs';
    import { createSite, directoryTarget, route } from ${JSON.stringify(SITE)};
    const published = ${JSON.stringify(`${folder}/published`)};
    // Files of the target alone: the export has room in another place.
    let left = Infinity;
    const handle = await fs.promises.open(${JSON.stringify(`${folder}/probe`)}, 'w');
    const prototype = Object.getPrototypeOf(handle);
    await handle.close();
    const { appendFile } = prototype;
    prototype.appendFile = async function (...given) {
      left -= 1;
      if (left >= 0) return appendFile.apply(this, given);
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write', errno: -28 });
    };
    let paths = ['a', 'gone'];
    let version = 1;
    const site = createSite({
      app: (request, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.end('<!doctype html><title>' + version + '</title>');
      },
      origin: 'https://www.example.com',
      out: ${JSON.stringify(`${folder}/site`)},
      routes: [route('/'), route('/:path', { params: () => paths })],
    });
    await site.export();
    const target = directoryTarget({ folder: published });
    await site.publish(target, { from: ${JSON.stringify(`${folder}/site`)} });
    version = 2;
    paths = ['a'];
    await site.export();
    const failures = [];
    for (let count = 0; ; count += 1) {
      left = count;
      let error;
      await site.publish(target, { from: ${JSON.stringify(`${folder}/site`)}, lockSeconds: 1 }).catch((thrown) => (error = thrown));
      left = Infinity;
      if (error === undefined) break;
      failures.push({
        code: error.code,
        message: error.message,
        home: fs.readFileSync(published + '/index.html', 'utf8'),
        hasGone: fs.existsSync(published + '/gone/index.html'),
      });
    }
    process.stdout.write(JSON.stringify(failures));
  `);
  t.true(failures.length > 3, String(failures.length));
  for (const { code, message, home, hasGone } of failures) {
    t.true(['TARGET_FAILED', 'PUBLISH_FAILED'].includes(code), code);
    t.regex(message, /no room is left \(ENOSPC\)\. Free some room, and publish again/);
    t.true(hasGone || home.includes('2'), 'nothing is deleted before all is published');
  }
  t.is(failures[0]?.home, '<!doctype html><title>1</title>');
});
