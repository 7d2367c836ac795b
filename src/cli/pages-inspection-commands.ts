import type { Command } from 'commander';
import { StaticUrlError } from '../core/errors.ts';
import { countText, quote } from '../core/text.ts';
import type { Verdict, Verification } from '../pages/index.ts';
import { VERIFY_OPTIONS } from '../pages/options.ts';
import { createPagesCommand } from './pages-of-config.ts';
import type { Terminal } from './terminal.ts';

const ONE_URL = { syntax: '<url>', help: 'A path of the first site, or a URL of any of the sites.' };

/** `static-url pages why`: tells what becomes of a page. */
export function pagesWhyCommand(terminal: Terminal): Command {
  return createPagesCommand<object, never>(terminal, {
    name: 'why',
    description: 'Render a page afresh, store nothing, and tell why it would be stored or not.',
    options: {},
    operands: ONE_URL,
    json: 'Print {"url", "isListed", "isStorable", "storedAt", "code", "detail", "status", "renderMilliseconds", "headers"} instead.',
    notes: '\nExample:\n  $ static-url pages why /posts/hello\n',
    async run(pages, _, { json, operands: [url = ''] }) {
      const verdict = await pages.why(url);
      terminal.write(json ? `${JSON.stringify(verdict)}\n` : verdictText(verdict));
    },
  });
}

function verdictText({
  url,
  isListed,
  isStorable,
  storedAt,
  code,
  detail,
  status,
  renderMilliseconds,
}: Verdict): string {
  const refusal = `${code}: ${detail}`;
  const rendered =
    renderMilliseconds === undefined
      ? 'not at all: no request for it is answered from the store'
      : `just now, in ${renderMilliseconds} ms${status === undefined ? '' : `, with the status ${status}`}`;
  return [
    quote(url),
    `  gate      ${isListed ? 'a request for it may be answered from the store' : refusal}`,
    `  rendered  ${rendered}`,
    ...(isListed
      ? [
          `  rule      ${isStorable ? 'it may be stored' : `it may not be stored: ${refusal}`}`,
          `  store     ${storedAt === undefined ? 'it is not stored' : `it has been stored since ${storedAt.toISOString()}`}`,
        ]
      : []),
    '',
  ].join('\n');
}

/** `static-url pages verify`: finds what other visitors would get in place of a page. */
export function pagesVerifyCommand(terminal: Terminal): Command {
  return createPagesCommand(terminal, {
    name: 'verify',
    description: 'Render a page with other cookies, languages and agents, and show where it differs.',
    options: VERIFY_OPTIONS,
    operands: ONE_URL,
    json: 'Print {"url", "status", "visitors", "differences": [{"visitor", "where", "stored", "theirs"}]} instead.',
    notes:
      "\nExits with 1 when there is a difference: what differs must not be stored.\n\nExample: as somebody who is logged in\n  $ static-url pages verify / --cookie 'session=…'\n",
    async run(pages, options, { json, operands: [url = ''] }) {
      const verification = await pages.verify(url, options);
      terminal.write(json ? `${JSON.stringify(verification)}\n` : verificationText(verification));
      const { status, differences } = verification;
      if (status !== 200)
        throw new StaticUrlError(
          'CHECK_FAILED',
          `The app answers with the status ${status}, so there is no page to compare. Verify a URL that it answers with 200.`,
        );
      if (differences.length > 0)
        throw new StaticUrlError(
          'CHECK_FAILED',
          `The page differs in ${countText(differences.length, 'place')}. Let it be the same for everybody, or leave its URL out of "urls"; a difference for those who have a cookie is none for the store if that cookie sends its requests to the app.`,
        );
    },
  });
}

function verificationText({ url, visitors, differences }: Verification): string {
  const lines = differences.map(
    ({ visitor, where, stored, theirs }) =>
      `${visitor}, ${where}:\n  - ${quote(stored)}\n  + ${quote(theirs)}\n`,
  );
  const found = differences.length === 0 ? 'the same' : countText(differences.length, 'difference');
  return `${lines.join('')}${quote(url)}: ${found} for ${countText(visitors.length, 'other visitor')}.\n`;
}

/** `static-url pages headers`: prints which headers the configuration has to declare. */
export function pagesHeadersCommand(terminal: Terminal): Command {
  return createPagesCommand<object, never>(terminal, {
    name: 'headers',
    description:
      'Print the declaration of the headers that a page has, to be pasted into "pages" of the configuration.',
    options: {},
    operands: ONE_URL,
    json: 'Print the headers by their names instead.',
    notes: '\nExample:\n  $ static-url pages headers /\n',
    async run(pages, _, { json, operands: [url = ''] }) {
      const verdict = await pages.why(url);
      const headers = declarable(verdict);
      terminal.write(json ? `${JSON.stringify(headers)}\n` : declarationText(headers));
      const { code, detail } = verdict;
      if (code !== undefined && !code.startsWith('HEADER_'))
        terminal.writeError(`warning: The page would not be stored with them either: ${code}: ${detail}\n`);
    },
  });
}

function declarable({ url, isListed, code, detail, headers }: Verdict): Readonly<Record<string, string>> {
  if (headers !== undefined) return headers;
  if (!isListed) throw new TypeError(`The page ${quote(url)} is never stored: ${code}: ${detail}`);
  throw new StaticUrlError('APP_FAILED', `The app gave no answer for ${quote(url)}: ${code}: ${detail}`);
}

function declarationText(headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`,
  );
  return lines.length === 0 ? 'headers: {},\n' : `headers: {\n${lines.join('')}},\n`;
}
