/** How many complaints one warning names; the rest are counted. */
const NAMED = 10;

/** What is wrong at present, each told once for as long as it is. */
export interface Complaints {
  /** Tells what was not wrong before. */
  replace(messages: readonly string[]): void;
  /** Tells something that stays. */
  add(message: string): void;
}

/** Tells complaints as warnings of the process (`StaticUrlWarning`, `STATIC_URL_WATCH`). */
export function createComplaints(): Complaints {
  const lasting = new Set<string>();
  let present = new Set<string>();
  return {
    replace(messages) {
      const fresh = [...new Set(messages)].filter((message) => !present.has(message));
      present = new Set(messages);
      if (fresh.length > 0) warn(fresh);
    },
    add(message) {
      if (!lasting.has(message)) warn([message]);
      lasting.add(message);
    },
  };
}

function warn(messages: readonly string[]): void {
  const more =
    messages.length > NAMED
      ? `\n… and ${messages.length - NAMED} more; "static-url check" lists them all.`
      : '';
  process.emitWarning(messages.slice(0, NAMED).join('\n') + more, {
    type: 'StaticUrlWarning',
    code: 'STATIC_URL_WATCH',
  });
}
