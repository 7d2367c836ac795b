import test from 'ava';
import { copyBlog, publishBlog, runCommand } from '../examples/blog-process.ts';
import { ask, pathsOf, startLive } from '../examples/blog-questions.ts';

// Needs Ceph: ceph-mon, ceph-osd and radosgw of Debian.
test('the example is published to a bucket of a real S3 server, whose website answers as the live app does', async (t) => {
  const folder = await copyBlog(t);
  const site = await publishBlog(t, folder, '--s3');
  t.regex(site.printed(), /Publish 1 is in "s3:\/\/slack-water\/".*\n(?:.*\n)* {2}verified {2}[1-9]/);
  const live = await startLive(t, folder);
  const paths = (await pathsOf(folder, site)).filter((path) => path !== '/404');
  for (const path of [...paths, '/nothing-here'])
    t.deepEqual(await ask(site.url + path), await ask(live + path), path);
  const { stdout } = await runCommand(folder, site, 'publish', 's3', '--dry-run');
  t.regex(stdout, /^Publish \d would be in .*\n {2}uploaded {2}0 files/);
  const { stdout: steps } = await runCommand(folder, site, 'test-publish', 's3');
  t.regex(steps, /^(?:passed {4}[a-zURL ]+\n){6}$/);
  t.is(await site.end(), 0);
});
