import type { WebApiFixture } from '../web-api/fixture.ts';

/** Rows of the tables that operations and rules are about. */
export function seedRows(fixture: WebApiFixture): void {
  const { create } = fixture;
  const account = create('accounts', { name: 'Contoso', revenue: 5 });
  const contact = create('contacts', {
    lastname: 'Lind',
    'parentcustomerid_account@odata.bind': `/accounts(${account})`,
  });
  const customer = { 'customerid_account@odata.bind': `/accounts(${account})` };
  const incident = create('incidents', { title: 'Broken', ...customer });
  create('incidents', { title: 'Also broken', ...customer });
  create('leads', { lastname: 'Varga', subject: 'Interested' });
  create('opportunities', { name: 'Machines', ...customer });
  create('tasks', {
    subject: 'Call',
    'regardingobjectid_incident_task@odata.bind': `/incidents(${incident})`,
  });
  create('emails', {
    subject: 'Hello',
    'regardingobjectid_contact_email@odata.bind': `/contacts(${contact})`,
  });
  create('appointments', {
    subject: 'Visit',
    scheduledstart: '2024-05-02T08:00:00Z',
    scheduledend: '2024-05-02T09:00:00Z',
  });
  create('annotations', { subject: 'Note', 'objectid_incident@odata.bind': `/incidents(${incident})` });
  create('teams', { name: 'Night' });
  const queue = create('queues', { name: 'Support' });
  create('queueitems', {
    'queueid@odata.bind': `/queues(${queue})`,
    'objectid_incident@odata.bind': `/incidents(${incident})`,
  });
}
