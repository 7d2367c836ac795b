/**
 * Refuses what another site makes a visitor's browser send (CSRF).
 *
 * The usual token in each form would make every page one visitor's own, and a page that is stored is everybody's. But the
 * browser itself says which site sent a form, and no script can change that: by Sec-Fetch-Site, and by Origin where a
 * site has no TLS.
 *
 * @param {import('express').Request} request
 * @param {import('express').Response} _response
 * @param {import('express').NextFunction} next
 */
export function requireSameOrigin(request, _response, next) {
  if (request.method === 'GET' || request.method === 'HEAD') return next();
  const { host, origin, 'sec-fetch-site': sender } = request.headers;
  const isOurs =
    sender === undefined ? origin?.replace(/^https?:\/\//, '') === host : sender === 'same-origin';
  next(isOurs ? undefined : refusal(403, 'This form was sent by another site.'));
}

/**
 * @param {number} status
 * @param {string} message What the visitor reads.
 */
export function refusal(status, message) {
  return Object.assign(new Error(message), { status });
}
