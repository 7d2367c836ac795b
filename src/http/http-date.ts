const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const TIME = String.raw`\d\d:\d\d:\d\d`;
const FIXED = new RegExp(String.raw`^${DAY}, \d\d ${MONTH} \d{4} ${TIME} GMT$`);
const RFC_850 = new RegExp(String.raw`^${LONG_DAY}, \d\d-${MONTH}-\d\d ${TIME} GMT$`);
const ASCTIME = new RegExp(String.raw`^${DAY} ${MONTH} [ \d]\d ${TIME} \d{4}$`);

/**
 * Reads an HTTP date in any of its three forms (RFC 9110 §5.6.7). `Date.parse` alone takes much else for a date, and a
 * condition with anything else must be ignored (RFC 9110 §13.1.3).
 *
 * @returns milliseconds since 1970, or `undefined` for what is no HTTP date
 */
export function parseHttpDate(text: string): number | undefined {
  const known = FIXED.test(text) || RFC_850.test(text) ? text : ASCTIME.test(text) ? `${text} GMT` : '';
  const milliseconds = Date.parse(known);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
