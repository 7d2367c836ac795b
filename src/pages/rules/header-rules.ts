/** Headers whose presence has a reason of its own. */
export const NAMED_HEADERS = {
  'content-length': 'BODY',
  'transfer-encoding': 'BODY',
  upgrade: 'UPGRADE',
  authorization: 'AUTHORIZATION',
  range: 'RANGE',
} as const;

/** What scripts add to a request whose answer is another than a browser's page. */
export const SCRIPT_HEADERS: readonly string[] = [
  'origin',
  'x-requested-with',
  'hx-request',
  'turbo-frame',
  'rsc',
  'x-inertia',
  'x-pjax',
];

/**
 * What `Accept` must not name, in any case of letters; for both engines. Event streams, those of Turbo, and any other:
 * beginning with a rare character, it is found fast.
 */
export const REFUSED_ACCEPT = 'json|-stream';

/** What `Accept` must have where it is there: HTML, by name or by a star, with a weight above 0. */
export const TAKEN_ACCEPT: string = String.raw`(?:^|,)[ \t]*(?:text/html|text/\*|\*/\*)[ \t]*(?:$|,|;(?![ \t]*q=0(?:\.0*)?[ \t]*(?:$|[,;])))`;

const REFUSED = new RegExp(REFUSED_ACCEPT, 'i');
const TAKEN = new RegExp(TAKEN_ACCEPT, 'i');

/** Whether a request with this `Accept` may get a page. */
export function takesPages(accept: string): boolean {
  return TAKEN.test(accept) && !REFUSED.test(accept);
}
