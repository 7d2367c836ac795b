/** placeholder */
export function purgedUrls(
  files: readonly { readonly key: string; readonly pagePath?: string }[],
  publicUrl: string,
): string[] {
  return files.map(({ key }) => publicUrl + key);
}
