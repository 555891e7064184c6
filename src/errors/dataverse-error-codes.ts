import { accessErrorCodes } from './dataverse/access-errors.ts';
import type { DataverseErrorCodes } from './dataverse/error-explanation.ts';
import { limitErrorCodes } from './dataverse/limit-errors.ts';
import { queryErrorCodes } from './dataverse/query-errors.ts';
import { rowErrorCodes } from './dataverse/row-errors.ts';
import { serviceErrorCodes } from './dataverse/service-errors.ts';

/**
 * Explanations of the most frequent of Dataverse's 3,500 error codes.
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
 */
export const dataverseErrorCodes: DataverseErrorCodes = {
  ...accessErrorCodes,
  ...rowErrorCodes,
  ...serviceErrorCodes,
  ...queryErrorCodes,
  ...limitErrorCodes,
};
