import { quote } from '../../core/text.ts';
import type { SiteFinding } from '../site.ts';
import { FaultList } from './fault-list.ts';
import { isHtml, type SiteUnderCheck } from './site-under-check.ts';

/** Finds files of which a disk that ignores case, as those of Windows and macOS do, keeps one. */
export function checkCase(site: SiteUnderCheck): SiteFinding[] {
  const findings: SiteFinding[] = [];
  const names = new Map<string, string>();
  for (const file of site.files()) {
    const name = file.toLowerCase();
    const other = names.get(name);
    if (other === undefined) names.set(name, file);
    else
      findings.push({
        kind: 'CASE_CLASH',
        severity: 'warning',
        file,
        message: `The name differs from ${quote(other)} by case alone, so that a disk which ignores case keeps one of them. Rename one.`,
      });
  }
  return findings;
}

/** Finds pages that no other page leads to. */
export function checkUnlinked(site: SiteUnderCheck, linked: ReadonlySet<string>): SiteFinding[] {
  const faults = new FaultList();
  const entries = new Set(site.entryFiles);
  for (const { file, record } of site.pages())
    if (!linked.has(file) && !entries.has(file) && record.status === 200 && isHtml(record.contentType))
      faults.add('', file, undefined, () => ({
        kind: 'PAGE_UNLINKED',
        severity: 'warning',
        message: 'No other page links to this page. Link to it, or leave it out of "routes".',
      }));
  return faults.findings();
}

/** Finds routes of the app that answered none of the pages. */
export function checkRoutes(site: SiteUnderCheck): SiteFinding[] {
  const answered = new Set<string | undefined>();
  for (const { record } of site.pages()) answered.add(record.appRoute);
  return (site.appRoutes ?? [])
    .filter((route) => !answered.has(route))
    .map((route) => ({
      kind: 'ROUTE_MISSING',
      severity: 'warning',
      message: `The app has the route ${quote(route)}, and no page of it is in the site. Add it to "routes", or to "exclude".`,
    }));
}
