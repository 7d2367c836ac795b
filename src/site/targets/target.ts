/** An object of a target, as its listing tells of it. */
export interface TargetObject {
  /** Its name below what the target publishes to, not encoded: `posts/hello/index.html`. */
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** Names its bytes: the same here and in what {@link Target.write} returned. */
  readonly tag: string;
  /** Another one after every write, also one of headers alone: an ETag with a date, a generation. */
  readonly revision: string;
  /** When it was last written, by the target's own clock, in milliseconds since 1970. */
  readonly modifiedAt: number;
  /**
   * The MD5 of its bytes in hexadecimal, or that of an upload in parts: `<MD5 of the MD5s>-<parts>`. Absent where the target does not
   * tell.
   */
  readonly md5?: string;
}

/** An object with what it is sent with. */
export interface StoredObject extends TargetObject {
  /** Those of {@link Target.headers} that it has, by their names in lower case. */
  readonly headers: TargetHeaders;
}

/** Headers by their names in lower case. */
export type TargetHeaders = Readonly<Record<string, string>>;

/** What is written to an object. */
export interface TargetContent {
  /** In bytes. */
  readonly size: number;
  /** In hexadecimal: a target that can check it refuses bytes that have another. */
  readonly md5: string;
  /**
   * Reads the bytes, or a part of them.
   *
   * @param start - the first byte
   * @param end - the byte behind the last one
   */
  bytes(start?: number, end?: number): Promise<Uint8Array>;
}

/** What a write made. */
export interface Written {
  /** {@link TargetObject.tag} of the object. */
  readonly tag: string;
}

/** When a conditional write happens: if the object is not there, or if its bytes are those of a tag. */
export type WriteCondition = { readonly absent: true } | { readonly tag: string };

/**
 * Where a site is published: a bucket, a folder, or what you make of it. Every function rejects with an `Error` whose
 * message says what to do; nothing is asked a second time, so a target does that itself where it helps.
 */
export interface Target {
  /** As messages name it, without secrets: `s3://bucket/prefix/`. */
  readonly name: string;
  /** What `static-url site targets` shows of it, by name: no secrets. */
  readonly details?: Readonly<Record<string, string>>;
  /** The URL of its objects without their keys; by default that of the site. `false`: nobody can ask for them. */
  readonly publicUrl?: string | false;
  /**
   * The headers that it can keep with an object, in lower case. `location`, if it can redirect. `content-type` has to be among them,
   * unless something else decides it.
   */
  readonly headers: readonly string[];
  /** Whether its server sends compressed copies, `.br` and `.gz`, that lie beside files. A bucket does not. */
  readonly compressedCopies?: boolean;
  /** What is told to caches in front of it. */
  readonly purge?: Purge;

  /** Every object below the prefix, in any order. */
  list(): AsyncIterable<TargetObject>;
  /** One object with its headers; `undefined` when it is not there. */
  inspect(key: string): Promise<StoredObject | undefined>;
  /** The bytes of a small object; `undefined` when it is not there. */
  read(key: string): Promise<{ readonly bytes: Uint8Array; readonly tag: string } | undefined>;
  /** Writes an object, which appears whole or not at all. */
  write(key: string, content: TargetContent, headers: TargetHeaders): Promise<Written>;
  /**
   * Writes a small object if a condition holds, decided by the target in one step; `undefined` when it does not. A target without this
   * is published to with `lock: false` alone.
   */
  writeIf?(
    key: string,
    content: TargetContent,
    headers: TargetHeaders,
    condition: WriteCondition,
  ): Promise<Written | undefined>;
  /** Gives an object other headers, all of them, and leaves its bytes. Without this, and after `undefined`, it is written again. */
  setHeaders?(object: TargetObject, headers: TargetHeaders): Promise<Written | undefined>;
  /** Deletes an object. One that is not there is no error. */
  delete(key: string): Promise<void>;
  /** Gives up connections. */
  close?(): Promise<void>;
}

/** Tells a cache which URLs have changed: an invalidation of CloudFront, a command of your own, or a function. */
export type Purge =
  | {
      /** The id of the distribution. Credentials are those that the SDK of AWS finds. */
      readonly cloudFront: string;
    }
  | {
      /** A program and its arguments. It reads the URLs on standard input, one a line, and fails by its exit code. */
      readonly command: readonly [program: string, ...parameters: string[]];
      /**
       * How many URLs it is given in one call.
       *
       * @defaultValue 1000
       */
      readonly urlsAtOnce?: number;
    }
  | ((urls: readonly string[]) => Promise<void>);
