// A place for what the check of a site will be.
export async function checkSite(_site: {
  readonly has: (file: string) => boolean;
  readonly [name: string]: unknown;
}): Promise<never[]> {
  return [];
}
export function* internalPages(_links: string, _targets: unknown, _base: unknown): Generator<string> {}
