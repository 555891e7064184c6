import type { ErrorCode } from './codes.ts';
import { accessCodes } from './dataverse/access.ts';
import { limitsCodes } from './dataverse/limits.ts';
import { queriesCodes } from './dataverse/queries.ts';
import { rowsCodes } from './dataverse/rows.ts';
import { serviceCodes } from './dataverse/service.ts';

/** One of Dataverse's errors in our words: `cause` says what happened, `advice` what to do next. */
export interface Explanation {
  readonly code: ErrorCode;
  readonly cause: string;
  readonly advice: string;
}

/** Dataverse's code as it stands in an answer, lower case, -> its name at Microsoft and our explanation. */
export type DataverseCodes = Readonly<Record<string, Explanation & { readonly name: string }>>;

/**
 * The everyday ones of Dataverse's 3,500 error codes.
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
 */
export const dataverseCodes: DataverseCodes = {
  ...accessCodes,
  ...rowsCodes,
  ...serviceCodes,
  ...queriesCodes,
  ...limitsCodes,
};
