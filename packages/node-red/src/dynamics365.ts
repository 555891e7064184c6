import { registerActionNode } from './action-node.ts';
import { registerConnectionNode } from './connection-node.ts';
import type { NodeRedApi } from './node-red-api.ts';
import { openNodeRedContext } from './node-red-context.ts';
import { addOperationRoutes } from './operation-routes.ts';
import { addPickListRoutes } from './pick-list-routes.ts';
import { addSignInRoutes } from './sign-in-routes.ts';
import { registerTriggerNode } from './trigger-node.ts';

/** The module that Node-RED loads: registers the connection, action and trigger nodes. `dynamics365.html` has their forms. */
export default async function register(red: NodeRedApi): Promise<void> {
  const context = await openNodeRedContext(red);
  registerConnectionNode(context);
  registerActionNode(context);
  registerTriggerNode(context);
  addOperationRoutes(context);
  addPickListRoutes(context);
  addSignInRoutes(context);
}
