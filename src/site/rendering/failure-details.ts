/** How much of an answer is shown. */
const MOST_CHARACTERS = 2000;
const MOST_LINES = 12;

/**
 * What an answer says of a failure, as plain text: the stack where the app shows one, as Express does unless `NODE_ENV` is
 * `production`; else the beginning of its text.
 */
export function failureDetails(body: Buffer, contentType: string): string | undefined {
  const text = body.toString('utf8', 0, 16 * 1024);
  const [, preformatted] = /<pre>([^]*?)<\/pre>/i.exec(text) ?? [];
  const isHtml = /html/i.test(contentType);
  const plain = isHtml ? unmarked(preformatted ?? withoutHead(text)) : text;
  const lines = plain
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '');
  const shown = lines.slice(0, MOST_LINES).join('\n').slice(0, MOST_CHARACTERS);
  return shown === '' ? undefined : shown;
}

function withoutHead(html: string): string {
  return html.replaceAll(/<(head|script|style)\b[^]*?<\/\1>/gi, '');
}

const ENTITIES: Readonly<Record<string, string>> = {
  nbsp: ' ',
  lt: '<',
  gt: '>',
  quot: '"',
  amp: '&',
  '#39': "'",
};

/** Not read by a browser: no rule of safety hangs on it. */
function unmarked(html: string): string {
  return html
    .replaceAll(/<br\s*\/?>|<\/(?:p|div|h\d|li|tr)>/gi, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(nbsp|lt|gt|quot|amp|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replaceAll(/ {2,}/g, '    ');
}
