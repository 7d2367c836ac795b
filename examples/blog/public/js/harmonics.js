// The rhythms of an imaginary harbour: amplitude in metres, period and phase in hours since 1970.
const rhythms = [
  { amplitude: 1.62, period: 12.4206, phase: 4.1 }, // M2, the moon's half-day
  { amplitude: 0.55, period: 12, phase: 5.3 }, // S2, the sun's half-day
  { amplitude: 0.14, period: 23.9345, phase: 7.9 }, // K1, their daily unevenness
];
const mean = 2.6;

/** The highest and lowest level the harbour can have, in metres. */
export const reach = rhythms.reduce(
  ({ low, high }, { amplitude }) => ({ low: low - amplitude, high: high + amplitude }),
  { low: mean, high: mean },
);

/**
 * The level of the sea above the harbour's datum.
 *
 * @param {number} time In milliseconds since 1970.
 * @returns {number} Metres.
 */
export function levelAt(time) {
  const hours = time / 3_600_000;
  return rhythms.reduce(
    (level, { amplitude, period, phase }) =>
      level + amplitude * Math.cos((2 * Math.PI * (hours - phase)) / period),
    mean,
  );
}
