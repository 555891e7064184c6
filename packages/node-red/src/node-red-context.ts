import { join } from 'node:path';
import { type Connector, loadConnector, openSqliteStore, type StateStore } from 'dynamics365-connector';
import { createDeliveryTracker, type DeliveryTracker } from './delivery-tracker.ts';
import type { NodeRedApi } from './node-red-api.ts';

/** What all our nodes of one Node-RED share. */
export interface NodeRedContext {
  readonly red: NodeRedApi;
  readonly connector: Connector;
  /** A file in the user folder: Node-RED's own context forgets everything when it stops. */
  readonly store: StateStore;
  readonly deliveryTracker: DeliveryTracker;
}

/** Opens it, once for each Node-RED. */
export async function openNodeRedContext(red: NodeRedApi): Promise<NodeRedContext> {
  const store = openSqliteStore(join(red.settings.userDir ?? '.', 'dynamics365', 'state.sqlite'));
  const connector = await loadConnector({ services: { store } });
  return { red, connector, store, deliveryTracker: createDeliveryTracker(red) };
}
