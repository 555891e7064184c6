import { writeTypes } from '../../src/authoring/write-types.ts';
import { definition } from './definition.ts';

/** The text of src/generated/operations.ts: the types of our own actions and triggers. */
export function operationTypes(): string {
  return writeTypes({ definition });
}
