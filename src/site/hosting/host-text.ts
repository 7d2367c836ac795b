/** What a host would get wrong. */
export interface HostProblem {
  readonly severity: 'error' | 'warning';
  /** One sentence or two: what is so, and what to do. */
  readonly message: string;
}

/** The text of a file that hosts read, and what they would get wrong. */
export interface HostText {
  /** Empty where the host needs no file. */
  readonly text: string;
  readonly problems: readonly HostProblem[];
}

/** A problem that has the site answer otherwise than it was told to. */
export function error(message: string): HostProblem {
  return { severity: 'error', message };
}

/** A problem that one can live with. */
export function warning(message: string): HostProblem {
  return { severity: 'warning', message };
}
