import { StaticUrlError } from '../../core/errors.ts';

/** What kept a target from doing what it was asked. */
export type TargetFailureReason =
  /** None were found, or the target does not know them. */
  | 'credentials'
  /** They are known, and may not do this. */
  | 'access'
  | 'bucket'
  | 'region'
  /** This computer's clock and the target's differ too much. */
  | 'clock'
  /** It answered with 429 or 5xx, as often as it was asked. */
  | 'busy'
  /** No connection, or one that was cut. */
  | 'network'
  /** The bytes that arrived are not those that were sent. */
  | 'integrity'
  | 'full'
  | 'other';

/** A target refused a request, or could not be reached. */
export class TargetError extends StaticUrlError {
  readonly reason: TargetFailureReason;

  /** @param message - what is so, and what to do, without secrets */
  constructor(reason: TargetFailureReason, message: string, cause?: unknown) {
    super('TARGET_FAILED', message, { cause });
    this.reason = reason;
  }
}
