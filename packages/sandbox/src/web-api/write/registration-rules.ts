import { readReferenced } from '../../logic/find-rows.ts';
import { requireColumns } from '../../logic/require-columns.ts';
import { referenceId } from '../../store/entity-reference.ts';
import type { ColumnValue, OrganizationStore, StoredRow } from '../../store/types.ts';
import { DataverseError, invalidArgument } from '../errors.ts';
import type { RowWrite } from './row-write.ts';

/** A service endpoint has a name, a contract, a way to authenticate and, for a webhook, an HTTP address. */
export function checkServiceEndpoint({ values, current }: RowWrite): void {
  if (!current) requireColumns('serviceendpoint', values, ['name', 'contract', 'authtype']);
  const { contract, url } = { ...current?.values, ...values };
  if (contract === 8 && !isHttpUrl(url))
    throw invalidArgument('The url of a webhook must be an http or https address.');
}

const isHttpUrl = (url: ColumnValue | undefined): boolean =>
  typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

/**
 * A step has a message and a handler. Asynchronous steps run after the operation only.
 * https://learn.microsoft.com/power-apps/developer/data-platform/register-plug-in
 */
export function checkStep({ store, values, current }: RowWrite): void {
  if (!current) requireColumns('sdkmessageprocessingstep', values, ['stage', 'mode', 'rank', 'sdkmessageid']);
  const step = { ...current?.values, ...values };
  if (!step.eventhandler && !step.plugintypeid)
    throw invalidArgument("A step needs a handler: 'eventhandler_serviceendpoint' or 'plugintypeid'.");
  if (step.mode === 1 && step.stage !== 40) throw invalidRegistration();
  const message = readReferenced(store, step.sdkmessageid);
  const filter = readReferenced(store, step.sdkmessagefilterid);
  if (filter && referenceId(filter.values.sdkmessageid) !== message?.id) throw invalidRegistration();
  const isAllowed = filter?.values.iscustomprocessingstepallowed !== false;
  if (!isAllowed || isForbiddenByApi(store, { message, mode: step.mode })) throw stepNotAllowed();
}

/** Custom APIs allow no steps (0), asynchronous ones only (1), or all (2). */
function isForbiddenByApi(
  store: OrganizationStore,
  { message, mode }: { readonly message: StoredRow | undefined; readonly mode: ColumnValue | undefined },
): boolean {
  if (!message) return false;
  const relatedTo = { table: 'sdkmessage', id: message.id, navigation: 'CustomAPIId' };
  const [api] = store.query('customapi', { relatedTo, actor: { userId: '' } }).rows;
  const allowed = api?.values.allowedcustomprocessingsteptype;
  return allowed === 0 || (allowed === 1 && mode === 0);
}

/** An image belongs to a step whose message has images of its type. */
export function checkStepImage({ store, values, current }: RowWrite): void {
  const image = { ...current?.values, ...values };
  if (!current) {
    const required = ['entityalias', 'imagetype', 'messagepropertyname', 'sdkmessageprocessingstepid'];
    requireColumns('sdkmessageprocessingstepimage', values, required);
  }
  const step = readReferenced(store, image.sdkmessageprocessingstepid);
  const message = String(readReferenced(store, step?.values.sdkmessageid)?.values.name ?? '');
  if (!messagesWithImages.has(message))
    throw new DataverseError(400, '0x80044189', `Message ${message} does not support image registration.`);
  const [isPre, isPost] = [image.imagetype !== 1, image.imagetype !== 0];
  if ((message === 'Create' && isPre) || (message === 'Delete' && isPost))
    throw new DataverseError(400, '0x8004416d', `Message ${message} does not support this image type.`);
  if (isPost && step?.values.stage !== 40)
    throw new DataverseError(400, '0x8004416e', 'PreEvent step registration does not support Post Image.');
}

const messagesWithImages: ReadonlySet<string> = new Set([
  ...['Create', 'Update', 'Delete', 'Assign', 'SetState', 'SetStateDynamicEntity', 'Merge', 'Route', 'Send'],
]);

const invalidRegistration = () =>
  new DataverseError(400, '0x80044170', 'The plug-in assembly registration configuration is invalid.');

const stepNotAllowed = () =>
  new DataverseError(
    400,
    '0x80044187',
    'Custom SdkMessageProcessingStep is not allowed on the specified message and entity.',
  );
