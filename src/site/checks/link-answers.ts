import { answerOf } from '../hosting/site-path.ts';
import type { SiteUnderCheck } from './site-under-check.ts';

/** What a visitor who follows a link finds. Paths are as the host sees them, with the site's own path before them. */
export type LinkAnswer =
  | { readonly kind: 'file'; readonly file: string }
  /** `file` is absent where the redirect leads off the site. */
  | { readonly kind: 'redirect'; readonly to: string; readonly file?: string }
  | { readonly kind: 'missing'; readonly path: string }
  /** A redirect that leads to nothing, or in a circle. */
  | { readonly kind: 'astray'; readonly path: string; readonly to: string }
  /** Of the site's host, but not of the site. */
  | { readonly kind: 'outside'; readonly path: string; readonly isWhole: boolean }
  | { readonly kind: 'local'; readonly url: string };

const MOST_REDIRECTS = 10;

/** Finds what the targets of links lead to, each once. */
export class LinkAnswers {
  readonly #site: SiteUnderCheck;
  readonly #redirects: ReadonlyMap<string, string>;
  readonly #answers: LinkAnswer[] = [];

  constructor(site: SiteUnderCheck) {
    this.#site = site;
    const own = site.base.origin + site.base.path;
    this.#redirects = new Map(
      [...site.redirects].map(([from, to]) => [
        new URL(from, 'http://localhost').pathname,
        to.startsWith(own) ? `/${to.slice(own.length)}` : to,
      ]),
    );
  }

  /** @param target - its number in the table of targets */
  of(target: number): LinkAnswer {
    return (this.#answers[target] ??= this.#find(this.#site.targets.target(target)));
  }

  #find(target: string): LinkAnswer {
    const { origin, path: root } = this.#site.base;
    if (!target.startsWith('/'))
      return target.startsWith(`${origin}/`)
        ? { kind: 'outside', path: target, isWhole: true }
        : { kind: 'local', url: target };
    const [path = ''] = target.split('#', 1);
    if (path === root.slice(0, -1)) return this.#redirectTo(root);
    if (!path.startsWith(root)) return { kind: 'outside', path, isWhole: false };
    return this.answer(path.slice(root.length - 1));
  }

  /** @param path - of the site: `/about` */
  answer(path: string): LinkAnswer {
    const { base } = this.#site;
    let at = path;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const to = this.#redirectOf(at);
      if (to !== undefined) {
        if (!to.startsWith('/')) return { kind: 'redirect', to };
        at = new URL(to, 'http://localhost').pathname;
        continue;
      }
      const answer = answerOf(at, base.slash, (file) => this.#site.has(file));
      if (answer.kind === 'redirect') {
        at = answer.path;
        continue;
      }
      if (answer.kind === 'file')
        return redirects === 0 ? answer : { kind: 'redirect', to: this.#full(at), file: answer.file };
      if (redirects === 0) return { kind: 'missing', path: this.#full(path) };
      break;
    }
    return { kind: 'astray', path: this.#full(path), to: this.#full(at) };
  }

  #redirectOf(path: string): string | undefined {
    const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
    return this.#redirects.get(path) ?? this.#redirects.get(other);
  }

  #redirectTo(root: string): LinkAnswer {
    const answer = this.answer('/');
    return answer.kind === 'file' ? { kind: 'redirect', to: root, file: answer.file } : answer;
  }

  #full(path: string): string {
    return this.#site.base.path + path.slice(1);
  }
}
