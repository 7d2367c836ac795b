import { quote } from '../../core/text.ts';

const MOST_CHARACTERS = 120;

/** How the first lines that differ in two bodies read: `line 12 is "…", then "…"`. */
export function firstDifference(one: Buffer, other: Buffer): string {
  const [lines, others] = [one, other].map((body) => body.toString().split('\n'));
  const index = lines!.findIndex((line, place) => line !== others![place]);
  const line = index === -1 ? lines!.length : index;
  const [before = '', after = ''] = [lines![line], others![line]];
  if (before === after) return 'it is another one each time';
  // What is before the place where they part is the same.
  let start = 0;
  while (before[start] !== undefined && before[start] === after[start]) start += 1;
  const cut = (text: string): string => quote(text.slice(Math.max(0, start - 40)).slice(0, MOST_CHARACTERS));
  return `line ${line + 1} is once ${cut(before)}, then ${cut(after)}`;
}
