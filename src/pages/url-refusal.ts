import { GATE_REASONS, type GateReason } from './rules/index.ts';

/** What to change where the gate says no to a URL. */
const ADVICE: Partial<Record<GateReason, string>> = {
  SITE: 'Begin a path with "/"; if its origin is one of this app, name it in "sites".',
  PATH: 'Link to the page by its canonical path.',
  QUERY: 'Name its parameters in "query", or in "ignoreQuery" if only scripts read them.',
  URL: 'Add a pattern to "urls" that has it.',
  KEY_LENGTH: 'Give it a shorter URL, or take it out of "urls": the app answers it.',
  EXCLUDED: 'Take it out of "exclude".',
};

/** Why a URL is no page's, by the name of the reason, and what to change. */
export function urlRefusal({ reason }: { readonly reason: GateReason }): {
  readonly code: string;
  readonly detail: string;
} {
  return { code: reason, detail: `${GATE_REASONS[reason]}. ${ADVICE[reason]}` };
}
