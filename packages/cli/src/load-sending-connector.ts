import { type Connector, type LoadOptions, loadConnector } from 'dynamics365-connector';

/** Loads the connector of a command that sends requests: with undici, which starts and sends faster than the default. */
export function loadSendingConnector(options: LoadOptions): Promise<Connector> {
  const transport = options.send === undefined ? ('undici' as const) : undefined;
  return loadConnector({ ...options, transport });
}
