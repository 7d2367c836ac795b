export type { Landed, SiteFolder, SiteFolderOptions } from './site-folder.ts';
export { openSiteFolder } from './site-folder.ts';
export { PHASES, type FileRecord, type PageRecord, type Phase, type PlannedFile } from './planned-file.ts';
export { createSharing, readState } from './state-file.ts';
export { FOLDER_MODE, layoutOf } from './site-layout.ts';
