export { PHASES, type FileRecord, type PageRecord, type Phase, type PlannedFile } from './planned-file.ts';
