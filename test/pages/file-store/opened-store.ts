import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { fileStore, type FileStore, type FileStoreOptions } from '../../../src/pages/file-store/index.ts';
import type { StoreSetting } from '../../../src/pages/store.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { SETTING } from '../stored-pages.ts';

/** Opens a store in a folder of its own, or in another one's, and closes it when the test ends. */
export async function openStore(
  t: ExecutionContext,
  options: Partial<FileStoreOptions> = {},
  setting: Partial<StoreSetting> = {},
): Promise<FileStore> {
  const pages = fileStore({ folder: join(await temporaryFolder(t), 'pages'), ...options });
  await pages.open({ ...SETTING, ...setting });
  t.teardown(() => pages.close());
  return pages;
}
