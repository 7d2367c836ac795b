/** What a command may touch of the process that runs it. */
export interface Terminal {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Where a progress bar may be drawn: standard error, if it is a terminal. */
  readonly progress?: NodeJS.WritableStream;
  /** Asks a person whether to go on; absent where nobody is there to answer. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /**
   * Prepares the process for an app that it is about to load, which must not listen in it, nor write to standard output.
   *
   * @param onListen - told where the app listens all the same
   */
  readonly hostApp?: (onListen: (place: string) => void) => void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}
