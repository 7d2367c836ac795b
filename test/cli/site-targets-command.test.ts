import test from 'ava';
import { createOwnSite } from './own-target.ts';
import { runMain } from './run-main.ts';

const TARGETS = `targets: {
  staging: { ...target, name: 'folder:staging', details: {} },
  default: { ...target, publicUrl: 'https://cdn.example.com/site' },
  open: { ...target, publicUrl: undefined },
},`;

test('site targets lists each target with where it is, marks the default, and shows no secret', async (t) => {
  const { cwd } = await createOwnSite(t, { site: TARGETS });
  const { code, out, error } = await runMain(['site', 'targets'], { cwd });
  t.is(code, 0, error);
  t.is(
    out,
    `  staging
    target      folder:staging
    public URL  none
* default
    target      memory:
    public URL  https://cdn.example.com/site/
    shelf       top
  open
    target      memory:
    public URL  https://www.example.com/
    shelf       top
`,
  );
});

test('site targets --json prints the same as data', async (t) => {
  const { cwd } = await createOwnSite(t, { site: TARGETS });
  const { code, out } = await runMain(['site', 'targets', '--json'], { cwd });
  t.is(code, 0);
  t.deepEqual(JSON.parse(out), [
    { name: 'staging', default: false, target: 'folder:staging', publicUrl: null, details: {} },
    {
      name: 'default',
      default: true,
      target: 'memory:',
      publicUrl: 'https://cdn.example.com/site/',
      details: { shelf: 'top' },
    },
    {
      name: 'open',
      default: false,
      target: 'memory:',
      publicUrl: 'https://www.example.com/',
      details: { shelf: 'top' },
    },
  ]);
});

test('site targets marks the only one, as publish takes it', async (t) => {
  const { cwd } = await createOwnSite(t, { site: 'targets: { staging: target },' });
  t.true((await runMain(['site', 'targets'], { cwd })).out.startsWith('* staging\n'));
});

test('site targets of a site without any says how to name one, and is no failure', async (t) => {
  const { cwd } = await createOwnSite(t, { site: 'targets: undefined,' });
  t.deepEqual(await runMain(['site', 'targets'], { cwd }), {
    code: 0,
    out: '',
    error:
      'static-url.config.mjs names no "targets" in "site". Such as: targets: { default: s3Target({ bucket: "www.example.com" }) }.\n',
  });
  t.is((await runMain(['site', 'targets', '--json'], { cwd })).out, '[]\n');
});
