import { quote } from '../core/text.ts';

/** Takes the path that a router is mounted on, with each request that concerns it. */
export type MountWarning = (mountPath: string) => void;

/**
 * Warns once when the mount path holds a part of the prefix: Express removes it from the URL, so the router never sees
 * its prefix.
 *
 * @param call - how the app makes the router
 */
export function createMountWarning(call: string, prefixPath: string): MountWarning {
  return warnOnce('STATIC_URL_MOUNTED_ON_PREFIX', (mountPath) =>
    takesOff(mountPath, prefixPath)
      ? `${call} is mounted on ${quote(mountPath)}, so it waits for ${quote(mountPath + prefixPath)}. Mount it without a path: app.use(${call}).`
      : undefined,
  );
}

/** Warns once of any mount path: the URLs of assets start with their prefix, and with nothing before it. */
export function createAssetsMountWarning(call: string): MountWarning {
  return warnOnce('STATIC_URL_MOUNTED_ON_PREFIX', (mountPath) =>
    mountPath === ''
      ? undefined
      : `${call} is mounted on ${quote(mountPath)}, so the URLs of its assets do not reach it. Mount it without a path: app.use(${call}).`,
  );
}

/** Warns once when a mount path makes browsers see another prefix than live reload knows. */
export function createLiveReloadMountWarning(call: string, prefixPath: string): MountWarning {
  return warnOnce('STATIC_URL_LIVE_RELOAD', (mountPath) =>
    mountPath === '' || takesOff(mountPath, prefixPath)
      ? undefined
      : `${call} is mounted on ${quote(mountPath)}, so browsers see the prefix ${quote(mountPath + prefixPath)}, and cannot find live reload under ${quote(prefixPath)}. Pass liveReload: { publicPrefix: ${quote(mountPath + prefixPath)} }.`,
  );
}

/** Whether the mount path ends with what the prefix starts with. */
function takesOff(mountPath: string, prefixPath: string): boolean {
  const segments = mountPath.split('/').slice(1);
  return segments.some((_segment, index) => prefixPath.startsWith(`/${segments.slice(index).join('/')}/`));
}

function warnOnce(code: string, describe: (mountPath: string) => string | undefined): MountWarning {
  let isDue = true;
  return (mountPath) => {
    const message = isDue ? describe(mountPath) : undefined;
    if (message === undefined) return;
    isDue = false;
    process.emitWarning(message, { type: 'StaticUrlWarning', code });
  };
}
