import { startCounter } from './counter.js';
import { startFind } from './find.js';
import { startProgress } from './progress.js';
import { showVisit } from './visit.js';

for (const element of document.querySelectorAll('[data-counter]')) startCounter(element);
for (const element of document.querySelectorAll('[data-find]')) startFind(element);
for (const element of document.querySelectorAll('[data-progress]')) startProgress(element);
for (const element of document.querySelectorAll('[data-visit]')) void showVisit(element);

// Few pages have a tide chart, so only they fetch its module.
const charts = document.querySelectorAll('[data-tide]');
if (charts.length > 0) {
  const { startTide } = await import('./tide.js');
  for (const element of charts) startTide(element);
}
