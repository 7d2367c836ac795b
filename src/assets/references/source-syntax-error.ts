/** A text that is not what its extension promises. */
export class SourceSyntaxError extends SyntaxError {
  readonly language: 'JavaScript' | 'JSON';
  /** Where reading it ended, counted in UTF-16 code units. */
  readonly offset: number;

  constructor(language: 'JavaScript' | 'JSON', offset: number, options?: ErrorOptions) {
    super(`The text is not valid ${language}.`, options);
    this.language = language;
    this.offset = offset;
  }
}
