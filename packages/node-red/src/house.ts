import { join } from 'node:path';
import { type Connector, loadConnector, openSqliteStore, type StateStore } from 'dynamics365-connector';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import type { Red } from './red.ts';

/** What all our nodes of one Node-RED share. */
export interface House {
  readonly red: Red;
  readonly connector: Connector;
  /** A file in the user folder: Node-RED's own context forgets everything when it stops. */
  readonly store: StateStore;
  readonly deliveries: Deliveries;
}

/** Opens it, once for each Node-RED. */
export async function openHouse(red: Red): Promise<House> {
  const store = openSqliteStore(join(red.settings.userDir ?? '.', 'dynamics365', 'state.sqlite'));
  const connector = await loadConnector({ world: { store } });
  return { red, connector, store, deliveries: createDeliveries(red) };
}
