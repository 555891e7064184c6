import { createPiece } from '@activepieces/pieces-framework';
import type { ConnectOptions } from 'dynamics365-connector';
import { type AnyConnector, runtimeOf, untypedConnector } from 'dynamics365-connector/host';
import { buildAction } from './build-action.ts';
import { buildTrigger } from './build-trigger.ts';
import { createAuthentication } from './connection.ts';
import type { Piece } from './piece-types.ts';

/** The icon, which the platform loads by its address. */
const logoUrl =
  'https://raw.githubusercontent.com/dynamics365-connector/dynamics365-connector/main/packages/node-red/src/icons/dynamics365.svg';

/**
 * Creates the piece of a connector: an action and a trigger for each of its actions and triggers that is not deprecated.
 *
 * @param connectOptions Settings of the operator, such as those for a sandbox on this machine.
 * @example export const dynamics365 = createDynamics365Piece(await loadConnector({ manifest: './my-connector' }));
 * @see https://www.activepieces.com/docs/build-pieces/building-pieces/overview
 */
export function createDynamics365Piece(connector: AnyConnector, connectOptions: ConnectOptions = {}): Piece {
  const context = { connector: untypedConnector(connector), connectOptions };
  const { definition } = runtimeOf(context.connector);
  const isCurrent = ({ deprecated }: { readonly deprecated?: unknown }) => deprecated === undefined;
  return createPiece({
    displayName: 'Dynamics 365 Customer Service',
    description:
      'Cases, accounts, contacts, e-mails, queues and any other table of Dynamics 365 and Dataverse',
    logoUrl,
    authors: ['dynamics365-connector'],
    categories: ['CUSTOMER_SUPPORT', 'SALES_AND_CRM'],
    auth: createAuthentication(context),
    minimumSupportedRelease: '0.82.0',
    actions: Object.values(definition.actions)
      .filter(isCurrent)
      .map((action) => buildAction(action, context)),
    triggers: Object.values(definition.triggers)
      .filter(isCurrent)
      .map((trigger) => buildTrigger(trigger, context)),
  });
}
