import { join } from 'node:path';
import {
  type Connector,
  loadConnector,
  openSqliteStore,
  type StateStore,
  type UntypedOperations,
} from 'dynamics365-connector';
import { createDeliveryTracker, type DeliveryTracker } from './delivery-tracker.ts';
import type { NodeRedApi } from './node-red-api.ts';

/** What all nodes of this package share in one Node-RED process. */
export interface NodeRedContext {
  readonly red: NodeRedApi;
  readonly connector: Connector;
  /** A SQLite file in the user folder; Node-RED's default context store is lost when it stops. */
  readonly store: StateStore;
  readonly deliveryTracker: DeliveryTracker;
}

/** Loads the connector and opens the store; call it once per process. */
export async function openNodeRedContext(red: NodeRedApi): Promise<NodeRedContext> {
  const store = openSqliteStore(join(red.settings.userDir ?? '.', 'dynamics365', 'state.sqlite'));
  const connector = await loadConnector<UntypedOperations>({ store });
  return { red, connector, store, deliveryTracker: createDeliveryTracker(red) };
}
