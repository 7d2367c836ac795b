import { readdir, rename, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { SwapRule } from './options.ts';
import { StaticUrlError, systemErrorCode } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import { describeWriteError, ifThere } from '../../files/disk-access.ts';
import { makeFolder } from '../../files/durable-files.ts';
import { removeDeadCandidates } from '../../files/folder-lock.ts';
import { createRunId } from '../../files/run-id.ts';
import { deleteFiles, putFiles, type LandingProgress } from './file-landing.ts';
import { findForeignFiles } from './foreign-files.ts';
import { buildTree, removeTrees, swapLink } from './linked-landing.ts';
import { settleJournal } from './journal.ts';
import { lockSite } from './lock.ts';
import { checkOut, linkedRun, type OutRules } from './out-folder.ts';
import type { FileRecord, PlannedFile } from './planned-file.ts';
import { adviceFor, FOLDER_MODE, layoutOf, type SiteLayout } from './site-layout.ts';
import { checkPlan, namesToDelete, recordsOf, type SitePlan } from './site-plan.ts';
import { SiteTree } from './site-tree.ts';
import { writeState, type SiteState } from './state-file.ts';

/** How the folder of a site is opened. */
export interface SiteFolderOptions extends OutRules {
  /** Absolute. */
  readonly out: string;
  /** Names at the top of the folder that are not the site's and stay. */
  readonly keep: readonly string[];
}

/** What of the site has changed in a landing. */
export interface Landed {
  readonly written: number;
  /** Foreign files among them. */
  readonly deleted: number;
}

/**
 * Opens the folder of a site for one export, and locks it until it is closed.
 *
 * @throws {@link StaticUrlError} `SITE_OUT_REFUSED`, `SITE_LOCKED`, `CROSS_DEVICE`, `DISK_FULL`, `FILE_UNWRITABLE`
 */
export async function openSiteFolder({ out, keep, ...rules }: SiteFolderOptions): Promise<SiteFolder> {
  const layout = layoutOf(out);
  return describing(layout, async () => {
    checkOut(layout, rules);
    makeFolder(layout.beside, FOLDER_MODE);
    const run = createRunId();
    const unlock = await lockSite(layout, run);
    try {
      return await SiteFolder.open(layout, rules.swap, new Set(keep), run, unlock);
    } catch (error) {
      await end(layout, run, unlock);
      throw error;
    }
  });
}

/** The folder of a site, its state and its lock. */
export class SiteFolder {
  readonly out: string;
  /** Where releases of assets are kept that come from their sources. */
  readonly releases: string;
  /** An empty folder on the same file system, below which the caller writes new files. */
  readonly staging: string;
  readonly #layout: SiteLayout;
  readonly #swap: SwapRule;
  readonly #keep: ReadonlySet<string>;
  readonly #run: string;
  readonly #unlock: () => Promise<void>;
  #state: SiteState;
  /** What was there when the folder was opened. */
  #tree: SiteTree;
  #foreign: readonly string[] = [];
  readonly #staged = new Set<string>();

  private constructor(
    layout: SiteLayout,
    swap: SwapRule,
    keep: ReadonlySet<string>,
    run: string,
    unlock: () => Promise<void>,
    state: SiteState,
  ) {
    this.out = layout.out;
    this.releases = join(layout.beside, 'releases');
    this.staging = join(layout.staging, run, 'new');
    this.#layout = layout;
    this.#swap = swap;
    this.#keep = keep;
    this.#run = run;
    this.#unlock = unlock;
    this.#state = state;
    this.#tree = this.#lookAtTree();
  }

  /** Reads the state, and makes good what a killed run left behind. The lock is held already. */
  static async open(
    layout: SiteLayout,
    swap: SwapRule,
    keep: ReadonlySet<string>,
    run: string,
    unlock: () => Promise<void>,
  ): Promise<SiteFolder> {
    await removeDeadCandidates(layout.lock);
    // Whoever it belonged to did not live to see this lock.
    await rm(layout.staging, { recursive: true, force: true });
    const staging = join(layout.staging, run);
    for (const folder of ['new', 'aside']) makeFolder(join(staging, folder), FOLDER_MODE);
    const tree = new SiteTree(treeFolder(layout), join(staging, 'aside'));
    const state = await settleJournal(layout, tree, join(staging, 'state'));
    return new SiteFolder(layout, swap, keep, run, unlock, state);
  }

  /** The text that the last export left; `undefined` when there was none, or pages were made with different ones. */
  get settings(): string | undefined {
    return this.#state.settings;
  }

  /** What exports wrote, those that were killed too. */
  get previous(): ReadonlyMap<string, FileRecord> {
    return this.#state.files;
  }

  /**
   * Where a file of the site is to be written: below {@link SiteFolder.staging} as it is to be below `out`, so that a first
   * site can be put in its place by one rename. Its folder may have to be made.
   */
  stagedPath(name: string): string {
    this.#staged.add(name);
    return `${this.staging}/${name}`;
  }

  /** The error to throw for one that came up below {@link SiteFolder.staging}: that a disk is full is told in our words. */
  describe(error: unknown): unknown {
    const isFull = ['ENOSPC', 'EDQUOT'].includes(systemErrorCode(error) ?? '');
    return isFull ? describeWriteError(error, this.out, adviceFor(this.#layout)) : error;
  }

  /** Whether a file is there as it was written: a regular one with the same length and time. */
  isAsWritten(name: string): boolean {
    const record = this.#state.files.get(name);
    return record !== undefined && this.#tree.holds(name, record);
  }

  /** The files in the folder that are not the site's, sorted: the next landing deletes them, or puts its own in their places. */
  async foreignFiles(): Promise<string[]> {
    const foreign = await findForeignFiles(this.#lookAtTree(), this.#state.files, this.#keep);
    this.#foreign = foreign;
    return foreign;
  }

  /** Makes the folder hold the files of a plan, and of those known none else. */
  land(
    plan: SitePlan,
    { settings, onProgress }: { readonly settings?: string; readonly onProgress?: LandingProgress } = {},
  ): Promise<Landed> {
    return describing(this.#layout, async () => {
      checkPlan(plan, this.#keep);
      await this.#announce(plan, settings);
      // Foreign files have no phase: nothing of the site needs them.
      const foreign = this.#foreign.filter((name) => !plan.has(name));
      const gone = [...foreign, ...namesToDelete(this.#state.files, plan)];
      const landed =
        this.#swap === 'link'
          ? { written: await this.#putLinked(plan, onProgress), deleted: gone.length }
          : await this.#landFiles(plan, gone, onProgress);
      await rename(this.#layout.journal, this.#layout.state);
      this.#changed({ settings, files: new Map(recordsOf(plan)) });
      return landed;
    });
  }

  /**
   * Puts files in their places beside what is there.
   *
   * @param gone - what exports wrote and is to go
   * @throws {@link StaticUrlError} `SITE_OUT_REFUSED` where one of them would take the place of what is not the site's
   */
  landOne(
    files: readonly PlannedFile[],
    { settings, gone = [] }: { readonly settings?: string; readonly gone?: readonly string[] } = {},
  ): Promise<void> {
    return describing(this.#layout, async () => {
      const plan = new Map(files.map((file) => [file.name, file]));
      checkPlan(plan, this.#keep);
      this.#refuseForeign(plan.keys());
      await this.#announce(plan, settings);
      if (this.#swap === 'link' && linkedRun(this.#layout) === undefined) await this.#putLinked(plan);
      else await putFiles(this.#lookAtTree(), plan);
      await deleteFiles(this.#lookAtTree(), gone);
      const after = new Map([...this.#state.files, ...recordsOf(plan)]);
      for (const name of gone) after.delete(name);
      await writeState(this.#layout.state, settings, after, after.size, this.#temporary('state'));
      await unlink(this.#layout.journal);
      this.#changed({ settings, files: after });
    });
  }

  /** Removes what was staged, and gives the lock up. */
  close(): Promise<void> {
    return end(this.#layout, this.#run, this.#unlock);
  }

  #refuseForeign(names: Iterable<string>): void {
    const tree = this.#lookAtTree();
    for (const name of names) {
      const found = tree.inTheWayOf(name);
      if (found === undefined || this.#state.files.has(found)) continue;
      throw new StaticUrlError(
        'SITE_OUT_REFUSED',
        `${quote(found)} in ${quote(this.out)} is not the site's, and would be replaced by ${quote(name)}. Move it, or export the whole site with "force".`,
      );
    }
  }

  async #landFiles(plan: SitePlan, gone: readonly string[], onProgress?: LandingProgress): Promise<Landed> {
    if (gone.length === 0 && (await this.#landWhole(plan))) {
      onProgress?.(plan.size, plan.size);
      return { written: plan.size, deleted: 0 };
    }
    const tree = this.#lookAtTree();
    // An empty site is a folder too.
    tree.makeFolderOf('index.html');
    const written = await putFiles(tree, plan, onProgress);
    return { written, deleted: await deleteFiles(tree, gone) };
  }

  /** Puts the first site in its place by one rename, where nothing is; returns whether it could. */
  async #landWhole(plan: SitePlan): Promise<boolean> {
    for (const [name, { staged }] of plan) if (staged !== `${this.staging}/${name}`) return false;
    if (((await ifThere(readdir(this.out))) ?? []).length > 0) return false;
    // What was written and is not of the site after all.
    for (const name of this.#staged)
      if (!plan.has(name)) await rm(`${this.staging}/${name}`, { force: true });
    await rename(this.staging, this.out);
    return true;
  }

  async #putLinked(plan: SitePlan, onProgress?: LandingProgress): Promise<number> {
    const current = linkedRun(this.#layout);
    await removeTrees(this.#layout, current, this.#temporary('aside'));
    const folder = join(this.#layout.sites, createRunId());
    try {
      const tree = new SiteTree(folder, this.#temporary('aside'));
      const written = await buildTree(tree, this.#lookAtTree(), plan, this.#keep, onProgress);
      await swapLink(this.#layout, folder, this.#temporary('link'));
      return written;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Says what is going to land, so that an export after a killed one knows it for ours. */
  #announce(plan: SitePlan, settings: string | undefined): Promise<void> {
    return writeState(this.#layout.journal, settings, recordsOf(plan), plan.size, this.#temporary('journal'));
  }

  #changed(state: SiteState): void {
    this.#state = state;
    this.#foreign = [];
    this.#tree = this.#lookAtTree();
  }

  #lookAtTree(): SiteTree {
    return new SiteTree(treeFolder(this.#layout), this.#temporary('aside'));
  }

  #temporary(name: string): string {
    return join(this.#layout.staging, this.#run, name);
  }
}

async function end({ staging }: SiteLayout, run: string, unlock: () => Promise<void>): Promise<void> {
  try {
    await rm(join(staging, run), { recursive: true, force: true });
  } finally {
    await unlock();
  }
}

/** The folder that the site's files are in: `out`, or what it links to. */
function treeFolder(layout: SiteLayout): string {
  const run = linkedRun(layout);
  return run === undefined ? layout.out : join(layout.sites, run);
}

async function describing<Value>(layout: SiteLayout, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw describeWriteError(error, layout.out, adviceFor(layout));
  }
}
