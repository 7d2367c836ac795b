import { randomBytes, timingSafeEqual } from 'node:crypto';
import express from 'express';
import { refusal } from './same-origin.js';

/** Whoever has it gets every page from the app: `bypassCookies` in `static-url.config.js` names it. */
const cookie = 'session';
const password = randomBytes(9).toString('base64url');

/** The one author's login: a password for each start, and a session for each browser. */
export function createLogin() {
  const sessions = new Set();
  const router = express.Router();

  router.use((request, response, next) => {
    const session = sessionOf(request);
    const isAuthor = sessions.has(session);
    response.locals.author = isAuthor;
    if (isAuthor) response.set('Cache-Control', 'no-store');
    // One of an earlier start would keep its browser from the stored pages.
    else if (session !== undefined) response.clearCookie(cookie);
    next();
  });

  router.get('/login', (_request, response) => response.render('login'));

  router.post('/login', (request, response) => {
    if (!isPassword(request.body?.password)) throw refusal(403, 'That is not the password.');
    const session = randomBytes(18).toString('base64url');
    sessions.add(session);
    response.cookie(cookie, session, { httpOnly: true, sameSite: 'lax', secure: request.secure });
    response.redirect(303, '/');
  });

  router.post('/logout', (request, response) => {
    sessions.delete(sessionOf(request));
    response.clearCookie(cookie).redirect(303, '/');
  });

  return { router, password };
}

/**
 * @param {import('express').Request} request
 * @returns {string | undefined}
 */
function sessionOf(request) {
  return /(?:^|; )session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
}

/** @param {unknown} given */
function isPassword(given) {
  const [theirs, ours] = [Buffer.from(String(given)), Buffer.from(password)];
  return theirs.length === ours.length && timingSafeEqual(theirs, ours);
}
