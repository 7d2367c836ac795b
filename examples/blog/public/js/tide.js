import { levelAt, reach } from './harmonics.js';

const minute = 60_000;
const day = 24 * 60 * minute;
const width = 720;
const floor = 170;
const ceiling = 14;

/**
 * Draws today's tide and keeps its mark at the present minute.
 *
 * @param {Element} figure
 */
export function startTide(figure) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const part = (/** @type {string} */ name) => figure.querySelector(`[data-tide-${name}]`);

  const curve = `M${Array.from({ length: 145 }, (_, step) => pointAt(midnight, midnight + step * 10 * minute)).join('L')}`;
  part('curve')?.setAttribute('d', curve);
  part('water')?.setAttribute('d', `${curve}V${floor}H0Z`);

  const update = () => {
    const now = Date.now();
    const [x, y] = pointAt(midnight, now);
    part('line')?.setAttribute('x1', x);
    part('line')?.setAttribute('x2', x);
    part('dot')?.setAttribute('cx', x);
    part('dot')?.setAttribute('cy', y);
    part('caption')?.replaceChildren(describe(now));
  };
  update();
  setInterval(update, minute);
  figure.removeAttribute('hidden');
}

/** @returns {[x: string, y: string]} */
function pointAt(/** @type {number} */ midnight, /** @type {number} */ time) {
  const share = (levelAt(time) - reach.low) / (reach.high - reach.low);
  return [
    (((time - midnight) / day) * width).toFixed(1),
    (floor - 12 - share * (floor - 12 - ceiling)).toFixed(1),
  ];
}

/** @returns {string} */
function describe(/** @type {number} */ now) {
  const rising = levelAt(now + minute) > levelAt(now);
  let turn = now + minute;
  while (levelAt(turn + minute) > levelAt(turn) === rising) turn += minute;
  const clock = new Date(turn).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const level = `${levelAt(now).toFixed(1)} metres and ${rising ? 'rising' : 'falling'}`;
  return `${level}; ${rising ? 'high' : 'low'} water at ${clock}.`;
}
