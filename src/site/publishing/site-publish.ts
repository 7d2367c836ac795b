import { countText, quote } from '../../core/text.ts';
import type { ResolvedSite } from '../resolve-site.ts';
import { urlOf } from '../routes/site-place.ts';
import type { ExportReport } from '../site.ts';
import type { Target } from '../targets/target.ts';
import type { WantedFile } from './compare-file.ts';
import { compareSite, type AskedObjects } from './compare-site.ts';
import { contentOf } from './content.ts';
import { CONTROL_HEADERS, JOURNAL_KEY, MANIFEST_KEY } from './control-objects.ts';
import { formatJournal, type Journal } from './journal.ts';
import type { LocalFile } from './local-site.ts';
import { formatManifest, type LeftObject, type PublishedFile } from './manifest.ts';
import type { PublishProgress } from './options.ts';
import { PublicSite } from './public-site.ts';
import { publicUrlOf } from './public-url.ts';
import { lockTarget, NO_LOCK, type PublishLock } from './publish-lock.ts';
import { kindOf, planPublish, purgedKeys, recordOf, stillOurs, type PublishPlan } from './publish-plan.ts';
import { questionsOf, requireConsent, type Question } from './publish-questions.ts';
import { reportOf } from './publish-report.ts';
import type { ResolvedPublish } from './publish-site.ts';
import { listTarget, readRemoteSite, type Listing, type RemoteSite } from './remote-site.ts';
import type { PublishFailure, PublishReport } from './reports.ts';
import { deletePhases, failed, writePhases, type WorkOptions } from './upload-phases.ts';
import { wantedFiles } from './wanted-files.ts';

/** What one publish is about. */
export interface PublishSubject {
  readonly site: ResolvedSite;
  readonly target: Target;
  /** In the order in which they are to be uploaded. */
  readonly files: readonly LocalFile[];
  /** What the export before it did. */
  readonly exported?: ExportReport;
  /** By the clock of `performance.now()`. */
  readonly began: number;
}

/** What a look at a target found. */
interface Look {
  readonly remote: RemoteSite;
  readonly plan: PublishPlan;
  /** What a person has to be asked about. */
  readonly questions: readonly Question[];
}

/** One publish: it reads and plans, then changes the target in an order in which no page ever names what is not there. */
export class SitePublish {
  readonly #subject: PublishSubject;
  readonly #target: Target;
  readonly #options: ResolvedPublish;
  readonly #asked: AskedObjects = new Map();
  readonly #wanted: readonly WantedFile[];
  readonly #warnings: string[];
  readonly #publicSite: PublicSite | undefined;
  /** Whose site it is. */
  readonly #owner: string;

  constructor(subject: PublishSubject, options: ResolvedPublish) {
    const { site, target, files } = subject;
    const publicUrl = publicUrlOf(site, target);
    const { wanted, warnings } = wantedFiles(files, site, target, publicUrl);
    this.#subject = subject;
    this.#target = target;
    this.#options = options;
    this.#wanted = wanted;
    this.#warnings = warnings;
    this.#owner = urlOf(site.place, '/');
    if (publicUrl === undefined && target.purge !== undefined)
      this.#warnings.push(
        `Caches in front of ${quote(target.name)} are told nothing: "purge" needs a "publicUrl", and that is false.`,
      );
    if (publicUrl !== undefined)
      this.#publicSite = new PublicSite(target, publicUrl, site.place, wanted, this.#tell);
  }

  async run(): Promise<PublishReport> {
    const { dryRun, lock: isLocked, lockSeconds } = this.#options;
    // What has nothing to do, or is only to tell what it would do, needs no lock.
    const look = await this.#look();
    if (dryRun) this.#warnings.push(...look.questions.map(({ finding, advice }) => `${finding} ${advice}`));
    if (dryRun || !look.plan.isManifestOld) return this.#report(look);
    await requireConsent(look.questions, this.#options);
    const lock = isLocked ? await lockTarget(this.#target, lockSeconds) : NO_LOCK;
    try {
      const locked = isLocked ? await this.#look() : look;
      const agreed = new Set(look.questions.map(({ finding }) => finding));
      await requireConsent(
        locked.questions.filter(({ finding }) => !agreed.has(finding)),
        this.#options,
      );
      return this.#report({ ...locked, plan: await this.#change(locked, lock) });
    } finally {
      await lock.release();
    }
  }

  async #look(): Promise<Look> {
    const { ignoreRemote, maxDeletes } = this.#options;
    const remote = await readRemoteSite(this.#target, ignoreRemote, (count) =>
      this.#tell('listing', count, 0),
    );
    const plan = await this.#plan(remote);
    const target = this.#target.name;
    const questions = questionsOf({ plan, remote, target, owner: this.#owner, maxDeletes, ignoreRemote });
    return { remote, plan, questions };
  }

  #report({ plan }: Look): PublishReport {
    return reportOf({
      target: this.#target.name,
      dryRun: this.#options.dryRun,
      plan,
      wanted: this.#wanted,
      publicSite: this.#publicSite,
      warnings: [...this.#warnings, ...plan.notOurs.map(notOursText)],
      exported: this.#subject.exported,
      seconds: (performance.now() - this.#subject.began) / 1000,
    });
  }

  async #plan(remote: RemoteSite): Promise<PublishPlan> {
    const { keepDays, keepPublishes, maxDeletes, force } = this.#options;
    return planPublish({
      wanted: this.#wanted,
      comparisons: await compareSite(this.#wanted, remote, this.#target, this.#options, this.#asked),
      remote,
      keepDays,
      keepPublishes,
      maxDeletes: force ? Infinity : maxDeletes,
    });
  }

  /** Carries out a plan, and returns what of it was done. */
  async #change({ plan, remote }: Look, lock: PublishLock): Promise<PublishPlan> {
    const { parallel, skipVerify } = this.#options;
    const work = { target: this.#target, lock, parallel };
    const journal = this.#journalOf(plan, remote);
    if (journal === undefined) {
      await lock.check();
      await this.#writeManifest(plan, new Map(plan.unchanged), remote.now);
      return plan;
    }
    await lock.check();
    await this.#write(JOURNAL_KEY, formatJournal(journal));
    const tags = await writePhases(plan.writes, work, (done, total) => this.#tell('uploading', done, total));
    const listing = await listTarget(this.#target, (count) => this.#tell('verifying the target', count, 0));
    const files = this.#verified(plan, tags, listing);
    const done = stillOurs(plan, listing);
    await lock.check();
    await this.#writeManifest(done, files, listing.now);
    await this.#publicSite?.purge(purgedKeys(journal, plan));
    if (!skipVerify) await this.#publicSite?.verify(journal.changed.keys(), this.#options);
    await this.#delete(done, work);
    await this.#publicSite?.purge(journal.deleted);
    await lock.check();
    await this.#target.delete(JOURNAL_KEY);
    return done;
  }

  /** What this publish is about to do, with what the last one did not finish; `undefined` where that is nothing. */
  #journalOf(
    { number, writes, retired, deletes }: PublishPlan,
    { journal }: RemoteSite,
  ): Journal | undefined {
    if (writes.length + retired.size + deletes.length === 0 && journal === undefined) return undefined;
    const written = writes.map(
      ({ wanted: { file } }) => [file.key, { md5: file.md5, kind: kindOf(file) }] as const,
    );
    return {
      owner: this.#owner,
      number,
      changed: new Map([...(journal?.changed ?? []), ...written]),
      deleted: [...new Set([...(journal?.deleted ?? []), ...deletes.map(({ key }) => key)])],
    };
  }

  /** What is published now, by a listing after the upload. */
  #verified(
    { writes, unchanged }: PublishPlan,
    tags: ReadonlyMap<string, string>,
    { objects }: Listing,
  ): Map<string, PublishedFile> {
    const files = new Map(unchanged);
    const failures: PublishFailure[] = [];
    for (const { wanted } of writes) {
      const { key, size } = wanted.file;
      const object = objects.get(key);
      if (object === undefined) failures.push({ key, reason: 'It was written, and is not there.' });
      else if (object.tag !== tags.get(key) || object.size !== size)
        failures.push({
          key,
          reason: 'It was written, and has other bytes: something else writes there too.',
        });
      else files.set(key, recordOf(wanted, object));
    }
    for (const [key, { tag }] of unchanged) {
      const object = objects.get(key);
      const change = object === undefined ? 'deleted' : 'changed';
      if (object?.tag !== tag)
        failures.push({ key, reason: `It was there, and something else has ${change} it.` });
    }
    if (failures.length === 0) return files;
    throw failed(
      'verify the target',
      failures,
      `After the upload, ${countText(failures.length, 'object')} in ${this.#target.name} ${failures.length === 1 ? 'is' : 'are'} not as written. Nothing was deleted. Publish again when nothing else writes there`,
    );
  }

  async #writeManifest(
    { number, left, retired, deletes }: PublishPlan,
    files: ReadonlyMap<string, PublishedFile>,
    now: number | undefined,
  ): Promise<void> {
    const since = { at: now ?? Date.now(), number };
    const allLeft = new Map<string, LeftObject>(left);
    for (const [key, object] of retired) allLeft.set(key, { ...object, retired: since });
    // Until a listing shows that they have gone.
    for (const { key, size, tag, kind } of deletes) allLeft.set(key, { size, tag, kind });
    await this.#write(MANIFEST_KEY, formatManifest({ owner: this.#owner, number, files, left: allLeft }));
  }

  async #delete({ deletes }: PublishPlan, work: WorkOptions): Promise<void> {
    const failures = await deletePhases(deletes, work, (done) =>
      this.#tell('deleting', done, deletes.length),
    );
    if (failures.length === 0) return;
    throw failed(
      'delete',
      failures,
      `The site is published to ${this.#target.name}, but ${countText(failures.length, 'object')} could not be deleted. The next publish tries again`,
    );
  }

  async #write(key: string, text: string): Promise<void> {
    await this.#target.write(key, contentOf(Buffer.from(text)), CONTROL_HEADERS);
  }

  readonly #tell = (stage: PublishProgress['stage'], done: number, total: number): void => {
    this.#options.onProgress?.({ stage, done, total });
  };
}

function notOursText(key: string): string {
  return `${quote(key)} is not in the site any more, and something else has written it since the last publish: it stays.`;
}
