import { DataverseError } from './errors.ts';

/** The query joins more tables than Dataverse allows. */
export const tooManyLinkEntities = (): DataverseError =>
  new DataverseError(400, '0x8004430d', 'Number of link entities in query exceeded maximum limit.');
