// An app with one of the candidates, in a process of its own: node express-app.js <candidate> <root>. Sends its port.
import express from 'express';
import serveStatic from 'serve-static';
import { devStaticRouter } from 'static-url/express';

const [candidate, root] = process.argv.slice(2);
const app = express();
if (candidate === 'serve-static') {
  app.use(
    '/static',
    serveStatic(root, {
      index: false,
      redirect: false,
      setHeaders(response) {
        response.setHeader('X-Content-Type-Options', 'nosniff');
        response.setHeader('Cache-Control', 'no-cache');
      },
    }),
  );
} else {
  app.use(devStaticRouter('/static/', root, { liveReload: candidate === 'live-reload' }));
}
const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());
