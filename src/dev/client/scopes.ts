/** What has stylesheets of its own. */
export type Scope = Document | ShadowRoot;

/** The scopes of the page that can be reached from it: open shadow roots, and frames of the same origin. */
export function scopesOf(scope: Scope = document): Scope[] {
  const shadows = [...scope.querySelectorAll('*')].map(({ shadowRoot }) => shadowRoot);
  const frames = [...scope.querySelectorAll<HTMLIFrameElement | HTMLObjectElement>('iframe, frame, object')]
    .map(({ contentDocument }) => contentDocument)
    .filter((inside) => inside !== null && !hasLiveReload(inside));
  const inner = [...shadows, ...frames].filter((each) => each !== null);
  return [scope, ...inner.flatMap((each) => scopesOf(each))];
}

/** Whether a document looks after itself. */
function hasLiveReload({ scripts }: Document): boolean {
  return [...scripts].some(({ src }) => src === import.meta.url);
}
