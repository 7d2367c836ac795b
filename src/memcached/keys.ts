/** What the protocol takes at most. */
const GREATEST_KEY_BYTES = 250;

/** A key as nginx's memcached module sends it: blanks, control characters and `%` are escaped. */
export function escapedKey(key: string): string {
  return key.replaceAll(
    /[\0-\x20%]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** The key that was escaped so; `undefined` for what nobody escapes so. */
export function unescapedKey(escaped: string): string | undefined {
  const key = escaped.replaceAll(/%([01][\dA-F]|2[05])/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return escapedKey(key) === escaped ? key : undefined;
}

/** Whether an item may have the key, and nginx and Node read it alike. */
export function isUsableKey(key: string): boolean {
  // Half a pair of surrogates has no bytes of its own.
  return (
    key !== '' && !/\p{Surrogate}/u.test(key) && Buffer.byteLength(escapedKey(key)) <= GREATEST_KEY_BYTES
  );
}
