/**
 * Words and phrases that people use for what an operation does, by the words of its id. Words for a table are in its table file, and
 * words for one operation in its own file (`keywords`).
 */
const synonyms: Readonly<Record<string, string>> = {
  add: 'put, insert, append',
  'add-note':
    'comment, write, annotate, remark, internal note, write down, note that, note down, put a comment, put a note, jot down',
  'add-to-queue':
    'move, escalate, transfer, triage, route, forward, pass, tier, level, put in queue, ' +
    'second line, pass on, hand off',
  assign:
    'owner, reassign, delegate, transfer, handover, forward, pass, hand over, hand off, pass on, ' +
    'give, take, another agent, someone else, change owner',
  assigned: 'owner, reassigned, transferred',
  associate: 'connect, link, relate, relationship',
  attach: 'upload, attachment, document, pdf, picture, photo, image, screenshot, send file',
  cancel: 'abort, withdraw, void, discard, archive, drop, call off, reject, decline, refuse, dismiss',
  complete: 'close, finish, done, tick off',
  completed: 'closed, finished, done',
  count:
    'how many, number of, total, statistics, created today, created yesterday, created this week, created last, opened today, opened yesterday, opened this week, opened last, closed last, closed this week, closed this month, closed this year, resolved last, ' +
    'resolved this week, resolved this month, resolved this year',
  create:
    'new, add, open, log, raise, register, submit, insert, make, report, schedule, book, plan, ' +
    'remind, draft, start, file, open a, open new, open another, call the, call customer, ' +
    'call back, leave, write a, write an, compose, enter, prepare',
  created: 'new, opened, added, arrives',
  'create-many': 'bulk, import, load, mass',
  delete: 'remove, erase, destroy, purge',
  deleted: 'removed, erased',
  disassociate: 'disconnect, unrelate, detach, relationship',
  download:
    'open attachment, open the attachment, open file, open the file, open document, open the document, read file, attachment, document, save file, fetch',
  'get-attendees': 'attend, who comes, who is coming',
  due: 'overdue, deadline, reminder, late',
  escalated: 'raised, urgent',
  fetch: 'fetchxml, aggregate, group by, sum, average, report, statistics, xml, per, chart, top',
  'find-duplicates':
    'duplicate, dedupe, double, similar, same, twice, duplicate check, check duplicates, ' +
    'check for duplicates, already exists',
  get: 'read, show, retrieve, fetch, open, details, view, who owns, status of',
  'get-by-key': 'alternate key, external id',
  'link-article':
    'link, relate, suggest, attach knowledge, attach article, attach an article, ' +
    'attach a knowledge, use article, use an article',
  list:
    'get many, get all, show, browse, filter, query, overview, latest, recent, ' +
    'today, yesterday, export, created today, created yesterday, created this week, created this month, created this year, created last, ' +
    'created since, opened today, opened yesterday, opened this week, opened this month, opened this year, opened last, opened since, ' +
    'closed today, closed yesterday, resolved today, resolved yesterday, attached to, about to, ' +
    'at risk, closed last, closed this week, closed this month, closed this year, resolved last, resolved this week, resolved this month, resolved this year',
  'list-changes':
    'audit, history, audit log, what changed, what happened to, field changes, before and after, ' +
    'previous value, old value, value before, who changed, who edited, who modified, who updated, ' +
    'who touched, who did, when was, why was, why is, why did',
  'list-managers': 'hierarchy, above, boss, parent, supervisor',
  lose: 'lost, close',
  merge: 'combine, join, duplicate, dedupe, deduplicate, into one',
  pick: 'take, claim, work on, grab, accept',
  'pick-next':
    'take, claim, grab, work on, next case, next ticket, next item, next work item, grab a, ' +
    'grab ticket, take a ticket, pick a ticket, pick up a, give me a, give me work, ' +
    'what should i work on, what is next',
  publish: 'release, approve',
  qualify: 'convert, turn into, promote',
  rate: 'satisfaction, csat, score, feedback, stars',
  rated: 'satisfaction, csat, score, feedback',
  'read-timeline':
    'history, activities, conversation, thread, communication, correspondence, interactions, past, ' +
    'activity on, activity of, latest activity, recent activity, last activity, last contact, talk, spoke, said, wrote, heard, what did, when did, email thread, mail thread, email history, call history, chat history',
  release: 'give back, put back, hand back, unassign, return',
  remove: 'take out, delete, exclude, kick out',
  reopen:
    'reactivate, open again, bring back, undo, undo resolve, undo close, undo resolution, not solved, ' +
    'not fixed, still broken, came back, resume',
  reopened: 'reactivated',
  'reply-by-email':
    'write back, answer, respond, write, message, mail, send, notify, inform, tell, get back to, ' +
    'an update, email the, mail the, ask the customer, let the customer know',
  resolve: 'close, solve, settle, finish, complete, done, fix, solved, wrap up',
  resolved: 'closed, solved, finished, completed',
  route: 'move, transfer, forward',
  run:
    'transaction, together, batch, atomic, atomically, at once, all or nothing, as one, ' +
    'one transaction, in one go',
  search: 'find, about, containing, look for, look up, query, by name, by number, exists, identify, lookup',
  send: 'submit, deliver',
  'send-new': 'compose, write, message, mail, notify, inform',
  'set-attendees': 'invite, participants, invitation',
  'set-state': 'activate, reactivate, block, unblock, deactivate, enable, disable, close, status',
  share: 'grant, access, permission, collaborate, give access, grant access, let see, let access',
  'sla-missed': 'breached, violated, late, overdue',
  'sla-nearing': 'warning, deadline, soon, at risk',
  unshare: 'revoke, access, permission, remove access, revoke access, take away access, stop sharing',
  'unlink-article': 'remove, detach, disconnect, take off',
  update:
    'change, edit, modify, set, correct, rename, raise, lower, bump, adjust, flag, address, typo, ' +
    'urgent, put on hold, put it on hold',
  updated: 'changed, edited, modified',
  'update-many': 'several, multiple, bulk, mass, change',
  upsert:
    'save, sync, create if missing, create or update, insert or update, add or change, ' +
    'external id, merge',
  'upsert-many': 'bulk, import, sync, mass',
  view: 'saved query, report, personal view, system view',
  win: 'won, close',
};

/** The words for the verb of an operation: those of the whole verb (`add-note`), or else of its first word. */
export function synonymsOf(verb: string): readonly string[] {
  const [first = ''] = verb.split('-');
  const known = [verb, first].find((word) => Object.hasOwn(synonyms, word));
  return known === undefined ? [] : (synonyms[known] ?? '').split(', ');
}
