import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: states and hierarchy of cases', () => {
  let fixture: WebApiFixture;
  let account: string;
  let organization: string;
  beforeEach(() => {
    fixture = createWebApiFixture();
    account = fixture.create('accounts', { name: 'Contoso' });
    organization = fixture.store.insert('organization', { name: 'Contoso' }, { userId: fixture.userId }).id;
  });
  afterEach(() => fixture.store.close());

  const body = (rest: object = {}) => ({
    title: 'Printer',
    'customerid_account@odata.bind': `/accounts(${account})`,
    ...rest,
  });
  const create = (rest?: object) => fixture.create('incidents', body(rest));
  const childOf = (parent: string) => ({ 'parentcaseid@odata.bind': `/incidents(${parent})` });
  const patch = (id: string, values: object) => fixture.send('PATCH', `incidents(${id})`, values);
  const read = (id: string) => fixture.get(`incidents(${id})`).json;
  const close = (id: string, Status = 5) =>
    fixture.send('POST', 'CloseIncident', {
      IncidentResolution: { subject: 'Done', 'incidentid@odata.bind': `/incidents(${id})` },
      Status,
    });
  const code = ({ json }: { json: { error: { code: string } } }) => json?.error.code;
  const set = (values: object) => fixture.send('PATCH', `organizations(${organization})`, values);

  describe('parent and child cases', () => {
    it('a parent counts its children', () => {
      const parent = create();
      const child = create(childOf(parent));
      create(childOf(parent));
      expect(read(parent).numberofchildincidents).to.equal(2);
      patch(child, { 'parentcaseid@odata.bind': null });
      expect(read(parent).numberofchildincidents).to.equal(1);
    });

    it('a child has no children, and a parent is no child', () => {
      const parent = create();
      const child = create(childOf(parent));
      expect(code(fixture.send('POST', 'incidents', body(childOf(child))))).to.equal('0x8003f453');
      expect(code(patch(parent, childOf(create())))).to.equal('0x8003f455');
      expect(code(patch(parent, childOf(parent)))).to.equal('0x8003f455');
    });

    it('a parent has at most 100 children', () => {
      const parent = create();
      const actor = { userId: fixture.userId };
      const values = {
        title: 'Child',
        customerid: { table: 'account', id: account },
        parentcaseid: { table: 'incident', id: parent },
      };
      for (let count = 0; count < 100; count++) fixture.store.insert('incident', values, actor);
      expect(code(fixture.send('POST', 'incidents', body(childOf(parent))))).to.equal('0x8003f454');
    });

    it('children are independent unless a setting says otherwise', () => {
      const parent = create();
      const child = create(childOf(parent));
      expect(close(parent).status).to.equal(204);
      expect(read(child).statecode).to.equal(0);
    });

    it('restrictstatusupdate: a parent waits for its children', () => {
      set({ restrictstatusupdate: true });
      const parent = create();
      const child = create(childOf(parent));
      expect(code(close(parent))).to.equal('0x8003f452');
      expect(code(patch(parent, { statecode: 2, statuscode: 6 }))).to.equal('0x8003f451');
      close(child);
      expect(close(parent).status).to.equal(204);
    });

    it('cascadestatusupdate: closing or canceling a parent does the same to its children', () => {
      set({ cascadestatusupdate: true });
      const [one, other] = [create(), create()];
      const children = [create(childOf(one)), create(childOf(other))];
      close(one, 1000);
      patch(other, { statecode: 2, statuscode: 6 });
      expect(children.map((id) => read(id).statuscode)).to.deep.equal([1000, 6]);
    });

    it('cases with different parents cannot be merged, others move their children', () => {
      const reference = (id: string) => ({
        '@odata.type': 'Microsoft.Dynamics.CRM.incident',
        incidentid: id,
      });
      const merge = (target: string, subordinate: string) =>
        fixture.send('POST', 'Merge', {
          Target: reference(target),
          Subordinate: reference(subordinate),
          PerformParentingChecks: false,
        });
      const [target, subordinate] = [create(), create()];
      const child = create(childOf(subordinate));
      expect(code(merge(target, child))).to.equal('0x8003f450');
      expect(merge(target, subordinate).status).to.equal(204);
      expect(read(child)._parentcaseid_value).to.equal(target);
      expect(read(target).numberofchildincidents).to.equal(1);
    });
  });

  describe('transition rules', () => {
    const statusColumn = "EntityDefinitions(LogicalName='incident')/Attributes(LogicalName='statuscode')";
    const cast = 'Microsoft.Dynamics.CRM.StatusAttributeMetadata';
    const rules = (from: number, ...to: readonly number[]) =>
      `<allowedtransitions xmlns="https://schemas.microsoft.com/crm/2009/WebServices">${to
        .map((status) => `<allowedtransition sourcestatusid="${from}" tostatusid="${status}" />`)
        .join('')}</allowedtransitions>`;

    function allow(transitions: Readonly<Record<number, readonly number[]>>): void {
      const { OptionSet: options } = fixture.get(`${statusColumn}/${cast}?$expand=OptionSet`).json;
      const Options = options.Options.map((option: { Value: number }) => ({
        ...option,
        TransitionData: transitions[option.Value]
          ? rules(option.Value, ...transitions[option.Value]!)
          : undefined,
      }));
      const column = { '@odata.type': cast, OptionSet: { Options } };
      expect(fixture.send('PUT', statusColumn, column).status).to.equal(204);
      const table = { EnforceStateTransitions: true };
      expect(fixture.send('PUT', "EntityDefinitions(LogicalName='incident')", table).status).to.equal(204);
    }

    it('are part of the definition of the status reason', () => {
      allow({ 1: [2, 6] });
      const { json } = fixture.get(`${statusColumn}/${cast}?$expand=OptionSet`);
      const [inProgress] = json.OptionSet.Options;
      expect(inProgress.TransitionData).to.contain('tostatusid="2"').and.contain('sourcestatusid="1"');
      const { json: table } = fixture.get(
        "EntityDefinitions(LogicalName='incident')?$select=EnforceStateTransitions",
      );
      expect(table.EnforceStateTransitions).to.equal(true);
    });

    it('restrict updates and CloseIncident', () => {
      allow({ 1: [2], 2: [5, 1], 5: [5] });
      const id = create();
      expect(code(close(id))).to.equal('0x8004f854');
      expect(code(patch(id, { statecode: 2, statuscode: 6 }))).to.equal('0x8004f855');
      expect(patch(id, { statuscode: 2 }).status).to.equal(204);
      expect(close(id).status).to.equal(204);
      expect(code(patch(id, { statecode: 0, statuscode: 1 }))).to.equal('0x8004f856');
    });

    it('IsValidStateTransition tells whether a status reason may follow', () => {
      const id = create();
      const ask = (state: string, status: number) => {
        const entity = `{'@odata.id':'incidents(${id})'}`;
        const query = `@e=${entity}&@s='${state}'&@t=${status}`;
        return fixture.get(`IsValidStateTransition(Entity=@e,NewState=@s,NewStatus=@t)?${query}`).json
          .IsValid;
      };
      expect(ask('Resolved', 5)).to.equal(true);
      expect(ask('Resolved', 6)).to.equal(false);
      allow({ 1: [2] });
      expect(ask('Resolved', 5)).to.equal(false);
      expect(ask('Active', 2)).to.equal(true);
    });

    it('a status reason that InsertStatusValue adds resolves a case', () => {
      const { json } = fixture.send('POST', 'InsertStatusValue', {
        EntityLogicalName: 'incident',
        AttributeLogicalName: 'statuscode',
        StateCode: 1,
        Label: { LocalizedLabels: [{ Label: 'Replaced', LanguageCode: 1033 }] },
      });
      const id = create();
      expect(close(id, json.NewOptionValue).status).to.equal(204);
      expect(read(id)).to.include({ statecode: 1, statuscode: json.NewOptionValue });
    });
  });
});
