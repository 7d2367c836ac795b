// Google's own emulator of Cloud Storage, out of firebase-tools, by its internal classes: its command would start Java for the rules
// of access, which the JSON API has no use for.
const { createApp } = require('firebase-tools/lib/emulator/storage/server');
const { EmulatorRegistry } = require('firebase-tools/lib/emulator/registry');
const { StorageEmulator } = require('firebase-tools/lib/emulator/storage');

const port = Number(process.argv[2]);
const host = '127.0.0.1';

// oxlint-disable no-underscore-dangle
async function start() {
  const emulator = new StorageEmulator({
    projectId: 'demo-test',
    host,
    port,
    rules: { name: 'storage.rules', content: '' },
  });
  emulator._app = await createApp('demo-test', emulator);
  // Asked for absolute links alone.
  EmulatorRegistry.url = () => new URL(`http://${host}:${port}/`);
  emulator._app.listen(port, host, () => console.log('listens'));
}

start().catch((error) => {
  console.error(error);
  process.exit(1);
});
