import test from 'ava';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runForValue } from '../../helpers/run-node.ts';

const SITE = new URL('../../../src/site/index.ts', import.meta.url).href;

test('A full disk is told in words, whichever write of new files meets it, and the old site stays', async (t) => {
  t.timeout(2 * 60 * 1000);
  const folder = await temporaryFolder(t, {
    'media/photo.txt': 'a photo',
    'media/text.txt': 'text '.repeat(1000),
  });
  const failures = await runForValue<{ code: string; message: string; text: string }[]>(`
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    let left = Infinity;
    for (const name of ['writeSync', 'copyFileSync']) {
      const original = fs[name];
      fs[name] = (...args) => {
        left -= 1;
        if (left >= 0) return original(...args);
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write', errno: -28 });
      };
    }
    syncBuiltinESMExports();
    const { createSite, route } = await import(${JSON.stringify(SITE)});
    let version = 1;
    const site = createSite({
      app: (request, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.end('<!doctype html><title>' + request.url + version + '</title>' + ' '.repeat(2000));
      },
      origin: 'https://www.example.com',
      out: ${JSON.stringify(`${folder}/site`)},
      routes: [route('/'), route('/a')],
      copies: [{ from: ${JSON.stringify(`${folder}/media`)}, to: '/media/' }],
      sitemap: true,
      compress: true,
    });
    await site.export();
    version = 2;
    const failures = [];
    for (let count = 0; ; count += 1) {
      left = count;
      let error;
      await (count === 0 ? site.exportOne('/') : site.export({ all: true })).catch((thrown) => (error = thrown));
      left = Infinity;
      if (error === undefined) break;
      failures.push({ code: error.code, message: error.message, text: fs.readFileSync(${JSON.stringify(`${folder}/site/index.html`)}, 'utf8').trim() });
    }
    process.stdout.write(JSON.stringify(failures));
  `);
  t.true(failures.length > 4, String(failures.length));
  for (const { code, message, text } of failures) {
    t.is(code, 'DISK_FULL', message);
    t.regex(message, /no room is left \(ENOSPC\)\. Free some room and export again/);
    t.is(text, '<!doctype html><title>/1</title>');
  }
});
