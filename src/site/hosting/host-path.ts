/** A path or pattern of the site as hosts compare it: percent-encoded, as browsers send it. */
export function hostPath(path: string): string {
  return new URL(`http://localhost${path}`).pathname;
}

/** Why the files of Netlify and Cloudflare Pages cannot name a path: one sentence; `undefined` for one that they can. */
export function problemOfPath(path: string): string | undefined {
  if (/:[A-Za-z]/.test(path)) return 'a ":" before a letter begins a placeholder there.';
  return path.slice(0, -1).includes('*') ? 'a "*" stands for any end there.' : undefined;
}

/** Whether the percent-encoding of a path is right. */
export function isDecodable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}
