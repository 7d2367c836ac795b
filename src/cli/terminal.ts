/** What a command may touch of the process that runs it. */
export interface Terminal {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Where a progress bar may be drawn: standard error, if it is a terminal. */
  readonly progress?: NodeJS.WritableStream;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}
