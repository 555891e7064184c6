import { ConnectorError } from '../errors/connector-error.ts';
import { isJsonObject } from '../model/json.ts';
import type { Connection } from '../run/connection.ts';
import { sendApiRequest } from '../run/send-api-request.ts';

/** What is done with a registration. */
export type RegistrationAccess = 'read' | 'write' | 'delete';

const readPrivileges = ['prvReadServiceEndpoint', 'prvReadSdkMessage', 'prvReadSdkMessageProcessingStep'];

/** The privileges that registering webhooks needs, all at the level of the organization. */
export const registrationPrivileges: Readonly<Record<RegistrationAccess, readonly string[]>> = {
  read: readPrivileges,
  write: [
    ...readPrivileges,
    ...['prvCreateServiceEndpoint', 'prvWriteServiceEndpoint'],
    ...[
      'prvCreateSdkMessageProcessingStep',
      'prvWriteSdkMessageProcessingStep',
      'prvDeleteSdkMessageProcessingStep',
    ],
  ],
  delete: [...readPrivileges, 'prvDeleteServiceEndpoint', 'prvDeleteSdkMessageProcessingStep'],
};

/** Runs `work`. If the organization denies it, the error names the privileges that the user lacks. */
export async function withMissingPrivileges<T>(
  connection: Connection,
  access: RegistrationAccess,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'ACCESS_DENIED') throw error;
    const needed = registrationPrivileges[access];
    const held = await readHeldPrivileges(connection, needed);
    const missing = held === undefined ? needed : needed.filter((name) => !held.has(name.toLowerCase()));
    // The organization may deny it for another reason, which its own message tells.
    if (missing.length === 0) throw error;
    const task = access === 'read' ? 'read how webhooks are registered' : 'register webhooks';
    const lacks = held === undefined ? 'needs' : 'lacks';
    throw new ConnectorError(
      'ACCESS_DENIED',
      `The user may not ${task}: it ${lacks} ${missing.join(', ')}.`,
      {
        ...error.details,
        advice:
          'Register once with a connection that may (System Customizer): `d365 worker push repair --as <connection>`. Polls need none of these privileges.',
      },
    );
  }
}

/** Those of these privileges that the user of the connection has, in lower case; undefined if it cannot read them. */
async function readHeldPrivileges(
  connection: Connection,
  names: readonly string[],
): Promise<ReadonlySet<string> | undefined> {
  try {
    const { userId } = await connection.whoAmI();
    const list = encodeURIComponent(JSON.stringify(names));
    const { body } = await sendApiRequest(connection, {
      operation: 'push',
      method: 'GET',
      path: `/systemusers(${userId})/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=${list}`,
      safety: 'repeatable',
    });
    const found = isJsonObject(body) && Array.isArray(body.RolePrivileges) ? body.RolePrivileges : [];
    return new Set(found.map((each) => String(isJsonObject(each) ? each.PrivilegeName : '').toLowerCase()));
  } catch {
    return undefined;
  }
}
