import { ConnectorError, type ErrorCategory } from 'dynamics365-connector';

/** After an error of these categories, nothing was written, so the request may be sent again. */
const undoneCategories: readonly ErrorCategory[] = [
  'input',
  'connection',
  'permission',
  'throttled',
  'transient',
  'manifest',
];

/** Whether an error is the final answer to a write, which a repetition gets too. */
export function isDefinitive(error: unknown): boolean {
  return ConnectorError.is(error) && !undoneCategories.includes(error.category);
}
