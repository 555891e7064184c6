import { expect } from 'chai';
import { readOperations } from '../../../src/odata/operations/read-operations.ts';

const document = (inner: string) =>
  `<?xml version="1.0"?><edmx:Edmx xmlns:edmx="e"><edmx:DataServices><Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="edm">${inner}</Schema></edmx:DataServices></edmx:Edmx>`;

describe('readOperations', () => {
  it('reads kinds, bindings and parameters', () => {
    const { operations } = readOperations(
      document(`
        <Action Name="WinOpportunity"><Parameter Name="OpportunityClose" Type="mscrm.opportunityclose" Nullable="false" /><Parameter Name="Status" Type="Edm.Int32" /></Action>
        <Action Name="AddMembersTeam" IsBound="true"><Parameter Name="entity" Type="mscrm.team" Nullable="false" /><Parameter Name="Members" Type="Collection(mscrm.systemuser)" Nullable="false" /></Action>
        <Action Name="CreateException" IsBound="true"><Parameter Name="entityset" Type="Collection(mscrm.recurringappointmentmaster)" /></Action>
        <Function Name="WhoAmI"><ReturnType Type="mscrm.WhoAmIResponse" /></Function>
        <Action Name="Bare" />
        <EntityContainer Name="System"><ActionImport Name="WinOpportunity" Action="mscrm.WinOpportunity" /></EntityContainer>`),
    )!;
    expect(operations).to.deep.equal([
      {
        name: 'WinOpportunity',
        kind: 'action',
        parameters: [
          { name: 'OpportunityClose', type: 'opportunityclose', required: true },
          { name: 'Status', type: 'Edm.Int32' },
        ],
      },
      {
        name: 'AddMembersTeam',
        kind: 'action',
        boundTo: { table: 'team' },
        parameters: [{ name: 'Members', type: 'Collection(systemuser)', required: true }],
      },
      {
        name: 'CreateException',
        kind: 'action',
        boundTo: { table: 'recurringappointmentmaster', isCollection: true },
        parameters: [],
      },
      { name: 'Bare', kind: 'action', parameters: [] },
      { name: 'WhoAmI', kind: 'function', parameters: [] },
    ]);
  });

  it('reads only the types that parameters use', () => {
    const read = readOperations(
      document(`
        <EntityType Name="email" BaseType="mscrm.activitypointer" />
        <EntityType BaseType="mscrm.crmbaseentity" Name="account"><Property Name="x" /></EntityType>
        <ComplexType Name="Answer"><Property Name="A" Type="Edm.String" /></ComplexType>
        <ComplexType Name="Inner"><Property Name="At" Type="Edm.Date" /></ComplexType>
        <ComplexType Name="Outer"><Property Name="In" Type="Collection(mscrm.Inner)" Nullable="false" /></ComplexType>
        <EnumType Name="Rights" IsFlags="true"><Member Name="Read" Value="1" /><Member Name="Write" Value="2" /></EnumType>
        <Action Name="Do"><Parameter Name="What" Type="mscrm.Outer" /></Action>`),
    )!;
    expect(Object.keys(read.complexTypes)).to.deep.equal(['Outer', 'Inner']);
    expect(read.enumTypes).to.deep.equal({ Rights: { members: { Read: 1, Write: 2 }, flags: true } });
    expect(read.baseTypes).to.deep.equal({ email: 'activitypointer' });
  });

  it('returns undefined for other texts', () => {
    for (const text of ['', '{}', '[object Object]', '<html></html>']) {
      expect(readOperations(text), text).to.equal(undefined);
    }
  });
});
