import { join, resolve } from 'node:path';
import {
  type ConnectOptions,
  type Connector,
  loadConnector,
  openSqliteStore,
  type PollOptions,
  type StateStore,
  type UntypedOperations,
} from 'dynamics365-connector';
import { createDeliveryTracker, type DeliveryTracker } from './delivery-tracker.ts';
import type { NodeRedApi } from './node-red-api.ts';

/** What all nodes of this package share in one Node-RED process. */
export interface NodeRedContext {
  readonly red: NodeRedApi;
  readonly connector: Connector;
  /** From settings.js. */
  readonly connectOptions: ConnectOptions;
  readonly feeds?: Pick<PollOptions, 'overlapMs' | 'retention'>;
  /** A SQLite file in the user folder; Node-RED's default context store is lost when it stops. */
  readonly store: StateStore;
  readonly deliveryTracker: DeliveryTracker;
}

/** Loads the connector and opens the store; call it once per process. */
export async function openNodeRedContext(red: NodeRedApi): Promise<NodeRedContext> {
  const { userDir = '.', dynamics365 = {} } = red.settings;
  const { manifest, feeds, transport, proxy, noProxy, caCertificates, ...connectOptions } = dynamics365;
  const store = openSqliteStore(join(userDir, 'dynamics365', 'state.sqlite'));
  const connector = await loadConnector<UntypedOperations>({
    manifest: manifest === undefined ? undefined : resolve(userDir, manifest),
    store,
    transport,
    proxy,
    noProxy,
    caCertificates,
  });
  return { red, connector, connectOptions, feeds, store, deliveryTracker: createDeliveryTracker(red) };
}
