/** What a command may touch of the process that runs it. */
export interface Terminal {
  write(text: string): void;
  writeError(text: string): void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}
