export { assetsPrefix, createSite } from './create-site.ts';
export { defaultTargetName } from './publishing/chosen-target.ts';

export {
  route,
  type LastModified,
  type ParamsSource,
  type Route,
  type RouteOptions,
  type RouteParams,
} from './routes/route.ts';
export {
  SITE_FINDINGS,
  SiteCheckError,
  type ExportReport,
  type FindingSeverity,
  type Site,
  type SiteFinding,
  type SiteFindingKind,
  type SiteUrl,
} from './site.ts';
export {
  PublishError,
  type ChangeAction,
  type PublishChange,
  type PublishFailure,
  type PublishReport,
  type PublishStep,
  type TestReport,
  type TestStep,
  type TestStepName,
} from './publishing/reports.ts';
export { s3Target } from './targets/s3/s3-target.ts';
export type { S3Credentials, S3TargetOptions } from './targets/s3/options.ts';
export { azureTarget } from './targets/azure/azure-target.ts';
export type { AzureCredential, AzureTargetOptions } from './targets/azure/options.ts';
export { directoryTarget } from './targets/directory/directory-target.ts';
export type { DirectoryTargetOptions } from './targets/directory/options.ts';
export { gcsTarget } from './targets/gcs/gcs-target.ts';
export type { GcsCredentials, GcsTargetOptions } from './targets/gcs/options.ts';
export { TargetError, type TargetFailureReason } from './targets/target-error.ts';
export type {
  Purge,
  StoredObject,
  Target,
  TargetContent,
  TargetHeaders,
  TargetObject,
  WriteCondition,
  Written,
} from './targets/target.ts';
