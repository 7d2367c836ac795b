// Tells what memory its process has, with or without assets and their handler: node index-assets.js [root]
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const [root] = process.argv.slice(2);
let handler;
if (root !== undefined) {
  const { openAssets } = await import('static-url');
  const assets = await openAssets({ prefix: '/static/', roots: root });
  handler = assets.handler({ memoryBudgetBytes: 0 });
}
// What is garbage is not kept.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
collectGarbage();
console.log(JSON.stringify({ residentBytes: residentBytes(), handler: typeof handler }));

function residentBytes() {
  if (process.platform !== 'linux') return process.memoryUsage.rss();
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
}
