/** Reads `_headers`, as far as `hostHeaders` writes it: a pattern with a `*` at its end, placeholders, comments. */
export function readHostHeaders(text: string): (path: string) => Map<string, string> {
  const rules: { readonly fits: RegExp; readonly headers: [string, string][] }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, name = '', value = ''] = /^\s+([^\s:]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (/^[/h]/.test(line)) rules.push({ fits: patternOfRule(line.trim()), headers: [] });
    else if (name !== '' && !name.startsWith('#')) rules.at(-1)?.headers.push([name.toLowerCase(), value]);
  }
  return (path) => {
    const found = new Map<string, string>();
    for (const { fits, headers } of rules) {
      if (!fits.test(path)) continue;
      for (const [name, value] of headers) {
        const other = found.get(name);
        found.set(name, other === undefined ? value : `${other}, ${value}`);
      }
    }
    return found;
  };
}

/** A rule as a regular expression: a placeholder is one segment, and a slash at the end makes no difference. */
function patternOfRule(rule: string): RegExp {
  const path = rule.replace(/^https?:\/\/[^/]*/, '');
  const parts = path.split(/(\*|:[A-Za-z]\w*)/).map((part) => {
    if (part === '*') return '.*';
    return /^:[A-Za-z]/.test(part) ? '[^/]+' : part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('').replace(/\/$/, '')}/?$`);
}
