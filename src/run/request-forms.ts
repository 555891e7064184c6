import type { ConnectorError } from '../errors/connector-error.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import { isPrincipalTable, principalKey } from '../model/principals.ts';
import type { Table } from '../model/table.ts';
import { readRowType } from '../odata/row-type.ts';

/**
 * How a row is created: `PATCH` with the new id and `If-None-Match: *`, `POST` with the id in the body, or `POST` alone.
 * Only the first two are safe to repeat. Each is documented, but not for every table.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api
 */
export type NewRowForm = 'patch' | 'post-with-id' | 'post';

/** The plan of a create in another form; any other plan as it is. */
export function withNewRowForm(plan: RequestPlan, table: Table, form: NewRowForm | undefined): RequestPlan {
  const { createdId: id } = plan;
  if (form === undefined || id === undefined || form === newRowFormOf(plan)) return plan;
  const { 'if-none-match': _, ...headers } = plan.headers;
  const { [table.key]: __, ...values } = (plan.body ?? {}) as JsonObject;
  const url = plan.url.replace(`(${id})`, '');
  if (form === 'post-with-id')
    return { ...plan, method: 'POST', url, headers, body: { [table.key]: id, ...values } };
  const { createdId: ___, createdUrl: ____, ...rest } = plan;
  return { ...rest, method: 'POST', url, headers, body: values, safety: 'once' };
}

/**
 * The form to try after an organization has refused that of a plan; undefined if the error has another cause, or if no
 * form is left. With `isRepeatable`, it is one that can be sent again without creating a second row.
 */
export function nextNewRowForm(
  plan: RequestPlan,
  error: ConnectorError,
  isRepeatable: boolean,
): NewRowForm | undefined {
  if (plan.createdId === undefined || !isFormRefused(error)) return undefined;
  if (newRowFormOf(plan) === 'patch') return 'post-with-id';
  return isRepeatable ? undefined : 'post';
}

function newRowFormOf({ method }: RequestPlan): NewRowForm {
  return method === 'PATCH' ? 'patch' : 'post-with-id';
}

/** SdkEntityDoesNotSupportMessage, or a status that concerns the method. */
export function isFormRefused({ details }: ConnectorError): boolean {
  const { status, serverCode } = details;
  return serverCode === '0x80040800' || status === 405 || status === 501;
}

/**
 * A body whose users and teams are identified by `ownerid`, the key of their base type, after Dataverse has answered that
 * a key is missing; undefined if the error has another cause, or if there is no user or team.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-actions
 */
export function withPrincipalKeys(body: Json | undefined, { details }: ConnectorError): Json | undefined {
  if (details.status !== 400 || body === undefined) return undefined;
  if (!/should have the key property value set/.test(details.serverMessage ?? '')) return undefined;
  const replaced = replacePrincipalKeys(body);
  return JSON.stringify(replaced) === JSON.stringify(body) ? undefined : replaced;
}

function replacePrincipalKeys(value: Json): Json {
  if (isJsonArray(value)) return value.map(replacePrincipalKeys);
  if (!isJsonObject(value)) return value;
  const logicalName = readRowType(value) ?? '';
  const isPrincipal = isPrincipalTable(logicalName);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) =>
      isPrincipal && name === `${logicalName}id`
        ? [principalKey, member]
        : [name, replacePrincipalKeys(member)],
    ),
  );
}
