import { accessCodes } from './dataverse/access.ts';
import type { DataverseCodes } from './dataverse/explanation.ts';
import { limitsCodes } from './dataverse/limits.ts';
import { queriesCodes } from './dataverse/queries.ts';
import { rowsCodes } from './dataverse/rows.ts';
import { serviceCodes } from './dataverse/service.ts';

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
