// Digests trees when asked to, and tells of what its process went through: node digest-tree.js
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { getStaticUrlContent } from 'static-url';

async function digest({ root, watchLoop = false }) {
  const delays = watchLoop ? monitorEventLoopDelay({ resolution: 1 }) : undefined;
  delays?.enable();
  if (watchLoop) await sleep(50);
  const start = performance.now();
  const url = await getStaticUrlContent('/static/', root);
  const milliseconds = performance.now() - start;
  if (watchLoop) await sleep(50);
  return { url, milliseconds, blockedMilliseconds: (delays?.max ?? 0) / 1e6, peakBytes: peakBytes() };
}

process.on('message', (message) => {
  // A failure ends the process, which whoever asked notices.
  void digest(message).then((answer) => process.send(answer));
});
process.on('disconnect', () => process.exit());
process.send({ peakBytes: peakBytes() });

/** Linux counts into `maxRSS` what the parent had when it started this process; VmHWM is this process alone. */
function peakBytes() {
  const kibibytes =
    process.platform === 'linux'
      ? Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1])
      : process.resourceUsage().maxRSS;
  return kibibytes * 1024;
}
