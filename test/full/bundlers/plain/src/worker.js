import { release } from './release.js';
import { double } from './double.js';

addEventListener('message', ({ data }) => postMessage(`worker ${double(data)} of ${release}`));
