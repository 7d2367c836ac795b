import test from 'ava';
import { installPackage } from '../helpers/install-package.ts';

/** How each target is made that has an SDK, and which it is. */
const TARGETS = {
  s3: ["s3Target({ bucket: 'www.example.com' })", '@aws-sdk/client-s3'],
  gcs: ["gcsTarget({ bucket: 'www.example.com' })", '@google-cloud/storage'],
  azure: ["azureTarget({ connectionString: 'UseDevelopmentStorage=true' })", '@azure/storage-blob'],
} as const;

test('targets are configured and listed without any SDK, and a publish says which one to install', async (t) => {
  const { run } = await installPackage(t, {
    'out/index.html': '<!doctype html><title>Home</title>',
    'use.mts': `import { azureTarget, gcsTarget, s3Target, type Target } from 'static-url/site';
      export const targets: Target[] = [${Object.values(TARGETS)
        .map(([call]) => call)
        .join(', ')}];`,
    'static-url.config.mjs': `import { defineConfig } from 'static-url/config';
      import { azureTarget, gcsTarget, s3Target } from 'static-url/site';
      export default defineConfig({ site: {
        origin: 'https://www.example.com', out: 'out', routes: [],
        targets: { ${Object.entries(TARGETS)
          .map(([name, [call]]) => `${name}: ${call}`)
          .join(', ')} },
      } });`,
  });
  const strict = ['--module', 'nodenext', '--strict', '--noEmit', '--types', 'node'];
  await t.notThrowsAsync(
    run('npx', 'tsc', ...strict, 'use.mts').catch((error: { stdout: string }) => {
      throw new Error(error.stdout);
    }),
  );
  const { stdout } = await run('npx', 'static-url', 'site', 'targets', '--json');
  const listed = JSON.parse(stdout) as { name: string }[];
  t.deepEqual(
    listed.map(({ name }) => name),
    Object.keys(TARGETS),
  );
  for (const [name, [, sdk]] of Object.entries(TARGETS)) {
    const error = await t.throwsAsync<Error & { stderr: string; code: number }>(
      run('npx', 'static-url', 'publish', name, '--from', 'out'),
    );
    t.is(error.code, 1);
    t.is(error.stderr, `error: ${name}Target() needs the package "${sdk}". Install it: npm install ${sdk}\n`);
  }
});
