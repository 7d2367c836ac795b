import type { ExportReport } from '../site.ts';
import type { WantedFile } from './compare-file.ts';
import type { PublishPlan } from './publish-plan.ts';
import type { PublicSite } from './public-site.ts';
import type { PublishChange, PublishReport } from './reports.ts';

/** What a report is made of. */
export interface ReportSources {
  readonly target: string;
  readonly dryRun: boolean;
  readonly plan: PublishPlan;
  readonly wanted: readonly WantedFile[];
  readonly publicSite: PublicSite | undefined;
  readonly warnings: readonly string[];
  readonly exported: ExportReport | undefined;
  readonly seconds: number;
}

/** Tells what a publish did, or would do. */
export function reportOf(sources: ReportSources): PublishReport {
  const { target, dryRun, plan, wanted, publicSite, warnings, exported, seconds } = sources;
  const uploads = plan.writes.filter(({ action }) => action === 'upload');
  return {
    target,
    dryRun,
    number: plan.number,
    files: {
      count: wanted.length,
      bytes: bytesOf(wanted),
      uploaded: uploads.length,
      uploadedBytes: bytesOf(uploads.map((each) => each.wanted)),
      headersChanged: plan.writes.length - uploads.length,
      deleted: plan.deletes.length,
      retired: plan.retired.size,
      leftToDelete: plan.left.size + plan.retired.size,
    },
    changes: changesOf(plan),
    purged: publicSite?.purged ?? 0,
    verified: publicSite?.verified ?? 0,
    warnings: [...warnings, ...(publicSite?.warnings ?? [])],
    ...(exported !== undefined && { exported }),
    seconds,
  };
}

function bytesOf(wanted: readonly WantedFile[]): number {
  return wanted.reduce((sum, { file }) => sum + file.size, 0);
}

function changesOf({ writes, retired, deletes }: PublishPlan): PublishChange[] {
  return [
    ...writes.map(({ wanted: { file }, action, reason }) => ({
      key: file.key,
      action,
      reason,
      size: file.size,
    })),
    ...[...retired].map(([key, { size }]) => ({
      key,
      action: 'retire' as const,
      reason: 'no page names it any more',
      size,
    })),
    ...deletes.map(({ key, size, reason }) => ({ key, action: 'delete' as const, reason, size })),
  ];
}
