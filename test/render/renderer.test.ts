import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { runNode } from '../helpers/run-node.ts';
import { createRenderer, RenderFailure, type Rendering, type AppFunction } from '../../src/render/index.ts';
import { openRenderer, orderOf } from './ask.ts';

const RENDER = JSON.stringify(new URL('../../src/render/index.ts', import.meta.url).href);

/** Runs a program with a renderer to its own end. */
async function run(program: string): Promise<string> {
  const { code, stdout, stderr } = await runNode(`
    import { createRenderer } from ${RENDER};
    const renderer = createRenderer();
    const order = (app, order) => ({
      app, origin: 'https://www.example.com', target: '/', headers: {}, address: '192.0.2.1',
      deadlineMilliseconds: 60_000, maxBodyBytes: 1000, subject: {}, ...order,
    });
    ${program}
  `);
  return `${code} ${stdout}${stderr}`;
}

test('an idle renderer holds no process, before and after a render', async (t) => {
  t.is(await run(''), '0 ');
  t.is(
    await run(`renderer.render(order((request, response) => response.end('page')))
      .body.then((body) => console.log(String(body)));`),
    '0 page\n',
  );
});

test('a render that hangs holds the process until its deadline, and no longer', async (t) => {
  t.is(
    await run(
      'await renderer.render(order(() => {}, { deadlineMilliseconds: 100 })).body.catch(({ reason }) => console.log(reason));',
    ),
    '0 TIMEOUT\n',
  );
});

test('a closed renderer holds no process', async (t) => {
  t.is(
    await run(`
      renderer.render(order(() => {}));
      renderer.close();
      renderer.render(order(() => {}));
    `),
    '0 ',
  );
});

test('a failure that nobody listens for ends no process', async (t) => {
  t.is(
    await run(`
      for (const app of [() => { throw new Error('a'); }, async () => { throw new Error('b'); },
        (request) => request.socket.destroy(), () => {},
        (request, response) => { response.end('a'); response.write('b'); }]) renderer.render(order(app, { deadlineMilliseconds: 1000 }));
      const rendering = renderer.render(order(() => {}));
      rendering.abandon();
    `),
    '0 ',
  );
});

/** Answers slowly with what it was asked. */
const mirror: AppFunction = async ({ url, headers }, response) => {
  await pause(Math.random() * 10);
  response.setHeader('X-Target', String(url));
  response.write(String(url));
  await pause(Math.random() * 10);
  response.end(headers['x-number']);
};

test('400 renders at a time each get their own answer', async (t) => {
  const renderer = openRenderer(t);
  await Promise.all(
    Array.from({ length: 400 }, async (_, number) => {
      const { head, body } = renderer.render(
        orderOf(mirror, { target: `/${number}`, headers: { 'X-Number': ` ${number}` } }),
      );
      t.deepEqual((await head).headers.get('x-target'), [`/${number}`]);
      t.is(String(await body), `/${number}${number}`);
    }),
  );
});

test('2000 renders of one renderer leave no listeners, and warn of nothing', async (t) => {
  const warnings: Error[] = [];
  const warn = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warn);
  t.teardown(() => process.off('warning', warn));
  const renderer = openRenderer(t);
  const counts = new Set<number>();
  for (let round = 0; round < 100; round += 1) {
    const renderings = Array.from({ length: 20 }, (_, number) =>
      renderer.render(
        orderOf(
          ({ socket, url }, response) => {
            const emitters = [process, socket, response];
            counts.add(
              emitters.reduce(
                (sum, emitter) =>
                  sum + emitter.eventNames().reduce((all, name) => all + emitter.listenerCount(name), 0),
                0,
              ),
            );
            if (url === '/destroy') socket.destroy();
            else response.end('a');
          },
          { target: number === 0 ? '/destroy' : '/' },
        ),
      ),
    );
    // oxlint-disable-next-line no-await-in-loop -- one round after the other
    await Promise.allSettled(renderings.map(({ body }) => body));
  }
  t.is(counts.size, 1);
  t.deepEqual(warnings, []);
});

function reasonOf({ body }: Rendering): Promise<unknown> {
  return body.catch((error: unknown) => (error instanceof RenderFailure ? error.reason : error));
}

test('close() abandons what is under way, and the renderer takes no more', async (t) => {
  const renderer = createRenderer();
  let closed: Promise<void> | undefined;
  const underWay = renderer.render(
    orderOf((request, response) => {
      closed = new Promise((resolve) => void request.once('close', resolve));
      response.write('a');
    }),
  );
  await underWay.head;
  const waiting = renderer.render(orderOf((_request, response) => void response.end()));
  renderer.close();
  renderer.close();
  const late = renderer.render(orderOf((_request, response) => void response.end()));
  t.deepEqual(await Promise.all([underWay, waiting, late].map(reasonOf)), [
    'ABANDONED',
    'ABANDONED',
    'ABANDONED',
  ]);
  await closed;
});
