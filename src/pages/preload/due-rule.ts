/** Whether a view is rendered anew for its age alone. */
export type DueRule = (storedAt: Date, now?: Date) => boolean;

/**
 * Decides once when views are rendered anew.
 *
 * @param renew - `'daily'`, or after how many seconds; `undefined` is never
 * @param timeZone - where `'daily'` begins its days; that of the host unless told
 */
export function dueRule(renew: 'daily' | number | undefined, timeZone: string | undefined): DueRule {
  if (renew === undefined) return () => false;
  if (renew !== 'daily') return (storedAt, now = new Date()) => +now - +storedAt > renew * 1000;
  // Dates are compared, not hours counted: where the clocks change, a day has 23 or 25.
  const calendar = new Intl.DateTimeFormat('en', {
    calendar: 'gregory',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  return (storedAt, now = new Date()) => calendar.format(storedAt) !== calendar.format(now);
}
