import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { fileStore, type FileStore } from '../../../src/pages/file-store/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { testStoreContract } from '../store-contract.ts';
import { SETTING } from '../stored-pages.ts';

testStoreContract('fileStore()', async (t: ExecutionContext) => {
  const folder = join(await temporaryFolder(t), 'pages');
  const open = async (): Promise<FileStore> => {
    const pages = fileStore({ folder });
    await pages.open(SETTING);
    t.teardown(() => pages.close());
    return pages;
  };
  return [await open(), await open()];
});
