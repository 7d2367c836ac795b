// Makes a release in a process of its own:
//   node write-release.js <root> <releases> <true or false: deltas>
// Prints how long it took and how many deltas it made.
import { writeRelease } from 'static-url/assets';

const [root, releases, deltas] = process.argv.slice(2);
const options = { roots: root, releases, optional: ['**'], compress: true };
const start = performance.now();
const report = await writeRelease(deltas === 'true' ? { ...options, deltas: true } : options);
console.log(JSON.stringify({ milliseconds: performance.now() - start, deltas: report.deltas?.made ?? 0 }));
