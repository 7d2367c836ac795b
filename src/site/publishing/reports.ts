import { StaticUrlError } from '../../core/errors.ts';
import type { ExportReport } from '../site.ts';

/** What is done to an object. */
export type ChangeAction =
  | 'upload'
  /** It gets other headers, and keeps its bytes. */
  | 'headers'
  | 'delete'
  /** No page of the site names it any more, but pages that are still open do: it goes later. */
  | 'retire';

/** Something that a publish does to an object, and why. */
export interface PublishChange {
  readonly key: string;
  readonly action: ChangeAction;
  /** `'new'`, `'other bytes'`, `'changed by others'`: for people. */
  readonly reason: string;
  /** In bytes. */
  readonly size: number;
}

/** What a publish did, or would do. */
export interface PublishReport {
  /** The target's name. */
  readonly target: string;
  readonly dryRun: boolean;
  /** The number of the publish: it counts up with each that changes something. */
  readonly number: number;
  readonly files: {
    /** How many are in the site. */
    readonly count: number;
    readonly bytes: number;
    readonly uploaded: number;
    readonly uploadedBytes: number;
    /** How many got other headers alone. */
    readonly headersChanged: number;
    readonly deleted: number;
    /** How many assets were retired by this publish. */
    readonly retired: number;
    /** How many are still to go: retired assets, and what could not be deleted. */
    readonly leftToDelete: number;
  };
  /** In the order in which they are done. */
  readonly changes: readonly PublishChange[];
  /** How many URLs caches were told of. */
  readonly purged: number;
  /** How many public URLs were asked for. */
  readonly verified: number;
  /** What is not as the site says, such as a header that the target cannot keep: one sentence each. */
  readonly warnings: readonly string[];
  /** What the export before it did; absent with `from`. */
  readonly exported?: ExportReport;
  readonly seconds: number;
}

/** The steps of a publish that can fail. */
export type PublishStep = 'upload' | 'verify the target' | 'purge' | 'verify URLs' | 'delete';

/** Something that failed. */
export interface PublishFailure {
  /** A key, or a URL. */
  readonly key: string;
  /** One sentence. */
  readonly reason: string;
}

/** A step of a publish failed. Those behind it were left out, deletes above all. */
export class PublishError extends StaticUrlError {
  readonly step: PublishStep;
  readonly failures: readonly PublishFailure[];

  constructor(step: PublishStep, failures: readonly PublishFailure[], message: string) {
    super('PUBLISH_FAILED', message);
    this.step = step;
    this.failures = failures;
  }
}

/** What a test of a target tries, in this order. */
export type TestStepName =
  | 'sign in'
  | 'upload'
  | 'read it back'
  | 'conditional writes'
  | 'read its public URL'
  | 'delete';

/** How one step of a test went. */
export interface TestStep {
  readonly name: TestStepName;
  /** `'left out'`: one before it failed, or it does not apply. */
  readonly result: 'passed' | 'failed' | 'left out';
  /** What is wrong and what to mend, or why it was left out. */
  readonly message?: string;
}

/** What a test of a target found. */
export interface TestReport {
  /** The target's name. */
  readonly target: string;
  readonly passed: boolean;
  readonly steps: readonly TestStep[];
}
