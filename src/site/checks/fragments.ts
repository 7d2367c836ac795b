import { didYouMean, quote } from '../../core/text.ts';
import type { LinkAnswers } from './link-answers.ts';
import { decodedFragment, hasId, idsOf } from './page-ids.ts';
import { isHtml, type SiteUnderCheck } from './site-under-check.ts';

/** Of a page with more ids none is suggested: it would take long. */
const MOST_IDS = 1000;

/**
 * Looks for ids, in those pages alone that some link with a fragment names.
 *
 * @returns what is said of a broken one, by the number of its target
 */
export async function findBrokenFragments(
  site: SiteUnderCheck,
  answers: LinkAnswers,
): Promise<Map<number, string>> {
  const pages = new Set<string>();
  for (const { file, record } of site.pages()) if (isHtml(record.contentType)) pages.add(file);
  const asked = new Map<string, number[]>();
  for (const [target, text] of site.targets.all().entries()) {
    const answer = text.startsWith('/') && text.includes('#') ? answers.of(target) : undefined;
    if (answer === undefined || !('file' in answer) || answer.file === undefined) continue;
    if (!pages.has(answer.file)) continue;
    const targets = asked.get(answer.file);
    if (targets) targets.push(target);
    else asked.set(answer.file, [target]);
  }
  const broken = new Map<number, string>();
  for (const [file, targets] of asked) {
    const ids = idsOf(await site.readText(file));
    for (const target of targets) {
      const text = site.targets.target(target);
      const fragment = text.slice(text.indexOf('#') + 1);
      if (!hasId(ids, fragment)) broken.set(target, brokenFragment(decodedFragment(fragment), file, ids));
    }
  }
  return broken;
}

function brokenFragment(id: string, file: string, ids: ReadonlySet<string>): string {
  const advice = ids.size > MOST_IDS ? '' : didYouMean(id, [...ids]);
  return `The link names the id ${quote(id)}, which is not in ${quote(file)}.${advice || ' Mend the link, or give the element that id.'}`;
}
