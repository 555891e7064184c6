import { DataverseError } from './errors.ts';

/** The largest number of tables that one query can join. */
export const maxLinkEntities = 15;

/** The query joins more tables than Dataverse allows. */
export const tooManyLinkEntities = (): DataverseError =>
  new DataverseError(400, '0x8004430d', 'Number of link entities in query exceeded maximum limit.');
