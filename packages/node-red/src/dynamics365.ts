import { registerAction } from './action-node.ts';
import { addRoutes } from './add-routes.ts';
import { registerConnection } from './connection-node.ts';
import { openHouse } from './house.ts';
import type { Red } from './red.ts';
import { addSignInRoutes } from './sign-in-routes.ts';
import { registerTrigger } from './trigger-node.ts';

/** What Node-RED loads: a connection, an action and a trigger. Their forms are in `dynamics365.html`. */
export default async function register(red: Red): Promise<void> {
  const house = await openHouse(red);
  registerConnection(house);
  registerAction(house);
  registerTrigger(house);
  addRoutes(house);
  addSignInRoutes(house);
}
