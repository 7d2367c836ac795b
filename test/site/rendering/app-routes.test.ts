import test from 'ava';
import type { IncomingMessage } from 'node:http';
import { createRenderer } from '../../../src/render/index.ts';
import { AppRoutes } from '../../../src/site/rendering/app-routes.ts';
import { EXPRESSES, orderOf } from '../../render/ask.ts';

for (const { name, express } of EXPRESSES) {
  test(`${name}: the GET routes of an app are named as people write them`, (t) => {
    const app = express();
    app.get('/', () => {});
    app.get('/posts/:slug', () => {});
    app.get(['/a', '/b'], () => {});
    app.get(/^\/years\/\d+$/, () => {});
    app.all('/all', () => {});
    app.post('/comments', () => {});
    app
      .route('/both')
      .get(() => {})
      .post(() => {});
    app.use('/middleware', () => {});
    t.deepEqual(new AppRoutes(app).labels, [
      '/',
      '/posts/:slug',
      '/a or /b',
      String.raw`/^\/years\/\d+$/`,
      '/all',
      '/both',
    ]);
  });

  test(`${name}: routes of routers have the path at which those are mounted`, (t) => {
    const app = express();
    const blog = express.Router();
    const comments = express.Router();
    blog.get('/:slug', () => {});
    comments.get('/latest', () => {});
    blog.use('/comments', comments);
    app.use('/blog', blog);
    const top = express.Router();
    top.get('/about', () => {});
    app.use(top);
    t.deepEqual(new AppRoutes(app).labels, ['/blog/:slug', '/blog/comments/latest', '/about']);
  });

  test(`${name}: the routes of a mounted app are known once one of them has answered`, async (t) => {
    const docs = express();
    docs.get('/', (_request, response) => void response.send('docs'));
    docs.get('/:page', (_request, response) => void response.send('page'));
    const app = express();
    app.get('/', (_request, response) => void response.send('home'));
    app.use('/docs', docs);
    const routes = new AppRoutes(app);
    t.deepEqual(routes.labels, ['/', '/docs/*']);

    const answering = async (target: string): Promise<string | undefined> => {
      const renderer = createRenderer();
      t.teardown(() => renderer.close());
      let request: IncomingMessage | undefined;
      const onRequest = (each: IncomingMessage): void => void (request = each);
      await renderer.render(orderOf(app, { target, onRequest })).body;
      return routes.answering(request);
    };
    t.is(await answering('/docs/install'), '/docs/:page');
    t.deepEqual(routes.labels, ['/', '/docs/', '/docs/:page']);
    t.is(await answering('/docs'), '/docs/');
    t.is(await answering('/'), '/');
    t.is(await answering('/missing'), undefined);
  });

  test(`${name}: a router that is mounted in itself is no endless search`, (t) => {
    const app = express();
    const router = express.Router();
    router.get('/page', () => {});
    router.use('/again', router);
    app.use('/', router);
    t.true(new AppRoutes(app).labels.includes('/page'));
  });
}

test('Of an app of another framework no routes are known, and none is missed', (t) => {
  t.deepEqual(new AppRoutes(() => {}).labels, []);
  t.is(new AppRoutes(() => {}).answering(undefined), undefined);
});
