/**
 * The handlers (src/handlers) that YAML can name, with their effects. `single`: they send one request. `keyed`: with the
 * same idempotency key, they can run again without a second effect.
 */
export const handlerCatalog = {
  attachFile: { readOnly: false, keyed: true },
  callOperation: { readOnly: false, single: true },
  downloadColumnFile: { readOnly: true },
  downloadFile: { readOnly: true },
  fetchXml: { readOnly: true },
  findDuplicates: { readOnly: true },
  getAttendees: { readOnly: true },
  listChanges: { readOnly: true },
  listManagers: { readOnly: true },
  pickNext: { readOnly: false },
  rawRequest: { readOnly: false },
  readTimeline: { readOnly: true },
  recordAssociate: { readOnly: false, single: true },
  recordCreate: { readOnly: false, single: true, keyed: true },
  recordDelete: { readOnly: false, single: true },
  recordDisassociate: { readOnly: false, single: true },
  recordGet: { readOnly: true, single: true },
  recordList: { readOnly: true },
  recordSearch: { readOnly: true },
  recordUpdate: { readOnly: false, single: true },
  recordUpsert: { readOnly: false, single: true },
  replyByEmail: { readOnly: false },
  changeSet: { readOnly: false, bulk: true },
  savedView: { readOnly: true },
  searchArticles: { readOnly: true },
  sendNewEmail: { readOnly: false },
  setAttendees: { readOnly: false },
  summarizeRows: { readOnly: true },
  unlinkArticle: { readOnly: false },
  uploadColumnFile: { readOnly: false },
  writeMany: { readOnly: false, bulk: true, keyed: true },
} as const;
/** A handler that YAML can name. */
export type ManifestHandlerName = keyof typeof handlerCatalog;
/** The handlers that send one request, and can be steps of a change set. */
export type SingleRequestHandlerName = {
  [Name in ManifestHandlerName]: (typeof handlerCatalog)[Name] extends { readonly single: true }
    ? Name
    : never;
}[ManifestHandlerName];
/** All handlers: `runSteps` belongs to the key `steps`. */
export type HandlerName = ManifestHandlerName | 'runSteps';
