import { writeTypes } from '../../src/authoring/write-types.ts';
import { definition } from './definition.ts';

/** `src/generated/operations.ts`: the types of our own actions and triggers, as `d365 types` writes them. */
export function operationTypes(): string {
  return writeTypes({ definition });
}
