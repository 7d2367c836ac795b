import type { TargetContent } from './target.ts';
/** placeholder */
export async function matchesMd5(content: TargetContent, size: number, md5: string): Promise<boolean> {
  return content.size === size && content.md5 === md5;
}
