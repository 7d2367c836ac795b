import { createApp } from './app.js';

/** Serves the documentation, which follows the files as they are edited. */
async function start() {
  const port = Number(process.env.PORT ?? 4000);
  const { app, close } = await createApp({ edited: true });
  const server = app.listen(port, '127.0.0.1', (error) => {
    if (error) throw error;
    console.log(`The documentation is at http://127.0.0.1:${port}/ and follows your edits.`);
  });
  process.once('SIGINT', () => {
    server.close();
    server.closeAllConnections();
    void close();
  });
}

start().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
