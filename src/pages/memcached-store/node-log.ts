import { randomBytes } from 'node:crypto';

/*
 * The log of a node, an item that is only appended to. Its order is the truth of who came first:
 *
 *   <header>                      what stood before the rest, see below
 *   R                             the node is ready: nothing of an earlier epoch is left on it
 *   F <id> <page>                 renders of the page that began before may not land (a fence)
 *   D <id> <page> …               pages are removed
 *   B <id> <path>                 a path and all below it is removed
 *   T <id> <tag> …                what has one of the tags is removed
 *   C <id>                        everything is removed
 *   L <id> <page> <begin>         a page lands: from here on, who removes it waits for the end
 *   E <id>                        that landing is over, or nobody waits for it any more
 *   X <id>                        that landing is over, and nothing was stored
 *
 * Pages, paths and tags are hashes. A place is a number of bytes since the epoch began, so it stays when the start of the
 * log is cut off. An epoch is one life of the log: when the node restarts or throws the log away, another one begins.
 */

/** One line of a log. */
interface LogEntry {
  readonly place: number;
  readonly kind: string;
  readonly id: string;
  readonly words: readonly string[];
}

/** What stands in the first line of a log. */
interface LogHeader {
  readonly epoch: string;
  /** The place of the first entry. */
  readonly start: number;
  /** From where on no entry is missing. */
  readonly whole: number;
  /** What the node had evicted when the epoch began. */
  readonly evicted: number;
  /** `NODE_ENV` of the writers. */
  readonly environment: string;
  /** The ring of the writers. */
  readonly ring: string;
  readonly isReady: boolean;
}

/** A log as it was read. */
export interface NodeLog extends LogHeader {
  readonly end: number;
  readonly entries: readonly LogEntry[];
}

/** A place in the log of an epoch. */
export interface LogPlace {
  readonly epoch: string;
  readonly place: number;
}

/** What an invalidation can say of a page. */
export interface LoggedPage {
  readonly page: string;
  /** The hashes of its target and of all above. */
  readonly paths: readonly string[];
}

const FORMAT = 'static-url-1';

/** A name that nobody else has. */
export function newId(): string {
  return randomBytes(8).toString('hex');
}

/** The first text of a log. */
export function newLog(evicted: number, environment: string, ring: string): Buffer {
  return headerLine({ epoch: newId(), start: 0, whole: 0, evicted, environment, ring, isReady: false });
}

function headerLine({ epoch, start, whole, evicted, environment, ring, isReady }: LogHeader): Buffer {
  const words = [
    FORMAT,
    epoch,
    start,
    whole,
    evicted,
    isReady ? 'ready' : 'new',
    `=${encodeURIComponent(environment)}`,
    ring,
  ];
  return Buffer.from(`${words.join(' ')}\n`);
}

/** An entry as it is appended. */
export function logLine(kind: string, id: string, ...words: readonly (string | number)[]): Buffer {
  return Buffer.from(`${[kind, id, ...words].join(' ')}\n`);
}

/** Reads a log; `undefined` for what is none. */
export function parseLog(bytes: Buffer | undefined): NodeLog | undefined {
  const [first = '', ...lines] = bytes?.toString('latin1').split('\n') ?? [];
  const [format, epoch = '', start, whole, evicted, state, environment = '', ring = ''] = first.split(' ');
  if (format !== FORMAT) return undefined;
  let place = Number(start);
  const entries = lines.slice(0, -1).map((line): LogEntry => {
    const [kind = '', id = '', ...words] = line.split(' ');
    const entry = { place, kind, id, words };
    place += line.length + 1;
    return entry;
  });
  return {
    epoch,
    start: Number(start),
    whole: Number(whole),
    evicted: Number(evicted),
    environment: decodeURIComponent(environment.slice(1)),
    ring,
    isReady: state === 'ready' || entries.some(({ kind }) => kind === 'R'),
    end: place,
    entries,
  };
}

/** Where an entry stands; `undefined` when it has been cut off. */
export function placeOf(log: NodeLog, id: string): number | undefined {
  return log.entries.find((entry) => entry.id === id)?.place;
}

/** Landings that stand before a place and are not over. */
export function openLandings(log: NodeLog, before: number = log.end): readonly LogEntry[] {
  const ended = new Set(log.entries.flatMap(({ kind, id }) => (kind === 'E' || kind === 'X' ? [id] : [])));
  return log.entries.filter(({ kind, id, place }) => kind === 'L' && place < before && !ended.has(id));
}

/**
 * Whether a page that was begun at a place may not land, or be joined, any more.
 *
 * @param tags - the hashes of its tags; `undefined` while they are not known: then every tag counts
 */
export function isOvertaken(
  log: NodeLog | undefined,
  begun: LogPlace,
  { page, paths }: LoggedPage,
  tags: readonly string[] | undefined,
): boolean {
  if (log === undefined || log.epoch !== begun.epoch || begun.place < log.whole) return true;
  return log.entries.some(({ place, kind, words }) => {
    if (place < begun.place) return false;
    switch (kind) {
      case 'C':
        return true;
      case 'D':
      case 'F':
        return words.includes(page);
      case 'B':
        return paths.includes(words[0] ?? '');
      case 'T':
        return tags === undefined || words.some((word) => tags.includes(word));
      default:
        return false;
    }
  });
}

/** Whether a page has landed, before a place, whose render began no earlier than one that began at another. */
export function hasLandedLater(log: NodeLog, before: number, page: string, begun: LogPlace): boolean {
  return log.entries.some(
    ({ place, kind, id, words }) =>
      kind === 'L' &&
      place < before &&
      words[0] === page &&
      Number(words[1]) >= begun.place &&
      isEnded(log, id),
  );
}

/** Whether a landing has its end; while it is under way only those write it who give up waiting. */
export function isEnded(log: NodeLog, landing: string): boolean {
  return log.entries.some(({ kind, id }) => kind === 'E' && id === landing);
}

const LONG_BYTES = 48 * 1024;
const KEPT_BYTES = 24 * 1024;

/** A long log without its oldest entries; `undefined` for one that may stay. Landings that are not over stay too. */
export function shortened(log: NodeLog): Buffer | undefined {
  if (log.end - log.start <= LONG_BYTES) return undefined;
  const recent = log.entries.filter(({ place }) => place >= log.end - KEPT_BYTES);
  const whole = recent[0]?.place ?? log.end;
  const kept = [...openLandings(log, whole), ...recent].map(({ kind, id, words }) =>
    logLine(kind, id, ...words),
  );
  const body = Buffer.concat(kept);
  // Counted back from the end, so that what is recent keeps its places.
  return Buffer.concat([headerLine({ ...log, start: log.end - body.length, whole }), body]);
}
