import { asConnectorError } from 'dynamics365-connector/host';
import type { AdminResponse } from './node-red-api.ts';

/** Sends the result of `work` as JSON, or status 400 with its error. */
export function sendJson(response: AdminResponse, work: () => Promise<object>): void {
  void work().then(
    (value) => response.json(value),
    (error: unknown) => response.status(400).json(asConnectorError(error)),
  );
}
