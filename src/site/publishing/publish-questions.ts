import { StaticUrlError } from '../../core/errors.ts';
import { countText, quote } from '../../core/text.ts';
import type { PublishOptions } from './options.ts';
import type { PublishPlan } from './publish-plan.ts';
import type { RemoteSite } from './remote-site.ts';

/** What a publish may have to be asked about. */
export interface Doubts {
  readonly plan: PublishPlan;
  readonly remote: RemoteSite;
  /** The target's name. */
  readonly target: string;
  /** Whose site is published. */
  readonly owner: string;
  readonly maxDeletes: number;
  readonly ignoreRemote: boolean;
}

/** Something that only a person can decide. */
export interface Question {
  /** What is so. */
  readonly finding: string;
  /** What to do without a person. */
  readonly advice: string;
}

/** How many keys a question names. */
const NAMED_KEYS = 10;

/**
 * Makes sure that a publish may do what it is about to do.
 *
 * @throws {@link StaticUrlError} `PUBLISH_REFUSED`
 */
export async function requireConsent(
  questions: readonly Question[],
  { force, confirm }: { readonly force: boolean; readonly confirm: PublishOptions['confirm'] | undefined },
): Promise<void> {
  if (force) return;
  for (const { finding, advice } of questions)
    if ((await confirm?.(finding)) !== true)
      throw new StaticUrlError('PUBLISH_REFUSED', `${finding} Nothing was changed. ${advice}`);
}

/** What a person has to be asked about. */
export function questionsOf({ plan, remote, target, owner, maxDeletes, ignoreRemote }: Doubts): Question[] {
  const questions: Question[] = [];
  const other = [remote.manifest, remote.journal].find((each) => each !== undefined && each.owner !== owner);
  if (other !== undefined)
    questions.push({
      finding: `${quote(target)} holds another site, ${quote(other.owner)}, and this one is ${quote(owner)}: its ${countText(remote.manifest?.files.size ?? 0, 'file')} would be replaced or deleted.`,
      advice: 'Name another bucket or "prefix". To take the target over, use "force" (--force).',
    });
  else if (plan.foreign.length > 0 && !ignoreRemote)
    questions.push({
      finding: `${countText(plan.foreign.length, 'object')} in ${quote(target)} ${plan.foreign.length === 1 ? 'was' : 'were'} not published from here, and would be replaced: ${namesOf(plan.foreign)}.`,
      advice: 'Name another bucket or "prefix". To replace them, use "force" (--force).',
    });
  if (plan.deletes.length > maxDeletes)
    questions.push({
      finding: `${countText(plan.deletes.length, 'object')} in ${quote(target)} would be deleted, and "maxDeletes" allows ${maxDeletes}: ${namesOf(plan.deletes.map(({ key }) => key))}.`,
      advice:
        'Is a list of parameters shorter than it should be? If it is right, raise "maxDeletes" (--max-deletes), or use "force" (--force).',
    });
  return questions;
}

function namesOf(keys: readonly string[]): string {
  const shown = keys.slice(0, NAMED_KEYS).map(quote).join(', ');
  return keys.length > NAMED_KEYS ? `${shown} and ${keys.length - NAMED_KEYS} more` : shown;
}
