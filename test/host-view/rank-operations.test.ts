import { expect } from 'chai';
import { describeOperation, runtimeOf } from '../../src/host.ts';
import { rankOperations } from '../../src/host-view/rank-operations.ts';
import { loadConnector } from '../../src/index.ts';

/** What people say, and the actions of which one must come first. */
const phrases: Readonly<Record<string, readonly string[]>> = {
  'close ticket': ['case.resolve'],
  escalate: ['case.update', 'case.assign', 'case.add-to-queue'],
  'escalate this case to second line': ['case.add-to-queue', 'case.assign', 'case.update'],
  'upload attachment': ['case.attach', 'note.attach'],
  'attach a file to a case': ['case.attach', 'note.attach'],
  ticket: ['case.list', 'case.search', 'case.get'],
  'reply to the customer': ['case.reply-by-email'],
  'answer the customer by mail': ['case.reply-by-email'],
  'cases per priority last week': ['record.summarize'],
  'aggregate group by': ['record.summarize', 'query.fetch'],
  'how many open tickets': ['case.count', 'record.summarize'],
  'what changed on this account': ['account.list-changes'],
  'history of an account': ['account.list-changes', 'account.read-timeline'],
  'who edited the case': ['case.list-changes'],
  'assign to the team with the least load': ['case.assign', 'record.summarize'],
  'hand over the ticket to a colleague': ['case.assign'],
  'take the next case from the queue': ['queue.pick-next'],
  'next ticket': ['queue.pick-next'],
  'find a contact by phone number': ['contact.search', 'contact.list'],
  'create a contact': ['contact.create'],
  'add a new customer company': ['account.create'],
  'merge duplicate accounts': ['account.merge'],
  'are there duplicates of this contact': ['contact.find-duplicates'],
  'write an internal note': ['case.add-note', 'note.create'],
  'reopen a closed ticket': ['case.reopen'],
  'cancel a case': ['case.cancel'],
  'log a phone call': ['phonecall.create'],
  'schedule a meeting': ['appointment.create'],
  'remind me to follow up': ['task.create'],
  'send an email': ['email.send-new', 'email.send'],
  'knowledge base article about fuse': ['knowledge-article.search-text', 'knowledge-article.search'],
  'qualify a lead': ['lead.qualify'],
  'won deal': ['opportunity.win'],
  'delete a ticket': ['case.delete'],
  'bulk import contacts': ['contact.create-many', 'contact.upsert-many'],
  'change the priority of a ticket': ['case.update'],
  'set case to high': ['case.update'],
  'case by number': ['case.search', 'case.get-by-key'],
  'open high priority cases of a customer': ['case.list', 'case.search'],
  'find ticket CAS-01001': ['case.search'],
  'download the attachment of an email': ['attachment.download'],
  'route work item to another queue': ['queue-item.route'],
  'add member to team': ['team.add-members'],
  'customer satisfaction rating': ['case.rate'],
  'run a saved view': ['query.view'],
  'link an article to a case': ['case.link-article'],
  'search everything for kettle': ['record.search'],
  'which queues are there': ['queue.list'],
  'list users': ['user.list'],
  'who is the manager of the owner': ['case.list-managers', 'user.list-managers'],
  'resolve incident': ['case.resolve'],
  'solve the problem': ['case.resolve'],
  'new ticket': ['case.create'],
  'report an issue': ['case.create'],
  'raise a support request': ['case.create'],
  'tickets of last week': ['case.list'],
  'overdue cases': ['case.list', 'sla-kpi.list'],
  'sla of a case': ['sla-kpi.list'],
  'unassigned cases': ['case.list'],
  'give the case back to the queue': ['queue-item.release', 'case.add-to-queue'],
  'transfer ticket to another agent': ['case.assign'],
  'complete a task': ['task.complete'],
  'share a case with a colleague': ['case.share'],
  'look up a customer': [
    'account.search',
    'contact.search',
    'account.list',
    'contact.list',
    'contact.get',
    'account.get',
  ],
  'convert lead': ['lead.qualify'],
  'close deal as lost': ['opportunity.lose'],
  'count contacts': ['contact.count'],
  'average resolution time by owner': ['record.summarize'],
  'workload of each agent': ['record.summarize'],
  'call an unbound action': ['operation.call'],
  'send raw request': ['request.send'],
  'remove user from team': ['team.remove-members'],
  'pick a work item': ['queue-item.pick'],
  'list notes of a case': ['note.list'],
  'emails of a case': ['email.list'],
  'child cases': ['case.list'],
  'log a complaint': ['case.create'],
  'show me my tickets': ['case.list'],
  'mark as resolved': ['case.resolve'],
  'finish the case': ['case.resolve'],
  'put the case in a queue': ['case.add-to-queue'],
  'move ticket to second level support': ['case.add-to-queue', 'case.assign'],
  'respond to ticket': ['case.reply-by-email'],
  'write back to the client': ['case.reply-by-email'],
  'send message to customer': ['case.reply-by-email', 'email.send-new', 'email.send'],
  'audit log of a contact': ['contact.list-changes'],
  'who changed the owner': ['case.list-changes', 'record.list-changes'],
  'new contact person': ['contact.create'],
  'add file': ['note.attach', 'record.upload-file', 'attachment.create'],
  'upload screenshot': ['note.attach'],
  'number of cases by status': ['record.summarize'],
  'tickets per agent': ['record.summarize'],
  'total open cases': ['case.count'],
  'get case details': ['case.get'],
  'look up company': ['account.search'],
  'close incident as solved': ['case.resolve'],
  'reactivate case': ['case.reopen'],
  'withdraw ticket': ['case.cancel'],
  'merge two tickets': ['case.merge'],
  'read emails': ['email.list', 'email.get'],
  teams: ['team.list'],
  'create reminder': ['task.create'],
  'book appointment with customer': ['appointment.create'],
  'knowledge article search': ['knowledge-article.search', 'knowledge-article.search-text'],
  faq: ['knowledge-article.list', 'knowledge-article.search', 'knowledge-article.search-text'],
  'sla breaches': ['sla-kpi.list'],
  'delete contact': ['contact.delete'],
  'remove an account': ['account.delete'],
  'remove duplicate contacts': ['contact.merge', 'contact.find-duplicates'],
  'update many cases': ['case.update-many'],
  'import accounts': ['account.create-many', 'account.upsert-many'],
  'change owner of a case': ['case.assign'],
  'reassign ticket': ['case.assign'],
  'delegate case to another team': ['case.assign'],
  'work on next item': ['queue.pick-next'],
  'case history': ['case.list-changes', 'case.read-timeline'],
  'timeline of contact': ['contact.read-timeline'],
  'past communication with customer': [
    'contact.read-timeline',
    'account.read-timeline',
    'case.read-timeline',
  ],
  'open a new ticket for Contoso': ['case.create'],
  'find customer Contoso': ['account.search', 'contact.search'],
  'set status to on hold': ['case.update', 'case.set-state'],
  'phone call with customer': ['phonecall.create', 'phonecall.list'],
  'lost opportunity': ['opportunity.lose'],
  'feedback score': ['case.rate', 'survey-response.list'],
  'solve ticket': ['case.resolve'],
  'create a sub case': ['case.create'],
  'list of agents': ['user.list'],
  'satisfaction survey results': ['survey-response.list'],
  'customers without email': ['contact.list', 'account.list'],
  'annotate case': ['case.add-note'],
  'case count by month': ['record.summarize', 'case.count'],
  'deactivate a contact': ['contact.set-state', 'contact.update'],
  'associate contact with account': ['contact.associate', 'account.associate'],
};

describe('rankOperations', () => {
  const load = async () => {
    const { definition } = runtimeOf(await loadConnector());
    const views = Object.values(definition.actions).map((action) => describeOperation(definition, action));
    return (question: string) => rankOperations(views, question, definition.featured).map(({ id }) => id);
  };

  it(`puts the right action first for ${Object.keys(phrases).length} phrases of service people`, async () => {
    const rank = await load();
    const wrong = Object.entries(phrases).flatMap(([phrase, expected]) => {
      const [first = ''] = rank(phrase);
      return expected.includes(first) ? [] : [`${phrase}: ${first} instead of ${expected.join(' or ')}`];
    });
    expect(wrong).to.deep.equal([]);
  });

  it('finds the same by singular, plural and other forms of a word, and in any case', async () => {
    const rank = await load();
    for (const [one, other] of [
      ['escalate cases', 'ESCALATING a case'],
      ['merge account', 'merging accounts'],
      ['delete contacts', 'Delete the contact!'],
    ] as const)
      expect(rank(one)[0], one).to.equal(rank(other)[0]);
  });

  it('finds an action by its id alone, and nothing for words that no action has', async () => {
    const rank = await load();
    expect(rank('case.resolve')).to.deep.equal(['case.resolve']);
    expect(rank('xyzzy')).to.deep.equal([]);
    expect(rank('is it so')).to.deep.equal([]);
    expect(rank('')).to.deep.equal([]);
  });
});
